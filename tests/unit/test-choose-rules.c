// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of items that take back, are guarded, or name what is no common card. */
#include <stdio.h>
#include <string.h>

#include "machines.h"
#include "unit.h"

static struct eb_survey survey;

struct row {
	const struct part *parts;
	const char *cmdline;
	const char *chosen;
	const char *codes; /* of the findings of the choice */
};

static void check(const struct row *rows, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		ROW(rows[i].cmdline);
		build_choice(&survey, rows[i].parts, rows[i].cmdline);
		assert_string_equal(chosen_text(&survey), rows[i].chosen);
		assert_string_equal(codes_text(&survey), rows[i].codes);
	}
}

#define CARD1 "01:00.0 01:00.1 01:00.2 01:00.3"
#define CARD2 "02:00.0 02:00.1 02:00.2 02:00.3"

static void exclusion_and_none(void **state)
{
	static const struct row rows[] = {
		{desk, "vfio.gpus=nvidia,-02:00", CARD1, ""},
		{desk, "vfio.gpus=nvidia,-02:00.0", CARD1 " 02:00.1 02:00.2 02:00.3", ""},
		{desk, "vfio.gpus=all,-nvidia", "00:02.0", ""},
		{desk, "vfio.gpus=all,-10de:1e84:1458:3ffc", "00:02.0 " CARD2, ""},
		{desk, "vfio.gpus=nvidia,-00:01.0/00", CARD2, ""},
		{arc, "vfio.gpus=all,-8086:56a0", "00:02.0", ""},
		/* from left to right */
		{desk, "vfio.gpus=-02:00,nvidia", CARD1 " " CARD2, ""},
		{desk, "vfio.gpus=nvidia,-02:00,02:00.1", CARD1 " 02:00.1", ""},
		{desk, "vfio.gpus=nvidia rd.vfio.gpus=-02:00", CARD1, ""},
		/* one that takes nothing out */
		{desk, "vfio.gpus=nvidia,-10de:10f8", CARD1 " " CARD2, "not-a-card-id"},
		{desk, "vfio.gpus=nvidia,-04:00", CARD1 " " CARD2, "no-match"},
		{desk, "vfio.gpus=02:00,-01:00", CARD2, ""},
		{desk, "vfio.gpus=none", "", ""},
		{desk, "vfio.gpus=nvidia,none", "", ""},
		{desk, "vfio.gpus=nvidia vfio.gpus=none", "", ""},
		{desk, "vfio.gpus=none,02:00", CARD2, ""},
		{desk, "vfio.gpus=01:00,none,02:00", CARD2, ""},
		/* a mistake before none is one all the same */
		{desk, "vfio.gpus=04:00,none", "", "no-match"},
	};

	(void)state;
	check(rows, COUNT(rows));
}

static void guards(void **state)
{
	/* the class of a display and the header of a bridge */
	static const struct part masked[] = {
		PART("01:00.0", VGA, 0x10de, 0x1187),
		PART("01:00.1", VGA, 0x10de, 0x1188, .port = true),
		{0},
	};
	static const struct row rows[] = {
		{desk, "vfio.gpus=01:00@10de:1e84", CARD1, ""},
		{desk, "vfio.gpus=01:00@10de:1187", "", "guard"},
		{desk, "vfio.gpus=01:00@10de:1187,02:00@10de:1e84", CARD2, "guard"},
		/* of a display function, not of any other on the card */
		{desk, "vfio.gpus=01:00@10de:10f8", "", "guard"},
		{desk, "vfio.gpus=01:00.1@10de:1e84", "01:00.1", ""},
		{desk, "vfio.gpus=03:00@144d:a808", "", "guard"},
		{desk, "vfio.gpus=00:01.0/00@10de:1e84", CARD1, ""},
		{desk, "vfio.gpus=00:01.0/00@10de:1187", "", "guard"},
		{desk, "vfio.gpus=00:01.0/00.1@10de:1187", "", "guard"},
		{arc, "vfio.gpus=04:00@8086:56a0", "04:00.0", ""},
		/* each card of an item by itself */
		{radeon, "vfio.gpus=all@10de:1187", "04:00.0 04:00.1", "guard"},
		{radeon, "vfio.gpus=secondary@10de:1187", "04:00.0 04:00.1", ""},
		{radeon, "vfio.gpus=boot@10de:1187", "", "guard"},
		/* a guard takes nothing away that another item chose */
		{desk, "vfio.gpus=01:00,01:00@10de:1187", CARD1, "guard"},
		/* an exclusion is never held back */
		{desk, "vfio.gpus=nvidia,-01:00@10de:1e84", CARD2, ""},
		{desk, "vfio.gpus=nvidia,-01:00@10de:1187", CARD2, "guard"},
		{masked, "vfio.gpus=01:00@10de:1187", "01:00.0", ""},
		{masked, "vfio.gpus=01:00@10de:1188", "", "guard"},
		/* where nothing is, there is nothing to guard */
		{desk, "vfio.gpus=04:00@10de:1187", "", "no-match"},
		{desk, "vfio.gpus=00:01.0@10de:1187", "", "bridge"},
	};

	(void)state;
	check(rows, COUNT(rows));
}

