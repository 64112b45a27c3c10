// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind plan for a person: functions with result and why, then findings. */
#include "findings.h"
#include "part.h"
#include "plan.h"
#include "card-table.h"

static void print_asked(const struct eb_show *show, bool running)
{
	const struct eb_request *request = &show->survey->request;
	unsigned int i;

	eb_term_print(show->term,
		      running ? "The running command line has:" : "Plan for:");
	for (i = 0; i < request->arguments; i++) {
		const struct eb_argument *a = &request->argument[i];
		char line[EB_FINDING_TEXT];
		struct eb_text text = eb_text_on(line, sizeof(line));

		eb_text_add_slice(&text, a->name);
		if (a->value.at)
			eb_text_add(&text, "=");
		eb_text_add_slice(&text, a->value);
		eb_term_style(show->term, EB_STYLE_TYPE);
		eb_term_wrap(show->term, 4, line);
		eb_term_styled(show->term, EB_STYLE_PLAIN, "%s", text.cut ? "..." : "");
	}
	eb_term_print(show->term, "\n");
}

/* The item that chose DEVICE, where there are several to choose. */
static void add_item(const struct eb_show *show, const struct eb_device *device,
		     struct eb_text *text)
{
	const struct eb_request *request = &show->survey->request;

	if (request->selectors < 2)
		return;
	eb_text_add(text, " (by ");
	eb_text_add_slice(text, request->selector[device->selector].text);
	eb_text_add(text, ")");
}

static void print_result(const struct eb_show *show, const struct eb_device *device)
{
	char line[EB_FINDING_TEXT];
	struct eb_text text = eb_text_on(line, sizeof(line));
	enum eb_style style = EB_STYLE_BAD;

	if (!device) {
		eb_term_styled(show->term, EB_STYLE_QUIET, "not asked for");
		return;
	}
	switch (device->result) {
	case EB_RESULT_PLANNED:
		style = EB_STYLE_GOOD;
		eb_text_add(&text, "would be claimed");
		break;
	case EB_RESULT_CLAIMED:
		style = EB_STYLE_GOOD;
		eb_text_add(&text, "claimed already");
		break;
	case EB_RESULT_REFUSED:
		eb_text_add(&text, "left alone: %s", device->reason);
		break;
	case EB_RESULT_FAILED:
	case EB_RESULT_TIMEOUT:
		eb_text_add(&text, "%s: %s", eb_result_name(device->result),
			    device->reason);
		break;
	}
	add_item(show, device, &text);
	eb_term_style(show->term, style);
	eb_term_wrap(show->term, show->term->column, line);
	eb_term_style(show->term, EB_STYLE_PLAIN);
}

static void add_conflict(struct eb_text *text, const struct eb_conflict *c)
{
	if (c->remedy == EB_REMEDY_ABOVE_4G)
		eb_text_add(text, "BAR %u has no address: a guest cannot use it", c->bar);
	else if (c->blocks)
		eb_text_add(text,
			    "%s sits on BAR %u and stays there: a guest will not get the "
			    "BAR",
			    c->owner, c->bar);
	else if (c->remedy == EB_REMEDY_RELEASE)
		eb_text_add(text, "%s sits on BAR %u; earlybind.fb=release makes it go",
			    c->owner, c->bar);
	else
		eb_text_add(text, "%s sits on BAR %u; %s", c->owner, c->bar,
			    eb_remedy_text(c->remedy));
}

static void print_conflicts(const struct eb_show *show, unsigned int function)
{
	const struct eb_conflicts *conflicts = &show->survey->conflicts;
	const struct eb_report report = eb_survey_report(show->survey);
	char line[EB_FINDING_TEXT];
	unsigned int i;

	for (i = 0; i < conflicts->count; i++) {
		const struct eb_conflict *c = &conflicts->list[i];
		struct eb_text text = eb_text_on(line, sizeof(line));

		if (c->function != (int)function || !eb_report_has_conflict(&report, c))
			continue;
		add_conflict(&text, c);
		eb_term_style(show->term, c->blocks ? EB_STYLE_WARN : EB_STYLE_QUIET);
		eb_term_wrap(show->term, EB_SHOW_INDENT + show->address + 2, line);
		eb_term_style(show->term, EB_STYLE_PLAIN);
		eb_term_print(show->term, "\n");
	}
}

