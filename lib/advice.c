// SPDX-License-Identifier: GPL-2.0-or-later
/* What a person should know of a plan beside its refusals, as findings. */
#include <string.h>

#include <earlybind/advice.h>
#include <earlybind/card.h>
#include <earlybind/vfio-ids.h>

static struct eb_text *function_finding(const struct eb_advice *m, enum eb_code code,
					int function)
{
	return eb_finding_on(m->findings, code, &m->pci->function[function].addr);
}

static bool held_by_vfio(const struct eb_pci *pci, const struct eb_function *f)
{
	const char *driver = eb_pci_driver(pci, f);

	return driver && strcmp(driver, "vfio-pci") == 0;
}

/* Is the group of MEMBER that of a function that is to be claimed? Its first one. */
static const struct eb_device *taken_in_group(const struct eb_advice *m,
					      const struct eb_function *member)
{
	unsigned int i;

	for (i = 0; i < m->plan->count; i++) {
		const struct eb_device *device = &m->plan->device[i];

		if (m->pci->function[device->function].group == member->group &&
		    eb_plan_takes_device(device))
			return device;
	}
	return NULL;
}

const struct eb_device *eb_advice_disturbs(const struct eb_advice *m, unsigned int index)
{
	const struct eb_function *member = &m->pci->function[index];
	const char *driver = eb_pci_driver(m->pci, member);

	if (member->port || member->group == EB_NO_GROUP ||
	    eb_plan_takes(m->plan, (int)index))
		return NULL;
	if (member->bridge && !driver)
		return NULL;
	/* Variants of vfio-pci, as nvgrace-gpu-vfio-pci, are vfio's, too. */
	if (driver && (strstr(driver, "vfio") || strcmp(driver, "pci-stub") == 0 ||
		       strcmp(driver, "pcieport") == 0))
		return NULL;
	return taken_in_group(m, member);
}

static void say_group(const struct eb_advice *m, unsigned int index)
{
	const struct eb_function *member = &m->pci->function[index];
	const char *driver = eb_pci_driver(m->pci, member);
	const struct eb_device *device = eb_advice_disturbs(m, index);
	char addr[EB_ADDR_TEXT];
	struct eb_text *text;

	if (!device)
		return;
	text = eb_finding_on(m->findings, EB_FIND_GROUP_HELD, &member->addr);
	eb_text_add(text, "(%04x:%04x) shares IOMMU group %d with ", member->id.vendor,
		    member->id.device, (int)member->group);
	eb_text_add(text, "%s and ",
		    eb_addr_print(&m->pci->function[device->function].addr, addr));
	if (driver)
		eb_text_add(text, "is held by %s: ", driver);
	else
		eb_text_add(text, "is not claimed: once a host driver binds to it, ");
	eb_text_add(
		text,
		"the group is not viable and no guest can open the card; %sclaim both "
		"if the host does not need it",
		eb_card_same(m->pci, index, (unsigned int)device->function)
			? ""
			: "move one to another slot, or ");
}

/* The item of vfio-pci.ids= by which vfio-pci takes FUNCTION, or NULL. */
static const struct eb_vfio_id *taken_by_id(const struct eb_advice *m,
					    unsigned int function)
{
	unsigned int i;

	for (i = 0; i < m->request->vfio_ids; i++)
		if (eb_vfio_ids_match(&m->request->vfio_id[i], m->pci, function))
			return &m->request->vfio_id[i];
	return NULL;
}

/* vfio-pci.ids= goes by ids and may take a card that is meant for the host. */
static void say_ids(const struct eb_advice *m)
{
	const struct eb_vfio_id *id;
	struct eb_text *text;
	unsigned int i;

	for (i = 0; m->request->vfio_ids && i < m->pci->count; i++) {
		const struct eb_function *f = &m->pci->function[i];

		if (f->bridge || !eb_card_has_display(m->pci, i) ||
		    eb_plan_takes(m->plan, (int)i) || held_by_vfio(m->pci, f))
			continue;
		id = taken_by_id(m, i);
		if (!id)
			continue;
		text = eb_finding_on(m->findings, EB_FIND_IDS_TAKE_MORE, &f->addr);
		eb_text_add(text,
			    "is not claimed here, but vfio-pci.ids=%04x:%04x binds it to "
			    "vfio-pci; remove it, vfio.gpus= does not need it",
			    id->vendor, id->device);
	}
}

