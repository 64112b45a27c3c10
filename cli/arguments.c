// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads the arguments of `enable` and `plan`. */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <earlybind/card.h>
#include <earlybind/cmdline.h>
#include <earlybind/selector.h>

#include "arguments.h"

#define GPUS "vfio.gpus="
/* How much of a word is quoted in a message, and looked at for what was meant. */
#define SHOWN 96

struct joiner {
	struct eb_text text;
	size_t list; /* where the vfio.gpus= of bare lists ends, 0: there is none yet */
	struct eb_text why;
};

static bool parse_item(struct eb_slice item, size_t *offset, const char **reason)
{
	struct eb_selector selector;

	return eb_selector_parse(item, &selector, offset, reason) == 0;
}

/* Is WORD a list as vfio.gpus= takes it? If not, where the item that is not understood
 * begins, and in OFFSET and REASON what the parser says of it. */
static bool is_list(struct eb_slice word, struct eb_slice *item, size_t *offset,
		    const char **reason)
{
	const char *end = word.at + word.len, *comma;

	for (item->at = word.at;; item->at = comma + 1) {
		comma = memchr(item->at, ',', (size_t)(end - item->at));
		item->len = (size_t)((comma ? comma : end) - item->at);
		if (!parse_item(*item, offset, reason))
			return false;
		if (!comma)
			return true;
	}
}

bool eb_arguments_is_list(const char *text)
{
	struct eb_slice item;
	const char *reason;
	size_t offset;

	return is_list((struct eb_slice){text, strlen(text)}, &item, &offset, &reason);
}

/* TEXT in small letters and without each "0x". */
static void plain_form(struct eb_slice text, char out[SHOWN])
{
	size_t i, len = 0;

	for (i = 0; i < text.len && len + 1 < SHOWN; i++) {
		if (text.at[i] == '0' && i + 1 < text.len &&
		    (text.at[i + 1] == 'x' || text.at[i + 1] == 'X')) {
			i++;
			continue;
		}
		out[len++] = (char)tolower((unsigned char)text.at[i]);
	}
	out[len] = '\0';
}

/* Put into OUT the item that ITEM was probably meant to be. Is there one? */
static bool guess_item(struct eb_slice item, char out[SHOWN])
{
	static const char *const words[] = {"none", "nvidia", "amd",	  "intel",
					    "all",  "boot",   "secondary"};
	char plain[SHOWN];
	const char *reason, *nearest;
	size_t offset, len;

	if (item.len >= SHOWN)
		return false;
	plain_form(item, plain);
	nearest = eb_cli_nearest(plain, words, sizeof(words) / sizeof(words[0]));
	if (nearest) {
		snprintf(out, SHOWN, "%s", nearest);
		return true;
	}
	/* In that form, with a zero before it (b:00), or without a wrong function. */
	len = strlen(plain);
	snprintf(out, SHOWN, "%.*s", SHOWN - 1, plain);
	if (parse_item((struct eb_slice){out, len}, &offset, &reason))
		return true;
	snprintf(out, SHOWN, "0%.*s", SHOWN - 2, plain);
	if (parse_item((struct eb_slice){out, strlen(out)}, &offset, &reason))
		return true;
	len = strcspn(plain, ".");
	snprintf(out, SHOWN, "%.*s", (int)len, plain);
	return plain[len] && parse_item((struct eb_slice){out, len}, &offset, &reason);
}

__attribute__((format(printf, 2, 3))) static int refuse(struct joiner *joiner,
							const char *format, ...)
{
	char text[EB_ARGUMENTS_WHY];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	eb_text_add(&joiner->why, "%s", text);
	return -EINVAL;
}

static int shown(struct eb_slice word)
{
	return (int)(word.len < SHOWN ? word.len : SHOWN);
}

/* WORD is NAME=VALUE, and not one of our arguments. */
static int refuse_argument(struct joiner *joiner, struct eb_slice word)
{
	static const char *const names[] = {"vfio.gpus", "rd.vfio.gpus"};
	struct eb_slice name = {word.at, word.len};
	const char *equals = memchr(word.at, '=', word.len), *nearest;
	char plain[SHOWN];

	if (equals)
		name.len = (size_t)(equals - word.at);
	plain_form(name, plain);
	nearest = eb_cli_nearest(plain, names, sizeof(names) / sizeof(names[0]));
	if (nearest)
		return refuse(
			joiner, "there is no argument '%.*s'; did you mean '%s%.*s'?",
			shown(name), name.at, nearest,
			equals ? shown((struct eb_slice){equals, word.len - name.len})
			       : 0,
			equals ? equals : "");
	return refuse(
		joiner,
		"'%.*s' is neither a list of cards (05:00, or nvidia,-0b:00) nor an "
		"argument of earlybind (vfio.gpus=, earlybind.*); add other kernel "
		"arguments to the boot loader's configuration yourself",
		shown(word), word.at);
}

