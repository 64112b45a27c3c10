// SPDX-License-Identifier: GPL-2.0-or-later
/* report.json. */
#include <stdio.h>
#include <string.h>

#include <earlybind/json.h>
#include <earlybind/remedy.h>
#include <earlybind/report.h>

static void put_id(struct eb_json *json, const char *key, const struct eb_id *id)
{
	char text[12];

	snprintf(text, sizeof(text), "%04x:%04x", id->vendor, id->device);
	eb_json_key(json, key);
	eb_json_string(json, text);
}

static void put_text(struct eb_json *json, const char *key, const char *text)
{
	eb_json_key(json, key);
	eb_json_string(json, text);
}

static void put_address(struct eb_json *json, const struct eb_addr *addr)
{
	char text[EB_ADDR_TEXT];

	put_text(json, "address", eb_addr_print(addr, text));
}

/* Each argument as the kernel reads it: without the quotes. */
static void put_arguments(const struct eb_report *report, struct eb_json *json)
{
	unsigned int i;

	eb_json_key(json, "argument");
	eb_json_open(json, '[');
	for (i = 0; i < report->request->arguments; i++) {
		const struct eb_argument *a = &report->request->argument[i];
		const struct eb_slice parts[] = {a->name, {"=", 1}, a->value};

		eb_json_slices(json, parts, a->value.at ? 3 : 1);
	}
	eb_json_close(json, ']');
}

static void put_device(const struct eb_report *report, struct eb_json *json,
		       const struct eb_device *device)
{
	const struct eb_pci *pci = report->pci;
	const struct eb_function *f = &pci->function[device->function];
	const char *before = eb_pci_driver(pci, f);
	char class[12];

	eb_json_open(json, '{');
	put_address(json, &f->addr);
	snprintf(class, sizeof(class), "0x%06x", f->class);
	put_text(json, "class", class);
	put_id(json, "id", &f->id);
	put_id(json, "subsystem", &f->subsystem);
	eb_json_key(json, "selected_by");
	eb_json_slices(json, &report->request->selector[device->selector].text, 1);
	eb_json_key(json, "iommu_group");
	if (f->group == EB_NO_GROUP)
		eb_json_null(json);
	else
		eb_json_number(json, (uint64_t)f->group);
	eb_json_key(json, "boot_display");
	eb_json_bool(json, device->function == report->machine->boot_display);
	put_text(json, "driver_before", before);
	put_text(json, "driver_after",
		 !device->after_known ? before
		 : device->after[0]   ? device->after
				      : NULL);
	put_text(json, "result", eb_plan_result_name(device->result));
	put_text(json, "reason", device->reason[0] ? device->reason : NULL);
	eb_json_close(json, '}');
}

bool eb_report_has_conflict(const struct eb_report *report,
			    const struct eb_conflict *conflict)
{
	const struct eb_device *device = eb_plan_find(report->plan, conflict->function);

	if (!device || device->result == EB_RESULT_REFUSED)
		return false;
	return conflict->when == EB_BEFORE || device->result == EB_RESULT_CLAIMED;
}

static void put_conflict(const struct eb_report *report, struct eb_json *json,
			 const struct eb_conflict *conflict)
{
	char range[EB_RANGE_TEXT];

	if (!eb_report_has_conflict(report, conflict))
		return;
	eb_json_open(json, '{');
	put_address(json, &report->pci->function[conflict->function].addr);
	eb_json_key(json, "bar");
	eb_json_number(json, conflict->bar);
	put_text(json, "range", eb_addr_print_range(&conflict->range, range));
	put_text(json, "owner", conflict->owner);
	put_text(json, "when", eb_conflict_when(conflict->when));
	eb_json_key(json, "blocks");
	eb_json_bool(json, conflict->blocks);
	put_text(json, "remedy", eb_remedy_name(conflict->remedy));
	eb_json_close(json, '}');
}

static void put_finding(struct eb_json *json, const struct eb_finding *finding)
{
	eb_json_open(json, '{');
	put_text(json, "code", eb_finding_name(finding->code));
	put_text(json, "severity",
		 eb_finding_severity_name(eb_finding_severity(finding->code)));
	if (finding->has_addr)
		put_address(json, &finding->addr);
	else
		put_text(json, "address", NULL);
	put_text(json, "text", finding->text);
	eb_json_close(json, '}');
}

static void put_lists(const struct eb_report *report, struct eb_json *json)
{
	unsigned int i;

	eb_json_key(json, "devices");
	eb_json_open(json, '[');
	for (i = 0; i < report->plan->count; i++)
		put_device(report, json, &report->plan->device[i]);
	eb_json_close(json, ']');
	eb_json_key(json, "conflicts");
	eb_json_open(json, '[');
	for (i = 0; i < report->conflicts->count; i++)
		put_conflict(report, json, &report->conflicts->list[i]);
	eb_json_close(json, ']');
	eb_json_key(json, "findings");
	eb_json_open(json, '[');
	for (i = 0; i < report->findings->count; i++)
		put_finding(json, &report->findings->list[i]);
	eb_json_close(json, ']');
}

int eb_report_json(const struct eb_report *report, int fd)
{
	struct eb_json json = eb_json_on(fd);

	eb_json_open(&json, '{');
	eb_json_key(&json, "schema");
	eb_json_number(&json, 1);
	put_text(&json, "earlybind", EB_VERSION);
	put_text(&json, "kernel", report->machine->release);
	put_arguments(report, &json);
	eb_json_key(&json, "dryrun");
	eb_json_bool(&json, report->request->options.dryrun);
	eb_json_key(&json, "elapsed_us");
	eb_json_number(&json, report->elapsed_us);
	eb_json_key(&json, "held_us");
	eb_json_number(&json, report->held_us);
	put_lists(report, &json);
	eb_json_close(&json, '}');
	return eb_json_end(&json);
}
