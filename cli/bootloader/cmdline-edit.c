// SPDX-License-Identifier: GPL-2.0-or-later
/* Edits a kernel command line: removes arguments, adds some, and changes no other
 * byte. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <earlybind/request.h>

#include "cmdline-edit.h"

struct word {
	size_t start, end;
};

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The next word of TEXT from AT on. A blank between double quotes ends none, as in the
 * kernel (lib/cmdline.c, next_arg). */
static bool next_word(const char *text, size_t at, struct word *word)
{
	bool quoted = false;

	while (text[at] && is_blank(text[at]))
		at++;
	word->start = at;
	for (; text[at] && (quoted || !is_blank(text[at])); at++)
		if (text[at] == '"')
			quoted = !quoted;
	word->end = at;
	return word->end > word->start;
}

static bool is(const char *text, const struct word *word, const char *other, size_t len)
{
	return word->end - word->start == len &&
	       memcmp(text + word->start, other, len) == 0;
}

static bool have(const char *text, const char *word, size_t len)
{
	struct word at = {0, 0};

	while (next_word(text, at.end, &at) && !is(text, &at, "--", 2))
		if (is(text, &at, word, len))
			return true;
	return false;
}

bool eb_edit_have_all(const char *text, const char *words)
{
	struct word at = {0, 0};

	while (next_word(words, at.end, &at))
		if (!have(text, words + at.start, at.end - at.start))
			return false;
	return true;
}

/* Take the last word of TEXT that is WORD out, with the blank before it; at the beginning
 * of a line with the one after it. */
static void drop(char *text, const char *word, size_t len)
{
	struct word at = {0, 0}, last = {0, 0};

	while (next_word(text, at.end, &at))
		if (is(text, &at, word, len))
			last = at;
	if (last.end == 0)
		return;
	if (last.start > 0 && text[last.start - 1] != '\n')
		last.start--;
	else if (text[last.end] && text[last.end] != '\n')
		last.end++;
	memmove(text + last.start, text + last.end, strlen(text + last.end) + 1);
}

char *eb_edit_without(const char *text, const char *words)
{
	char *out = strdup(text);
	struct word at = {0, 0};

	while (out && next_word(words, at.end, &at))
		drop(out, words + at.start, at.end - at.start);
	return out;
}

/* Where words go into TEXT: behind the last word of the first line that has one, but not
 * behind a bare "--". FIRST tells that there is no word before them. */
static size_t place_in(const char *text, bool *first)
{
	struct word at = {0, 0};
	size_t place = 0;

	*first = true;
	while (next_word(text, at.end, &at)) {
		if (!*first && memchr(text + place, '\n', at.start - place))
			break;
		if (is(text, &at, "--", 2))
			return *first ? at.start : place;
		place = at.end;
		*first = false;
	}
	return place;
}

char *eb_edit_with(const char *text, const char *words)
{
	size_t len = strlen(words), all = strlen(text), at;
	char *out = malloc(all + len + 2), *to;
	bool first;

	if (!out)
		return NULL;
	at = place_in(text, &first);
	memcpy(out, text, at);
	to = out + at;
	if (len && !first)
		*to++ = ' ';
	memcpy(to, words, len);
	to += len;
	/* What takes a word out takes the blank before it, so that one comes after. */
	if (len && first && text[at] && text[at] != '\n')
		*to++ = at > 0 && text[at - 1] != '\n' ? text[at - 1] : ' ';
	memcpy(to, text + at, all - at + 1);
	return out;
}

static bool is_of_one_boot(const char *text, const struct word *word)
{
	struct eb_cmdline line = {.text = text + word->start,
				  .len = word->end - word->start};
	struct eb_cmdline_arg arg;

	return eb_cmdline_next(&line, &arg) &&
	       (eb_cmdline_named(&arg, "BOOT_IMAGE") ||
		eb_cmdline_named(&arg, "initrd") || eb_request_is_ours(&arg));
}

