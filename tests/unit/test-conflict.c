// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of finding who sits on a BAR, by recorded listings of /proc/iomem. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <earlybind/text.h>
#include <earlybind/conflict.h>

#include "fake-place.h"
#include "unit.h"

#define MEM EB_RESOURCE_MEM

static struct eb_pci pci;

/* 0000:0b:00.0 has BARs of every kind, 0000:0c:00.0 one of its own. */
static void set_up(uint32_t class, const char *driver)
{
	static const struct eb_bar first[EB_BARS] = {
		{{0xe0000000, 0xefffffff}, MEM},    {{0, 0}, 0},
		{{0xf0000000, 0xf01fffff}, MEM},    {{0, 0}, 0},
		{{0xe000, 0xe0ff}, EB_RESOURCE_IO}, {{0xfde00000, 0xfde3ffff}, MEM},
		{{0xc0000, 0xdffff}, MEM},
	};

	memset(&pci, 0, sizeof(pci));
	pci.function[0] = (struct eb_function){.addr = {.bus = 0x0b}, .class = class};
	pci.function[1] = (struct eb_function){.addr = {.bus = 0x0c}, .class = class};
	pci.function[0].parent = pci.function[1].parent = EB_NO_FUNCTION;
	pci.function[1].detail = pci.detail[1].function = 1;
	pci.count = pci.details = 2;
	memcpy(pci.detail[0].bar, first, sizeof(first));
	pci.detail[1].bar[0] = (struct eb_bar){{0x4000000000, 0x400fffffff}, MEM};
	/* A ROM without an address is no loss. */
	pci.detail[1].bar[EB_ROM_BAR] = (struct eb_bar){{0, 0xffff},
							MEM | EB_RESOURCE_UNSET};
	pci.drivers = 1;
	if (driver) {
		snprintf(pci.driver[1], EB_DRIVER_NAME, "%s", driver);
		pci.drivers = 2;
		pci.function[0].driver = pci.function[1].driver = 1;
	}
}

/* "0b/BAR OWNER START-END, ..." */
static void print(const struct eb_conflicts *conflicts, char *buf, size_t size)
{
	struct eb_text text = eb_text_on(buf, size);
	char range[EB_RANGE_TEXT];
	unsigned int i;

	for (i = 0; i < conflicts->count; i++) {
		const struct eb_conflict *c = &conflicts->list[i];

		eb_text_add(&text, "%s%02x/%u %s %s", i ? ", " : "",
			    pci.function[c->function].addr.bus, c->bar, c->owner,
			    eb_addr_print_range(&c->range, range));
	}
}

#define LINE(text) "f proc/iomem " text "\\n\n"
#define BAR0	   LINE("    e0000000-efffffff : 0000:0b:00.0")
#define SMALL	   "0xe0000000-0xe07e8fff"

