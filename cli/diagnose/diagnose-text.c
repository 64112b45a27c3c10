// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind diagnose for a person. */
#include "diagnose.h"
#include "terminal.h"

/* Where evidence and remedy begin. */
#define INDENT 10

static void print_line(struct eb_term *term, const char *label, enum eb_style style,
		       const char *text)
{
	eb_term_to(term, 4);
	eb_term_styled(term, EB_STYLE_QUIET, "%s", label);
	eb_term_to(term, INDENT);
	eb_term_style(term, style);
	eb_term_wrap(term, INDENT, text);
	eb_term_style(term, EB_STYLE_PLAIN);
	eb_term_print(term, "\n");
}

static void print_item(struct eb_term *term, const struct eb_item *item)
{
	static const enum eb_style styles[] = {[EB_ERROR] = EB_STYLE_BAD,
					       [EB_WARNING] = EB_STYLE_WARN,
					       [EB_INFO] = EB_STYLE_PLAIN};
	char line[EB_FINDING_TEXT + 40];
	struct eb_text text = eb_text_on(line, sizeof(line));
	unsigned int i;

	eb_text_add(&text, "%s [%s]", item->text, item->code);
	eb_term_styled(term, styles[item->severity],
		       "%s:", eb_severity_name(item->severity));
	eb_term_print(term, " ");
	eb_term_wrap(term, 4, line);
	eb_term_print(term, "\n");
	for (i = 0; i < item->evidence; i++)
		print_line(term, i ? "" : "seen", EB_STYLE_PLAIN, item->seen[i]);
	if (item->evidence_left_out) {
		text = eb_text_on(line, sizeof(line));
		eb_text_add(&text, "and %u more", item->evidence_left_out);
		print_line(term, "", EB_STYLE_PLAIN, line);
	}
	if (item->remedy[0])
		print_line(term, "do", EB_STYLE_TYPE, item->remedy);
	eb_term_print(term, "\n");
}

static void add_count(struct eb_text *text, unsigned int count, const char *what)
{
	if (count)
		eb_text_add(text, "%s%u %s%s", text->len ? ", " : "", count, what,
			    count == 1 ? "" : "s");
}

static void print_sum(struct eb_term *term, const struct eb_diagnosis *d)
{
	char line[EB_FINDING_TEXT];
	struct eb_text text = eb_text_on(line, sizeof(line));

	add_count(&text, eb_items_count(&d->items, EB_ERROR), "error");
	add_count(&text, eb_items_count(&d->items, EB_WARNING), "warning");
	if (text.len)
		eb_term_print(term, "%s. earlybind(8) has more on each [code].\n", line);
	else if (d->has_report)
		eb_term_print(term, "Nothing stands in the way, as far as was looked.\n");
	else
		eb_term_print(term, "Nothing was asked for in this boot.\n");
	if (d->items.left_out)
		eb_term_print(term, "%u more found no room: mend these and look again.\n",
			      d->items.left_out);
}

int eb_diagnose_text(const struct eb_diagnosis *d)
{
	struct eb_term term = eb_term_on(stdout);
	unsigned int i;

	for (i = 0; i < d->items.count; i++)
		print_item(&term, &d->items.list[i]);
	print_sum(&term, d);
	for (i = 0; i < d->items.not_checked; i++) {
		char line[EB_FINDING_TEXT + 40];
		struct eb_text text = eb_text_on(line, sizeof(line));

		eb_text_add(&text, "%s: %s", d->items.not_check[i].what,
			    d->items.not_check[i].why);
		eb_term_styled(&term, EB_STYLE_WARN, "Not checked:");
		eb_term_print(&term, " ");
		eb_term_wrap(&term, 4, line);
		eb_term_print(&term, "\n");
	}
	return eb_term_end(&term);
}
