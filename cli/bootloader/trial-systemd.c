// SPDX-License-Identifier: GPL-2.0-or-later
/* A trial by systemd-boot: an entry of its own, which the loader's variable for one boot
 * names; systemd-boot deletes that variable as it reads it (src/boot/efi/boot.c). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <earlybind/sysfs.h>
#include <earlybind/text.h>

#include "files.h"
#include "loader.h"
#include "systemd-boot.h"
#include "tools.h"
#include "trial.h"

#define ONE_SHOT "LoaderEntryOneShot"
#define OPTIONS	 "\noptions "
#define ENTRIES	 "loader/entries/" EB_TRIAL_ENTRY

/* The path of the trial's entry below the I-th of eb_systemd_boots. */
static void path_of(size_t i, char path[64])
{
	snprintf(path, 64, "%s/" ENTRIES, eb_systemd_boots[i]);
}

static bool is_possible(const struct eb_cli *cli, char why[EB_TRIAL_WHY])
{
	char says[64];

	if (!eb_files_is_there(cli->root, "usr/bin/bootctl"))
		snprintf(why, EB_TRIAL_WHY, "there is no bootctl");
	else if (!eb_bootloader_variable(cli->root, "LoaderInfo", says, sizeof(says)) ||
		 strncmp(says, "systemd-boot", strlen("systemd-boot")) != 0)
		snprintf(
			why, EB_TRIAL_WHY,
			"systemd-boot did not start the running system, or EFI variables "
			"cannot be read, so an entry for one boot cannot be set");
	else
		return true;
	return false;
}

/* The arguments in the trial's entry, which eb_entries_read_bls() leaves out. */
static void read_entry(int root, const char *path, struct eb_trial *trial)
{
	char *text, *options;
	const char *at;
	int err = eb_files_read(root, path, &text);

	if (err < 0) {
		trial->known = false;
		snprintf(trial->why, sizeof(trial->why), "/%.100s: %s", path,
			 eb_files_error(err));
		return;
	}
	/* As arm() recorded them, and as the kernel would get them. */
	at = strstr(text, EB_TRIAL_MARK);
	options = strstr(text, OPTIONS);
	if (at && options) {
		snprintf(trial->words, sizeof(trial->words), "%.*s",
			 (int)strcspn(at + strlen(EB_TRIAL_MARK), "\n"),
			 at + strlen(EB_TRIAL_MARK));
		options += strlen(OPTIONS);
		options[strcspn(options, "\n")] = '\0';
	}
	if (!at || !options || !eb_edit_have_all(options, trial->words) ||
	    !eb_edit_same_ours(options, trial->words)) {
		*trial = (struct eb_trial){.known = false};
		snprintf(trial->why, sizeof(trial->why), "/%.100s was changed", path);
	}
	free(text);
}

static void read_variable(int root, struct eb_trial *trial)
{
	char name[64], path[64];
	size_t i;

	*trial = (struct eb_trial){.known = true};
	if (!eb_bootloader_variable(root, ONE_SHOT, name, sizeof(name)) ||
	    strcmp(name, EB_TRIAL_ENTRY) != 0)
		return;
	for (i = 0; i < EB_SYSTEMD_BOOTS; i++) {
		path_of(i, path);
		if (!trial->words[0] && eb_files_is_there(root, path))
			read_entry(root, path, trial);
	}
}

/* --- arming it --- */

/* The text of the file that ENTRY was read from. */
static const struct eb_entry_file *file_of(const struct eb_entries *entries,
					   const struct eb_entry *entry)
{
	unsigned int i;

	for (i = 0; i < entries->files; i++)
		if (strcmp(entries->file[i].path, entry->where + 1) == 0)
			return &entries->file[i];
	return NULL;
}

/* These would sort the copy before the entry that it was made of, and so make it the one
 * that boots if nobody chooses (boot_entry_compare(), there); and its options are new. */
static bool is_left_out(const char *line)
{
	static const char *const keys[] = {"sort-key", "version", "machine-id", "options",
					   "title"};
	size_t i;

	line += strspn(line, " \t");
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strncmp(line, keys[i], strlen(keys[i])) == 0 &&
		    strchr(" \t\n", line[strlen(keys[i])]))
			return true;
	return false;
}

