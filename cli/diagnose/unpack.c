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

/* In DIR, also for what it keeps for a while: the signal that it gets lets it remove
 * nothing. */
static void become(const char *const argv[], const char *dir, const sigset_t *mask)
{
	int null = open("/dev/null", O_RDWR);

	setpgid(0, 0);
	sigprocmask(SIG_SETMASK, mask, NULL);
	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
	}
	if (chdir(dir) < 0 || setenv("TMPDIR", dir, 1) < 0)
		_exit(127);
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

/* Run it in DIR, silently, with MASK as its blocked signals, and kill it with its
 * children when it takes too long or we are to end. Its exit status, or negative errno.
 */
static int run_tool(const char *const argv[], const char *dir, const sigset_t *mask)
{
	const struct timespec pause = {.tv_nsec = 20000000};
	unsigned int left = SECONDS * 50;
	pid_t child = fork();
	int status;

	if (child < 0)
		return -errno;
	if (child == 0)
		become(argv, dir, mask);
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
	int top = eb_sysfs_root(dir);
	FTSENT *entry;

	if (!fts || top < 0)
		return fts ? top : -errno;
	while ((entry = fts_read(fts)) != NULL) {
		const char *path = entry->fts_path;

		if (entry->fts_info == FTS_D)
			continue;
		/* To others than root a directory may be closed. */
		if (entry->fts_info == FTS_DP || entry->fts_info == FTS_DNR) {
			rmdir(path);
			continue;
		}
		eb_image_see_path(image, path + len);
		if (entry->fts_info == FTS_F && eb_image_has_order(path))
			eb_sysfs_lines(top, path + len + 1, see_order_line, image);
		unlink(path);
	}
	fts_close(fts);
	close(top);
	return 0;
}

const char *eb_image_tool_name(const char *tool)
{
	const char *name = strrchr(tool, '/');

	return name ? name + 1 : tool;
}

const char *eb_image_tool(void)
{
	/* The first knows dracut's images as well; where dracut is, it is not. */
	static const char *const tools[] = {"/usr/bin/unmkinitramfs",
					    "/bin/unmkinitramfs", "/usr/bin/lsinitrd",
					    "/bin/lsinitrd"};
	size_t i;

	for (i = 0; i < sizeof(tools) / sizeof(tools[0]); i++)
		if (access(tools[i], X_OK) == 0)
			return tools[i];
	return NULL;
}

/* How TOOL is told to unpack FILE into DIR, where it runs. */
static int unpack(const char *tool, const char *file, const char *dir,
		  const sigset_t *mask)
{
	const char *const by_dracut[] = {tool, "--unpack", "--", file, NULL};
	const char *const by_other[] = {tool, "--", file, dir, NULL};
	bool is_dracut = strcmp(eb_image_tool_name(tool), "lsinitrd") == 0;

	return run_tool(is_dracut ? by_dracut : by_other, dir, mask);
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
	status = unpack(tool, file, dir, &mask);
	err = read_and_remove(dir, image);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	*why = status == -ETIMEDOUT ? "it took too long to unpack it"
				    : "it could not be unpacked";
	if (status != 0)
		return status < 0 ? status : -EIO;
	return err;
}
