// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs the programs that tell a boot loader of its new configuration. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "term.h"
#include "tools.h"

/* os-prober on a machine with many disks takes minutes. */
#define SECONDS 900

/* What is kept of a tool's words: the last of them tell why it failed. */
#define KEPT 2048

static const char path[] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/* Go to the machine's root, where that is another. */
static int enter(const struct eb_cli *cli)
{
	if (cli->root_path[0] && strcmp(cli->root_path, "/") != 0 &&
	    (fchdir(cli->root) < 0 || chroot(".") < 0))
		return -errno;
	return chdir("/") < 0 ? -errno : 0;
}

/* Become the tool, which talks to OUT; if that fails, ERRNO_TO gets why. */
static void become(const struct eb_cli *cli, const struct eb_tool *tool, int out,
		   int errno_to)
{
	const char *argv[EB_MAX_TOOL_ARGS + 1] = {NULL};
	int err, null = open("/dev/null", O_RDONLY);
	unsigned int i;

	for (i = 0; i < tool->argc; i++)
		argv[i] = tool->argv[i];
	/* A question of the tool's must end, not wait. */
	dup2(null < 0 ? out : null, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(out, STDERR_FILENO);
	signal(SIGINT, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	setenv("PATH", path, 1);
	setenv("DEBIAN_FRONTEND", "noninteractive", 1);
	err = enter(cli);
	if (err == 0) {
		execvp(tool->argv[0], (char *const *)(uintptr_t)argv);
		err = -errno;
	}
	if (write(errno_to, &err, sizeof(err)) != (ssize_t)sizeof(err))
		_exit(126);
	_exit(127);
}

struct said {
	size_t len;
	char text[KEPT + 1];
};

static void keep(struct said *said, const char *text, size_t len)
{
	size_t over;

	if (len > KEPT) {
		text += len - KEPT;
		len = KEPT;
	}
	over = said->len + len > KEPT ? said->len + len - KEPT : 0;
	memmove(said->text, said->text + over, said->len - over);
	said->len -= over;
	memcpy(said->text + said->len, text, len);
	said->len += len;
	said->text[said->len] = '\0';
}

/* Read what there is to read within MS milliseconds. False at the end of it. */
static bool hear(int in, struct said *said, int ms)
{
	struct pollfd fd = {.fd = in, .events = POLLIN};
	char text[512];
	ssize_t n;

	if (poll(&fd, 1, ms) <= 0)
		return ms > 0;
	n = read(in, text, sizeof(text));
	if (n > 0)
		keep(said, text, (size_t)n);
	return n > 0 || (n < 0 && errno == EINTR);
}

/* Listen to CHILD until it ends, whoever else holds the pipe. Its exit status, or
 * negative errno. */
static int listen_to(pid_t child, int in, struct said *said)
{
	time_t end = time(NULL) + SECONDS;
	bool open = true;
	int status;
	pid_t done;

	while ((done = waitpid(child, &status, open ? WNOHANG : 0)) == 0) {
		if (time(NULL) > end) {
			kill(child, SIGKILL);
			waitpid(child, &status, 0);
			return -ETIMEDOUT;
		}
		open = hear(in, said, 100);
	}
	if (done < 0)
		return -errno;
	while (open && hear(in, said, 0))
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Two pipes that no tool inherits: the first for its words, the second for why it could
 * not be started. */
static int open_pipes(int ends[4])
{
	int i;

	if (pipe(ends) < 0)
		return -errno;
	if (pipe(ends + 2) < 0) {
		int err = -errno;

		close(ends[0]);
		close(ends[1]);
		return err;
	}
	for (i = 0; i < 4; i++)
		fcntl(ends[i], F_SETFD, FD_CLOEXEC);
	return 0;
}

/* Its exit status, or negative errno where it could not be run to its end. */
static int run(const struct eb_cli *cli, const struct eb_tool *tool, struct said *said)
{
	int err, why = 0, ends[4] = {-1, -1, -1, -1};
	pid_t child;

	err = open_pipes(ends);
	if (err < 0)
		return err;
	child = fork();
	if (child == 0)
		become(cli, tool, ends[1], ends[3]);
	err = child < 0 ? -errno : 0;
	close(ends[1]);
	close(ends[3]);
	if (child > 0) {
		err = listen_to(child, ends[0], said);
		if (err >= 0 && read(ends[2], &why, sizeof(why)) == (ssize_t)sizeof(why))
			err = why;
	}
	close(ends[0]);
	close(ends[2]);
	return err;
}

static void show(const struct said *said)
{
	struct eb_term term = eb_term_on(stderr);
	const char *line = said->text;

	while (*line) {
		size_t len = strcspn(line, "\n");

		eb_term_print(&term, "  | %.*s\n", (int)(len < 900 ? len : 900), line);
		line += len + (line[len] == '\n');
	}
}

int eb_tool_run(const struct eb_cli *cli, const struct eb_tool *tool)
{
	struct eb_term term = eb_term_on(stdout);
	struct said said = {.len = 0};
	void (*interrupt)(int);
	char text[512];
	int status;

	eb_term_styled(&term, EB_STYLE_QUIET, "Running %s ...", eb_tool_text(tool, text));
	eb_term_print(&term, "\n");
	eb_term_end(&term);
	/* Ctrl-C ends the tool; what was written is then put back in peace. */
	interrupt = signal(SIGINT, SIG_IGN);
	status = run(cli, tool, &said);
	signal(SIGINT, interrupt);
	if (status == 0)
		return 0;
	if (status < 0)
		eb_cli_error("%s%s%s: cannot be run: %s", text,
			     cli->root_path[0] ? ", below " : "", cli->root_path,
			     strerror(-status));
	else if (status > 128)
		eb_cli_error("%s was ended by signal %d", text, status - 128);
	else
		eb_cli_error("%s failed with status %d", text, status);
	show(&said);
	return status;
}
