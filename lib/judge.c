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
	return !eb_conflict_is_unassigned(conflict) &&
	       (machine->framebuffer.end == 0 ||
		eb_addr_overlap(&conflict->range, &machine->framebuffer));
}

static bool is_vga(const struct eb_pci *pci, int function)
{
	return pci->function[function].class >> 8 == 0x0300;
}

/* The VGA controller that the arbiter has as default (drivers/pci/vgaarb.c), or NULL. */
static const struct eb_function *default_vga(const struct judge *j)
{
	unsigned int i;

	for (i = 0; i < j->pci->details; i++)
		if (j->pci->detail[i].boot_vga &&
		    is_vga(j->pci, j->pci->detail[i].function))
			return &j->pci->function[j->pci->detail[i].function];
	return NULL;
}

/* Does whoever binds the default VGA evict the framebuffer of any function? */
static bool asks_default_vga(const struct eb_machine *machine)
{
	return machine->major == 6 && machine->minor < 11;
}

bool eb_judge_asks_default_vga(const struct eb_machine *machine, const struct eb_pci *pci)
{
	return asks_default_vga(machine) && machine->boot_display != EB_NO_FUNCTION &&
	       !is_vga(pci, machine->boot_display);
}

/* What makes the kernel evict the framebuffer, or EB_REMEDY_NONE.
 * vfio_pci_core.c vfio_pci_vga_init() does so since 6.0 when it binds, for class 0x0300
 * alone: by the BARs of the function that is bound (drivers/video/aperture.c
 * aperture_detach_devices), and, of the default VGA, wherever the framebuffer is
 * (sysfb_disable; since 6.11 only on its own device). So does the host's driver of the
 * default VGA where that is not claimed, as soon as it binds. */
static enum eb_remedy evicted(const struct judge *j, const struct eb_conflict *conflict)
{
	const struct eb_function *vga;
	const struct eb_device *device;

	if (j->machine->major < 6 || !eb_judge_is_framebuffer(j->machine, conflict))
		return EB_REMEDY_NONE;
	if (is_vga(j->pci, conflict->function))
		return conflict->when == EB_BEFORE ? EB_REMEDY_EVICTED : EB_REMEDY_NONE;
	vga = default_vga(j);
	if (!vga || !asks_default_vga(j->machine))
		return EB_REMEDY_NONE;
	device = eb_plan_find(j->plan, (int)(vga - j->pci->function));
	if (!device || !eb_plan_takes_device(device))
		return !j->request->nomodeset && (conflict->when == EB_BEFORE ||
						  vga->driver == EB_NO_DRIVER)
			       ? EB_REMEDY_HOST
			       : EB_REMEDY_NONE;
	return device->result == EB_RESULT_PLANNED && conflict->when == EB_BEFORE
		       ? EB_REMEDY_EVICTED
		       : EB_REMEDY_NONE;
}

bool eb_judge_freed_by_unbinding(const struct eb_machine *machine,
				 const struct eb_conflicts *conflicts,
				 const struct eb_conflict *conflict)
{
	unsigned int i;

	if (!eb_judge_is_framebuffer(machine, conflict))
		return false;
	for (i = 0; i < conflicts->count; i++) {
		const struct eb_conflict *other = &conflicts->list[i];

		if (other->function == conflict->function &&
		    other->bar == conflict->bar && other->when == conflict->when &&
		    strcmp(other->owner, "BOOTFB") == 0)
			return false;
	}
	return true;
}

static void judge(const struct judge *j, struct eb_conflict *conflict)
{
	enum eb_remedy by = evicted(j, conflict);

	conflict->blocks = true;
	if (eb_conflict_is_unassigned(conflict)) {
		conflict->remedy = EB_REMEDY_REALLOC;
	} else if (by != EB_REMEDY_NONE) {
		conflict->blocks = false;
		conflict->remedy = by;
	} else if (eb_judge_freed_by_unbinding(j->machine, j->conflicts, conflict) &&
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
