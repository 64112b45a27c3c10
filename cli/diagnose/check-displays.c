// SPDX-License-Identifier: GPL-2.0-or-later
/* diagnose: framebuffers, DRM devices and consoles on what is claimed. */
#include <stdio.h>
#include <string.h>

#include <earlybind/sysfs.h>

#include "diagnose.h"

struct seeker {
	struct eb_diagnosis *d;
	const char *address;
	const char *dir;
	struct eb_item *item;
};

static struct eb_item *in_use(struct seeker *seeker)
{
	if (!seeker->item)
		seeker->item = eb_items_add(
			&seeker->d->items, EB_ITEM_DISPLAY_IN_USE, seeker->address,
			"the host still draws on %s, which is claimed: it writes into "
			"what a guest believes to be its own",
			seeker->address);
	return seeker->item;
}

static int see_entry(void *ctx, const char *name)
{
	struct seeker *seeker = ctx;

	if (strncmp(name, "fb", 2) == 0 || strncmp(name, "card", 4) == 0)
		eb_item_seen(in_use(seeker), "/sys/bus/pci/devices/%s/%s/%s is there",
			     seeker->address, seeker->dir, name);
	return 0;
}

/* Is the firmware's framebuffer in a BAR of DETAIL? */
static bool lies_in(const struct eb_machine *machine, const struct eb_detail *detail)
{
	int bar;

	for (bar = 0; bar < EB_ROM_BAR; bar++)
		if (machine->framebuffer.end && eb_pci_bar_placed(&detail->bar[bar]) &&
		    (detail->bar[bar].flags & EB_RESOURCE_MEM) &&
		    eb_range_overlaps(&machine->framebuffer, &detail->bar[bar].range))
			return true;
	return false;
}

/* A framebuffer of the firmware's that a driver has, and the consoles on it. */
static void see_firmware(struct seeker *seeker)
{
	const struct eb_framebuffers *fbs = &seeker->d->cli->survey->framebuffers;
	unsigned int i;
	bool driven = false;

	for (i = 0; i < fbs->count; i++) {
		if (!fbs->list[i].driver[0])
			continue;
		driven = true;
		eb_item_seen(in_use(seeker), "%s, driver %s, lies in its memory",
			     fbs->list[i].device, fbs->list[i].driver);
	}
	for (i = 0; driven && i < fbs->consoles; i++)
		eb_item_seen(in_use(seeker), "the console %s draws on it",
			     fbs->console[i]);
}

static void check_function(struct eb_diagnosis *d, int function)
{
	const struct eb_survey *survey = d->cli->survey;
	const struct eb_detail *detail = eb_pci_detail(&survey->pci,
						       (unsigned int)function);
	static const char *const dirs[] = {"graphics", "drm"};
	char address[EB_ADDR_TEXT], path[EB_MAX_PATH];
	struct seeker seeker = {.d = d, .address = address};
	size_t i;

	eb_addr_print(&survey->pci.function[function].addr, address);
	for (i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		seeker.dir = dirs[i];
		snprintf(path, sizeof(path), "sys/bus/pci/devices/%s/%s", address,
			 dirs[i]);
		eb_sysfs_list(d->cli->root, path, see_entry, &seeker);
	}
	if (detail && lies_in(&survey->machine, detail))
		see_firmware(&seeker);
	if (seeker.item && survey->request.options.release_fb)
		eb_item_remedy(seeker.item,
			       "earlybind.fb=release is given and has not helped: boot "
			       "with initcall_blacklist=sysfb_init, or choose another "
			       "card as the primary display in the firmware setup");
}

void eb_check_displays(struct eb_diagnosis *d)
{
	const struct eb_plan *plan = &d->cli->survey->plan;
	unsigned int i;

	for (i = 0; i < plan->count; i++)
		if (plan->device[i].result == EB_RESULT_CLAIMED)
			check_function(d, plan->device[i].function);
	eb_items_checked(&d->items, "displays");
}
