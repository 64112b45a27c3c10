// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind enable: write the argument where this machine's boot loader takes it. */
#include <stdio.h>
#include <string.h>

#include "arguments.h"
#include "enable.h"

/* 0, or EB_EXIT_USAGE with a message printed. */
static int read_arguments(struct eb_enable *enable)
{
	struct eb_cli *cli = enable->cli;
	char why[EB_ARGUMENTS_WHY + 32] = "nothing was written: ";
	size_t used = strlen(why);
	size_t offset;

	if (cli->argc == 0) {
		eb_cli_error("enable needs the cards to claim, such as earlybind enable "
			     "05:00, with an address that earlybind list shows");
		return EB_EXIT_USAGE;
	}
	if (eb_arguments_read(cli->argc, cli->argv, enable->asked, sizeof(enable->asked),
			      why + used, sizeof(why) - used) < 0)
		return eb_arguments_explain(cli, why);
	if (!eb_edit_is_carried(enable->asked, &offset)) {
		eb_cli_error("nothing was written: '%s' has '%c' at offset %zu, which a "
			     "boot loader's configuration cannot carry safely, and which "
			     "none of earlybind's arguments needs%s",
			     enable->asked, enable->asked[offset], offset,
			     enable->asked[offset] == '*'
				     ? "; without .* the whole card is meant too"
				     : "");
		return EB_EXIT_USAGE;
	}
	if (strstr(enable->asked, "vfio.gpus="))
		return 0;
	eb_cli_error("there is no card in '%s'; name those to claim, such as earlybind "
		     "enable 05:00 %s",
		     enable->asked, enable->asked);
	return EB_EXIT_USAGE;
}

/* Say what to write for a boot loader that earlybind cannot configure. */
static int say_manual(struct eb_enable *enable)
{
	const char *at = strstr(enable->setup.manual, "%s");
	char line[EB_MAX_WORDS + 512];
	struct eb_text text = eb_text_on(line, sizeof(line));

	if (enable->booted_known && strcmp(enable->booted, enable->asked) == 0) {
		eb_enable_say(
			enable, EB_STYLE_GOOD, enable->asked,
			"is in effect in this boot; nothing was changed. Whether the "
			"next boot has it was not read: %s.",
			enable->setup.why);
		return EB_EXIT_WELL;
	}
	eb_enable_add_iommu(enable);
	eb_enable_add_remedy(enable);
	eb_text_add(&text, "%.*s\"%s\"%s", (int)(at - enable->setup.manual),
		    enable->setup.manual, enable->words, at + 2);
	eb_cli_error("nothing was written: %s; to do it manually:", enable->setup.why);
	eb_enable_say(enable, EB_STYLE_TYPE, "", "%s", line);
	return EB_EXIT_LOOK;
}

/* Refuse where ENTRY or a file has arguments of ours that enable did not write: another
 * vfio.gpus= would add to them. */
static int refuse_foreign(struct eb_enable *enable, const struct eb_entry *entry)
{
	const struct eb_written *written = &enable->written;
	const struct eb_entries *before = &enable->change.before;
	char ours[EB_MAX_WORDS] = "", tool[EB_TOOL_TEXT];
	const char *root = enable->cli->root_path;

	if (entry)
		eb_edit_ours(entry->cmdline, ours, sizeof(ours));
	if (!enable->change.found.enabled && written->count &&
	    eb_edit_same_ours(written->ours, enable->asked)) {
		if (eb_entries_judge(before, enable->asked).enabled) {
			eb_enable_say(enable, EB_STYLE_GOOD, enable->asked,
				      "is already enabled, manually in %s; nothing was "
				      "changed.",
				      written->where);
			return EB_EXIT_WELL;
		}
		eb_cli_error("'%s' is in %s%s already, added manually, but %s does not "
			     "have it: run %s",
			     written->ours, root, written->where,
			     before->where[0] ? before->where : "the boot loader",
			     eb_tool_text(&enable->setup.tool[0], tool));
		return EB_EXIT_LOOK;
	}
	if (written->count)
		eb_cli_error("nothing was written: '%s' is in %s%s already, added "
			     "manually, and enable would add to it; remove it there "
			     "and run this again",
			     written->ours, root, written->where);
	else if (entry->own_file)
		eb_cli_error("nothing was written: %s%s has '%s', which enable did not "
			     "write and would add to; remove it there, or if that entry "
			     "is another system's, run earlybind disable in that one; "
			     "then run this again",
			     root, entry->where, ours);
	else
		eb_cli_error("nothing was written: %s%s has '%s', which enable did not "
			     "write and would add to; it comes from a file or variable "
			     "that %s is generated from: find it with grep -r vfio.gpus "
			     "/etc, remove it, run %s, and run this again",
			     root, entry->where, ours, before->where,
			     eb_tool_text(&enable->setup.tool[0], tool));
	return EB_EXIT_LOOK;
}

