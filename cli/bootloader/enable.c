// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind enable: write the argument where this machine's boot loader takes it. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <earlybind/sysfs.h>

#include "enable.h"
#include "files.h"

int eb_cli_check_root(const struct eb_cli *cli, const char *command)
{
	if (cli->dry_run)
		return 0;
	if (!eb_cli_is_live(cli) || geteuid() == 0) {
		if (eb_files_lock(cli->root) != -EWOULDBLOCK)
			return 0;
		eb_cli_error("another earlybind enable or disable is at work here; wait "
			     "for it to end");
		return EB_EXIT_USAGE;
	}
	eb_cli_error("%s changes the boot loader's configuration and must be root: sudo "
		     "earlybind %s; --dry-run shows what it would do",
		     command, command);
	return EB_EXIT_USAGE;
}

static int read_words(struct eb_enable *enable)
{
	struct eb_cli *cli = enable->cli;
	char why[EB_WORDS_WHY];

	if (cli->argc == 0) {
		eb_cli_error("enable needs the cards to claim, such as earlybind enable "
			     "05:00, with an address that earlybind list shows");
		return EB_EXIT_USAGE;
	}
	if (eb_words_read(cli->argc, cli->argv, enable->asked, why) < 0) {
		eb_cli_error("nothing was written: %s", why);
		return EB_EXIT_USAGE;
	}
	if (strstr(enable->asked, "vfio.gpus="))
		return 0;
	eb_cli_error("there is no card in '%s'; name those to claim, such as earlybind "
		     "enable 05:00 %s",
		     enable->asked, enable->asked);
	return EB_EXIT_USAGE;
}

/* What a boot loader that is not known here needs. */
static int tell_by_hand(struct eb_enable *enable)
{
	const char *at = strstr(enable->how.by_hand, "%s");
	char line[EB_MAX_WORDS + 512];
	struct eb_text text = eb_text_on(line, sizeof(line));

	if (strcmp(enable->boot_args, enable->asked) == 0) {
		eb_enable_say(enable, EB_STYLE_GOOD,
			      "Already so:", "this boot has %s; nothing was changed.",
			      enable->asked);
		return EB_EXIT_WELL;
	}
	eb_enable_add_iommu(enable);
	eb_text_add(&text, "%.*s\"%s\"%s", (int)(at - enable->how.by_hand),
		    enable->how.by_hand, enable->words, at + 2);
	eb_cli_error("nothing was written: %s; do it by hand:", enable->how.why);
	eb_enable_say(enable, EB_STYLE_TYPE, "", "%s", line);
	return EB_EXIT_LOOK;
}

/* Somebody wrote arguments of ours already. Another vfio.gpus= would add to them. */
static int refuse_by_hand(struct eb_enable *enable)
{
	const struct eb_by_hand *by_hand = &enable->by_hand;
	struct eb_readback back;

	if (strcmp(by_hand->words, enable->asked) != 0 || enable->change.found.enabled) {
		eb_cli_error(
			"nothing was written: '%s' stands in %s%s already, written by "
			"hand, and what enable writes would add to it; take it out "
			"there and run this again",
			by_hand->words, enable->cli->root_path, by_hand->where);
		return EB_EXIT_LOOK;
	}
	eb_readback(enable->cli->root, &enable->how, by_hand->words, &back);
	if (back.known && !back.has) {
		char text[512];

		eb_cli_error(
			"'%s' stands in %s%s already, written by hand, but %s has not "
			"got it: run %s",
			by_hand->words, enable->cli->root_path, by_hand->where,
			back.where, eb_tool_text(&enable->how.tool[0], text));
		return EB_EXIT_LOOK;
	}
	eb_enable_say(enable, EB_STYLE_GOOD, "Already so:",
		      "%s stands in %s, written by hand; nothing was changed.",
		      by_hand->words, by_hand->where);
	return EB_EXIT_WELL;
}

static void say_places(struct eb_enable *enable)
{
	const struct eb_change *change = &enable->change;
	size_t i;

	for (i = 0; i < EB_PLACES; i++) {
		if (!enable->how.place[i])
			continue;
		eb_enable_say(enable, EB_STYLE_GOOD, "Enabled:", "%s, in /%s",
			      enable->words, eb_place_path((enum eb_place)i));
		if (change->place[i].invented)
			eb_enable_say(
				enable, EB_STYLE_WARN, "Note:",
				"there was no /%s; it was made of what the boot "
				"loader's entries were made of without it. See that "
				"nothing is in it that was meant for one boot.",
				eb_place_path((enum eb_place)i));
		if (change->place[i].edited)
			eb_enable_say(enable, EB_STYLE_WARN, "Note:",
				      i == EB_PLACE_GRUB
					      ? "/%s had been changed since the last "
						"enable; what was there is kept in "
						"/" EB_KEPT_DIR "/grub.changed"
					      : "/%s had been changed since the last "
						"enable; only enable's own words were "
						"replaced",
				      eb_place_path((enum eb_place)i));
	}
}

