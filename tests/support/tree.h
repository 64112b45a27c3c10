/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes a directory from a tree file, the fixture format of tests/machines/README.md. */
#ifndef EB_TESTS_TREE_H
#define EB_TESTS_TREE_H

#include <stddef.h>

#define EB_TREE_LINE_MAX 65536 /* bytes of a line, without its newline */
#define EB_TREE_PATH_MAX 1024  /* bytes of a path or link target, with the NUL */
#define EB_TREE_ERR_MAX	 256   /* enough for every message, with the NUL */

/*
 * Make what the tree file at path `file` says below the directory `dir`, which is created
 * if it is missing (its parents are not). Nothing outside `dir` is ever written, and no
 * link made here leads out of it, so a file that somebody sent is safe to use.
 *
 * Returns 0, or a negative errno: what open(), mkdirat(), symlinkat() and write() return,
 * -EINVAL for a line that is not of the format, -E2BIG for one longer than
 * EB_TREE_LINE_MAX, -ENAMETOOLONG for a path over EB_TREE_PATH_MAX, -EEXIST for a path
 * said twice. Then err (err_size bytes, may be NULL) holds "FILE:LINE: REASON", and what
 * was made so far stays for eb_tree_remove().
 */
int eb_tree_make(const char *file, const char *dir, char *err, size_t err_size);

/*
 * Remove `dir` and everything below it; links are removed, not followed. Returns 0, or
 * the negative errno of the first thing that would not go (-ENOENT: there is no such
 * directory).
 */
int eb_tree_remove(const char *dir);

#endif
