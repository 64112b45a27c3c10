// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind status: what has become of each function that was asked for at boot. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "json-put.h"
#include "output.h"
#include "cards/part.h"
#include "status.h"
#include "terminal.h"

/* --- for a person: a row for each function, and the sum --- */

/* What has become of DEVICE, as half a sentence. */
static void describe(const struct eb_compared *device, struct eb_text *text)
{
	const struct eb_boot_device *boot = device->boot;

	switch (device->state) {
	case EB_STATE_KEPT:
		eb_text_add(text, "claimed, still on vfio-pci");
		if (device->reset_known)
			eb_text_add(text, "; resets by %s",
				    device->reset[0] ? device->reset
						     : "no way of its own");
		return;
	case EB_STATE_SINCE:
		eb_text_add(text, "on vfio-pci now; at boot: %s", boot->result);
		break;
	case EB_STATE_LOST:
		if (device->driver)
			eb_text_add(text, "claimed, then lost to %s", device->driver);
		else
			eb_text_add(text, "claimed, then unbound from vfio-pci");
		return;
	case EB_STATE_REMOVED:
		eb_text_add(text, "%s, and no longer present", boot->result);
		if (device->function != EB_NO_FUNCTION)
			eb_text_add(text, ": another device has its address");
		return;
	case EB_STATE_NOT_CLAIMED:
		eb_text_add(text, "not claimed, bound to %s: %s",
			    device->driver ? device->driver : "no driver", boot->result);
		break;
	case EB_STATE_PLANNED:
		eb_text_add(text, "not claimed, as this was a dry run");
		return;
	}
	if (boot->reason)
		eb_text_add(text, ", %s", boot->reason);
}

struct columns {
	unsigned int address;
	unsigned int kind;
};

static struct columns measure(const struct eb_cli *cli, const struct eb_comparison *now)
{
	struct columns columns = {0, 0};
	char address[EB_ADDR_TEXT];
	unsigned int i;

	for (i = 0; i < now->count; i++) {
		const struct eb_compared *d = &now->device[i];
		size_t len = strlen(eb_part_address(&d->boot->addr, address));

		if (len > columns.address)
			columns.address = (unsigned int)len;
		if (d->function == EB_NO_FUNCTION)
			continue;
		len = strlen(eb_names_kind(&cli->survey->pci, (unsigned int)d->function));
		if (len > columns.kind)
			columns.kind = (unsigned int)len;
	}
	return columns;
}

static void print_row(const struct eb_cli *cli, struct eb_term *term,
		      const struct columns *columns, const struct eb_compared *device)
{
	char line[EB_FINDING_TEXT], address[EB_ADDR_TEXT];
	struct eb_text text = eb_text_on(line, sizeof(line));

	describe(device, &text);
	eb_term_print(term, "%-*s  %-*s  %-9.9s  ", (int)columns->address,
		      eb_part_address(&device->boot->addr, address), (int)columns->kind,
		      device->function == EB_NO_FUNCTION
			      ? ""
			      : eb_names_kind(&cli->survey->pci,
					      (unsigned int)device->function),
		      device->boot->id);
	eb_term_style(term,
		      eb_compare_is_well(device->state) ? EB_STYLE_GOOD : EB_STYLE_BAD);
	eb_term_wrap(term, term->column, line);
	eb_term_style(term, EB_STYLE_PLAIN);
	eb_term_print(term, "\n");
}

static void print_arguments(const struct eb_boot_report *boot, struct eb_term *term)
{
	unsigned int i;

	eb_term_print(term, "Booted with");
	for (i = 0; i < boot->arguments; i++) {
		eb_term_print(term, " ");
		eb_term_style(term, EB_STYLE_TYPE);
		eb_term_wrap(term, 4, boot->argument[i]);
		eb_term_style(term, EB_STYLE_PLAIN);
	}
	eb_term_print(term, "\n");
}

static void print_sum(const struct eb_status *status, struct eb_term *term)
{
	const struct eb_comparison *now = &status->now;

	if (now->count)
		eb_term_print(
			term,
			"\n%u of %u functions that were asked for %s on vfio-pci.\n",
			status->on_vfio, now->count, status->on_vfio == 1 ? "is" : "are");
	else
		eb_term_print(term, "No function of this machine was asked for, and none "
				    "was claimed.\n");
	if (status->errors)
		eb_term_print(term, "The report of the boot has %u error%s.\n",
			      status->errors, status->errors == 1 ? "" : "s");
	if (status->blocking)
		eb_term_print(term, "%u BAR%s held by something else after the boot.\n",
			      status->blocking,
			      status->blocking == 1 ? " was" : "s were");
	if (!status->well)
		eb_term_print(term,
			      "Run earlybind diagnose to see what it means and what "
			      "to do.\n");
}

static void print_trial(const struct eb_status *status, struct eb_term *term)
{
	if (!status->trial[0])
		return;
	eb_term_styled(term, EB_STYLE_HEAD, "Trial:");
	eb_term_print(term, " ");
	eb_term_wrap(term, 4, status->trial);
	eb_term_print(term, "\n");
}

