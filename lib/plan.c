// SPDX-License-Identifier: GPL-2.0-or-later
/* The plan: what is to be claimed, what is refused and why. A pure function. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <earlybind/card.h>
#include <earlybind/plan.h>

struct maker {
	const struct eb_request *request;
	const struct eb_pci *pci;
	const struct eb_machine *machine;
	struct eb_plan *plan;
	struct eb_findings *findings;
	bool iommu_said;    /* one finding serves all functions */
	unsigned int spare; /* places for functions that cannot be claimed */
};

static bool on_vfio(const struct eb_pci *pci, const struct eb_function *f)
{
	const char *driver = eb_pci_driver(pci, f);

	return driver && strcmp(driver, "vfio-pci") == 0;
}

static struct eb_text *device_finding(struct maker *m, enum eb_code code,
				      const struct eb_device *device)
{
	return eb_finding_on(m->findings, code, &m->pci->function[device->function].addr);
}

void eb_plan_advise_iommu(const struct eb_request *request,
			  const struct eb_machine *machine, struct eb_text *text)
{
	const char *where = machine->no_menu ? "for this virtual machine"
					     : "in the firmware setup";

	if (request->iommu_off) {
		eb_text_add(
			text,
			"remove iommu=off or amd_iommu=off from the kernel command line");
		return;
	}
	switch (machine->cpu) {
	case EB_CPU_INTEL:
		if (!request->intel_iommu_on)
			eb_text_add(text,
				    "add intel_iommu=on to the kernel command line, and "
				    "enable VT-d %s",
				    where);
		else
			eb_text_add(text, "intel_iommu=on is given, so enable VT-d %s",
				    where);
		break;
	case EB_CPU_AMD:
		eb_text_add(text,
			    "enable the IOMMU (AMD-Vi) %s; the kernel needs no argument "
			    "for it",
			    where);
		break;
	case EB_CPU_OTHER:
		eb_text_add(text, "enable the IOMMU (SMMU, VT-d, AMD-Vi) %s", where);
		break;
	}
}

/* Once for all functions. */
static void say_iommu(struct maker *m, const struct eb_device *device)
{
	struct eb_text *text;

	if (m->iommu_said)
		return;
	m->iommu_said = true;
	text = device_finding(m, EB_FIND_NO_IOMMU, device);
	if (m->machine->iommu) {
		eb_text_add(
			text,
			"is in no IOMMU group although the IOMMU is on; Intel's "
			"integrated graphics need intel_iommu=on, for others check the "
			"firmware setup");
		return;
	}
	eb_text_add(text,
		    "is in no IOMMU group: the IOMMU is off, so nothing is claimed; ");
	eb_plan_advise_iommu(m->request, m->machine, text);
}

static void refuse(struct eb_device *device, const char *reason)
{
	device->result = EB_RESULT_REFUSED;
	snprintf(device->reason, sizeof(device->reason), "%s", reason);
}

