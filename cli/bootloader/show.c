// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind show: what is enabled, what the boot loader has, and what this boot has. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "enable.h"
#include "grub.h"
#include "json-put.h"

struct shown {
	struct eb_enable *enable;
	char ours[EB_MAX_WORDS];      /* of what is enabled, our arguments alone */
	char with[EB_MAX_WORDS];      /* and the rest, as the IOMMU's */
	char loader[EB_MAX_WORDS];    /* of ours, in the first entry that has any */
	char to_do[3 * EB_MAX_WORDS]; /* "" for nothing */
};

/* What the next boot should have: from enable, or else added manually. */
static const char *wanted(const struct shown *shown)
{
	return shown->enable->change.found.enabled ? shown->ours
						   : shown->enable->written.ours;
}

/* The entries differ from what is wanted: would the loader's tool help? */
static void advise_tool(const struct shown *shown, struct eb_text *text)
{
	const struct eb_enable *enable = shown->enable;
	const struct eb_change *change = &enable->change;
	struct eb_source source = {.known = false};
	char file[EB_MAX_PATH], tool[EB_TOOL_TEXT];

	enable->loader->source(enable->cli->root, &source);
	if (source.known && strcmp(source.ours, wanted(shown)) == 0 &&
	    enable->setup.tools) {
		eb_text_add(text, "run %s, so that the boot loader has it",
			    eb_tool_text(&enable->setup.tool[0], tool));
	} else if (enable->loader == &eb_bootloader_grub &&
		   eb_grub_find_override(enable->cli->root, change->found.words, file)) {
		eb_text_add(
			text,
			"append to $GRUB_CMDLINE_LINUX_DEFAULT in %s, which overrides "
			"earlybind's drop-in, then run earlybind enable again",
			file);
	} else if (change->found.enabled) {
		eb_text_add(text,
			    "run earlybind enable %s again: the boot loader's "
			    "configuration does not have it",
			    shown->ours);
	} else {
		eb_text_add(text,
			    "find where '%s' comes from, in the files that %s is made "
			    "of",
			    shown->loader, change->before.where);
	}
}

/* Is a file gone that enable wrote? */
static bool is_gone(const struct eb_change *change, size_t place)
{
	return change->found.place[place].used && !change->place[place].now;
}

static bool is_any_gone(const struct eb_change *change)
{
	size_t i;

	for (i = 0; i < EB_PLACES; i++)
		if (is_gone(change, i))
			return true;
	return false;
}

static void advise_again(const struct shown *shown, struct eb_text *text)
{
	const char *trial = shown->enable->change.found.trial;
	char ours[EB_MAX_WORDS];

	eb_edit_ours(trial, ours, sizeof(ours));
	eb_text_add(text,
		    "a file that enable wrote was removed: run earlybind enable %s%s "
		    "again, or earlybind disable",
		    trial[0] ? "--try " : "", trial[0] ? ours : shown->ours);
}

static void advise(struct shown *shown)
{
	const struct eb_enable *enable = shown->enable;
	const struct eb_change *change = &enable->change;
	struct eb_text text = eb_text_on(shown->to_do, sizeof(shown->to_do));
	struct eb_verdict verdict = eb_entries_judge(&change->before, wanted(shown));
	bool as_wanted = wanted(shown)[0] ? verdict.enabled : verdict.wrong == 0;

	if (change->found.enabled && !change->found.finished)
		eb_text_add(&text, "an enable or disable was interrupted: run earlybind "
				   "enable or earlybind disable again");
	else if (is_any_gone(change))
		advise_again(shown, &text);
	else if (change->found.enabled && enable->written.count)
		eb_text_add(&text, "remove %s from %s: it adds to what is enabled",
			    enable->written.ours, enable->written.where);
	else if (change->before.known && !as_wanted)
		advise_tool(shown, &text);
	else if (enable->stage == EB_TRIAL_ARMED)
		eb_text_add(&text, "reboot to try it, and then run earlybind keep");
	else if (enable->stage == EB_TRIAL_BOOTED)
		eb_text_add(&text, "run earlybind keep, if this boot is as it should be");
	else if (enable->stage != EB_TRIAL_NONE)
		eb_text_add(&text,
			    "run earlybind enable or earlybind disable, to end the "
			    "trial");
	else if (enable->booted[0] && enable->setup.why && !wanted(shown)[0])
		eb_text_add(&text, "this boot's arguments come from a boot loader that "
				   "earlybind cannot read: change them there");
	else if (enable->booted_known && strcmp(enable->booted, wanted(shown)) != 0)
		eb_text_add(&text, "reboot for it to take effect");
}

/* What was written along with our arguments, such as the IOMMU's. */
static void set_with(struct shown *shown)
{
	char *rest = eb_edit_base(shown->enable->change.found.words);

	if (rest)
		snprintf(shown->with, sizeof(shown->with), "%.*s",
			 (int)strcspn(rest, "\n"), rest);
	free(rest);
}

/* What the next boot has, or else the first entry that has any. */
static void set_loader(struct shown *shown)
{
	const struct eb_entries *entries = &shown->enable->change.before;
	const struct eb_entry *next = eb_entries_next(entries, "");
	unsigned int i;

	if (next)
		eb_edit_ours(next->cmdline, shown->loader, sizeof(shown->loader));
	for (i = 0; i < entries->count && !shown->loader[0]; i++)
		eb_edit_ours(entries->entry[i].cmdline, shown->loader,
			     sizeof(shown->loader));
}

