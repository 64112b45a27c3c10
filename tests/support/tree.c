// SPDX-License-Identifier: GPL-2.0-or-later
/* Makes a directory from a tree file: one machine's /sys, /proc and /run as text. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tree-line.h"

struct eb_tree {
	int root;
	unsigned int number; /* of the line */
	struct eb_tree_line line;
	/* Path of the line before, if it was an f line: one more f line of it appends. */
	char last[EB_TREE_PATH_MAX];
	/* Reason of a refusal, where errno says too little. */
	const char *why;
};

/* Open the directory one step below parent, making it if need be; parent is closed. */
static int tree_enter(struct eb_tree *tree, int parent, const char *name)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int fd, error;

	fd = openat(parent, name, flags);
	if (fd < 0 && errno == ENOENT && mkdirat(parent, name, 0755) == 0)
		fd = openat(parent, name, flags);
	error = fd < 0 ? -errno : 0;
	close(parent);
	if (error == -ENOTDIR || error == -ELOOP)
		tree->why = "a file or a link is where a directory should be";
	return error ? error : fd;
}

/*
 * Open the directory that the line's path is in. Returns a descriptor or a negative
 * errno. The path is cut while at work and whole again after.
 */
static int tree_open_parent(struct eb_tree *tree)
{
	char *part = tree->line.path;
	char *slash;
	int fd;

	fd = fcntl(tree->root, F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	while ((slash = strchr(part, '/'))) {
		*slash = '\0';
		fd = tree_enter(tree, fd, part);
		*slash = '/';
		if (fd < 0)
			return fd;
		part = slash + 1;
	}
	return fd;
}

static int tree_make_dir(struct eb_tree *tree, int parent, const char *name)
{
	int fd;

	parent = fcntl(parent, F_DUPFD_CLOEXEC, 0);
	if (parent < 0)
		return -errno;
	fd = tree_enter(tree, parent, name);
	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

static int tree_make_file(struct eb_tree *tree, int parent, const char *name)
{
	int again = strcmp(tree->last, tree->line.path) == 0;
	int flags = O_WRONLY | O_NOFOLLOW | O_CLOEXEC;
	FILE *file = NULL;
	int error = 0;
	int fd, byte;

	fd = openat(parent, name, flags | (again ? O_APPEND : O_CREAT | O_EXCL), 0644);
	if (fd >= 0)
		file = fdopen(fd, "w");
	if (!file)
		return -errno;
	while (!error && tree->line.pos < tree->line.end) {
		byte = eb_tree_line_byte(&tree->line, &tree->why);
		if (byte < 0)
			error = byte;
		else if (putc(byte, file) == EOF)
			error = -errno;
	}
	if (fclose(file) == EOF && !error)
		error = -errno;
	return error;
}

static int tree_make_link(struct eb_tree *tree, int parent, const char *name)
{
	char target[EB_TREE_PATH_MAX];
	int error;

	error = eb_tree_line_target(&tree->line, target, &tree->why);
	if (error)
		return error;
	return symlinkat(target, parent, name) < 0 ? -errno : 0;
}

static int tree_make_entry(struct eb_tree *tree)
{
	const char *slash = strrchr(tree->line.path, '/');
	const char *name = slash ? slash + 1 : tree->line.path;
	int parent, error;

	parent = tree_open_parent(tree);
	if (parent < 0)
		return parent;
	switch (tree->line.kind) {
	case 'd':
		error = tree_make_dir(tree, parent, name);
		break;
	case 'l':
		error = tree_make_link(tree, parent, name);
		break;
	default:
		error = tree_make_file(tree, parent, name);
	}
	close(parent);
	tree->last[0] = '\0';
	if (tree->line.kind == 'f')
		memcpy(tree->last, tree->line.path, sizeof(tree->last));
	return error;
}

static int tree_make_all(struct eb_tree *tree, const char *pos, const char *end)
{
	const char *newline;
	int error;

	for (; pos < end; pos = newline + 1) {
		tree->number++;
		newline = memchr(pos, '\n', (size_t)(end - pos));
		if (!newline) {
			tree->why = "the last line has no newline";
			return -EINVAL;
		}
		error = eb_tree_line_parse(&tree->line, pos, newline, &tree->why);
		if (!error && tree->line.kind != '#')
			error = tree_make_entry(tree);
		if (error)
			return error;
	}
	return 0;
}

static int tree_make_from(struct eb_tree *tree, int file)
{
	struct stat st;
	void *map;
	int error;

	if (fstat(file, &st) < 0)
		return -errno;
	if (st.st_size == 0)
		return 0;
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, file, 0);
	if (map == MAP_FAILED)
		return -errno;
	error = tree_make_all(tree, map, (const char *)map + st.st_size);
	munmap(map, (size_t)st.st_size);
	return error;
}

int eb_tree_make(const char *file, const char *dir, char *err, size_t err_size)
{
	struct eb_tree tree;
	int error = 0;
	int fd;

	memset(&tree, 0, sizeof(tree));
	tree.root = -1;
	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		error = -errno;
		goto out;
	}
	if (mkdir(dir, 0755) == 0 || errno == EEXIST)
		tree.root = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (tree.root < 0) {
		error = -errno;
		tree.why = "cannot use the directory";
		goto out;
	}
	error = tree_make_from(&tree, fd);
out:
	if (error && err)
		snprintf(err, err_size, "%s:%u: %s%s%s", file, tree.number,
			 tree.why ? tree.why : "", tree.why ? ": " : "",
			 strerror(-error));
	if (tree.root >= 0)
		close(tree.root);
	if (fd >= 0)
		close(fd);
	return error;
}

static int tree_remove_one(const char *path, const struct stat *st, int type,
			   struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	return remove(path) < 0 ? -errno : 0;
}

int eb_tree_remove(const char *dir)
{
	int error = nftw(dir, tree_remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);

	/* -1 is nftw()'s own failure, or the callback's -EPERM: errno has it in both */
	return error == -1 ? -errno : error;
}
