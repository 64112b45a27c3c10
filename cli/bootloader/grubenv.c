// SPDX-License-Identifier: GPL-2.0-or-later
/* GRUB's environment block: lines NAME=VALUE, in which a backslash escapes the next byte,
 * and then as many '#' as fill the block. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "grubenv.h"

#define HEAD "# GRUB Environment Block\n"

bool eb_grubenv_is(const char *text)
{
	return strncmp(text, HEAD, strlen(HEAD)) == 0;
}

/* Where the line at TEXT ends, behind its newline; NULL where it has none. */
static const char *end_of(const char *text)
{
	for (; *text; text++) {
		if (*text == '\n')
			return text + 1;
		if (*text == '\\' && text[1])
			text++;
	}
	return NULL;
}

/* The line that sets NAME, and where it ends; or else the beginning of what fills the
 * block, twice. */
static const char *find(const char *text, const char *name, const char **end)
{
	size_t len = strlen(name);

	while ((*end = end_of(text)) != NULL) {
		if (strncmp(text, name, len) == 0 && text[len] == '=')
			return text;
		text = *end;
	}
	*end = text;
	return text;
}

int eb_grubenv_get(const char *text, const char *name, char *out, size_t size)
{
	const char *end, *line = find(text, name, &end);
	size_t len;

	if (line == end) {
		out[0] = '\0';
		return 0;
	}
	line += strlen(name) + 1;
	len = (size_t)(end - line) - 1;
	if (len >= size)
		return -EFBIG;
	memcpy(out, line, len);
	out[len] = '\0';
	return 0;
}

int eb_grubenv_set(char *text, const char *name, const char *value)
{
	const char *end, *line = find(text, name, &end);
	size_t all = strlen(text), at = (size_t)(line - text), had = (size_t)(end - line);
	size_t len = value[0] ? strlen(name) + strlen(value) + 2 : 0, free_bytes;
	const char *fill, *next;

	if (!eb_grubenv_is(text))
		return -EINVAL;
	for (fill = end; (next = end_of(fill)) != NULL; fill = next)
		;
	free_bytes = strlen(fill);
	if (strspn(fill, "#") != free_bytes)
		return -EINVAL;
	/* GRUB takes a block without anything to fill it for a broken one. */
	if (len >= free_bytes + had)
		return -ENOSPC;
	memmove(text + at + len, text + at + had, all - at - (had > len ? had : len));
	if (had > len)
		memset(text + all - (had - len), '#', had - len);
	if (len) {
		char behind = text[at + len];

		/* Its NUL falls on what follows the line. */
		snprintf(text + at, len + 1, "%s=%s\n", name, value);
		text[at + len] = behind;
	}
	return 0;
}
