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

void eb_change_read_back(const struct eb_change *change, struct eb_entries *entries)
{
	eb_entries_free(entries);
	change->loader->read_back(change->cli->root, entries);
}

void eb_change_read_trial(const struct eb_change *change, struct eb_trial *trial)
{
	*trial = (struct eb_trial){.known = true};
	if (change->loader->trial)
		change->loader->trial->read(change->cli->root, trial);
}

/* --- enable --- */

/* --- a trial --- */

/* Has the loader WORDS for one boot now? */
static bool is_armed_with(struct eb_change *change, const char *words)
{
	eb_change_read_trial(change, &change->trial_after);
	return change->trial_after.known && strcmp(change->trial_after.words, words) == 0;
}

/* Have the loader's variable for one boot be WORDS, "" for none, and read it back. 0, or
 * EB_EXIT_LOOK with a message printed. */
static int set_trial(struct eb_change *change, const char *words)
{
	const struct eb_trial_kind *kind = change->loader->trial;
	int status;

	/* What disarms it also removes what is left of a trial that is over. */
	if (!kind ||
	    (!words[0] && !change->found.trial[0] && is_armed_with(change, words)))
		return 0;
	status = words[0] ? kind->arm(change->cli, &change->before, change->found.words,
				      words)
			  : kind->disarm(change->cli);
	if (is_armed_with(change, words))
		return status;
	eb_cli_error("what the boot loader has for one boot is not '%s': %s", words,
		     change->trial_after.known ? "it was read back and is another"
					       : change->trial_after.why);
	return EB_EXIT_LOOK;
}

/* Have the entries as they were before, and read them. Are they? */
static bool restore_entries(struct eb_change *change)
{
	/* The tools may have changed some of them already. */
	eb_change_read_back(change, &change->after);
	if (!eb_entries_same(&change->before, &change->after) &&
	    (!change->before.files || eb_entries_write_back(&change->before) < 0))
		eb_tools_run(change->cli, change->setup);
	eb_change_read_back(change, &change->after);
	return eb_entries_same(&change->before, &change->after);
}

/* May the entries still have what was to be enabled? */
static bool may_have_words(const struct eb_change *change)
{
	/* Proxmox's partitions are not read where they are not there; others have none.
	 */
	if (!change->after.known)
		return change->state_written &&
		       (change->before.count || change->after.count ||
			change->loader == &eb_bootloader_proxmox);
	return eb_entries_foreign(&change->after, change->found.words,
				  change->found.older) != NULL;
}

static int not_restored(void)
{
	eb_cli_error("not everything could be restored; fix the cause and run earlybind "
		     "disable");
	return EB_EXIT_LOOK;
}

