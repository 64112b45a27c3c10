// SPDX-License-Identifier: GPL-2.0-or-later
/* Which conflicts block, and what helps against them. */
#include <string.h>

#include <earlybind/judge.h>

struct judge {
	const struct eb_request *request;
	const struct eb_pci *pci;
	const struct eb_machine *machine;
	const struct eb_plan *plan;
	const struct eb_conflicts *conflicts;
};

bool eb_judge_is_framebuffer(const struct eb_machine *machine,
			     const struct eb_conflict *conflict)
{
	/* If screen_info cannot be read, a claim that is no device's is taken for the
	 * framebuffer: nothing else makes one there. */
	return strcmp(conflict->owner, EB_OWNER_UNASSIGNED) != 0 &&
	       (machine->framebuffer.end == 0 ||
		eb_addr_overlap(&conflict->range, &machine->framebuffer));
}

static bool is_vga(const struct eb_pci *pci, int function)
{
	return pci->function[function].class >> 8 == 0x0300;
}

/* Does the kernel evict the framebuffer when vfio-pci binds what is planned?
 * vfio_pci_core.c vfio_pci_vga_init() does so since 6.0, for class 0x0300 alone: by the
 * BARs of the function that is bound (drivers/video/aperture.c
 * aperture_detach_devices), and, of the function that the VGA arbiter has as default,
 * wherever the framebuffer is (sysfb_disable; since 6.11 only on its own device). So
 * does the host's driver of that function later, where it stays with the host: whether
 * one comes is not known here. */
static bool evicted(const struct judge *j, const struct eb_conflict *conflict)
{
	unsigned int i;

	if (j->machine->major < 6 || !eb_judge_is_framebuffer(j->machine, conflict))
		return false;
	if (is_vga(j->pci, conflict->function))
		return true;
	if (j->machine->major > 6 || j->machine->minor >= 11)
		return false;
	for (i = 0; i < j->plan->count; i++) {
		const struct eb_device *device = &j->plan->device[i];
		const struct eb_detail *detail = eb_pci_detail(
			j->pci, (unsigned int)device->function);

		if (device->result == EB_RESULT_PLANNED && detail && detail->boot_vga &&
		    is_vga(j->pci, device->function))
			return true;
	}
	return false;
}

/* Does unbinding its driver free the BAR? Not where the platform device itself has the
 * range, as BOOTFB (drivers/firmware/sysfb_simplefb.c), which stays with the device. */
static bool freed_by_unbinding(const struct judge *j, const struct eb_conflict *conflict)
{
	unsigned int i;

	if (!eb_judge_is_framebuffer(j->machine, conflict))
		return false;
	for (i = 0; i < j->conflicts->count; i++) {
		const struct eb_conflict *other = &j->conflicts->list[i];

		if (other->function == conflict->function &&
		    other->bar == conflict->bar && other->when == conflict->when &&
		    strcmp(other->owner, "BOOTFB") == 0)
			return false;
	}
	return true;
}

static void judge(const struct judge *j, struct eb_conflict *conflict)
{
	conflict->blocks = true;
	if (strcmp(conflict->owner, EB_OWNER_UNASSIGNED) == 0) {
		conflict->remedy = EB_REMEDY_ABOVE_4G;
	} else if (conflict->when == EB_BEFORE && evicted(j, conflict)) {
		conflict->blocks = false;
		conflict->remedy = EB_REMEDY_EVICTED;
	} else if (freed_by_unbinding(j, conflict) &&
		   (conflict->when == EB_BEFORE || !j->request->options.release_fb)) {
		conflict->blocks = !j->request->options.release_fb;
		conflict->remedy = EB_REMEDY_RELEASE;
	} else if (!eb_judge_is_framebuffer(j->machine, conflict)) {
		conflict->remedy = EB_REMEDY_OWNER;
	} else if (!j->request->sysfb_off) {
		conflict->remedy = EB_REMEDY_NO_SYSFB;
	} else {
		conflict->remedy = EB_REMEDY_FIRMWARE;
	}
}

void eb_judge_conflicts(const struct eb_request *request, const struct eb_pci *pci,
			const struct eb_machine *machine, const struct eb_plan *plan,
			enum eb_when when, struct eb_conflicts *conflicts)
{
	const struct judge j = {.request = request,
				.pci = pci,
				.machine = machine,
				.plan = plan,
				.conflicts = conflicts};
	unsigned int i;

	for (i = 0; i < conflicts->count; i++)
		if (conflicts->list[i].when == when)
			judge(&j, &conflicts->list[i]);
}
