/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unified kernel images: entries that have their command line inside. */
#ifndef EARLYBIND_CLI_UNIFIED_H
#define EARLYBIND_CLI_UNIFIED_H

#include <stdbool.h>

#include "entries.h"

/* Add an entry to ENTRIES for each image in the directory DIR (EFI/Linux of a partition)
 * below ROOT: its .cmdline section, with those of its add-ons. How many images there are;
 * one that cannot be read makes ENTRIES unknown. */
unsigned int eb_unified_read(struct eb_entries *entries, int root, const char *dir);

/* Does kernel-install build them below ROOT, by ukify and from /etc/kernel/cmdline? */
bool eb_unified_is_built(int root);

#endif