static void say_boot_display(const struct eb_advice *m)
{
	int boot = m->machine->boot_display;
	const struct eb_device *device = boot < 0 ? NULL : eb_plan_find(m->plan, boot);
	struct eb_text *text;

	if (!device || device->result != EB_RESULT_PLANNED)
		return;
	text = function_finding(m, EB_FIND_BOOT_DISPLAY, boot);
	eb_text_add(
		text,
		"shows the console: the screen goes dark when it is claimed, so the "
		"host must be reachable by network or serial line; vfio.gpus=none at the "
		"boot menu prevents it for one boot");
}

/* Words of the request itself that a report should not leave unsaid. */
static void say_request(const struct eb_advice *m)
{
	struct eb_text *text;
	unsigned int i;
	bool none = false;

	for (i = 0; i < m->request->selectors; i++)
		none = none || m->request->selector[i].kind == EB_SELECT_NONE;
	if (none && m->plan->count == 0) {
		text = eb_finding_add(m->findings, EB_FIND_SWITCHED_OFF, NULL);
		eb_text_add(text, "'none' switches earlybind off for this boot");
	}
	if (m->request->options.dryrun) {
		text = eb_finding_add(m->findings, EB_FIND_DRY_RUN, NULL);
		eb_text_add(text,
			    "a dry run, by earlybind.dryrun=1 or --root: nothing was "
			    "changed");
	}
}

static void say_limit(const struct eb_advice *m, unsigned int left_out,
		      const char *of_what)
{
	struct eb_text *text;

	if (left_out == 0)
		return;
	text = eb_finding_add(m->findings, EB_FIND_LIMIT, NULL);
	eb_text_add(text, "%u more %s", left_out, of_what);
}

static void say_limits(const struct eb_advice *m)
{
	say_limit(m, m->pci->left_out, "PCI functions than earlybind can read");
	say_limit(m, m->pci->details_left_out, "functions than earlybind can claim");
	say_limit(m, m->request->left_out,
		  "arguments or vfio-pci.ids than earlybind keeps");
	say_limit(m, m->plan->left_out, "selected functions than earlybind keeps");
}

/* A guest resets the card when it starts; what has no way to be reset alone needs a reset
 * of its whole bus (drivers/vfio/pci/vfio_pci_core.c, vfio_pci_ioctl_pci_hot_reset). */
static void say_no_reset(const struct eb_advice *m)
{
	int said = EB_NO_FUNCTION; /* of which card: once is enough */
	unsigned int i;

	for (i = 0; i < m->plan->count; i++) {
		int function = m->plan->device[i].function;
		const struct eb_detail *detail = eb_pci_detail(m->pci,
							       (unsigned int)function);
		struct eb_text *text;

		if (!eb_plan_takes_device(&m->plan->device[i]) || !detail ||
		    detail->reset || said == m->pci->function[function].card)
			continue;
		said = m->pci->function[function].card;
		text = function_finding(m, EB_FIND_NO_RESET, function);
		eb_text_add(text,
			    "cannot be reset on its own: it may not survive a guest's "
			    "restart, unless everything on its bus is claimed for one "
			    "guest");
	}
}

/* The IOMMU must map such memory as it is, which no guest's memory allows: refused on
 * Intel when a guest opens it (drivers/iommu/intel/iommu.c, device_is_rmrr_locked), since
 * 6.6 on any (drivers/iommu/iommu.c, require_direct). Once for a group. */
static void say_rmrr(const struct eb_advice *m, const struct eb_detail *detail,
		     int32_t *said)
{
	const struct eb_function *f = &m->pci->function[detail->function];
	bool any = m->machine->major * 100 + m->machine->minor >= 606;
	struct eb_text *text;

	if (!detail->direct || f->group == *said ||
	    (!any && m->machine->cpu != EB_CPU_INTEL))
		return;
	*said = f->group;
	text = function_finding(m, EB_FIND_RMRR, detail->function);
	eb_text_add(text,
		    "is in group %d, in which firmware uses memory (RMRR): no guest can "
		    "open it",
		    (int)f->group);
}

