// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads the kernel command line in /etc/default/grub, which is shell. */
#include <string.h>

#include <earlybind/text.h>

#include "grub-defaults.h"

#define ALL    "GRUB_CMDLINE_LINUX"
#define NORMAL "GRUB_CMDLINE_LINUX_DEFAULT"

static size_t name_length(const char *text)
{
	return strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"
			    "0123456789");
}

static bool is_name(const char *text, size_t len, const char *name)
{
	return strlen(name) == len && strncmp(text, name, len) == 0;
}

/* The value of the variable that the LEN bytes of NAME name, or NULL. */
static char *variable(struct eb_grub_defaults *defaults, const char *name, size_t len)
{
	if (is_name(name, len, ALL))
		return defaults->all;
	return is_name(name, len, NORMAL) ? defaults->normal : NULL;
}

/* Add the expansion of the '$' at AT to VALUE. Returns where it ends. */
static const char *expand(struct eb_grub_defaults *defaults, const char *at,
			  struct eb_text *value)
{
	bool braces = at[1] == '{';
	const char *name = at + 1 + braces, *known;
	size_t len = name_length(name);

	known = variable(defaults, name, len);
	if (!known || (braces && name[len] != '}')) {
		defaults->computed = true;
		return at + 1;
	}
	eb_text_add(value, "%s", known);
	return name + len + braces;
}

/* Read a word as the shell does, up to a blank or the end of the command. Returns where
 * it ends. */
static const char *read_word(struct eb_grub_defaults *defaults, const char *at,
			     struct eb_text *value)
{
	char quote = '\0';

	while (*at && (quote || !strchr(" \t\n;&|", *at))) {
		if (*at == quote) {
			quote = '\0';
			at++;
		} else if (!quote && (*at == '"' || *at == '\'')) {
			quote = *at++;
		} else if (*at == '\\' && quote != '\'' && at[1]) {
			/* In double quotes it escapes these alone; at the end of a
			 * line it joins the next. */
			if (quote && !strchr("\"\\$`\n", at[1]))
				eb_text_add(value, "\\");
			if (at[1] != '\n')
				eb_text_add(value, "%c", at[1]);
			at += 2;
		} else if (*at == '$' && quote != '\'') {
			at = expand(defaults, at, value);
		} else {
			defaults->computed |= *at == '`' && quote != '\'';
			eb_text_add(value, "%c", *at++);
		}
	}
	defaults->computed |= quote != '\0' || value->cut;
	return at;
}

/* Read the command at AT, which begins a line. Returns where it ends. */
static const char *read_command(struct eb_grub_defaults *defaults, const char *at)
{
	char *name;
	char word[EB_MAX_WORDS];
	struct eb_text value = eb_text_on(word, sizeof(word));
	size_t len;

	if (strncmp(at, "export ", 7) == 0)
		at += 7;
	len = name_length(at);
	name = variable(defaults, at, len);
	if (name && at[len] == '=') {
		at = read_word(defaults, at + len + 1, &value);
		memcpy(name, word, strlen(word) + 1);
	}
	return at;
}

/* Does the line at TEXT mention either variable outside a comment? It may change them. */
static bool mentions_them(const char *text)
{
	const char *at = strstr(text, ALL);

	text += strspn(text, " \t");
	return *text != '#' && at && at < text + strcspn(text, "\n");
}

void eb_grub_defaults_read(const char *text, struct eb_grub_defaults *defaults)
{
	while (*text) {
		/* An indented assignment may be below an `if`. */
		if (*text != '#' && *text != ' ' && *text != '\t')
			text = read_command(defaults, text);
		defaults->computed |= mentions_them(text);
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
}
