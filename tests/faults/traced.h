/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The processes that are traced, for the parts of the tracer. */
#ifndef EARLYBIND_TESTS_TRACED_H
#define EARLYBIND_TESTS_TRACED_H

#include <sys/types.h>
#include <sys/user.h>

#include "tracer.h"

#define TASKS 256

struct task {
	pid_t pid;
	int calls;
	bool again; /* its next call is the kernel's, after a signal */
	bool kill_after, hold_after;
	bool held;     /* never goes on */
	bool immortal; /* held in the kernel, where no signal reaches it */
	bool gone;
	int locks;	/* the function whose lock it holds, or -1 */
	int wait;	/* milliseconds that it waits for, in short waits */
	bool all_slept; /* at the end of the last of these */
	struct user_regs_struct regs;
};

struct tracer {
	struct live *live;
	const struct fault *fault;
	struct trace *trace;
	struct task task[TASKS];
	int tasks;
};

/* One call as the kernel has to answer it. */
struct emulated {
	bool is; /* one that live-sysfs.c answers */
	bool module;
	bool log, out; /* the kernel log, standard output */
	int locks;     /* the function whose lock it takes, or -1 */
	bool may_wait;
	char path[LIVE_PATH], text[2048];
	size_t len;
};

/* The task of PID, from its first stop or its parent's fork on. */
struct task *task_of(struct tracer *tracer, pid_t pid);
int task_number(const struct tracer *tracer, const struct task *task);

/* It never goes on; IMMORTAL: whatever signal it gets. */
void task_hold(struct task *task, bool immortal);

/* Its call is not made, and its RESULT is this. */
void task_replace(struct task *task, long result);

/* Copy from or to the memory of PID. How many bytes. */
ssize_t task_memory(pid_t pid, unsigned long at, void *data, size_t size, bool to);

/* A string, which may end just before a page that is not there. */
void task_string(pid_t pid, unsigned long at, char *text, size_t size);

/* What the descriptor is open on, below the root of the tree; "" for anything else. */
void task_path(const struct tracer *tracer, const struct task *task, long fd,
	       char path[LIVE_PATH]);

/* calls.c: what the call is that TASK enters, listed where the trace lists; and the
 * kernel's answer. */
struct emulated call_look(struct tracer *tracer, struct task *task);
void call_answer(struct tracer *tracer, struct task *task, const struct emulated *e);

/* inject.c: act on what the call meets. Is it dealt with? */
bool inject(struct tracer *tracer, struct task *task, const struct emulated *e);

/* waits.c: shorten the wait that TASK enters; at the end of a call wait on, or let time
 * pass. */
void wait_shorten(struct task *task);
void wait_end(struct tracer *tracer, struct task *task);

#endif