/* Enable has failed: undo everything, and say what was read back. The state goes last. */
static int retreat(struct eb_change *change)
{
	bool same, kept;

	if ((!is_armed_with(change, change->trial_before.words) &&
	     set_trial(change, change->trial_before.words)) ||
	    eb_change_put_all(change, true) < 0 || !eb_change_are_back(change))
		return not_restored();
	same = restore_entries(change);
	kept = !same && may_have_words(change);
	if (!kept && eb_change_put_state_back(change) < 0)
		return not_restored();
	if (same) {
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
	if (kept)
		eb_cli_error("fix the cause and run earlybind disable, which reads them "
			     "back");
	return EB_EXIT_LOOK;
}

/* Do the entries name a trial's variable that nothing sets? */
static bool has_script_missing(const struct eb_change *change)
{
	const struct eb_entries *after = &change->after;
	const char *text = after->files ? after->file[0].text : NULL;

	return change->trial[0] && change->loader->trial->by_entries && text &&
	       strstr(text, "$" EB_TRIAL_WORDS) && !after->entry[0].trial;
}

/* The tools reported no error, and the entries are not what enable wants. */
static void say_not_enabled(const struct eb_change *change)
{
	const struct eb_entries *after = &change->after;
	struct eb_verdict verdict = eb_entries_judge(after, change->words);
	char file[EB_MAX_PATH], ours[EB_MAX_WORDS];

	if (!after->known) {
		eb_cli_error("the boot entries could not be read back: %s", after->why);
	} else if (verdict.first_wrong) {
		eb_edit_ours(verdict.first_wrong->cmdline, ours, sizeof(ours));
		eb_cli_error("%s has '%s', which is not what enable wrote: another file "
			     "that the boot loader's configuration is made of sets it",
			     verdict.first_wrong->where, ours);
	} else if (verdict.longest > EB_CMDLINE_KEPT) {
		eb_cli_error("the command line in %s would be %zu bytes long; the kernel "
			     "keeps %d",
			     after->where, verdict.longest, EB_CMDLINE_KEPT);
	} else if (has_script_missing(change)) {
		eb_cli_error("%s does not have what /%s prints: is that file executable?",
			     after->where, eb_place_path(EB_PLACE_SCRIPT));
	} else if (change->loader == &eb_bootloader_grub &&
		   eb_grub_find_override(
			   change->cli->root,
			   change->trial[0] ? "$" EB_TRIAL_WORDS : change->words, file)) {
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
	if (eb_change_finish(change) == 0)
		eb_cli_error("'%s' is written, but could not be read back: %s; check the "
			     "entries of %s before you reboot",
			     change->words, change->after.why, change->loader->title);
	return EB_EXIT_LOOK;
}

/* Are the entries as enable wants them: with the arguments of every boot, and for a trial
 * of GRUB's with the place for others? */
static bool is_enabled(const struct eb_change *change)
{
	const struct eb_entries *after = &change->after;
	struct eb_verdict verdict = eb_entries_judge(after, change->words);

	if (verdict.longest > EB_CMDLINE_KEPT || verdict.wrong ||
	    (change->words[0] && !verdict.enabled))
		return false;
	return !change->trial[0] || !change->loader->trial->by_entries ||
	       (after->count && after->entry[0].trial);
}

static int enable(struct eb_change *change)
{
	const char *lost;
	int err, left;

	if (eb_change_copy_all(change) < 0 || eb_change_put_all(change, false) < 0)
		return retreat(change);
	err = eb_change_run_tools(change);
	/* Below another root the tools may be missing or unable to run. */
	if (err < 0 && !eb_cli_is_live(change->cli) && !change->trial[0]) {
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
	if (!change->after.known && !change->trial[0])
		return not_read_back(change);
	if (!change->after.known || !is_enabled(change)) {
		say_not_enabled(change);
		return retreat(change);
	}
	if (eb_change_flush(change, &change->after) < 0)
		return retreat(change);
	/* Last, as the next boot may come at any time. */
	if (set_trial(change, change->trial))
		return retreat(change);
	left = eb_change_leave_loader(change);
	if (left)
		eb_cli_error("the entries of %s are as they should be; fix this and run "
			     "the same command again",
			     change->loader->title);
	if (eb_change_finish(change) == 0)
		return left;
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
	eb_cli_error("not disabled yet: fix this and run earlybind disable again%s",
		     eb_cli_is_live(change->cli)
			     ? ""
			     : "; or boot that system once with vfio.gpus=none added at "
			       "its boot menu, and run it there");
	return EB_EXIT_LOOK;
}

/* GRUB takes nothing for a trial's variable that is not set, but it is not as before. */
static bool has_trial(const struct eb_entries *entries)
{
	return entries->count && entries->entry[0].trial;
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
	} else if (has_trial(&change->after)) {
		eb_cli_error("the files are restored, but %s still has the script of the "
			     "trial, which claims nothing any more",
			     change->after.where);
	} else {
		eb_cli_error("the files are restored, but what the boot entries have "
			     "could not be read back: %s",
			     change->after.why);
	}
}

/* Can the tools do any good? Else say why not. Entries that are not there are in a file
 * system that is not mounted: the tools would make others, which nothing boots.
 * proxmox-boot-tool mounts its own. */
static bool may_run_tools(const struct eb_change *change)
{
	const char *root = change->cli->root_path;

	if (change->before.files == 0 && change->found.words[0] &&
	    change->loader != &eb_bootloader_proxmox) {
		eb_cli_error("there are no boot entries of %s below %s/boot or %s/efi: "
			     "mount the file systems that they are in",
			     change->loader->title, root, root);
		return false;
	}
	if (eb_change_is_cmdline_known(change))
		return true;
	eb_cli_error("there is no %s/etc/kernel/cmdline, and without it the entries "
		     "would get the command line of the system that runs now; write "
		     "theirs to that file first",
		     root);
	return false;
}

/* Run the tools, and take care that no entry is lost. 0, or else what
 * eb_change_run_tools() returns, with a message printed. */
static int make_entries(struct eb_change *change)
{
	const char *lost;
	int failed = 0;

	if (eb_change_needs_tools(change))
		failed = may_run_tools(change) ? eb_change_run_tools(change)
					       : EB_EXIT_LOOK;
	eb_change_read_back(change, &change->after);
	lost = eb_entries_lost(&change->before, &change->after);
	if (!lost)
		return failed;
	eb_cli_error("%s: %s; it was put back as it was", change->before.where, lost);
	if (eb_entries_write_back(&change->before) < 0)
		eb_cli_error("%s could not be put back", change->before.where);
	eb_change_read_back(change, &change->after);
	return EB_EXIT_LOOK;
}

static int disable(struct eb_change *change)
{
	size_t i;
	int err = 0, status;

	for (i = 0; i < EB_PLACES && err == 0; i++)
		err = eb_change_save_edited(change, (enum eb_place)i);
	if (err < 0 || set_trial(change, "") || eb_change_put_all(change, false) < 0)
		return not_disabled(change);
	eb_change_remove_dirs(change, &change->found);
	status = make_entries(change);
	if (!change->after.known || has_trial(&change->after) ||
	    eb_entries_judge(&change->after, "").wrong) {
		say_not_disabled(change);
		/* Run by hand there, it would put in place what was refused. */
		if (status == EB_CHANGE_REFUSED && !change->running)
			eb_tools_say_unmounted(change->cli);
		else if (status)
			eb_tools_say_left(change->cli, change->setup);
		return not_disabled(change);
	}
	if (eb_change_leave_loader(change) ||
	    eb_change_flush(change, &change->after) < 0 ||
	    eb_change_end_until(change) < 0)
		return not_disabled(change);
	err = eb_enable_state_remove(change->cli->root);
	if (err == 0)
		return 0;
	eb_change_failed(change, EB_ENABLE_FILE, err);
	eb_cli_error(
		"the boot entries have no arguments of earlybind any more; only that "
		"record is left: fix this and run earlybind disable again");
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
