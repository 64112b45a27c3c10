// SPDX-License-Identifier: GPL-2.0-or-later
/* The one runner of other programs, and of reads that may block. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <earlybind/sysfs.h>

#include "run.h"

/* How long what was told to end may take to do so. */
#define GRACE 5
/* Bytes that are read at once. */
#define HEARD 512
/* When a person begins to wonder what is going on. */
#define NOTICE 2

static const char path[] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

void eb_run_open_standard(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd)
			abort();
}

/* Go to where the program is to start. */
static int enter(const struct eb_run *run)
{
	if (run->root >= 0 && (fchdir(run->root) < 0 || chroot(".") < 0))
		return -errno;
	return (run->dir >= 0 ? fchdir(run->dir) : chdir("/")) < 0 ? -errno : 0;
}

/* Become the program, which talks to OUT; if that fails, ERRNO_TO gets why. */
static void become(const struct eb_run *run, pid_t parent, int out, int errno_to)
{
	static const int defaults[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGQUIT};
	int err, null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	sigset_t none;
	size_t i;

	for (i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
		signal(defaults[i], SIG_DFL);
	/* A caller that blocks signals must not keep them from the program. */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* A group of its own, so that a signal reaches its children as well; and it must
	 * not go on alone when we are killed, nor if we were before this. */
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(127);
	/* A question of the program's must end, not wait. */
	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
	    dup2(out, STDERR_FILENO) < 0) {
		err = -errno;
	} else {
		setenv("PATH", path, 1);
		setenv("DEBIAN_FRONTEND", "noninteractive", 1);
		unsetenv("BASH_ENV");
		unsetenv("ENV");
		err = enter(run);
	}
	if (err == 0) {
		execvp(run->argv[0], (char *const *)(uintptr_t)run->argv);
		err = -errno;
	}
	if (write(errno_to, &err, sizeof(err)) != (ssize_t)sizeof(err))
		_exit(126);
	_exit(127);
}

struct child {
	pid_t pid;
	int out;     /* what it says, or -1 when that has ended */
	int signals; /* a signalfd for its end, and for what is passed on */
	size_t len;
	struct eb_run_end *end;
};

static void keep(struct child *child, const char *text, size_t len)
{
	char *kept = child->end->output;
	size_t over = child->len + len > EB_RUN_OUTPUT ? child->len + len - EB_RUN_OUTPUT
						       : 0;

	memmove(kept, kept + over, child->len - over);
	child->len -= over;
	memcpy(kept + child->len, text, len);
	child->len += len;
	kept[child->len] = '\0';
}

static void hear(struct child *child)
{
	char text[HEARD];
	ssize_t n = read(child->out, text, sizeof(text));

	if (n > 0) {
		keep(child, text, (size_t)n);
	} else if (n == 0 || (errno != EINTR && errno != EAGAIN)) {
		close(child->out);
		child->out = -1;
	}
}

/* Take what the signalfd has. */
static void see_signals(struct child *child)
{
	struct signalfd_siginfo info;

	while (read(child->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			continue;
		child->end->interrupted = (int)info.ssi_signo;
		kill(-child->pid, (int)info.ssi_signo);
	}
}

static bool has_ended(struct child *child)
{
	struct eb_run_end *end = child->end;
	pid_t pid;
	int status;

	pid = waitpid(child->pid, &status, WNOHANG);
	if (pid == 0)
		return false;
	if (end->how == EB_RUN_TIMED_OUT) {
		/* It may have children that did not obey. */
		kill(-child->pid, SIGKILL);
		return true;
	}
	if (pid < 0) {
		end->how = EB_RUN_NOT_STARTED;
		end->value = errno;
		return true;
	}
	end->how = WIFEXITED(status) ? EB_RUN_EXITED : EB_RUN_SIGNALLED;
	end->value = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
	return true;
}

static time_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec;
}

static void hear_signals_and_output(struct child *child)
{
	struct pollfd fds[2] = {{.fd = child->signals, .events = POLLIN},
				{.fd = child->out, .events = POLLIN}};

	poll(fds, 2, 500);
	see_signals(child);
	if (child->out >= 0 && fds[1].revents)
		hear(child);
}

/* Take what it wrote last, which is no more than a pipe holds (pipe(7)): what it leaves
 * behind may write on for ever. */
static void hear_last(struct child *child)
{
	struct pollfd fd = {.fd = child->out, .events = POLLIN};
	int reads;

	for (reads = 0; reads < 65536 / HEARD; reads++) {
		if (child->out < 0 || poll(&fd, 1, 0) <= 0)
			break;
		hear(child);
	}
}

/* Listen to the child until it ends, whoever else holds the pipe. */
static void wait_for(struct child *child, const struct eb_run *run)
{
	time_t begin = now(), end = begin + (time_t)run->seconds;
	const char *notice = isatty(STDERR_FILENO) ? run->notice : NULL;
	int with = SIGTERM;

	child->end->how = EB_RUN_EXITED;
	while (!has_ended(child)) {
		if (now() > end) {
			child->end->how = EB_RUN_TIMED_OUT;
			child->end->value = ETIMEDOUT;
			kill(-child->pid, with);
			with = SIGKILL;
			end = now() + GRACE;
		}
		if (notice && now() > begin + NOTICE) {
			fprintf(stderr, "%s\n", notice);
			notice = NULL;
		}
		hear_signals_and_output(child);
	}
	hear_last(child);
}

