// SPDX-License-Identifier: GPL-2.0-or-later
/* Compares what the boot report says with what is now. */
#include <stdio.h>
#include <string.h>

#include <earlybind/attribute.h>
#include <earlybind/detail.h>

#include "report-compare.h"

struct wanted {
	const struct eb_request *request;
	const struct eb_boot_report *boot;
};

static bool wants(const void *ctx, const struct eb_pci *pci, unsigned int function)
{
	const struct wanted *wanted = ctx;
	unsigned int i;

	for (i = 0; i < wanted->boot->devices; i++)
		if (eb_addr_compare(&wanted->boot->device[i].addr,
				    &pci->function[function].addr) == 0)
			return true;
	return eb_choose_wants(wanted->request, pci, function);
}

static bool is_vfio(const char *driver)
{
	return driver && strcmp(driver, "vfio-pci") == 0;
}

static bool same_id(const struct eb_function *f, const char *id)
{
	char text[12];

	snprintf(text, sizeof(text), "%04x:%04x", f->id.vendor, f->id.device);
	return strcmp(text, id) == 0;
}

static enum eb_state state_of(const struct eb_boot_device *boot, const char *driver)
{
	if (boot->claimed)
		return is_vfio(driver) ? EB_STATE_KEPT : EB_STATE_LOST;
	if (is_vfio(driver))
		return EB_STATE_SINCE;
	return strcmp(boot->result, "planned") == 0 ? EB_STATE_PLANNED
						    : EB_STATE_NOT_CLAIMED;
}

static void look_at(int root, const struct eb_pci *pci, struct eb_compared *device)
{
	const struct eb_function *f;

	device->function = eb_pci_find(pci, &device->boot->addr);
	if (device->function == EB_NO_FUNCTION) {
		device->state = EB_STATE_REMOVED;
		return;
	}
	f = &pci->function[device->function];
	device->driver = eb_pci_driver(pci, f);
	device->reset_known = eb_attribute_text(root, &f->addr, "reset_method",
						device->reset,
						sizeof(device->reset)) >= 0;
	device->state = same_id(f, device->boot->id)
				? state_of(device->boot, device->driver)
				: EB_STATE_REMOVED;
}

void eb_compare_report(const struct eb_cli *cli, const struct eb_boot_report *boot,
		       struct eb_comparison *now)
{
	struct eb_survey *survey = cli->survey;
	struct wanted wanted = {.request = &survey->request, .boot = boot};
	struct eb_plan *plan = &survey->plan;
	unsigned int i;

	/* The report has what there is to say of the command line. */
	if (eb_survey_request(survey, cli->root) < 0)
		eb_survey_request_text(survey, "");
	survey->findings.count = survey->findings.dropped = 0;
	survey->conflicts = (struct eb_conflicts){0};
	eb_survey_scan(survey, cli->root, wants, &wanted);
	eb_machine_find_boot_display(&survey->machine, &survey->pci);
	eb_framebuffer_read(cli->root, &survey->locked, &survey->framebuffers);
	memset(now, 0, sizeof(*now));
	now->boot = boot;
	plan->count = plan->left_out = 0;
	for (i = 0; i < boot->devices; i++) {
		struct eb_compared *device = &now->device[now->count++];
		bool on_vfio;

		device->boot = &boot->device[i];
		look_at(cli->root, &survey->pci, device);
		on_vfio = eb_compare_on_vfio(device->state);
		if (device->function != EB_NO_FUNCTION)
			plan->device[plan->count++] = (struct eb_device){
				.function = (int16_t)device->function,
				.result = on_vfio ? EB_RESULT_CLAIMED
						  : EB_RESULT_REFUSED};
	}
	/* The order in the report is not to be relied on. */
	eb_plan_sort(plan);
}

static const struct {
	const char *name;
	bool well;
} states[] = {
	[EB_STATE_KEPT] = {"kept", true},
	[EB_STATE_SINCE] = {"claimed-since", true},
	[EB_STATE_LOST] = {"lost", false},
	[EB_STATE_REMOVED] = {"removed", false},
	[EB_STATE_NOT_CLAIMED] = {"not-claimed", false},
	[EB_STATE_PLANNED] = {"planned", true},
};

const char *eb_compare_name(enum eb_state state)
{
	return states[state].name;
}

bool eb_compare_is_well(enum eb_state state)
{
	return states[state].well;
}

bool eb_compare_on_vfio(enum eb_state state)
{
	return state == EB_STATE_KEPT || state == EB_STATE_SINCE;
}
