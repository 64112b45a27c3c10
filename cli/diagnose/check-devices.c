// SPDX-License-Identifier: GPL-2.0-or-later
/* diagnose: what has become of each function; groups, and ways to reset. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <earlybind/attribute.h>
#include <earlybind/card.h>
#include <earlybind/detail.h>
#include <earlybind/sysfs.h>

#include "diagnose.h"
#include "firmware.h"
#include "fit.h"
#include "module-option.h"
#include "traces.h"
#include "unsafe-interrupts.h"

static void say_lost(struct eb_diagnosis *d, const struct eb_compared *device)
{
	struct eb_pci *pci = &d->cli->survey->pci;
	unsigned int function = (unsigned int)device->function;
	const char *address = device->boot->address, *driver = device->driver;
	const struct eb_detail *detail;
	char unbind[120] = "";
	const char *who;
	struct eb_problem *p;

	eb_detail_read_locked(&d->cli->survey->locked, pci, function);
	detail = eb_pci_detail(pci, function);
	p = eb_problems_add(
		&d->problems, EB_PROBLEM_LOST, address,
		"%s was claimed at boot, but is now bound to %s: no guest can "
		"open it",
		address, driver ? driver : "no driver");
	eb_problem_seen(p, "its driver: %s; its driver_override: %s",
			driver ? driver : "none",
			!detail || detail->stuck ? "cannot be read"
			: detail->override[0]	 ? detail->override
						 : "none");
	who = eb_traces_find(d->cli, function, EB_TRACE_TAKES, p, &d->problems,
			     "devices");
	if (who)
		snprintf(p->text + strlen(p->text), sizeof(p->text) - strlen(p->text),
			 "; most likely by %s", who);
	if (driver)
		snprintf(unbind, sizeof(unbind),
			 ", echo %s > /sys/bus/pci/drivers/%s/unbind", address, driver);
	eb_problem_remedy(p,
			  "reboot; or%s: echo vfio-pci > "
			  "/sys/bus/pci/devices/%s/driver_override%s, echo %s > "
			  "/sys/bus/pci/drivers_probe%s",
			  driver ? ", if nothing uses it" : "", address, unbind, address,
			  driver ? ". A libvirt that manages it needs managed='no'" : "");
}

static void say_removed(struct eb_diagnosis *d, const struct eb_compared *device)
{
	const char *address = device->boot->address;
	const struct eb_function *f;
	struct eb_problem *p;
	char path[EB_MAX_PATH];

	if (device->function != EB_NO_FUNCTION) {
		f = &d->cli->survey->pci.function[device->function];
		p = eb_problems_add(&d->problems, EB_PROBLEM_REMOVED, address,
				    "another device has the address %s now", address);
		eb_problem_seen(p, "it was %s at boot, and is %04x:%04x now",
				device->boot->id, f->id.vendor, f->id.device);
		return;
	}
	p = eb_problems_add(&d->problems, EB_PROBLEM_REMOVED, address,
			    "%s (%s) was there at boot and is missing now: it was "
			    "unplugged or removed, or did not come back from a reset",
			    address, device->boot->id);
	snprintf(path, sizeof(path), "sys/bus/pci/devices/%s", address);
	eb_problem_seen(p,
			eb_sysfs_exists(d->cli->root, path)
				? "class, vendor or device in /%s cannot be read"
				: "there is no /%s",
			path);
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
		eb_problems_add(&d->problems, EB_PROBLEM_CLAIMED_SINCE,
				device->boot->address,
				"%s could not be bound to vfio-pci at boot (%s), but is "
				"bound to it now",
				device->boot->address, device->boot->result);
		break;
	case EB_STATE_KEPT:
	case EB_STATE_NOT_CLAIMED:
	case EB_STATE_PLANNED:
		break;
	}
}

/* Others in the group of a claimed function: one problem for those that are bound to a
 * host driver, and one for those that may be bound later. */
