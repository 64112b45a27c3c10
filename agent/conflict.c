// SPDX-License-Identifier: GPL-2.0-or-later
/* Who sits on a BAR: owners in /proc/iomem, what blocks, what helps. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <earlybind/conflict.h>
#include <earlybind/sysfs.h>

int eb_conflict_read_line(const char *line, struct eb_iomem *out)
{
	size_t indent = strspn(line, " ");
	const char *at = line + indent;
	uint64_t start, end;
	int n;

	n = eb_hex_read(at, strlen(at), 1, 16, &start);
	if (n < 0 || at[n] != '-')
		return -EINVAL;
	at += n + 1;
	n = eb_hex_read(at, strlen(at), 1, 16, &end);
	if (n < 0 || strncmp(at + n, " : ", 3) != 0 || end < start)
		return -EINVAL;
	*out = (struct eb_iomem){.depth = (unsigned int)(indent / 2),
				 .range = {start, end},
				 .name = at + n + 3};
	return 0;
}

bool eb_conflict_is_owner(const struct eb_iomem *line, const struct eb_bar *bar)
{
	struct eb_addr addr;

	if (!eb_range_overlaps(&line->range, &bar->range))
		return false;
	/* A window around the BAR. A claim of the same range is no window: the kernel
	 * puts a BOOTFB of the BAR's size above it (kernel/resource.c,
	 * __insert_resource). */
	if (line->range.start <= bar->range.start && line->range.end >= bar->range.end &&
	    (line->range.start < bar->range.start || line->range.end > bar->range.end))
		return false;
	if (strncmp(line->name, "PCI ", 4) == 0)
		return false;
	return eb_addr_parse(line->name, strlen(line->name), &addr) < 0;
}

void eb_conflict_judge(const struct eb_pci *pci, const struct eb_machine *machine,
		       struct eb_conflict *conflict)
{
	const struct eb_function *f = &pci->function[conflict->function];
	/* drivers/vfio/pci/vfio_pci_core.c vfio_pci_vga_init() calls
	 * aperture_remove_conflicting_pci_devices() since 6.0, for pci_is_vga() alone. */
	bool evicts = machine->major >= 6 && f->class >> 8 == 0x0300;

	if (conflict->when == EB_BEFORE && evicts) {
		conflict->blocks = false;
		conflict->remedy = EB_REMEDY_EVICTED;
		return;
	}
	conflict->blocks = true;
	conflict->remedy = strcmp(conflict->owner, "efifb") == 0 ? EB_REMEDY_EFIFB_OFF
								 : EB_REMEDY_NO_SYSFB;
}

struct scan {
	const struct eb_pci *pci;
	const struct eb_machine *machine;
	enum eb_when when;
	struct eb_conflicts *conflicts;
	bool any_address;
};

static void add(struct scan *scan, const struct eb_iomem *line, int16_t function, int bar)
{
	struct eb_conflicts *conflicts = scan->conflicts;
	struct eb_conflict *conflict;

	if (conflicts->count == EB_MAX_CONFLICTS) {
		conflicts->left_out++;
		return;
	}
	conflict = &conflicts->list[conflicts->count++];
	*conflict = (struct eb_conflict){.function = function,
					 .bar = (uint8_t)bar,
					 .when = scan->when,
					 .range = line->range};
	snprintf(conflict->owner, sizeof(conflict->owner), "%.*s", EB_OWNER_NAME - 1,
		 line->name);
	eb_conflict_judge(scan->pci, scan->machine, conflict);
}

/* A driver that has the function asks for its BARs and gives them back when it is
 * unbound: under its own name, or where no framebuffer can be, under any ("ICH HD
 * audio" is snd_hda_intel's, sound/pci/hda/hda_intel.c). */
static bool own_driver(const struct scan *scan, const struct eb_detail *detail,
		       const char *name)
{
	const struct eb_function *f = &scan->pci->function[detail->function];
	const char *driver = eb_pci_driver(scan->pci, f);

	return driver && (!eb_pci_is_display(f) || strcmp(driver, name) == 0);
}

static int see_line(void *ctx, const char *text)
{
	struct scan *scan = ctx;
	struct eb_iomem line;
	unsigned int i;
	int bar;

	if (eb_conflict_read_line(text, &line) < 0)
		return 0;
	if (line.range.end == 0)
		return 0;
	scan->any_address = true;
	for (i = 0; i < scan->pci->details; i++) {
		const struct eb_detail *detail = &scan->pci->detail[i];

		for (bar = 0; bar < EB_ROM_BAR; bar++)
			if ((detail->bar[bar].flags & EB_RESOURCE_MEM) &&
			    eb_pci_bar_placed(&detail->bar[bar]) &&
			    eb_conflict_is_owner(&line, &detail->bar[bar]) &&
			    strcmp(line.name, "vfio-pci") != 0 &&
			    !own_driver(scan, detail, line.name))
				add(scan, &line, detail->function, bar);
	}
	return 0;
}

int eb_conflict_scan(int root, const struct eb_pci *pci, const struct eb_machine *machine,
		     enum eb_when when, struct eb_conflicts *conflicts)
{
	struct scan scan = {
		.pci = pci, .machine = machine, .when = when, .conflicts = conflicts};
	int err = eb_sysfs_lines(root, "proc/iomem", see_line, &scan);

	if (err)
		return err;
	conflicts->hidden = !scan.any_address;
	return 0;
}

const char *eb_when_name(enum eb_when when)
{
	switch (when) {
	case EB_BEFORE:
		return "before";
	case EB_AFTER:
		return "after";
	}
	return "after";
}

const char *eb_remedy_name(enum eb_remedy remedy)
{
	switch (remedy) {
	case EB_REMEDY_EVICTED:
		return "evicted";
	case EB_REMEDY_EFIFB_OFF:
		return "efifb-off";
	case EB_REMEDY_NO_SYSFB:
		return "no-sysfb";
	}
	return "no-sysfb";
}

const char *eb_remedy_text(enum eb_remedy remedy)
{
	switch (remedy) {
	case EB_REMEDY_EVICTED:
		return "vfio-pci takes it away when it binds";
	case EB_REMEDY_EFIFB_OFF:
		return "boot with video=efifb:off";
	case EB_REMEDY_NO_SYSFB:
		return "boot with initcall_blacklist=sysfb_init, or let the firmware show "
		       "its screen on another card";
	}
	return "";
}
