// SPDX-License-Identifier: GPL-2.0-or-later
/* Walk a kernel command line by the kernel's own quoting rules. */
#include <string.h>

#include <earlybind/cmdline.h>

/* The kernel's isspace(), which also knows 0xa0 (lib/ctype.c). */
static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || (unsigned char)c == 0xa0;
}

static char fold(char c)
{
	return c == '-' ? '_' : c;
}

/* Where the argument that begins at AT ends: an unquoted blank or the text's end. */
static size_t arg_end(const struct eb_cmdline *line, size_t at, bool in_quote)
{
	while (at < line->len && (in_quote || !is_space(line->text[at]))) {
		if (line->text[at] == '"')
			in_quote = !in_quote;
		at++;
	}
	return at;
}

int eb_cmdline_next(struct eb_cmdline *line, struct eb_cmdline_arg *arg)
{
	size_t start, end, equals;
	bool quoted;

	while (line->at < line->len && is_space(line->text[line->at]))
		line->at++;
	if (line->at >= line->len)
		return 0;

	quoted = line->text[line->at] == '"';
	start = line->at + quoted;
	end = arg_end(line, start, quoted);
	line->at = end;

	/* A '=' that comes first is part of the name, as in the kernel. */
	for (equals = start + 1; equals < end && line->text[equals] != '='; equals++)
		;
	arg->name = line->text + start;
	arg->name_len = (equals < end ? equals : end) - start;
	arg->value = NULL;
	arg->value_len = 0;
	if (equals < end) {
		size_t from = equals + 1;

		if (from < end && line->text[from] == '"') {
			from++;
			if (end > from && line->text[end - 1] == '"')
				end--;
		} else if (quoted && end > from && line->text[end - 1] == '"') {
			end--;
		}
		arg->value = line->text + from;
		arg->value_len = end - from;
	} else if (quoted && end > start && line->text[end - 1] == '"') {
		arg->name_len--;
	}

	if (!arg->value && arg->name_len == 2 && memcmp(arg->name, "--", 2) == 0) {
		line->at = line->len;
		return 0;
	}
	return 1;
}

static bool same_text(const char *a, const char *b, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (fold(a[i]) != fold(b[i]))
			return false;
	return true;
}

bool eb_cmdline_named(const struct eb_cmdline_arg *arg, const char *name)
{
	return strlen(name) == arg->name_len && same_text(arg->name, name, arg->name_len);
}

bool eb_cmdline_prefixed(const struct eb_cmdline_arg *arg, const char *prefix)
{
	size_t len = strlen(prefix);

	return len <= arg->name_len && same_text(arg->name, prefix, len);
}
