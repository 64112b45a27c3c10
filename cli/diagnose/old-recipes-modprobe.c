// SPDX-License-Identifier: GPL-2.0-or-later
/* What an older recipe left in modprobe.d: blacklists, ids of vfio-pci, orders of
 * loading. */
#include <stdio.h>
#include <string.h>

#include <earlybind/card.h>
#include <earlybind/vfio-ids.h>

#include "modprobe-d.h"
#include "old-recipes-modprobe.h"

/* Drivers that recipes put on a blacklist, and what they drive: display controllers of a
 * vendor, or, of vendor 0, audio. */
static const struct {
	const char *module;
	uint16_t vendor;
} drivers[] = {
	{"nouveau", 0x10de},	    {"nvidia", 0x10de}, {"nvidia_drm", 0x10de},
	{"nvidia_modeset", 0x10de}, {"radeon", 0x1002}, {"amdgpu", 0x1002},
	{"i915", 0x8086},	    {"xe", 0x8086},	{"snd_hda_intel", 0},
};
#define DRIVERS (sizeof(drivers) / sizeof(drivers[0]))

#define NEEDLESS                                                                              \
	"lines for modprobe are no longer needed: earlybind binds each function to vfio-pci " \
	"before another driver can, whatever is loaded first"

static int driver_index(const char *module)
{
	size_t i;

	for (i = 0; i < DRIVERS; i++)
		if (strcmp(drivers[i].module, module) == 0)
			return (int)i;
	return -1;
}

/* Is FUNCTION for guests, now or by the plan? */
static bool is_taken(const struct eb_survey *survey, unsigned int function)
{
	const char *driver = eb_pci_driver(&survey->pci, &survey->pci.function[function]);

	return eb_plan_takes(&survey->plan, (int)function) ||
	       (driver && strcmp(driver, "vfio-pci") == 0);
}

static bool is_for(const struct eb_function *f, uint16_t vendor)
{
	return vendor ? eb_pci_is_display(f) && f->id.vendor == vendor
		      : f->class >> 8 == 0x0403;
}

/* The host's first function that is for the driver, and whether any of them has a driver;
 * EB_NO_FUNCTION where none is without. */
static int without_driver(const struct eb_survey *survey, uint16_t vendor, bool *other)
{
	int found = EB_NO_FUNCTION;
	unsigned int i;

	*other = false;
	for (i = 0; i < survey->pci.count; i++) {
		const struct eb_function *f = &survey->pci.function[i];

		if (!is_for(f, vendor) || is_taken(survey, i))
			continue;
		if (f->driver != EB_NO_DRIVER)
			*other = true;
		else if (found == EB_NO_FUNCTION)
			found = (int)i;
	}
	return found;
}

void eb_old_modprobe_blacklist(const struct eb_cli *cli, struct eb_problems *problems,
			       const char *module, const char *where)
{
	const struct eb_survey *survey = cli->survey;
	int driver = driver_index(module), harmed;
	char address[EB_ADDR_TEXT], name[EB_NAME_TEXT], chip[EB_NAME_TEXT];
	struct eb_problem *p;
	bool other;

	if (driver < 0)
		return;
	harmed = without_driver(survey, drivers[driver].vendor, &other);
	if (harmed == EB_NO_FUNCTION) {
		/* Of two drivers for one card the unused one is blacklisted: that is
		 * intended. */
		if (!other)
			eb_problems_gather(problems, EB_PROBLEM_NEEDLESS_MODPROBE,
					   NEEDLESS, where);
		return;
	}
	eb_addr_print(&survey->pci.function[harmed].addr, address);
	p = eb_problems_find(problems, EB_PROBLEM_DRIVER_BLACKLISTED, address);
	if (!p) {
		eb_names_card(&cli->names, &survey->pci.function[harmed].id, name, chip);
		p = eb_problems_add(
			problems, EB_PROBLEM_DRIVER_BLACKLISTED, address,
			"%s (%s) stays with the host and has no driver, because its "
			"driver is kept from loading; earlybind needs no blacklist",
			address, drivers[driver].vendor ? name : "audio");
	}
	eb_problem_seen(p, "%s", where);
}

/* --- options vfio-pci --- */

struct lines {
	const struct eb_cli *cli;
	struct eb_problems *problems;
};

