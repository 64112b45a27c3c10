// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind plan [ARG]: what that piece of command line would do here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arguments.h"
#include "plan.h"

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
	eb_cli_error("%s/proc/cmdline cannot be read: %s; name what to try: "
		     "earlybind plan vfio.gpus=05:00",
		     cli->root_path, strerror(-err));
	return EB_EXIT_USAGE;
}

static int status_of(const struct eb_cli *cli)
{
	const struct eb_findings *findings = &cli->survey->findings;
	unsigned int i;

	for (i = 0; i < findings->count; i++)
		if (eb_code_severity(findings->list[i].code) != EB_INFO)
			return EB_EXIT_LOOK;
	/* Options that nothing was asked with. */
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
	eb_survey_foretell(survey);
	report = eb_survey_report(survey);
	err = cli->json ? eb_report_json(&report, STDOUT_FILENO) : eb_plan_text(cli);
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
		"ARG the running kernel's command line is taken.\n"
		"\n"
		"--json prints the format of the boot report, see earlybind-report(5).\n"
		"\n"
		"Exit status: 0 all well, 1 when there is an error or a warning, 2 when ARG is\n"
		"not understood or the machine cannot be read.\n",
	.run = run,
};
