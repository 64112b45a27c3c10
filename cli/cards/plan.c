// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind plan [ARG]: what that piece of command line would do here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arguments.h"
#include "card-table.h"
#include "findings.h"
#include "integrated.h"
#include "next-conflicts.h"
#include "part.h"
#include "remedies.h"
#include "unsafe-interrupts.h"

/* --- for a person: functions with result and why, then findings --- */

static void print_asked(const struct eb_card_table *table, bool running)
{
	const struct eb_request *request = &table->survey->request;
	unsigned int i;

	eb_term_print(table->term,
		      running ? "The running command line has:" : "Plan for:");
	for (i = 0; i < request->arguments; i++) {
		const struct eb_argument *a = &request->argument[i];
		char line[EB_FINDING_TEXT];
		struct eb_text text = eb_text_on(line, sizeof(line));

		eb_text_add_slice(&text, a->name);
		if (a->value.at)
			eb_text_add(&text, "=");
		eb_text_add_slice(&text, a->value);
		eb_term_style(table->term, EB_STYLE_TYPE);
		eb_term_wrap(table->term, 4, line);
		eb_term_styled(table->term, EB_STYLE_PLAIN, "%s", text.cut ? "..." : "");
	}
	eb_term_print(table->term, "\n");
}

/* The item that chose DEVICE, where there are several items. */
static void add_item(const struct eb_card_table *table, const struct eb_device *device,
		     struct eb_text *text)
{
	const struct eb_request *request = &table->survey->request;

	if (request->selectors < 2)
		return;
	eb_text_add(text, " (by ");
	eb_text_add_slice(text, request->selector[device->selector].text);
	eb_text_add(text, ")");
}

static void print_result(const struct eb_card_table *table,
			 const struct eb_device *device)
{
	char line[EB_FINDING_TEXT];
	struct eb_text text = eb_text_on(line, sizeof(line));
	enum eb_style style = EB_STYLE_BAD;

	if (!device) {
		eb_term_styled(table->term, EB_STYLE_QUIET, "not asked for");
		return;
	}
	switch (device->result) {
	case EB_RESULT_PLANNED:
		style = EB_STYLE_GOOD;
		eb_text_add(&text, "would be claimed");
		break;
	case EB_RESULT_CLAIMED:
		style = EB_STYLE_GOOD;
		eb_text_add(&text, "already claimed");
		break;
	case EB_RESULT_REFUSED:
		eb_text_add(&text, "left alone: %s", device->reason);
		break;
	case EB_RESULT_FAILED:
	case EB_RESULT_TIMEOUT:
		eb_text_add(&text, "%s: %s", eb_plan_result_name(device->result),
			    device->reason);
		break;
	}
	add_item(table, device, &text);
	eb_term_style(table->term, style);
	eb_term_wrap(table->term, table->term->column, line);
	eb_term_style(table->term, EB_STYLE_PLAIN);
}

static void add_conflict(struct eb_text *text, const struct eb_conflict *c)
{
	if (eb_conflict_is_unassigned(c))
		eb_text_add(text, "BAR %u has no address: a guest cannot use it", c->bar);
	else if (c->blocks)
		eb_text_add(text,
			    "%s occupies BAR %u and stays there: a guest cannot use the "
			    "BAR",
			    c->owner, c->bar);
	else if (c->remedy == EB_REMEDY_RELEASE)
		eb_text_add(text, "%s occupies BAR %u; earlybind.fb=release removes it",
			    c->owner, c->bar);
	else
		eb_text_add(text, "%s occupies BAR %u; %s", c->owner, c->bar,
			    eb_remedy_text(c->remedy));
}

static void print_conflicts(const struct eb_card_table *table, unsigned int function)
{
	const struct eb_conflicts *conflicts = &table->survey->conflicts;
	const struct eb_report report = eb_survey_report(table->survey);
	char line[EB_FINDING_TEXT];
	unsigned int i;

	for (i = 0; i < conflicts->count; i++) {
		const struct eb_conflict *c = &conflicts->list[i];
		struct eb_text text = eb_text_on(line, sizeof(line));

		if (c->function != (int)function || !eb_report_has_conflict(&report, c))
			continue;
		add_conflict(&text, c);
		eb_term_style(table->term, c->blocks ? EB_STYLE_WARN : EB_STYLE_QUIET);
		eb_term_wrap(table->term, EB_CARD_TABLE_INDENT + table->address + 2,
			     line);
		eb_term_style(table->term, EB_STYLE_PLAIN);
		eb_term_print(table->term, "\n");
	}
}

