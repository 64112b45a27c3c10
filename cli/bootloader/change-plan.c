// SPDX-License-Identifier: GPL-2.0-or-later
/* Plans a change: what to write, from what is there, what was there before enable, and
 * the arguments. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "files.h"

#define VENDOR_CMDLINE "usr/lib/kernel/cmdline"

static bool same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Read PATH into TEXT, NULL where there is none. 0, or EB_EXIT_USAGE with a message
 * printed. */
static int read_file(const struct eb_cli *cli, const char *path, char **text)
{
	int err = eb_files_read_own(cli->root, path, text);

	if (err == 0)
		return 0;
	*text = NULL;
	if (err == -ENOENT)
		return 0;
	if (err == -ELOOP)
		eb_cli_error("%s/%s is a symbolic link, and earlybind does not write "
			     "through links; replace it by the file itself, or add the "
			     "argument manually",
			     cli->root_path, path);
	else
		eb_cli_error("%s/%s cannot be read: %s", cli->root_path, path,
			     eb_files_error(err));
	return EB_EXIT_USAGE;
}

/* TEXT, of /etc/kernel/cmdline, without the arguments of earlier enables. */
static char *without_words(const struct eb_change *change, const char *text)
{
	char *some = eb_edit_without(text, change->found.words);
	char *out = some ? eb_edit_without(some, change->found.older) : NULL;

	free(some);
	return out;
}

/* Is NOW what a disable that was interrupted made of COPY? */
static bool is_until(const struct eb_change *change, const char *now, const char *copy)
{
	char *plain = copy ? without_words(change, copy) : NULL;
	bool is = plain && same(now, plain);

	free(plain);
	return is;
}

/* Is what is in PLACE what enable left there, or a disable that was interrupted? */
static bool is_known(const struct eb_change *change, enum eb_place place,
		     const char *after, const char *next)
{
	const char *now = change->place[place].now;

	if (!now)
		return false;
	return same(now, after) || same(now, next) ||
	       (place == EB_PLACE_CMDLINE && !change->found.place[place].existed &&
		(is_until(change, now, after) || is_until(change, now, next)));
}

/* The base of a file that enable wrote: its content before that. */
static int undo(struct eb_change *change, enum eb_place place)
{
	char *before = NULL, *after = NULL, *next = NULL;
	char *now = change->place[place].now;
	int err = read_file(change->cli, eb_enable_state_copy(place, EB_COPY_BEFORE),
			    &before) ||
		  read_file(change->cli, eb_enable_state_copy(place, EB_COPY_AFTER),
			    &after) ||
		  read_file(change->cli, eb_enable_state_copy(place, EB_COPY_NEXT),
			    &next);

	if (!change->found.place[place].existed) {
		free(before);
		before = NULL;
	}
	if (!err && !same(now, before) && !is_known(change, place, after, next)) {
		change->place[place].edited = now != NULL;
		if (place == EB_PLACE_CMDLINE) {
			free(before);
			before = now ? without_words(change, now) : NULL;
		}
	}
	change->place[place].base = before;
	free(after);
	free(next);
	return err;
}

/* Is TEXT, a drop-in of ours whose state is gone, exactly what enable writes? */
static bool is_plain_drop_in(const char *text)
{
	const char *words = strstr(text, "$GRUB_CMDLINE_LINUX_DEFAULT ");
	char *plain, *copy;
	bool is = false;

	if (!words)
		return false;
	words += strlen("$GRUB_CMDLINE_LINUX_DEFAULT ");
	copy = strndup(words, strcspn(words, "\"\n"));
	plain = copy ? eb_edit_drop_in(copy) : NULL;
	is = plain && strcmp(plain, text) == 0;
	free(copy);
	free(plain);
	return is;
}

static int read_place(struct eb_change *change, enum eb_place place)
{
	char *now;
	int err = read_file(change->cli, eb_place_path(place), &now);

	if (err)
		return err;
	change->place[place].now = now;
	if (change->found.place[place].used)
		return undo(change, place);
	if (!now)
		return 0;
	if (place != EB_PLACE_CMDLINE && eb_edit_is_drop_in(now)) {
		change->place[place].edited = !is_plain_drop_in(now);
		return 0;
	}
	change->place[place].base = strdup(now);
	if (change->place[place].base)
		return 0;
	eb_cli_error("out of memory");
	return EB_EXIT_USAGE;
}

/* The running command line, which kernel-install and proxmox-boot-tool take where there
 * is no /etc/kernel/cmdline (systemd's 90-loaderentry.install). */
static char *running(const struct eb_change *change)
{
	char *text;

	if (eb_files_read(change->cli->root, "proc/cmdline", &text) < 0)
		return NULL;
	text[strcspn(text, "\n")] = '\0';
	return text;
}

