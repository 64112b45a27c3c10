// SPDX-License-Identifier: GPL-2.0-or-later
/* The only writer of paths: attributes, and the files of the report. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "write.h"

int eb_write_text(int root, const char *path, const char *text, size_t len)
{
	/* No O_CREAT: a file that sysfs does not have must not appear elsewhere. */
	int err = 0, fd = openat(root, path, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
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

int eb_write_mkdir(int root, const char *path)
{
	mode_t mask = umask(0);
	int err = mkdirat(root, path, 0755) < 0 && errno != EEXIST ? -errno : 0;

	umask(mask);
	return err;
}

int eb_write_open(int root, const char *path, mode_t mode)
{
	int flags = O_WRONLY | O_CLOEXEC | (mode ? O_CREAT | O_TRUNC : 0);
	int fd = openat(root, path, flags, mode);

	if (fd < 0)
		return -errno;
	/* The umask of an initramfs shell must not hide the report. */
	if (mode && fchmod(fd, mode) < 0) {
		int err = errno;

		close(fd);
		return -err;
	}
	return fd;
}

int eb_write_rename(int root, const char *from, const char *to)
{
	return renameat(root, from, root, to) < 0 ? -errno : 0;
}

int eb_write_remove(int root, const char *path)
{
	return unlinkat(root, path, 0) < 0 ? -errno : 0;
}

/* Write it beside its place, then give it its name. */
static int save(const struct eb_report *report, int root, const char *path,
		int (*print)(const struct eb_report *report, int fd))
{
	char beside[sizeof(EB_REPORT_JSON) + 8];
	int err, fd;

	snprintf(beside, sizeof(beside), "%s.new", path);
	fd = eb_write_open(root, beside, 0644);
	if (fd < 0)
		return fd;
	err = print(report, fd);
	close(fd);
	if (!err)
		err = eb_write_rename(root, beside, path);
	if (err)
		eb_write_remove(root, beside);
	return err;
}

int eb_write_report(const struct eb_report *report, int root)
{
	int err = eb_write_mkdir(root, EB_REPORT_DIR);

	/* A captured machine may have no run. */
	if (err == -ENOENT && eb_write_mkdir(root, "run") == 0)
		err = eb_write_mkdir(root, EB_REPORT_DIR);

	if (!err)
		err = save(report, root, EB_REPORT_JSON, eb_report_json);
	if (!err)
		err = save(report, root, EB_REPORT_LOG, eb_report_text);
	return err;
}