/* Would an entry be longer than what a kernel keeps? Then say so. */
static bool is_too_long(const struct eb_enable *enable)
{
	struct eb_verdict verdict = eb_entries_judge(&enable->change.before, "");
	const char *had = enable->change.found.words;
	size_t old = had[0] ? strlen(had) + 1 : 0;
	size_t bytes = verdict.longest + strlen(enable->words) + 1;

	/* The arguments of the previous enable are removed. */
	bytes = verdict.wrong && bytes > old ? bytes - old : bytes;
	if (bytes <= EB_CMDLINE_KEPT)
		return false;
	eb_cli_error("nothing was written: with it the longest command line in %s would "
		     "have %zu bytes, and the kernel keeps %d; nvidia, amd or all "
		     "selects many cards in one word",
		     enable->change.before.where[0] ? enable->change.before.where
						    : "the boot loader's entries",
		     bytes, EB_CMDLINE_KEPT);
	return true;
}

static void say_invented(struct eb_enable *enable, enum eb_place place)
{
	if (enable->change.place[place].invented)
		eb_enable_say(enable, EB_STYLE_WARN, "Note:",
			      "there was no /%s; it was created with what the boot "
			      "entries were generated from without it. Check that it "
			      "contains nothing that was meant for one boot only.",
			      eb_place_path(place));
}

static void say_places(struct eb_enable *enable)
{
	const struct eb_change *change = &enable->change;
	size_t i;

	for (i = 0; i < EB_PLACES; i++) {
		if (!eb_change_takes(change, (enum eb_place)i))
			continue;
		eb_enable_say(enable, EB_STYLE_GOOD, "Enabled:", "%s, in /%s",
			      enable->words, eb_place_path((enum eb_place)i));
		say_invented(enable, (enum eb_place)i);
		if (change->place[i].saved[0])
			eb_enable_say(enable, EB_STYLE_WARN, "Note:",
				      "/%s had been changed since the last enable; what "
				      "was there is saved as /%s.",
				      eb_place_path((enum eb_place)i),
				      change->place[i].saved);
	}
}

void eb_enable_say_done(struct eb_enable *enable)
{
	const struct eb_entries *after = &enable->change.after;
	struct eb_verdict verdict = eb_entries_judge(after, enable->words);

	say_places(enable);
	eb_enable_say(enable, EB_STYLE_PLAIN, "Read back:", "%u of %u %s in %s %s it%s.",
		      verdict.with, after->count, after->count == 1 ? "entry" : "entries",
		      after->where, verdict.with == 1 ? "has" : "have",
		      verdict.without ? "; the others, such as those in recovery mode, "
					"boot without"
				      : "");
}

static void say_reboot(struct eb_enable *enable)
{
	eb_enable_hints(enable);
	eb_enable_say(
		enable, EB_STYLE_HEAD, "Now reboot.",
		"The way back: add vfio.gpus=none to the kernel command line at the boot "
		"menu for one boot, or run earlybind disable.");
}

static void say_armed(struct eb_enable *enable)
{
	const struct eb_entries *entries = &enable->change.before;
	const char *had = enable->change.words;

	eb_enable_say(enable, EB_STYLE_GOOD, "Armed:", "%s, for the next boot alone.",
		      enable->words);
	eb_enable_say(enable, EB_STYLE_PLAIN, "Read back:",
		      "%s has it for one boot; in every other the %u entries in %s have "
		      "%s.",
		      enable->loader->title, entries->count, entries->where,
		      had[0] ? had : "no arguments of earlybind");
	say_invented(enable, EB_PLACE_CMDLINE);
	eb_enable_hints(enable);
	eb_enable_say(enable, EB_STYLE_HEAD, "Now reboot.",
		      "If all is well then, earlybind keep makes it permanent. If not, "
		      "reboot once more, or switch the machine off and on: that boot is "
		      "as before.");
}

