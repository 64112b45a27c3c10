// SPDX-License-Identifier: GPL-2.0-or-later
/* The plan: what is to be claimed, what is refused and why. A pure function. */
#include <stdio.h>
#include <string.h>

#include <earlybind/card.h>
#include <earlybind/match.h>
#include <earlybind/plan.h>

struct maker {
	const struct eb_request *request;
	const struct eb_pci *pci;
	const struct eb_machine *machine;
	struct eb_plan *plan;
	struct eb_findings *findings;
	bool iommu_said; /* one finding serves all functions */
};

static bool on_vfio(const struct eb_pci *pci, const struct eb_function *f)
{
	const char *driver = eb_pci_driver(pci, f);

	return driver && strcmp(driver, "vfio-pci") == 0;
}

static struct eb_text device_finding(struct maker *m, enum eb_code code,
				     const struct eb_device *device)
{
	const struct eb_addr *addr = &m->pci->function[device->function].addr;
	struct eb_text text = eb_finding_add(m->findings, code, addr);
	char name[EB_ADDR_TEXT];

	eb_text_add(&text, "%s ", eb_addr_print(addr, name));
	return text;
}

/* How to get an IOMMU on this machine. */
static void say_iommu(struct maker *m, const struct eb_device *device)
{
	struct eb_text text;

	if (m->iommu_said)
		return;
	m->iommu_said = true;
	text = device_finding(m, EB_FIND_NO_IOMMU, device);
	if (m->machine->iommu) {
		eb_text_add(&text,
			    "is in no IOMMU group though the IOMMU is on, so it cannot "
			    "be passed on and was left alone; look for the IOMMU "
			    "settings of its slot in the firmware setup");
		return;
	}
	eb_text_add(&text,
		    "is in no IOMMU group: the IOMMU is off, so nothing is claimed and "
		    "the card stays usable; ");
	switch (m->machine->cpu) {
	case EB_CPU_INTEL:
		if (!m->request->iommu_given)
			eb_text_add(&text,
				    "add intel_iommu=on to the kernel command line, and "
				    "switch VT-d on in the firmware setup");
		else
			eb_text_add(&text,
				    "intel_iommu is given, so switch VT-d on in the "
				    "firmware setup");
		break;
	case EB_CPU_AMD:
		eb_text_add(&text,
			    "switch IOMMU (AMD-Vi) on in the firmware setup; the kernel "
			    "then uses it without an argument, unless amd_iommu=off "
			    "is given");
		break;
	case EB_CPU_OTHER:
		eb_text_add(&text,
			    "switch the IOMMU (SMMU, VT-d, AMD-Vi) on in the firmware "
			    "setup");
		break;
	}
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
	struct eb_text text;

	if (!eb_card_has_display(m->pci, function) && !m->request->allow_nongpu) {
		refuse(device, "its slot has no display controller");
		if (device > m->plan->device &&
		    eb_card_same(m->pci, function, (unsigned int)device[-1].function))
			return; /* said of the slot's first function */
		text = device_finding(m, EB_FIND_NOT_DISPLAY, device);
		eb_text_add(
			&text,
			"(%04x:%04x, class 0x%06x) sits in a slot without a display "
			"controller and was left alone: addresses move when a card is "
			"added; if it is meant, add earlybind.nongpu=allow; the display "
			"cards are ",
			f->id.vendor, f->id.device, f->class);
		eb_choose_list_cards(&text, m->pci);
	} else if (!detail) {
		refuse(device, "more functions were asked for than earlybind can hold");
	} else if (on_vfio(m->pci, f)) {
		device->result = EB_RESULT_CLAIMED;
		snprintf(device->reason, sizeof(device->reason), "already on vfio-pci");
	} else if (f->group == EB_NO_GROUP) {
		refuse(device, "no IOMMU group");
		say_iommu(m, device);
	} else if (detail->vfs > 0) {
		refuse(device, "its virtual functions are on");
		text = device_finding(m, EB_FIND_SRIOV, device);
		eb_text_add(&text,
			    "has %u virtual functions on, and vfio-pci does not take it "
			    "like that (EBUSY); write 0 to its sriov_numvfs first",
			    detail->vfs);
	} else if (detail->override[0] && strcmp(detail->override, "vfio-pci") != 0) {
		refuse(device, "driver_override is set to another driver");
		text = device_finding(m, EB_FIND_OTHER_OVERRIDE, device);
		eb_text_add(
			&text,
			"has driver_override '%s' from another tool, which was left as it "
			"is; take it away there (driverctl unset-override %04x:%02x:%02x.%x) "
			"or take the card out of vfio.gpus",
			detail->override, f->addr.domain, f->addr.bus, f->addr.device,
			f->addr.function);
	} else {
		device->result = EB_RESULT_PLANNED;
	}
}

