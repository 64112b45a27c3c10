// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind show: what is enabled, what the boot loader has, and what this boot has. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <earlybind/json.h>
#include <earlybind/sysfs.h>

#include "enable.h"

struct shown {
	struct eb_enable enable;
	struct eb_config generated, running;
	char release[65];
	char ours[EB_MAX_WORDS]; /* of what is enabled, our arguments alone */
	char with[EB_MAX_WORDS]; /* and the rest, as the IOMMU's */
	char to_do[768];	 /* "" for nothing */
};

/* What the next boot should have: by enable, or else by hand. */
static const char *wanted(const struct shown *shown)
{
	return shown->enable.change.found.enabled ? shown->ours
						  : shown->enable.by_hand.words;
}

static void advise(struct shown *shown)
{
	const struct eb_enable *enable = &shown->enable;
	struct eb_text text = eb_text_on(shown->to_do, sizeof(shown->to_do));
	char tool[512];

	if (enable->change.found.enabled && !enable->change.found.finished)
		eb_text_add(&text, "an enable or disable was stopped on its way: run "
				   "earlybind enable or earlybind disable again");
	else if (enable->change.found.enabled && enable->by_hand.count)
		eb_text_add(&text, "take %s out of %s: it adds to what is enabled",
			    enable->by_hand.words, enable->by_hand.where);
	else if (shown->generated.known &&
		 strcmp(shown->generated.args, wanted(shown)) != 0 && enable->how.tools)
		eb_text_add(&text, "run %s, so that the boot loader has it",
			    eb_tool_text(&enable->how.tool[0], tool));
	else if (shown->running.args[0] && !enable->how.tools &&
		 !enable->change.found.enabled && !enable->by_hand.count)
		eb_text_add(&text, "this boot's come from a boot loader that is not "
				   "known here: change them there");
	else if (strcmp(shown->running.args,
			shown->generated.known ? shown->generated.args : wanted(shown)) !=
		 0)
		eb_text_add(&text, "reboot, and it is in force");
}

/* What came with our words: all that is not theirs. */
static void set_with(struct shown *shown)
{
	char *rest = eb_words_base(shown->enable.change.found.words);

	if (rest)
		snprintf(shown->with, sizeof(shown->with), "%.*s",
			 (int)strcspn(rest, "\n"), rest);
	free(rest);
}

static enum eb_loader loader_of(const struct eb_how *how)
{
	return how->boots == EB_BOOTS_GRUB	? EB_LOADER_GRUB
	       : how->boots == EB_BOOTS_SYSTEMD ? EB_LOADER_SYSTEMD
						: EB_LOADER_UNKNOWN;
}

static int look(struct shown *shown)
{
	struct eb_enable *enable = &shown->enable;
	struct eb_cli *cli = enable->cli;
	int status;

	if (eb_sysfs_read(cli->root, "proc/cmdline", enable->running,
			  sizeof(enable->running)) < 0)
		enable->running[0] = '\0';
	else
		shown->running.known = true;
	if (eb_sysfs_read(cli->root, "proc/sys/kernel/osrelease", shown->release,
			  sizeof(shown->release)) < 0)
		shown->release[0] = '\0';
	eb_how_find(cli->root, enable->running, &enable->how);
	enable->change = (struct eb_change){.cli = cli, .how = &enable->how, .words = ""};
	status = eb_change_plan(&enable->change);
	if (status)
		return status;
	eb_by_hand_find(&enable->change, &enable->by_hand);
	eb_config_args(enable->change.found.words, shown->ours, sizeof(shown->ours));
	set_with(shown);
	eb_config_args(enable->running, shown->running.args, sizeof(shown->running.args));
	eb_config_generated(cli->root, loader_of(&enable->how), shown->release,
			    &shown->generated);
	if (enable->how.boots == EB_BOOTS_PROXMOX)
		snprintf(shown->generated.why, sizeof(shown->generated.why),
			 "the partitions that proxmox-boot-tool keeps are not mounted");
	advise(shown);
	return 0;
}

static void row(struct eb_term *term, const char *label, const char *text)
{
	eb_term_styled(term, EB_STYLE_QUIET, "%s", label);
	eb_term_to(term, 14);
	eb_term_wrap(term, 14, text);
	eb_term_print(term, "\n");
}

static void row_as_is(struct eb_term *term, const char *label, const char *text)
{
	eb_term_styled(term, EB_STYLE_QUIET, "%s", label);
	eb_term_to(term, 14);
	eb_term_print(term, "%s\n", text);
}

static const char *or_nothing(const char *args)
{
	return args[0] ? args : "nothing of earlybind's";
}

