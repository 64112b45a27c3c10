// SPDX-License-Identifier: GPL-2.0-or-later
/* Files of the system that are changed: whole or not at all, and never through a link. */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <earlybind/sysfs.h>

#include "save.h"

#define MOST  (1U << 20)
#define FRESH ".earlybind-new"

/* Open PATH, "" for ROOT itself, as if ROOT were /. By the kernel's name of the call: the
 * C library of Debian 11 has no SYS_openat2. */
static int open_in(int root, const char *path, uint64_t flags)
{
	struct open_how how = {.flags = O_RDONLY | O_CLOEXEC | flags,
			       .resolve = RESOLVE_IN_ROOT};
	int fd = (int)syscall(__NR_openat2, root, path[0] ? path : ".", &how,
			      sizeof(how));

	return fd < 0 ? -errno : fd;
}

static int open_dir(int root, const char *path)
{
	return open_in(root, path, O_DIRECTORY);
}

/* Open the directory of PATH; NAME is what follows it. */
static int open_parent(int root, const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');
	char dir[EB_MAX_PATH];

	*name = slash ? slash + 1 : path;
	if (slash && (size_t)(slash - path) >= sizeof(dir))
		return -ENAMETOOLONG;
	snprintf(dir, sizeof(dir), "%.*s", slash ? (int)(slash - path) : 0, path);
	return open_dir(root, dir);
}

static int read_fd(int fd, char **text)
{
	char *buf = malloc(MOST + 1);
	size_t len = 0;
	ssize_t n;

	if (!buf)
		return -ENOMEM;
	do {
		n = read(fd, buf + len, MOST + 1 - len);
		if (n > 0)
			len += (size_t)n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	if (n < 0 || len > MOST || memchr(buf, '\0', len)) {
		int err = n < 0 ? -errno : len > MOST ? -EFBIG : -EINVAL;

		free(buf);
		return err;
	}
	buf[len] = '\0';
	*text = buf;
	return 0;
}

int eb_save_read(int root, const char *path, char **text)
{
	const char *name;
	int dir = open_parent(root, path, &name), fd, err;

	if (dir < 0)
		return dir;
	fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	err = fd < 0 ? -errno : read_fd(fd, text);
	if (fd >= 0)
		close(fd);
	close(dir);
	return err;
}

int eb_save_look(int root, const char *path, char **text)
{
	int fd = open_in(root, path, O_NONBLOCK), err;

	if (fd < 0)
		return fd;
	err = read_fd(fd, text);
	close(fd);
	return err;
}

static int write_all(int fd, const char *text)
{
	size_t len = strlen(text);

	while (len > 0) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		len -= (size_t)n;
	}
	return 0;
}

