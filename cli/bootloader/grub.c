// SPDX-License-Identifier: GPL-2.0-or-later
/* GRUB: update-grub generates its grub.cfg from /etc/default/grub, which is shell. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <earlybind/sysfs.h>
#include <earlybind/text.h>

#include "files.h"
#include "grub-defaults.h"
#include "grub.h"
#include "trial.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define DEFAULT_GRUB "etc/default/grub"
#define NORMAL	     "GRUB_CMDLINE_LINUX_DEFAULT"

static const char *const grub_cfgs[] = {"boot/grub/grub.cfg", "boot/grub2/grub.cfg"};

/* The first of NAMES that is there, or NULL. */
static const char *first_of(int root, const char *const *names, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (eb_files_is_there(root, names[i]))
			return names[i];
	return NULL;
}

static unsigned int detect(const struct eb_bootloader *loader, const struct eb_host *host)
{
	(void)loader;
	if (eb_bootloader_gave(host, "BOOT_IMAGE", "") ||
	    eb_bootloader_says(host, "GRUB"))
		return EB_SURE_STARTED;
	if (first_of(host->root, grub_cfgs, COUNT(grub_cfgs)))
		return EB_SURE_CONFIG;
	return eb_files_is_there(host->root, DEFAULT_GRUB) ? EB_SURE_SOURCE : EB_SURE_NOT;
}

static const char *mkconfig(int root)
{
	static const char *const names[] = {"usr/sbin/grub-mkconfig",
					    "usr/bin/grub-mkconfig"};

	return first_of(root, names, COUNT(names));
}

static bool has_update_grub(int root)
{
	return eb_files_is_there(root, "usr/sbin/update-grub");
}

static void set_places(const struct eb_bootloader *loader, int root,
		       struct eb_setup *setup)
{
	const char *tool = mkconfig(root);

	(void)loader;
	if (!tool) {
		setup->why = "this machine seems to boot with GRUB, but has no "
			     "grub-mkconfig";
		setup->manual = "add %s to the lines of /boot/grub/grub.cfg that start "
				"the kernel";
		return;
	}
	/* Debian's reads that directory, GRUB's own does not. */
	if (!eb_bootloader_file_has(root, tool, "default/grub.d/")) {
		setup->why = "this GRUB does not read /etc/default/grub.d";
		setup->manual = has_update_grub(root)
					? "add %s to " NORMAL
					  " in /etc/default/grub, and run update-grub"
					: "add %s to " NORMAL
					  " in /etc/default/grub, and run "
					  "grub-mkconfig -o /boot/grub/grub.cfg";
		return;
	}
	setup->place[EB_PLACE_GRUB] = true;
}

#define CFG "boot/grub/grub.cfg"

/* Does TOOL write to the file of a -o that follows its own? As Debian's update-grub. */
static bool takes_output(int root, const char *tool)
{
	return eb_bootloader_file_has(root, tool, "grub-mkconfig -o /" CFG " \"$@\"");
}

/* A link in its place leads to a file that is not ours to replace. */
static bool is_own(int root)
{
	char *text;
	int err = eb_files_read_own(root, CFG, &text);

	free(text);
	return err == 0 || err == -ENOENT;
}

static void add_tools(int root, struct eb_setup *setup)
{
	if (is_own(root) &&
	    (!has_update_grub(root) || takes_output(root, "usr/sbin/update-grub"))) {
		setup->staged = CFG ".earlybind";
		setup->installed = CFG;
	}
	if (has_update_grub(root) || !mkconfig(root))
		eb_setup_add_tool(setup, EB_ARGS("update-grub"));
	else
		eb_setup_add_tool(setup,
				  EB_ARGS("grub-mkconfig", "-o", "/boot/grub/grub.cfg"));
}

static void read_back(int root, struct eb_entries *entries)
{
	const char *path = first_of(root, grub_cfgs, COUNT(grub_cfgs));

	entries->known = true;
	entries->least = 1;
	entries->first = true;
	eb_entries_read_grub(entries, root, "", path ? path : grub_cfgs[0]);
}

