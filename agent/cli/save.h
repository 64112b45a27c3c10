/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of the system that are changed: whole or not at all, and never through a link. */
#ifndef EARLYBIND_CLI_SAVE_H
#define EARLYBIND_CLI_SAVE_H

#include <stdbool.h>
#include <stddef.h>

/* Paths are relative to the directory ROOT. A link among their directories is followed as
 * if ROOT were /, so that nothing outside it is reached; the file itself must be none
 * (-ELOOP). All return 0 or negative errno. */

/* Read the file PATH into TEXT, which is to be freed. -EFBIG above 1 MiB, -EINVAL where
 * it has a NUL byte. */
int eb_save_read(int root, const char *path, char **text);

/* The same where PATH itself may be a link too. */
int eb_save_look(int root, const char *path, char **text);

/* Give PATH the content TEXT: a new file is written, flushed to the disk and renamed over
 * the old one, whose mode and owner it gets; where there was none it is root's, 0644. */
int eb_save_write(int root, const char *path, const char *text);

/* The same of a file that is to be no more readable than the file OF, 0644 or 0600. */
int eb_save_write_copy(int root, const char *path, const char *text, const char *of);

/* Remove PATH; one that is not there is well. */
int eb_save_remove(int root, const char *path);

/* Remove what a write of PATH left that was stopped on its way. */
void eb_save_sweep(int root, const char *path);

/* Give FROM the name TO, in the same directory. */
int eb_save_rename(int root, const char *from, const char *to);

/* Make the directory PATH, 0755, and those above it. 1 when PATH itself was made, 0 when
 * it was there. */
int eb_save_mkdir(int root, const char *path);

/* Remove the directory PATH if it is empty. */
void eb_save_rmdir(int root, const char *path);

/* Be the only one to change files below ROOT, until this process ends. -EWOULDBLOCK where
 * another one is at it. */
int eb_save_lock(int root);

/* Is there a file at PATH? */
bool eb_save_exists(int root, const char *path);

#endif
