// SPDX-License-Identifier: GPL-2.0-or-later
/* Takes the place of lib/sysfs.c: a tree in memory, of lines of a tree file. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>

#include <earlybind/sysfs.h>

#include "memory-sysfs.h"
#include "tree-line.h"

#define NODES	2048
#define BUCKETS 4096
#define BYTES	(1 << 20)
#define LINKS	40
/* The numbers of open files, which close() must not know. */
#define FILES 1000000

struct node {
	int parent, next; /* next: of its bucket, or -1 */
	char kind;	  /* 'd', 'f' or 'l' */
	const char *name, *data;
	size_t name_len, len, at; /* at: how far it was read by eb_sysfs_read_lines() */
};

static struct node node[NODES];
static int nodes, bucket[BUCKETS];
static char bytes[BYTES];
static size_t used;

static unsigned int hash(int parent, const char *name, size_t len)
{
	unsigned int sum = (unsigned int)parent * 31;

	while (len--)
		sum = sum * 33 + (unsigned char)*name++;
	return sum % BUCKETS;
}

static int child(int parent, const char *name, size_t len)
{
	int i;

	for (i = bucket[hash(parent, name, len)]; i >= 0; i = node[i].next)
		if (node[i].parent == parent && node[i].name_len == len &&
		    memcmp(node[i].name, name, len) == 0)
			return i;
	return -1;
}

void memory_sysfs_clear(void)
{
	memset(bucket, 0xff, sizeof(bucket));
	node[0] = (struct node){.parent = 0, .kind = 'd', .next = -1};
	nodes = 1;
	used = 0;
}

/* LEN bytes of the store, or NULL. */
static char *room(size_t len)
{
	char *at = bytes + used;

	if (len > BYTES - used)
		return NULL;
	used += len;
	return at;
}

static int add_node(int parent, const char *name, size_t len, char kind)
{
	unsigned int in = hash(parent, name, len);
	char *copy = room(len);

	if (nodes == NODES || !copy)
		return -1;
	memcpy(copy, name, len);
	node[nodes] = (struct node){.parent = parent,
				    .next = bucket[in],
				    .kind = kind,
				    .name = copy,
				    .name_len = len,
				    .data = ""};
	bucket[in] = nodes;
	return nodes++;
}

/* The node of the line, made if it is new; -1 where something else is in the way. */
static int node_of(const struct eb_tree_line *line)
{
	const char *name = line->path;
	int at = 0, next;

	while (1) {
		size_t len = strcspn(name, "/");
		char kind = name[len] ? 'd' : line->kind;

		if (node[at].kind != 'd')
			return -1;
		next = child(at, name, len);
		if (next < 0)
			next = add_node(at, name, len, kind);
		else if (!name[len])
			return -1;
		at = next;
		if (at < 0 || !name[len])
			return at;
		name += len + 1;
	}
}

static void add_line(const char *text, const char *end)
{
	static struct eb_tree_line line;
	static char content[EB_TREE_LINE_MAX];
	const char *why;
	size_t len = 0;
	int byte, at;

	if (eb_tree_line_parse(&line, text, end, &why) < 0 || line.kind == '#')
		return;
	if (line.kind == 'l') {
		if (eb_tree_line_target(&line, content, &why) < 0)
			return;
		len = strlen(content);
	}
	while (line.kind == 'f' && line.pos < line.end) {
		byte = eb_tree_line_byte(&line, &why);
		if (byte < 0)
			return;
		content[len++] = (char)byte;
	}
	at = node_of(&line);
	if (at < 0)
		return;
	node[at].data = room(len);
	if (!node[at].data)
		node[at].data = "";
	else
		memcpy((char *)node[at].data, content, node[at].len = len);
}

void memory_sysfs_add(const char *text, size_t size)
{
	const char *end = text + size, *line_end;

	for (; text < end; text = line_end + 1) {
		line_end = memchr(text, '\n', (size_t)(end - text));
		if (!line_end)
			line_end = end;
		add_line(text, line_end);
	}
}

/* --- what lib/sysfs.c has --- */

