/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The only writer of files. Each PATH is relative to the directory ROOT, without a
 * leading slash; all return negative errno on failure. */
#ifndef EARLYBIND_AGENT_WRITE_H
#define EARLYBIND_AGENT_WRITE_H

#include <stddef.h>

#include <earlybind/report.h>

/* Write TEXT to the file PATH, which must exist, in one write(). 0 or negative errno;
 * -EIO when the kernel took only part of it. */
int eb_write_text(int root, const char *path, const char *text, size_t len);

/* Open PATH, a file or device that must exist, for writing. The descriptor, or negative
 * errno. */
int eb_write_open(int root, const char *path);

/* Write both files of REPORT below ROOT, each whole or not at all, mode 0644 in
 * directories of mode 0755 whatever the umask. Nothing is written through a link:
 * -ENOTDIR where one of the directories is one, and a file or link in the way of the new
 * file is removed. 0 or negative errno. */
int eb_write_report(const struct eb_report *report, int root);

#endif
