// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads the configuration of modprobe as libkmod reads it (libkmod/libkmod-config.c). */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <earlybind/sysfs.h>

#include "files.h"
#include "modprobe-d.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const dirs[] = {"etc/modprobe.d", "run/modprobe.d",
				   "usr/local/lib/modprobe.d"};

/* End the line at TEXT and return the next one; a backslash before its end joins them. */
static char *cut_line(char *text, unsigned int *lines)
{
	char *to = text;

	for (; *text && *text != '\n'; text++) {
		if (text[0] == '\\' && text[1] == '\n') {
			text++;
			++*lines;
		} else {
			*to++ = *text;
		}
	}
	++*lines;
	text += *text == '\n';
	*to = '\0';
	return text;
}

/* The word at *TEXT, ended, and *TEXT behind it. */
static char *cut_word(char **text)
{
	char *word = *text + strspn(*text, " \t");

	*text = word + strcspn(word, " \t");
	if (**text)
		*(*text)++ = '\0';
	return word;
}

void eb_modprobe_read(char *text, const char *path,
		      void (*see)(void *ctx, const struct eb_modprobe_line *line),
		      void *ctx)
{
	unsigned int number = 1, next;
	char *line, *module, *at;

	for (; *text; number = next) {
		struct eb_modprobe_line found = {.path = path, .number = number};

		line = text;
		next = number;
		text = cut_line(line, &next);
		found.command = cut_word(&line);
		if (found.command[0] == '#' || found.command[0] == '\0')
			continue;
		module = cut_word(&line);
		for (at = module; *at; at++)
			if (*at == '-')
				*at = '_';
		found.module = module;
		found.rest = line + strspn(line, " \t");
		if (module[0])
			see(ctx, &found);
	}
}

struct reader {
	int root;
	size_t dir;
	void (*see)(void *ctx, const struct eb_modprobe_line *line);
	void (*unreadable)(void *ctx, const char *path, int err);
	void *ctx;
};

/* Is there a file of this name, or a link to none, in a directory that comes before? */
static bool is_masked(const struct reader *reader, const char *name)
{
	char path[EB_MAX_PATH];
	size_t i;

	for (i = 0; i < reader->dir && i < COUNT(dirs); i++) {
		int fd;

		snprintf(path, sizeof(path), "%s/%s", dirs[i], name);
		fd = eb_sysfs_open(reader->root, path, O_PATH | O_NOFOLLOW);
		if (fd < 0)
			continue;
		close(fd);
		return true;
	}
	return false;
}

/* A link to it stands for an empty file, which masks others of its name. */
static bool is_null(int root, const char *path)
{
	char target[16];

	return eb_sysfs_readlink(root, path, target, sizeof(target)) > 0 &&
	       strcmp(target, "/dev/null") == 0;
}

static void see_file(void *ctx, const char *path)
{
	const struct reader *reader = ctx;
	char *text;
	int err;

	if (is_masked(reader, strrchr(path, '/') + 1) || is_null(reader->root, path))
		return;
	err = eb_files_read(reader->root, path, &text);
	if (err < 0) {
		reader->unreadable(reader->ctx, path, err);
		return;
	}
	eb_modprobe_read(text, path, reader->see, reader->ctx);
	free(text);
}

void eb_modprobe_each(int root,
		      void (*see)(void *ctx, const struct eb_modprobe_line *line),
		      void (*unreadable)(void *ctx, const char *path, int err), void *ctx)
{
	struct reader reader = {
		.root = root, .see = see, .unreadable = unreadable, .ctx = ctx};

	for (reader.dir = 0; reader.dir < COUNT(dirs); reader.dir++) {
		int count = eb_files_each(root, dirs[reader.dir], ".conf", see_file,
					  &reader);

		if (count < 0)
			unreadable(ctx, dirs[reader.dir], count);
	}
}