static int refuse_list(struct joiner *joiner, struct eb_slice word, struct eb_slice item,
		       size_t offset, const char *reason)
{
	char meant[SHOWN];

	if (item.len == 0 && item.at == word.at + word.len && word.len > 1)
		return refuse(
			joiner,
			"'%.*s' ends with a comma: write a list without blanks, such "
			"as 0b:00,0a:00",
			shown(word), word.at);
	refuse(joiner, "'%.*s' is not understood at offset %zu: %s", shown(word), word.at,
	       (size_t)(item.at - word.at) + offset, reason);
	if (item.len == 0)
		return -EINVAL;
	if (guess_item(item, meant))
		return refuse(joiner, "; did you mean '%s'?", meant);
	return refuse(joiner,
		      "; a card is named by its address (05:00) or id (10de:1187), "
		      "not by its model");
}

static bool is_ours(struct eb_slice word)
{
	struct eb_cmdline line = {.text = word.at, .len = word.len};
	struct eb_cmdline_arg arg;

	return eb_cmdline_next(&line, &arg) && (eb_cmdline_named(&arg, "vfio.gpus") ||
						eb_cmdline_named(&arg, "rd.vfio.gpus") ||
						eb_cmdline_prefixed(&arg, "earlybind."));
}

static int add(struct joiner *joiner, struct eb_slice word)
{
	struct eb_text *text = &joiner->text;
	struct eb_slice item;
	const char *reason;
	size_t offset;

	if (is_ours(word)) {
		eb_text_add(text, "%s%.*s", text->len ? " " : "", (int)word.len, word.at);
		return 0;
	}
	if (word.len == 2 && memcmp(word.at, "--", 2) == 0)
		return refuse(joiner, "'--' ends the kernel's arguments: what follows is "
				      "for init");
	if (!is_list(word, &item, &offset, &reason))
		return memchr(word.at, '=', word.len)
			       ? refuse_argument(joiner, word)
			       : refuse_list(joiner, word, item, offset, reason);
	/* 05:00 06:00 is one list, as long as nothing stands between them: the list is
	 * read from left to right. */
	if (joiner->list && joiner->list == text->len)
		eb_text_add(text, ",%.*s", (int)word.len, word.at);
	else
		eb_text_add(text, "%s" GPUS "%.*s", text->len ? " " : "", (int)word.len,
			    word.at);
	joiner->list = text->len;
	return 0;
}

/* The length of the word at AT: up to a blank that is not between double quotes. */
static size_t word_length(const char *at)
{
	bool quoted = false;
	size_t len;

	for (len = 0; at[len] && (quoted || at[len] != ' '); len++)
		quoted ^= at[len] == '"';
	return len;
}

int eb_arguments_read(int count, char *const *arg, char *out, size_t size, char *why,
		      size_t why_size)
{
	struct joiner joiner = {.text = eb_text_on(out, size),
				.why = eb_text_on(why, why_size)};
	int i, err;

	for (i = 0; i < count; i++) {
		const char *at = arg[i];

		while (*(at += strspn(at, " "))) {
			size_t len = word_length(at);

			err = add(&joiner, (struct eb_slice){at, len});
			if (err < 0)
				return err;
			at += len;
		}
	}
	if (joiner.text.cut)
		return refuse(&joiner, "the arguments have more than %zu bytes",
			      size - 1);
	return joiner.text.len ? 0
			       : refuse(&joiner, "there is no card: name one by its "
						 "address, such as 05:00");
}

static bool wants_none(const void *ctx, const struct eb_pci *pci, unsigned int function)
{
	(void)ctx;
	(void)pci;
	(void)function;
	return false;
}

int eb_arguments_explain(struct eb_cli *cli, const char *why)
{
	char cards[EB_FINDING_TEXT];
	struct eb_text text = eb_text_on(cards, sizeof(cards));
	size_t len = strlen(why);

	if (eb_survey_scan(cli->survey, cli->root, wants_none, NULL) < 0) {
		eb_cli_error("%s", why);
		return EB_EXIT_USAGE;
	}
	eb_card_list(&text, &cli->survey->pci);
	if (len && why[len - 1] == '?')
		eb_cli_error("%s (%s)", why, cards);
	else
		eb_cli_error("%s; %s", why, cards);
	return EB_EXIT_USAGE;
}
