// SPDX-License-Identifier: GPL-2.0-or-later
/* A dry run: differences of files, and what would be run. */
#include <stdio.h>
#include <string.h>

#include "change.h"
#include "terminal.h"

static size_t line_length(const char *text)
{
	size_t len = strcspn(text, "\n");

	return len + (text[len] == '\n');
}

/* How many bytes of whole lines A and B begin with alike. */
static size_t same_lines(const char *a, const char *b)
{
	size_t at = 0;

	for (;;) {
		size_t len = line_length(a + at);

		if (len == 0 || strncmp(a + at, b + at, len) != 0 ||
		    line_length(b + at) != len)
			return at;
		at += len;
	}
}

/* Does the rest of B end with A, as whole lines? */
static bool ends_alike(const char *a, const char *b_start, const char *b_end)
{
	size_t len = strlen(a);

	return (size_t)(b_end - b_start) >= len && strcmp(b_end - len, a) == 0;
}

static void print_lines(struct eb_term *term, enum eb_style style, const char *sign,
			const char *text, const char *end)
{
	while (text < end) {
		size_t len = line_length(text);

		eb_term_style(term, style);
		eb_term_print(term, "%s%.*s", sign,
			      (int)(len < 900 ? strcspn(text, "\n") : 900), text);
		eb_term_style(term, EB_STYLE_PLAIN);
		eb_term_print(term, "\n");
		text += len;
	}
}

static void print_difference(struct eb_term *term, const char *path, const char *now,
			     const char *next)
{
	const char *old = now ? now : "", *new = next ? next : "", *old_end, *new_end;
	size_t alike = same_lines(old, new);

	eb_term_print(term, "--- %s%s\n+++ %s%s\n", now ? "/" : "",
		      now ? path : "/dev/null", next ? "/" : "",
		      next ? path : "/dev/null");
	old += alike;
	new += alike;
	old_end = old + strlen(old);
	new_end = new + strlen(new);
	/* The lines at the end that are the same, from the longest tail on. */
	for (alike = 0; old + alike < old_end; alike += line_length(old + alike))
		if (ends_alike(old + alike, new, new_end)) {
			new_end -= strlen(old + alike);
			old_end = old + alike;
		}
	print_lines(term, EB_STYLE_BAD, "-", old, old_end);
	print_lines(term, EB_STYLE_GOOD, "+", new, new_end);
}

void eb_change_show(const struct eb_change *change)
{
	struct eb_term term = eb_term_on(stdout);
	char text[EB_TOOL_TEXT];
	unsigned int i;

	for (i = 0; i < EB_PLACES; i++) {
		const char *now = change->place[i].now, *next = change->place[i].next;

		if (now != next && !(now && next && strcmp(now, next) == 0))
			print_difference(&term, eb_place_path((enum eb_place)i), now,
					 next);
	}
	if (change->trial[0] && !change->loader->trial->by_entries)
		eb_term_print(&term, "Would add an entry for the next boot: %s\n",
			      change->trial);
	for (i = 0; i < change->setup->tools && eb_change_needs_tools(change); i++)
		eb_term_print(&term, "Would run: %s\n",
			      eb_tool_text(&change->setup->tool[i], text));
	eb_term_end(&term);
}
