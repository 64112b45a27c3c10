// SPDX-License-Identifier: GPL-2.0-or-later
/* Finds words that a person wrote into the boot loader's configuration, line by line: the
 * files are shell, and whatever a line does with them, they stand there to be mended. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <earlybind/cmdline.h>
#include <earlybind/text.h>

#include "by-hand.h"
#include "files.h"

/* What ends a word in a piece of shell. */
#define ENDS " \t\"'`;&|()"

static bool is_ours(const struct eb_cmdline_arg *arg)
{
	return eb_cmdline_named(arg, "vfio.gpus") ||
	       eb_cmdline_named(arg, "rd.vfio.gpus") ||
	       (eb_cmdline_prefixed(arg, "earlybind.") && arg->value);
}

static void see_word(struct eb_by_hand *out, const char *path, unsigned int number,
		     const char *at, size_t len)
{
	struct eb_cmdline line = {.text = at, .len = len};
	struct eb_text words = eb_text_on(out->words, sizeof(out->words));
	struct eb_cmdline_arg arg;

	if (!eb_cmdline_next(&line, &arg))
		return;
	if (eb_cmdline_named(&arg, "intel_iommu") && arg.value && arg.value_len >= 2 &&
	    memcmp(arg.value, "on", 2) == 0)
		out->intel_iommu = true;
	if (!is_ours(&arg))
		return;
	if (out->count++ == 0)
		snprintf(out->where, sizeof(out->where), "/%.120s:%u", path, number);
	words.len = strlen(out->words);
	eb_text_add(&words, "%s", words.len ? " " : "");
	eb_text_add_slice(&words, (struct eb_slice){at, len});
}

static void see_line(struct eb_by_hand *out, const char *path, unsigned int number,
		     const char *line, size_t len)
{
	const char *end = line + len;

	line += strspn(line, " \t");
	/* NAME="WORD is two. */
	if (line < end && *line != '#')
		line = strncmp(line, "GRUB_CMDLINE", 12) == 0 ? strchr(line, '=') : line;
	else
		return;
	if (!line || line >= end)
		return;
	line += *line == '=';
	while (line < end) {
		size_t word;

		line += strspn(line, ENDS);
		word = strcspn(line, ENDS "\n");
		if (line >= end)
			break;
		see_word(out, path, number, line, word);
		line += word;
	}
}

static void see_text(struct eb_by_hand *out, const char *path, const char *text)
{
	unsigned int number;

	for (number = 1; *text; number++) {
		size_t len = strcspn(text, "\n");

		see_line(out, path, number, text, len);
		text += len + (text[len] == '\n');
	}
}

struct files {
	int root;
	struct eb_by_hand *out;
};

static void see_file(void *ctx, const char *path)
{
	struct files *files = ctx;
	char *text;

	if (strcmp(path, eb_place_path(EB_PLACE_GRUB)) == 0 ||
	    eb_files_read_own(files->root, path, &text) < 0)
		return;
	see_text(files->out, path, text);
	free(text);
}

void eb_by_hand_find(const struct eb_change *change, struct eb_by_hand *out)
{
	struct files files = {.root = change->cli->root, .out = out};
	const char *base;

	memset(out, 0, sizeof(*out));
	if (change->how->place[EB_PLACE_GRUB]) {
		see_file(&files, "etc/default/grub");
		eb_files_each(change->cli->root, "etc/default/grub.d", ".cfg", see_file,
			     &files);
		base = change->place[EB_PLACE_GRUB].base;
		if (base)
			see_text(out, eb_place_path(EB_PLACE_GRUB), base);
	}
	base = change->place[EB_PLACE_CMDLINE].base;
	if (change->how->place[EB_PLACE_CMDLINE] && base)
		see_text(out, eb_place_path(EB_PLACE_CMDLINE), base);
}
