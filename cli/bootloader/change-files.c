// SPDX-License-Identifier: GPL-2.0-or-later
/* The files of a change and their copies: written, saved, and put back. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "files.h"

int eb_change_failed(const struct eb_change *change, const char *path, int err)
{
	eb_cli_error("%s/%s cannot be written: %s", change->cli->root_path, path,
		     eb_files_error(err));
	return err;
}

static int put(const struct eb_change *change, enum eb_place place, const char *text)
{
	const char *path = eb_place_path(place);
	int err = text ? eb_files_write(change->cli->root, path, text,
					eb_place_mode(place))
		       : eb_files_remove(change->cli->root, path);

	return err < 0 ? eb_change_failed(change, path, err) : 0;
}

/* Save a copy of PLACE's file, readable by nobody who cannot read the file. */
static int put_copy(const struct eb_change *change, enum eb_place place,
		    enum eb_copy copy, const char *text)
{
	int root = change->cli->root;
	const char *path = eb_enable_state_copy(place, copy);
	int err = text ? eb_files_write(root, path, text,
					eb_files_copy_mode(root, eb_place_path(place)))
		       : eb_files_remove(root, path);

	return err < 0 ? eb_change_failed(change, path, err) : 0;
}

int eb_change_save_edited(struct eb_change *change, enum eb_place place)
{
	const char *path = eb_place_path(place), *text = change->place[place].now;
	char *saved = change->place[place].saved, base[EB_MAX_PATH];
	int root = change->cli->root, err;
	mode_t mode;

	if (!change->place[place].edited || !text ||
	    (change->place[place].next && strcmp(text, change->place[place].next) == 0))
		return 0;
	mode = eb_files_copy_mode(root, path);
	err = eb_files_mkdir(root, EB_SAVED_DIR);
	snprintf(base, sizeof(base), EB_SAVED_DIR "/%s", strrchr(path, '/') + 1);
	if (err >= 0)
		err = eb_files_keep(root, base, text, mode, saved);
	if (err < 0) {
		snprintf(base, sizeof(base), "%.400s.saved", path);
		err = eb_files_keep(root, base, text, mode, saved);
	}
	if (err >= 0)
		return 0;
	saved[0] = '\0';
	return eb_change_failed(change, base, err);
}

static int copy_place(struct eb_change *change, enum eb_place place)
{
	int err = 0;

	if (!eb_change_takes(change, place))
		return 0;
	/* The first of several enables copies what was there; if the file was edited
	 * since, disable is to restore the edited one. */
	if (!change->found.place[place].used || change->place[place].edited)
		err = put_copy(change, place, EB_COPY_BEFORE, change->place[place].base);
	if (err == 0)
		err = put_copy(change, place, EB_COPY_NEXT, change->place[place].next);
	return err;
}

int eb_change_copy_all(struct eb_change *change)
{
	int root = change->cli->root, err = eb_files_mkdir(root, EB_ENABLE_DIR);
	size_t i;

	if (err < 0)
		return eb_change_failed(change, EB_ENABLE_DIR, err);
	eb_enable_state_sweep(root);
	for (i = 0; i < EB_PLACES; i++) {
		err = eb_change_save_edited(change, (enum eb_place)i);
		if (err == 0)
			err = copy_place(change, (enum eb_place)i);
		if (err < 0)
			return err;
	}
	err = eb_enable_state_write(root, &change->state);
	change->state_written = err == 0;
	return err < 0 ? eb_change_failed(change, EB_ENABLE_FILE, err) : 0;
}

static void dir_of(enum eb_place place, char dir[64])
{
	const char *path = eb_place_path(place);

	snprintf(dir, 64, "%.*s", (int)(strrchr(path, '/') - path), path);
}

/* Create the directory of PLACE if it is missing, and record that disable removes it. */
static int make_dir(struct eb_change *change, enum eb_place place)
{
	int made, root = change->cli->root;
	char dir[64];

	dir_of(place, dir);
	made = eb_files_exists(root, dir);
	if (made > 0)
		return 0;
	if (made == 0) {
		change->state.place[place].made_dir = true;
		made = eb_enable_state_write(root, &change->state);
	}
	if (made >= 0)
		made = eb_files_mkdir(root, dir);
	return made < 0 ? eb_change_failed(change, dir, made) : 0;
}