static void functions_without_a_display(void **state)
{
	static const struct row rows[] = {
		{desk, "vfio.gpus=03:00", "03:00.0", ""}, /* the plan refuses it */
		{desk, "vfio.gpus=144d:a808 earlybind.nongpu=allow", "03:00.0", ""},
		{desk, "vfio.gpus=8086:a348 earlybind.nongpu=allow", "00:1f.3", ""},
		/* not a part of a card with a display, nor a bridge */
		{desk, "vfio.gpus=10de:10f8 earlybind.nongpu=allow", "", "not-a-card-id"},
		{desk, "vfio.gpus=8086:1901 earlybind.nongpu=allow", "", "no-match"},
		{desk, "vfio.gpus=all earlybind.nongpu=allow", "00:02.0 " CARD1 " " CARD2,
		 ""},
		{desk, "vfio.gpus=intel earlybind.nongpu=allow", "00:02.0", ""},
	};

	(void)state;
	check(rows, COUNT(rows));
}

static void virtual_functions(void **state)
{
	static const struct part virt[] = {
		PART("00:01.0", PORT, 0x8086, 0x1901),
		PART("00:02.0", VGA, 0x8086, 0x4680, .vfs = 2, .boot_vga = true),
		PART("00:02.1", VGA, 0x8086, 0x4680, .virtual_function = true),
		PART("00:02.2", VGA, 0x8086, 0x4680, .virtual_function = true),
		PART("03:00.0", THREE_D, 0x10de, 0x2236, .above = "00:01.0", .vfs = 1),
		PART("03:01.0", THREE_D, 0x10de, 0x2236, .above = "00:01.0",
		     .virtual_function = true),
		{0},
	};
	static const struct row rows[] = {
		{virt, "vfio.gpus=00:02.1", "00:02.1", ""},
		{virt, "vfio.gpus=00:01.0/01.0", "03:01.0", ""},
		{virt, "vfio.gpus=00:01.0/01", "", "no-match"},
		{virt, "vfio.gpus=00:02", "00:02.0", ""},
		{virt, "vfio.gpus=03:01", "03:01.0", ""},
		{virt, "vfio.gpus=03:00", "03:00.0", ""},
		{virt, "vfio.gpus=10de:2236", "03:00.0", ""},
		{virt, "vfio.gpus=all", "00:02.0 03:00.0", ""},
		{virt, "vfio.gpus=secondary", "03:00.0", ""},
	};

	(void)state;
	check(rows, COUNT(rows));
}

/* More is read of functions that may be claimed, and of no others. */
static void more_is_read_of_what_may_be_claimed(void **state)
{
	static const struct {
		const char *cmdline;
		const char *at;
		bool wanted;
	} rows[] = {
		{"", "01:00.0", false},
		{"vfio.gpus=none", "01:00.3", false},
		{"vfio.gpus=-02:00", "02:00.1", true},
		{"vfio.gpus=02:00.3", "02:00.1", true},
		{"vfio.gpus=02:00", "01:00.0", false},
		{"vfio.gpus=10de:1e84", "01:00.3", true},
		{"vfio.gpus=amd", "01:00.3", false},
		{"vfio.gpus=all", "01:00.3", true},
		{"vfio.gpus=boot", "01:00.3", true},
		{"vfio.gpus=-secondary", "02:00.0", true},
		{"vfio.gpus=03:00", "03:00.0", false},
		{"vfio.gpus=03:00 earlybind.nongpu=allow", "03:00.0", true},
		{"vfio.gpus=03:00 earlybind.nongpu=allow", "00:17.0", false},
		{"vfio.gpus=-03:00 earlybind.nongpu=allow", "03:00.0", false},
		{"vfio.gpus=-03:00,03:00 earlybind.nongpu=allow", "03:00.0", true},
		{"vfio.gpus=144d:a808 earlybind.nongpu=allow", "03:00.0", true},
		{"vfio.gpus=144d:a808:144d:a801 earlybind.nongpu=allow", "03:00.0",
		 false},
		{"vfio.gpus=144d:a809 earlybind.nongpu=allow", "03:00.0", false},
		{"vfio.gpus=8086:a348 earlybind.nongpu=allow", "00:1f.3", true},
		{"vfio.gpus=all,boot,secondary earlybind.nongpu=allow", "03:00.0", false},
		/* a bridge's item reaches nothing behind it or before it */
		{"vfio.gpus=00:1c.0 earlybind.nongpu=allow", "03:00.0", false},
	};
	size_t i;
	int function;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		char text[EB_ADDR_TEXT];
		struct eb_addr addr;

		ROW(rows[i].cmdline);
		build_choice(&survey, desk, rows[i].cmdline);
		snprintf(text, sizeof(text), "0000:%s", rows[i].at);
		assert_int_equal(eb_addr_parse(text, strlen(text), &addr), 0);
		function = eb_pci_find(&survey.pci, &addr);
		assert_int_equal(eb_choose_wants(&survey.request, &survey.pci,
						 (unsigned int)function),
				 rows[i].wanted);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exclusion_and_none),
		cmocka_unit_test(guards),
		cmocka_unit_test(functions_without_a_display),
		cmocka_unit_test(virtual_functions),
		cmocka_unit_test(more_is_read_of_what_may_be_claimed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
