// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of what the kernel log says of functions, by lines of real kernels. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <earlybind/klog.h>

#include "fake-place.h"
#include "unit.h"

#define NONE (-1)

static void reads_records(void **state)
{
	static const struct {
		const char *record;
		int kind; /* NONE: it says nothing of interest */
		uint8_t bar;
		const char *addr;
	} cases[] = {
		{"3,912,81236542,-;vfio-pci 0000:0b:00.0: BAR 0: can't reserve [mem "
		 "0xe0000000-0xefffffff 64bit pref]",
		 EB_KLOG_RESERVE, 0, "0000:0b:00.0"},
		/* As people quote it. */
		{"3,912,81236542,-;vfio-pci 0000:0b:00.0: BAR 0: can\xe2\x80\x99t reserve "
		 "[mem 0xe0000000-0xefffffff 64bit pref]",
		 EB_KLOG_RESERVE, 0, "0000:0b:00.0"},
		{"4,300,1,-;vfio-pci 10001:01:00.0: BAR 3: can't reserve [mem 0x1-0x2]",
		 EB_KLOG_RESERVE, 3, "10001:01:00.0"},
		{"6,301,1,-;pci 0000:01:00.0: BAR 1: no space for [mem size 0x800000000 64bit "
		 "pref]",
		 EB_KLOG_NO_ROOM, 1, "0000:01:00.0"},
		{"6,301,1,-;pci 0000:01:00.0: BAR 1: failed to assign [mem size 0x10000000]",
		 EB_KLOG_NO_ROOM, 1, "0000:01:00.0"},
		{"6,301,1,-;pci 0000:01:00.0: BAR 1 [mem size 0x10000000 64bit pref]: can't "
		 "assign; no space",
		 EB_KLOG_NO_ROOM, 1, "0000:01:00.0"},
		{"6,301,1,-;pci 0000:01:00.0: can't claim BAR 6 [mem 0xfffe0000-0xffffffff "
		 "pref]: no compatible bridge window",
		 EB_KLOG_NO_ROOM, 6, "0000:01:00.0"},
		{"6,301,1,-;pci 0000:01:00.0: can't claim BAR 0 [mem 0xf0000000-0xf0ffffff]: "
		 "address conflict with Reserved [mem 0xf0000000-0xf7ffffff]",
		 EB_KLOG_NO_ROOM, 0, "0000:01:00.0"},
		{"4,5,6,-;vfio-pci: probe of 0000:01:00.0 failed with error -22",
		 EB_KLOG_PROBE, EB_NO_BAR, "0000:01:00.0"},
		{"4,5,6,-;vfio-pci 0000:01:00.0: probe with driver vfio-pci failed with error "
		 "-22",
		 EB_KLOG_PROBE, EB_NO_BAR, "0000:01:00.0"},
		{"4,5,6,c;vfio-pci 0000:01:00.0: Refused to change power state, currently in "
		 "D3",
		 EB_KLOG_POWER, EB_NO_BAR, "0000:01:00.0"},
		{"4,5,6,-;vfio-pci 0000:01:00.0: can't change power state from D3cold to D0 "
		 "(config space inaccessible)",
		 EB_KLOG_POWER, EB_NO_BAR, "0000:01:00.0"},
		{"4,5,6,-;vfio-pci 0000:01:00.0: Unable to change power state from D3cold to "
		 "D0, device inaccessible",
		 EB_KLOG_POWER, EB_NO_BAR, "0000:01:00.0"},
		{"4,5,6,-;vfio-pci 0000:01:00.0: Unable to change power state from D0 to "
		 "D3hot, device inaccessible",
		 EB_KLOG_POWER, EB_NO_BAR, "0000:01:00.0"},
		{"4,5,6,-;nvidia 0000:01:00.0: not ready 65535ms after resume; giving up",
		 EB_KLOG_POWER, EB_NO_BAR, "0000:01:00.0"},
		/* It stays awake. */
		{"4,5,6,-;vfio-pci 0000:01:00.0: refused to change power state from D0 to "
		 "D3hot",
		 NONE, 0, NULL},
		{"4,5,6,-;vfio-pci 0000:01:00.0: Refused to change power state, currently "
		 "in D0",
		 NONE, 0, NULL},
		{"4,5,6,-;vfio-pci 0000:01:00.0: vfio_bar_restore: reset recovery - restoring "
		 "BARs",
		 EB_KLOG_RESTORED, EB_NO_BAR, "0000:01:00.0"},
		{"4,5,6,-;vfio-pci 0000:01:00.0: not ready 65535ms after FLR; giving up",
		 EB_KLOG_RESET, EB_NO_BAR, "0000:01:00.0"},
		/* It may be ready after that, and the reset that follows may work. */
		{"4,5,6,-;vfio-pci 0000:01:00.0: not ready 1023ms after FLR; waiting",
		 NONE, 0, NULL},
		{"4,5,6,-;vfio-pci 0000:01:00.0: timed out waiting for pending transaction; "
		 "performing function level reset anyway",
		 NONE, 0, NULL},
		/* What a driver of the host ran into. */
		{"4,5,6,-;amdgpu: probe of 0000:01:00.0 failed with error -22", NONE, 0,
		 NULL},
		{"4,5,6,-;nvidia 0000:01:00.0: probe with driver nvidia failed with error "
		 "-22",
		 NONE, 0, NULL},
		{"4,5,6,-;nvidia 0000:01:00.0: BAR 1: can't reserve [mem 0x1-0x2]", NONE,
		 0, NULL},
		/* Since 6.9, and in later releases of 6.1. */
		{"6,301,1,-;pci 0000:01:00.0: BAR 5 [mem size 0x00080000]: failed to "
		 "assign",
		 EB_KLOG_NO_ROOM, 5, "0000:01:00.0"},
		{"6,301,1,-;pci 0000:01:00.0: BAR 0 [mem 0xf0000000-0xf0ffffff]: can't "
		 "claim; no compatible bridge window",
		 EB_KLOG_NO_ROOM, 0, "0000:01:00.0"},
		{"6,301,1,-;pci 0000:01:00.0: BAR 0 [mem 0xf0000000-0xf0ffffff]: can't "
		 "claim; address conflict with Reserved [mem 0xf0000000-0xf7ffffff]",
		 EB_KLOG_NO_ROOM, 0, "0000:01:00.0"},
		{"6,301,1,-;pci 0000:01:00.0: BAR 1 [??? 0x00000000 flags 0x20000000]: "
		 "can't assign; bogus alignment",
		 EB_KLOG_NO_ROOM, 1, "0000:01:00.0"},
		{"3,301,1,-;vfio-pci 0000:01:00.0: BAR 1 [mem size 0x10000000 64bit pref]: "
		 "not assigned; can't enable device",
		 EB_KLOG_NO_ROOM, 1, "0000:01:00.0"},
		{"3,301,1,-;vfio-pci 0000:01:00.0: can't enable device: BAR 1 [mem size "
		 "0x10000000] not assigned",
		 EB_KLOG_NO_ROOM, 1, "0000:01:00.0"},
		{"6,301,1,-;pci 0000:01:00.0: ROM [mem size 0x00080000 pref]: failed to "
		 "assign",
		 EB_KLOG_NO_ROOM, EB_NO_BAR, "0000:01:00.0"},
		{"4,301,1,-;vfio-pci 0000:01:00.0: BAR 5: can't reserve [io  "
		 "0xe000-0xe07f]",
		 EB_KLOG_RESERVE, 5, "0000:01:00.0"},
		{"6,1,2,-;pci 0000:01:00.0: BAR 0: assigned [mem 0xe0000000-0xefffffff]",
		 NONE, 0, NULL},
		{"6,1,2,-;pci 0000:01:00.0: [10de:1187] type 00 class 0x030000", NONE, 0,
		 NULL},
		{"6,1,2,-;one two three four 0000:01:00.0: no space", NONE, 0, NULL},
		{"6,1,2,-;one two three 0000:01:00.0: no space", EB_KLOG_NO_ROOM,
		 EB_NO_BAR, "0000:01:00.0"},
		/* Those of virtual functions, by old kernels and by new ones. */
		{"6,1,2,-;pci 0000:01:00.0: BAR 7: no space for [mem size 0x10000]",
		 EB_KLOG_NO_ROOM, EB_NO_BAR, "0000:01:00.0"},
		{"6,1,2,-;pci 0000:01:00.0: BAR 10: no space for [mem size 0x10000]",
		 EB_KLOG_NO_ROOM, EB_NO_BAR, "0000:01:00.0"},
		{"6,1,2,-;pci 0000:01:00.0: VF BAR 0 [mem size 0x10000]: can't assign; no "
		 "space",
		 EB_KLOG_NO_ROOM, EB_NO_BAR, "0000:01:00.0"},
		{"6,1,2,-;no address here, no space", NONE, 0, NULL},
		{"6,1,2,-;no space", NONE, 0, NULL},
		{" SUBSYSTEM=pci", NONE, 0, NULL},
		{" DEVICE=+pci:0000:01:00.0", NONE, 0, NULL},
		{"6,1,2,-;", NONE, 0, NULL},
		{";", NONE, 0, NULL},
		{"", NONE, 0, NULL},
		{"no semicolon, vfio-pci 0000:01:00.0: can't reserve", NONE, 0, NULL},
		{"6,1,2,-;vfio-pci b c d e 0000:01:00.0: can't reserve", NONE, 0, NULL},
		{"6,1,2,-;vfio-pci 0000:01:00.0: BAR 9: can't reserve", EB_KLOG_RESERVE,
		 EB_NO_BAR, "0000:01:00.0"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		struct eb_klog_line line;
		char text[EB_ADDR_TEXT];
		struct eb_addr addr;
		bool found;

		ROW(cases[i].record);
		found = eb_klog_parse(cases[i].record, eb_klog_since_boot, &line, &addr);
		assert_int_equal(found, cases[i].kind != NONE);
		if (!found)
			continue;
		assert_int_equal(line.kind, cases[i].kind);
		assert_int_equal(line.bar, cases[i].bar);
		assert_string_equal(eb_addr_print(&addr, text), cases[i].addr);
		assert_ptr_equal(strstr(cases[i].record, line.text),
				 strchr(cases[i].record, ';') + 1);
		/* The agent has no use for others. */
		assert_int_equal(eb_klog_parse(cases[i].record, NULL, &line, &addr),
				 cases[i].kind == EB_KLOG_NO_ROOM);
	}
}

static struct eb_pci pci;
static struct eb_klog klog;

/* 0000:01:00.0 with a detail, 0000:02:00.0 without one. */
static int read_log(struct place *place)
{
	memset(&pci, 0, sizeof(pci));
	memset(&klog, 0xa5, sizeof(klog));
	pci.function[0] = (struct eb_function){.addr = {.bus = 1}};
	pci.function[1] = (struct eb_function){.addr = {.bus = 2}, .detail = -1};
	pci.function[2] = (struct eb_function){.addr = {.bus = 4}};
	pci.count = 3;
	pci.details = 1;
	return eb_klog_read(place->root, &pci, eb_klog_since_boot, &klog);
}

static void keeps_what_concerns_a_card(void **state)
{
	place_add(
		*state,
		"f dev/kmsg 6,1,1,-;pci 0000:01:00.0: BAR 1: no space for [mem size 1]\\n\n"
		"f dev/kmsg  SUBSYSTEM=pci\\n\n"
		"f dev/kmsg 6,1,1,-;pci 0000:02:00.0: BAR 1: no space for [mem size 1]\\n\n"
		"f dev/kmsg 6,1,1,-;pci 0000:03:00.0: BAR 1: no space for [mem size 1]\\n\n"
		"f dev/kmsg 3,1,1,-;vfio-pci 0000:01:00.0: BAR 0: can't reserve [mem\\n\n"
		"f dev/kmsg 3,1,2,-;vfio-pci 0000:01:00.0: BAR 0: can't reserve [mem\\n\n");
	assert_int_equal(read_log(*state), 0);
	assert_int_equal(klog.count, 2);
	assert_int_equal(klog.left_out, 0);
	assert_int_equal(klog.line[0].kind, EB_KLOG_NO_ROOM);
	assert_int_equal(klog.line[1].kind, EB_KLOG_RESERVE);
	assert_int_equal(klog.line[1].function, 0);
}

static void bounds_what_it_keeps(void **state)
{
	static const char *const words[] = {"no space", "can't reserve",
					    "failed with error", "stuck in D3",
					    "; giving up"};
	static char text[2 * 70 * 400];
	struct place *place = *state;
	unsigned int i;

	assert_int_equal(read_log(place), -ENOENT);
	assert_int_equal(klog.count, 0);
	/* Of two functions, on each BAR, of each kind, and all of it twice. */
	for (i = 0; i < 2 * 70; i++)
		snprintf(text + strlen(text), 400,
			 "6,1,1,-;vfio-pci 0000:%02x:00.0: BAR %u: %s %0300d\n",
			 i % 2 ? 1 : 4, i / 2 % 7, words[i / 14 % 5], (int)i);
	place_add(place, "d dev\n");
	place_write(place, "dev/kmsg", text, strlen(text));
	assert_int_equal(read_log(place), 0);
	assert_int_equal(klog.count, EB_MAX_KLOG);
	assert_true(klog.left_out >= 70 - EB_MAX_KLOG);
	assert_int_equal(strlen(klog.line[0].text), EB_KLOG_TEXT - 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_setup, place_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_records),
		TEST(keeps_what_concerns_a_card),
		TEST(bounds_what_it_keeps),
	};

	return cmocka_run_group_tests_name("klog", tests, NULL, NULL);
}
