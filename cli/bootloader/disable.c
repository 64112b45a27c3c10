// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind disable: restores the files and the boot loader's entries. */
#include <string.h>

#include "enable.h"

static void say_places(struct eb_enable *enable)
{
	const struct eb_change *change = &enable->change;
	size_t i;

	for (i = 0; i < EB_PLACES; i++) {
		const char *path = eb_place_path((enum eb_place)i);
		const char *now = change->place[i].now, *next = change->place[i].next;

		bool same = now == next || (now && next && strcmp(now, next) == 0);

		if (same ? !change->place[i].stays
			 : !change->place[i].done || change->place[i].until)
			continue;
		if (!same)
			eb_enable_say(enable, EB_STYLE_GOOD,
				      next ? "Restored:" : "Removed:", "/%s", path);
		if (change->place[i].stays)
			eb_enable_say(enable, EB_STYLE_PLAIN, "Note:",
				      "/%s was created by enable and stays, without "
				      "earlybind's arguments: without this file the next "
				      "kernel that is installed would get this boot's "
				      "command line, which has them.",
				      path);
		if (change->place[i].edited)
			eb_enable_say(
				enable, EB_STYLE_WARN,
				"Note:", "/%s had been changed since enable%s%s%s.", path,
				next ? "; only enable's arguments were removed" : "",
				change->place[i].saved[0]
					? "; what was there is saved as /"
					: "",
				change->place[i].saved);
	}
}

/* Name the file that arguments in the entries come from, if enable did not write them. */
static void say_written(const struct eb_enable *enable)
{
	if (enable->written.count)
		eb_cli_error("'%s' is in %s%s, added manually: remove it there and run "
			     "the boot loader's tool",
			     enable->written.ours, enable->cli->root_path,
			     enable->written.where);
}

static int restore(struct eb_enable *enable)
{
	const struct eb_entries *after = &enable->change.after;
	int status;

	if (enable->cli->dry_run) {
		eb_change_show(&enable->change);
		eb_enable_say(enable, EB_STYLE_HEAD, "Dry run:", "nothing was changed.");
		return EB_EXIT_WELL;
	}
	status = eb_change_disable(&enable->change);
	say_places(enable);
	if (status) {
		say_written(enable);
		return status;
	}
	eb_enable_say(enable, EB_STYLE_PLAIN, "Read back:",
		      "none of %u entries in %s has arguments of earlybind.",
		      after->count, after->where);
	eb_enable_say(enable, EB_STYLE_HEAD, "Disabled:",
		      "the next boot claims no card; until then "
		      "nothing changes.");
	return EB_EXIT_WELL;
}

/* Nothing is enabled: say what the entries have. */
static int nothing_enabled(struct eb_enable *enable)
{
	const struct eb_entries *before = &enable->change.before;
	struct eb_verdict verdict = eb_entries_judge(before, "");
	char ours[EB_MAX_WORDS];

	if (verdict.first_wrong) {
		eb_edit_ours(verdict.first_wrong->cmdline, ours, sizeof(ours));
		eb_cli_error(
			"earlybind enable has nothing enabled here, but %s%s has '%s': "
			"the next boot has it too",
			enable->cli->root_path, verdict.first_wrong->where, ours);
		say_written(enable);
		return EB_EXIT_LOOK;
	}
	if (enable->written.count) {
		eb_cli_error("earlybind enable has nothing enabled here");
		say_written(enable);
		return EB_EXIT_LOOK;
	}
	if (!before->known && !enable->setup.why) {
		eb_cli_error(
			"earlybind enable has nothing enabled here; whether the boot "
			"entries have arguments of earlybind could not be read: %s",
			before->why);
		return EB_EXIT_LOOK;
	}
	eb_enable_say(enable, EB_STYLE_GOOD, "Nothing is enabled;",
		      "nothing was changed%s%s.",
		      before->known ? "" : ". The boot entries were not read: ",
		      before->known ? "" : before->why);
	return EB_EXIT_WELL;
}

static int disable(struct eb_enable *enable)
{
	int status = eb_enable_find_loader(enable, true);

	if (status)
		eb_cli_error("%s", enable->why);
	else
		status = eb_enable_plan(enable, "", "");
	if (status)
		return status;
	if (!eb_change_is_done(&enable->change))
		return restore(enable);
	/* An enable that was stopped in its first steps left copies and nothing else. */
	if (!enable->cli->dry_run)
		eb_enable_state_remove(enable->cli->root);
	return nothing_enabled(enable);
}

static int run(struct eb_cli *cli)
{
	struct eb_enable *enable = NULL;
	int status;

	if (cli->argc > 0) {
		eb_cli_error("disable takes no argument; see earlybind disable --help");
		return EB_EXIT_USAGE;
	}
	status = eb_enable_begin(cli, "disable", &enable);
	if (!status)
		status = disable(enable);
	status = eb_enable_end(enable, status);
	eb_enable_free(enable);
	return status;
}

const struct eb_command eb_command_disable = {
	.name = "disable",
	.args = "",
	.options = "[--dry-run] [--loader NAME]",
	.summary = "undo enable, in its files and in the boot loader",
	.help = "Restores the files that `earlybind enable` wrote, runs the tools of the boot\n"
		"loader that enable recorded, and reads its entries back. A file that was changed\n"
		"since loses enable's arguments alone, and is saved first. Asks nothing.\n"
		"\n"
		"--dry-run  show what would be written and run, and change nothing\n"
		"--loader   grub, systemd-boot or proxmox-boot-tool, where nothing is recorded\n"
		"--root DIR changes the system in DIR, and runs DIR's own tools by chroot: for a\n"
		"           rescue system that has mounted it, with its /dev, /proc and /sys\n"
		"\n"
		"Exit status: 0 disabled, as read back from the boot entries, or nothing was\n"
		"enabled; 1 something is left to do, which is said; 2 something cannot be read.\n",
	.run = run,
};