/* May this function be claimed? Sets its result, and says why not. */
static void judge(struct maker *m, struct eb_device *device)
{
	unsigned int function = (unsigned int)device->function;
	const struct eb_function *f = &m->pci->function[function];
	const struct eb_detail *detail = eb_pci_detail(m->pci, function);
	char addr[EB_ADDR_TEXT];
	struct eb_text *text;

	if (!eb_card_has_display(m->pci, function) && !m->request->options.allow_nongpu) {
		refuse(device, "its slot has no display controller");
		if (device > m->plan->device &&
		    eb_card_same(m->pci, function, (unsigned int)device[-1].function))
			return; /* said of the slot's first function */
		text = device_finding(m, EB_FIND_NOT_DISPLAY, device);
		eb_text_add(
			text,
			"(%04x:%04x, class 0x%06x) is not claimed: its slot has no "
			"display controller; if it is meant, add earlybind.nongpu=allow; "
			"",
			f->id.vendor, f->id.device, f->class);
		eb_card_list(text, m->pci);
	} else if (!detail) {
		refuse(device, "more functions were selected than earlybind can claim");
	} else if (detail->stuck) {
		device->result = EB_RESULT_TIMEOUT;
		snprintf(device->reason, sizeof(device->reason),
			 "reading its driver_override took longer than %u seconds",
			 m->request->options.timeout);
		text = device_finding(m, EB_FIND_TIMEOUT, device);
		eb_text_add(
			text,
			"is not claimed: %s, so a driver is stuck (see the kernel log)",
			device->reason);
	} else if (on_vfio(m->pci, f)) {
		device->result = EB_RESULT_CLAIMED;
		snprintf(device->reason, sizeof(device->reason), "already on vfio-pci");
	} else if (f->group == EB_NO_GROUP) {
		refuse(device, "no IOMMU group");
		say_iommu(m, device);
	} else if (detail->vfs > 0) {
		refuse(device, "its virtual functions are enabled");
		text = device_finding(m, EB_FIND_SRIOV, device);
		eb_text_add(text,
			    "has %u virtual functions enabled, so vfio-pci cannot bind; "
			    "write 0 to its sriov_numvfs first",
			    detail->vfs);
	} else if (detail->override[0] && strcmp(detail->override, "vfio-pci") != 0) {
		refuse(device, "driver_override is set to another driver");
		text = device_finding(m, EB_FIND_OTHER_OVERRIDE, device);
		eb_text_add(text,
			    "has driver_override '%s' from another tool; remove that "
			    "(driverctl unset-override %s) or take the card out of "
			    "vfio.gpus",
			    detail->override, eb_addr_print(&f->addr, addr));
	} else {
		device->result = EB_RESULT_PLANNED;
	}
}

static int compare(const void *a, const void *b)
{
	const struct eb_device *left = a, *right = b;

	return left->function - right->function;
}

void eb_plan_sort(struct eb_plan *plan)
{
	qsort(plan->device, plan->count, sizeof(plan->device[0]), compare);
}

const struct eb_device *eb_plan_find(const struct eb_plan *plan, int function)
{
	unsigned int low = 0, high = plan->count;

	/* Addresses ascend, and so do functions. */
	while (low < high) {
		unsigned int middle = (low + high) / 2;

		if (plan->device[middle].function < function)
			low = middle + 1;
		else
			high = middle;
	}
	return low < plan->count && plan->device[low].function == function
		       ? &plan->device[low]
		       : NULL;
}

bool eb_plan_takes_device(const struct eb_device *device)
{
	return device->result == EB_RESULT_PLANNED || device->result == EB_RESULT_CLAIMED;
}

bool eb_plan_takes(const struct eb_plan *plan, int function)
{
	const struct eb_device *device = eb_plan_find(plan, function);

	return device && eb_plan_takes_device(device);
}

static void add_device(struct maker *m, unsigned int function, int16_t selector)
{
	struct eb_device *device;

	if (!eb_pci_detail(m->pci, function)) {
		if (m->spare == 0) {
			m->plan->left_out++;
			return;
		}
		m->spare--;
	}
	device = &m->plan->device[m->plan->count++];
	*device = (struct eb_device){.function = (int16_t)function, .selector = selector};
	judge(m, device);
}

void eb_plan_make(const struct eb_request *request, const struct eb_pci *pci,
		  const struct eb_machine *machine, const struct eb_choice *choice,
		  struct eb_plan *plan, struct eb_findings *findings)
{
	struct maker m = {.request = request,
			  .pci = pci,
			  .machine = machine,
			  .plan = plan,
			  .findings = findings,
			  .spare = EB_MAX_DEVICES};
	unsigned int i;

	plan->count = plan->left_out = 0;
	for (i = 0; i < pci->count; i++)
		if (choice->by[i] != EB_NOT_CHOSEN && eb_pci_detail(pci, i))
			m.spare--;
	for (i = 0; i < pci->count; i++)
		if (choice->by[i] != EB_NOT_CHOSEN && !request->too_long)
			add_device(&m, i, choice->by[i]);
}

const char *eb_plan_result_name(enum eb_result result)
{
	switch (result) {
	case EB_RESULT_PLANNED:
		return "planned";
	case EB_RESULT_CLAIMED:
		return "claimed";
	case EB_RESULT_REFUSED:
		return "refused";
	case EB_RESULT_FAILED:
		return "failed";
	case EB_RESULT_TIMEOUT:
		return "timeout";
	}
	return "failed";
}