int eb_change_put_all(struct eb_change *change, bool back)
{
	size_t i;
	int err = 0;

	for (i = 0; i < EB_PLACES && err == 0; i++) {
		const char *text = back ? change->place[i].now : change->place[i].next;
		const char *was = back ? change->place[i].next : change->place[i].now;

		if (!back && !text)
			text = change->place[i].until;
		if (text == was || (text && was && strcmp(text, was) == 0) ||
		    (back && !change->place[i].written))
			continue;
		if (text)
			err = make_dir(change, (enum eb_place)i);
		change->place[i].written = true;
		if (err == 0)
			err = put(change, (enum eb_place)i, text);
		change->place[i].done = err == 0;
	}
	return err;
}

int eb_change_end_until(struct eb_change *change)
{
	size_t i;
	int err = 0;

	for (i = 0; i < EB_PLACES && err == 0; i++) {
		if (!change->place[i].until)
			continue;
		err = put(change, (enum eb_place)i, NULL);
		if (err == 0) {
			free(change->place[i].until);
			change->place[i].until = NULL;
			change->place[i].done = true;
			eb_change_remove_dirs(change, &change->state);
		}
	}
	return err;
}

void eb_change_remove_dirs(const struct eb_change *change,
			   const struct eb_enable_state *state)
{
	char dir[64];
	size_t i;

	for (i = 0; i < EB_PLACES; i++) {
		if (!state->place[i].made_dir)
			continue;
		dir_of((enum eb_place)i, dir);
		eb_files_rmdir(change->cli->root, dir);
	}
}

int eb_change_put_state_back(struct eb_change *change)
{
	int root = change->cli->root, err;
	size_t i;

	for (i = 0; i < EB_PLACES; i++)
		eb_files_remove(root,
				eb_enable_state_copy((enum eb_place)i, EB_COPY_NEXT));
	eb_change_remove_dirs(change, &change->state);
	if (!change->found.enabled)
		return eb_enable_state_remove(root);
	err = eb_enable_state_write(root, &change->found);
	/* Not before that: the state of the change needs them. */
	for (i = 0; i < EB_PLACES && err == 0; i++)
		if (!change->found.place[i].used)
			eb_files_remove(root, eb_enable_state_copy((enum eb_place)i,
								   EB_COPY_BEFORE));
	return err;
}

bool eb_change_are_back(const struct eb_change *change)
{
	size_t i;

	for (i = 0; i < EB_PLACES; i++) {
		const char *was = change->place[i].now;
		char *text = NULL;
		int err = eb_files_read_own(change->cli->root,
					    eb_place_path((enum eb_place)i), &text);
		bool same = was ? text && strcmp(was, text) == 0 : err == -ENOENT;

		free(text);
		if (!same)
			return false;
	}
	return true;
}

/* Remove what belongs to files that enable does not write any more. */
static void forget_places(const struct eb_change *change)
{
	size_t i, copy;
	char dir[64];

	for (i = 0; i < EB_PLACES; i++) {
		enum eb_place place = (enum eb_place)i;

		if (eb_change_takes(change, place) || !change->found.place[i].used)
			continue;
		dir_of(place, dir);
		if (change->found.place[i].made_dir)
			eb_files_rmdir(change->cli->root, dir);
		for (copy = 0; copy < EB_COPIES; copy++)
			eb_files_remove(change->cli->root,
					eb_enable_state_copy(place, (enum eb_copy)copy));
	}
}

/* NEXT becomes AFTER. */
int eb_change_finish(struct eb_change *change)
{
	size_t i;
	int err = 0;

	for (i = 0; i < EB_PLACES && err >= 0; i++) {
		enum eb_place place = (enum eb_place)i;

		if (eb_change_takes(change, place))
			err = eb_files_rename(change->cli->root,
					      eb_enable_state_copy(place, EB_COPY_NEXT),
					      eb_enable_state_copy(place, EB_COPY_AFTER));
		else
			change->state.place[i].used = false;
	}
	change->state.older[0] = '\0';
	if (!change->trial[0])
		change->state.trial[0] = '\0';
	change->state.finished = true;
	if (err >= 0)
		err = eb_enable_state_write(change->cli->root, &change->state);
	if (err < 0)
		return eb_change_failed(change, EB_ENABLE_DIR, err);
	forget_places(change);
	return 0;
}