static const struct {
	const char *what;
	const char *iomem;
	const char *driver; /* that has the functions, NULL for none */
	const char *owners;
} listings[] = {
	{"efifb, a child of the BAR",
	 LINE("  e0000000-f01fffff : PCI Bus 0000:0b")
		 BAR0 LINE("      e0000000-e07e8fff : efifb"),
	 NULL, "0b/0 efifb " SMALL},
	{"vesafb", BAR0 LINE("      e0000000-e07e8fff : vesafb"), NULL,
	 "0b/0 vesafb " SMALL},
	{"simplefb", BAR0 LINE("      e0000000-e07e8fff : simplefb"), NULL,
	 "0b/0 simplefb " SMALL},
	{"BOOTFB, bare", BAR0 LINE("      e0000000-e07e8fff : BOOTFB"), NULL,
	 "0b/0 BOOTFB " SMALL},
	{"BOOTFB with simpledrm in it",
	 BAR0 LINE("      e0000000-e07e8fff : BOOTFB")
		 LINE("        e0000000-e07e8fff : simpledrm"),
	 NULL, "0b/0 BOOTFB " SMALL ", 0b/0 simpledrm " SMALL},
	{"BOOTFB as the parent of a BAR of its size",
	 LINE("    e0000000-efffffff : BOOTFB")
		 LINE("      e0000000-efffffff : 0000:0b:00.0")
			 LINE("        e0000000-e07e8fff : simpledrm"),
	 NULL, "0b/0 BOOTFB 0xe0000000-0xefffffff, 0b/0 simpledrm " SMALL},
	{"a name that nobody knows, in the middle",
	 BAR0 LINE("      e1000000-e1000fff : thing of tomorrow"), NULL,
	 "0b/0 thing of tomorrow 0xe1000000-0xe1000fff"},
	{"the last byte of one BAR, and around another",
	 LINE("  efffffff-f0200000 : across"), NULL, "0b/0 across 0xefffffff-0xf0200000"},
	{"a BAR above 4 GiB, so deep that the listing stops to indent",
	 LINE("        4000000000-400fffffff : 0000:0c:00.0")
		 LINE("        4000000000-40007e8fff : efifb"),
	 NULL, "0c/0 efifb 0x4000000000-0x40007e8fff"},
	{"windows around a BAR, and of its size",
	 LINE("c0000000-fec2ffff : PCI Bus 0000:00")
		 LINE("  e0000000-efffffff : PCI Bus 0000:0b")
			 LINE("  f0000000-f01fffff : PCI MMCONFIG 0000 [bus 00-01]") BAR0,
	 NULL, ""},
	{"something around two BARs, from the start of one to the end of the other",
	 LINE("e0000000-f01fffff : Reserved") BAR0, NULL, ""},
	{"another device around it", LINE("  e0000000-f01fffff : 10000:e0:06.0") BAR0,
	 NULL, ""},
	{"beside it",
	 LINE("  d0000000-dfffffff : efifb") LINE("  f0200000-fddfffff : efifb"), NULL,
	 ""},
	{"ports and the ROM have no owner",
	 LINE("0000e000-0000e0ff : efifb") LINE("000c0000-000dffff : Video ROM")
		 LINE("00100000-09bfefff : System RAM"),
	 NULL, ""},
	{"vfio's own",
	 BAR0 LINE("      e0000000-efffffff : vfio-pci")
		 LINE("    fde00000-fde3ffff : vfio"),
	 "vfio-pci", ""},
	{"the framebuffer below vfio", BAR0 LINE("      e0000000-e07e8fff : BOOTFB"),
	 "vfio-pci", "0b/0 BOOTFB " SMALL},
	{"its own driver's, by its name", BAR0 LINE("      e0000000-efffffff : nouveau"),
	 "nouveau", ""},
	{"its own driver's, by another name",
	 LINE("    fde00000-fde3ffff : ICH HD audio"), "snd_hda_intel", ""},
	{"the framebuffer below its own driver",
	 BAR0 LINE("      e0000000-e07e8fff : efifb")
		 LINE("    fde00000-fde3ffff : nvidia"),
	 "nvidia", "0b/0 efifb " SMALL},
	{"a name without end",
	 BAR0 LINE(
		 "      e0000000-e0000fff : a name of an owner that is longer than thirty-nine bytes"),
	 NULL, "0b/0 a name of an owner that is longer than  0xe0000000-0xe0000fff"},
};

static void finds_owners(void **state)
{
	static struct eb_conflicts conflicts;
	static const struct eb_klog quiet;
	struct eb_machine machine = {.major = 6, .framebuffer = {0xe0000000, 0xe07e8fff}};
	char buf[512];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(listings); i++) {
		struct place *place;
		void *own = NULL;

		ROW(listings[i].what);
		assert_int_equal(place_setup(&own), 0);
		place = own;
		place_add(place, listings[i].iomem);
		set_up(0x030000, listings[i].driver);
		memset(&conflicts, 0, sizeof(conflicts));
		assert_int_equal(eb_conflict_scan(place->root, &pci, &machine, &quiet,
						  EB_BEFORE, &conflicts),
				 0);
		print(&conflicts, buf, sizeof(buf));
		assert_string_equal(buf, listings[i].owners);
		assert_false(conflicts.hidden);
		assert_int_equal(conflicts.left_out, 0);
		place_teardown(&own);
	}
}

