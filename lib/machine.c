// SPDX-License-Identifier: GPL-2.0-or-later
/* Facts of the machine beside its PCI functions: kernel, CPU, the console's card. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <earlybind/machine.h>
#include <earlybind/sysfs.h>

/* struct screen_info, packed: offsets of what is read. */
#define SCREEN_IS_VGA	    0x0f
#define SCREEN_LFB_HEIGHT   0x14
#define SCREEN_LFB_BASE	    0x18
#define SCREEN_LFB_SIZE	    0x1c
#define SCREEN_LFB_LINE	    0x24
#define SCREEN_CAPABILITIES 0x36
#define SCREEN_EXT_LFB_BASE 0x3a
#define SCREEN_BYTES	    0x40

#define VIDEO_TYPE_VLFB		    0x23 /* linear framebuffer by VESA */
#define VIDEO_TYPE_EFI		    0x70 /* linear framebuffer by EFI */
#define VIDEO_CAPABILITY_64BIT_BASE 0x02

static uint64_t little_endian(const unsigned char *data, int bytes)
{
	uint64_t value = 0;

	while (bytes-- > 0)
		value = value << 8 | data[bytes];
	return value;
}

bool eb_machine_read_screen(const unsigned char *data, size_t len, struct eb_range *out)
{
	uint64_t base, size, visible;

	if (len < SCREEN_BYTES || (data[SCREEN_IS_VGA] != VIDEO_TYPE_VLFB &&
				   data[SCREEN_IS_VGA] != VIDEO_TYPE_EFI))
		return false;
	base = little_endian(data + SCREEN_LFB_BASE, 4);
	if (little_endian(data + SCREEN_CAPABILITIES, 4) & VIDEO_CAPABILITY_64BIT_BASE)
		base |= little_endian(data + SCREEN_EXT_LFB_BASE, 4) << 32;
	size = little_endian(data + SCREEN_LFB_SIZE, 4);
	/* VESA counts the size in units of 64 KiB (drivers/firmware/sysfb_simplefb.c),
	 * and all memory of the card, which may be more than the BAR has: what is visible
	 * lies in it (drivers/video/fbdev/vesafb.c, size_vmode). */
	visible = little_endian(data + SCREEN_LFB_HEIGHT, 2) *
		  little_endian(data + SCREEN_LFB_LINE, 2);
	if (data[SCREEN_IS_VGA] == VIDEO_TYPE_VLFB) {
		size <<= 16;
		if (visible && visible < size)
			size = visible;
	}
	if (base == 0 || size == 0 || base + size - 1 < base)
		return false;
	*out = (struct eb_range){base, base + size - 1};
	return true;
}

static size_t digits(const char *text)
{
	size_t n = 0;

	while (text[n] >= '0' && text[n] <= '9')
		n++;
	return n;
}

void eb_machine_read_release(const char *release, unsigned int *major,
			     unsigned int *minor)
{
	size_t first = digits(release), second;
	uint32_t a, b;

	*major = *minor = 0;
	if (first == 0 || release[first] != '.')
		return;
	second = digits(release + first + 1);
	if (eb_addr_read_decimal(release, first, 9999, &a) < 0 ||
	    eb_addr_read_decimal(release + first + 1, second, 9999, &b) < 0)
		return;
	*major = a;
	*minor = b;
}

struct cpuinfo {
	struct eb_machine *machine;
	bool vendor; /* its line was seen */
};

/* The first "vendor_id" and "flags" lines of /proc/cpuinfo. */
static int see_cpuinfo(void *ctx, const char *line)
{
	struct cpuinfo *cpuinfo = ctx;
	struct eb_machine *machine = cpuinfo->machine;

	if (strncmp(line, "flags", 5) == 0) {
		machine->no_menu = strstr(line, " hypervisor") != NULL;
		return 1;
	}
	if (cpuinfo->vendor || strncmp(line, "vendor_id", 9) != 0)
		return 0;
	cpuinfo->vendor = true;
	if (strstr(line, "GenuineIntel"))
		machine->cpu = EB_CPU_INTEL;
	else if (strstr(line, "AuthenticAMD") || strstr(line, "HygonGenuine"))
		machine->cpu = EB_CPU_AMD;
	return 0;
}

