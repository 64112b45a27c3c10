// SPDX-License-Identifier: GPL-2.0-or-later
/* Words of a kernel command line: take some out, put some in, and touch no other byte. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <earlybind/cmdline.h>

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

bool eb_words_have(const char *text, const char *word, size_t len)
{
	struct word at = {0, 0};

	while (next_word(text, at.end, &at) && !is(text, &at, "--", 2))
		if (is(text, &at, word, len))
			return true;
	return false;
}

bool eb_words_have_all(const char *text, const char *words)
{
	struct word at = {0, 0};

	while (next_word(words, at.end, &at))
		if (!eb_words_have(text, words + at.start, at.end - at.start))
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

char *eb_words_without(const char *text, const char *words)
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

char *eb_words_with(const char *text, const char *words)
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
		eb_cmdline_named(&arg, "initrd") || eb_cmdline_named(&arg, "vfio.gpus") ||
		eb_cmdline_named(&arg, "rd.vfio.gpus") ||
		eb_cmdline_prefixed(&arg, "earlybind."));
}

char *eb_words_base(const char *text)
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

#define MARK "# Written by `earlybind enable`"

static const char drop_in_head[] = MARK
	"; `earlybind disable` takes this file away again, and what is\n"
	"# changed in it by hand is then lost. At the boot menu these two boot without it:\n"
	"# the entry \"(recovery mode)\", and vfio.gpus=none at the end of the linux line.\n"
	"GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT ";

char *eb_words_drop_in(const char *words)
{
	size_t size = sizeof(drop_in_head) + strlen(words) + 2;
	char *out = malloc(size);

	if (out)
		snprintf(out, size, "%s%s\"\n", drop_in_head, words);
	return out;
}

bool eb_words_is_drop_in(const char *text)
{
	return strncmp(text, MARK, strlen(MARK)) == 0;
}