/* A copy of the entry in TEXT whose options are OPTIONS_LINE. To be freed. */
static char *copy_entry(const char *text, const char *options, const char *words)
{
	char *out = NULL;
	size_t size;
	FILE *to = open_memstream(&out, &size);

	if (!to)
		return NULL;
	fprintf(to, EB_TRIAL_MARK "%s\ntitle Linux, tried once by earlybind\n", words);
	while (*text) {
		size_t len = strcspn(text, "\n");

		if (!is_left_out(text) && len)
			fprintf(to, "%.*s\n", (int)len, text);
		text += len + (text[len] == '\n');
	}
	fprintf(to, "options %.*s\n", (int)strcspn(options, "\n"), options);
	if (fclose(to) == 0)
		return out;
	free(out);
	return NULL;
}

/* The command line of ENTRY with WORDS in the place of HAD. To be freed. */
static char *make_options(const struct eb_entry *entry, const char *had,
			  const char *words)
{
	char *without = eb_edit_without(entry->cmdline, had);
	char *out = without ? eb_edit_with(without, words) : NULL;

	free(without);
	return out;
}

/* The entry that started this system, by what systemd-boot says, or else by its kernel's
 * release, which that of another system on the same partition may have too. */
static const struct eb_entry *booted_entry(const struct eb_cli *cli,
					   const struct eb_entries *entries)
{
	char selected[128], release[65];
	unsigned int i;

	if (!eb_bootloader_variable(cli->root, "LoaderEntrySelected", selected,
				    sizeof(selected)))
		selected[0] = '\0';
	for (i = 0; i < entries->count; i++)
		/* It takes names in lower case. */
		if (strcasecmp(strrchr(entries->entry[i].where, '/') + 1, selected) == 0)
			return &entries->entry[i];
	if (eb_sysfs_read(cli->root, "proc/sys/kernel/osrelease", release,
			  sizeof(release)) < 0)
		release[0] = '\0';
	return eb_entries_next(entries, release);
}

static int write_entry(const struct eb_cli *cli, const struct eb_entries *entries,
		       const char *had, const char *words)
{
	const struct eb_entry *entry = booted_entry(cli, entries);
	const struct eb_entry_file *file = entry ? file_of(entries, entry) : NULL;
	char path[EB_MAX_PATH], *options, *text = NULL;
	int err = -1;

	if (!file) {
		eb_cli_error("there is no entry to make one for the trial from");
		return EB_EXIT_LOOK;
	}
	options = make_options(entry, had, words);
	if (options)
		text = copy_entry(file->text, options, words);
	snprintf(path, sizeof(path), "%.*s/" EB_TRIAL_ENTRY,
		 (int)(strrchr(file->path, '/') - file->path), file->path);
	if (text)
		err = eb_files_write(cli->root, path, text, 0644);
	if (err < 0)
		eb_cli_error("%s/%s cannot be written: %s", cli->root_path, path,
			     text ? eb_files_error(err) : "out of memory");
	free(options);
	free(text);
	return err < 0 ? EB_EXIT_LOOK : 0;
}

static int set_one_shot(const struct eb_cli *cli, const char *name)
{
	struct eb_tool tool = {.argc = 3, .argv = {"bootctl", "set-oneshot"}};

	snprintf(tool.argv[2], sizeof(tool.argv[2]), "%s", name);
	return eb_tools_run_one(cli, &tool) ? EB_EXIT_LOOK : 0;
}

static bool is_named(const struct eb_cli *cli)
{
	char name[64];

	return eb_bootloader_variable(cli->root, ONE_SHOT, name, sizeof(name)) &&
	       strcmp(name, EB_TRIAL_ENTRY) == 0;
}

/* Without its entry the variable names nothing, and systemd-boot ignores it. */
static int disarm(const struct eb_cli *cli)
{
	int err, status = 0;
	char path[64];
	size_t i;

	if (is_named(cli))
		set_one_shot(cli, "");
	for (i = 0; i < EB_SYSTEMD_BOOTS; i++) {
		path_of(i, path);
		eb_files_sweep(cli->root, path);
		err = eb_files_remove(cli->root, path);
		if (err == 0)
			continue;
		eb_cli_error("%s/%s cannot be removed: %s", cli->root_path, path,
			     eb_files_error(err));
		status = EB_EXIT_LOOK;
	}
	return status;
}

static int arm(const struct eb_cli *cli, const struct eb_entries *entries,
	       const char *had, const char *words)
{
	int status = write_entry(cli, entries, had, words);

	if (status == 0 && !is_named(cli))
		status = set_one_shot(cli, EB_TRIAL_ENTRY);
	if (status)
		disarm(cli);
	return status;
}

const struct eb_trial_kind eb_trial_systemd = {
	.by_entries = false,
	.is_possible = is_possible,
	.read = read_variable,
	.arm = arm,
	.disarm = disarm,
};
