// SPDX-License-Identifier: GPL-2.0-or-later
/* The only writer of files: attributes, and the files of the report. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "write.h"

int eb_write_open(int root, const char *path)
{
	/* No O_CREAT: a file that sysfs does not have must not appear elsewhere. */
	int fd = openat(root, path, O_WRONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int eb_write_text(int root, const char *path, const char *text, size_t len)
{
	int err = 0, fd = eb_write_open(root, path);
	ssize_t n;

	if (fd < 0)
		return fd;
	do {
		n = write(fd, text, len);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		err = -errno;
	else if ((size_t)n != len)
		err = -EIO;
	close(fd);
	return err;
}

/* Open the directory NAME of DIR, and make it if there is none. Never a link: below
 * --root the owner of the tree could point it anywhere. */
static int open_dir(int dir, const char *name)
{
	int fd;

	if (mkdirat(dir, name, 0755) < 0 && errno != EEXIST)
		return -errno;
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* Write it beside its place in DIR, then rename it. */
static int save(const struct eb_report *report, int dir, const char *name,
		int (*print)(const struct eb_report *report, int fd))
{
	char beside[32];
	int err, fd;

	snprintf(beside, sizeof(beside), "%s.new", name);
	/* A run that was stopped leaves one. */
	unlinkat(dir, beside, 0);
	fd = openat(dir, beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	err = print(report, fd);
	close(fd);
	if (!err && renameat(dir, beside, dir, name) < 0)
		err = -errno;
	if (err)
		unlinkat(dir, beside, 0);
	return err;
}

int eb_write_report(const struct eb_report *report, int root)
{
	/* The umask of an initramfs shell must not hide the report. */
	mode_t mask = umask(022);
	int run = open_dir(root, "run"), dir = run, err;

	if (run >= 0) {
		dir = open_dir(run, "earlybind");
		close(run);
	}
	err = dir;
	if (dir >= 0) {
		err = save(report, dir, "report.json", eb_report_json);
		if (!err)
			err = save(report, dir, "boot.log", eb_report_text);
		close(dir);
	}
	umask(mask);
	return err;
}
