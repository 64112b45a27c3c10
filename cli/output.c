// SPDX-License-Identifier: GPL-2.0-or-later
/* Standard output into a file that is there whole or not at all. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "output.h"

static int fail(const char *path, int err)
{
	eb_cli_error("--output '%s': %s", path, strerror(-err));
	return EB_EXIT_USAGE;
}

int eb_output_begin(const char *path)
{
	struct stat there;
	int fd, err = 0;

	if (!path)
		return 0;
	/* Renaming over a device such as /dev/null would replace it for good. */
	if (lstat(path, &there) == 0 && !S_ISREG(there.st_mode)) {
		eb_cli_error("--output '%s' is not a regular file; name one that may be "
			     "replaced, or leave --output out to print to standard "
			     "output",
			     path);
		return EB_EXIT_USAGE;
	}
	fd = memfd_create("earlybind-output", MFD_CLOEXEC);
	if (fd < 0)
		return fail(path, -errno);
	if (dup2(fd, STDOUT_FILENO) < 0)
		err = -errno;
	close(fd);
	return err ? fail(path, err) : 0;
}

/* Copy what standard output has collected to FD, and flush it to the disk. */
static int fill(int fd)
{
	off_t size = lseek(STDOUT_FILENO, 0, SEEK_END), at = 0;

	if (size < 0)
		return -errno;
	while (at < size) {
		ssize_t n = sendfile(fd, STDOUT_FILENO, &at, (size_t)(size - at));

		if (n <= 0)
			return n < 0 ? -errno : -EIO;
	}
	return fchmod(fd, 0644) < 0 || fsync(fd) < 0 ? -errno : 0;
}

/* The temporary name is beside PATH and does not end as PATH does: what collects *.prom
 * passes it over. */
static int replace(const char *path)
{
	char *temporary;
	int fd, err;

	if (asprintf(&temporary, "%s.XXXXXX", path) < 0)
		return -ENOMEM;
	fd = mkostemp(temporary, O_CLOEXEC);
	err = fd < 0 ? -errno : fill(fd);
	if (err == 0 && rename(temporary, path) < 0)
		err = -errno;
	if (err < 0 && fd >= 0)
		unlink(temporary);
	if (fd >= 0)
		close(fd);
	free(temporary);
	return err;
}

int eb_output_end(const char *path)
{
	sigset_t all, before;
	int err;

	if (!path)
		return 0;
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	err = replace(path);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return err < 0 ? fail(path, err) : 0;
}
