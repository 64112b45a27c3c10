// SPDX-License-Identifier: GPL-2.0-or-later
/* The conflicts of the boot that a plan is for, not those of the running system. */
#include <stdio.h>
#include <string.h>

#include <earlybind/judge.h>

#include "next-conflicts.h"
#include "screen.h"

/* Has FUNCTION a driver that is not there yet in the initramfs? */
static bool has_host_driver(const struct eb_survey *survey, int function)
{
	const char *driver = eb_pci_driver(&survey->pci, &survey->pci.function[function]);

	return eb_pci_is_display(&survey->pci.function[function]) && driver &&
	       strcmp(driver, "vfio-pci") != 0;
}

/* Is it the firmware's framebuffer by its name? */
static bool is_firmwares(const char *owner)
{
	static const char *const names[] = {"efifb",  "vesafb", "simplefb", "simpledrm",
					    "BOOTFB", "efidrm", "vesadrm"};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(owner, names[i]) == 0)
			return true;
	return false;
}

/* Is it a framebuffer that the boot will not have, other than this one? */
static bool goes(const struct eb_cli *cli, const char *owner)
{
	return (cli->sysfb_goes && is_firmwares(owner)) ||
	       (cli->efifb_goes && strcmp(owner, "efifb") == 0);
}

static void drop_others(const struct eb_cli *cli)
{
	struct eb_survey *survey = cli->survey;
	struct eb_conflicts *conflicts = &survey->conflicts;
	unsigned int i, kept = 0;

	for (i = 0; i < conflicts->count; i++) {
		const struct eb_conflict *c = &conflicts->list[i];

		if (!goes(cli, c->owner) &&
		    (!has_host_driver(survey, c->function) || is_firmwares(c->owner) ||
		     eb_conflict_is_unassigned(c)))
			conflicts->list[kept++] = *c;
	}
	conflicts->count = kept;
}

static bool is_listed(const struct eb_conflicts *conflicts, int function, int bar)
{
	unsigned int i;

	for (i = 0; i < conflicts->count; i++)
		if (conflicts->list[i].function == function &&
		    conflicts->list[i].bar == bar)
			return true;
	return false;
}

static void add_framebuffer(struct eb_survey *survey, int function, const char *owner)
{
	const struct eb_detail *detail = eb_pci_detail(&survey->pci,
						       (unsigned int)function);
	struct eb_conflicts *conflicts = &survey->conflicts;
	int bar;

	for (bar = 0; detail && bar < EB_ROM_BAR; bar++) {
		if (!(detail->bar[bar].flags & EB_RESOURCE_MEM) ||
		    !eb_pci_bar_placed(&detail->bar[bar]) ||
		    !eb_addr_overlap(&detail->bar[bar].range,
				     &survey->machine.framebuffer) ||
		    is_listed(conflicts, function, bar))
			continue;
		if (conflicts->count == EB_MAX_CONFLICTS) {
			conflicts->left_out++;
			return;
		}
		conflicts->list[conflicts->count] = (struct eb_conflict){
			.function = (int16_t)function,
			.bar = (uint8_t)bar,
			.when = EB_BEFORE,
			.range = survey->machine.framebuffer,
			.evidence = -1};
		snprintf(conflicts->list[conflicts->count++].owner, EB_OWNER_NAME, "%s",
			 owner);
	}
}

void eb_next_conflicts(const struct eb_cli *cli)
{
	struct eb_survey *survey = cli->survey;
	const char *owner = eb_screen_owner(cli, eb_screen_find(cli));
	bool off = survey->request.efifb_off && strcmp(owner, "efifb") == 0;
	unsigned int i;

	drop_others(cli);
	for (i = 0; i < survey->plan.count; i++) {
		const struct eb_device *device = &survey->plan.device[i];

		if (device->result == EB_RESULT_PLANNED &&
		    has_host_driver(survey, device->function) &&
		    survey->machine.framebuffer.end && !survey->request.sysfb_off && !off)
			add_framebuffer(survey, device->function, owner);
	}
	eb_judge_conflicts(&survey->request, &survey->pci, &survey->machine,
			   &survey->plan, EB_BEFORE, &survey->conflicts);
}