/* Two pipes that no program inherits: the first for its words, the second for why it
 * could not be started. */
static int open_pipes(int ends[4])
{
	if (pipe2(ends, O_CLOEXEC) < 0)
		return errno;
	if (pipe2(ends + 2, O_CLOEXEC) < 0) {
		int err = errno;

		close(ends[0]);
		close(ends[1]);
		return err;
	}
	return 0;
}

static int start(const struct eb_run *run, struct child *child)
{
	int ends[4], why = 0, err = open_pipes(ends);
	pid_t parent = getpid();
	ssize_t n;

	if (err)
		return err;
	child->pid = fork();
	if (child->pid == 0)
		become(run, parent, ends[1], ends[3]);
	err = child->pid < 0 ? errno : 0;
	close(ends[1]);
	close(ends[3]);
	/* It ends when the program starts. */
	do {
		n = err ? 0 : read(ends[2], &why, sizeof(why));
	} while (n < 0 && errno == EINTR);
	close(ends[2]);
	child->out = ends[0];
	if (err || n == 0)
		return err;
	waitpid(child->pid, NULL, 0);
	return -why;
}

/* The signals that are passed on, but for those that we are to ignore, and SIGCHLD. */
static void choose_signals(sigset_t *ours)
{
	static const int passed_on[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction old;
	size_t i;

	sigemptyset(ours);
	sigaddset(ours, SIGCHLD);
	for (i = 0; i < sizeof(passed_on) / sizeof(passed_on[0]); i++)
		if (sigaction(passed_on[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaddset(ours, passed_on[i]);
}

bool eb_run(const struct eb_run *run, struct eb_run_end *end)
{
	struct sigaction normal = {.sa_handler = SIG_DFL}, old;
	struct child child = {.out = -1, .end = end};
	sigset_t ours, mask;
	int err;

	*end = (struct eb_run_end){.how = EB_RUN_NOT_STARTED};
	choose_signals(&ours);
	sigprocmask(SIG_BLOCK, &ours, &mask);
	/* Where it is ignored, as a parent can leave it, a child's end is lost. */
	sigaction(SIGCHLD, &normal, &old);
	child.signals = signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK);
	err = child.signals < 0 ? errno : start(run, &child);
	if (err)
		end->value = err;
	else
		wait_for(&child, run);
	if (child.out >= 0)
		close(child.out);
	if (child.signals >= 0)
		close(child.signals);
	sigaction(SIGCHLD, &old, NULL);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	return end->how == EB_RUN_EXITED && end->value == 0 && !end->interrupted;
}

const char *eb_run_describe(const struct eb_run_end *end, char out[160])
{
	switch (end->how) {
	case EB_RUN_EXITED:
		snprintf(out, 160, "failed with status %d", end->value);
		break;
	case EB_RUN_SIGNALLED:
		snprintf(out, 160, "was ended by signal %d (%s)", end->value,
			 strsignal(end->value));
		break;
	case EB_RUN_TIMED_OUT:
		snprintf(out, 160, "took too long and was ended");
		break;
	case EB_RUN_NOT_STARTED:
		snprintf(out, 160, "could not be started: %s", strerror(end->value));
		break;
	}
	if (end->interrupted)
		snprintf(out, 160, "was interrupted by signal %d (%s)", end->interrupted,
			 strsignal(end->interrupted));
	return out;
}

/* What a child answers, in one write that a pipe takes whole (PIPE_BUF). */
struct answer {
	ssize_t length;
	char text[1024];
};

static void answer_from(int root, const char *file, size_t size, int to)
{
	struct answer answer;

	memset(&answer, 0, sizeof(answer));
	if (size > sizeof(answer.text))
		size = sizeof(answer.text);
	answer.length = eb_sysfs_read(root, file, answer.text, size);
	_exit(write(to, &answer, sizeof(answer)) == (ssize_t)sizeof(answer) ? 0 : 1);
}

int eb_run_read(int root, const char *file, char *buf, size_t size, unsigned int seconds)
{
	struct answer answer = {.length = -ECHILD};
	struct pollfd fd = {.events = POLLIN};
	int ends[2], ready;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	pid = fork();
	if (pid == 0)
		answer_from(root, file, size, ends[1]);
	close(ends[1]);
	fd.fd = ends[0];
	do {
		ready = pid < 0 ? -1 : poll(&fd, 1, (int)seconds * 1000);
	} while (pid > 0 && ready < 0 && errno == EINTR);
	if (ready == 0)
		answer.length = -ETIMEDOUT;
	else if (ready < 0 || read(ends[0], &answer, sizeof(answer)) != sizeof(answer))
		answer.length = -ECHILD;
	close(ends[0]);
	/* Stuck in the kernel it does not die now: it is not waited for. */
	if (ready == 0)
		kill(pid, SIGKILL);
	if (pid > 0)
		waitpid(pid, NULL, ready == 0 ? WNOHANG : 0);
	if (answer.length >= 0 || answer.length == -E2BIG)
		memcpy(buf, answer.text,
		       size < sizeof(answer.text) ? size : sizeof(answer.text));
	return (int)answer.length;
}
