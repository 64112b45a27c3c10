/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs the agent under ptrace in a live tree, and injects one fault into it. */
#ifndef EARLYBIND_TESTS_TRACER_H
#define EARLYBIND_TESTS_TRACER_H

#include "live-sysfs.h"

enum fault_kind {
	FAULT_NONE,
	FAULT_ENOMEM, /* the call fails and does nothing */
	FAULT_EINTR,
	FAULT_EIO,
	FAULT_KILL_BEFORE,
	FAULT_KILL_AFTER,
	FAULT_HANG, /* the call does nothing and does not come back */
	FAULT_LATE, /* the call does what it should and does not come back */
	FAULT_KINDS,
};

extern const char *const fault_name[FAULT_KINDS];

/* One of all system calls of a run: task 0 is the agent itself, 1 the first process that
 * was forked. Its calls count from 1. */
struct fault {
	enum fault_kind kind;
	int task, call;
	/* Each access to this function's lock, or to that of any function, hangs. */
	const char *stuck;
};

#define TRACE_CALLS 8192

struct trace_call {
	short task, call;
	int nr;
	char what[120]; /* "write sys/...", for a person */
};

struct trace {
	bool list; /* the caller's to set: are the calls to be listed? */
	/* what happened */
	bool faulted; /* was there such a call? */
	int status;   /* of the agent, as by waitpid() */
	bool endless; /* it did not end */
	int locked;   /* the function whose lock the hanging call holds, or -1 */
	long waited;  /* milliseconds of waiting for what hangs, none of it real */
	const char *unbounded; /* a call of the agent itself that may wait for a lock */
	char kmsg[16384];      /* lines to the kernel log */
	char said[1024];       /* standard output */
	struct trace_call call[TRACE_CALLS];
	unsigned int calls;
	char unbounded_text[160];
};

/* Run the program AGENT with / at live->root. False when it could not be traced, which
 * errno explains. */
bool trace_run(struct live *live, int agent, const struct fault *fault,
	       struct trace *trace);

#endif