/* Functions of the card that is asked for, and of its virtual ones those that are. */
static bool is_shown(const struct eb_card_table *table, unsigned int card,
		     unsigned int function)
{
	enum eb_part part = eb_part_of(&table->survey->pci, card, function);

	return part == EB_PART_FUNCTION ||
	       (part == EB_PART_VIRTUAL &&
		eb_plan_find(&table->survey->plan, (int)function));
}

static void print_card(const struct eb_card_table *table, unsigned int card)
{
	const struct eb_pci *pci = &table->survey->pci;
	unsigned int i;

	eb_term_print(table->term, "\n");
	eb_card_table_heading(table, card);
	for (i = card; i < pci->count; i++) {
		if (!is_shown(table, card, i))
			continue;
		eb_card_table_row(table, i);
		eb_card_table_go_on(table);
		print_result(table, eb_plan_find(&table->survey->plan, (int)i));
		eb_term_print(table->term, "\n");
		print_conflicts(table, i);
	}
}

/* Cards of which at least one function was asked for, each once. */
static void print_cards(struct eb_card_table *table, bool measure)
{
	const struct eb_plan *plan = &table->survey->plan;
	const struct eb_pci *pci = &table->survey->pci;
	unsigned int i, j;

	for (i = 0; i < plan->count; i++) {
		int card = pci->function[plan->device[i].function].card;

		for (j = 0; j < i; j++)
			if (pci->function[plan->device[j].function].card == card)
				break;
		if (j < i)
			continue;
		for (j = (unsigned int)card; measure && j < pci->count; j++)
			if (is_shown(table, (unsigned int)card, j))
				eb_card_table_fit(table, j);
		if (!measure)
			print_card(table, (unsigned int)card);
	}
}

static void add_count(struct eb_text *text, unsigned int count, const char *what)
{
	if (count)
		eb_text_add(text, "%s%u %s%s", text->len ? ", " : "", count, what,
			    count == 1 ? "" : "s");
}

static void print_sum(const struct eb_card_table *table, unsigned int errors,
		      unsigned int warnings)
{
	const struct eb_plan *plan = &table->survey->plan;
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
			    plan->count ? "" : ": no card of this machine is selected");
	if (of[EB_RESULT_CLAIMED])
		eb_text_add(&text, ", %u %s already claimed", of[EB_RESULT_CLAIMED],
			    of[EB_RESULT_CLAIMED] == 1 ? "is" : "are");
	if (of[EB_RESULT_REFUSED])
		eb_text_add(&text, ", %u left alone", of[EB_RESULT_REFUSED]);
	eb_term_print(table->term, "\n%s.\n", line);
	text = eb_text_on(line, sizeof(line));
	add_count(&text, errors, "error");
	add_count(&text, warnings, "warning");
	if (text.len)
		eb_term_print(table->term,
			      "%s; each [code] is explained in vfio.gpus(7).\n", line);
}

static void print_nothing_asked(const struct eb_card_table *table, bool running)
{
	eb_term_paragraph(
		table->term, EB_STYLE_PLAIN, 0, "%s",
		running ? "The running kernel's command line has no vfio.gpus=: "
			  "no card is asked for, so none is claimed. `earlybind "
			  "list` shows the cards and the argument for each."
			: "This has no vfio.gpus=: no card is asked for, so none "
			  "is claimed.");
}

static int print_text(const struct eb_cli *cli)
{
	struct eb_term term = eb_term_on(stdout);
	struct eb_card_table table = {
		.survey = cli->survey, .names = &cli->names, .term = &term};
	char note[EB_INTEGRATED_TEXT];
	unsigned int errors, warnings;

	if (cli->survey->request.arguments)
		print_asked(&table, cli->argc == 0);
	if (!cli->survey->request.asked)
		print_nothing_asked(&table, cli->argc == 0);
	print_cards(&table, true);
	print_cards(&table, false);
	if (eb_integrated_note(cli->survey, note)) {
		eb_term_print(&term, "\n");
		eb_term_paragraph(&term, EB_STYLE_WARN, 0, "note: %s", note);
	}
	errors = eb_findings_show(&term, &cli->survey->findings, EB_ERROR);
	warnings = eb_findings_show(&term, &cli->survey->findings, EB_WARNING);
	eb_findings_show(&term, &cli->survey->findings, EB_INFO);
	if (cli->survey->request.asked)
		print_sum(&table, errors, warnings);
	return eb_term_end(&term);
}

