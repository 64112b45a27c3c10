// SPDX-License-Identifier: GPL-2.0-or-later
/* Run what may block in a child process, and go on without it when its time is up. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "worker.h"

/* What the child sends, in one write that a pipe takes whole (PIPE_BUF). */
struct answer {
	int result;
	char reply[EB_MAX_REPLY];
};

static void child(int fd, int (*job)(void *ctx, void *reply), void *ctx)
{
	struct answer answer;
	ssize_t n;

	memset(&answer, 0, sizeof(answer));
	answer.result = job(ctx, answer.reply);
	n = write(fd, &answer, sizeof(answer));
	_exit(n == (ssize_t)sizeof(answer) ? 0 : 1);
}

/* The child's answer, or why there is none. The pipe of a dead child is at its end. */
static int receive(int fd, unsigned int seconds, struct answer *answer)
{
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	ssize_t n;
	int ready;

	do {
		ready = poll(&wait, 1, (int)seconds * 1000);
	} while (ready < 0 && errno == EINTR);
	if (ready < 0)
		return -errno;
	if (ready == 0)
		return -ETIMEDOUT;
	do {
		n = read(fd, answer, sizeof(*answer));
	} while (n < 0 && errno == EINTR);
	return n == (ssize_t)sizeof(*answer) ? 0 : -ECHILD;
}

int eb_worker_call(int (*job)(void *ctx, void *reply), void *ctx, unsigned int seconds,
		   void *reply, size_t size)
{
	struct answer answer = {.result = -ECHILD};
	int fds[2], err;
	pid_t pid;

	if (pipe(fds) < 0)
		return -errno;
	pid = fork();
	if (pid < 0) {
		err = -errno;
		close(fds[0]);
		close(fds[1]);
		return err;
	}
	if (pid == 0) {
		close(fds[0]);
		child(fds[1], job, ctx);
	}
	close(fds[1]);
	err = receive(fds[0], seconds, &answer);
	close(fds[0]);
	if (err) {
		/* Stuck in the kernel it does not die now: do not wait for it. */
		kill(pid, SIGKILL);
		waitpid(pid, NULL, WNOHANG);
		return err;
	}
	waitpid(pid, NULL, 0);
	if (size)
		memcpy(reply, answer.reply, size);
	return answer.result;
}
