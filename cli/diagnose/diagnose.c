// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind diagnose: the problems of passing cards to guests, for people and programs.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "diagnose.h"
#include "json-put.h"
#include "old-recipes.h"
#include "terminal.h"

/* --- for programs --- */

/* "" is null. */
static void put_text(struct eb_json *json, const char *key, const char *text)
{
	eb_json_put_text(json, key, text[0] ? text : NULL);
}

static void put_problem(struct eb_json *json, const struct eb_problem *p)
{
	unsigned int i;

	eb_json_open(json, '{');
	put_text(json, "code", p->code);
	put_text(json, "severity", eb_finding_severity_name(p->severity));
	put_text(json, "address", p->address);
	put_text(json, "text", p->text);
	eb_json_put_open(json, "evidence", '[');
	for (i = 0; i < p->evidence; i++)
		eb_json_string(json, p->seen[i]);
	eb_json_close(json, ']');
	put_text(json, "remedy", p->remedy);
	eb_json_close(json, '}');
}

static int print_json(const struct eb_problems *problems)
{
	struct eb_json json = eb_json_on(STDOUT_FILENO);
	unsigned int i;

	eb_json_open(&json, '{');
	eb_json_put_number(&json, "schema", 1);
	eb_json_put_open(&json, "items", '[');
	for (i = 0; i < problems->count; i++)
		put_problem(&json, &problems->list[i]);
	eb_json_close(&json, ']');
	eb_json_put_open(&json, "checked", '[');
	for (i = 0; i < problems->checked; i++)
		eb_json_string(&json, problems->check[i]);
	eb_json_close(&json, ']');
	eb_json_put_open(&json, "not_checked", '[');
	for (i = 0; i < problems->not_checked; i++) {
		eb_json_open(&json, '{');
		put_text(&json, "what", problems->not_check[i].what);
		put_text(&json, "why", problems->not_check[i].why);
		eb_json_close(&json, '}');
	}
	eb_json_close(&json, ']');
	eb_json_close(&json, '}');
	return eb_json_end(&json);
}

/* --- for people --- */

/* Where evidence and the fix begin. */
#define INDENT 14

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

static void print_problem(struct eb_term *term, const struct eb_problem *p)
{
	static const enum eb_style styles[] = {[EB_ERROR] = EB_STYLE_BAD,
					       [EB_WARNING] = EB_STYLE_WARN,
					       [EB_INFO] = EB_STYLE_PLAIN};
	char line[EB_FINDING_TEXT + 40];
	struct eb_text text = eb_text_on(line, sizeof(line));
	unsigned int i;

	eb_text_add(&text, "%s [%s]", p->text, p->code);
	eb_term_styled(term, styles[p->severity],
		       "%s:", eb_finding_severity_name(p->severity));
	eb_term_print(term, " ");
	eb_term_wrap(term, 4, line);
	eb_term_print(term, "\n");
	for (i = 0; i < p->evidence; i++)
		print_line(term, i ? "" : "Evidence:", EB_STYLE_PLAIN, p->seen[i]);
	if (p->evidence_left_out) {
		text = eb_text_on(line, sizeof(line));
		eb_text_add(&text, "and %u more", p->evidence_left_out);
		print_line(term, "", EB_STYLE_PLAIN, line);
	}
	if (p->remedy[0])
		print_line(term, "Fix:", EB_STYLE_TYPE, p->remedy);
	eb_term_print(term, "\n");
}

static void add_count(struct eb_text *text, unsigned int count, const char *what)
{
	if (count)
		eb_text_add(text, "%s%u %s%s", text->len ? ", " : "", count, what,
			    count == 1 ? "" : "s");
}

/* What was checked, so that "no problems" does not promise more. */
static void print_checked(struct eb_term *term, const struct eb_problems *problems)
{
	char line[EB_FINDING_TEXT];
	struct eb_text text = eb_text_on(line, sizeof(line));
	unsigned int i;

	for (i = 0; i < problems->checked; i++)
		eb_text_add(&text, "%s%s", i ? ", " : "", problems->check[i]);
	eb_text_add(&text, ".");
	eb_term_print(term, "No %s found in:",
		      problems->count ? "errors or warnings" : "problems");
	eb_term_wrap(term, 4, line);
	eb_term_print(term, "\n");
}

