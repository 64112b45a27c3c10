/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GRUB's environment block: a file of fixed size, which GRUB itself overwrites in place
 * (grub-core/lib/envblk.c). */
#ifndef EARLYBIND_CLI_GRUBENV_H
#define EARLYBIND_CLI_GRUBENV_H

#include <stdbool.h>
#include <stddef.h>

/* Is TEXT such a block? */
bool eb_grubenv_is(const char *text);

/* The value of NAME in TEXT, into OUT of SIZE bytes; "" where it is not set. 0, or -EFBIG
 * where it does not fit. */
int eb_grubenv_get(const char *text, const char *name, char *out, size_t size);

/* Set NAME to VALUE in TEXT, whose length stays the same; "" takes NAME out. VALUE has
 * neither backslash nor newline, which GRUB escapes. 0, -EINVAL where TEXT is no such
 * block, or -ENOSPC where it is too small: then TEXT is as before. */
int eb_grubenv_set(char *text, const char *name, const char *value);

#endif
