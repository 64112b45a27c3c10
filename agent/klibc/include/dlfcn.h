/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kmod 34 can load its decompressors at run time; a static program has none to load. */
#ifndef EARLYBIND_DLFCN_H
#define EARLYBIND_DLFCN_H

#define RTLD_LAZY 1

void *dlopen(const char *name, int flags);
void *dlsym(void *library, const char *symbol);
int dlclose(void *library);

#endif
