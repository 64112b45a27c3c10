/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A process that does what may block, so that we can go on without it. */
#ifndef EARLYBIND_AGENT_WORKER_H
#define EARLYBIND_AGENT_WORKER_H

#include <stddef.h>
#include <sys/types.h>

/* The longest task and the longest reply: each fits a pipe in one write. */
#define EB_MAX_TASK  512
#define EB_MAX_REPLY 128

/* A worker, zeroed but for the first two. It is forked for the first task and stays for
 * those that follow. */
struct eb_worker {
	/* Does TASK in the worker, which has a copy of our memory, CTX in it, from when
	 * it was forked. Returns 0 or above or negative errno, and up to EB_MAX_REPLY
	 * bytes of REPLY. */
	int (*work)(void *ctx, const void *task, void *reply);
	void *ctx;
	pid_t pid; /* 0: there is none */
	int fd[4]; /* of the tasks' pipe both ends, of the answers' pipe both ends */
};

/* Have TASK of SIZE bytes done, and wait for it at most SECONDS. Returns what work()
 * returned, and the first REPLY_SIZE bytes of its REPLY (zeroed before). In all other
 * cases there is no worker afterwards, and the next call forks another one. -ETIMEDOUT:
 * it has not finished; it dies as soon as the kernel returns from the call, and nobody
 * waits for that. -ECHILD: there was no answer, and the task may be done or not.
 * Otherwise the errno of pipe(), fork() or write(): it was not begun. */
int eb_worker_call(struct eb_worker *worker, const void *task, size_t size,
		   unsigned int seconds, void *reply, size_t reply_size);

/* End an idle worker, if there is one, and wait for that. */
void eb_worker_end(struct eb_worker *worker);

#endif
