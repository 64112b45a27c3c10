// SPDX-License-Identifier: GPL-2.0-or-later
/* Files below a root: the one reader, and the one writer, of whole files. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <earlybind/sysfs.h>

#include "files.h"

#define FRESH	  ".earlybind-new"
#define LOCK	  "run/earlybind.lock"
#define MAX_NAMES 256
/* How many copies of an edited file are numbered; nobody edits it more often. */
#define MAX_KEPT 999

static int open_dir(int root, const char *path)
{
	return eb_sysfs_open(root, path[0] ? path : ".", O_RDONLY | O_DIRECTORY);
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

/* Up to MOST bytes of FD, whole. */
static int read_fd(int fd, size_t most, char **text, size_t *len)
{
	size_t size = 0, used = 0;
	char *buf = NULL, *more;
	ssize_t n;

	do {
		if (used == size) {
			size = size ? size * 4 : 16384;
			size = size < most + 1 ? size : most + 1;
			more = realloc(buf, size + 1);
			if (!more) {
				free(buf);
				return -ENOMEM;
			}
			buf = more;
		}
		n = read(fd, buf + used, size - used);
		if (n > 0)
			used += (size_t)n;
	} while ((n > 0 && used <= most) || (n < 0 && errno == EINTR));
	if (n < 0 || used > most || (!len && memchr(buf, '\0', used))) {
		int err = n < 0 ? -errno : used > most ? -EFBIG : -EILSEQ;

		free(buf);
		return err;
	}
	buf[used] = '\0';
	*text = buf;
	if (len)
		*len = used;
	return 0;
}

static int read_flags(int root, const char *path, int flags, size_t most, char **text,
		      size_t *len)
{
	int err, fd = eb_sysfs_open(root, path, O_RDONLY | flags);

	*text = NULL;
	if (fd < 0)
		return fd;
	err = read_fd(fd, most, text, len);
	close(fd);
	return err;
}

int eb_files_read_most(int root, const char *path, size_t most, char **text, size_t *len)
{
	return read_flags(root, path, 0, most, text, len);
}

int eb_files_read(int root, const char *path, char **text)
{
	return read_flags(root, path, 0, EB_FILES_MOST, text, NULL);
}

int eb_files_read_own(int root, const char *path, char **text)
{
	return read_flags(root, path, O_NOFOLLOW, EB_FILES_MOST, text, NULL);
}

struct names {
	const char *suffix;
	int count;
	char *name[MAX_NAMES];
};

static int see_name(void *ctx, const char *name)
{
	struct names *names = ctx;
	size_t len = strlen(name), end = strlen(names->suffix);

	if (name[0] == '.' || len < end || strcmp(name + len - end, names->suffix) != 0)
		return 0;
	if (names->count == MAX_NAMES)
		return -E2BIG;
	names->name[names->count] = strdup(name);
	if (!names->name[names->count])
		return -ENOMEM;
	names->count++;
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int eb_files_each(int root, const char *dir, const char *suffix,
		  void (*see)(void *ctx, const char *path), void *ctx)
{
	struct names names = {.suffix = suffix};
	int i, err = eb_sysfs_list(root, dir, see_name, &names);
	char path[EB_MAX_PATH];

	qsort(names.name, (size_t)names.count, sizeof(names.name[0]), by_name);
	for (i = 0; i < names.count; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names.name[i]);
		if (err == 0)
			see(ctx, path);
		free(names.name[i]);
	}
	if (err < 0 && err != -ENOENT)
		return err;
	return err < 0 ? 0 : names.count;
}

int eb_files_exists(int root, const char *path)
{
	int fd = eb_sysfs_open(root, path, O_PATH);

	if (fd < 0)
		return fd == -ENOENT || fd == -ENOTDIR ? 0 : fd;
	close(fd);
	return 1;
}

bool eb_files_is_there(int root, const char *path)
{
	return eb_files_exists(root, path) == 1;
}

const char *eb_files_error(int err)
{
	switch (-err) {
	case ELOOP:
		return "it is a symbolic link";
	case EISDIR:
		return "it is a directory";
	case ENXIO:
		return "it is not a regular file";
	case EFBIG:
		return "it is too large";
	case EILSEQ:
		return "it is not text, as it has a NUL byte";
	case EACCES:
		return "permission denied; run it as root";
	}
	return strerror(-err);
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

int eb_files_write(int root, const char *path, const char *text, mode_t mode)
{
	const char *name;
	int dir = open_parent(root, path, &name), err;

	if (dir < 0)
		return dir;
	err = replace(dir, name, text, mode);
	close(dir);
	return err;
}

int eb_files_overwrite(int root, const char *path, const char *text)
{
	int fd = eb_sysfs_open(root, path, O_WRONLY | O_NOFOLLOW), err = 0;
	struct stat st;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		err = -errno;
	else if ((size_t)st.st_size != strlen(text))
		err = -EINVAL;
	if (err == 0)
		err = write_all(fd, text);
	if (err == 0 && fsync(fd) < 0)
		err = -errno;
	close(fd);
	return err;
}

int eb_files_refill(int root, const char *path, const char *text)
{
	int fd = eb_sysfs_open(root, path, O_WRONLY | O_TRUNC), err;

	if (fd < 0)
		return fd;
	err = write_all(fd, text);
	if (err == 0 && fsync(fd) < 0)
		err = -errno;
	if (close(fd) < 0 && err == 0)
		err = -errno;
	return err;
}

/* 1 where PATH is taken, also by a link to nothing; 0 where it is free; or negative
 * errno. */
static int is_taken(int root, const char *path)
{
	int fd = eb_sysfs_open(root, path, O_PATH | O_NOFOLLOW);

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	close(fd);
	return 1;
}

/* Is this very TEXT in PATH? */
static bool holds(int root, const char *path, const char *text)
{
	char *there = NULL;
	bool same;

	if (eb_files_read_own(root, path, &there) < 0)
		return false;
	same = there && strcmp(there, text) == 0;
	free(there);
	return same;
}

int eb_files_keep(int root, const char *path, const char *text, mode_t mode, char *name)
{
	int i, taken;

	for (i = 1; i <= MAX_KEPT; i++) {
		snprintf(name, EB_MAX_PATH, "%.480s.%d", path, i);
		taken = is_taken(root, name);
		if (taken == 0)
			return eb_files_write(root, name, text, mode);
		if (taken < 0)
			return taken;
		if (holds(root, name, text))
			return 0;
	}
	return -EEXIST;
}

mode_t eb_files_copy_mode(int root, const char *path)
{
	int fd = eb_sysfs_open(root, path, O_PATH);
	struct stat st = {.st_mode = fd == -ENOENT ? 0644 : 0};

	if (fd >= 0) {
		if (fstat(fd, &st) < 0)
			st.st_mode = 0;
		close(fd);
	}
	return st.st_mode & 0004 ? 0644 : 0600;
}

int eb_files_remove(int root, const char *path)
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

void eb_files_sweep(int root, const char *path)
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

int eb_files_rename(int root, const char *from, const char *to)
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

static int check_dir(int root, const char *path)
{
	int fd = open_dir(root, path);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

static int make_one(int root, const char *path)
{
	const char *name;
	int dir = open_parent(root, path, &name), err = 1;

	if (dir < 0)
		return dir;
	if (mkdirat(dir, name, 0755) < 0)
		err = errno == EEXIST ? check_dir(root, path) : -errno;
	else if (fchmodat(dir, name, 0755, 0) < 0 || (fsync(dir) < 0 && errno != EINVAL))
		err = -errno;
	close(dir);
	return err;
}

int eb_files_mkdir(int root, const char *path)
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

void eb_files_rmdir(int root, const char *path)
{
	const char *name;
	int dir = open_parent(root, path, &name);

	if (dir < 0)
		return;
	if (unlinkat(dir, name, AT_REMOVEDIR) == 0)
		fsync(dir);
	close(dir);
}

/* The lock is the file that LOCK names, root's alone: anybody can lock what anybody can
 * open. It is gone when the one before us has removed it; then it is tried again. */
int eb_files_lock(int root)
{
	const char *name;
	struct stat held, there;
	int dir = open_parent(root, LOCK, &name), fd, err;

	if (dir == -ENOENT && make_one(root, "run") >= 0)
		dir = open_parent(root, LOCK, &name);
	if (dir < 0)
		return dir;
	for (;;) {
		fd = openat(dir, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) < 0) {
			err = -errno;
			break;
		}
		if (fstat(fd, &held) == 0 &&
		    fstatat(dir, name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
		    held.st_ino == there.st_ino) {
			close(dir);
			return fd;
		}
		close(fd);
	}
	if (fd >= 0)
		close(fd);
	close(dir);
	return err;
}

void eb_files_unlock(int root, int lock)
{
	if (lock < 0)
		return;
	eb_files_remove(root, LOCK);
	close(lock);
}
