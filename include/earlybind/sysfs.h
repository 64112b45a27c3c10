/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Read files, links and directories below a root directory. */
#ifndef EARLYBIND_SYSFS_H
#define EARLYBIND_SYSFS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The longest path below a root, with its NUL. Deep PCI trees need about 250. */
#define EB_MAX_PATH 512

/* Every PATH below is relative to the directory ROOT, without a leading slash, and is
 * resolved as if ROOT were /: no symbolic link leads out of it. (In the agent ROOT is /.)
 * All return negative errno on failure; what was to be filled is then of no use. */

/* Open the directory PATH as a root. The descriptor, or negative errno. */
int eb_sysfs_root(const char *path);

/* Open PATH with the FLAGS of open(2), without waiting: a regular file or /dev/kmsg, or
 * what O_PATH or O_DIRECTORY asks for. The descriptor; -EISDIR, or -ENXIO for a FIFO, a
 * socket or another device. */
int eb_sysfs_open(int root, const char *path, int flags);

/* Read at most SIZE - 1 bytes of the file PATH and end them with a NUL. One newline
 * at the end is taken off. Returns the length; -E2BIG when the file holds more, of
 * which BUF then has SIZE bytes. */
ssize_t eb_sysfs_read(int root, const char *path, char *buf, size_t size);

/* Like eb_sysfs_read, for a file of any bytes: nothing is taken off, and a longer
 * file is read up to SIZE. Returns how many bytes there are in BUF. */
ssize_t eb_sysfs_read_bytes(int root, const char *path, char *buf, size_t size);

/* Read the symbolic link PATH into BUF with a NUL. The length; -E2BIG when longer. */
ssize_t eb_sysfs_readlink(int root, const char *path, char *buf, size_t size);

/* The last component of the link PATH, as a driver's or a group's name. */
ssize_t eb_sysfs_link_name(int root, const char *path, char *name, size_t size);

bool eb_sysfs_exists(int root, const char *path);

/* Call SEE with every name in the directory PATH but "." and "..", until it returns
 * other than 0. What SEE returned last, or negative errno. */
int eb_sysfs_list(int root, const char *path, int (*see)(void *ctx, const char *name),
		  void *ctx);

/* Call SEE with every line of the file PATH, without its newline, until it returns
 * other than 0. A line over 511 bytes comes cut. Never waits: of /dev/kmsg it reads what
 * there is. What SEE returned last, or negative errno. */
int eb_sysfs_lines(int root, const char *path, int (*see)(void *ctx, const char *line),
		   void *ctx);

/* The same of the open file FD, from where it is. */
int eb_sysfs_read_lines(int fd, int (*see)(void *ctx, const char *line), void *ctx);

#endif
