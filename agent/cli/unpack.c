// SPDX-License-Identifier: GPL-2.0-or-later
/* Looks into an initramfs with the distribution's own tool, in a directory of its own. */
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <earlybind/sysfs.h>

#include "image.h"

/* A large image on a slow machine takes 20 s. */
#define SECONDS 120

static void become(const char *const argv[], const sigset_t *mask)
{
	int null = open("/dev/null", O_RDWR);

	setpgid(0, 0);
	sigprocmask(SIG_SETMASK, mask, NULL);
	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
	}
	execv(argv[0], (char *const *)(uintptr_t)argv);
	_exit(127);
}

/* Has one of the blocked signals come that would end us? */
static bool is_ended(void)
{
	const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	sigset_t pending;
	size_t i;

	sigpending(&pending);
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (sigismember(&pending, signals[i]))
			return true;
	return false;
}

/* Run it, silently, with MASK as its blocked signals, and kill it with its children when
 * it takes too long or we are to end. Its exit status, or negative errno. */
static int run_tool(const char *const argv[], const sigset_t *mask)
{
	const struct timespec pause = {.tv_nsec = 20000000};
	unsigned int left = SECONDS * 50;
	pid_t child = fork();
	int status;

	if (child < 0)
		return -errno;
	if (child == 0)
		become(argv, mask);
	setpgid(child, child);
	while (waitpid(child, &status, WNOHANG) == 0) {
		if (left-- == 0 || is_ended()) {
			kill(-child, SIGKILL);
			waitpid(child, &status, 0);
			return -ETIMEDOUT;
		}
		nanosleep(&pause, NULL);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : -EINTR;
}

static int see_order_line(void *ctx, const char *line)
{
	eb_image_see_order(ctx, line);
	return 0;
}

/* Note all that is below DIR, and remove it. */
static int read_and_remove(char *dir, struct eb_image *image)
{
	char *const paths[] = {dir, NULL};
	FTS *fts = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, NULL);
	size_t len = strlen(dir);
	FTSENT *entry;

	if (!fts)
		return -errno;
	while ((entry = fts_read(fts)) != NULL) {
		const char *path = entry->fts_path;

		if (entry->fts_info == FTS_D)
			continue;
		if (entry->fts_info == FTS_DP) {
			rmdir(path);
			continue;
		}
		eb_image_see_path(image, path + len);
		if (entry->fts_info == FTS_F && strstr(path, "/scripts/init-top/ORDER"))
			eb_sysfs_lines(AT_FDCWD, path, see_order_line, image);
		unlink(path);
	}
	fts_close(fts);
	return 0;
}

const char *eb_image_tool(void)
{
	static const char *const tools[] = {"/usr/bin/unmkinitramfs",
					    "/bin/unmkinitramfs"};
	size_t i;

	for (i = 0; i < sizeof(tools) / sizeof(tools[0]); i++)
		if (access(tools[i], X_OK) == 0)
			return tools[i];
	return NULL;
}

int eb_image_unpack(const char *tool, const char *file, struct eb_image *image,
		    const char **why)
{
	char dir[] = "/var/tmp/earlybind.XXXXXX";
	sigset_t endings, mask;
	int status, err;

	*image = (struct eb_image){0};
	*why = "it cannot be read; run it as root";
	if (access(file, R_OK) < 0)
		return -errno;
	*why = "no directory could be made below /var/tmp to unpack it";
	sigemptyset(&endings);
	sigaddset(&endings, SIGINT);
	sigaddset(&endings, SIGTERM);
	sigaddset(&endings, SIGHUP);
	/* What ends us comes after the directory is gone. */
	sigprocmask(SIG_BLOCK, &endings, &mask);
	if (!mkdtemp(dir)) {
		err = -errno;
		sigprocmask(SIG_SETMASK, &mask, NULL);
		return err;
	}
	status = run_tool((const char *const[]){tool, "--", file, dir, NULL}, &mask);
	err = read_and_remove(dir, image);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	*why = status == -ETIMEDOUT ? "unmkinitramfs took too long"
				    : "unmkinitramfs cannot unpack it";
	if (status != 0)
		return status < 0 ? status : -EIO;
	return err;
}