/* The new file has the mode and the owner of the one that it replaces, or else MODE. */
static int adopt(int dir, const char *name, int fd, mode_t mode)
{
	struct stat old;

	if (fstatat(dir, name, &old, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT && fchmod(fd, mode) == 0 ? 0 : -errno;
	if (!S_ISREG(old.st_mode))
		return S_ISLNK(old.st_mode) ? -ELOOP : -EINVAL;
	if (fchown(fd, old.st_uid, old.st_gid) < 0 || fchmod(fd, old.st_mode & 07777) < 0)
		return -errno;
	return 0;
}

static int replace(int dir, const char *name, const char *text, mode_t mode)
{
	char fresh[EB_MAX_PATH];
	int fd, err;

	snprintf(fresh, sizeof(fresh), "%s" FRESH, name);
	/* What a run before this one left, which was stopped here. */
	unlinkat(dir, fresh, 0);
	fd = openat(dir, fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		    0600);
	if (fd < 0)
		return -errno;
	err = adopt(dir, name, fd, mode);
	if (err == 0)
		err = write_all(fd, text);
	if (err == 0 && fsync(fd) < 0)
		err = -errno;
	if (close(fd) < 0 && err == 0)
		err = -errno;
	if (err == 0 && renameat(dir, fresh, dir, name) < 0)
		err = -errno;
	if (err < 0)
		unlinkat(dir, fresh, 0);
	else if (fsync(dir) < 0 && errno != EINVAL)
		err = -errno;
	return err;
}

static int write_mode(int root, const char *path, const char *text, mode_t mode)
{
	const char *name;
	int dir = open_parent(root, path, &name), err;

	if (dir < 0)
		return dir;
	err = replace(dir, name, text, mode);
	close(dir);
	return err;
}

int eb_save_write(int root, const char *path, const char *text)
{
	return write_mode(root, path, text, 0644);
}

int eb_save_write_copy(int root, const char *path, const char *text, const char *of)
{
	const char *name;
	struct stat st;
	int dir = open_parent(root, of, &name);
	mode_t mode = 0644;

	if (dir >= 0 && fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    !(st.st_mode & 0004))
		mode = 0600;
	if (dir >= 0)
		close(dir);
	return write_mode(root, path, text, mode);
}

int eb_save_remove(int root, const char *path)
{
	const char *name;
	struct stat st;
	int dir = open_parent(root, path, &name), err = 0;

	if (dir < 0)
		return dir == -ENOENT ? 0 : dir;
	/* On a read-only file system even what is not there cannot be removed. */
	if ((fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	     unlinkat(dir, name, 0) < 0 || (fsync(dir) < 0 && errno != EINVAL)) &&
	    errno != ENOENT)
		err = -errno;
	close(dir);
	return err;
}

void eb_save_sweep(int root, const char *path)
{
	const char *name;
	char fresh[EB_MAX_PATH];
	int dir = open_parent(root, path, &name);

	if (dir < 0)
		return;
	snprintf(fresh, sizeof(fresh), "%s" FRESH, name);
	unlinkat(dir, fresh, 0);
	close(dir);
}

int eb_save_rename(int root, const char *from, const char *to)
{
	const char *name, *slash = strrchr(to, '/');
	int dir = open_parent(root, from, &name), err = 0;

	if (dir < 0)
		return dir;
	if (renameat(dir, name, dir, slash ? slash + 1 : to) < 0 ||
	    (fsync(dir) < 0 && errno != EINVAL))
		err = -errno;
	close(dir);
	return err;
}

static int make_one(int root, const char *path)
{
	const char *name;
	int dir = open_parent(root, path, &name), err = 1;

	if (dir < 0)
		return dir;
	if (mkdirat(dir, name, 0755) < 0)
		err = errno == EEXIST ? 0 : -errno;
	else if (fchmodat(dir, name, 0755, 0) < 0)
		err = -errno;
	close(dir);
	return err;
}

int eb_save_mkdir(int root, const char *path)
{
	char part[EB_MAX_PATH];
	size_t len;
	int err = 0;

	for (len = strcspn(path, "/");; len += 1 + strcspn(path + len + 1, "/")) {
		snprintf(part, sizeof(part), "%.*s", (int)len, path);
		err = make_one(root, part);
		if (err < 0 || path[len] == '\0')
			return err;
	}
}

void eb_save_rmdir(int root, const char *path)
{
	const char *name;
	int dir = open_parent(root, path, &name);

	if (dir < 0)
		return;
	unlinkat(dir, name, AT_REMOVEDIR);
	close(dir);
}

int eb_save_lock(int root)
{
	/* A directory that is there anyway, so that no file is left behind. */
	int dir = open_dir(root, "etc");

	if (dir < 0)
		return dir == -ENOENT ? 0 : dir;
	return flock(dir, LOCK_EX | LOCK_NB) < 0 ? -errno : 0;
}

bool eb_save_exists(int root, const char *path)
{
	const char *name;
	struct stat st;
	int dir = open_parent(root, path, &name);
	bool there;

	if (dir < 0)
		return false;
	there = fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
	close(dir);
	return there;
}
