// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind status: what has become of each function that was asked for at boot. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "status.h"

static const char *const formats[] = {"text", "json", "prometheus"};
static int (*const printers[])(const struct eb_cli *cli,
			       const struct eb_status *status) = {
	eb_status_text,
	eb_status_json,
	eb_status_prometheus,
};

/* There is no report. That is well when none was asked for; or else why that may be, and
 * the way out. The exit status. */
static int without_report(const struct eb_cli *cli, struct eb_status *status)
{
	bool known = eb_survey_request(cli->survey, cli->root) == 0;

	eb_machine_read(cli->root, &cli->survey->machine);
	status->boot.kernel = cli->survey->machine.release;
	status->asked = known && cli->survey->request.asked;
	status->well = known && !status->asked;
	if (status->well)
		return EB_EXIT_WELL;
	eb_cli_error("there is no %s/%s%s: the initramfs was built without earlybind's "
		     "hook, or the agent in it did not run; earlybind diagnose looks "
		     "into the image, and update-initramfs -u (with dracut: dracut "
		     "--force) builds it anew",
		     cli->root_path, EB_REPORT_JSON,
		     known ? ", though vfio.gpus= is on the command line" : "");
	return known ? EB_EXIT_LOOK : EB_EXIT_USAGE;
}

static int broken_report(const struct eb_cli *cli, struct eb_status *status,
			 const char *why)
{
	eb_cli_error("%s/%s cannot be read: %s", cli->root_path, EB_REPORT_JSON, why);
	/* Half a report counts for nothing, but that there is one: it was asked for. */
	eb_boot_free(&status->boot);
	memset(&status->boot, 0, sizeof(status->boot));
	status->asked = true;
	return EB_EXIT_USAGE;
}

/* Fill STATUS. The exit status. */
static int read_status(const struct eb_cli *cli, struct eb_status *status)
{
	const char *why;
	int err = eb_boot_read(cli->root, &status->boot, &why);
	unsigned int i;

	if (err == -ENOENT)
		return without_report(cli, status);
	if (err < 0)
		return broken_report(cli, status, why);
	status->asked = status->report = true;
	eb_now_look(cli, &status->boot, &status->now);
	for (i = 0; i < status->boot.findings; i++)
		status->errors += strcmp(status->boot.finding[i].severity, "error") == 0;
	for (i = 0; i < status->boot.conflicts; i++)
		status->blocking += status->boot.conflict[i].after &&
				    status->boot.conflict[i].blocks;
	status->well = !status->errors && !status->blocking;
	for (i = 0; i < status->now.count; i++) {
		status->well &= eb_state_is_well(status->now.device[i].state);
		status->on_vfio += eb_state_on_vfio(status->now.device[i].state);
	}
	return status->well ? EB_EXIT_WELL : EB_EXIT_LOOK;
}

/* Metrics go out whatever could be read: a machine that is watched shall not fall
 * silent when there is most to say. */
static int print(const struct eb_cli *cli, struct eb_status *status, int format)
{
	int code, err;

	if (eb_output_begin(cli->output))
		return EB_EXIT_USAGE;
	code = read_status(cli, status);
	if (code == EB_EXIT_USAGE && printers[format] != eb_status_prometheus)
		return code;
	err = printers[format](cli, status);
	if (err < 0)
		return eb_cli_end(err, code);
	return eb_output_end(cli->output) ? EB_EXIT_USAGE : code;
}

static int run(struct eb_cli *cli)
{
	struct eb_status *status;
	int format, code;

	if (cli->argc > 0) {
		eb_cli_error("status takes no argument; see earlybind status --help");
		return EB_EXIT_USAGE;
	}
	format = eb_cli_find_format(cli, "status", formats,
				    sizeof(formats) / sizeof(formats[0]));
	if (format < 0 || eb_cli_check_machine(cli))
		return EB_EXIT_USAGE;
	status = calloc(1, sizeof(*status));
	if (!status) {
		eb_cli_error("out of memory");
		return EB_EXIT_USAGE;
	}
	code = print(cli, status, format);
	eb_boot_free(&status->boot);
	free(status);
	return code;
}

const struct eb_command eb_command_status = {
	.name = "status",
	.args = "",
	.options = "[--json] [--format NAME] [--output FILE]\n                      ",
	.summary = "what has become of the cards that were claimed at boot",
	.help = "Shows each function that was asked for at boot, and what has become of it: still\n"
		"on vfio-pci, lost to another driver, removed, never claimed, or claimed since.\n"
		"earlybind diagnose tells what to do about it.\n"
		"\n"
		"--format text, json (as --json) or prometheus: metrics for the textfile\n"
		"collector of node_exporter, see earlybind(8). --output FILE writes FILE and not\n"
		"standard output, whole or not at all, with status 1 as well.\n"
		"\n"
		"Exit status: 0 all is as it should be, or nothing was asked for; 1 something to\n"
		"look at, such as that the agent left no report; 2 when something could not be\n"
		"read, and then of all forms only the metrics are printed.\n",
	.run = run,
};
