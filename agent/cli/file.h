/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole files and sorted directories below a root, for what has no fixed bound. */
#ifndef EARLYBIND_CLI_FILE_H
#define EARLYBIND_CLI_FILE_H

#include <stddef.h>

/* Read the file PATH below ROOT whole, into TEXT, which is to be freed and ends in a NUL
 * beyond LEN. 0 or negative errno; -EFBIG when it has more than MOST bytes. */
int eb_file_read(int root, const char *path, size_t most, char **text, size_t *len);

/* Call SEE with the path of each file in the directory DIR below ROOT whose name ends in
 * SUFFIX, by name, as a shell's DIR/ *SUFFIX has them. How many there were, 0 where there
 * is no DIR, or another negative errno. */
int eb_file_each(int root, const char *dir, const char *suffix,
		 void (*see)(void *ctx, const char *path), void *ctx);

#endif
