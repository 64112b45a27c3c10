// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of the facts beside the PCI functions: kernel, CPU, IOMMU, the console's card. */
#include <stdio.h>
#include <string.h>

#include <earlybind/card.h>
#include <earlybind/machine.h>

#include "fake-place.h"
#include "unit.h"

static void reads_releases(void **state)
{
	static const struct {
		const char *release;
		unsigned int major, minor;
	} cases[] = {
		{"6.12.5-amd64", 6, 12},
		{"5.10.0-28-amd64", 5, 10},
		{"6.1", 6, 1},
		{"6.12-rc1+", 6, 12},
		{"10.0.0", 10, 0},
		{"06.1.0", 6, 1},
		{"6", 0, 0},
		{"6.", 0, 0},
		{".1", 0, 0},
		{"", 0, 0},
		{"x6.1", 0, 0},
		{"6.x", 0, 0},
		{"-6.1", 0, 0},
		{" 6.1", 0, 0},
		{"6,1", 0, 0},
		{"4294967302.1", 0, 0},
		{"6.4294967297", 0, 0},
	};
	unsigned int major, minor;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		ROW(cases[i].release);
		major = minor = 99;
		eb_machine_read_release(cases[i].release, &major, &minor);
		assert_int_equal(major, cases[i].major);
		assert_int_equal(minor, cases[i].minor);
	}
}

#define EFI  0x70
#define VESA 0x23
#define VGA  0x01
#define WIDE 0x02 /* capability: the base has 64 bits */

static void put32(unsigned char *at, uint32_t value)
{
	int i;

	for (i = 0; i < 4; i++)
		at[i] = (unsigned char)(value >> 8 * i);
}

static void reads_screens(void **state)
{
	static const struct {
		const char *what;
		unsigned char type;
		uint32_t base, size, capabilities, high;
		size_t len;
		struct eb_range range; /* end 0: there is none */
	} cases[] = {
		{"EFI", EFI, 0xe0000000, 0x7e9000, 0, 0, 64, {0xe0000000, 0xe07e8fff}},
		{"more than is read",
		 EFI,
		 0xe0000000,
		 1,
		 0,
		 0,
		 100,
		 {0xe0000000, 0xe0000000}},
		{"VESA, in 64 KiB",
		 VESA,
		 0xfd000000,
		 0x30,
		 0,
		 0,
		 64,
		 {0xfd000000, 0xfd2fffff}},
		{"a 64-bit base",
		 EFI,
		 0x10,
		 0x7e9000,
		 WIDE,
		 0x40,
		 64,
		 {0x4000000010, 0x40007e900f}},
		{"below 4 GiB by 64 bits",
		 EFI,
		 0,
		 0x1000,
		 WIDE,
		 1,
		 64,
		 {0x100000000, 0x100000fff}},
		{"garbage where a 64-bit base would be",
		 EFI,
		 0xe0000000,
		 0x1000,
		 1,
		 7,
		 64,
		 {0xe0000000, 0xe0000fff}},
		{"VESA as large as can be",
		 VESA,
		 0x80000000,
		 0xffffffff,
		 0,
		 0,
		 64,
		 {0x80000000, 0x10000 * 0xffffffffULL + 0x7fffffff}},
		{"VGA text", VGA, 0xb8000, 0x8000, 0, 0, 64, {0, 0}},
		{"nothing", 0, 0, 0, 0, 0, 64, {0, 0}},
		{"no base", EFI, 0, 0x7e9000, 0, 0, 64, {0, 0}},
		{"no size", EFI, 0xe0000000, 0, 0, 0, 64, {0, 0}},
		{"beyond the end", EFI, 0xffffffff, 2, WIDE, 0xffffffff, 64, {0, 0}},
		{"cut short", EFI, 0xe0000000, 0x7e9000, 0, 0, 63, {0, 0}},
		{"empty", EFI, 0xe0000000, 0x7e9000, 0, 0, 0, {0, 0}},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		unsigned char data[100] = {[0x0f] = cases[i].type};
		struct eb_range range = {7, 8};
		bool there;

		ROW(cases[i].what);
		put32(data + 0x18, cases[i].base);
		put32(data + 0x1c, cases[i].size);
		put32(data + 0x36, cases[i].capabilities);
		put32(data + 0x3a, cases[i].high);
		there = eb_machine_read_screen(data, cases[i].len, &range);
		assert_int_equal(there, cases[i].range.end != 0);
		assert_int_equal(range.start, there ? cases[i].range.start : 7);
		assert_int_equal(range.end, there ? cases[i].range.end : 8);
	}
}

