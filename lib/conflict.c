// SPDX-License-Identifier: GPL-2.0-or-later
/* What occupies a BAR: owners in /proc/iomem, and BARs without an address. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <earlybind/attribute.h>
#include <earlybind/conflict.h>
#include <earlybind/sysfs.h>

int eb_conflict_read_line(const char *line, struct eb_iomem *out)
{
	size_t indent = strspn(line, " ");
	const char *at = line + indent;
	uint64_t start, end;
	int n;

	n = eb_addr_read_hex(at, strlen(at), 1, 16, &start);
	if (n < 0 || at[n] != '-')
		return -EINVAL;
	at += n + 1;
	n = eb_addr_read_hex(at, strlen(at), 1, 16, &end);
	if (n < 0 || strncmp(at + n, " : ", 3) != 0 || end < start)
		return -EINVAL;
	*out = (struct eb_iomem){.depth = (unsigned int)(indent / 2),
				 .range = {start, end},
				 .name = at + n + 3};
	return 0;
}

/* Is it the line of a bridge window, of MMCONFIG or of a PCI device? */
static bool is_window(const char *name)
{
	struct eb_addr addr;

	return strncmp(name, "PCI ", 4) == 0 ||
	       eb_addr_parse(name, strlen(name), &addr) == 0;
}

bool eb_conflict_is_owner(const struct eb_iomem *line, const struct eb_bar *bar)
{
	if (!eb_addr_overlap(&line->range, &bar->range))
		return false;
	/* A window around the BAR. A claim of the same range is no window: the kernel
	 * puts a BOOTFB of the BAR's size above it (kernel/resource.c,
	 * __insert_resource). */
	if (line->range.start <= bar->range.start && line->range.end >= bar->range.end &&
	    (line->range.start < bar->range.start || line->range.end > bar->range.end))
		return false;
	return !is_window(line->name);
}

struct scan {
	const struct eb_pci *pci;
	const struct eb_machine *machine;
	enum eb_when when;
	struct eb_conflicts *conflicts;
	bool any_address;
};

static void add(struct scan *scan, const struct eb_iomem *line, int16_t function, int bar,
		int evidence)
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
					 .evidence = (int16_t)evidence,
					 .range = line->range};
	snprintf(conflict->owner, sizeof(conflict->owner), "%.*s", EB_OWNER_NAME - 1,
		 line->name[0] ? line->name : "(no name)");
}

/* Does the claim belong to the driver that is bound to the function? It releases its
 * claims when it is unbound. They bear its name or any other ("ICH HD audio"), so it is
 * the firmware's framebuffer that is told apart, by where it is. */
static bool own_driver(const struct scan *scan, const struct eb_detail *detail,
		       const struct eb_iomem *line)
{
	const struct eb_function *f = &scan->pci->function[detail->function];
	const char *driver = eb_pci_driver(scan->pci, f);

	/* For mmap (vfio_pci_core.c, vfio_pci_core_mmap) and for reads and writes
	 * (vfio_pci_rdwr.c, vfio_pci_setup_barmap). */
	if (strcmp(line->name, "vfio-pci") == 0 || strcmp(line->name, "vfio") == 0)
		return true;
	/* Afterwards vfio-pci is the driver of what matters. */
	if (!driver || strcmp(driver, "vfio-pci") == 0 || scan->when == EB_AFTER)
		return false;
	if (scan->machine->framebuffer.end == 0)
		return !strstr(line->name, "fb") && !strstr(line->name, "FB") &&
		       !strstr(line->name, "drm");
	return strcmp(driver, line->name) == 0 ||
	       !eb_addr_overlap(&line->range, &scan->machine->framebuffer);
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
	if (is_window(line.name))
		return 0;
	for (i = 0; i < scan->pci->details; i++) {
		const struct eb_detail *detail = &scan->pci->detail[i];

		for (bar = 0; bar < EB_ROM_BAR; bar++)
			if ((detail->bar[bar].flags & EB_RESOURCE_MEM) &&
			    eb_pci_bar_placed(&detail->bar[bar]) &&
			    eb_conflict_is_owner(&line, &detail->bar[bar]) &&
			    !own_driver(scan, detail, &line))
				add(scan, &line, detail->function, bar, -1);
	}
	return 0;
}

