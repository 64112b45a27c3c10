/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files in a directory and in those below it. */
#ifndef EARLYBIND_CLI_WALK_H
#define EARLYBIND_CLI_WALK_H

/* Call SEE with the path of each file in the directory DIR and in directories below it
 * whose name ends in SUFFIX, by name. How many entries DIR has, 0 where there is no DIR,
 * or negative errno, of the first directory that cannot be read; -E2BIG for too many. */
int eb_walk_files(int root, const char *dir, const char *suffix,
		  void (*see)(void *ctx, const char *path), void *ctx);

#endif
