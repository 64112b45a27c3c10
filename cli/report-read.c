// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads /run/earlybind/report.json, and takes nothing in it for granted. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include <earlybind/sysfs.h>

#include "report-read.h"
#include "files.h"

/* Far beyond what the agent's own limits allow. */
#define MAX_BYTES (4U << 20)

/* The text of KEY in OBJECT, or NULL where it has none or it is null. */
static const char *text_of(struct json_object *object, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(object, key, &value) ||
	    !json_object_is_type(value, json_type_string))
		return NULL;
	return json_object_get_string(value);
}

static bool true_of(struct json_object *object, const char *key)
{
	struct json_object *value;

	return json_object_object_get_ex(object, key, &value) &&
	       json_object_is_type(value, json_type_boolean) &&
	       json_object_get_boolean(value);
}

static bool read_argument(struct eb_boot_report *boot, struct json_object *entry)
{
	if (!json_object_is_type(entry, json_type_string))
		return false;
	boot->argument[boot->arguments++] = json_object_get_string(entry);
	return true;
}

static bool read_device(struct eb_boot_report *boot, struct json_object *entry)
{
	struct eb_boot_device *device = &boot->device[boot->devices];

	device->address = text_of(entry, "address");
	device->id = text_of(entry, "id");
	device->result = text_of(entry, "result");
	device->reason = text_of(entry, "reason");
	if (!device->address || !device->id || !device->result ||
	    eb_addr_parse(device->address, strlen(device->address), &device->addr) < 0)
		return false;
	device->claimed = strcmp(device->result, "claimed") == 0;
	boot->devices++;
	return true;
}

static bool read_conflict(struct eb_boot_report *boot, struct json_object *entry)
{
	struct eb_boot_conflict *conflict = &boot->conflict[boot->conflicts];
	const char *when = text_of(entry, "when");
	struct json_object *bar;

	conflict->address = text_of(entry, "address");
	conflict->range = text_of(entry, "range");
	conflict->owner = text_of(entry, "owner");
	conflict->remedy = text_of(entry, "remedy");
	if (!conflict->address || !conflict->range || !conflict->owner ||
	    !conflict->remedy || !when || !json_object_object_get_ex(entry, "bar", &bar))
		return false;
	conflict->bar = (unsigned int)json_object_get_int(bar);
	conflict->after = strcmp(when, "after") == 0;
	conflict->blocks = true_of(entry, "blocks");
	boot->conflicts++;
	return true;
}

static bool read_finding(struct eb_boot_report *boot, struct json_object *entry)
{
	struct eb_boot_finding *finding = &boot->finding[boot->findings];

	finding->code = text_of(entry, "code");
	finding->severity = text_of(entry, "severity");
	finding->address = text_of(entry, "address");
	finding->text = text_of(entry, "text");
	if (!finding->code || !finding->severity || !finding->text)
		return false;
	boot->findings++;
	return true;
}

static const struct {
	const char *key;
	bool (*read)(struct eb_boot_report *boot, struct json_object *entry);
	size_t most;
} lists[] = {
	{"argument", read_argument, EB_MAX_ARGUMENTS},
	{"devices", read_device, EB_MAX_DEVICES},
	{"conflicts", read_conflict, EB_MAX_CONFLICTS},
	{"findings", read_finding, EB_MAX_FINDINGS},
};

static int read_lists(struct eb_boot_report *boot, const char **why)
{
	struct json_object *list;
	size_t i, j, count;

	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		if (!json_object_object_get_ex(boot->json, lists[i].key, &list) ||
		    !json_object_is_type(list, json_type_array)) {
			*why = "one of its lists is missing";
			return -EBADMSG;
		}
		count = json_object_array_length(list);
		for (j = 0; j < count && j < lists[i].most; j++)
			if (!lists[i].read(boot, json_object_array_get_idx(list, j))) {
				*why = "an entry of its lists is not valid";
				return -EBADMSG;
			}
		if (count > lists[i].most) {
			*why = "it holds more than any agent writes";
			return -EBADMSG;
		}
	}
	return 0;
}

static int parse(struct eb_boot_report *boot, const char *text, size_t len,
		 const char **why)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *schema;

	if (!tokener)
		return -ENOMEM;
	boot->json = json_tokener_parse_ex(tokener, text, (int)len);
	if (json_tokener_get_error(tokener) != json_tokener_success) {
		*why = json_tokener_get_error(tokener) == json_tokener_continue
			       ? "it ends in the middle"
			       : "it is not JSON";
		json_tokener_free(tokener);
		return -EBADMSG;
	}
	json_tokener_free(tokener);
	if (!json_object_is_type(boot->json, json_type_object) ||
	    !json_object_object_get_ex(boot->json, "schema", &schema)) {
		*why = "it is not a report";
		return -EBADMSG;
	}
	if (json_object_get_int(schema) != 1) {
		*why = "its schema is not 1: use the command of the same version as "
		       "the agent";
		return -EBADMSG;
	}
	boot->version = text_of(boot->json, "earlybind");
	boot->kernel = text_of(boot->json, "kernel");
	boot->dryrun = true_of(boot->json, "dryrun");
	if (!boot->version || !boot->kernel) {
		*why = "it does not name the version and the kernel";
		return -EBADMSG;
	}
	return read_lists(boot, why);
}

int eb_report_read(int root, struct eb_boot_report *boot, const char **why)
{
	size_t len;
	char *text;
	int err;

	memset(boot, 0, sizeof(*boot));
	*why = "";
	err = eb_files_read_most(root, EB_REPORT_JSON, MAX_BYTES, &text, &len);
	if (err < 0) {
		*why = strerror(-err);
		return err;
	}
	err = parse(boot, text, len, why);
	free(text);
	return err;
}

void eb_report_free(struct eb_boot_report *boot)
{
	json_object_put(boot->json);
	boot->json = NULL;
}
