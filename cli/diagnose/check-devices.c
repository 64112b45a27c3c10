// SPDX-License-Identifier: GPL-2.0-or-later
/* diagnose: what has become of each function; groups, and ways to reset. */
#include <stdio.h>
#include <string.h>

#include <earlybind/card.h>
#include <earlybind/detail.h>

#include "diagnose.h"

static void say_lost(struct eb_diagnosis *d, const struct eb_compared *device)
{
	struct eb_pci *pci = &d->cli->survey->pci;
	unsigned int function = (unsigned int)device->function;
	const char *address = device->boot->address;
	const struct eb_detail *detail;
	struct eb_item *item;

	eb_detail_read_locked(&d->cli->survey->locked, pci, function);
	detail = eb_pci_detail(pci, function);
	item = eb_items_add(&d->items, EB_ITEM_LOST, address,
			    "%s was claimed at boot, and %s has it now: no guest can "
			    "open it",
			    address, device->driver ? device->driver : "no driver");
	eb_item_seen(item, "its driver: %s; its driver_override: %s",
		     device->driver ? device->driver : "none",
		     !detail || detail->stuck ? "not to be read"
		     : detail->override[0]    ? detail->override
					      : "none");
	if (device->driver)
		eb_item_remedy(item,
			       "reboot; or, if nothing uses it: echo vfio-pci > "
			       "/sys/bus/pci/devices/%s/driver_override, echo %s > "
			       "/sys/bus/pci/drivers/%s/unbind, echo %s > "
			       "/sys/bus/pci/drivers_probe. A libvirt that manages it "
			       "needs managed='no'",
			       address, address, device->driver, address);
	else
		eb_item_remedy(item,
			       "reboot; or: echo vfio-pci > "
			       "/sys/bus/pci/devices/%s/driver_override, echo %s > "
			       "/sys/bus/pci/drivers_probe",
			       address, address);
}

static void say_removed(struct eb_diagnosis *d, const struct eb_compared *device)
{
	const struct eb_function *f;
	struct eb_item *item;

	if (device->function == EB_NO_FUNCTION) {
		item = eb_items_add(&d->items, EB_ITEM_REMOVED, device->boot->address,
				    "%s (%s) was there at boot and is no longer: "
				    "unplugged, removed by hand, or fallen off its bus "
				    "after a reset",
				    device->boot->address, device->boot->id);
		eb_item_seen(item, "there is no /sys/bus/pci/devices/%s",
			     device->boot->address);
		return;
	}
	f = &d->cli->survey->pci.function[device->function];
	item = eb_items_add(&d->items, EB_ITEM_REMOVED, device->boot->address,
			    "another device has the address of %s now",
			    device->boot->address);
	eb_item_seen(item, "it was %s at boot, and is %04x:%04x now", device->boot->id,
		     f->id.vendor, f->id.device);
}

static void say_state(struct eb_diagnosis *d, const struct eb_compared *device)
{
	switch (device->state) {
	case EB_STATE_LOST:
		say_lost(d, device);
		break;
	case EB_STATE_REMOVED:
		say_removed(d, device);
		break;
	case EB_STATE_SINCE:
		eb_items_add(&d->items, EB_ITEM_CLAIMED_SINCE, device->boot->address,
			     "%s did not come to vfio-pci at boot (%s), and is on it now",
			     device->boot->address, device->boot->result);
		break;
	case EB_STATE_KEPT:
	case EB_STATE_NOT_CLAIMED:
	case EB_STATE_PLANNED:
		break;
	}
}

/* Others in the group of a claimed function: one item for those that a host driver has,
 * and one for those that it may yet get. */
static void say_disturbed(struct eb_diagnosis *d, const struct eb_device *device,
			  unsigned int index)
{
	const struct eb_pci *pci = &d->cli->survey->pci;
	const struct eb_function *member = &pci->function[index];
	const struct eb_function *claimed = &pci->function[device->function];
	const char *driver = eb_pci_driver(pci, member);
	const char *code = driver ? eb_item_code_name(EB_ITEM_GROUP_NOT_VIABLE)
				  : eb_code_name(EB_FIND_GROUP_HELD);
	char address[EB_ADDR_TEXT];
	struct eb_item *item;

	eb_addr_print(&claimed->addr, address);
	item = eb_items_find(&d->items, code, address);
	if (!item && driver)
		item = eb_items_add(&d->items, EB_ITEM_GROUP_NOT_VIABLE, address,
				    "no guest can open %s now: host drivers hold others "
				    "in its IOMMU group %d",
				    address, (int)claimed->group);
	else if (!item)
		item = eb_items_add_finding(
			&d->items, EB_FIND_GROUP_HELD, address,
			"%s shares IOMMU group %d with what is not claimed: as soon as "
			"a host driver has it, no guest can open the card",
			address, (int)claimed->group);
	eb_item_seen(item, "%s (%04x:%04x): %s%s", eb_addr_print(&member->addr, address),
		     member->id.vendor, member->id.device,
		     driver ? driver : "no driver yet",
		     eb_plan_find(&d->cli->survey->plan, (int)index)
			     ? ", though it was asked for"
			     : "");
}

