/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one runner of other programs, and of reads that may block: in a child process and
 * in bounded time. */
#ifndef EARLYBIND_CLI_RUN_H
#define EARLYBIND_CLI_RUN_H

#include <stdbool.h>
#include <stddef.h>

/* How much is kept of what a program writes: the end of it tells why it failed. */
#define EB_RUN_OUTPUT 2048

struct eb_run {
	const char *const *argv; /* ends in NULL; looked up in a fixed PATH */
	int root;		 /* chroot(2) to this directory, or -1 */
	int dir;		 /* start in this directory, or -1: in / */
	unsigned int seconds;	 /* then it is ended */
};

enum eb_run_how { EB_RUN_EXITED, EB_RUN_SIGNALLED, EB_RUN_TIMED_OUT, EB_RUN_NOT_STARTED };

struct eb_run_end {
	enum eb_run_how how;
	int value;	 /* the exit status, the signal, or a positive errno */
	int interrupted; /* a signal that we got meanwhile and passed on, or 0 */
	char output[EB_RUN_OUTPUT + 1]; /* the end of its output and error output */
};

/* Run a program and wait for it. Its standard input is /dev/null. SIGINT, SIGTERM and
 * SIGHUP are passed on to it and its children, are noted, and do not end us here. A
 * process that it leaves behind is not waited for. True: it exited with 0, and no signal
 * came. */
bool eb_run(const struct eb_run *run, struct eb_run_end *end);

/* How it ended, as half a sentence: "failed with status 7", into OUT. Returns OUT. */
const char *eb_run_describe(const struct eb_run_end *end, char out[160]);

/* eb_sysfs_read() of PATH below ROOT, for an attribute that is read with a lock held:
 * -ETIMEDOUT when it has not come after SECONDS. */
int eb_run_read(int root, const char *path, char *buf, size_t size, unsigned int seconds);

/* Open /dev/null in the place of whichever of descriptors 0 to 2 is closed, so that no
 * other file takes their number. To be called first of all. */
void eb_run_open_standard(void);

#endif