/* What the entries have without arguments of ours, if that is the same in each; not what
 * is in unified images, as their add-ons have a part of it. */
static char *from_entries(const struct eb_change *change)
{
	const struct eb_entries *entries = &change->before;
	char *out = NULL;
	unsigned int i;

	for (i = 0; entries->known && i < entries->count; i++) {
		const struct eb_entry *entry = &entries->entry[i];
		char *plain = without_words(change, entry->cmdline);
		char *base = plain ? eb_edit_base(plain) : NULL;
		bool fits = base && !entry->unified && (!out || same(out, base));

		free(plain);
		free(out);
		out = base;
		if (!fits) {
			free(out);
			return NULL;
		}
	}
	return out;
}

/* proxmox-boot-tool does not read it. */
static bool has_vendor_cmdline(const struct eb_change *change)
{
	return change->loader != &eb_bootloader_proxmox &&
	       eb_files_is_there(change->cli->root, VENDOR_CMDLINE);
}

bool eb_change_is_cmdline_known(const struct eb_change *change)
{
	return !change->setup->place[EB_PLACE_CMDLINE] || change->running ||
	       change->place[EB_PLACE_CMDLINE].next ||
	       change->place[EB_PLACE_CMDLINE].until || has_vendor_cmdline(change);
}

/* The content for a new /etc/kernel/cmdline: what was used without that file. NULL where
 * that is not known, as below another root where /proc is not its own. */
static char *invent(const struct eb_change *change)
{
	char *text = NULL, *plain = NULL, *out;

	if (!has_vendor_cmdline(change) ||
	    eb_files_read(change->cli->root, VENDOR_CMDLINE, &text) < 0) {
		out = from_entries(change);
		if (out || !change->running)
			return out;
		text = running(change);
		/* This boot may be a trial. */
		plain = text ? eb_edit_without(text, change->found.trial) : NULL;
	}
	out = text ? eb_edit_base(plain ? plain : text) : NULL;
	free(plain);
	free(text);
	return out;
}

/* A file that enable created is removed, once the entries are made from it without our
 * arguments. But while the running command line has those, the next installed kernel
 * would get them again: then the file stays, without them. */
static void without_file(struct eb_change *change)
{
	const char *now = change->place[EB_PLACE_CMDLINE].now;
	char *text, *plain, ours[EB_MAX_WORDS];

	if (change->words[0] || change->trial[0] || has_vendor_cmdline(change) ||
	    change->place[EB_PLACE_CMDLINE].base)
		return;
	plain = now ? without_words(change, now) : from_entries(change);
	text = now ? running(change) : NULL;
	eb_edit_ours(text ? text : "", ours, sizeof(ours));
	free(text);
	change->place[EB_PLACE_CMDLINE].stays = ours[0];
	if (ours[0])
		change->place[EB_PLACE_CMDLINE].next = plain;
	else
		change->place[EB_PLACE_CMDLINE].until = plain;
}

/* What /etc/kernel/cmdline is to begin with. 0, or EB_EXIT_USAGE with a message
 * printed. */
static int begin_cmdline(struct eb_change *change, char **base)
{
	const char *now = change->place[EB_PLACE_CMDLINE].now;

	*base = now ? without_words(change, now) : invent(change);
	if (*base) {
		change->place[EB_PLACE_CMDLINE].invented = true;
		return 0;
	}
	eb_cli_error("there is no %s/etc/kernel/cmdline, and the rest of the kernel "
		     "command line is not known: %s; write it to that file first",
		     change->cli->root_path,
		     change->running ? "/proc/cmdline cannot be read"
				     : "the boot entries differ or cannot be read, and "
				       "/proc is not that system's");
	return EB_EXIT_USAGE;
}

static bool has_entries_changed(const struct eb_change *change)
{
	return change->trial[0] && change->loader->trial->by_entries;
}

/* A kernel that is installed in the tried boot would get that boot's command line, and
 * each boot with it, where there is no file. */
static bool guards_cmdline(const struct eb_change *change)
{
	return change->trial[0] && !has_entries_changed(change) &&
	       !has_vendor_cmdline(change) &&
	       (change->found.place[EB_PLACE_CMDLINE].used ||
		!change->place[EB_PLACE_CMDLINE].now);
}

bool eb_change_takes(const struct eb_change *change, enum eb_place place)
{
	switch (place) {
	case EB_PLACE_GRUB:
		return change->setup->place[place] &&
		       (change->words[0] || has_entries_changed(change));
	case EB_PLACE_CMDLINE:
		return change->setup->place[place] &&
		       (change->words[0] || guards_cmdline(change));
	case EB_PLACE_SCRIPT:
		return change->setup->place[EB_PLACE_GRUB] && has_entries_changed(change);
	case EB_PLACES:
		break;
	}
	return false;
}

