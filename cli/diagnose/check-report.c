// SPDX-License-Identifier: GPL-2.0-or-later
/* diagnose: the report of the boot, and what it found. */
#include <errno.h>
#include <string.h>

#include <earlybind/sysfs.h>

#include "diagnose.h"

static int see_said(void *ctx, const char *record)
{
	struct eb_item *item = ctx;
	const char *text = strchr(record, ';');

	if (text && strncmp(text + 1, "earlybind: ", 11) == 0)
		eb_item_seen(item, "kernel log: %s", text + 1);
	return 0;
}

/* Codes of findings that eb_check_devices() decides anew. */
static bool is_of_devices(const char *code)
{
	static const enum eb_code codes[] = {EB_FIND_GROUP_HELD, EB_FIND_NO_RESET,
					     EB_FIND_IDS_TAKE_MORE};
	size_t i;

	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (strcmp(code, eb_code_name(codes[i])) == 0)
			return true;
	return false;
}

/* What the agent would have found. */
static void add_foretold(struct eb_diagnosis *d)
{
	const struct eb_findings *findings = &d->cli->survey->findings;
	const struct eb_conflicts *conflicts = &d->cli->survey->conflicts;
	unsigned int i;

	for (i = 0; i < findings->count; i++) {
		const struct eb_finding *finding = &findings->list[i];
		const char *code = eb_code_name(finding->code);
		char address[EB_ADDR_TEXT];

		if (!is_of_devices(code))
			eb_items_add_reported(
				&d->items, code,
				eb_severity_name(eb_code_severity(finding->code)),
				finding->has_addr ? eb_addr_print(&finding->addr, address)
						  : NULL,
				finding->text);
	}
	for (i = 0; i < conflicts->count; i++) {
		const struct eb_conflict *c = &conflicts->list[i];
		char address[EB_ADDR_TEXT], range[EB_RANGE_TEXT];
		struct eb_item *item;

		eb_addr_print(&d->cli->survey->pci.function[c->function].addr, address);
		item = eb_items_find(&d->items, eb_code_name(EB_FIND_BAR_HELD), address);
		if (!item || !c->blocks)
			continue;
		eb_item_seen(item, "/proc/iomem: %s has %s in BAR %u", c->owner,
			     eb_range_print(&c->range, range), c->bar);
		eb_item_remedy(item, "%s", eb_remedy_text(c->remedy));
	}
}

/* The agent was asked for something and left no report: what it would have had to say. */
static void say_no_report(struct eb_diagnosis *d)
{
	struct eb_survey *survey = d->cli->survey;
	struct eb_item *item = eb_items_add(
		&d->items, EB_ITEM_NO_REPORT, NULL,
		"vfio.gpus= is on this boot's command line and there is no report: the "
		"initramfs was built without earlybind's hook, or the agent in it did "
		"not run to its end");

	eb_item_seen(item, "there is no /%s", EB_REPORT_JSON);
	eb_sysfs_lines(d->cli->root, "dev/kmsg", see_said, item);
	eb_survey_machine(survey, d->cli->root);
	eb_survey_foretell(survey);
	d->planned = true;
	add_foretold(d);
	eb_items_not_checked(&d->items, "devices", "there is no report of this boot");
}

void eb_check_report(struct eb_diagnosis *d)
{
	const char *why;
	int err = eb_report_read(d->cli->root, &d->boot, &why);
	struct eb_item *item;

	if (err == 0) {
		d->has_report = true;
		eb_compare_report(d->cli, &d->boot, &d->now);
		eb_items_checked(&d->items, "report");
		return;
	}
	if (err != -ENOENT) {
		item = eb_items_add(&d->items, EB_ITEM_BAD_REPORT, NULL,
				    "the report of this boot cannot be read");
		eb_item_seen(item, "/%s: %s", EB_REPORT_JSON, why);
		eb_items_not_checked(&d->items, "devices", "the report cannot be read");
		return;
	}
	if (eb_survey_request(d->cli->survey, d->cli->root) < 0)
		eb_items_not_checked(&d->items, "report",
				     "there is none, and /proc/cmdline cannot be read");
	else if (d->cli->survey->request.asked)
		say_no_report(d);
	else
		eb_items_not_checked(&d->items, "report",
				     "there is none: this boot's command line has no "
				     "vfio.gpus=");
}