/* --- the command --- */

static int wrong_count(const struct eb_cli *cli)
{
	char *all = NULL;
	size_t size;
	FILE *out = open_memstream(&all, &size);
	int i;

	if (!out)
		return EB_EXIT_USAGE;
	for (i = 0; i < cli->argc; i++)
		fprintf(out, "%s%s", i ? " " : "", cli->argv[i]);
	fclose(out);
	eb_cli_error("plan takes one argument; put quotes around all of it: "
		     "earlybind plan '%s'",
		     all);
	free(all);
	return EB_EXIT_USAGE;
}

/* Read the request from the command's argument into TEXT of SIZE bytes, which it points
 * into: as enable reads it, or a kernel command line as it stands where it has a
 * vfio.gpus= among other arguments. 0, or EB_EXIT_USAGE after an error message. */
static int read_argument(struct eb_cli *cli, char *text, size_t size)
{
	char why[EB_ARGUMENTS_WHY];

	if (eb_arguments_read(1, cli->argv, text, size, why, sizeof(why)) == 0) {
		eb_cli_request_text(cli, text);
		return 0;
	}
	eb_cli_request_text(cli, cli->argv[0]);
	return cli->survey->request.asked ? 0 : eb_arguments_explain(cli, why);
}

/* Read the request: the command's argument, or else the running command line. */
static int read_request(struct eb_cli *cli, char *text, size_t size)
{
	int err;

	if (cli->argc > 0)
		return read_argument(cli, text, size);
	err = eb_survey_request(cli->survey, cli->root);
	if (err == 0)
		return 0;
	eb_cli_error("%s/proc/cmdline cannot be read: %s; give the argument to try: "
		     "earlybind plan vfio.gpus=05:00",
		     cli->root_path, strerror(-err));
	return EB_EXIT_USAGE;
}

static int status_of(const struct eb_cli *cli)
{
	const struct eb_findings *findings = &cli->survey->findings;
	unsigned int i;

	for (i = 0; i < findings->count; i++)
		if (eb_finding_severity(findings->list[i].code) != EB_INFO)
			return EB_EXIT_LOOK;
	/* Options alone, without a card. */
	return cli->argc == 1 && !cli->survey->request.asked ? EB_EXIT_LOOK
							     : EB_EXIT_WELL;
}

static int run(struct eb_cli *cli)
{
	struct eb_survey *survey = cli->survey;
	char text[EB_ARGUMENTS_TEXT];
	struct eb_report report;
	int err;

	if (cli->argc > 1)
		return wrong_count(cli);
	if (read_request(cli, text, sizeof(text)) || eb_cli_check_machine(cli))
		return EB_EXIT_USAGE;
	eb_survey_machine(survey, cli->root);
	eb_next_conflicts(cli);
	eb_survey_predict(survey, cli->root);
	eb_unsafe_drop(cli);
	eb_remedies_refine(cli);
	report = eb_survey_report(survey);
	err = cli->json ? eb_report_json(&report, STDOUT_FILENO) : print_text(cli);
	return eb_cli_end(err, status_of(cli));
}

const struct eb_command eb_command_plan = {
	.name = "plan",
	.args = "[ARG]",
	.summary = "what ARG on the kernel command line would do here",
	.help = "Shows what a boot with ARG would do on this machine, and changes nothing: which\n"
		"functions would be claimed, which left alone and why, and what else to know.\n"
		"ARG is a list of cards, such as 05:00, or a piece of kernel command line, in\n"
		"quotes if it has blanks, such as 'vfio.gpus=05:00 earlybind.fb=release'. Without\n"
		"ARG the running kernel's command line is used.\n"
		"\n"
		"--json prints the format of the boot report, see earlybind-report(5).\n"
		"\n"
		"Exit status: 0 no problems, 1 when there is an error or a warning, 2 when ARG is\n"
		"not understood or the machine cannot be read.\n",
	.run = run,
};
