// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind status: what has become of each function that was asked for at boot. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <earlybind/json.h>

#include "status.h"

/* There is no report: why that may be, and the way out. */
static void say_none(const struct eb_cli *cli)
{
	bool known = eb_survey_request(cli->survey, cli->root) == 0;

	if (known && !cli->survey->request.asked) {
		eb_cli_error("there is no report, as this boot's command line has no "
			     "vfio.gpus=; earlybind list shows the argument for each "
			     "card");
		return;
	}
	eb_cli_error("there is no %s/%s%s: the initramfs was built without earlybind's "
		     "hook, or the agent in it did not run; earlybind diagnose looks "
		     "into the image, and update-initramfs -u (with dracut: dracut "
		     "--force) builds it anew",
		     cli->root_path, EB_REPORT_JSON,
		     known ? ", though vfio.gpus= is on the command line" : "");
}

static int read_status(const struct eb_cli *cli, struct eb_status *status)
{
	const char *why;
	int err = eb_boot_read(cli->root, &status->boot, &why);
	unsigned int i;

	if (err == -ENOENT) {
		say_none(cli);
		return EB_EXIT_USAGE;
	}
	if (err < 0) {
		eb_cli_error("%s/%s cannot be read: %s", cli->root_path, EB_REPORT_JSON,
			     why);
		return EB_EXIT_USAGE;
	}
	eb_now_look(cli, &status->boot, &status->now);
	for (i = 0; i < status->boot.findings; i++)
		status->errors += strcmp(status->boot.finding[i].severity, "error") == 0;
	for (i = 0; i < status->boot.conflicts; i++)
		status->blocking += status->boot.conflict[i].after &&
				    status->boot.conflict[i].blocks;
	status->well = !status->errors && !status->blocking;
	for (i = 0; i < status->now.count; i++)
		status->well &= eb_state_is_well(status->now.device[i].state);
	return 0;
}

static void put_text(struct eb_json *json, const char *key, const char *text)
{
	eb_json_key(json, key);
	eb_json_string(json, text);
}

static void put_number(struct eb_json *json, const char *key, uint64_t value)
{
	eb_json_key(json, key);
	eb_json_number(json, value);
}

static void put_device(struct eb_json *json, const struct eb_now_device *device)
{
	eb_json_open(json, '{');
	put_text(json, "address", device->boot->address);
	put_text(json, "id", device->boot->id);
	put_text(json, "result", device->boot->result);
	put_text(json, "reason", device->boot->reason);
	put_text(json, "state", eb_state_name(device->state));
	put_text(json, "driver", device->driver);
	put_text(json, "reset", device->reset_known ? device->reset : NULL);
	eb_json_key(json, "well");
	eb_json_bool(json, eb_state_is_well(device->state));
	eb_json_close(json, '}');
}

static int print_json(const struct eb_status *status)
{
	struct eb_json json = eb_json_on(STDOUT_FILENO);
	unsigned int i;

	eb_json_open(&json, '{');
	put_number(&json, "schema", 1);
	put_text(&json, "kernel", status->boot.kernel);
	eb_json_key(&json, "argument");
	eb_json_open(&json, '[');
	for (i = 0; i < status->boot.arguments; i++)
		eb_json_string(&json, status->boot.argument[i]);
	eb_json_close(&json, ']');
	eb_json_key(&json, "devices");
	eb_json_open(&json, '[');
	for (i = 0; i < status->now.count; i++)
		put_device(&json, &status->now.device[i]);
	eb_json_close(&json, ']');
	put_number(&json, "errors", status->errors);
	put_number(&json, "blocking", status->blocking);
	eb_json_close(&json, '}');
	return eb_json_end(&json);
}

static int run(struct eb_cli *cli)
{
	struct eb_status *status;
	int err, code;

	if (cli->argc > 0) {
		eb_cli_error("status takes no argument; see earlybind status --help");
		return EB_EXIT_USAGE;
	}
	if (eb_cli_check_machine(cli))
		return EB_EXIT_USAGE;
	status = calloc(1, sizeof(*status));
	if (!status) {
		eb_cli_error("out of memory");
		return EB_EXIT_USAGE;
	}
	code = read_status(cli, status);
	if (!code) {
		err = cli->json ? print_json(status) : eb_status_text(cli, status);
		code = eb_cli_end(err, status->well ? EB_EXIT_WELL : EB_EXIT_LOOK);
	}
	eb_boot_free(&status->boot);
	free(status);
	return code;
}

const struct eb_command eb_command_status = {
	.name = "status",
	.args = "",
	.summary = "what has become of the cards that were claimed at boot",
	.help = "Shows each function that was asked for at boot, and what has become of it: still\n"
		"on vfio-pci, lost to another driver, removed, never claimed, or claimed since.\n"
		"earlybind diagnose tells what to do about it.\n"
		"\n"
		"--json prints an object with the functions, see earlybind(8).\n"
		"\n"
		"Exit status: 0 all is as it should be, 1 something to look at, 2 when there is\n"
		"no report of this boot.\n",
	.run = run,
};
