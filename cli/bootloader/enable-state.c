// SPDX-License-Identifier: GPL-2.0-or-later
/* The state of `earlybind enable`, in /var/lib/earlybind. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enable-state.h"
#include "files.h"

/* Version 1 has neither loader nor tools. */
#define FIRST	  "earlybind 2"
#define FIRST_OLD "earlybind 1"

const char *eb_enable_state_copy(enum eb_place place, enum eb_copy copy)
{
	static const char *const copies[EB_COPIES] = {[EB_COPY_BEFORE] = "before",
						      [EB_COPY_AFTER] = "after",
						      [EB_COPY_NEXT] = "next"};
	static char path[2][64];
	static unsigned int turn;

	turn ^= 1;
	snprintf(path[turn], sizeof(path[turn]), EB_ENABLE_DIR "/%s.%s",
		 eb_place_name(place), copies[copy]);
	return path[turn];
}

/* What follows WORD and a blank in LINE, or NULL. */
static const char *after(const char *line, const char *word)
{
	size_t len = strlen(word);

	return strncmp(line, word, len) == 0 && line[len] == ' ' ? line + len + 1 : NULL;
}

/* Copy VALUE whole. */
static int take(char *out, size_t size, const char *value)
{
	if (strlen(value) >= size)
		return -EINVAL;
	memcpy(out, value, strlen(value) + 1);
	return 0;
}

static int read_tool(struct eb_enable_state *state, const char *value)
{
	struct eb_tool *tool = &state->tool[state->tools];

	if (state->tools == EB_MAX_TOOLS)
		return -EINVAL;
	state->tools++;
	while (*value) {
		size_t len = strcspn(value, " ");

		if (tool->argc == EB_MAX_TOOL_ARGS || len >= sizeof(tool->argv[0]))
			return -EINVAL;
		snprintf(tool->argv[tool->argc++], sizeof(tool->argv[0]), "%.*s",
			 (int)len, value);
		value += len + (value[len] == ' ');
	}
	return 0;
}

static int read_place(struct eb_enable_state *state, const char *line)
{
	size_t i;

	for (i = 0; i < EB_PLACES; i++) {
		const char *flags = after(line, eb_place_name((enum eb_place)i));

		if (!flags)
			continue;
		state->place[i].used = true;
		state->place[i].existed = strstr(flags, "existed") != NULL;
		state->place[i].made_dir = strstr(flags, "made-dir") != NULL;
		return 0;
	}
	return -EINVAL;
}

static int read_line(struct eb_enable_state *state, const char *line)
{
	const char *value;

	if ((value = after(line, "words")))
		return take(state->words, sizeof(state->words), value);
	if ((value = after(line, "older")))
		return take(state->older, sizeof(state->older), value);
	if ((value = after(line, "try")))
		return take(state->trial, sizeof(state->trial), value);
	if ((value = after(line, "try-since")))
		return take(state->trial_since, sizeof(state->trial_since), value);
	if ((value = after(line, "loader")))
		return take(state->loader, sizeof(state->loader), value);
	if ((value = after(line, "left")))
		return take(state->left, sizeof(state->left), value);
	if ((value = after(line, "tool")))
		return read_tool(state, value);
	if (strcmp(line, "try-ends") == 0)
		state->trial_ends = true;
	else if (strcmp(line, "finished") == 0)
		state->finished = true;
	else
		return read_place(state, line);
	return 0;
}

static int read_text(char *text, struct eb_enable_state *state)
{
	char *line = text, *end;
	int err = 0;

	for (; err == 0 && (end = strchr(line, '\n')) != NULL; line = end + 1) {
		*end = '\0';
		if (line != text)
			err = read_line(state, line);
		else if (strcmp(line, FIRST) != 0 && strcmp(line, FIRST_OLD) != 0)
			err = -EINVAL;
	}
	return err == 0 && (*line || line == text) ? -EINVAL : err;
}

int eb_enable_state_read(int root, struct eb_enable_state *state)
{
	char *text;
	int err;

	*state = (struct eb_enable_state){.enabled = false};
	err = eb_files_read(root, EB_ENABLE_FILE, &text);
	if (err == -ENOENT)
		return 0;
	if (err < 0)
		return err;
	state->enabled = true;
	err = read_text(text, state);
	free(text);
	return err;
}

int eb_enable_state_write(int root, const struct eb_enable_state *state)
{
	char *text = NULL, tool[EB_TOOL_TEXT];
	size_t size, i;
	FILE *to = open_memstream(&text, &size);
	int err;

	if (!to)
		return -ENOMEM;
	fprintf(to, FIRST "\nwords %s\n", state->words);
	if (state->older[0])
		fprintf(to, "older %s\n", state->older);
	if (state->trial[0])
		fprintf(to, "try %s\ntry-since %s\n%s", state->trial, state->trial_since,
			state->trial_ends ? "try-ends\n" : "");
	if (state->loader[0])
		fprintf(to, "loader %s\n", state->loader);
	if (state->left[0])
		fprintf(to, "left %s\n", state->left);
	for (i = 0; i < state->tools; i++)
		fprintf(to, "tool %s\n", eb_tool_text(&state->tool[i], tool));
	for (i = 0; i < EB_PLACES; i++)
		if (state->place[i].used)
			fprintf(to, "%s %s%s\n", eb_place_name((enum eb_place)i),
				state->place[i].existed ? "existed" : "new",
				state->place[i].made_dir ? " made-dir" : "");
	if (state->finished)
		fprintf(to, "finished\n");
	err = fclose(to) ? -ENOMEM : eb_files_write(root, EB_ENABLE_FILE, text, 0644);
	free(text);
	return err;
}

static void each_copy(int root, void (*act)(int root, const char *path))
{
	size_t place, copy;

	for (place = 0; place < EB_PLACES; place++)
		for (copy = 0; copy < EB_COPIES; copy++)
			act(root, eb_enable_state_copy((enum eb_place)place,
						       (enum eb_copy)copy));
}

void eb_enable_state_sweep(int root)
{
	size_t i;

	eb_files_sweep(root, EB_ENABLE_FILE);
	each_copy(root, eb_files_sweep);
	for (i = 0; i < EB_PLACES; i++)
		eb_files_sweep(root, eb_place_path((enum eb_place)i));
}

static void remove_copy(int root, const char *path)
{
	eb_files_remove(root, path);
}

int eb_enable_state_remove(int root)
{
	int err = eb_files_remove(root, EB_ENABLE_FILE);

	if (err < 0)
		return err;
	eb_enable_state_sweep(root);
	each_copy(root, remove_copy);
	eb_files_rmdir(root, EB_ENABLE_DIR);
	return 0;
}