static int print_text(const struct eb_cli *cli, const struct eb_status *status)
{
	struct eb_term term = eb_term_on(stdout);
	struct columns columns = measure(cli, &status->now);
	unsigned int i;

	if (!status->asked)
		eb_term_print(&term,
			      "This boot's command line has no vfio.gpus=: no card was "
			      "asked for.\n"
			      "earlybind list shows the argument for each card.\n");
	print_trial(status, &term);
	/* Why it is missing where one was asked for was said as an error. */
	if (!status->report)
		return eb_term_end(&term);
	print_arguments(&status->boot, &term);
	if (status->now.count)
		eb_term_print(&term, "\n");
	for (i = 0; i < status->now.count; i++)
		print_row(cli, &term, &columns, &status->now.device[i]);
	print_sum(status, &term);
	return eb_term_end(&term);
}

/* --- for programs --- */

static void put_device(struct eb_json *json, const struct eb_compared *device)
{
	eb_json_open(json, '{');
	eb_json_put_text(json, "address", device->boot->address);
	eb_json_put_text(json, "id", device->boot->id);
	eb_json_put_text(json, "result", device->boot->result);
	eb_json_put_text(json, "reason", device->boot->reason);
	eb_json_put_text(json, "state", eb_compare_name(device->state));
	eb_json_put_text(json, "driver", device->driver);
	eb_json_put_text(json, "reset", device->reset_known ? device->reset : NULL);
	eb_json_put_bool(json, "well", eb_compare_is_well(device->state));
	eb_json_close(json, '}');
}

static int print_json(const struct eb_cli *cli, const struct eb_status *status)
{
	struct eb_json json = eb_json_on(STDOUT_FILENO);
	unsigned int i;

	(void)cli;
	eb_json_open(&json, '{');
	eb_json_put_number(&json, "schema", 1);
	eb_json_put_bool(&json, "asked", status->asked);
	eb_json_put_bool(&json, "report", status->report);
	eb_json_put_text(&json, "kernel", status->boot.kernel);
	eb_json_put_open(&json, "argument", '[');
	for (i = 0; i < status->boot.arguments; i++)
		eb_json_string(&json, status->boot.argument[i]);
	eb_json_close(&json, ']');
	eb_json_put_open(&json, "devices", '[');
	for (i = 0; i < status->now.count; i++)
		put_device(&json, &status->now.device[i]);
	eb_json_close(&json, ']');
	eb_json_put_number(&json, "errors", status->errors);
	eb_json_put_number(&json, "blocking", status->blocking);
	eb_json_put_text(&json, "trial_state", eb_trial_stage_name(status->stage));
	eb_json_close(&json, '}');
	return eb_json_end(&json);
}

/* --- the command --- */

static const char *const formats[] = {"text", "json", "prometheus"};
static int (*const printers[])(const struct eb_cli *cli,
			       const struct eb_status *status) = {
	print_text,
	print_json,
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
		     "hook, or the agent in it did not run; earlybind diagnose examines "
		     "the image, and update-initramfs -u (with dracut: dracut --force) "
		     "rebuilds it",
		     cli->root_path, EB_REPORT_JSON,
		     known ? ", though vfio.gpus= is on the command line" : "");
	return known ? EB_EXIT_LOOK : EB_EXIT_USAGE;
}

static int broken_report(const struct eb_cli *cli, struct eb_status *status,
			 const char *why)
{
	eb_cli_error("%s/%s cannot be read: %s", cli->root_path, EB_REPORT_JSON, why);
	/* Half a report counts for nothing, but that there is one: it was asked for. */
	eb_report_free(&status->boot);
	memset(&status->boot, 0, sizeof(status->boot));
	status->asked = true;
	return EB_EXIT_USAGE;
}

/* Fill STATUS. The exit status. */
static int read_status(struct eb_cli *cli, struct eb_status *status)
{
	const char *why;
	int err = eb_report_read(cli->root, &status->boot, &why);
	unsigned int i;

	status->stage = eb_enable_trial(cli, status->trial, sizeof(status->trial));
	if (err == -ENOENT)
		return without_report(cli, status);
	if (err < 0)
		return broken_report(cli, status, why);
	status->asked = status->report = true;
	eb_compare_report(cli, &status->boot, &status->now);
	for (i = 0; i < status->boot.findings; i++)
		status->errors += strcmp(status->boot.finding[i].severity, "error") == 0;
	for (i = 0; i < status->boot.conflicts; i++)
		status->blocking += status->boot.conflict[i].after &&
				    status->boot.conflict[i].blocks;
	status->well = !status->errors && !status->blocking;
	for (i = 0; i < status->now.count; i++) {
		status->well &= eb_compare_is_well(status->now.device[i].state);
		status->on_vfio += eb_compare_on_vfio(status->now.device[i].state);
	}
	return status->well ? EB_EXIT_WELL : EB_EXIT_LOOK;
}

/* Metrics go out whatever could be read: a machine that is watched shall not fall
 * silent when there is most to say. */
static int print(struct eb_cli *cli, struct eb_status *status, int format)
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
	eb_report_free(&status->boot);
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
		"earlybind diagnose explains what to do about it.\n"
		"\n"
		"--format text, json (as --json) or prometheus: metrics for the textfile\n"
		"collector of node_exporter, see earlybind(8). --output FILE writes to FILE\n"
		"instead of standard output, whole or not at all, with status 1 too.\n"
		"\n"
		"Exit status: 0 all is as it should be, or nothing was asked for; 1 something\n"
		"needs attention, such as a missing report; 2 when something could not be read:\n"
		"then only the metrics are printed.\n",
	.run = run,
};
