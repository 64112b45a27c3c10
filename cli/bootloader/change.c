// SPDX-License-Identifier: GPL-2.0-or-later
/* Carries a change out: copies first, then the files, then the tools, then a look. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "change.h"
#include "files.h"
#include "run.h"
#include "terminal.h"

/* Say that PATH could not be written. */
static int failed(const struct eb_change *change, const char *path, int err)
{
	eb_cli_error("%s/%s cannot be written: %s", change->cli->root_path, path,
		     strerror(-err));
	return err;
}

static int put(const struct eb_change *change, const char *path, const char *text)
{
	int err = text ? eb_files_write(change->cli->root, path, text, 0644)
		       : eb_files_remove(change->cli->root, path);

	return err < 0 ? failed(change, path, err) : 0;
}

/* A copy of PLACE's file for the way back, or no copy where TEXT is NULL. */
static int put_copy(const struct eb_change *change, enum eb_place place,
		    enum eb_copy copy, const char *text)
{
	const char *path = eb_kept_copy(place, copy);
	int err = text ? eb_files_write(change->cli->root, path, text,
					eb_files_copy_mode(change->cli->root,
							   eb_place_path(place)))
		       : eb_files_remove(change->cli->root, path);

	return err < 0 ? failed(change, path, err) : 0;
}

/* Keep what is needed for the way back, before anything of the system is touched. */
static int keep(struct eb_change *change, enum eb_place place)
{
	const char *next = change->place[place].next;
	bool used = change->state.place[place].used && change->words[0] &&
		    change->how->place[place];
	int err = 0;

	/* The first of several enables keeps what was there; a file that was edited since
	 * is what its editor wants to have back. */
	if (used && (!change->found.place[place].used || change->place[place].edited))
		err = put_copy(change, place, EB_COPY_BEFORE, change->place[place].base);
	if (err == 0 && used)
		err = put_copy(change, place, EB_COPY_NEXT, next);
	if (err == 0 && place == EB_PLACE_GRUB && change->place[place].edited)
		err = put_copy(change, place, EB_COPY_CHANGED, change->place[place].now);
	return err;
}

static int keep_all(struct eb_change *change)
{
	int root = change->cli->root, err = eb_files_mkdir(root, EB_KEPT_DIR);
	size_t i;

	if (err < 0)
		return failed(change, EB_KEPT_DIR, err);
	eb_kept_sweep(root);
	for (i = 0; i < EB_PLACES; i++) {
		err = keep(change, (enum eb_place)i);
		if (err < 0)
			return err;
	}
	err = eb_kept_write(root, &change->state);
	return err < 0 ? failed(change, EB_KEPT_DIR "/enabled", err) : 0;
}

/* Where the directory of PLACE is missing, make it, and note that it goes again. */
static int make_dir(struct eb_change *change, enum eb_place place)
{
	const char *path = eb_place_path(place);
	char dir[64];
	int made;

	snprintf(dir, sizeof(dir), "%.*s", (int)(strrchr(path, '/') - path), path);
	if (eb_files_is_there(change->cli->root, dir))
		return 0;
	change->state.place[place].made_dir = true;
	made = eb_kept_write(change->cli->root, &change->state);
	if (made >= 0)
		made = eb_files_mkdir(change->cli->root, dir);
	return made < 0 ? failed(change, dir, made) : 0;
}

/* Give each file the content that it is to have: as planned, or BACK to what it was. */
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

static void remove_dirs(const struct eb_change *change, const struct eb_kept *state)
{
	char dir[64];
	size_t i;

	for (i = 0; i < EB_PLACES; i++) {
		const char *path = eb_place_path((enum eb_place)i);

		if (!state->place[i].made_dir)
			continue;
		snprintf(dir, sizeof(dir), "%.*s", (int)(strrchr(path, '/') - path),
			 path);
		eb_files_rmdir(change->cli->root, dir);
	}
}

static int run_tool(const struct eb_cli *cli, const struct eb_tool *tool)
{
	const char *argv[EB_MAX_TOOL_ARGS + 1] = {NULL};
	struct eb_term term = eb_term_on(stdout);
	struct eb_run run = {.argv = argv,
			     .root = eb_cli_is_live(cli) ? -1 : cli->root,
			     .dir = -1,
			     .seconds = 900};
	struct eb_run_end end;
	char text[512], how[160];
	unsigned int i;

	for (i = 0; i < tool->argc; i++)
		argv[i] = tool->argv[i];
	eb_term_styled(&term, EB_STYLE_QUIET, "Running %s ...", eb_tool_text(tool, text));
	eb_term_print(&term, "\n");
	eb_term_end(&term);
	if (eb_run(&run, &end))
		return 0;
	if (end.how == EB_RUN_NOT_STARTED)
		eb_cli_error("%s%s%s: cannot be run: %s", text,
			     cli->root_path[0] ? ", below " : "", cli->root_path,
			     strerror(end.value));
	else
		eb_cli_error("%s %s", text, eb_run_describe(&end, how));
	term = eb_term_on(stderr);
	eb_term_print(&term, "  | %s\n", end.output);
	return end.how == EB_RUN_NOT_STARTED ? -end.value : 1;
}