/* The files have it already; do the entries have it too? */
static int already(struct eb_enable *enable)
{
	struct eb_change *change = &enable->change;

	if (change->trial[0]) {
		say_armed(enable);
		return EB_EXIT_WELL;
	}
	if (change->before.known &&
	    eb_entries_judge(&change->before, enable->words).enabled) {
		eb_enable_say(enable, EB_STYLE_GOOD, enable->words,
			      "is already enabled; nothing was changed.");
		return EB_EXIT_WELL;
	}
	if (enable->cli->dry_run) {
		eb_change_show(change);
		return EB_EXIT_WELL;
	}
	if (eb_change_run_tools(change) != 0)
		return EB_EXIT_LOOK;
	eb_change_read_back(change, &change->after);
	if (eb_change_flush(change, &change->after) < 0)
		return EB_EXIT_LOOK;
	if (change->after.known &&
	    eb_entries_judge(&change->after, enable->words).enabled) {
		eb_enable_say_done(enable);
		say_reboot(enable);
		return EB_EXIT_WELL;
	}
	eb_cli_error("'%s' is written, but %s: %s", enable->words,
		     change->after.known ? change->after.where : "could not be read back",
		     change->after.known ? "not all entries have it" : change->after.why);
	return EB_EXIT_LOOK;
}

static int change_it(struct eb_enable *enable)
{
	int status;

	if (eb_change_is_done(&enable->change))
		return already(enable);
	if (!eb_enable_ask(enable))
		return EB_EXIT_LOOK;
	if (enable->cli->dry_run) {
		eb_change_show(&enable->change);
		eb_enable_say(enable, EB_STYLE_HEAD, "Dry run:", "nothing was changed.");
		return EB_EXIT_WELL;
	}
	status = eb_change_enable(&enable->change);
	if (status)
		return status;
	if (enable->cli->try_once) {
		say_armed(enable);
	} else {
		eb_enable_say_done(enable);
		say_reboot(enable);
	}
	return 0;
}

/* --try is not possible here: say what is. */
static int refuse_trial(struct eb_enable *enable, const char *why)
{
	eb_cli_error(
		"nothing was written: one boot alone cannot be arranged here: %s; "
		"to try it once, add %s to the kernel command line at the boot menu: "
		"with GRUB, press e and add it at the end of the line that begins "
		"with linux; with systemd-boot, press e",
		why, enable->words);
	return EB_EXIT_LOOK;
}

static bool has_unified(const struct eb_entries *entries)
{
	unsigned int i;

	for (i = 0; i < entries->count; i++)
		if (entries->entry[i].unified)
			return true;
	return false;
}

/* May a trial be armed? 0, or EB_EXIT_LOOK with a message printed. */
static int check_trial(struct eb_enable *enable)
{
	const struct eb_trial_kind *kind = enable->loader->trial;
	const struct eb_enable_state *found = &enable->change.found;
	char why[EB_TRIAL_WHY], title[64];

	if (found->enabled && !found->finished &&
	    (!found->trial[0] || found->trial_ends)) {
		eb_cli_error("nothing was written: an enable or disable was interrupted; "
			     "run earlybind enable or earlybind disable first");
		return EB_EXIT_LOOK;
	}
	snprintf(title, sizeof(title), "%s has no way to do so that earlybind knows",
		 enable->loader->title);
	if (has_unified(&enable->change.before))
		return refuse_trial(enable, "a unified kernel image has its command line "
					    "inside");
	if (!kind || enable->setup.why)
		return refuse_trial(enable, kind ? enable->setup.why : title);
	if (enable->change.before.known)
		return kind->is_possible(enable->cli, why) ? 0
							   : refuse_trial(enable, why);
	eb_cli_error("nothing was written: the boot entries cannot be read: %s",
		     enable->change.before.why);
	return EB_EXIT_LOOK;
}

/* Did ENTRY get its arguments from enable's drop-in, which was edited? That is saved and
 * replaced, and the read-back tells whether they came from anywhere else. */
