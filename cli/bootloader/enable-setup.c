// SPDX-License-Identifier: GPL-2.0-or-later
/* The setup of enable, disable and show: the lock, the state, the boot loader. */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "enable.h"
#include "files.h"

void eb_enable_say(struct eb_enable *enable, enum eb_style style, const char *label,
		   const char *format, ...)
{
	char line[EB_FINDING_TEXT + EB_MAX_WORDS];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	eb_term_styled(&enable->term, style, "%s", label);
	if (label[0])
		eb_term_print(&enable->term, " ");
	eb_term_wrap(&enable->term, 4, line);
	eb_term_print(&enable->term, "\n");
	eb_term_end(&enable->term);
}

/* May COMMAND change this machine, and does no other run? 0, or EB_EXIT_USAGE with a
 * message printed. */
static int lock(struct eb_enable *enable, const char *command)
{
	const struct eb_cli *cli = enable->cli;

	if (cli->dry_run)
		return 0;
	if (eb_cli_is_live(cli) && geteuid() != 0) {
		eb_cli_error(
			"%s changes the boot loader's configuration and must be run "
			"by root: sudo earlybind %s; --dry-run shows what it would do",
			command, command);
		return EB_EXIT_USAGE;
	}
	enable->lock = eb_files_lock(cli->root);
	if (enable->lock >= 0)
		return 0;
	if (enable->lock == -EWOULDBLOCK)
		eb_cli_error("another earlybind enable or disable is running here; wait "
			     "until it ends");
	else
		eb_cli_error("%s/run/earlybind.lock cannot be locked: %s", cli->root_path,
			     strerror(-enable->lock));
	return EB_EXIT_USAGE;
}

int eb_enable_begin(struct eb_cli *cli, const char *changes, struct eb_enable **enable)
{
	*enable = calloc(1, sizeof(**enable));
	if (!*enable) {
		eb_cli_error("out of memory");
		return EB_EXIT_USAGE;
	}
	(*enable)->cli = cli;
	(*enable)->term = eb_term_on(stdout);
	(*enable)->lock = -1;
	/* A reader of our output that exits must not stop us between two steps. */
	signal(SIGPIPE, SIG_IGN);
	return changes ? lock(*enable, changes) : 0;
}

void eb_enable_free(struct eb_enable *enable)
{
	if (!enable)
		return;
	eb_change_free(&enable->change);
	eb_files_unlock(enable->cli->root, enable->lock);
	free(enable);
}

int eb_enable_end(struct eb_enable *enable, int status)
{
	return enable ? eb_cli_end(eb_term_end(&enable->term), status) : status;
}

/* Does our own root differ from that of the first process? Then /proc and the EFI
 * variables that are mounted in it belong to the system that we were started from. */
static bool in_chroot(void)
{
	struct stat ours, first;

	return stat("/", &ours) == 0 && stat("/proc/1/root/.", &first) == 0 &&
	       (ours.st_dev != first.st_dev || ours.st_ino != first.st_ino);
}

/* By the places that version 0.1 used: it recorded no loader. */
static const struct eb_bootloader *recorded_loader(const struct eb_enable_state *state)
{
	if (state->loader[0])
		return eb_bootloader_named(state->loader);
	if (state->place[EB_PLACE_GRUB].used && state->place[EB_PLACE_CMDLINE].used)
		return &eb_bootloader_proxmox;
	if (state->place[EB_PLACE_GRUB].used)
		return &eb_bootloader_grub;
	return state->place[EB_PLACE_CMDLINE].used ? &eb_bootloader_systemd : NULL;
}

static int find_by_files(struct eb_enable *enable, const struct eb_host *host)
{
	const struct eb_bootloader *other;
	const char *name = enable->cli->loader;

	if (name) {
		enable->loader = eb_bootloader_named(name);
		if (enable->loader)
			return 0;
		snprintf(enable->why, sizeof(enable->why),
			 "there is no boot loader '%s'; --loader takes %s", name,
			 eb_bootloader_names());
		return EB_EXIT_USAGE;
	}
	enable->loader = eb_bootloader_find(host, &other);
	if (!other)
		return 0;
	snprintf(enable->why, sizeof(enable->why),
		 "both %s and %s are configured here, and it is not known which of "
		 "them boots this system; name it with --loader %s or --loader %s",
		 enable->loader->title, other->title, enable->loader->name, other->name);
	return EB_EXIT_LOOK;
}