int eb_change_run_tools(const struct eb_change *change)
{
	unsigned int i;
	int status = 0;

	for (i = 0; i < change->how->tools && status == 0; i++)
		status = run_tool(change->cli, &change->how->tool[i]);
	return status;
}

/* Put the files and the state back as they were found. 0 or negative errno. */
static int put_back(struct eb_change *change)
{
	int err = put_all(change, true);
	size_t i;

	if (err < 0)
		return err;
	for (i = 0; i < EB_PLACES; i++)
		eb_files_remove(change->cli->root,
			       eb_kept_copy((enum eb_place)i, EB_COPY_NEXT));
	remove_dirs(change, &change->state);
	if (!change->found.enabled)
		return eb_kept_remove(change->cli->root);
	return eb_kept_write(change->cli->root, &change->found);
}

/* Enable has failed on its way: take all back, and tell. */
static int retreat(struct eb_change *change, bool tools_ran)
{
	struct eb_readback back;

	if (put_back(change) < 0) {
		eb_cli_error(
			"what was there could not all be put back; earlybind disable "
			"does the rest");
		return EB_EXIT_LOOK;
	}
	if (tools_ran) {
		/* Those that did run may have told the loader already. */
		eb_readback(change->cli->root, change->how, change->words, &back);
		if ((!back.known || back.with > 0) && eb_change_run_tools(change) != 0) {
			eb_cli_error(
				"the files are as they were, but the boot loader may "
				"have been told already; mend what failed and run "
				"it again");
			return EB_EXIT_LOOK;
		}
	}
	eb_cli_error("nothing was enabled; all is as it was before");
	return EB_EXIT_LOOK;
}

/* NEXT is AFTER now. */
static int finish(struct eb_change *change)
{
	size_t i;
	int err = 0;

	for (i = 0; i < EB_PLACES && err >= 0; i++) {
		enum eb_place place = (enum eb_place)i;

		if (change->how->place[i])
			err = eb_files_rename(change->cli->root,
					     eb_kept_copy(place, EB_COPY_NEXT),
					     eb_kept_copy(place, EB_COPY_AFTER));
		else
			change->state.place[i].used = false;
	}
	change->state.older[0] = '\0';
	change->state.finished = true;
	if (err >= 0)
		err = eb_kept_write(change->cli->root, &change->state);
	return err < 0 ? failed(change, EB_KEPT_DIR, err) : 0;
}

/* On a root of another machine the tools may not be there to run. */
static int left_to_run(const struct eb_change *change)
{
	char text[512];
	unsigned int i;

	for (i = 0; i < change->how->tools; i++)
		eb_cli_error("written, but not in force: run there: %s",
			     eb_tool_text(&change->how->tool[i], text));
	return EB_EXIT_LOOK;
}

/* Do all entries that have an initrd now have one still? One without does not boot. */
static bool lost_initrds(const struct eb_readback *before,
			 const struct eb_readback *after)
{
	return before->known && after->known && after->initrds < before->initrds;
}

/* The tools found nothing amiss, and the loader has not got the words. */
static void say_deaf(const struct eb_how *how, const struct eb_readback *back)
{
	const char *why =
		how->boots == EB_BOOTS_GRUB
			? "another file sets the command line after earlybind's, "
			  "or has a bare -- in it"
			: "not every kernel has an entry that kernel-install made "
			  "of /etc/kernel/cmdline";

	eb_cli_error("%s has not got it: %s",
		     back->where[0] ? back->where : "the boot loader",
		     back->known ? why : back->why);
}

int eb_change_enable(struct eb_change *change, struct eb_readback *back)
{
	struct eb_readback before;
	int status;

	eb_readback(change->cli->root, change->how, change->words, &before);
	if (keep_all(change) < 0 || put_all(change, false) < 0)
		return retreat(change, false);
	status = eb_change_run_tools(change);
	if (status < 0 && !eb_cli_is_live(change->cli))
		return left_to_run(change);
	if (status != 0)
		return retreat(change, true);
	eb_readback(change->cli->root, change->how, change->words, back);
	if (back->known && lost_initrds(&before, back)) {
		eb_cli_error("entries in %s lost their initrd line", back->where);
		return retreat(change, true);
	}
	if (change->how->boots != EB_BOOTS_PROXMOX && !back->has) {
		say_deaf(change->how, back);
		return retreat(change, true);
	}
	if (finish(change) == 0)
		return 0;
	eb_cli_error("the boot loader has it, but that could not be noted; run earlybind "
		     "enable again when that is mended");
	return EB_EXIT_LOOK;
}

int eb_change_disable(struct eb_change *change, struct eb_readback *back)
{
	int status;

	if (keep_all(change) < 0 || put_all(change, false) < 0) {
		eb_cli_error("nothing more was done; run earlybind disable again when "
			     "that is mended");
		return EB_EXIT_LOOK;
	}
	remove_dirs(change, &change->state);
	status = eb_change_run_tools(change);
	if (status != 0) {
		eb_cli_error("the files are restored, but the boot loader was not told: "
			     "the next boot may claim cards as before; mend what failed "
			     "and run earlybind disable again");
		return EB_EXIT_LOOK;
	}
	eb_readback(change->cli->root, change->how, "", back);
	status = eb_kept_remove(change->cli->root);
	return status < 0 ? failed(change, EB_KEPT_DIR, status), EB_EXIT_LOOK : 0;
}