static bool is_of_drop_in(const struct eb_enable *enable, const struct eb_entry *entry)
{
	const char *text = enable->change.place[EB_PLACE_GRUB].now;
	char ours[EB_MAX_WORDS];

	if (!enable->change.place[EB_PLACE_GRUB].edited)
		return false;
	eb_edit_ours(entry->cmdline, ours, sizeof(ours));
	return strstr(text, ours) != NULL;
}

/* Are there entries of systemd-boot? Where its partition is not mounted kernel-install
 * may make some that nothing boots. */
static bool lacks_entries(const struct eb_enable *enable)
{
	const char *root = enable->cli->root_path;

	if (enable->loader != &eb_bootloader_systemd || enable->change.before.count)
		return false;
	eb_cli_error("nothing was written: %s; mount the file system that they are in on "
		     "%s/efi, %s/boot or %s/boot/efi",
		     enable->change.before.why, root, root, root);
	return true;
}

static int enable_it(struct eb_enable *enable)
{
	const struct eb_change *change = &enable->change;
	const struct eb_entry *foreign;
	int status = eb_enable_check(enable);

	if (status)
		return status;
	status = eb_enable_find_loader(enable, false);
	if (status) {
		eb_cli_error("%s", enable->why);
		return status;
	}
	if (enable->setup.why && !enable->cli->try_once)
		return say_manual(enable);
	if (!enable->setup.why && lacks_entries(enable))
		return EB_EXIT_LOOK;
	/* Arguments that enable did not write decide which ones are written now, and they
	 * are found only once those of enable are known: hence two plans. */
	status = eb_enable_plan(enable, enable->asked, "");
	if (status)
		return status;
	foreign = eb_entries_foreign(&change->before, change->found.words,
				     change->found.older);
	if (foreign && is_of_drop_in(enable, foreign))
		foreign = NULL;
	if (enable->written.count || foreign)
		return refuse_foreign(enable, foreign);
	eb_enable_add_iommu(enable);
	eb_enable_add_remedy(enable);
	if (is_too_long(enable))
		return EB_EXIT_LOOK;
	if (enable->cli->try_once)
		status = check_trial(enable);
	if (!status)
		status = enable->cli->try_once
				 ? eb_enable_plan(enable, change->found.words,
						  enable->words)
				 : eb_enable_plan(enable, enable->words, "");
	return status ? status : change_it(enable);
}

static int run(struct eb_cli *cli)
{
	struct eb_enable *enable = NULL;
	int status = eb_cli_check_machine(cli);

	if (!status)
		status = eb_enable_begin(cli, "enable", &enable);
	if (!status)
		status = read_arguments(enable);
	if (!status)
		status = enable_it(enable);
	status = eb_enable_end(enable, status);
	eb_enable_free(enable);
	return status;
}

const struct eb_command eb_command_enable = {
	.name = "enable",
	.args = "ARG...",
	.options =
		"[--try] [--with-remedy] [--force] [--yes] [--dry-run] [--loader NAME]",
	.summary = "have cards claimed from the next boot on",
	.help = "Checks ARG as `earlybind plan` does, writes it where this machine's boot loader\n"
		"takes it, with the IOMMU's argument where that is needed, runs the boot loader's\n"
		"tools, and reads its entries back. ARG is a list of cards (05:00 or 05:00,0b:00),\n"
		"vfio.gpus=LIST, or an option (earlybind.fb=release). It replaces what was enabled\n"
		"before.\n"
		"\n"
		"--try      for the next boot alone: the boot after it is as before, also if that\n"
		"           one hangs, unless earlybind keep is run in between\n"
		"--with-remedy  also write initcall_blacklist=sysfb_init where nothing else frees\n"
		"           a BAR of the firmware's framebuffer; no screen then shows the boot\n"
		"           until its own driver is loaded\n"
		"--force    write it even if it would claim nothing here\n"
		"--yes      claim the last card with a screen without asking\n"
		"--dry-run  show what would be written and run, and change nothing\n"
		"--loader   grub, systemd-boot or proxmox-boot-tool, where several are installed\n"
		"--root DIR changes the system in DIR, and runs DIR's own tools by chroot\n"
		"\n"
		"Exit status: 0 enabled, as read back from the boot entries; 1 nothing was\n"
		"changed, or something is left to do, which is said; 2 ARG is not understood, or\n"
		"something cannot be read.\n",
	.run = run,
};
