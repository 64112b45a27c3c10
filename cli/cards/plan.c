// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind plan [ARG]: what that piece of command line would do here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plan.h"
#include "bootloader/cmdline-arguments.h"

/* The name of ours that a name in TEXT was meant to be, or NULL. */
static const char *misspelt(const char *text)
{
	static const char *const names[] = {"vfio.gpus", "rd.vfio.gpus"};
	struct eb_cmdline line = {.text = text, .len = strlen(text)};
	struct eb_cmdline_arg arg;
	const char *nearest = NULL;
	char name[32];

	while (!nearest && eb_cmdline_next(&line, &arg)) {
		if (!arg.value || arg.name_len >= sizeof(name))
			continue;
		memcpy(name, arg.name, arg.name_len);
		name[arg.name_len] = '\0';
		nearest = eb_cli_nearest(name, names, sizeof(names) / sizeof(names[0]));
	}
	return nearest;
}

static int wrong_count(const struct eb_cli *cli)
{
	char all[1024];
	struct eb_text text = eb_text_on(all, sizeof(all));
	int i;

	for (i = 0; i < cli->argc; i++)
		eb_text_add(&text, "%s%s", i ? " " : "", cli->argv[i]);
	eb_cli_error("plan takes one argument; put quotes around all of it: "
		     "earlybind plan '%s'",
		     all);
	return EB_EXIT_USAGE;
}

/* Is TEXT, which has been read, a piece of command line that concerns us? 0, or
 * EB_EXIT_USAGE and it was said. */
static int check_text(const struct eb_request *request, const char *text)
{
	const char *meant;

	if (request->asked)
		return 0;
	meant = misspelt(text);
	if (meant)
		eb_cli_error("there is no %s= in '%s': is a name misspelt?", meant, text);
	else if (request->arguments == 0)
		eb_cli_error("there is no vfio.gpus= in '%s'; write for example: "
			     "earlybind plan vfio.gpus=05:00, with an address that "
			     "earlybind list shows",
			     text);
	else
		return 0;
	return EB_EXIT_USAGE;
}

/* Read the request: the command's argument, or else the running command line. */
static int read_request(struct eb_cli *cli)
{
	int err;

	if (cli->argc > 0) {
		eb_cli_request_text(cli, cli->argv[0]);
		return check_text(&cli->survey->request, cli->argv[0]);
	}
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

static int plan(struct eb_cli *cli)
{
	struct eb_survey *survey = cli->survey;
	struct eb_report report;
	int err;

	if (read_request(cli) || eb_cli_check_machine(cli))
		return EB_EXIT_USAGE;
	eb_survey_machine(survey, cli->root);
	eb_survey_foretell(survey);
	report = eb_survey_report(survey);
	err = cli->json ? eb_report_json(&report, STDOUT_FILENO) : eb_plan_text(cli);
	return eb_cli_end(err, status_of(cli));
}

/* A bare list, as enable takes it too, becomes the argument that it stands for. */
static int run(struct eb_cli *cli)
{
	char *text, *argv[1];
	size_t size;
	int status;

	if (cli->argc > 1)
		return wrong_count(cli);
	if (cli->argc == 0 || !eb_words_is_list(cli->argv[0]))
		return plan(cli);
	size = strlen(cli->argv[0]) + sizeof("vfio.gpus=");
	text = malloc(size);
	if (!text) {
		eb_cli_error("out of memory");
		return EB_EXIT_USAGE;
	}
	snprintf(text, size, "vfio.gpus=%s", cli->argv[0]);
	argv[0] = text;
	cli->argv = argv;
	status = plan(cli);
	free(text);
	return status;
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
