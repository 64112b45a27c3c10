// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads what the boot loader will in fact hand to the kernels. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <earlybind/sysfs.h>
#include <earlybind/text.h>

#include "files.h"
#include "readback.h"

#define GRUB_CFG "boot/grub/grub.cfg"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct reader {
	int root;
	const char *words;
	struct eb_readback *out;
};

static bool begins(const char *line, const char *word)
{
	size_t len = strlen(word);

	return strncmp(line, word, len) == 0 && (line[len] == ' ' || line[len] == '\t');
}

static void see_command_line(struct reader *reader, const char *line, size_t len)
{
	struct eb_readback *out = reader->out;
	char *text = strndup(line, len);
	struct eb_config *config = calloc(1, sizeof(*config));
	bool has, ours;

	if (text && config) {
		eb_config_pick(text, len, config);
		has = eb_words_have_all(text, reader->words);
		ours = config->args[0] != '\0';
		out->has = out->entries ? out->has : has;
		out->entries++;
		out->with += has;
		out->ours += ours;
	}
	free(text);
	free(config);
}

/* Entries that start something else, such as memtest86+, have no root=. */
static bool starts_linux(const char *line, size_t len)
{
	const char *at = strstr(line, " root=");

	return at && at < line + len;
}

static void read_grub(struct reader *reader, const char *text)
{
	while (*text) {
		size_t len;

		text += strspn(text, " \t\n");
		len = strcspn(text, "\n");
		if ((begins(text, "linux") || begins(text, "linuxefi")) &&
		    starts_linux(text, len))
			see_command_line(reader, text, len);
		text += len;
	}
}

static void see_entry(void *ctx, const char *path)
{
	struct reader *reader = ctx;
	bool options = false, initrd = false;
	const char *line;
	char *text;

	if (eb_files_read_own(reader->root, path, &text) < 0)
		return;
	for (line = text; *line; line += strcspn(line, "\n"), line += *line != '\0') {
		if (begins(line, "options") && !options) {
			see_command_line(reader, line, strcspn(line, "\n"));
			options = true;
		}
		initrd |= begins(line, "initrd");
	}
	reader->out->initrds += options && initrd;
	free(text);
}

static void unknown(struct eb_readback *out, const char *path, const char *why)
{
	snprintf(out->why, sizeof(out->why), "%s%s", path, why);
}

static void read_back_grub(struct reader *reader)
{
	struct eb_readback *out = reader->out;
	char *text;
	int err = eb_files_read_own(reader->root, GRUB_CFG, &text);

	snprintf(out->where, sizeof(out->where), "/" GRUB_CFG);
	if (err < 0) {
		snprintf(out->why, sizeof(out->why), "/" GRUB_CFG ": %s", strerror(-err));
		return;
	}
	read_grub(reader, text);
	free(text);
	out->known = out->entries > 0;
	if (!out->known)
		unknown(out, "/" GRUB_CFG, " has no line that starts a kernel");
}

static void read_back_entries(struct reader *reader, unsigned int kernels)
{
	static const char *const dirs[] = {"boot/efi/loader/entries",
					   "efi/loader/entries", "boot/loader/entries"};
	struct eb_readback *out = reader->out;
	struct eb_text where = eb_text_on(out->where, sizeof(out->where));
	size_t i;

	for (i = 0; i < COUNT(dirs); i++) {
		unsigned int before = out->entries;

		eb_files_each(reader->root, dirs[i], ".conf", see_entry, reader);
		if (out->entries > before)
			eb_text_add(&where, "%s/%s", where.len ? " and " : "", dirs[i]);
	}
	out->known = out->entries > 0;
	out->has = out->known && out->with >= kernels;
	if (!out->known)
		unknown(out, "no entries of systemd-boot are to be seen", "");
}

void eb_readback(int root, const struct eb_how *how, const char *words,
		 struct eb_readback *out)
{
	struct reader reader = {.root = root, .words = words, .out = out};

	memset(out, 0, sizeof(*out));
	switch (how->boots) {
	case EB_BOOTS_GRUB:
		read_back_grub(&reader);
		break;
	case EB_BOOTS_SYSTEMD:
		read_back_entries(&reader, how->tools);
		break;
	case EB_BOOTS_PROXMOX:
		unknown(out,
			"the partitions that proxmox-boot-tool keeps are not mounted",
			"");
		break;
	case EB_BOOTS_OTHER:
		unknown(out, "no boot loader that earlybind knows", "");
		break;
	}
}
