// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind status --json: what has become of each function, for programs. */
#include <unistd.h>

#include <earlybind/json.h>

#include "status.h"

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

static void put_bool(struct eb_json *json, const char *key, bool value)
{
	eb_json_key(json, key);
	eb_json_bool(json, value);
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
	put_bool(json, "well", eb_state_is_well(device->state));
	eb_json_close(json, '}');
}

int eb_status_json(const struct eb_cli *cli, const struct eb_status *status)
{
	struct eb_json json = eb_json_on(STDOUT_FILENO);
	unsigned int i;

	(void)cli;
	eb_json_open(&json, '{');
	put_number(&json, "schema", 1);
	put_bool(&json, "asked", status->asked);
	put_bool(&json, "report", status->report);
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
