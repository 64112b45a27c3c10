// SPDX-License-Identifier: GPL-2.0-or-later
/* Whole files and sorted directories below a root, for what has no fixed bound. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <earlybind/sysfs.h>

#include "file.h"

#define FIRST_SIZE 16384
#define MAX_NAMES  256

int eb_file_read(int root, const char *path, size_t most, char **text, size_t *len)
{
	size_t size = most < FIRST_SIZE ? most : FIRST_SIZE;
	char *buf = NULL;
	ssize_t n;

	for (;; size = size * 4 < most ? size * 4 : most) {
		free(buf);
		buf = malloc(size + 1);
		if (!buf)
			return -ENOMEM;
		n = eb_sysfs_read_bytes(root, path, buf, size + 1);
		if (n < 0 || (size_t)n <= size)
			break;
		if (size == most) {
			n = -EFBIG;
			break;
		}
	}
	if (n < 0) {
		free(buf);
		return (int)n;
	}
	buf[n] = '\0';
	*text = buf;
	*len = (size_t)n;
	return 0;
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

int eb_file_each(int root, const char *dir, const char *suffix,
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
