// SPDX-License-Identifier: GPL-2.0-or-later
/* Carries out a change: copies first, then the files, then the tools, then the read-back.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "files.h"
#include "grub.h"
#include "tools.h"

/* Say that PATH could not be written. */
static int failed(const struct eb_change *change, const char *path, int err)
{
	eb_cli_error("%s/%s cannot be written: %s", change->cli->root_path, path,
		     eb_files_error(err));
	return err;
}

static int put(const struct eb_change *change, const char *path, const char *text)
{
	int err = text ? eb_files_write(change->cli->root, path, text, 0644)
		       : eb_files_remove(change->cli->root, path);

	return err < 0 ? failed(change, path, err) : 0;
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

	return err < 0 ? failed(change, path, err) : 0;
}

/* Save an edited file of PLACE under a name that is never reused: in /var, or if that
 * cannot be written, beside the file under a name that GRUB does not read. */
static int save_edited(struct eb_change *change, enum eb_place place)
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
	return failed(change, base, err);
}

/* Copy what is needed for the way back, before anything of the system is touched. */
static int copy_place(struct eb_change *change, enum eb_place place)
{
	int err = 0;

	if (!change->state.place[place].used || !change->setup->place[place])
		return 0;
	/* The first of several enables copies what was there; if the file was edited
	 * since, disable is to restore the edited one. */
	if (!change->found.place[place].used || change->place[place].edited)
		err = put_copy(change, place, EB_COPY_BEFORE, change->place[place].base);
	if (err == 0)
		err = put_copy(change, place, EB_COPY_NEXT, change->place[place].next);
	return err;
}

static int copy_all(struct eb_change *change)
{
	int root = change->cli->root, err = eb_files_mkdir(root, EB_ENABLE_DIR);
	size_t i;

	if (err < 0)
		return failed(change, EB_ENABLE_DIR, err);
	eb_enable_state_sweep(root);
	for (i = 0; i < EB_PLACES; i++) {
		err = save_edited(change, (enum eb_place)i);
		if (err == 0)
			err = copy_place(change, (enum eb_place)i);
		if (err < 0)
			return err;
	}
	err = eb_enable_state_write(root, &change->state);
	return err < 0 ? failed(change, EB_ENABLE_FILE, err) : 0;
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
	return made < 0 ? failed(change, dir, made) : 0;
}

/* Write each file: as planned, or BACK to what it was. */
static int put_all(struct eb_change *change, bool back)
{
	size_t i;
	int err = 0;

	for (i = 0; i < EB_PLACES && err == 0; i++) {
		const char *text = back ? change->place[i].now : change->place[i].next;
		const char *was = back ? change->place[i].next : change->place[i].now;

		if (text == was || (text && was && strcmp(text, was) == 0) ||
		    (back && !change->place[i].written))
			continue;
		if (text)
			err = make_dir(change, (enum eb_place)i);
		change->place[i].written = true;
		if (err == 0)
			err = put(change, eb_place_path((enum eb_place)i), text);
	}
	return err;
}

