// SPDX-License-Identifier: GPL-2.0-or-later
/* What `enable` has written and what was there before it, in /var/lib/earlybind. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "enable-state.h"

#define STATE EB_KEPT_DIR "/enabled"
#define FIRST "earlybind 1"

static const struct {
	const char *name, *path;
} places[EB_PLACES] = {
	[EB_PLACE_GRUB] = {"grub", "etc/default/grub.d/earlybind.cfg"},
	[EB_PLACE_CMDLINE] = {"cmdline", "etc/kernel/cmdline"},
};

const char *eb_place_path(enum eb_place place)
{
	return places[place].path;
}

const char *eb_kept_copy(enum eb_place place, enum eb_copy copy)
{
	static const char *const copies[] = {[EB_COPY_BEFORE] = "before",
					     [EB_COPY_AFTER] = "after",
					     [EB_COPY_NEXT] = "next",
					     [EB_COPY_CHANGED] = "changed"};
	static char path[2][64];
	static unsigned int turn;

	turn ^= 1;
	snprintf(path[turn], sizeof(path[turn]), EB_KEPT_DIR "/%s.%s", places[place].name,
		 copies[copy]);
	return path[turn];
}

/* What follows WORD and a blank in LINE, or NULL. */
static const char *after(const char *line, const char *word)
{
	size_t len = strlen(word);

	return strncmp(line, word, len) == 0 && line[len] == ' ' ? line + len + 1 : NULL;
}

static int read_place(struct eb_kept *state, const char *line)
{
	size_t i;

	for (i = 0; i < EB_PLACES; i++) {
		const char *flags = after(line, places[i].name);

		if (!flags)
			continue;
		state->place[i].used = true;
		state->place[i].existed = strstr(flags, "existed") != NULL;
		state->place[i].made_dir = strstr(flags, "made-dir") != NULL;
		return 0;
	}
	return -EINVAL;
}

static int read_line(struct eb_kept *state, const char *line)
{
	const char *value;

	if ((value = after(line, "words")) && strlen(value) < EB_MAX_WORDS)
		snprintf(state->words, sizeof(state->words), "%s", value);
	else if ((value = after(line, "older")) && strlen(value) < EB_MAX_WORDS)
		snprintf(state->older, sizeof(state->older), "%s", value);
	else if (strcmp(line, "finished") == 0)
		state->finished = true;
	else
		return read_place(state, line);
	return 0;
}

static int read_text(char *text, struct eb_kept *state)
{
	char *line = text, *end;
	int err = 0;

	for (; err == 0 && (end = strchr(line, '\n')) != NULL; line = end + 1) {
		*end = '\0';
		if (line == text)
			err = strcmp(line, FIRST) == 0 ? 0 : -EINVAL;
		else
			err = read_line(state, line);
	}
	return err == 0 && (*line || line == text) ? -EINVAL : err;
}

int eb_kept_read(int root, struct eb_kept *state)
{
	char *text;
	int err;

	*state = (struct eb_kept){.enabled = false};
	err = eb_files_read_own(root, STATE, &text);
	if (err == -ENOENT)
		return 0;
	if (err < 0)
		return err;
	state->enabled = true;
	err = read_text(text, state);
	free(text);
	return err;
}

int eb_kept_write(int root, const struct eb_kept *state)
{
	size_t size = 2 * EB_MAX_WORDS + 256, i;
	char *text = malloc(size);
	int n, err;

	if (!text)
		return -ENOMEM;
	n = snprintf(text, size, FIRST "\nwords %s\n", state->words);
	if (state->older[0])
		n += snprintf(text + n, size - (size_t)n, "older %s\n", state->older);
	for (i = 0; i < EB_PLACES; i++)
		if (state->place[i].used)
			n += snprintf(text + n, size - (size_t)n, "%s %s%s\n",
				      places[i].name,
				      state->place[i].existed ? "existed" : "new",
				      state->place[i].made_dir ? " made-dir" : "");
	if (state->finished)
		snprintf(text + n, size - (size_t)n, "finished\n");
	err = eb_files_write(root, STATE, text, 0644);
	free(text);
	return err;
}

void eb_kept_sweep(int root)
{
	size_t i;
	int copy;

	eb_files_sweep(root, STATE);
	for (i = 0; i < EB_PLACES; i++) {
		eb_files_sweep(root, places[i].path);
		for (copy = EB_COPY_BEFORE; copy <= EB_COPY_CHANGED; copy++)
			eb_files_sweep(root,
				      eb_kept_copy((enum eb_place)i, (enum eb_copy)copy));
	}
}

int eb_kept_remove(int root)
{
	int err = eb_files_remove(root, STATE);
	size_t i;

	if (err < 0)
		return err;
	eb_kept_sweep(root);
	for (i = 0; i < EB_PLACES; i++) {
		eb_files_remove(root, eb_kept_copy((enum eb_place)i, EB_COPY_BEFORE));
		eb_files_remove(root, eb_kept_copy((enum eb_place)i, EB_COPY_AFTER));
		eb_files_remove(root, eb_kept_copy((enum eb_place)i, EB_COPY_NEXT));
	}
	eb_files_rmdir(root, EB_KEPT_DIR);
	return 0;
}