/* The new content of PLACE, whose former one is BASE. To be freed. */
static char *make(const struct eb_change *change, enum eb_place place, const char *base)
{
	switch (place) {
	case EB_PLACE_GRUB:
		return eb_edit_drop_in(change->trial[0] ? "\\$" EB_TRIAL_WORDS
							: change->words);
	case EB_PLACE_CMDLINE:
		return eb_edit_with(base, change->words);
	case EB_PLACE_SCRIPT:
		return eb_edit_script(change->words);
	case EB_PLACES:
		break;
	}
	return NULL;
}

/* What the file will be. */
static int decide(struct eb_change *change, enum eb_place place)
{
	const char *base = change->place[place].base;
	char *made = NULL, *next;

	if (!eb_change_takes(change, place)) {
		next = base ? strdup(base) : NULL;
		change->place[place].next = next;
		if (change->found.place[place].used && place == EB_PLACE_CMDLINE)
			without_file(change);
		return base && !next ? EB_EXIT_USAGE : 0;
	}
	if (place == EB_PLACE_CMDLINE && !base) {
		if (begin_cmdline(change, &made))
			return EB_EXIT_USAGE;
		base = made;
	}
	next = make(change, place, base);
	free(made);
	change->place[place].next = next;
	if (!next)
		eb_cli_error("out of memory");
	return next ? 0 : EB_EXIT_USAGE;
}

/* A trial that is replaced stays in the state until that is done. */
static void set_trial(struct eb_change *change)
{
	struct eb_enable_state *state = &change->state;

	state->trial_ends = !change->trial[0] && state->trial[0];
	if (!change->trial[0])
		return;
	memcpy(state->trial, change->trial, strlen(change->trial) + 1);
	if (eb_sysfs_read(change->cli->root, EB_BOOT_ID, state->trial_since,
			  sizeof(state->trial_since)) < 0)
		memcpy(state->trial_since, "-", 2);
}

/* The state during the change: with the arguments, or the one to be removed at the end.
 */
static void set_state(struct eb_change *change)
{
	struct eb_enable_state *state = &change->state;
	size_t i;

	*state = change->found;
	state->finished = false;
	if (!change->words[0] && !change->trial[0])
		return;
	state->enabled = true;
	set_trial(change);
	/* A file may still have the arguments of an enable that was interrupted. */
	if (change->found.enabled && strcmp(change->found.words, change->words) != 0)
		memcpy(state->older, change->found.words, EB_MAX_WORDS);
	memcpy(state->words, change->words, strlen(change->words) + 1);
	if (strcmp(state->loader, change->loader->name) != 0)
		memcpy(state->left, state->loader, sizeof(state->left));
	memset(state->loader, 0, sizeof(state->loader));
	strncpy(state->loader, change->loader->name, sizeof(state->loader) - 1);
	state->tools = change->setup->tools;
	memcpy(state->tool, change->setup->tool, sizeof(state->tool));
	for (i = 0; i < EB_PLACES; i++) {
		if (!eb_change_takes(change, (enum eb_place)i))
			continue;
		state->place[i].used = true;
		state->place[i].existed = change->place[i].base != NULL;
	}
}

int eb_change_plan(struct eb_change *change)
{
	size_t i;

	for (i = 0; i < EB_PLACES; i++)
		if (read_place(change, (enum eb_place)i) ||
		    decide(change, (enum eb_place)i))
			return EB_EXIT_USAGE;
	set_state(change);
	return 0;
}

void eb_change_free(struct eb_change *change)
{
	size_t i;

	for (i = 0; i < EB_PLACES; i++) {
		free(change->place[i].now);
		free(change->place[i].base);
		free(change->place[i].next);
		free(change->place[i].until);
	}
	eb_entries_free(&change->before);
	eb_entries_free(&change->after);
}

/* Have the entries a place for the trial's arguments, where it needs one? */
static bool has_trial_place(const struct eb_change *change)
{
	const struct eb_entries *before = &change->before;

	return !has_entries_changed(change) ||
	       (before->known && before->entry[0].trial &&
		eb_entries_judge(before, change->words).wrong == 0);
}

bool eb_change_is_done(const struct eb_change *change)
{
	size_t i;

	for (i = 0; i < EB_PLACES; i++)
		if (!same(change->place[i].now, change->place[i].next))
			return false;
	if (!change->words[0] && !change->trial[0])
		return !change->found.enabled && !change->trial_before.words[0];
	return change->found.enabled && change->found.finished &&
	       !change->found.left[0] &&
	       strcmp(change->found.words, change->words) == 0 &&
	       strcmp(change->found.trial, change->trial) == 0 &&
	       (!change->trial[0] ||
		(strcmp(change->trial_before.words, change->trial) == 0 &&
		 has_trial_place(change)));
}