static void say_done(struct eb_enable *enable)
{
	const struct eb_readback *back = &enable->back;

	say_places(enable);
	if (back->known)
		eb_enable_say(enable, EB_STYLE_PLAIN,
			      "Read back:", "%u of %u entries in %s have it%s.",
			      back->with, back->entries, back->where,
			      back->with < back->entries
				      ? "; the others, such as those in recovery mode, "
					"boot without"
				      : "");
	else
		eb_enable_say(enable, EB_STYLE_WARN, "Not read back:",
			      "%s; proxmox-boot-tool itself reported no error.",
			      back->why);
	eb_enable_hints(enable);
	eb_enable_say(
		enable, EB_STYLE_HEAD, "Now reboot.",
		"The way back: vfio.gpus=none at the boot menu for one boot, earlybind "
		"disable for good.");
}

/* All is written already. Does the loader have it? */
static int already(struct eb_enable *enable)
{
	struct eb_readback *back = &enable->back;

	eb_readback(enable->cli->root, &enable->how, enable->words, back);
	if (back->known && !back->has) {
		if (enable->cli->dry_run) {
			eb_change_show(&enable->change);
			return EB_EXIT_WELL;
		}
		if (eb_change_run_tools(&enable->change) != 0)
			return EB_EXIT_LOOK;
		eb_readback(enable->cli->root, &enable->how, enable->words, back);
		if (!back->has) {
			eb_cli_error("%s has not got it", back->where);
			return EB_EXIT_LOOK;
		}
		say_done(enable);
		return EB_EXIT_WELL;
	}
	eb_enable_say(enable, EB_STYLE_GOOD, "Already so:", "%s; nothing was changed.",
		      enable->words);
	return EB_EXIT_WELL;
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
	status = eb_change_enable(&enable->change, &enable->back);
	if (status == 0)
		say_done(enable);
	return status;
}

static int enable_it(struct eb_enable *enable)
{
	struct eb_cli *cli = enable->cli;
	int status = eb_enable_check(enable);

	if (status)
		return status;
	if (eb_sysfs_read(cli->root, "proc/cmdline", enable->running,
			  sizeof(enable->running)) < 0)
		enable->running[0] = '\0';
	eb_how_find(cli->root, enable->running, &enable->how);
	eb_config_args(enable->running, enable->boot_args, sizeof(enable->boot_args));
	if (enable->how.boots == EB_BOOTS_OTHER)
		return tell_by_hand(enable);
	/* What is by hand decides which words are written, and it shows only when what is
	 * enable's own is known: so a first plan, and then the true one. */
	enable->change = (struct eb_change){
		.cli = cli, .how = &enable->how, .words = enable->asked};
	status = eb_change_plan(&enable->change);
	if (status == 0)
		eb_by_hand_find(&enable->change, &enable->by_hand);
	eb_change_free(&enable->change);
	if (status)
		return status;
	if (enable->by_hand.count)
		return refuse_by_hand(enable);
	eb_enable_add_iommu(enable);
	enable->change = (struct eb_change){
		.cli = cli, .how = &enable->how, .words = enable->words};
	status = eb_change_plan(&enable->change);
	if (status == 0)
		status = change_it(enable);
	eb_change_free(&enable->change);
	return status;
}

static int run(struct eb_cli *cli)
{
	struct eb_enable *enable = calloc(1, sizeof(*enable));
	int status;

	if (!enable) {
		eb_cli_error("out of memory");
		return EB_EXIT_USAGE;
	}
	enable->cli = cli;
	enable->term = eb_term_on(stdout);
	/* Between two steps a reader that went away must not stop it. */
	signal(SIGPIPE, SIG_IGN);
	status = read_words(enable);
	if (!status)
		status = eb_cli_check_root(cli, "enable");
	if (!status)
		status = eb_cli_check_machine(cli);
	if (!status)
		status = enable_it(enable);
	free(enable);
	return status;
}

const struct eb_command eb_command_enable = {
	.name = "enable",
	.args = "ARG...",
	.options = "[--force] [--yes] [--dry-run]",
	.summary = "have cards claimed from the next boot on",
	.help = "Checks ARG as `earlybind plan` does, writes it where this machine's boot loader\n"
		"takes it, with the IOMMU's argument where it is needed, tells the boot loader,\n"
		"and reads back what that has got. ARG is a list of cards (05:00 or 05:00,0b:00),\n"
		"vfio.gpus=LIST, or an option (earlybind.fb=release). It takes the place of what\n"
		"was enabled before.\n"
		"\n"
		"--force    write it even if it would claim nothing here\n"
		"--yes      claim the console's only card without a question\n"
		"--dry-run  show what would be written and run, and change nothing\n"
		"--root DIR does it to the system in DIR, and runs DIR's own tools by chroot\n"
		"\n"
		"Exit status: 0 it is so, 1 nothing was written, or not all of it took effect,\n"
		"2 ARG is not understood, or something cannot be read.\n",
	.run = run,
};