/* Read the state. 0, or EB_EXIT_USAGE and why. */
static int read_state(struct eb_enable *enable)
{
	int err = eb_enable_state_read(enable->cli->root, &enable->change.found);

	if (err >= 0)
		return 0;
	snprintf(enable->why, sizeof(enable->why),
		 "%s/" EB_ENABLE_FILE " cannot be read: %s; if it is damaged, remove it, "
		 "and remove earlybind's arguments manually",
		 enable->cli->root_path, eb_files_error(err));
	return EB_EXIT_USAGE;
}

static void read_booted(struct eb_enable *enable)
{
	char *text;

	if (eb_files_read(enable->cli->root, "proc/cmdline", &text) < 0)
		return;
	text[strcspn(text, "\n")] = '\0';
	eb_edit_ours(text, enable->booted, sizeof(enable->booted));
	enable->booted_known = true;
	free(text);
}

/* For disable: take from the state what can no longer be detected. */
static void set_up_recorded(struct eb_enable *enable)
{
	const struct eb_enable_state *found = &enable->change.found;
	struct eb_setup *setup = &enable->setup;
	size_t i;

	for (i = 0; i < EB_PLACES; i++)
		setup->place[i] = setup->place[i] || found->place[i].used;
	if (setup->why)
		enable->loader->tools(enable->cli->root, setup);
	setup->why = NULL;
	if (setup->tools)
		return;
	setup->tools = found->tools;
	memcpy(setup->tool, found->tool, sizeof(setup->tool));
}

/* Do the entries not have what a trial needs, though they are known? */
static bool lacks_place(const struct eb_enable *enable)
{
	const struct eb_entries *entries = &enable->change.before;

	return enable->loader->trial && enable->loader->trial->by_entries &&
	       entries->known && entries->count && !entries->entry[0].trial;
}

/* Where is the trial, by what the loader has for one boot, and by this boot? */
static void set_stage(struct eb_enable *enable)
{
	const struct eb_enable_state *found = &enable->change.found;
	struct eb_trial *trial = &enable->change.trial_before;
	char id[64] = "", ours[EB_MAX_WORDS];
	bool since;

	if (!found->trial[0])
		return;
	eb_sysfs_read(enable->cli->root, EB_BOOT_ID, id, sizeof(id));
	since = !id[0] || strcmp(id, found->trial_since) == 0;
	eb_edit_ours(found->trial, ours, sizeof(ours));
	if (!trial->known) {
		enable->stage = EB_TRIAL_UNKNOWN;
	} else if (strcmp(trial->words, found->trial) == 0 && lacks_place(enable)) {
		enable->stage = EB_TRIAL_UNKNOWN;
		snprintf(trial->why, sizeof(trial->why),
			 "%.100s does not have the script of the trial",
			 enable->change.before.where);
	} else if (strcmp(trial->words, found->trial) == 0) {
		enable->stage = since ? EB_TRIAL_ARMED : EB_TRIAL_NOT_TAKEN;
	} else if (!since && enable->booted_known && strcmp(enable->booted, ours) == 0) {
		enable->stage = EB_TRIAL_BOOTED;
	} else {
		enable->stage = EB_TRIAL_OVER;
		enable->disarmed = id[0] && since;
	}
}

const char *eb_trial_stage_name(enum eb_trial_stage stage)
{
	switch (stage) {
	case EB_TRIAL_NONE:
		return NULL;
	case EB_TRIAL_ARMED:
		return "armed";
	case EB_TRIAL_NOT_TAKEN:
		return "not-taken";
	case EB_TRIAL_BOOTED:
		return "booted";
	case EB_TRIAL_OVER:
		return "over";
	case EB_TRIAL_UNKNOWN:
		return "unknown";
	}
	return NULL;
}

