/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The only writer of paths. Each PATH is relative to the directory ROOT, without a leading
 * slash; all return negative errno on failure. */
#ifndef EARLYBIND_AGENT_WRITE_H
#define EARLYBIND_AGENT_WRITE_H

#include <stddef.h>
#include <sys/types.h>

#include <earlybind/report.h>

/* Write TEXT to the file PATH in one write(). 0 or negative errno; -EIO when the
 * kernel took a part only. */
int eb_write_text(int root, const char *path, const char *text, size_t len);

/* Make the directory PATH, mode 0755 whatever the umask. One that is there already is
 * well. */
int eb_write_mkdir(int root, const char *path);

/* Open PATH for writing: a new file with MODE that replaces what was there, or with
 * MODE 0 a device or file that is there. The descriptor, or negative errno. */
int eb_write_open(int root, const char *path, mode_t mode);

/* Give the file FROM the name TO in one step. */
int eb_write_rename(int root, const char *from, const char *to);

int eb_write_remove(int root, const char *path);

/* Write both files of REPORT below ROOT, each whole or not at all. 0 or negative errno. */
int eb_write_report(const struct eb_report *report, int root);

#endif
