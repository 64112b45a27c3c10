// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs the tools of a change, looks at what they wrote before it takes effect where that
 * can be, and has it on the disk. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <earlybind/sysfs.h>

#include "change.h"
#include "files.h"
#include "tools.h"

/* What grub-mkconfig leaves beside its output when it is killed. */
static void remove_staged(const struct eb_change *change)
{
	char fresh[EB_MAX_PATH];

	snprintf(fresh, sizeof(fresh), "%s.new", change->setup->staged);
	eb_files_remove(change->cli->root, change->setup->staged);
	eb_files_remove(change->cli->root, fresh);
}

/* Why is what the tool wrote, ENTRIES, not to be used? NULL where it is. */
static const char *find_fault(const struct eb_change *change,
			      const struct eb_entries *entries)
{
	const char *fault;

	/* Without a file the tool did something else: the read-back tells. */
	if (!entries->files)
		return eb_files_is_there(change->cli->root, change->setup->staged)
			       ? "it is not text"
			       : NULL;
	fault = eb_entries_lost(&change->before, entries);
	/* In another system a device may have another name. */
	return fault || change->running ? fault
					: eb_entries_moved(&change->before, entries);
}

/* Put what the tool wrote in the place of what the loader reads, unless an entry is lost:
 * grub-mkconfig writes none, and exits with 0, for a disk that it cannot name. 0, or
 * EB_EXIT_LOOK or EB_CHANGE_REFUSED with a message printed. */
static int install(const struct eb_change *change)
{
	const struct eb_setup *setup = change->setup;
	struct eb_entries entries = {.known = true};
	char text[EB_TOOL_TEXT];
	const char *fault;
	int root = change->cli->root, err = 0;

	eb_entries_read_grub(&entries, root, "", setup->staged);
	fault = find_fault(change, &entries);
	if (entries.files && !fault)
		err = eb_files_write(root, setup->installed, entries.file[0].text, 0600);
	if (fault)
		eb_cli_error(
			"%s wrote a new /%s, but %s: it is not used, and the old one "
			"stays%s%s%s",
			setup->tool[0].argv[0], setup->installed, fault,
			change->running ? "; if that is right, as after a kernel or "
					  "another system was removed, run "
					: "",
			change->running ? eb_tool_text(&setup->tool[0], text) : "",
			change->running ? " yourself, and then this again" : "");
	if (err < 0)
		eb_change_failed(change, setup->installed, err);
	eb_entries_free(&entries);
	return fault ? EB_CHANGE_REFUSED : err < 0 ? EB_EXIT_LOOK : 0;
}

/* grub-mkconfig empties grub.cfg and then fills it, and flushes nothing: a power failure
 * at that time would leave none. So it is made to write another file. */
static int run_staged(const struct eb_change *change)
{
	struct eb_tool tool = {.argc = 3, .argv = {"", "-o"}};
	int err;

	snprintf(tool.argv[0], sizeof(tool.argv[0]), "%s",
		 change->setup->tool[0].argv[0]);
	snprintf(tool.argv[2], sizeof(tool.argv[2]), "/%s", change->setup->staged);
	remove_staged(change);
	err = eb_tools_run_one(change->cli, &tool);
	if (err == 0)
		err = install(change);
	remove_staged(change);
	return err;
}

/* Was there a trial and nothing else, of which the entries have nothing? Then they are
 * left alone: they are as they were, and what made them may know less by now. */
static bool is_trial_alone(const struct eb_change *change)
{
	const struct eb_enable_state *found = &change->found;

	return found->trial[0] && !found->words[0] && !found->older[0] &&
	       change->loader->trial && !change->loader->trial->by_entries &&
	       change->before.known && eb_entries_judge(&change->before, "").wrong == 0;
}

bool eb_change_needs_tools(const struct eb_change *change)
{
	const struct eb_trial_kind *trial = change->loader->trial;

	if (change->trial[0])
		return trial && trial->by_entries;
	return change->words[0] || !is_trial_alone(change);
}

int eb_change_run_tools(const struct eb_change *change)
{
	if (!eb_change_needs_tools(change))
		return 0;
	return change->setup->staged ? run_staged(change)
				     : eb_tools_run(change->cli, change->setup);
}

