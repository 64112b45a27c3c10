// SPDX-License-Identifier: GPL-2.0-or-later
/* The files in a directory and in those below it. */
#include <errno.h>
#include <string.h>

#include "files.h"
#include "walk.h"

/* Directories within directories, as deep as libvirt's hooks may be and no deeper. */
#define MAX_DEPTH 6
/* Entries that are looked at: links may lead around in circles. */
#define MAX_ENTRIES 4096

struct walk {
	int root;
	int depth, seen;
	int err; /* of the first directory that cannot be read */
	const char *suffix;
	void (*see)(void *ctx, const char *path);
	void *ctx;
};

static void see_entry(void *ctx, const char *path)
{
	struct walk *walk = ctx;
	size_t len = strlen(path), end = strlen(walk->suffix);
	int count = -ENOTDIR;

	if (++walk->seen > MAX_ENTRIES)
		count = -E2BIG;
	else if (walk->depth < MAX_DEPTH) {
		walk->depth++;
		count = eb_files_each(walk->root, path, "", see_entry, walk);
		walk->depth--;
	}
	if (count == -ENOTDIR && len >= end &&
	    strcmp(path + len - end, walk->suffix) == 0)
		walk->see(walk->ctx, path);
	else if (count < 0 && count != -ENOTDIR && walk->err == 0)
		walk->err = count;
}

int eb_walk_files(int root, const char *dir, const char *suffix,
		  void (*see)(void *ctx, const char *path), void *ctx)
{
	struct walk walk = {.root = root, .suffix = suffix, .see = see, .ctx = ctx};
	int count = eb_files_each(root, dir, "", see_entry, &walk);

	return walk.err < 0 ? walk.err : count;
}
