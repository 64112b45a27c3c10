// SPDX-License-Identifier: GPL-2.0-or-later
/* A process that does what may block, so that we can go on without it. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "worker.h"

enum { TASK_READ, TASK_WRITE, ANSWER_READ, ANSWER_WRITE, ENDS };

struct answer {
	int result;
	char reply[EB_MAX_REPLY];
};

static ssize_t receive(int fd, void *data, size_t size)
{
	ssize_t n;

	do {
		n = read(fd, data, size);
	} while (n < 0 && errno == EINTR);
	return n;
}

static int give(int fd, const void *data, size_t size)
{
	ssize_t n;

	do {
		n = write(fd, data, size);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

/* The worker: one task after the other, until we end. */
static void serve(const struct eb_worker *worker)
{
	char task[EB_MAX_TASK];
	struct answer answer;

	close(worker->fd[TASK_WRITE]);
	do {
		if (receive(worker->fd[TASK_READ], task, sizeof(task)) <= 0)
			break;
		memset(&answer, 0, sizeof(answer));
		answer.result = worker->work(worker->ctx, task, answer.reply);
	} while (give(worker->fd[ANSWER_WRITE], &answer, sizeof(answer)) == 0);
	_exit(0);
}

static void close_ends(struct eb_worker *worker, int count)
{
	while (count > 0)
		close(worker->fd[--count]);
}

static int start(struct eb_worker *worker)
{
	int err = 0;

	if (pipe(worker->fd) < 0)
		return -errno;
	if (pipe(worker->fd + ANSWER_READ) < 0) {
		err = -errno;
		close_ends(worker, ANSWER_READ);
		return err;
	}
	worker->pid = fork();
	if (worker->pid == 0)
		serve(worker);
	if (worker->pid < 0) {
		err = -errno;
		worker->pid = 0;
		close_ends(worker, ENDS);
		return err;
	}
	/* The end of the answers is the end of the worker. We keep both ends of the
	 * tasks: writing to a worker that is gone then raises no SIGPIPE. */
	close(worker->fd[ANSWER_WRITE]);
	return 0;
}

/* One that is stuck in the kernel does not die now. */
static void end(struct eb_worker *worker, int how)
{
	close_ends(worker, ANSWER_WRITE);
	kill(worker->pid, SIGKILL);
	while (waitpid(worker->pid, NULL, how) < 0 && errno == EINTR)
		;
	worker->pid = 0;
}

/* A signal begins no new wait. */
static int wait_for(int fd, unsigned int seconds, struct answer *answer)
{
	const uint64_t start = eb_clock_since(0);
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	const int all = (int)seconds * 1000;
	int ready, past = 0;

	do {
		ready = poll(&wait, 1, all - past);
		if (ready >= 0 || errno != EINTR)
			break;
		past = (int)(eb_clock_since(start) / 1000);
	} while (past < all);
	if (ready == 0 || past >= all)
		return -ETIMEDOUT;
	if (ready < 0 || receive(fd, answer, sizeof(*answer)) != sizeof(*answer))
		return -ECHILD;
	return 0;
}

int eb_worker_call(struct eb_worker *worker, const void *task, size_t size,
		   unsigned int seconds, void *reply, size_t reply_size)
{
	struct answer answer;
	int err = worker->pid ? 0 : start(worker);

	if (err)
		return err;
	err = give(worker->fd[TASK_WRITE], task, size);
	if (!err)
		err = wait_for(worker->fd[ANSWER_READ], seconds, &answer);
	if (err) {
		end(worker, WNOHANG);
		return err;
	}
	if (reply_size)
		memcpy(reply, answer.reply, reply_size);
	return answer.result;
}

void eb_worker_end(struct eb_worker *worker)
{
	if (worker->pid)
		end(worker, 0);
}