static void remove_dirs(const struct eb_change *change,
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

void eb_change_read_back(const struct eb_change *change, struct eb_entries *entries)
{
	eb_entries_free(entries);
	change->loader->read_back(change->cli->root, entries);
}

/* --- enable --- */

/* Put the files and the state back as they were found. 0 or negative errno. */
static int put_back(struct eb_change *change)
{
	int root = change->cli->root, err = put_all(change, true);
	size_t i;

	if (err < 0)
		return err;
	for (i = 0; i < EB_PLACES; i++)
		eb_files_remove(root,
				eb_enable_state_copy((enum eb_place)i, EB_COPY_NEXT));
	remove_dirs(change, &change->state);
	if (!change->found.enabled)
		return eb_enable_state_remove(root);
	return eb_enable_state_write(root, &change->found);
}

/* Does each file have its former content again? */
static bool are_back(const struct eb_change *change)
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

/* Enable has failed: undo everything, and say what was read back. */
static int retreat(struct eb_change *change)
{
	if (put_back(change) < 0 || !are_back(change)) {
		eb_cli_error("not everything could be restored; fix the cause and run "
			     "earlybind disable");
		return EB_EXIT_LOOK;
	}
	/* The tools may have changed some entries already. */
	eb_change_read_back(change, &change->after);
	if (!eb_entries_same(&change->before, &change->after) &&
	    (!change->before.files || eb_entries_write_back(&change->before) < 0))
		eb_tools_run(change->cli, change->setup);
	eb_change_read_back(change, &change->after);
	if (eb_entries_same(&change->before, &change->after)) {
		eb_cli_error("nothing was enabled; files and boot entries were read back "
			     "and are as before");
		return EB_EXIT_LOOK;
	}
	eb_cli_error(
		"nothing was enabled and the files are restored, but it is not certain "
		"that the boot entries are as before: %s",
		!change->after.known	? change->after.why
		: !change->before.known ? "they could not be read before"
					: "they differ");
	eb_tools_say_left(change->cli, change->setup);
	return EB_EXIT_LOOK;
}

/* NEXT becomes AFTER. */
static int finish(struct eb_change *change)
{
	size_t i;
	int err = 0;

	for (i = 0; i < EB_PLACES && err >= 0; i++) {
		enum eb_place place = (enum eb_place)i;

		if (change->setup->place[i])
			err = eb_files_rename(change->cli->root,
					      eb_enable_state_copy(place, EB_COPY_NEXT),
					      eb_enable_state_copy(place, EB_COPY_AFTER));
		else
			change->state.place[i].used = false;
	}
	change->state.older[0] = '\0';
	change->state.finished = true;
	if (err >= 0)
		err = eb_enable_state_write(change->cli->root, &change->state);
	return err < 0 ? failed(change, EB_ENABLE_DIR, err) : 0;
}

/* The tools reported no error, and the entries are not what enable wants. */
static void say_not_enabled(const struct eb_change *change)
{
	const struct eb_entries *after = &change->after;
	struct eb_verdict verdict = eb_entries_judge(after, change->words);
	char file[EB_MAX_PATH], ours[EB_MAX_WORDS];

	if (verdict.first_wrong) {
		eb_edit_ours(verdict.first_wrong->cmdline, ours, sizeof(ours));
		eb_cli_error("%s has '%s', which is not what enable wrote: another file "
			     "that the boot loader's configuration is made of sets it",
			     verdict.first_wrong->where, ours);
	} else if (verdict.longest > EB_CMDLINE_KEPT) {
		eb_cli_error("the command line in %s would be %zu bytes long; the kernel "
			     "keeps %d",
			     after->where, verdict.longest, EB_CMDLINE_KEPT);
	} else if (change->loader == &eb_bootloader_grub &&
		   eb_grub_find_override(change->cli->root, change->words, file)) {
		eb_cli_error("%s does not have it: %s sets GRUB_CMDLINE_LINUX_DEFAULT "
			     "after earlybind's drop-in; append to "
			     "$GRUB_CMDLINE_LINUX_DEFAULT there",
			     after->where, file);
	} else {
		eb_cli_error(
			"%s does not have it: %s", after->where,
			change->loader == &eb_bootloader_grub
				? "another file sets the command line, or has a bare "
				  "--, after which all arguments are for init"
				: "not every kernel in /boot has an entry "
				  "generated from /etc/kernel/cmdline");
	}
}

/* It is written, and no tool failed, but the entries cannot be read. */
static int not_read_back(struct eb_change *change)
{
	if (finish(change) == 0)
		eb_cli_error("'%s' is written, but could not be read back: %s; check the "
			     "entries of %s before you reboot",
			     change->words, change->after.why, change->loader->title);
	return EB_EXIT_LOOK;
}

static int enable(struct eb_change *change)
{
	const char *lost;
	int err;

	if (copy_all(change) < 0 || put_all(change, false) < 0)
		return retreat(change);
	err = eb_tools_run(change->cli, change->setup);
	/* Below another root the tools may be missing or unable to run. */
	if (err < 0 && !eb_cli_is_live(change->cli)) {
		eb_cli_error("'%s' is written, but does not take effect yet",
			     change->words);
		eb_tools_say_left(change->cli, change->setup);
		return EB_EXIT_LOOK;
	}
	if (err)
		return retreat(change);
	eb_change_read_back(change, &change->after);
	lost = eb_entries_lost(&change->before, &change->after);
	if (lost) {
		eb_cli_error("%s: %s",
			     change->after.where[0] ? change->after.where
						    : "boot entries",
			     lost);
		return retreat(change);
	}
	if (!change->after.known)
		return not_read_back(change);
	if (!eb_entries_judge(&change->after, change->words).enabled ||
	    eb_entries_judge(&change->after, change->words).longest > EB_CMDLINE_KEPT) {
		say_not_enabled(change);
		return retreat(change);
	}
	if (finish(change) == 0)
		return 0;
	eb_cli_error(
		"the boot entries have '%s', but that could not be recorded; fix the "
		"cause and run earlybind enable again",
		change->words);
	return EB_EXIT_LOOK;
}

/* --- disable --- */

/* Keep the state, marked as unfinished, for another run. */
static int not_disabled(struct eb_change *change)
{
	if (change->found.enabled && change->found.finished) {
		change->found.finished = false;
		eb_enable_state_write(change->cli->root, &change->found);
	}
	eb_cli_error("not disabled yet: fix this and run earlybind disable again");
	return EB_EXIT_LOOK;
}

static void say_not_disabled(const struct eb_change *change)
{
	struct eb_verdict verdict = eb_entries_judge(&change->after, "");
	char ours[EB_MAX_WORDS];

	if (verdict.first_wrong) {
		eb_edit_ours(verdict.first_wrong->cmdline, ours, sizeof(ours));
		eb_cli_error("the files are restored, but %s still has '%s'%s",
			     verdict.first_wrong->where, ours,
			     verdict.wrong > 1 ? ", and others too" : "");
	} else {
		eb_cli_error("the files are restored, but what the boot entries have "
			     "could not be read back: %s",
			     change->after.why);
	}
}

static int disable(struct eb_change *change)
{
	const char *lost;
	size_t i;
	int err = 0, failed_tool;

	for (i = 0; i < EB_PLACES && err == 0; i++)
		err = save_edited(change, (enum eb_place)i);
	if (err < 0 || put_all(change, false) < 0)
		return not_disabled(change);
	remove_dirs(change, &change->found);
	failed_tool = eb_tools_run(change->cli, change->setup);
	eb_change_read_back(change, &change->after);
	lost = eb_entries_lost(&change->before, &change->after);
	if (lost) {
		eb_cli_error("%s: %s; it was put back as it was", change->before.where,
			     lost);
		if (eb_entries_write_back(&change->before) < 0)
			eb_cli_error("%s could not be put back", change->before.where);
		eb_change_read_back(change, &change->after);
	}
	if (!change->after.known || eb_entries_judge(&change->after, "").wrong) {
		say_not_disabled(change);
		if (failed_tool || lost)
			eb_tools_say_left(change->cli, change->setup);
		return not_disabled(change);
	}
	err = eb_enable_state_remove(change->cli->root);
	if (err == 0)
		return 0;
	failed(change, EB_ENABLE_FILE, err);
	eb_cli_error(
		"the boot entries have no arguments of earlybind any more; only that "
		"record is left");
	return EB_EXIT_LOOK;
}

/* A signal must not stop it between two steps: eb_run() passes signals on to the tool,
 * and when that fails the change is undone. */
static int undisturbed(struct eb_change *change, int (*act)(struct eb_change *change))
{
	sigset_t ours, mask;
	int status;

	sigemptyset(&ours);
	sigaddset(&ours, SIGINT);
	sigaddset(&ours, SIGTERM);
	sigaddset(&ours, SIGHUP);
	sigprocmask(SIG_BLOCK, &ours, &mask);
	status = act(change);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	return status;
}

int eb_change_enable(struct eb_change *change)
{
	return undisturbed(change, enable);
}

int eb_change_disable(struct eb_change *change)
{
	return undisturbed(change, disable);
}
