/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files below a root: the one reader, and the one writer, of whole files. */
#ifndef EARLYBIND_CLI_FILES_H
#define EARLYBIND_CLI_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Every PATH is relative to the directory ROOT and resolved as if ROOT were /: a symbolic
 * link never leads out of it (openat2(2), RESOLVE_IN_ROOT). Returns are 0 or negative
 * errno, which eb_files_error() describes. */

/* The most bytes that eb_files_read() takes. */
#define EB_FILES_MOST (1U << 20)

/* --- reading: regular files alone, and without waiting --- */

/* Read all of PATH into TEXT, which is to be freed and ends in a NUL beyond LEN. LEN may
 * be NULL where a NUL byte in the file is an error (-EILSEQ). -EFBIG for more than MOST
 * bytes, -EISDIR for a directory, -ENXIO for a FIFO, a socket or a device.
 * On failure TEXT is NULL. */
int eb_files_read_most(int root, const char *path, size_t most, char **text, size_t *len);

/* The same of text of at most EB_FILES_MOST bytes. */
int eb_files_read(int root, const char *path, char **text);

/* The same where PATH itself must not be a symbolic link (-ELOOP): for what is written.
 */
int eb_files_read_own(int root, const char *path, char **text);

/* Call SEE with the path of each file in the directory DIR whose name ends in SUFFIX, by
 * name, as a shell's DIR/ *SUFFIX has them. How many there were, 0 where there is no
 * DIR, or another negative errno. */
int eb_files_each(int root, const char *dir, const char *suffix,
		  void (*see)(void *ctx, const char *path), void *ctx);

/* 1 where PATH, or what it links to, is there; 0 where it is not; or negative errno,
 * where that cannot be known. */
int eb_files_exists(int root, const char *path);

/* Is it surely there? */
bool eb_files_is_there(int root, const char *path);

/* ERR, negative, as what is wrong with a file: "it is a symbolic link". */
const char *eb_files_error(int err);

/* --- writing: whole or not at all, and never through a link in the place of a file ---
 */

/* Give PATH the content TEXT: a new file is written, flushed to the disk and renamed over
 * the old one, whose mode and owner it gets. Where there was none it gets MODE. */
int eb_files_write(int root, const char *path, const char *text, mode_t mode);

/* Write TEXT over what is in PATH, which must be as long (-EINVAL), in its place on the
 * disk, and flush it: for a file whose blocks another program knows. */
int eb_files_overwrite(int root, const char *path, const char *text);

/* Give what PATH leads to, also by a link, the content TEXT in its place, and flush it:
 * for a file that was read by that link, and that another program has emptied. */
int eb_files_refill(int root, const char *path, const char *text);

/* Write TEXT to a new file PATH.1, PATH.2 and so on, whichever is not taken, with MODE.
 * NAME, of EB_MAX_PATH bytes, gets its path. One of them with this very content serves.
 */
int eb_files_keep(int root, const char *path, const char *text, mode_t mode, char *name);

/* 0600 where not everybody may read PATH, else 0644: the mode of a copy of it. */
mode_t eb_files_copy_mode(int root, const char *path);

/* Remove PATH; one that is not there is well. */
int eb_files_remove(int root, const char *path);

/* Remove what a write of PATH left that was stopped on its way. */
void eb_files_sweep(int root, const char *path);

/* Give FROM the name TO, in the same directory. */
int eb_files_rename(int root, const char *from, const char *to);

/* Make the directory PATH, 0755, and those above it. 1 when PATH itself was made, 0 when
 * it was there. */
int eb_files_mkdir(int root, const char *path);

/* Remove the directory PATH if it is empty. */
void eb_files_rmdir(int root, const char *path);

/* Be the only one who changes files below ROOT, until eb_files_unlock() of what this
 * returns, a descriptor. -EWOULDBLOCK where another process is at it. */
int eb_files_lock(int root);
void eb_files_unlock(int root, int lock);

#endif
