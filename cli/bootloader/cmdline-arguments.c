// SPDX-License-Identifier: GPL-2.0-or-later
/* What `enable` is given on its own command line, to words of the kernel's. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <earlybind/cmdline.h>
#include <earlybind/selector.h>
#include <earlybind/text.h>

#include "cmdline-arguments.h"

#define GPUS "vfio.gpus="

/* All that our arguments need. Of the rest some means something to a shell, some to
 * GRUB's own script in grub.cfg, where '*' and '?' look for files. */
#define CARRIED "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,:/@=_-"

bool eb_words_is_list(const char *text)
{
	struct eb_selector selector;
	const char *reason;
	size_t offset;

	for (;;) {
		size_t len = strcspn(text, ",");

		if (eb_selector_parse((struct eb_slice){text, len}, &selector, &offset,
				      &reason) < 0)
			return false;
		if (text[len] == '\0')
			return true;
		text += len + 1;
	}
}

__attribute__((format(printf, 2, 3))) static int refuse(char why[EB_WORDS_WHY],
							const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, EB_WORDS_WHY, format, args);
	va_end(args);
	return -EINVAL;
}

struct joiner {
	struct eb_text text;
	size_t list; /* where the vfio.gpus= of bare lists ends, 0: there is none yet */
	char *why;
};

static bool is_ours(const char *word)
{
	struct eb_cmdline line = {.text = word, .len = strlen(word)};
	struct eb_cmdline_arg arg;

	return eb_cmdline_next(&line, &arg) && (eb_cmdline_named(&arg, "vfio.gpus") ||
						eb_cmdline_named(&arg, "rd.vfio.gpus") ||
						eb_cmdline_prefixed(&arg, "earlybind."));
}

static int check(struct joiner *joiner, const char *word)
{
	size_t good = strspn(word, CARRIED);

	if (word[good] == '*')
		return refuse(joiner->why,
			      "'%.200s' has a '*', which GRUB takes for names of files; "
			      "without .* the whole card is meant as well",
			      word);
	if (word[good])
		return refuse(joiner->why,
			      "'%.200s' has a character at offset %zu that a boot "
			      "loader's configuration cannot carry safely, and that "
			      "none of earlybind's arguments needs",
			      word, good);
	if (is_ours(word) || eb_words_is_list(word))
		return 0;
	return refuse(joiner->why,
		      "'%.200s' is neither a list of cards (05:00, or nvidia,-0b:00) nor "
		      "an argument of earlybind's (vfio.gpus=, earlybind.*); other "
		      "arguments of the kernel are yours to write",
		      word);
}

static void add(struct joiner *joiner, const char *word)
{
	struct eb_text *text = &joiner->text;
	bool list = !is_ours(word);

	/* 05:00 06:00 is one list, as long as nothing stands between them: the list is
	 * read from left to right. */
	if (list && joiner->list && joiner->list == text->len)
		eb_text_add(text, ",%s", word);
	else
		eb_text_add(text, "%s%s%s", text->len ? " " : "", list ? GPUS : "", word);
	if (list)
		joiner->list = text->len;
}

static int read_word(struct joiner *joiner, const char *at, size_t len)
{
	char word[EB_MAX_WORDS];
	int err;

	if (len >= sizeof(word))
		return refuse(joiner->why, "it has more than %d bytes", EB_MAX_WORDS - 1);
	memcpy(word, at, len);
	word[len] = '\0';
	err = check(joiner, word);
	if (err == 0)
		add(joiner, word);
	return err;
}

int eb_words_read(int count, char *const *arg, char out[EB_MAX_WORDS],
		  char why[EB_WORDS_WHY])
{
	struct joiner joiner = {.text = eb_text_on(out, EB_MAX_WORDS), .why = why};
	int i;

	for (i = 0; i < count; i++) {
		const char *at = arg[i];

		while (*(at += strspn(at, " "))) {
			size_t len = strcspn(at, " ");
			int err = read_word(&joiner, at, len);

			if (err < 0)
				return err;
			at += len;
		}
	}
	if (joiner.text.cut)
		return refuse(why, "it has more than %d bytes", EB_MAX_WORDS - 1);
	return joiner.text.len ? 0 : refuse(why, "it is empty");
}