int eb_change_flush(const struct eb_change *change, const struct eb_entries *entries)
{
	unsigned int i;

	for (i = 0; i < entries->files; i++) {
		const struct eb_entry_file *file = &entries->file[i];
		int fd = eb_sysfs_open(file->root, file->path, O_RDONLY);
		int err = fd < 0 ? fd : syncfs(fd) < 0 ? -errno : 0;

		if (fd >= 0)
			close(fd);
		if (err < 0)
			return eb_change_failed(change, file->path, err);
	}
	return 0;
}

/* What the entries of the loader with SETUP are to have, by the files that stay. */
static const char *wanted(const struct eb_change *change, const struct eb_setup *setup)
{
	size_t i;

	for (i = 0; i < EB_PLACES; i++)
		if (setup->place[i] && eb_change_takes(change, (enum eb_place)i))
			return change->words;
	return "";
}

/* Have ENTRIES other arguments than WORDS, or the place of a trial? */
static bool has_more(const struct eb_entries *entries, const char *words)
{
	return eb_entries_judge(entries, words).wrong > 0 ||
	       (entries->count && entries->entry[0].trial);
}

/* Run the tools of OLD, a change of no files, unless its entries have WORDS or none. 0,
 * or EB_EXIT_LOOK with a message printed. */
static int update_old(struct eb_change *old, const char *words)
{
	struct eb_verdict verdict;
	char ours[EB_MAX_WORDS];

	eb_change_read_back(old, &old->before);
	if (!has_more(&old->before, words))
		return 0;
	/* Without that file they would take the command line of this boot. */
	if (!old->setup->place[EB_PLACE_CMDLINE] ||
	    eb_files_is_there(old->cli->root, eb_place_path(EB_PLACE_CMDLINE)))
		eb_change_run_tools(old);
	eb_change_read_back(old, &old->after);
	verdict = eb_entries_judge(&old->after, words);
	if (old->after.known && !has_more(&old->after, words) &&
	    !eb_entries_lost(&old->before, &old->after))
		return eb_change_flush(old, &old->after) < 0 ? EB_EXIT_LOOK : 0;
	eb_edit_ours(verdict.first_wrong ? verdict.first_wrong->cmdline : "", ours,
		     sizeof(ours));
	eb_cli_error("%s, which enable used before, still has %s%s%s in %s",
		     old->loader->title, ours[0] ? "'" : "",
		     ours[0] ? ours : "what a trial needs", ours[0] ? "'" : "",
		     verdict.first_wrong ? verdict.first_wrong->where
					 : old->before.where);
	eb_tools_say_left(old->cli, old->setup);
	return EB_EXIT_LOOK;
}

/* The loader that had the arguments before, or that disable was not to use; or NULL. */
static const struct eb_bootloader *left_loader(const struct eb_change *change)
{
	const struct eb_enable_state *state = &change->state;

	return eb_bootloader_named(strcmp(state->loader, change->loader->name) != 0
					   ? state->loader
					   : state->left);
}

/* A change of no files by another loader. */
struct left {
	struct eb_change change;
	struct eb_setup setup;
};

/* End the trial of LEFT's loader, and have its entries agree with CHANGE. */
static int leave(const struct eb_change *change, struct left *left)
{
	struct eb_change *old = &left->change;
	int status = 0;

	old->cli = change->cli;
	old->loader = left_loader(change);
	old->setup = &left->setup;
	old->running = change->running;
	old->words = "";
	old->trial = "";
	eb_bootloader_set_up(old->loader, change->cli->root, &left->setup);
	eb_change_read_trial(old, &old->trial_before);
	if (old->loader->trial && (change->found.trial[0] || old->trial_before.words[0]))
		status = old->loader->trial->disarm(change->cli);
	status |= update_old(old, wanted(change, &left->setup));
	eb_change_free(old);
	return status ? EB_EXIT_LOOK : 0;
}

int eb_change_leave_loader(struct eb_change *change)
{
	const struct eb_bootloader *loader = left_loader(change);
	struct left *left;
	int status;

	if (!loader || loader == change->loader)
		return 0;
	left = calloc(1, sizeof(*left));
	if (!left) {
		eb_cli_error("out of memory");
		return EB_EXIT_LOOK;
	}
	status = leave(change, left);
	free(left);
	if (!status)
		change->state.left[0] = '\0';
	return status;
}
