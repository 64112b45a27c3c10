// SPDX-License-Identifier: GPL-2.0-or-later
/* The only opener of paths: read, write, link, list, below a root directory. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <earlybind/sysfs.h>

int eb_sysfs_root(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/* Up to SIZE bytes of the file, over as many reads as it takes. */
static ssize_t read_all(int root, const char *path, char *buf, size_t size)
{
	size_t len = 0;
	ssize_t n;
	int fd = openat(root, path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	do {
		n = read(fd, buf + len, size - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n > 0)
			len += (size_t)n;
	} while (n != 0 && !(n < 0 && errno != EINTR) && len < size);
	if (n < 0) {
		int err = errno;

		close(fd);
		return -err;
	}
	close(fd);
	return (ssize_t)len;
}

ssize_t eb_sysfs_read(int root, const char *path, char *buf, size_t size)
{
	ssize_t n = read_all(root, path, buf, size);

	if (n < 0)
		return n;
	if ((size_t)n == size)
		return -E2BIG;
	if (n > 0 && buf[n - 1] == '\n')
		n--;
	buf[n] = '\0';
	return n;
}

ssize_t eb_sysfs_read_bytes(int root, const char *path, char *buf, size_t size)
{
	return read_all(root, path, buf, size);
}

int eb_sysfs_write(int root, const char *path, const char *text, size_t len)
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

ssize_t eb_sysfs_readlink(int root, const char *path, char *buf, size_t size)
{
	ssize_t n = readlinkat(root, path, buf, size);

	if (n < 0)
		return -errno;
	if ((size_t)n == size)
		return -E2BIG;
	buf[n] = '\0';
	return n;
}

ssize_t eb_sysfs_link_name(int root, const char *path, char *name, size_t size)
{
	char target[EB_MAX_PATH];
	const char *last;
	ssize_t n = eb_sysfs_readlink(root, path, target, sizeof(target));

	if (n < 0)
		return n;
	last = strrchr(target, '/');
	last = last ? last + 1 : target;
	n = (ssize_t)strlen(last);
	if ((size_t)n >= size)
		return -E2BIG;
	memcpy(name, last, (size_t)n + 1);
	return n;
}

bool eb_sysfs_exists(int root, const char *path)
{
	return faccessat(root, path, F_OK, 0) == 0;
}

int eb_sysfs_list(int root, const char *path, int (*see)(void *ctx, const char *name),
		  void *ctx)
{
	int got = 0, fd = openat(root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent *entry;
	DIR *dir;

	if (fd < 0)
		return -errno;
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return -ENOMEM;
	}
	while (got == 0 && (entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			got = see(ctx, entry->d_name);
	closedir(dir);
	return got;
}

/* Lines as they come out of one read buffer; a longer line loses its end. */
struct lines {
	char line[512];
	size_t len;
	int (*see)(void *ctx, const char *line);
	void *ctx;
};

static int feed(struct lines *lines, const char *data, size_t len)
{
	size_t i;
	int got = 0;

	for (i = 0; i < len && got == 0; i++) {
		if (data[i] != '\n') {
			if (lines->len < sizeof(lines->line) - 1)
				lines->line[lines->len++] = data[i];
			continue;
		}
		lines->line[lines->len] = '\0';
		lines->len = 0;
		got = lines->see(lines->ctx, lines->line);
	}
	return got;
}

int eb_sysfs_lines(int root, const char *path, int (*see)(void *ctx, const char *line),
		   void *ctx)
{
	struct lines lines = {.see = see, .ctx = ctx};
	unsigned int skipped = 0;
	char data[2048];
	int got = 0, fd = openat(root, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ssize_t n = 0;

	if (fd < 0)
		return -errno;
	while (got == 0 && (n = read(fd, data, sizeof(data))) != 0) {
		/* /dev/kmsg gives a record a read: EPIPE for one that was overwritten,
		 * EINVAL for one that is too long, EAGAIN after the last (devkmsg_read).
		 */
		if (n < 0 && (errno == EINTR || errno == EPIPE || errno == EINVAL) &&
		    ++skipped < 1024)
			continue;
		if (n < 0 && errno == EAGAIN)
			break;
		got = n < 0 ? -errno : feed(&lines, data, (size_t)n);
	}
	if (got == 0 && lines.len > 0)
		got = feed(&lines, "\n", 1);
	close(fd);
	return got;
}

int eb_sysfs_mkdir(int root, const char *path)
{
	mode_t mask = umask(0);
	int err = mkdirat(root, path, 0755) < 0 && errno != EEXIST ? -errno : 0;

	umask(mask);
	return err;
}

int eb_sysfs_open_write(int root, const char *path, mode_t mode)
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

int eb_sysfs_rename(int root, const char *from, const char *to)
{
	return renameat(root, from, root, to) < 0 ? -errno : 0;
}

int eb_sysfs_remove(int root, const char *path)
{
	return unlinkat(root, path, 0) < 0 ? -errno : 0;
}