/* A card whose own switch is above it, and which nothing but a reset of the switch's bus
 * resets. */
static void say_not_posted(const struct eb_advice *m, const struct eb_detail *detail)
{
	const struct eb_function *f = &m->pci->function[detail->function];
	struct eb_text *text;

	if (!detail->bus_reset || f->id.vendor != 0x1002 || !eb_pci_is_display(f) ||
	    detail->function == m->machine->boot_display || f->parent == EB_NO_FUNCTION ||
	    m->pci->function[f->parent].id.vendor != 0x1002)
		return;
	text = function_finding(m, EB_FIND_NOT_POSTED, detail->function);
	eb_text_add(text,
		    "may need amdgpu once before vfio-pci: the firmware may not have "
		    "initialized it");
}

void eb_advice_opening(const struct eb_advice *m)
{
	int32_t said = EB_NO_GROUP;
	struct eb_text *text;
	unsigned int i;
	bool any = false;

	for (i = 0; i < m->plan->count; i++) {
		const struct eb_device *device = &m->plan->device[i];
		const struct eb_detail *detail = eb_pci_detail(
			m->pci, (unsigned int)device->function);

		if (!detail || !eb_plan_takes_device(device))
			continue;
		any = true;
		say_rmrr(m, detail, &said);
		say_not_posted(m, detail);
	}
	if (!any || !m->machine->no_remapping)
		return;
	text = eb_finding_add(m->findings, EB_FIND_NO_REMAPPING, NULL);
	eb_text_add(text, "interrupts are not remapped: no guest can open a card without "
			  "vfio_iommu_type1.allow_unsafe_interrupts=1");
}

void eb_advice_plan(const struct eb_advice *advice)
{
	unsigned int i;

	say_limits(advice);
	say_request(advice);
	say_boot_display(advice);
	for (i = 0; i < advice->pci->count; i++)
		say_group(advice, i);
	if (advice->request->asked)
		say_ids(advice);
	say_no_reset(advice);
}

static void say_conflict(const struct eb_advice *m, const struct eb_conflict *c)
{
	bool unassigned = eb_conflict_is_unassigned(c);
	struct eb_text *text = function_finding(
		m, unassigned ? EB_FIND_BAR_UNASSIGNED : EB_FIND_BAR_HELD, c->function);
	char range[EB_RANGE_TEXT];

	if (unassigned)
		eb_text_add(
			text,
			"has no address for BAR %u%s%s%s, so a guest cannot use it; %s",
			c->bar, c->evidence < 0 ? "" : " (",
			c->evidence < 0 ? "" : m->klog->line[c->evidence].text,
			c->evidence < 0 ? "" : ")", eb_remedy_text(c->remedy));
	else
		eb_text_add(
			text,
			"has BAR %u occupied by %s (%s), so a guest will get \"BAR %u: "
			"can't reserve\"; %s",
			c->bar, c->owner, eb_addr_print_range(&c->range, range), c->bar,
			eb_remedy_text(c->remedy));
	/* With it efifb itself holds nothing. */
	if (!unassigned && m->request->efifb_off) {
		text = function_finding(m, EB_FIND_VIDEO_OFF, c->function);
		eb_text_add(
			text,
			"still has %s despite video=efifb:off, which only efifb reads; "
			"remove it",
			c->owner);
	}
}

void eb_advice_conflicts(const struct eb_advice *advice, enum eb_when when)
{
	const struct eb_conflicts *conflicts = advice->conflicts;
	unsigned int i;

	for (i = 0; i < conflicts->count; i++) {
		const struct eb_conflict *c = &conflicts->list[i];

		if (c->when == when && c->blocks &&
		    eb_plan_takes(advice->plan, c->function))
			say_conflict(advice, c);
	}
	say_limit(advice, conflicts->left_out, "conflicts than earlybind keeps");
	say_limit(advice, advice->klog->left_out,
		  "lines of the kernel log than earlybind keeps");
	if (conflicts->hidden && advice->plan->count) {
		struct eb_text *text = eb_finding_add(advice->findings,
						      EB_FIND_IOMEM_HIDDEN, NULL);

		eb_text_add(
			text,
			"/proc/iomem shows no addresses, so what occupies a BAR is not "
			"known; run again as root");
	}
}