char *eb_edit_base(const char *text)
{
	char *out = malloc(strlen(text) + 2), *to = out;
	struct word at = {0, 0};

	if (!out)
		return NULL;
	while (next_word(text, at.end, &at)) {
		if (is_of_one_boot(text, &at))
			continue;
		if (to > out)
			*to++ = ' ';
		memcpy(to, text + at.start, at.end - at.start);
		to += at.end - at.start;
	}
	*to++ = '\n';
	*to = '\0';
	return out;
}

void eb_edit_ours(const char *text, char *out, size_t size)
{
	struct eb_cmdline line = {.text = text, .len = strlen(text)};
	struct eb_text args = eb_text_on(out, size);
	struct eb_cmdline_arg arg;
	size_t i;

	while (eb_cmdline_next(&line, &arg)) {
		if (!eb_request_is_ours(&arg))
			continue;
		eb_text_add(&args, "%s", args.len ? " " : "");
		/* '-' and '_' are the same in names. */
		for (i = 0; i < arg.name_len; i++)
			eb_text_add(&args, "%c", arg.name[i] == '-' ? '_' : arg.name[i]);
		if (!arg.value)
			continue;
		eb_text_add(&args, "=");
		eb_text_add_slice(&args, (struct eb_slice){arg.value, arg.value_len});
	}
}

/* The arguments of ours in A and in B, compared by HOLDS. */
static bool compare_ours(const char *a, const char *b,
			 bool (*holds)(const char *a, const char *b))
{
	char *ours = malloc((size_t)2 * EB_MAX_WORDS);
	bool result;

	if (!ours)
		return false;
	eb_edit_ours(a, ours, EB_MAX_WORDS);
	eb_edit_ours(b, ours + EB_MAX_WORDS, EB_MAX_WORDS);
	result = holds(ours, ours + EB_MAX_WORDS);
	free(ours);
	return result;
}

static bool is_same(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

bool eb_edit_same_ours(const char *a, const char *b)
{
	return compare_ours(a, b, is_same);
}

bool eb_edit_ours_within(const char *text, const char *words)
{
	return compare_ours(words, text, eb_edit_have_all);
}

bool eb_edit_is_carried(const char *text, size_t *offset)
{
	*offset = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			       "0123456789.,:/@=_- ");
	return text[*offset] == '\0';
}

#define MARK "# Written by `earlybind enable"

static const char drop_in_head[] = MARK
	"`, which `earlybind disable` removes again.\n"
	"# To boot once without it, choose the entry \"(recovery mode)\" in the boot menu, or\n"
	"# press e there and add vfio.gpus=none at the end of the line that begins with linux.\n"
	"GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT ";

char *eb_edit_drop_in(const char *words)
{
	size_t size = sizeof(drop_in_head) + strlen(words) + 2;
	char *out = malloc(size);

	if (out)
		snprintf(out, size, "%s%s\"\n", drop_in_head, words);
	return out;
}

#define SHELL "#!/bin/sh\n"

char *eb_edit_script(const char *words)
{
	static const char format[] = SHELL MARK
		" --try`, which `earlybind disable` removes again.\n"
		"# What was armed is for one boot: it is used only once it is off the disk.\n"
		"cat <<'END'\n"
		"set " EB_TRIAL_WORDS "=\"%s\"\n"
		"if [ \"${" EB_TRIAL_NEXT "}\" ]; then\n"
		"\tset earlybind_once=\"${" EB_TRIAL_NEXT "}\"\n"
		"\tset " EB_TRIAL_NEXT "=\n"
		"\tif save_env " EB_TRIAL_NEXT "; then\n"
		"\t\tload_env " EB_TRIAL_NEXT "\n"
		"\t\tif [ -z \"${" EB_TRIAL_NEXT "}\" ]; then\n"
		"\t\t\tset " EB_TRIAL_WORDS "=\"${earlybind_once}\"\n"
		"\t\tfi\n"
		"\tfi\n"
		"fi\n"
		"export " EB_TRIAL_WORDS "\n"
		"END\n";
	char *out;

	return asprintf(&out, format, words) < 0 ? NULL : out;
}

bool eb_edit_is_drop_in(const char *text)
{
	if (strncmp(text, SHELL, strlen(SHELL)) == 0)
		text += strlen(SHELL);
	return strncmp(text, MARK, strlen(MARK)) == 0;
}
