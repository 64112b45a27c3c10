// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind disable: what was there before enable, in the files and in the boot loader.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include <earlybind/sysfs.h>

#include "enable.h"

static void say_places(struct eb_enable *enable)
{
	const struct eb_change *change = &enable->change;
	size_t i;

	for (i = 0; i < EB_PLACES; i++) {
		const char *path = eb_place_path((enum eb_place)i);
		const char *now = change->place[i].now, *next = change->place[i].next;

		if (now == next || (now && next && strcmp(now, next) == 0))
			continue;
		if (change->place[i].kept)
			eb_enable_say(
				enable, EB_STYLE_GOOD, "Restored:",
				"/%s is without earlybind's words. Enable made the "
				"file, and it stays: without it the next kernel that "
				"is installed would get this boot's command line, "
				"which has them.",
				path);
		else if (change->place[i].edited && i == EB_PLACE_GRUB)
			eb_enable_say(
				enable, EB_STYLE_WARN, "Removed:",
				"/%s had been changed since enable; what was in it is "
				"kept in /" EB_KEPT_DIR "/grub.changed.",
				path);
		else if (change->place[i].edited)
			eb_enable_say(
				enable, EB_STYLE_WARN, "Restored:",
				"/%s had been changed since enable; enable's own words "
				"were taken out, and the rest is as it was left.",
				path);
		else
			eb_enable_say(enable, EB_STYLE_GOOD,
				      next ? "Restored:" : "Removed:", "/%s", path);
	}
}

/* What else has arguments of ours? True if it is something to look at. */
static bool say_rest(struct eb_enable *enable)
{
	const struct eb_by_hand *by_hand = &enable->by_hand;
	const struct eb_readback *back = &enable->back;

	if (by_hand->count)
		eb_enable_say(
			enable, EB_STYLE_WARN, "Note:",
			"%s stands in %s, written by hand: the next boot has it still.",
			by_hand->words, by_hand->where);
	else if (back->known && back->ours)
		eb_enable_say(
			enable, EB_STYLE_BAD, "Read back:",
			"%u of %u entries in %s still have arguments of earlybind's.",
			back->ours, back->entries, back->where);
	else if (back->known)
		eb_enable_say(enable, EB_STYLE_PLAIN, "Read back:",
			      "none of %u entries in %s has arguments of earlybind's.",
			      back->entries, back->where);
	else
		eb_enable_say(enable, EB_STYLE_WARN, "Not read back:", "%s.", back->why);
	return !by_hand->count && back->known && back->ours;
}

static int restore(struct eb_enable *enable)
{
	int status;

	if (enable->cli->dry_run) {
		eb_change_show(&enable->change);
		eb_enable_say(enable, EB_STYLE_HEAD, "Dry run:", "nothing was changed.");
		return EB_EXIT_WELL;
	}
	status = eb_change_disable(&enable->change, &enable->back);
	if (status)
		return status;
	say_places(enable);
	if (enable->how.boots == EB_BOOTS_OTHER)
		eb_enable_say(enable, EB_STYLE_WARN, "Note:",
			      "%s; see that what it reads has no vfio.gpus= any more.",
			      enable->how.why);
	else if (say_rest(enable))
		return EB_EXIT_LOOK;
	eb_enable_say(enable, EB_STYLE_HEAD, "Disabled:",
		      "the next boot claims no card; until then all stays as it is.");
	return EB_EXIT_WELL;
}

static int disable(struct eb_enable *enable)
{
	struct eb_cli *cli = enable->cli;
	int status;

	if (eb_sysfs_read(cli->root, "proc/cmdline", enable->running,
			  sizeof(enable->running)) < 0)
		enable->running[0] = '\0';
	eb_how_find(cli->root, enable->running, &enable->how);
	enable->change = (struct eb_change){.cli = cli, .how = &enable->how, .words = ""};
	status = eb_change_plan(&enable->change);
	if (status)
		return status;
	eb_by_hand_find(&enable->change, &enable->by_hand);
	if (!eb_change_is_done(&enable->change))
		return restore(enable);
	/* An enable that was stopped in its first steps left copies and nothing else. */
	if (!cli->dry_run)
		eb_kept_remove(cli->root);
	eb_enable_say(enable, EB_STYLE_GOOD, "Nothing is enabled;",
		      "nothing was changed.");
	if (enable->by_hand.count)
		eb_enable_say(
			enable, EB_STYLE_WARN, "Note:",
			"%s stands in %s, written by hand, and is yours to take out.",
			enable->by_hand.words, enable->by_hand.where);
	return EB_EXIT_WELL;
}

static int run(struct eb_cli *cli)
{
	struct eb_enable *enable;
	int status;

	if (cli->argc > 0) {
		eb_cli_error("disable takes no argument; see earlybind disable --help");
		return EB_EXIT_USAGE;
	}
	status = eb_cli_check_root(cli, "disable");
	if (status)
		return status;
	enable = calloc(1, sizeof(*enable));
	if (!enable) {
		eb_cli_error("out of memory");
		return EB_EXIT_USAGE;
	}
	enable->cli = cli;
	enable->term = eb_term_on(stdout);
	signal(SIGPIPE, SIG_IGN);
	status = disable(enable);
	eb_change_free(&enable->change);
	free(enable);
	return status;
}

const struct eb_command eb_command_disable = {
	.name = "disable",
	.args = "",
	.options = "[--dry-run]",
	.summary = "take away what enable wrote",
	.help = "Puts the files that `earlybind enable` changed back as they were, tells the boot\n"
		"loader, and reads back what that has got. A file that was changed since loses\n"
		"enable's words alone. Asks nothing. With nothing enabled it does nothing.\n"
		"\n"
		"--dry-run  show what would be written and run, and change nothing\n"
		"--root DIR does it to the system in DIR, and runs DIR's own tools by chroot:\n"
		"           for a rescue system that has mounted it, with its /dev, /proc and /sys\n"
		"\n"
		"Exit status: 0 it is so, 1 not all of it took effect, 2 something cannot be\n"
		"read.\n",
	.run = run,
};
