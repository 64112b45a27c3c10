/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Standard output into a file that is there whole or not at all. */
#ifndef EARLYBIND_CLI_OUTPUT_H
#define EARLYBIND_CLI_OUTPUT_H

/* Collect standard output in memory, for the file PATH; with NULL it stays what it is.
 * 0, or EB_EXIT_USAGE after an error message. */
int eb_output_begin(const char *path);

/* Write what was collected to PATH, mode 0644 whatever the umask: under a temporary name,
 * flushed to the disk, and renamed. No signal ends the process meanwhile, so that the
 * temporary file never remains. Without this call PATH stays what it was.
 * 0, or EB_EXIT_USAGE after an error message. */
int eb_output_end(const char *path);

#endif