static int see_any(void *ctx, const char *name)
{
	(void)ctx;
	(void)name;
	return 1;
}

void eb_machine_read(int root, struct eb_machine *machine)
{
	char screen[SCREEN_BYTES];
	ssize_t n;

	*machine = (struct eb_machine){.boot_display = EB_NO_FUNCTION};
	if (eb_sysfs_read(root, "proc/sys/kernel/osrelease", machine->release,
			  sizeof(machine->release)) < 0)
		machine->release[0] = '\0';
	eb_machine_read_release(machine->release, &machine->major, &machine->minor);
	n = eb_sysfs_read_bytes(root, "sys/kernel/boot_params/data", screen,
				sizeof(screen));
	if (n > 0)
		eb_machine_read_screen((unsigned char *)screen, (size_t)n,
				       &machine->framebuffer);
}

void eb_machine_read_iommu(int root, struct eb_machine *machine)
{
	struct cpuinfo cpuinfo = {.machine = machine};

	eb_sysfs_lines(root, "proc/cpuinfo", see_cpuinfo, &cpuinfo);
	machine->iommu = eb_sysfs_list(root, "sys/kernel/iommu_groups", see_any, NULL) ==
			 1;
}

struct chips {
	int root;
	struct eb_machine *machine;
};

static int see_irq(void *ctx, const char *name)
{
	struct chips *chips = ctx;
	char path[48], chip[12];
	ssize_t n;

	snprintf(path, sizeof(path), "sys/kernel/irq/%.*s/chip_name", 10, name);
	n = eb_sysfs_read(chips->root, path, chip, sizeof(chip));
	if (n == 7)
		chips->machine->no_remapping = strcmp(chip, "IO-APIC") == 0;
	/* One that is remapped tells for all; a long name comes cut. */
	return chips->machine->no_remapping ||
	       ((n >= 3 || n == -E2BIG) && memcmp(chip, "IR-", 3) == 0);
}

void eb_machine_read_remapping(int root, struct eb_machine *machine)
{
	struct chips chips = {root, machine};
	char allowed[4];

	/* ACPI's is there on nearly all. */
	if (!see_irq(&chips, "9"))
		eb_sysfs_list(root, "sys/kernel/irq", see_irq, &chips);
	/* Once the module is loaded (drivers/vfio/vfio_iommu_type1.c). */
	if (machine->no_remapping &&
	    eb_sysfs_read(root, EB_MACHINE_UNSAFE, allowed, sizeof(allowed)) == 1)
		machine->no_remapping = allowed[0] != 'Y';
}

bool eb_machine_draws_on(const struct eb_machine *machine, const struct eb_detail *d)
{
	int i;

	if (machine->framebuffer.end == 0)
		return false;
	for (i = 0; i < EB_ROM_BAR; i++)
		if ((d->bar[i].flags & EB_RESOURCE_MEM) &&
		    eb_pci_bar_placed(&d->bar[i]) &&
		    eb_addr_overlap(&d->bar[i].range, &machine->framebuffer))
			return true;
	return false;
}

static enum eb_boot_by shown_by(const struct eb_machine *machine,
				const struct eb_detail *detail)
{
	if (detail->framebuffer)
		return EB_BOOT_PLATFORM;
	if (eb_machine_draws_on(machine, detail))
		return EB_BOOT_SCREEN_INFO;
	return detail->boot_vga ? EB_BOOT_VGA : EB_BOOT_UNKNOWN;
}

void eb_machine_find_boot_display(struct eb_machine *machine, const struct eb_pci *pci)
{
	unsigned int i;

	machine->boot_by = EB_BOOT_UNKNOWN;
	machine->boot_display = EB_NO_FUNCTION;
	for (i = 0; i < pci->details; i++) {
		const struct eb_detail *detail = &pci->detail[i];
		enum eb_boot_by by = shown_by(machine, detail);

		if (by == EB_BOOT_UNKNOWN ||
		    !eb_pci_is_display(&pci->function[detail->function]))
			continue;
		if (machine->boot_by == EB_BOOT_UNKNOWN || by < machine->boot_by) {
			machine->boot_by = by;
			machine->boot_display = detail->function;
		}
	}
}