/* VESA tells of all memory of the card, and its lines are in the BAR. */
static void reads_what_is_visible(void **state)
{
	static const struct {
		const char *what;
		unsigned char type;
		uint32_t size, end;
	} cases[] = {
		{"VESA, more", VESA, 0x100, 0xfe17ffff},
		{"VESA, less", VESA, 1, 0xfe00ffff},
		{"EFI, as it is", EFI, 0x200000, 0xfe1fffff},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		/* 768 lines of 2,048 bytes */
		unsigned char data[64] = {[0x0f] = cases[i].type, [0x15] = 3, [0x25] = 8};
		struct eb_range range;

		ROW(cases[i].what);
		put32(data + 0x18, 0xfe000000);
		put32(data + 0x1c, cases[i].size);
		assert_true(eb_machine_read_screen(data, sizeof(data), &range));
		assert_int_equal(range.start, 0xfe000000);
		assert_int_equal(range.end, cases[i].end);
	}
}

static void reads_cpu_and_iommu(void **state)
{
	static const struct {
		const char *tree;
		enum eb_cpu cpu;
		bool iommu, no_menu;
	} cases[] = {
		{"f proc/cpuinfo processor\\t: 0\\nvendor_id\\t: GenuineIntel\\n\n"
		 "d sys/kernel/iommu_groups/0\n",
		 EB_CPU_INTEL, true, false},
		{"f proc/cpuinfo vendor_id\\t: AuthenticAMD\\n\n"
		 "d sys/kernel/iommu_groups\n",
		 EB_CPU_AMD, false, false},
		{"f proc/cpuinfo vendor_id\\t: AuthenticAMD\\nflags\\t: fpu hypervisor "
		 "sse\\n\n",
		 EB_CPU_AMD, false, true},
		{"f proc/cpuinfo vendor_id\\t: AuthenticAMD\\nflags\\t: fpu sse\\n"
		 "flags\\t: fpu hypervisor\\n\n",
		 EB_CPU_AMD, false, false},
		{"f proc/cpuinfo vendor_id\\t: HygonGenuine\\n\n", EB_CPU_AMD, false,
		 false},
		{"f proc/cpuinfo vendor_id\\t: CentaurHauls\\n"
		 "vendor_id\\t: GenuineIntel\\n\n",
		 EB_CPU_OTHER, false, false},
		{"f proc/cpuinfo model name\\t: GenuineIntel\\n\n", EB_CPU_OTHER, false,
		 false},
		{"f proc/cpuinfo vendor_id\n", EB_CPU_OTHER, false, false},
		{"d proc\n", EB_CPU_OTHER, false, false},
	};
	struct place *place;
	struct eb_machine machine;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		void *own = NULL;

		ROW(cases[i].tree);
		assert_int_equal(place_setup(&own), 0);
		place = own;
		place_add(place, cases[i].tree);
		memset(&machine, 0xff, sizeof(machine));
		eb_machine_read(place->root, &machine);
		eb_machine_read_iommu(place->root, &machine);
		assert_int_equal(machine.cpu, cases[i].cpu);
		assert_int_equal(machine.iommu, cases[i].iommu);
		assert_int_equal(machine.no_menu, cases[i].no_menu);
		assert_string_equal(machine.release, "");
		assert_int_equal(machine.major, 0);
		assert_int_equal(machine.framebuffer.end, 0);
		assert_int_equal(machine.boot_display, EB_NO_FUNCTION);
		place_teardown(&own);
	}
}

/* One chip with IR- tells that interrupts are remapped, one IO-APIC that they are not. */
static void reads_the_chips_of_interrupts(void **state)
{
	static const struct {
		const char *chip;
		bool no_remapping;
	} cases[] = {
		{"IO-APIC\\n", true},
		{"IR-IO-APIC\\n", false},
		{"IR-PCI-MSI-0000:00:1f.2\\n", false},
		{"PCI-MSI\\n", false},
		{"GICv3\\n", false},
		{"", false},
	};
	struct eb_machine machine;
	char line[80];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		void *own = NULL;

		ROW(cases[i].chip);
		assert_int_equal(place_setup(&own), 0);
		snprintf(line, sizeof(line), "f sys/kernel/irq/0/chip_name %s\n",
			 cases[i].chip);
		place_add(own, line);
		machine = (struct eb_machine){0};
		eb_machine_read_remapping(((struct place *)own)->root, &machine);
		assert_int_equal(machine.no_remapping, cases[i].no_remapping);
		place_teardown(&own);
	}
}