/* What one id of the list takes in addition to what is selected. */
static bool see_id(struct lines *lines, struct eb_slice text, const char *where)
{
	const struct eb_survey *survey = lines->cli->survey;
	struct eb_vfio_id id;
	bool harm = false;
	unsigned int i;

	if (eb_vfio_ids_read(text, &id) < 0)
		return false;
	for (i = 0; i < survey->pci.count; i++) {
		const struct eb_function *f = &survey->pci.function[i];
		char address[EB_ADDR_TEXT];
		struct eb_problem *p;

		if (f->bridge || !eb_vfio_ids_match(&id, &survey->pci, i) ||
		    eb_plan_takes(&survey->plan, (int)i))
			continue;
		p = eb_problems_gather(
			lines->problems, EB_PROBLEM_IDS_IN_MODPROBE,
			"vfio-pci is configured to claim devices by their id, so it also "
			"claims some that were not selected, such as the twin of a card, "
			"or one that a -SELECTOR leaves to the host",
			where);
		eb_problem_seen(p, "%s (%04x:%04x) is claimed by it, and not selected",
				eb_addr_print(&f->addr, address), f->id.vendor,
				f->id.device);
		harm = true;
	}
	return harm;
}

static void see_ids(struct lines *lines, const char *list, size_t len, const char *where)
{
	bool harm = false;
	size_t at, end;

	if (len >= 2 && list[0] == '"' && list[len - 1] == '"') {
		list++;
		len -= 2;
	}
	for (at = 0; at < len; at = end + 1) {
		for (end = at; end < len && list[end] != ','; end++)
			;
		harm |= see_id(lines, (struct eb_slice){list + at, end - at}, where);
	}
	if (!harm)
		eb_problems_gather(lines->problems, EB_PROBLEM_NEEDLESS_MODPROBE,
				   NEEDLESS, where);
}

static bool is_on(const char *value, size_t len)
{
	return len == 0 || *value == '1' || *value == 'y' || *value == 'Y' ||
	       (len == 2 && strncmp(value, "on", 2) == 0);
}

static void see_options(struct lines *lines, const char *at, const char *where)
{
	while (*(at += strspn(at, " \t"))) {
		size_t len = strcspn(at, " \t");

		if (len > 4 && strncmp(at, "ids=", 4) == 0)
			see_ids(lines, at + 4, len - 4, where);
		else if (len >= 11 && strncmp(at, "disable_vga", 11) == 0 &&
			 (len == 11 || at[11] == '=') &&
			 is_on(at + 12, len > 12 ? len - 12 : 0))
			eb_problems_gather(
				lines->problems, EB_PROBLEM_VGA_DISABLED,
				"disable_vga=1 takes legacy VGA away from every guest: "
				"one with SeaBIOS and x-vga=on does not start with it, "
				"one with OVMF does not use it; earlybind does not need "
				"it",
				where);
		at += len;
	}
}

static void see_line(void *ctx, const struct eb_modprobe_line *line)
{
	struct lines *lines = ctx;
	char where[256];

	snprintf(where, sizeof(where), "/%.100s:%u: %.20s %.40s%s%.80s", line->path,
		 line->number, line->command, line->module, line->rest[0] ? " " : "",
		 line->rest);
	if (strcmp(line->command, "blacklist") == 0 ||
	    (strcmp(line->command, "install") == 0 &&
	     (strstr(line->rest, "/true") || strstr(line->rest, "/false"))))
		eb_old_modprobe_blacklist(lines->cli, lines->problems, line->module,
					  where);
	else if (strcmp(line->command, "options") == 0 &&
		 strcmp(line->module, "vfio_pci") == 0)
		see_options(lines, line->rest, where);
	else if (strcmp(line->command, "softdep") == 0 &&
		 (strstr(line->rest, "vfio-pci") || strstr(line->rest, "vfio_pci")))
		eb_problems_gather(lines->problems, EB_PROBLEM_NEEDLESS_MODPROBE,
				   NEEDLESS, where);
}

static void see_unreadable(void *ctx, const char *path, int err)
{
	struct lines *lines = ctx;

	eb_problems_unreadable(lines->problems, "leftovers", path, err);
}

void eb_old_modprobe_find(const struct eb_cli *cli, struct eb_problems *problems)
{
	struct lines lines = {cli, problems};

	eb_modprobe_each(cli->root, see_line, see_unreadable, &lines);
}
