/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes the place of lib/sysfs.c: a tree in memory, of lines of a tree file. */
#ifndef EB_TESTS_MEMORY_SYSFS_H
#define EB_TESTS_MEMORY_SYSFS_H

#include <stddef.h>

/* Take all away. */
void memory_sysfs_clear(void);

/* Add what the lines of TEXT say. What is there already stays, so that lines added first
 * take the place of later ones; a line that is not of the format, or does not go together
 * with what is there, is left out. */
void memory_sysfs_add(const char *text, size_t size);

#endif