/* Codes of findings that other checks look at again, and decide anew. */
static bool looked_at_again(const struct eb_diagnosis *d, const char *code)
{
	static const enum eb_code bars[] = {EB_FIND_BAR_HELD, EB_FIND_BAR_UNASSIGNED,
					    EB_FIND_VIDEO_OFF};
	size_t i;

	if (is_of_devices(code) || strcmp(code, eb_code_name(EB_FIND_IOMEM_HIDDEN)) == 0)
		return true;
	for (i = 0; i < sizeof(bars) / sizeof(bars[0]); i++)
		if (strcmp(code, eb_code_name(bars[i])) == 0)
			return !d->cli->survey->conflicts.hidden;
	return false;
}

static const struct eb_compared *device_at(const struct eb_diagnosis *d,
					   const char *address)
{
	unsigned int i;

	for (i = 0; address && i < d->now.count; i++)
		if (strcmp(d->now.device[i].boot->address, address) == 0)
			return &d->now.device[i];
	return NULL;
}

/* Say what to do against C, which the report has by a name. */
static void set_remedy(struct eb_item *item, const struct eb_boot_conflict *c)
{
	int remedy;

	for (remedy = EB_REMEDY_EVICTED; remedy <= EB_REMEDY_ABOVE_4G; remedy++)
		if (strcmp(c->remedy, eb_remedy_name((enum eb_remedy)remedy)) == 0)
			eb_item_remedy(item, "%s",
				       eb_remedy_text((enum eb_remedy)remedy));
}

/* The ranges, from the report's own list, of what its finding is about. */
static void add_conflicts(const struct eb_diagnosis *d, struct eb_item *item)
{
	unsigned int i;

	if (strcmp(item->code, eb_code_name(EB_FIND_BAR_HELD)) != 0)
		return;
	for (i = 0; i < d->boot.conflicts; i++) {
		const struct eb_boot_conflict *c = &d->boot.conflict[i];

		if (strcmp(c->address, item->address) != 0 || (c->after && !c->blocks))
			continue;
		eb_item_seen(item, "report: %s binding %s has %s in BAR %u",
			     c->after ? "after" : "before", c->owner, c->range, c->bar);
		if (c->after)
			set_remedy(item, c);
	}
}

static void add_finding(struct eb_diagnosis *d, const struct eb_boot_finding *finding)
{
	const struct eb_compared *device = device_at(d, finding->address);
	struct eb_item *item;

	if (looked_at_again(d, finding->code))
		return;
	/* It says why the device is not claimed, and it is now. */
	if (device && device->state == EB_STATE_SINCE &&
	    strcmp(finding->severity, "info") != 0) {
		item = eb_items_find(&d->items, eb_item_code_name(EB_ITEM_CLAIMED_SINCE),
				     finding->address);
		if (item)
			eb_item_seen(item, "report: %s", finding->text);
		return;
	}
	item = eb_items_add_reported(&d->items, finding->code, finding->severity,
				     finding->address, finding->text);
	add_conflicts(d, item);
}

void eb_check_findings(struct eb_diagnosis *d)
{
	unsigned int i, errors = 0;

	for (i = 0; i < d->boot.findings; i++) {
		errors += strcmp(d->boot.finding[i].severity, "error") == 0;
		add_finding(d, &d->boot.finding[i]);
	}
	/* A function that failed without a finding; mostly one tells of several. */
	for (i = 0; i < d->now.count && !errors; i++) {
		const struct eb_compared *device = &d->now.device[i];

		if (device->state == EB_STATE_NOT_CLAIMED)
			eb_items_add(&d->items, EB_ITEM_NOT_CLAIMED,
				     device->boot->address, "%s was not claimed: %s%s%s",
				     device->boot->address, device->boot->result,
				     device->boot->reason ? ", " : "",
				     device->boot->reason ? device->boot->reason : "");
	}
}
