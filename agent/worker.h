/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Run what may block in a child process, and go on without it when its time is up. */
#ifndef EARLYBIND_AGENT_WORKER_H
#define EARLYBIND_AGENT_WORKER_H

#include <stddef.h>

/* The longest reply: what fits a pipe in one write. */
#define EB_MAX_REPLY 1024

/* Call JOB(CTX, REPLY) in a child, which sees a copy of our memory, and wait for it at
 * most SECONDS. Returns what JOB returned, 0 or negative errno, and its SIZE bytes of
 * REPLY (zeroed before, at most EB_MAX_REPLY). -ETIMEDOUT: it has not finished; the child
 * dies as soon as the kernel returns from the call, and nobody waits for that. -ECHILD:
 * it died without an answer. Otherwise the errno of pipe() or fork(). */
int eb_worker_call(int (*job)(void *ctx, void *reply), void *ctx, unsigned int seconds,
		   void *reply, size_t size);

#endif
