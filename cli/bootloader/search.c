// SPDX-License-Identifier: GPL-2.0-or-later
/* Finds arguments of ours that enable did not write, in the boot loader's source files.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <earlybind/request.h>

#include "files.h"
#include "search.h"

/* What ends a word in a piece of shell. */
#define ENDS " \t\"'`;&|()"

struct searcher {
	int root;
	struct eb_written *out;
	const char *path;
	unsigned int line;
};

/* Note the argument at AT, if it is one of ours or the IOMMU's. */
static bool see_argument(struct searcher *searcher, const char *at, size_t len)
{
	struct eb_written *out = searcher->out;
	struct eb_cmdline line = {.text = at, .len = len};
	size_t used = strlen(out->ours);
	struct eb_cmdline_arg arg;

	if (!eb_cmdline_next(&line, &arg) || !arg.value)
		return false;
	if (eb_cmdline_named(&arg, "intel_iommu")) {
		out->intel_iommu |= arg.value_len >= 2 && memcmp(arg.value, "on", 2) == 0;
		return true;
	}
	if (!eb_request_is_ours(&arg))
		return false;
	if (out->count++ == 0)
		snprintf(out->where, sizeof(out->where), "/%.120s:%u", searcher->path,
			 searcher->line);
	snprintf(out->ours + used, sizeof(out->ours) - used, "%s%.*s", used ? " " : "",
		 (int)len, at);
	return true;
}

/* In NAME=WORD, which sets a variable, WORD may be one. */
static void see_word(struct searcher *searcher, const char *at, size_t len)
{
	while (len > 0 && !see_argument(searcher, at, len)) {
		const char *equals = memchr(at, '=', len);

		if (!equals)
			return;
		len = (size_t)(at + len - equals) - 1;
		at = equals + 1;
	}
}

static void see_line(struct searcher *searcher, const char *at, const char *end)
{
	if (at[strspn(at, " \t")] == '#')
		return;
	while (at < end) {
		const char *word = at + strspn(at, ENDS);

		at = word + strcspn(word, ENDS "\n");
		if (word < end)
			see_word(searcher, word, (size_t)(at - word));
	}
}

static void see_text(struct searcher *searcher, const char *path, const char *text)
{
	searcher->path = path;
	for (searcher->line = 1; *text; searcher->line++) {
		size_t len = strcspn(text, "\n");

		see_line(searcher, text, text + len);
		text += len + (text[len] == '\n');
	}
}

static bool is_place(const char *path)
{
	return strcmp(path, eb_place_path(EB_PLACE_GRUB)) == 0 ||
	       strcmp(path, eb_place_path(EB_PLACE_SCRIPT)) == 0;
}

static void see_file(void *ctx, const char *path)
{
	struct searcher *searcher = ctx;
	char *text;

	if (eb_files_read(searcher->root, path, &text) < 0)
		return;
	if (!is_place(path) || !eb_edit_is_drop_in(text))
		see_text(searcher, path, text);
	free(text);
}

void eb_search_written(int root, const struct eb_setup *setup, const char *cmdline,
		       struct eb_written *out)
{
	struct searcher searcher = {.root = root, .out = out};

	memset(out, 0, sizeof(*out));
	if (setup->place[EB_PLACE_GRUB]) {
		see_file(&searcher, "etc/default/grub");
		eb_files_each(root, "etc/default/grub.d", ".cfg", see_file, &searcher);
		eb_files_each(root, "etc/grub.d", "", see_file, &searcher);
	}
	if (setup->place[EB_PLACE_CMDLINE] && cmdline)
		see_text(&searcher, eb_place_path(EB_PLACE_CMDLINE), cmdline);
}