static int look(struct shown *shown)
{
	struct eb_enable *enable = shown->enable;
	int status = eb_enable_find_loader(enable, true);

	if (status)
		eb_cli_error("%s", enable->why);
	else
		status = eb_enable_plan(enable, "", "");
	if (status)
		return status;
	eb_edit_ours(enable->change.found.words, shown->ours, sizeof(shown->ours));
	set_with(shown);
	set_loader(shown);
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
	return args[0] ? args : "no arguments of earlybind";
}

static int print_text(struct shown *shown)
{
	struct eb_enable *enable = shown->enable;
	const struct eb_change *change = &enable->change;
	struct eb_term *term = &enable->term;
	char line[EB_MAX_WORDS + 256];
	size_t i;

	/* To be copied: as one line, whatever its length. */
	row_as_is(term, "enabled", shown->ours[0] ? shown->ours : "nothing");
	if (shown->with[0])
		row_as_is(term, "with", shown->with);
	eb_enable_tell_trial(enable, line, sizeof(line));
	if (line[0])
		row(term, "trial", line);
	for (i = 0; i < EB_PLACES; i++) {
		if (!change->found.place[i].used)
			continue;
		snprintf(line, sizeof(line), "/%s%s", eb_place_path((enum eb_place)i),
			 change->place[i].edited ? ", changed since enable"
			 : is_gone(change, i)	 ? ", removed since enable"
						 : "");
		row(term, "in", line);
	}
	if (enable->written.count) {
		snprintf(line, sizeof(line), "%s in %s", enable->written.ours,
			 enable->written.where);
		row(term, "manual", line);
	}
	if (change->before.known)
		snprintf(line, sizeof(line), "%s in %s", or_nothing(shown->loader),
			 change->before.where);
	else
		snprintf(line, sizeof(line), "not known: %s", change->before.why);
	row(term, "boot loader", line);
	row(term, "this boot",
	    enable->booted_known ? or_nothing(enable->booted) : "not known");
	row(term, "to do", shown->to_do[0] ? shown->to_do : "nothing");
	return eb_term_end(term);
}

static void put_files(struct eb_json *json, const struct eb_change *change)
{
	char path[64];
	size_t i;

	eb_json_put_open(json, "files", '[');
	for (i = 0; i < EB_PLACES; i++) {
		if (!change->found.place[i].used)
			continue;
		snprintf(path, sizeof(path), "/%s", eb_place_path((enum eb_place)i));
		eb_json_open(json, '{');
		eb_json_put_text(json, "path", path);
		eb_json_put_bool(json, "edited",
				 change->place[i].edited || is_gone(change, i));
		eb_json_close(json, '}');
	}
	eb_json_close(json, ']');
}

static int print_json(const struct shown *shown)
{
	const struct eb_enable *enable = shown->enable;
	const struct eb_enable_state *found = &enable->change.found;
	struct eb_json json = eb_json_on(STDOUT_FILENO);

	eb_json_open(&json, '{');
	eb_json_put_number(&json, "schema", 1);
	eb_json_put_text(&json, "enabled", shown->ours[0] ? shown->ours : NULL);
	eb_json_put_text(&json, "with", shown->with[0] ? shown->with : NULL);
	eb_json_put_bool(&json, "finished", !found->enabled || found->finished);
	eb_json_put_text(&json, "trial", found->trial[0] ? found->trial : NULL);
	eb_json_put_text(&json, "trial_state", eb_trial_stage_name(enable->stage));
	put_files(&json, &enable->change);
	eb_json_put_text(&json, "by_hand",
			 enable->written.count ? enable->written.ours : NULL);
	eb_json_put_text(&json, "by_hand_in",
			 enable->written.count ? enable->written.where : NULL);
	eb_json_put_text(&json, "boot_loader",
			 enable->change.before.known ? shown->loader : NULL);
	eb_json_put_text(&json, "running", enable->booted_known ? enable->booted : NULL);
	eb_json_put_text(&json, "to_do", shown->to_do[0] ? shown->to_do : NULL);
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
	status = eb_enable_begin(cli, NULL, &shown->enable);
	if (!status)
		status = look(shown);
	if (!status)
		status = eb_cli_end(cli->json ? print_json(shown) : print_text(shown),
				    shown->to_do[0] ? EB_EXIT_LOOK : EB_EXIT_WELL);
	eb_enable_free(shown->enable);
	free(shown);
	return status;
}

const struct eb_command eb_command_show = {
	.name = "show",
	.args = "",
	.options = "[--json] [--loader NAME]",
	.summary = "what is enabled, what the boot loader and this boot have",
	.help = "Shows what `earlybind enable` wrote and where, what was added manually, what the\n"
		"boot loader will pass to the kernel, what the running kernel received, and what\n"
		"to do where these differ. Changes nothing.\n"
		"\n"
		"--json    print an object, see earlybind(8)\n"
		"--loader  grub, systemd-boot or proxmox-boot-tool, where nothing is recorded\n"
		"\n"
		"Exit status: 0 they agree, 1 they differ, 2 something cannot be read.\n",
	.run = run,
};
