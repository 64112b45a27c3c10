// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind plan [ARG]: what that piece of command line would do here. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

static struct eb_survey survey;

int eb_cli_plan(const struct eb_cli *cli)
{
	struct eb_report report;
	unsigned int i;
	bool well = true;
	int err;

	if (cli->argc > 1) {
		fprintf(stderr,
			"earlybind: plan takes one argument: put quotes around all of "
			"it, 'vfio.gpus=05:00 earlybind.fb=release'\n");
		return EB_EXIT_USAGE;
	}
	if (cli->argc == 1) {
		eb_survey_request_text(&survey, cli->argv[0]);
	} else {
		err = eb_survey_request(&survey, cli->root);
		if (err < 0) {
			fprintf(stderr, "earlybind: %s/proc/cmdline: %s\n",
				cli->root_path, strerror(-err));
			return EB_EXIT_USAGE;
		}
	}
	eb_survey_machine(&survey, cli->root);
	eb_survey_foretell(&survey);
	report = eb_survey_report(&survey);
	err = cli->json ? eb_report_json(&report, STDOUT_FILENO)
			: eb_report_text(&report, STDOUT_FILENO);
	for (i = 0; i < survey.findings.count; i++)
		if (eb_code_severity(survey.findings.list[i].code) != EB_INFO)
			well = false;
	if (err < 0)
		return EB_EXIT_USAGE;
	return well ? EB_EXIT_WELL : EB_EXIT_LOOK;
}