/* The node at PATH, or -errno. A link at its end is followed unless LAST. */
static int find(const char *path, bool last)
{
	char rest[2 * EB_TREE_PATH_MAX], longer[2 * EB_TREE_PATH_MAX];
	int at = 0, links = 0, next;
	size_t len, more;

	if (strlen(path) >= sizeof(rest))
		return -ENAMETOOLONG;
	strcpy(rest, path);
	while (1) {
		more = strspn(rest, "/");
		memmove(rest, rest + more, strlen(rest + more) + 1);
		if (!rest[0])
			return at;
		if (node[at].kind != 'd')
			return -ENOTDIR;
		len = strcspn(rest, "/");
		more = len + strspn(rest + len, "/");
		if (len == 2 && memcmp(rest, "..", 2) == 0)
			next = node[at].parent;
		else
			next = len == 1 && rest[0] == '.' ? at : child(at, rest, len);
		if (next < 0)
			return -ENOENT;
		if (node[next].kind != 'l' || (last && !rest[more])) {
			at = next;
			memmove(rest, rest + more, strlen(rest + more) + 1);
			continue;
		}
		if (++links > LINKS)
			return -ELOOP;
		if (node[next].len + strlen(rest + more) + 2 > sizeof(longer))
			return -ENAMETOOLONG;
		memcpy(longer, node[next].data, node[next].len);
		longer[node[next].len] = '/';
		strcpy(longer + node[next].len + 1, rest + more);
		strcpy(rest, longer);
		if (rest[0] == '/')
			at = 0;
	}
}

int eb_sysfs_root(const char *path)
{
	(void)path;
	return 0;
}

int eb_sysfs_open(int root, const char *path, int flags)
{
	int at = find(path, false);

	(void)root;
	if (at < 0)
		return at;
	if (node[at].kind == 'd' && !(flags & (O_PATH | O_DIRECTORY)))
		return -EISDIR;
	if (node[at].kind != 'd' && (flags & O_DIRECTORY))
		return -ENOTDIR;
	node[at].at = 0;
	return FILES + at;
}

ssize_t eb_sysfs_read_bytes(int root, const char *path, char *buf, size_t size)
{
	int at = find(path, false);
	size_t n;

	(void)root;
	if (at < 0)
		return at;
	if (node[at].kind == 'd')
		return -EISDIR;
	n = node[at].len < size ? node[at].len : size;
	memcpy(buf, node[at].data, n);
	return (ssize_t)n;
}

ssize_t eb_sysfs_read(int root, const char *path, char *buf, size_t size)
{
	ssize_t n = eb_sysfs_read_bytes(root, path, buf, size);

	if (n < 0)
		return n;
	if ((size_t)n == size)
		return -E2BIG;
	if (n > 0 && buf[n - 1] == '\n')
		n--;
	buf[n] = '\0';
	return n;
}

ssize_t eb_sysfs_readlink(int root, const char *path, char *buf, size_t size)
{
	int at = find(path, true);

	(void)root;
	if (at < 0)
		return at;
	if (node[at].kind != 'l')
		return -EINVAL;
	if (node[at].len >= size)
		return -E2BIG;
	memcpy(buf, node[at].data, node[at].len);
	buf[node[at].len] = '\0';
	return (ssize_t)node[at].len;
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
	if (strlen(last) >= size)
		return -E2BIG;
	strcpy(name, last);
	return (ssize_t)strlen(last);
}

bool eb_sysfs_exists(int root, const char *path)
{
	(void)root;
	return find(path, false) >= 0;
}

int eb_sysfs_list(int root, const char *path, int (*see)(void *ctx, const char *name),
		  void *ctx)
{
	int i, got = 0, at = eb_sysfs_open(root, path, O_RDONLY | O_DIRECTORY);
	char name[EB_TREE_PATH_MAX];

	if (at < 0)
		return at;
	for (i = 1; i < nodes && got == 0; i++) {
		if (node[i].parent != at - FILES)
			continue;
		memcpy(name, node[i].name, node[i].name_len);
		name[node[i].name_len] = '\0';
		got = see(ctx, name);
	}
	return got;
}

/* In lib/sysfs.h of some versions only. */
int eb_sysfs_read_lines(int fd, int (*see)(void *ctx, const char *line), void *ctx);

/* A longer line loses its end. */
int eb_sysfs_read_lines(int fd, int (*see)(void *ctx, const char *line), void *ctx)
{
	struct node *file = &node[fd - FILES];
	char line[512];
	int got = 0;

	while (got == 0 && file->at < file->len) {
		const char *text = file->data + file->at;
		const char *end = memchr(text, '\n', file->len - file->at);
		size_t len = end ? (size_t)(end - text) : file->len - file->at;

		file->at += len + 1;
		if (len >= sizeof(line))
			len = sizeof(line) - 1;
		memcpy(line, text, len);
		line[len] = '\0';
		got = see(ctx, line);
	}
	return got;
}

int eb_sysfs_lines(int root, const char *path, int (*see)(void *ctx, const char *line),
		   void *ctx)
{
	int fd = eb_sysfs_open(root, path, O_RDONLY);

	return fd < 0 ? fd : eb_sysfs_read_lines(fd, see, ctx);
}