static struct eb_pci pci;

#define MEM EB_RESOURCE_MEM

/* What one function shows of being the console's. */
struct hint {
	uint32_t class;
	bool platform;
	int bar; /* that the framebuffer is in, or -1 */
	uint64_t flags;
	bool vga;
};

static void finds_the_boot_display(void **state)
{
	static const struct {
		const char *what;
		struct hint hint[3];
		int found;
		enum eb_boot_by by;
	} cases[] = {
		{"nothing tells", {{0x030000, 0, -1, 0, 0}}, -1, EB_BOOT_UNKNOWN},
		{"boot_vga",
		 {{0x030000, 0, -1, 0, 0}, {0x030000, 0, -1, 0, 1}},
		 1,
		 EB_BOOT_VGA},
		{"screen_info before boot_vga",
		 {{0x030000, 0, -1, 0, 1}, {0x038000, 0, 2, MEM, 0}},
		 1,
		 EB_BOOT_SCREEN_INFO},
		{"platform before both",
		 {{0x030000, 0, -1, 0, 1},
		  {0x030000, 0, 0, MEM, 0},
		  {0x030200, 1, -1, 0, 0}},
		 2,
		 EB_BOOT_PLATFORM},
		{"platform before both, and first",
		 {{0x030000, 1, -1, 0, 0},
		  {0x030000, 0, 0, MEM, 0},
		  {0x030000, 0, -1, 0, 1}},
		 0,
		 EB_BOOT_PLATFORM},
		{"two of a kind: the first",
		 {{0x030000, 0, -1, 0, 1}, {0x030000, 0, -1, 0, 1}},
		 0,
		 EB_BOOT_VGA},
		{"no display controller",
		 {{0x040300, 1, 0, MEM, 1}},
		 -1,
		 EB_BOOT_UNKNOWN},
		{"a port range",
		 {{0x030000, 0, 0, EB_RESOURCE_IO, 0}},
		 -1,
		 EB_BOOT_UNKNOWN},
		{"the expansion ROM",
		 {{0x030000, 0, EB_ROM_BAR, MEM, 0}},
		 -1,
		 EB_BOOT_UNKNOWN},
		{"a BAR without an address",
		 {{0x030000, 0, 0, MEM | EB_RESOURCE_UNSET, 0}},
		 -1,
		 EB_BOOT_UNKNOWN},
		{"the last BAR", {{0x030000, 0, 5, MEM, 0}}, 0, EB_BOOT_SCREEN_INFO},
	};
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		struct eb_machine machine = {.framebuffer = {0xe0000000, 0xe07e8fff},
					     .boot_display = EB_NO_FUNCTION};

		ROW(cases[i].what);
		memset(&pci, 0, sizeof(pci));
		for (j = 0; j < 3 && cases[i].hint[j].class; j++) {
			const struct hint *hint = &cases[i].hint[j];
			struct eb_detail *d = &pci.detail[j];

			pci.function[j] = (struct eb_function){.class = hint->class,
							       .detail = (int16_t)j};
			*d = (struct eb_detail){.function = (int16_t)j,
						.framebuffer = hint->platform,
						.boot_vga = hint->vga};
			if (hint->bar >= 0)
				d->bar[hint->bar] = (struct eb_bar){
					{0xd0000000, 0xefffffff}, hint->flags};
		}
		pci.count = pci.details = (unsigned int)j;
		eb_machine_find_boot_display(&machine, &pci);
		assert_int_equal(machine.boot_display, cases[i].found);
		assert_int_equal(machine.boot_by, cases[i].by);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_releases),
		cmocka_unit_test(reads_screens),
		cmocka_unit_test(reads_what_is_visible),
		cmocka_unit_test(reads_cpu_and_iommu),
		cmocka_unit_test(reads_the_chips_of_interrupts),
		cmocka_unit_test(finds_the_boot_display),
	};

	return cmocka_run_group_tests_name("machine", tests, NULL, NULL);
}