static int print_text(struct shown *shown)
{
	struct eb_enable *enable = &shown->enable;
	struct eb_term *term = &enable->term;
	char line[EB_MAX_CONFIG_ARGS + 256];
	size_t i;

	/* To be copied: as one line, whatever its length. */
	row_as_is(term, "enabled",
		  enable->change.found.enabled ? shown->ours : "nothing");
	if (shown->with[0])
		row_as_is(term, "with", shown->with);
	for (i = 0; i < EB_PLACES; i++) {
		if (!enable->change.found.place[i].used)
			continue;
		snprintf(line, sizeof(line), "/%s%s", eb_place_path((enum eb_place)i),
			 enable->change.place[i].edited ? ", changed since by hand" : "");
		row(term, "in", line);
	}
	if (enable->by_hand.count) {
		snprintf(line, sizeof(line), "%s in %s", enable->by_hand.words,
			 enable->by_hand.where);
		row(term, "by hand", line);
	}
	if (shown->generated.known)
		snprintf(line, sizeof(line), "%s in %s",
			 or_nothing(shown->generated.args), shown->generated.where);
	else
		snprintf(line, sizeof(line), "not known: %s", shown->generated.why);
	row(term, "boot loader", line);
	row(term, "this boot",
	    shown->running.known ? or_nothing(shown->running.args) : "not known");
	row(term, "to do", shown->to_do[0] ? shown->to_do : "nothing");
	return eb_term_end(term);
}

static void put_text(struct eb_json *json, const char *key, const char *text)
{
	eb_json_key(json, key);
	eb_json_string(json, text);
}

static void put_bool(struct eb_json *json, const char *key, bool value)
{
	eb_json_key(json, key);
	eb_json_bool(json, value);
}

static void put_files(struct eb_json *json, const struct eb_change *change)
{
	char path[64];
	size_t i;

	eb_json_key(json, "files");
	eb_json_open(json, '[');
	for (i = 0; i < EB_PLACES; i++) {
		if (!change->found.place[i].used)
			continue;
		snprintf(path, sizeof(path), "/%s", eb_place_path((enum eb_place)i));
		eb_json_open(json, '{');
		put_text(json, "path", path);
		put_bool(json, "edited", change->place[i].edited);
		eb_json_close(json, '}');
	}
	eb_json_close(json, ']');
}

static int print_json(const struct shown *shown)
{
	const struct eb_enable *enable = &shown->enable;
	const struct eb_kept *found = &enable->change.found;
	struct eb_json json = eb_json_on(STDOUT_FILENO);

	eb_json_open(&json, '{');
	eb_json_key(&json, "schema");
	eb_json_number(&json, 1);
	put_text(&json, "enabled", found->enabled ? shown->ours : NULL);
	put_text(&json, "with", shown->with[0] ? shown->with : NULL);
	put_bool(&json, "finished", !found->enabled || found->finished);
	put_files(&json, &enable->change);
	put_text(&json, "by_hand", enable->by_hand.count ? enable->by_hand.words : NULL);
	put_text(&json, "by_hand_in",
		 enable->by_hand.count ? enable->by_hand.where : NULL);
	put_text(&json, "boot_loader",
		 shown->generated.known ? shown->generated.args : NULL);
	put_text(&json, "running", shown->running.known ? shown->running.args : NULL);
	put_text(&json, "to_do", shown->to_do[0] ? shown->to_do : NULL);
	eb_json_close(&json, '}');
	return eb_json_end(&json);
}

static int run(struct eb_cli *cli)
{
	struct shown *shown;
	int status;

	if (cli->argc > 0) {
		eb_cli_error("show takes no argument; see earlybind show --help");
		return EB_EXIT_USAGE;
	}
	shown = calloc(1, sizeof(*shown));
	if (!shown) {
		eb_cli_error("out of memory");
		return EB_EXIT_USAGE;
	}
	shown->enable.cli = cli;
	shown->enable.term = eb_term_on(stdout);
	status = look(shown);
	if (!status)
		status = eb_cli_end(cli->json ? print_json(shown) : print_text(shown),
				    shown->to_do[0] ? EB_EXIT_LOOK : EB_EXIT_WELL);
	eb_change_free(&shown->enable.change);
	free(shown);
	return status;
}

const struct eb_command eb_command_show = {
	.name = "show",
	.args = "",
	.options = "[--json]",
	.summary = "what is enabled, what the boot loader and this boot have",
	.help = "Shows what `earlybind enable` wrote and where, what was written by hand, what the\n"
		"boot loader will hand to the kernel, what the running kernel was given, and what\n"
		"is to be done where these differ. Changes nothing.\n"
		"\n"
		"--json prints an object, see earlybind(8).\n"
		"\n"
		"Exit status: 0 all the same, 1 they differ, 2 something cannot be read.\n",
	.run = run,
};