/* --- /etc/default/grub and its drop-ins, as a shell takes their assignments --- */

struct reader {
	int root;
	struct eb_grub_defaults *defaults;
	struct eb_source *out;
	const char *words; /* that are looked for, or NULL */
	bool had;	   /* were they there after the previous file? */
	char *overrides;   /* the file that removed them */
	unsigned int drop_ins;
	bool failed;
};

static bool has_words(const struct reader *reader)
{
	return eb_edit_have_all(reader->defaults->all, reader->words) ||
	       eb_edit_have_all(reader->defaults->normal, reader->words);
}

static void see_file(void *ctx, const char *path)
{
	struct reader *reader = ctx;
	char *text;
	int err = eb_files_read(reader->root, path, &text);

	if (err < 0) {
		reader->failed = true;
		if (!reader->out->why[0])
			snprintf(reader->out->why, sizeof(reader->out->why), "/%.80s: %s",
				 path, eb_files_error(err));
		return;
	}
	eb_grub_defaults_read(text, reader->defaults);
	free(text);
	reader->drop_ins++;
	if (!reader->words)
		return;
	if (reader->had && !has_words(reader))
		snprintf(reader->overrides, EB_MAX_PATH, "/%.500s", path);
	reader->had = has_words(reader);
}

/* Read them all, in their order. */
static void read_all(struct reader *reader)
{
	struct eb_source *out = reader->out;
	int n;

	if (eb_files_exists(reader->root, DEFAULT_GRUB) != 0)
		see_file(reader, DEFAULT_GRUB);
	n = eb_files_each(reader->root, DEFAULT_GRUB ".d", ".cfg", see_file, reader);
	snprintf(out->where, sizeof(out->where), "/" DEFAULT_GRUB "%s",
		 n > 0 ? " and grub.d" : "");
	if (n < 0 && !out->why[0])
		snprintf(out->why, sizeof(out->why), "/" DEFAULT_GRUB ".d: %s",
			 eb_files_error(n));
	reader->failed |= n < 0;
	if (!reader->failed && reader->drop_ins == 0) {
		reader->failed = true;
		snprintf(out->why, sizeof(out->why), "there is no /" DEFAULT_GRUB);
	}
	if (!reader->failed && reader->defaults->computed) {
		reader->failed = true;
		snprintf(out->why, sizeof(out->why), "%s computes its values",
			 out->where);
	}
}

static void read_source(int root, struct eb_source *source)
{
	struct reader reader = {.root = root, .out = source};
	char *line = NULL;

	reader.defaults = calloc(1, sizeof(*reader.defaults));
	if (!reader.defaults) {
		snprintf(source->why, sizeof(source->why), "out of memory");
		return;
	}
	read_all(&reader);
	/* As GRUB joins them (/etc/grub.d/10_linux). */
	if (!reader.failed && asprintf(&line, "%s %s", reader.defaults->all,
				       reader.defaults->normal) >= 0) {
		eb_edit_ours(line, source->ours, sizeof(source->ours));
		source->known = true;
		free(line);
	}
	free(reader.defaults);
}

bool eb_grub_find_override(int root, const char *words, char file[EB_MAX_PATH])
{
	struct eb_source source = {.known = false};
	struct reader reader = {
		.root = root, .out = &source, .words = words, .overrides = file};

	file[0] = '\0';
	reader.defaults = calloc(1, sizeof(*reader.defaults));
	if (!reader.defaults)
		return false;
	read_all(&reader);
	free(reader.defaults);
	return file[0] != '\0' && !reader.had;
}

const struct eb_bootloader eb_bootloader_grub = {
	.name = "grub",
	.title = "GRUB",
	.edit = NORMAL " in /etc/default/grub",
	.detect = detect,
	.places = set_places,
	.tools = add_tools,
	.read_back = read_back,
	.source = read_source,
	.trial = &eb_trial_grub,
};
