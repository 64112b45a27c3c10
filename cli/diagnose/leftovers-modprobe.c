// SPDX-License-Identifier: GPL-2.0-or-later
/* Leftovers in modprobe.d: blacklists, ids of vfio-pci, and the order of loading. */
#include <stdio.h>
#include <string.h>

#include <earlybind/card.h>
#include <earlybind/vfio-ids.h>

#include "leftovers.h"
#include "modprobe-d.h"

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

#define NEEDLESS                                                                           \
	"lines for modprobe are needless now: earlybind holds each function for vfio-pci " \
	"before a driver can take it, whatever is loaded first"

static int driver_index(const char *module)
{
	size_t i;

	for (i = 0; i < DRIVERS; i++)
		if (strcmp(drivers[i].module, module) == 0)
			return (int)i;
	return -1;
}

/* Does FUNCTION go to a guest, now or by the plan? */
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

void eb_leftovers_blacklist(struct eb_leftovers *left, const char *module,
			    const char *where)
{
	const struct eb_survey *survey = left->cli->survey;
	int driver = driver_index(module), harmed;
	char address[EB_ADDR_TEXT], name[EB_NAME_TEXT], chip[EB_NAME_TEXT];
	struct eb_item *item;
	bool other;

	if (driver < 0)
		return;
	harmed = without_driver(survey, drivers[driver].vendor, &other);
	if (harmed == EB_NO_FUNCTION) {
		/* Of two drivers for one card the other one is blacklisted: that is
		 * meant. */
		if (!other)
			eb_leftovers_add(left, EB_ITEM_NEEDLESS_MODPROBE, NEEDLESS,
					 where);
		return;
	}
	eb_addr_print(&survey->pci.function[harmed].addr, address);
	item = eb_items_find(left->items, eb_item_code_name(EB_ITEM_DRIVER_BLACKLISTED),
			     address);
	if (!item) {
		eb_names_card(&left->cli->names, &survey->pci.function[harmed].id, name,
			      chip);
		item = eb_items_add(
			left->items, EB_ITEM_DRIVER_BLACKLISTED, address,
			"%s (%s) stays with the host and has no driver, as its driver is "
			"kept from loading; earlybind needs no blacklist",
			address, drivers[driver].vendor ? name : "audio");
	}
	eb_item_seen(item, "%s", where);
}

/* --- options vfio-pci --- */

/* What one id of the list takes beside what is asked for. */
static void see_id(struct eb_leftovers *left, struct eb_slice text, const char *where,
		   bool *harm)
{
	const struct eb_survey *survey = left->cli->survey;
	struct eb_vfio_id id;
	unsigned int i;

	if (eb_vfio_id_read(text, &id) < 0)
		return;
	for (i = 0; i < survey->pci.count; i++) {
		const struct eb_function *f = &survey->pci.function[i];
		char address[EB_ADDR_TEXT], line[128];
		struct eb_item *item;

		if (f->bridge || !eb_vfio_id_takes(&id, &survey->pci, i) ||
		    eb_plan_takes(&survey->plan, (int)i))
			continue;
		item = eb_leftovers_add(
			left, EB_ITEM_IDS_IN_MODPROBE,
			"vfio-pci is told to take devices by their id, and so it takes what "
			"was not asked for, such as the twin of a card, or one that a "
			"-SELECTOR leaves to the host",
			where);
		snprintf(line, sizeof(line),
			 "%s (%04x:%04x) is taken by it, and not asked for",
			 eb_addr_print(&f->addr, address), f->id.vendor, f->id.device);
		eb_item_seen(item, "%s", line);
		*harm = true;
	}
}

static void see_ids(struct eb_leftovers *left, const char *list, size_t len,
		    const char *where)
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
		see_id(left, (struct eb_slice){list + at, end - at}, where, &harm);
	}
	if (!harm)
		eb_leftovers_add(left, EB_ITEM_NEEDLESS_MODPROBE, NEEDLESS, where);
}

static bool is_on(const char *value, size_t len)
{
	return len == 0 || *value == '1' || *value == 'y' || *value == 'Y' ||
	       (len == 2 && strncmp(value, "on", 2) == 0);
}

static void see_options(struct eb_leftovers *left, const char *at, const char *where)
{
	while (*(at += strspn(at, " \t"))) {
		size_t len = strcspn(at, " \t");

		if (len > 4 && strncmp(at, "ids=", 4) == 0)
			see_ids(left, at + 4, len - 4, where);
		else if (len >= 11 && strncmp(at, "disable_vga", 11) == 0 &&
			 (len == 11 || at[11] == '=') &&
			 is_on(at + 12, len > 12 ? len - 12 : 0))
			eb_leftovers_add(
				left, EB_ITEM_VGA_DISABLED,
				"disable_vga=1 takes legacy VGA from every guest: one with "
				"SeaBIOS and x-vga=on does not start with it, one with OVMF "
				"has no use for it; earlybind has no need of it",
				where);
		at += len;
	}
}

static void see_line(void *ctx, const struct eb_modprobe_line *line)
{
	struct eb_leftovers *left = ctx;
	char where[256];

	snprintf(where, sizeof(where), "/%.100s:%u: %.20s %.40s%s%.80s", line->path,
		 line->number, line->command, line->module, line->rest[0] ? " " : "",
		 line->rest);
	if (strcmp(line->command, "blacklist") == 0 ||
	    (strcmp(line->command, "install") == 0 &&
	     (strstr(line->rest, "/true") || strstr(line->rest, "/false"))))
		eb_leftovers_blacklist(left, line->module, where);
	else if (strcmp(line->command, "options") == 0 &&
		 strcmp(line->module, "vfio_pci") == 0)
		see_options(left, line->rest, where);
	else if (strcmp(line->command, "softdep") == 0 &&
		 (strstr(line->rest, "vfio-pci") || strstr(line->rest, "vfio_pci")))
		eb_leftovers_add(left, EB_ITEM_NEEDLESS_MODPROBE, NEEDLESS, where);
}

void eb_leftovers_modprobe(struct eb_leftovers *left)
{
	eb_modprobe_each(left->cli->root, see_line, left);
}
