// SPDX-License-Identifier: GPL-2.0-or-later
/* diagnose: displays of the host on claimed cards: framebuffers and consoles. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include <earlybind/sysfs.h>

#include "diagnose.h"
#include "fit.h"

struct seeker {
	struct eb_diagnosis *d;
	const char *address;
	const char *dir;
	struct eb_problem *p;
};

static struct eb_problem *in_use(struct seeker *seeker)
{
	if (!seeker->p)
		seeker->p = eb_problems_add(
			&seeker->d->problems, EB_PROBLEM_DISPLAY_IN_USE, seeker->address,
			"the host still draws on %s, which is %s: it writes to memory "
			"that a guest uses",
			seeker->address,
			seeker->d->has_report ? "claimed" : "on vfio-pci");
	return seeker->p;
}

static int see_entry(void *ctx, const char *name)
{
	struct seeker *seeker = ctx;

	if (strncmp(name, "fb", 2) == 0 || strncmp(name, "card", 4) == 0)
		eb_problem_seen(in_use(seeker), "/sys/bus/pci/devices/%s/%s/%s exists",
				seeker->address, seeker->dir, name);
	return 0;
}

/* The firmware's framebuffers that have a driver, and the consoles on them. */
static void see_firmware(struct seeker *seeker)
{
	const struct eb_framebuffers *fbs = &seeker->d->cli->survey->framebuffers;
	unsigned int i;
	bool driven = false;

	for (i = 0; i < fbs->count; i++) {
		if (!fbs->list[i].driver[0])
			continue;
		driven = true;
		eb_problem_seen(in_use(seeker), "%s, driver %s, lies in its memory",
				fbs->list[i].device, fbs->list[i].driver);
	}
	for (i = 0; driven && i < fbs->consoles; i++)
		eb_problem_seen(in_use(seeker), "the console %s draws on it",
				fbs->console[i]);
}

static void set_display_remedy(const struct eb_diagnosis *d, int function,
			       struct eb_problem *p)
{
	const struct eb_survey *survey = d->cli->survey;
	const struct eb_framebuffers *fbs = &survey->framebuffers;
	const struct eb_detail *detail = eb_pci_detail(&survey->pci,
						       (unsigned int)function);
	bool simple = fbs->count && fbs->list[0].driver[0] &&
		      strncmp(fbs->list[0].device, "simple", 6) == 0 && detail &&
		      eb_machine_draws_on(&survey->machine, detail);

	if (simple)
		eb_fit_framebuffer(survey->request.sysfb_off ? EB_REMEDY_FIRMWARE
							     : EB_REMEDY_NO_SYSFB,
				   p);
	else if (survey->request.options.release_fb)
		eb_problem_remedy(p, "earlybind.fb=release is set and has not helped: "
				     "boot with initcall_blacklist=sysfb_init, or make "
				     "another card the primary display");
	else
		eb_fit_release(d, (unsigned int)function, p);
}

static void check_displays_of(struct eb_diagnosis *d, int function)
{
	static const char *const dirs[] = {"graphics", "drm"};
	const struct eb_survey *survey = d->cli->survey;
	const struct eb_detail *detail = eb_pci_detail(&survey->pci,
						       (unsigned int)function);
	char address[EB_ADDR_TEXT], path[EB_MAX_PATH];
	struct seeker seeker = {.d = d, .address = address};
	size_t i;

	eb_addr_print(&survey->pci.function[function].addr, address);
	for (i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		int err;

		seeker.dir = dirs[i];
		snprintf(path, sizeof(path), "sys/bus/pci/devices/%s/%s", address,
			 dirs[i]);
		err = eb_sysfs_list(d->cli->root, path, see_entry, &seeker);
		if (err < 0 && err != -ENOENT)
			eb_problems_unreadable(&d->problems, "displays", path, err);
	}
	if (detail && eb_machine_draws_on(&survey->machine, detail))
		see_firmware(&seeker);
	if (seeker.p)
		set_display_remedy(d, function, seeker.p);
}

#define CONSOLES "sys/class/vtconsole"

static int probe_console(void *ctx, const char *name)
{
	struct eb_diagnosis *d = ctx;
	char path[EB_MAX_PATH];

	snprintf(path, sizeof(path), CONSOLES "/%.64s/name", name);
	eb_problems_probe(&d->problems, d->cli->root, "displays", path, O_RDONLY);
	snprintf(path, sizeof(path), CONSOLES "/%.64s/bind", name);
	eb_problems_probe(&d->problems, d->cli->root, "displays", path, O_RDONLY);
	return 0;
}

/* What the survey reads of framebuffers, which does not say what it cannot read. */
static void probe_framebuffers(struct eb_diagnosis *d)
{
	int err = eb_sysfs_list(d->cli->root, CONSOLES, probe_console, d);

	if (err < 0 && err != -ENOENT)
		eb_problems_unreadable(&d->problems, "displays", CONSOLES, err);
	eb_problems_probe(&d->problems, d->cli->root, "displays",
			  "sys/bus/platform/devices", O_RDONLY | O_DIRECTORY);
	eb_problems_probe(&d->problems, d->cli->root, "displays",
			  "sys/kernel/boot_params/data", O_RDONLY);
}

void eb_check_displays(struct eb_diagnosis *d)
{
	const struct eb_plan *plan = &d->cli->survey->plan;
	unsigned int i;

	for (i = 0; i < plan->count; i++)
		if (plan->device[i].result == EB_RESULT_CLAIMED)
			check_displays_of(d, plan->device[i].function);
	probe_framebuffers(d);
	eb_problems_checked(&d->problems, "displays");
}