/* BARs without an address, and what the kernel log says of them. */
static void finds_bars_without_an_address(void **state)
{
	static const struct {
		const char *what;
		struct eb_bar bar;
		const char *log; /* of BAR 1, NULL for nothing */
		const char *owners;
		int evidence;
	} cases[] = {
		{"unset",
		 {{0, 0x7ffffffff}, MEM | EB_RESOURCE_UNSET},
		 NULL,
		 "0b/1 unassigned 0x0-0x7ffffffff",
		 -1},
		{"disabled",
		 {{0xd0000000, 0xdfffffff}, MEM | EB_RESOURCE_DISABLED},
		 NULL,
		 "0b/1 unassigned 0xd0000000-0xdfffffff",
		 -1},
		{"at 0", {{0, 0xfff}, MEM}, NULL, "0b/1 unassigned 0x0-0xfff", -1},
		{"64-bit and unset",
		 {{0, 0x7ffffffff}, MEM | EB_RESOURCE_MEM_64 | EB_RESOURCE_UNSET},
		 NULL,
		 "0b/1 unassigned 0x0-0x7ffffffff",
		 -1},
		{"gone, but in the log, and 64-bit",
		 {{0, 0}, 0},
		 "pci 0000:0b:00.0: BAR 1: no space for [mem size 0x10000000 64bit pref]",
		 "0b/1 unassigned 0x0-0x0",
		 0},
		{"gone, and not of a wide one",
		 {{0, 0}, 0},
		 "pci 0000:0b:00.0: BAR 1 [mem size 0x00080000]: can't assign; no space",
		 "0b/1 unassigned 0x0-0x0",
		 0},
		{"ports that are gone",
		 {{0, 0}, 0},
		 "pci 0000:0b:00.0: BAR 1: no space for [io  size 0x0080]",
		 "",
		 -1},
		{"mended later",
		 {{0xd0000000, 0xdfffffff}, MEM},
		 "pci 0000:0b:00.0: BAR 1: no space for [mem size 0x10000000]",
		 "",
		 -1},
		{"no such BAR", {{0, 0}, 0}, NULL, "", -1},
		{"ports without an address", {{0, 0x7f}, EB_RESOURCE_IO}, NULL, "", -1},
	};
	static struct eb_conflicts conflicts;
	struct eb_machine machine = {.major = 6};
	char buf[512];
	size_t i;

	place_add(*state, "f proc/iomem 00001000-0009ffff : System RAM\\n\n");
	for (i = 0; i < COUNT(cases); i++) {
		static struct eb_klog klog;

		ROW(cases[i].what);
		set_up(0x030000, NULL);
		pci.detail[0].bar[1] = cases[i].bar;
		memset(&conflicts, 0, sizeof(conflicts));
		klog.count = cases[i].log != NULL;
		klog.line[0] = (struct eb_klog_line){.kind = EB_KLOG_NO_ROOM, .bar = 1};
		snprintf(klog.line[0].text, EB_KLOG_TEXT, "%s",
			 cases[i].log ? cases[i].log : "");
		assert_int_equal(eb_conflict_scan(((struct place *)*state)->root, &pci,
						  &machine, &klog, EB_AFTER, &conflicts),
				 0);
		print(&conflicts, buf, sizeof(buf));
		assert_string_equal(buf, cases[i].owners);
		if (conflicts.count)
			assert_int_equal(conflicts.list[0].evidence, cases[i].evidence);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_owners),
		cmocka_unit_test_setup_teardown(finds_bars_without_an_address,
						place_setup, place_teardown),
	};

	return cmocka_run_group_tests_name("conflict", tests, NULL, NULL);
}