const struct eb_device *eb_plan_find(const struct eb_plan *plan, int function)
{
	unsigned int i;

	for (i = 0; i < plan->count; i++)
		if (plan->device[i].function == function)
			return &plan->device[i];
	return NULL;
}

static bool is_taken(const struct eb_plan *plan, unsigned int function)
{
	const struct eb_device *device = eb_plan_find(plan, (int)function);

	return device && (device->result == EB_RESULT_PLANNED ||
			  device->result == EB_RESULT_CLAIMED);
}

/* Is the group of MEMBER that of a function that is to be claimed? Its first one. */
static const struct eb_device *taken_in_group(const struct maker *m,
					      const struct eb_function *member)
{
	unsigned int i;

	for (i = 0; i < m->plan->count; i++) {
		const struct eb_device *device = &m->plan->device[i];

		if (device->result != EB_RESULT_REFUSED &&
		    m->pci->function[device->function].group == member->group)
			return device;
	}
	return NULL;
}

/* A group is viable when no member has a host driver but those that keep their hands
 * off DMA (drivers/iommu/iommu.c iommu_device_use_default_domain, driver_managed_dma;
 * before 5.19 drivers/vfio/vfio.c vfio_dev_driver_allowed). */
static void say_group(struct maker *m, unsigned int index)
{
	const struct eb_function *member = &m->pci->function[index];
	const char *driver = eb_pci_driver(m->pci, member);
	const struct eb_device *device;
	char addr[EB_ADDR_TEXT];
	struct eb_text text;

	if (member->port || member->group == EB_NO_GROUP || is_taken(m->plan, index))
		return;
	if (member->bridge && !driver)
		return;
	if (driver &&
	    (strcmp(driver, "vfio-pci") == 0 || strcmp(driver, "pci-stub") == 0 ||
	     strcmp(driver, "pcieport") == 0))
		return;
	device = taken_in_group(m, member);
	if (!device)
		return;
	text = eb_finding_add(m->findings, EB_FIND_GROUP_HELD, &member->addr);
	eb_text_add(&text, "%s (%04x:%04x) shares IOMMU group %d with ",
		    eb_addr_print(&member->addr, addr), member->id.vendor,
		    member->id.device, (int)member->group);
	eb_text_add(&text, "%s and ",
		    eb_addr_print(&m->pci->function[device->function].addr, addr));
	if (driver)
		eb_text_add(&text, "is held by %s: ", driver);
	else
		eb_text_add(&text, "was not asked for; as soon as a host driver has it ");
	eb_text_add(
		&text,
		"the group is not viable and no guest can open the card; move one of the "
		"two to another slot, or claim both");
}

/* vfio-pci.ids= goes by ids and may take a card that is meant for the host. */
static void say_ids(struct maker *m)
{
	char addr[EB_ADDR_TEXT];
	unsigned int i, j;

	for (i = 0; i < m->pci->count; i++) {
		const struct eb_function *f = &m->pci->function[i];

		for (j = 0; j < m->request->vfio_ids; j++) {
			struct eb_text text;

			if (!eb_card_has_display(m->pci, i) || is_taken(m->plan, i) ||
			    on_vfio(m->pci, f) ||
			    !eb_match_id(m->pci, i, &m->request->vfio_id[j], NULL))
				continue;
			text = eb_finding_add(m->findings, EB_FIND_IDS_TAKE_MORE,
					      &f->addr);
			eb_text_add(
				&text,
				"%s is not claimed here, but vfio-pci.ids=%04x:%04x on "
				"the same command line makes vfio-pci take it all the "
				"same; take vfio-pci.ids= out, vfio.gpus= needs no ids",
				eb_addr_print(&f->addr, addr), f->id.vendor,
				f->id.device);
		}
	}
}