static void print_summary(struct eb_term *term, const struct eb_problems *problems)
{
	char line[EB_FINDING_TEXT];
	struct eb_text text = eb_text_on(line, sizeof(line));

	add_count(&text, eb_problems_count(problems, EB_ERROR), "error");
	add_count(&text, eb_problems_count(problems, EB_WARNING), "warning");
	if (text.len)
		eb_term_print(term, "%s. earlybind(8) explains each [code].\n", line);
	else if (problems->checked)
		print_checked(term, problems);
	if (problems->left_out)
		eb_term_print(term,
			      "%u more are not shown: fix these, then run it "
			      "again.\n",
			      problems->left_out);
}

/* Those with the same reason in one paragraph. */
static void print_not_checked(struct eb_term *term, const struct eb_problems *problems)
{
	const struct eb_not_checked *list = problems->not_check;
	unsigned int i, j;

	for (i = 0; i < problems->not_checked; i = j) {
		char line[EB_FINDING_TEXT + 160];
		struct eb_text text = eb_text_on(line, sizeof(line));

		eb_text_add(&text, "%s", list[i].what);
		for (j = i + 1;
		     j < problems->not_checked && strcmp(list[j].why, list[i].why) == 0;
		     j++)
			eb_text_add(&text, ", %s", list[j].what);
		eb_text_add(&text, ": %s", list[i].why);
		eb_term_styled(term, EB_STYLE_WARN, "Not checked:");
		eb_term_print(term, " ");
		eb_term_wrap(term, 4, line);
		eb_term_print(term, "\n");
	}
}

static int print_text(const struct eb_diagnosis *d)
{
	struct eb_term term = eb_term_on(stdout);
	unsigned int i;

	for (i = 0; i < d->problems.count; i++)
		print_problem(&term, &d->problems.list[i]);
	print_summary(&term, &d->problems);
	print_not_checked(&term, &d->problems);
	return eb_term_end(&term);
}

/* --- the command --- */

static void check_old_recipes(struct eb_diagnosis *d)
{
	/* Where earlybind claims nothing, an older recipe may be what claims the cards,
	 * and none of it is needless. */
	eb_old_recipes_find(d->cli, &d->problems, !d->has_report && !d->planned);
	eb_problems_checked(&d->problems, "leftovers");
}

static int diagnose(struct eb_diagnosis *d)
{
	const struct eb_problems *problems = &d->problems;
	bool look, used; /* is a function on vfio-pci, or was it? */

	eb_check_report(d);
	used = d->has_report || d->others || d->bound;
	if (d->has_report)
		eb_check_states(d);
	else
		eb_check_gone(d);
	if (used)
		eb_check_bars(d);
	if (d->has_report)
		eb_check_findings(d);
	if (used)
		eb_check_displays(d);
	if (used || d->planned)
		eb_check_devices(d);
	if (used)
		eb_check_log(d);
	eb_check_image(d);
	eb_check_next_boot(d);
	check_old_recipes(d);
	eb_problems_sort(&d->problems);
	look = eb_problems_count(problems, EB_ERROR) ||
	       eb_problems_count(problems, EB_WARNING) || problems->left_out;
	return eb_cli_end(d->cli->json ? print_json(problems) : print_text(d),
			  look ? EB_EXIT_LOOK : EB_EXIT_WELL);
}

static int run(struct eb_cli *cli)
{
	struct eb_diagnosis *d;
	int code;

	if (cli->argc > 0) {
		eb_cli_error("diagnose takes no argument; see earlybind diagnose --help");
		return EB_EXIT_USAGE;
	}
	if (eb_cli_check_machine(cli))
		return EB_EXIT_USAGE;
	d = calloc(1, sizeof(*d));
	if (!d) {
		eb_cli_error("out of memory");
		return EB_EXIT_USAGE;
	}
	d->cli = cli;
	code = diagnose(d);
	eb_report_free(&d->boot);
	free(d);
	return code;
}

const struct eb_command eb_command_diagnose = {
	.name = "diagnose",
	.args = "",
	.summary = "find problems, with evidence and a fix for each",
	.help = "Checks the report of the boot, what has changed since, the installed initramfs\n"
		"and the next boot's command line. Prints each problem that would keep a guest\n"
		"from using a card: what it means, the evidence and the fix, most severe first.\n"
		"Where earlybind has claimed nothing it checks all that is on vfio-pci, whoever\n"
		"bound it. Changes nothing. Run it as root: other users see neither addresses nor\n"
		"the image.\n"
		"\n"
		"--json prints an object with the problems, see earlybind(8), which explains each\n"
		"code.\n"
		"\n"
		"Exit status: 0 no errors or warnings, 1 an error or a warning, 2 wrong usage or\n"
		"an unreadable machine.\n",
	.run = run,
};