void eb_enable_tell_trial(const struct eb_enable *enable, char *out, size_t size)
{
	const struct eb_enable_state *found = &enable->change.found;
	const char *words = found->trial;
	struct eb_text text = eb_text_on(out, size);

	switch (enable->stage) {
	case EB_TRIAL_NONE:
		break;
	case EB_TRIAL_ARMED:
		eb_text_add(&text,
			    "the next boot has %s, and it alone; in it, earlybind keep "
			    "makes that permanent",
			    words);
		break;
	case EB_TRIAL_NOT_TAKEN:
		eb_text_add(&text,
			    "%s was to be in effect in one boot, and this boot did not "
			    "take it: another entry was chosen, or the boot loader could "
			    "not clear its variable; the next boot may have it",
			    words);
		break;
	case EB_TRIAL_BOOTED:
		eb_text_add(&text,
			    "this boot tries %s: earlybind keep makes that permanent, "
			    "else the next boot is as before",
			    words);
		break;
	case EB_TRIAL_OVER:
		eb_text_add(
			&text,
			"%s was %s%s; to try it again, run earlybind enable --try "
			"again; earlybind disable removes what is left of the trial",
			words,
			enable->disarmed
				? "armed, and the boot loader does not have it any more"
				: "tried and not kept",
			found->words[0] ? "" : ": nothing is enabled");
		break;
	case EB_TRIAL_UNKNOWN:
		eb_text_add(&text, "whether the next boot has %s is not known: %s", words,
			    enable->change.trial_before.why);
		break;
	}
}

int eb_enable_find_loader(struct eb_enable *enable, bool recorded)
{
	const struct eb_cli *cli = enable->cli;
	const struct eb_host host = {.root = cli->root,
				     .running = eb_cli_is_live(cli) && !in_chroot()};
	const struct eb_bootloader *by_state;
	int status = read_state(enable);

	if (status)
		return status;
	read_booted(enable);
	by_state = enable->change.found.enabled ? recorded_loader(&enable->change.found)
						: NULL;
	if (by_state && (recorded || !host.running) && !cli->loader)
		enable->loader = by_state;
	else
		status = find_by_files(enable, &host);
	if (status)
		return status;
	eb_bootloader_set_up(enable->loader, cli->root, &enable->setup);
	if (recorded && by_state && enable->loader == by_state)
		set_up_recorded(enable);
	enable->change.cli = cli;
	enable->change.loader = enable->loader;
	enable->change.setup = &enable->setup;
	enable->change.running = host.running;
	eb_change_read_back(&enable->change, &enable->change.before);
	eb_change_read_trial(&enable->change, &enable->change.trial_before);
	set_stage(enable);
	return 0;
}

int eb_enable_plan(struct eb_enable *enable, const char *words, const char *trial)
{
	struct eb_change *change = &enable->change;
	int status;
	size_t i;

	for (i = 0; i < EB_PLACES; i++) {
		free(change->place[i].now);
		free(change->place[i].base);
		free(change->place[i].next);
		free(change->place[i].until);
	}
	memset(change->place, 0, sizeof(change->place));
	change->words = words;
	change->trial = trial;
	status = eb_change_plan(change);
	if (status == 0)
		eb_search_written(enable->cli->root, &enable->setup,
				  change->place[EB_PLACE_CMDLINE].base, &enable->written);
	return status;
}

enum eb_trial_stage eb_enable_trial(struct eb_cli *cli, char *out, size_t size)
{
	enum eb_trial_stage stage = EB_TRIAL_NONE;
	struct eb_enable *enable = NULL;

	out[0] = '\0';
	if (!eb_files_is_there(cli->root, EB_ENABLE_FILE))
		return stage;
	if (eb_enable_begin(cli, NULL, &enable) == 0 &&
	    eb_enable_find_loader(enable, true) == 0) {
		stage = enable->stage;
		eb_enable_tell_trial(enable, out, size);
	}
	eb_enable_free(enable);
	return stage;
}
