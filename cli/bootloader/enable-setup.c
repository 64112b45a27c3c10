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
	eb_change_read_back(&enable->change, &enable->change.before);
	return 0;
}

int eb_enable_plan(struct eb_enable *enable, const char *words)
{
	struct eb_change *change = &enable->change;
	int status;
	size_t i;

	for (i = 0; i < EB_PLACES; i++) {
		free(change->place[i].now);
		free(change->place[i].base);
		free(change->place[i].next);
	}
	memset(change->place, 0, sizeof(change->place));
	change->words = words;
	status = eb_change_plan(change);
	if (status == 0)
		eb_search_written(enable->cli->root, &enable->setup,
				  change->place[EB_PLACE_CMDLINE].base, &enable->written);
	return status;
}
