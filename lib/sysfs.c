// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads files, links and directories below a root directory. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#ifndef __KLIBC__
#include <linux/openat2.h>
#include <stdint.h>
#include <sys/syscall.h>
#endif

#include <earlybind/sysfs.h>

int eb_sysfs_root(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

#ifdef __KLIBC__
/* The agent has / for its root, or goes there first (agent/main.c). */
static int open_below(int root, const char *path, int flags)
{
	int fd = openat(root, path, flags | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}
#else
/* As many as the kernel follows (include/linux/namei.h, MAXSYMLINKS). */
#define MAX_LINKS 40

#define MAX_TRIES 32

/* A path that is walked component by component, as RESOLVE_IN_ROOT walks it. */
struct walk {
	int root;
	int dir; /* where we are */
	int links;
	char rest[2 * EB_MAX_PATH];
};

static int step_to(struct walk *walk, int fd)
{
	if (fd < 0)
		return -errno;
	if (walk->dir != walk->root)
		close(walk->dir);
	walk->dir = fd;
	return 0;
}

/* The target of the link NAME takes its place in the rest of the path. */
static int follow(struct walk *walk, const char *name, const char *rest)
{
	char path[2 * EB_MAX_PATH];
	ssize_t n = readlinkat(walk->dir, name, path, EB_MAX_PATH - 1);

	if (n < 0)
		return -errno;
	if (++walk->links > MAX_LINKS)
		return -ELOOP;
	if ((size_t)n + strlen(rest) + 2 > sizeof(path))
		return -ENAMETOOLONG;
	snprintf(path + n, sizeof(path) - (size_t)n, "/%s", rest);
	memcpy(walk->rest, path, sizeof(path));
	if (path[0] == '/')
		step_to(walk, walk->root);
	return 0;
}

/* ".." of the root is the root. */
static int step_up(struct walk *walk)
{
	struct stat here, root;

	if (fstat(walk->dir, &here) < 0 || fstat(walk->root, &root) < 0)
		return -errno;
	if (here.st_dev == root.st_dev && here.st_ino == root.st_ino)
		return 0;
	return step_to(walk, openat(walk->dir, "..", O_PATH | O_DIRECTORY | O_CLOEXEC));
}

/* Take one component. 1 when the last was opened, which DIR then is. */
static int walk_on(struct walk *walk, int flags)
{
	char *name = walk->rest + strspn(walk->rest, "/"), *end, *rest;
	struct stat st;
	bool last;
	int err;

	end = name + strcspn(name, "/");
	rest = end + strspn(end, "/");
	last = *rest == '\0';
	if (name == end)
		name = (char *)".";
	*end = '\0';
	if (strcmp(name, "..") == 0) {
		memmove(walk->rest, rest, strlen(rest) + 1);
		return step_up(walk);
	}
	if (fstatat(walk->dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISLNK(st.st_mode) && !(last && (flags & O_NOFOLLOW)))
		return follow(walk, name, rest);
	if (last) {
		err = step_to(walk,
			      openat(walk->dir, name, flags | O_NOFOLLOW | O_CLOEXEC));
		return err ? err : 1;
	}
	err = step_to(walk, openat(walk->dir, name,
				   O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
	memmove(walk->rest, rest, strlen(rest) + 1);
	return err;
}

static int open_by_walking(int root, const char *path, int flags)
{
	struct walk walk = {.root = root, .dir = root};
	int err;

	if (strlen(path) >= EB_MAX_PATH)
		return -ENAMETOOLONG;
	snprintf(walk.rest, sizeof(walk.rest), "%s", path);
	do {
		err = walk_on(&walk, flags);
	} while (err == 0);
	if (err > 0)
		return walk.dir;
	if (walk.dir != root)
		close(walk.dir);
	return err;
}

/* Whatever a link below ROOT says, nothing outside of ROOT is opened. By the kernel's
 * name of the call: the C library of Debian 11 has no SYS_openat2. Before Linux 5.6, and
 * below valgrind, there is no such call. It fails with EAGAIN where anything on the
 * machine was renamed while it went up by ".." (fs/namei.c, handle_dots): then it is
 * tried again. */
static int open_below(int root, const char *path, int flags)
{
	struct open_how how = {.flags = (uint64_t)(flags | O_CLOEXEC),
			       .resolve = RESOLVE_IN_ROOT};
	static bool missing;
	int fd, tries;

	for (tries = 0; tries < MAX_TRIES && !missing; tries++) {
		fd = (int)syscall(__NR_openat2, root, path, &how, sizeof(how));
		if (fd >= 0 || (errno != EAGAIN && errno != ENOSYS))
			return fd < 0 ? -errno : fd;
		missing = errno == ENOSYS;
	}
	return open_by_walking(root, path, flags);
}
#endif

/* The kernel log is the only device that is read (include/uapi/linux/major.h, MEM_MAJOR;
 * drivers/char/mem.c). */
static bool may_be_read(const struct stat *st)
{
	return S_ISREG(st->st_mode) ||
	       (S_ISCHR(st->st_mode) && st->st_rdev == makedev(1, 11));
}

int eb_sysfs_open(int root, const char *path, int flags)
{
	int wait = flags & O_PATH ? 0 : O_NONBLOCK | O_NOCTTY;
	int fd = open_below(root, path, flags | wait);
	struct stat st;
	int err = 0;

	if (fd < 0 || (flags & (O_PATH | O_DIRECTORY)))
		return fd;
	if (fstat(fd, &st) < 0)
		err = -errno;
	else if (!may_be_read(&st))
		err = S_ISDIR(st.st_mode) ? -EISDIR : -ENXIO;
	if (err == 0)
		return fd;
	close(fd);
	return err;
}

/* Up to SIZE bytes of the file. One read has all of an attribute, of a file in /proc that
 * is one record, and of a file on a disk (fs/kernfs/file.c, fs/seq_file.c). */
static ssize_t read_all(int root, const char *path, char *buf, size_t size)
{
	int err, fd = eb_sysfs_open(root, path, O_RDONLY);
	ssize_t n;

	if (fd < 0)
		return fd;
	do {
		n = read(fd, buf, size);
	} while (n < 0 && errno == EINTR);
	err = errno;
	close(fd);
	return n < 0 ? -err : n;
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

ssize_t eb_sysfs_readlink(int root, const char *path, char *buf, size_t size)
{
#ifdef __KLIBC__
	ssize_t n = readlinkat(root, path, buf, size);
	int err = n < 0 ? -errno : 0;
#else
	int err = 0, fd = open_below(root, path, O_PATH | O_NOFOLLOW);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = readlinkat(fd, "", buf, size);
	if (n < 0)
		err = errno == ENOENT ? -EINVAL : -errno;
	close(fd);
#endif
	if (err)
		return err;
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
#ifdef __KLIBC__
	return faccessat(root, path, F_OK, 0) == 0;
#else
	int fd = open_below(root, path, O_PATH);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
#endif
}

int eb_sysfs_list(int root, const char *path, int (*see)(void *ctx, const char *name),
		  void *ctx)
{
	int got = 0, fd = open_below(root, path, O_RDONLY | O_DIRECTORY);
	struct dirent *entry;
	DIR *dir;

	if (fd < 0)
		return fd;
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

/* Longer lines lose their end. */
#define MAX_LINE 512

/* Hand over the lines that end in the LEN bytes of DATA, and move the rest to its start;
 * how long that is goes to LEN. */
static int feed(char *data, size_t *len, int (*see)(void *ctx, const char *line),
		void *ctx)
{
	char *line = data, *end, *stop = data + *len;
	int got = 0;

	while (got == 0 && (end = memchr(line, '\n', (size_t)(stop - line))) != NULL) {
		*end = '\0';
		if (end - line >= MAX_LINE)
			line[MAX_LINE - 1] = '\0';
		got = see(ctx, line);
		line = end + 1;
	}
	*len = (size_t)(stop - line);
	memmove(data, line, *len);
	return got;
}

int eb_sysfs_read_lines(int fd, int (*see)(void *ctx, const char *line), void *ctx)
{
	/* What is left of a line is at the start. */
	char data[MAX_LINE + 2048];
	unsigned int skipped = 0;
	size_t len = 0;
	ssize_t n = 0;
	int got = 0;

	while (got == 0 && (n = read(fd, data + len, 2048)) != 0) {
		/* /dev/kmsg gives a record a read: EPIPE for one that was overwritten,
		 * EINVAL for one that is too long, EAGAIN after the last (devkmsg_read).
		 */
		if (n < 0 && (errno == EINTR || errno == EPIPE || errno == EINVAL) &&
		    ++skipped < 1024)
			continue;
		if (n < 0)
			break;
		len += (size_t)n;
		got = feed(data, &len, see, ctx);
		if (len > MAX_LINE)
			len = MAX_LINE;
	}
	if (n < 0 && errno != EAGAIN)
		return -errno;
	if (got == 0 && len > 0) {
		data[len++] = '\n';
		got = feed(data, &len, see, ctx);
	}
	return got;
}

int eb_sysfs_lines(int root, const char *path, int (*see)(void *ctx, const char *line),
		   void *ctx)
{
	int got, fd = eb_sysfs_open(root, path, O_RDONLY);

	if (fd < 0)
		return fd;
	got = eb_sysfs_read_lines(fd, see, ctx);
	close(fd);
	return got;
}