static void say_disturbed(struct eb_diagnosis *d, const struct eb_device *device,
			  unsigned int index)
{
	const struct eb_pci *pci = &d->cli->survey->pci;
	const struct eb_function *member = &pci->function[index];
	const struct eb_function *claimed = &pci->function[device->function];
	const char *driver = eb_pci_driver(pci, member);
	unsigned int code = driver ? (unsigned int)EB_PROBLEM_GROUP_NOT_VIABLE
				   : (unsigned int)EB_FIND_GROUP_HELD;
	char address[EB_ADDR_TEXT];
	struct eb_problem *p;

	eb_addr_print(&claimed->addr, address);
	p = eb_problems_find(&d->problems, code, address);
	if (!p)
		p = eb_problems_add(
			&d->problems, code, address,
			driver ? "no guest can open %s now: others in its IOMMU group %d "
				 "are bound to host drivers"
			       : "%s shares IOMMU group %d with functions that are not "
				 "claimed: once one is bound to a host driver, no guest "
				 "can open the card",
			address, (int)claimed->group);
	eb_fit_group(d, index, p, code);
	eb_problem_seen(p, "%s (%04x:%04x): %s%s", eb_addr_print(&member->addr, address),
			member->id.vendor, member->id.device,
			driver ? driver : "no driver yet",
			eb_plan_find(&d->cli->survey->plan, (int)index)
				? ", although it was selected"
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
	eb_problems_checked(&d->problems, "groups");
}

/* One problem for a card. */
static void check_reset(struct eb_diagnosis *d)
{
	const struct eb_pci *pci = &d->cli->survey->pci;
	const struct eb_plan *plan = &d->cli->survey->plan;
	char address[EB_ADDR_TEXT];
	struct eb_problem *p = NULL;
	unsigned int i, last = 0;

	for (i = 0; i < plan->count; i++) {
		unsigned int function = (unsigned int)plan->device[i].function;
		const struct eb_detail *detail = eb_pci_detail(pci, function);

		if (!eb_plan_takes(plan, (int)function) || !detail || detail->reset)
			continue;
		eb_addr_print(&pci->function[function].addr, address);
		if (!p || !eb_card_same(pci, function, last))
			p = eb_problems_add(
				&d->problems, EB_FIND_NO_RESET, address,
				"the card of %s has functions that cannot be reset on "
				"their own, and may not survive a guest's restart",
				address);
		last = function;
		if (pci->function[function].parent == EB_NO_FUNCTION)
			eb_problem_remedy(p, "nothing resets it, as the root bus that it "
					     "is on has no reset: if it fails after a "
					     "guest's restart, reboot the host");
		eb_problem_seen(p, "%s has neither reset_method nor reset", address);
	}
	eb_problems_checked(&d->problems, "reset");
}

/* Where vfio-pci lets idle functions be, it does not switch them on either before a guest
 * opens one: their state is unknown until then (drivers/vfio/pci/vfio_pci_core.c,
 * vfio_pci_core_register_device; 5.19 made it switch them on). */
static bool leaves_unknown(const struct eb_cli *cli)
{
	const struct eb_machine *machine = &cli->survey->machine;

	return machine->major * 100 + machine->minor < 519 &&
	       eb_module_option(cli, "vfio_pci", "disable_idle_d3");
}

/* A function that is off its bus cannot be read and has no power state
 * (drivers/pci/pci.c, pci_power_names). */
static void check_power(struct eb_diagnosis *d)
{
	const struct eb_plan *plan = &d->cli->survey->plan;
	bool unknown = !leaves_unknown(d->cli);
	char address[EB_ADDR_TEXT], state[16];
	struct eb_problem *p;
	unsigned int i;

	for (i = 0; i < plan->count; i++) {
		const struct eb_addr *addr =
			&d->cli->survey->pci.function[plan->device[i].function].addr;

		if (plan->device[i].result != EB_RESULT_CLAIMED ||
		    eb_attribute_text(d->cli->root, addr, "power_state", state,
				      sizeof(state)) < 0 ||
		    (strcmp(state, "error") != 0 &&
		     (strcmp(state, "unknown") != 0 || !unknown)))
			continue;
		eb_addr_print(addr, address);
		p = eb_problems_find(&d->problems, EB_PROBLEM_POWER_STATE, address);
		if (!p)
			p = eb_problems_add(&d->problems, EB_PROBLEM_POWER_STATE, address,
					    "%s is in no power state: it does not answer",
					    address);
		eb_problem_seen(p, "/sys/bus/pci/devices/%s/power_state: %s", address,
				state);
		eb_fit_power(d, (unsigned int)plan->device[i].function, p);
	}
	eb_problems_checked(&d->problems, "power");
}

static int see_any(void *ctx, const char *name)
{
	(void)ctx;
	(void)name;
	return 1;
}

/* Of a captured machine the groups alone may be there. */
static bool has_group(const struct eb_pci *pci)
{
	unsigned int i;

	for (i = 0; i < pci->count; i++)
		if (pci->function[i].group != EB_NO_GROUP)
			return true;
	return false;
}

/* A finding of the report may say it already; it gets the argument for this CPU. */
static void check_iommu(struct eb_diagnosis *d)
{
	static const char path[] = "sys/kernel/iommu_groups";
	const struct eb_survey *survey = d->cli->survey;
	const char *code = eb_finding_name(EB_FIND_NO_IOMMU);
	int err = eb_sysfs_list(d->cli->root, path, see_any, NULL);
	struct eb_text text;
	unsigned int i;

	if (err < 0 && err != -ENOENT) {
		eb_problems_unreadable(&d->problems, "iommu", path, err);
		return;
	}
	eb_problems_checked(&d->problems, "iommu");
	if (survey->machine.iommu || has_group(&survey->pci))
		return;
	if (!eb_problems_find(&d->problems, EB_FIND_NO_IOMMU, NULL))
		eb_problems_add(&d->problems, EB_FIND_NO_IOMMU, NULL,
				"the IOMMU is off, so no guest can use a card");
	for (i = 0; i < d->problems.count; i++) {
		struct eb_problem *p = &d->problems.list[i];

		if (strcmp(p->code, code) != 0)
			continue;
		eb_problem_seen(p, err < 0 ? "there is no /%s" : "/%s is empty", path);
		text = eb_text_on(p->remedy, sizeof(p->remedy));
		eb_firmware_advise_iommu(d->cli, &text);
	}
}

/* What only a plan needs, of what is claimed. */
static void read_more(struct eb_diagnosis *d)
{
	struct eb_survey *survey = d->cli->survey;
	unsigned int i;

	for (i = 0; i < survey->plan.count; i++)
		eb_detail_read_more(d->cli->root, &survey->pci,
				    (unsigned int)survey->plan.device[i].function);
	eb_machine_read_remapping(d->cli->root, &survey->machine);
	if (eb_unsafe_allowed(d->cli))
		survey->machine.no_remapping = false;
}

/* A driver of the host has had FUNCTION since boot: it is initialized. */
static int see_amdgpu(void *ctx, const char *record)
{
	const char *text = strchr(record, ';');
	const char *address = ctx;

	return text && strncmp(text + 1, "amdgpu ", 7) == 0 &&
	       strncmp(text + 8, address, strlen(address)) == 0;
}

static void say_finding(struct eb_diagnosis *d, const struct eb_finding *finding)
{
	char address[EB_ADDR_TEXT] = "";
	struct eb_problem *p;

	if (finding->has_addr)
		eb_addr_print(&finding->addr, address);
	if (finding->code == EB_FIND_NOT_POSTED &&
	    eb_sysfs_lines(d->cli->root, "dev/kmsg", see_amdgpu, address) == 1)
		return;
	p = eb_problems_add(&d->problems, finding->code,
			    finding->has_addr ? address : NULL, "%s", finding->text);
	if (finding->code == EB_FIND_RMRR) {
		eb_problem_seen(
			p,
			"/sys/bus/pci/devices/%s/iommu_group/reserved_regions has "
			"a direct region",
			address);
		eb_fit_rmrr(d, p);
	} else if (finding->code == EB_FIND_NO_REMAPPING)
		eb_problem_seen(p, "/sys/kernel/irq: an interrupt has the chip IO-APIC, "
				   "which is IR-IO-APIC otherwise");
}

/* What vfio-pci.ids= takes in addition, and what a guest will run into. */
static void say_advice(struct eb_diagnosis *d, const struct eb_advice *advice)
{
	unsigned int i;

	advice->findings->count = advice->findings->dropped = 0;
	read_more(d);
	eb_advice_plan(advice);
	eb_advice_opening(advice);
	for (i = 0; i < advice->findings->count; i++) {
		const struct eb_finding *finding = &advice->findings->list[i];

		switch ((int)finding->code) {
		case EB_FIND_IDS_TAKE_MORE:
		case EB_FIND_RMRR:
		case EB_FIND_NO_REMAPPING:
		case EB_FIND_NOT_POSTED:
			say_finding(d, finding);
		}
	}
}

void eb_check_states(struct eb_diagnosis *d)
{
	unsigned int i;

	for (i = 0; i < d->now.count; i++)
		say_state(d, &d->now.device[i]);
	eb_problems_checked(&d->problems, "devices");
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
	if (!d->planned || d->bound)
		check_power(d);
	say_advice(d, &advice);
}