/* Functions of the card that is asked for, and of its virtual ones those that are. */
static bool is_shown(const struct eb_show *show, unsigned int card, unsigned int function)
{
	enum eb_part part = eb_part_of(&show->survey->pci, card, function);

	return part == EB_PART_FUNCTION ||
	       (part == EB_PART_VIRTUAL &&
		eb_plan_find(&show->survey->plan, (int)function));
}

static void print_card(const struct eb_show *show, unsigned int card)
{
	const struct eb_pci *pci = &show->survey->pci;
	unsigned int i;

	eb_term_print(show->term, "\n");
	eb_show_heading(show, card);
	for (i = card; i < pci->count; i++) {
		if (!is_shown(show, card, i))
			continue;
		eb_show_row(show, i);
		eb_show_go_on(show);
		print_result(show, eb_plan_find(&show->survey->plan, (int)i));
		eb_term_print(show->term, "\n");
		print_conflicts(show, i);
	}
}

/* Cards of which at least one function was asked for, each once. */
static void print_cards(struct eb_show *show, bool measure)
{
	const struct eb_plan *plan = &show->survey->plan;
	const struct eb_pci *pci = &show->survey->pci;
	unsigned int i, j;

	for (i = 0; i < plan->count; i++) {
		int card = pci->function[plan->device[i].function].card;

		for (j = 0; j < i; j++)
			if (pci->function[plan->device[j].function].card == card)
				break;
		if (j < i)
			continue;
		for (j = (unsigned int)card; measure && j < pci->count; j++)
			if (is_shown(show, (unsigned int)card, j))
				eb_show_fit(show, j);
		if (!measure)
			print_card(show, (unsigned int)card);
	}
}

static void add_count(struct eb_text *text, unsigned int count, const char *what)
{
	if (count)
		eb_text_add(text, "%s%u %s%s", text->len ? ", " : "", count, what,
			    count == 1 ? "" : "s");
}

static void print_sum(const struct eb_show *show, unsigned int errors,
		      unsigned int warnings)
{
	const struct eb_plan *plan = &show->survey->plan;
	unsigned int i, of[EB_RESULT_TIMEOUT + 1] = {0};
	char line[EB_FINDING_TEXT];
	struct eb_text text = eb_text_on(line, sizeof(line));

	for (i = 0; i < plan->count; i++)
		of[plan->device[i].result]++;
	if (of[EB_RESULT_PLANNED])
		eb_text_add(&text, "%u function%s would be claimed",
			    of[EB_RESULT_PLANNED], of[EB_RESULT_PLANNED] == 1 ? "" : "s");
	else
		eb_text_add(&text, "Nothing would be claimed%s",
			    plan->count ? "" : ": no card here is chosen");
	if (of[EB_RESULT_CLAIMED])
		eb_text_add(&text, ", %u %s already", of[EB_RESULT_CLAIMED],
			    of[EB_RESULT_CLAIMED] == 1 ? "is" : "are");
	if (of[EB_RESULT_REFUSED])
		eb_text_add(&text, ", %u left alone", of[EB_RESULT_REFUSED]);
	eb_term_print(show->term, "\n%s.\n", line);
	text = eb_text_on(line, sizeof(line));
	add_count(&text, errors, "error");
	add_count(&text, warnings, "warning");
	if (text.len)
		eb_term_print(show->term, "%s; more on a [code] is in vfio.gpus(7).\n",
			      line);
}

static void print_nothing_asked(const struct eb_show *show, bool running)
{
	eb_term_wrap(show->term, 0,
		     running ? "The running kernel's command line has no vfio.gpus=: no "
			       "card is asked for, so none is claimed. `earlybind list` "
			       "shows the cards, and what to write."
			     : "This has no vfio.gpus=: no card is asked for, so none is "
			       "claimed.");
	eb_term_print(show->term, "\n");
}

int eb_plan_text(const struct eb_cli *cli)
{
	struct eb_term term = eb_term_on(stdout);
	struct eb_show show = {
		.survey = cli->survey, .names = &cli->names, .term = &term};
	unsigned int errors, warnings;

	if (cli->survey->request.arguments)
		print_asked(&show, cli->argc == 0);
	if (!cli->survey->request.asked)
		print_nothing_asked(&show, cli->argc == 0);
	print_cards(&show, true);
	print_cards(&show, false);
	errors = eb_findings_show(&term, &cli->survey->findings, EB_ERROR);
	warnings = eb_findings_show(&term, &cli->survey->findings, EB_WARNING);
	eb_findings_show(&term, &cli->survey->findings, EB_INFO);
	if (cli->survey->request.asked)
		print_sum(&show, errors, warnings);
	return eb_term_end(&term);
}