/* The kernel log's line on BAR of FUNCTION that got no room, or -1. */
static int no_room(const struct eb_klog *klog, int function, int bar)
{
	unsigned int i;

	for (i = 0; i < klog->count; i++) {
		const struct eb_klog_line *line = &klog->line[i];

		if (line->kind == EB_KLOG_NO_ROOM && line->function == function &&
		    line->bar == bar && strstr(line->text, "[mem"))
			return (int)i;
	}
	return -1;
}

/* Memory BARs without an address. When the kernel gives up on one it may leave no trace
 * but its log (drivers/pci/setup-bus.c, reset_resource); what it says there of a BAR that
 * has an address now was fixed later. */
static void scan_unassigned(struct scan *scan, const struct eb_klog *klog)
{
	unsigned int i;
	int bar, evidence;

	for (i = 0; i < scan->pci->details; i++) {
		const struct eb_detail *detail = &scan->pci->detail[i];

		for (bar = 0; bar < EB_ROM_BAR; bar++) {
			const struct eb_bar *b = &detail->bar[bar];
			struct eb_iomem line = {.range = b->range,
						.name = EB_OWNER_UNASSIGNED};

			evidence = no_room(klog, detail->function, bar);
			if (!eb_pci_bar_placed(b) &&
			    (evidence >= 0 || (b->flags & EB_RESOURCE_MEM)))
				add(scan, &line, detail->function, bar, evidence);
		}
	}
}

/* The registers of the BARs (include/uapi/linux/pci_regs.h). */
#define BASE_ADDRESS_0	 0x10
#define BASE_ADDRESS_END 0x28
#define SPACE_IO	 0x01

/* Does the register of BAR, of the START of configuration space, tell of memory? A BAR
 * with 64 bits or prefetchable has bits that are never zero, another one what firmware
 * wrote. */
static bool register_is_used(const unsigned char *start, int bar)
{
	const unsigned char *at = start + BASE_ADDRESS_0 + (ptrdiff_t)4 * bar;

	return !(at[0] & SPACE_IO) && (at[0] | at[1] | at[2] | at[3]) != 0;
}

bool eb_conflict_asks_log(const struct eb_locked *locked, const struct eb_pci *pci,
			  const struct eb_detail *detail)
{
	const struct eb_function *f = &pci->function[detail->function];
	const struct eb_bar *bar = detail->bar;
	unsigned char config[BASE_ADDRESS_END];
	char path[EB_ATTRIBUTE_PATH];
	uint32_t all = 0;
	int i;

	for (i = 0; i < EB_ROM_BAR; i++) {
		if ((bar[i].flags & EB_RESOURCE_MEM) && !eb_pci_bar_placed(&bar[i]))
			return true;
		all |= bar[i].flags;
	}
	/* The first one is always there. */
	if (bar[0].flags == 0 && !detail->virtual_function)
		return true;
	eb_attribute_path(path, &f->addr, "config");
	if (locked->read(locked->ctx, path, (char *)config, sizeof(config)) != -E2BIG)
		return true;
	for (i = 1; i < EB_ROM_BAR; i++)
		if (bar[i].flags == 0 && !(bar[i - 1].flags & EB_RESOURCE_MEM_64) &&
		    (register_is_used(config, i) ||
		     ((all & EB_RESOURCE_MEM_64) && eb_pci_is_display(f))))
			return true;
	return false;
}

int eb_conflict_scan(int root, const struct eb_pci *pci, const struct eb_machine *machine,
		     const struct eb_klog *klog, enum eb_when when,
		     struct eb_conflicts *conflicts)
{
	struct scan scan = {
		.pci = pci, .machine = machine, .when = when, .conflicts = conflicts};
	int err;

	scan_unassigned(&scan, klog);
	err = eb_sysfs_lines(root, "proc/iomem", see_line, &scan);
	if (err)
		return err;
	conflicts->hidden = !scan.any_address;
	return 0;
}

bool eb_conflict_is_unassigned(const struct eb_conflict *conflict)
{
	return strcmp(conflict->owner, EB_OWNER_UNASSIGNED) == 0;
}

const char *eb_conflict_when(enum eb_when when)
{
	switch (when) {
	case EB_BEFORE:
		return "before";
	case EB_AFTER:
		return "after";
	}
	return "after";
}
