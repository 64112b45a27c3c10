// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings for a person. */
#include <string.h>

#include "findings.h"

/* What FINDING says of its function: its text without the address that it begins with.
 * NULL where it does not begin with one. */
static const char *said(const struct eb_finding *finding)
{
	char address[EB_ADDR_TEXT];
	size_t len;

	if (!finding->has_addr)
		return NULL;
	eb_addr_print(&finding->addr, address);
	len = strlen(address);
	if (strncmp(finding->text, address, len) != 0 || finding->text[len] != ' ')
		return NULL;
	return finding->text + len;
}

static bool says_the_same(const struct eb_finding *a, const struct eb_finding *b)
{
	const char *of_a = said(a), *of_b = said(b);

	return a->code == b->code && of_a && of_b && strcmp(of_a, of_b) == 0;
}

static bool was_said(const struct eb_findings *findings, unsigned int index)
{
	unsigned int i;

	for (i = 0; i < index; i++)
		if (says_the_same(&findings->list[i], &findings->list[index]))
			return true;
	return false;
}

/* Other functions that the finding INDEX is true of as well. */
static void add_others(struct eb_text *text, const struct eb_findings *findings,
		       unsigned int index)
{
	char address[EB_ADDR_TEXT];
	unsigned int i, others = 0;

	for (i = index + 1; i < findings->count; i++)
		if (says_the_same(&findings->list[i], &findings->list[index]))
			eb_text_add(text, "%s%s", others++ ? ", " : "; likewise ",
				    eb_addr_print(&findings->list[i].addr, address));
}

unsigned int eb_findings_show(struct eb_term *term, const struct eb_findings *findings,
			      enum eb_severity severity)
{
	static const enum eb_style styles[] = {[EB_ERROR] = EB_STYLE_BAD,
					       [EB_WARNING] = EB_STYLE_WARN,
					       [EB_INFO] = EB_STYLE_PLAIN};
	unsigned int i, count = 0;

	for (i = 0; i < findings->count; i++) {
		const struct eb_finding *finding = &findings->list[i];
		char line[EB_FINDING_TEXT + EB_MAX_FINDINGS * (EB_ADDR_TEXT + 2)];
		struct eb_text text = eb_text_on(line, sizeof(line));

		if (eb_finding_severity(finding->code) != severity)
			continue;
		count++;
		if (was_said(findings, i))
			continue;
		eb_text_add(&text, "%s", finding->text);
		add_others(&text, findings, i);
		eb_text_add(&text, " [%s]", eb_finding_name(finding->code));
		eb_term_print(term, "\n");
		eb_term_styled(term, styles[severity],
			       "%s:", eb_finding_severity_name(severity));
		eb_term_wrap(term, 4, line);
		eb_term_print(term, "\n");
	}
	return count;
}