static void say_boot_display(struct maker *m)
{
	int boot = m->machine->boot_display;
	const struct eb_device *device = boot < 0 ? NULL : eb_plan_find(m->plan, boot);
	struct eb_text text;

	if (!device || device->result != EB_RESULT_PLANNED)
		return;
	text = device_finding(m, EB_FIND_BOOT_DISPLAY, device);
	eb_text_add(&text,
		    "is the card that the console is on: the screen goes dark when it "
		    "is claimed, and the host must be reached by network or serial "
		    "line; vfio.gpus=none at the boot menu brings it back for one boot");
}

/* Words of the request itself that a report should not leave unsaid. */
static void say_request(struct maker *m)
{
	struct eb_text text;
	unsigned int i;
	bool none = false;

	for (i = 0; i < m->request->selectors; i++)
		none = none || m->request->selector[i].kind == EB_SELECT_NONE;
	if (none && m->plan->count == 0) {
		text = eb_finding_add(m->findings, EB_FIND_SWITCHED_OFF, NULL);
		eb_text_add(&text,
			    "earlybind is switched off for this boot by 'none': nothing "
			    "is claimed");
	}
	if (m->request->dryrun) {
		text = eb_finding_add(m->findings, EB_FIND_DRY_RUN, NULL);
		eb_text_add(
			&text,
			"a dry run: nothing was changed; take earlybind.dryrun=1 away "
			"to claim what is planned");
	}
}

static void say_limit(struct maker *m, unsigned int left_out, const char *of_what)
{
	struct eb_text text;

	if (left_out == 0)
		return;
	text = eb_finding_add(m->findings, EB_FIND_LIMIT, NULL);
	eb_text_add(&text, "%u more %s", left_out, of_what);
}

static void say_limits(struct maker *m)
{
	say_limit(m, m->pci->left_out, "PCI functions than earlybind can look at");
	say_limit(m, m->pci->details_left_out, "functions than earlybind can claim");
	say_limit(m, m->request->left_out,
		  "arguments or vfio-pci.ids than earlybind keeps");
}

static void add_device(struct maker *m, unsigned int function, int16_t selector)
{
	struct eb_device *device;

	if (m->plan->count == EB_MAX_DEVICES)
		return;
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
			  .findings = findings};
	unsigned int i;

	plan->count = 0;
	for (i = 0; i < pci->count; i++)
		if (choice->by[i] != EB_NOT_CHOSEN && !request->too_long)
			add_device(&m, i, choice->by[i]);
	say_request(&m);
	say_boot_display(&m);
	for (i = 0; i < pci->count; i++)
		say_group(&m, i);
	say_ids(&m);
	say_limits(&m);
}

void eb_plan_say_conflicts(const struct eb_plan *plan, const struct eb_pci *pci,
			   const struct eb_conflicts *conflicts, enum eb_when when,
			   struct eb_findings *findings)
{
	char addr[EB_ADDR_TEXT], range[EB_RANGE_TEXT];
	struct eb_text text;
	unsigned int i;

	for (i = 0; i < conflicts->count; i++) {
		const struct eb_conflict *c = &conflicts->list[i];
		const struct eb_addr *at = &pci->function[c->function].addr;

		if (c->when != when || !c->blocks ||
		    !is_taken(plan, (unsigned int)c->function))
			continue;
		text = eb_finding_add(findings, EB_FIND_BAR_HELD, at);
		eb_text_add(
			&text,
			"%s: %s sits on BAR %u (%s), so a guest will meet \"BAR %u: can't "
			"reserve\"; %s",
			eb_addr_print(at, addr), c->owner, c->bar,
			eb_range_print(&c->range, range), c->bar,
			eb_remedy_text(c->remedy));
	}
	if (conflicts->left_out && plan->count) {
		text = eb_finding_add(findings, EB_FIND_LIMIT, NULL);
		eb_text_add(&text, "%u more conflicts over BARs than earlybind keeps",
			    conflicts->left_out);
	}
	if (conflicts->hidden && plan->count) {
		text = eb_finding_add(findings, EB_FIND_IOMEM_HIDDEN, NULL);
		eb_text_add(&text,
			    "/proc/iomem shows no addresses, so who sits on a BAR is not "
			    "known; look again as root");
	}
}

const char *eb_result_name(enum eb_result result)
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