static void check_groups(struct eb_diagnosis *d, const struct eb_advice *advice)
{
	unsigned int i;

	for (i = 0; i < advice->pci->count; i++) {
		const struct eb_device *device = eb_advice_disturbs(advice, i);

		if (device)
			say_disturbed(d, device, i);
	}
	eb_items_checked(&d->items, "groups");
}

/* One item for a card. */
static void check_reset(struct eb_diagnosis *d)
{
	const struct eb_pci *pci = &d->cli->survey->pci;
	const struct eb_plan *plan = &d->cli->survey->plan;
	char address[EB_ADDR_TEXT];
	struct eb_item *item = NULL;
	unsigned int i, last = 0;

	for (i = 0; i < plan->count; i++) {
		unsigned int function = (unsigned int)plan->device[i].function;
		const struct eb_detail *detail = eb_pci_detail(pci, function);

		if (!eb_plan_takes(plan, (int)function) || !detail || detail->reset)
			continue;
		eb_addr_print(&pci->function[function].addr, address);
		if (!item || !eb_card_same(pci, function, last))
			item = eb_items_add_finding(
				&d->items, EB_FIND_NO_RESET, address,
				"the card of %s has functions that cannot be reset by "
				"themselves, and may not survive a guest's restart",
				address);
		last = function;
		eb_item_seen(item, "%s has neither reset_method nor reset", address);
	}
	eb_items_checked(&d->items, "reset");
}

/* What the findings say of it already gets the argument for this CPU. */
static void check_iommu(struct eb_diagnosis *d)
{
	const struct eb_survey *survey = d->cli->survey;
	const char *code = eb_code_name(EB_FIND_NO_IOMMU);
	struct eb_text text;
	unsigned int i;

	eb_items_checked(&d->items, "iommu");
	if (survey->machine.iommu)
		return;
	if (!eb_items_find(&d->items, code, NULL))
		eb_items_add_finding(&d->items, EB_FIND_NO_IOMMU, NULL,
				     "the IOMMU is off, so no guest can have a card");
	for (i = 0; i < d->items.count; i++) {
		struct eb_item *item = &d->items.list[i];

		if (strcmp(item->code, code) != 0)
			continue;
		eb_item_seen(item, "/sys/kernel/iommu_groups is empty");
		text = eb_text_on(item->remedy, sizeof(item->remedy));
		eb_plan_advise_iommu(&survey->request, &survey->machine, &text);
	}
}

/* What vfio-pci.ids= takes beside. */
static void say_advice(struct eb_diagnosis *d, const struct eb_advice *advice)
{
	unsigned int i;

	advice->findings->count = advice->findings->dropped = 0;
	eb_advice_plan(advice);
	for (i = 0; i < advice->findings->count; i++) {
		const struct eb_finding *finding = &advice->findings->list[i];
		char address[EB_ADDR_TEXT];

		if (finding->code != EB_FIND_IDS_TAKE_MORE)
			continue;
		eb_items_add_finding(&d->items, finding->code,
				     eb_addr_print(&finding->addr, address), "%s",
				     finding->text);
	}
}

void eb_check_states(struct eb_diagnosis *d)
{
	unsigned int i;

	for (i = 0; i < d->now.count; i++)
		say_state(d, &d->now.device[i]);
	eb_items_checked(&d->items, "devices");
}

void eb_check_devices(struct eb_diagnosis *d)
{
	struct eb_survey *survey = d->cli->survey;
	const struct eb_advice advice = {.request = &survey->request,
					 .pci = &survey->pci,
					 .machine = &survey->machine,
					 .plan = &survey->plan,
					 .conflicts = &survey->conflicts,
					 .klog = &survey->klog,
					 .findings = &survey->findings};

	check_iommu(d);
	check_groups(d, &advice);
	check_reset(d);
	say_advice(d, &advice);
}
