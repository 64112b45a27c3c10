// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of which functions the items of a request choose: a row for every rule. */
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

#define CARD1  "01:00.0 01:00.1 01:00.2 01:00.3"
#define CARD2  "02:00.0 02:00.1 02:00.2 02:00.3"
#define RADEON "03:00.0 03:00.1 03:00.2 03:00.3"

static void addresses(void **state)
{
	static const struct row rows[] = {
		{desk, "vfio.gpus=01:00", CARD1, ""},
		{desk, "vfio.gpus=0000:01:00.*", CARD1, ""},
		{desk, "vfio.gpus=01:00.2", "01:00.2", ""},
		{desk, "vfio.gpus=01:00.0,01:00.3", "01:00.0 01:00.3", ""},
		{desk, "vfio.gpus=01:00,02:00", CARD1 " " CARD2, ""},
		{desk, "vfio.gpus=01:00,01:00.1", CARD1, ""},
		/* nothing there: a finding each */
		{desk, "vfio.gpus=04:00", "", "no-match"},
		{desk, "vfio.gpus=01:00.4", "", "no-match"},
		{desk, "vfio.gpus=0001:01:00", "", "no-match"},
		{desk, "vfio.gpus=04:00,02:00,05:00.1", CARD2, "no-match no-match"},
		/* bridges are never chosen, what sits beside them is */
		{desk, "vfio.gpus=00:01.0", "", "bridge"},
		{desk, "vfio.gpus=00:01", "", "bridge"},
		{desk, "vfio.gpus=00:00", "", "bridge"},
		{desk, "vfio.gpus=00:1f.0", "", "bridge"},
		{desk, "vfio.gpus=00:1f", "00:1f.3", ""},
		/* an address is of that slot alone, also behind the card's own switch */
		{arc, "vfio.gpus=03:00", "03:00.0", ""},
		{arc, "vfio.gpus=04:00", "04:00.0", ""},
		{radeon, "vfio.gpus=01:00", "", "bridge"},
	};

	(void)state;
	check(rows, COUNT(rows));
}

static void paths(void **state)
{
	/* a slot whose function 0 is not there */
	static const struct part headless[] = {
		PART("00:01.0", PORT, 0x8086, 0x1901),
		PART("01:00.1", VGA, 0x10de, 0x1e84, .above = "00:01.0"),
		{0},
	};
	static const struct row rows[] = {
		{desk, "vfio.gpus=00:01.0/00", CARD1, ""},
		{desk, "vfio.gpus=00:01.0/00.*", CARD1, ""},
		{desk, "vfio.gpus=00:01.1/00", CARD2, ""},
		{desk, "vfio.gpus=00:01.1/00.1", "02:00.1", ""},
		{desk, "vfio.gpus=0000:00:1c.0/00.0", "03:00.0", ""},
		{desk, "vfio.gpus=00:01.2/00", "", "no-match"},
		{desk, "vfio.gpus=00:01.0/01", "", "no-match"},
		{desk, "vfio.gpus=00:01.0/00.4", "", "no-match"},
		{desk, "vfio.gpus=00:01.0/00.0/00", "", "no-match"},
		{desk, "vfio.gpus=0001:00:01.0/00", "", "no-match"},
		/* a path is followed whole: it is not searched for in the middle */
		{radeon, "vfio.gpus=00:01.1/00.0/00.0/00", RADEON, ""},
		{radeon, "vfio.gpus=00:01.1/00.0/00.0/00.1", "03:00.1", ""},
		{radeon, "vfio.gpus=02:00.0/00", RADEON, ""},
		{radeon, "vfio.gpus=00:01.1/00.0/00", RADEON, ""},
		{radeon, "vfio.gpus=00:01.1/00", RADEON, ""},
		{radeon, "vfio.gpus=00:01.1/00.0", "", "bridge"},
		{radeon, "vfio.gpus=00:01.1/00.1/00.0/00", "", "no-match"},
		{radeon, "vfio.gpus=00:03.1/00.0/00.0/00", "", "no-match"},
		/* a path to a device means its card, with the sound on another bus */
		{arc, "vfio.gpus=00:01.0/00.0/01.0/00", "03:00.0 04:00.0", ""},
		{arc, "vfio.gpus=00:01.0/00.0/04.0/00", "03:00.0 04:00.0", ""},
		{arc, "vfio.gpus=00:01.0/00.0/01.0/00.0", "03:00.0", ""},
		/* a switch of the mainboard is no card */
		{plx, "vfio.gpus=00:03.0/00.0/10.0/00", "08:00.0 08:00.1", ""},
		{headless, "vfio.gpus=00:01.0/00", "01:00.1", ""},
		{plx, "vfio.gpus=00:03.0/00", "", "bridge"},
		{plx, "vfio.gpus=00:03.0/00.0/08", "", "bridge"},
	};

	(void)state;
	check(rows, COUNT(rows));
}

static void ids_and_words(void **state)
{
	static const struct row rows[] = {
		{desk, "vfio.gpus=10de:1e84", CARD1 " " CARD2, ""},
		{desk, "vfio.gpus=pci:10de:1e84", CARD1 " " CARD2, ""},
		{desk, "vfio.gpus=10de:1e84:1458:3ffc", CARD1, ""},
		{desk, "vfio.gpus=10de:1e84:1043:8677", CARD2, ""},
		{desk, "vfio.gpus=10de:1e84:1043:3ffc", "", "no-match"},
		{desk, "vfio.gpus=10de:1e85", "", "no-match"},
		{desk, "vfio.gpus=1002:1e84", "", "no-match"},
		/* an id is that of a display controller */
		{desk, "vfio.gpus=10de:10f8", "", "not-a-card-id"},
		{desk, "vfio.gpus=144d:a808", "", "not-a-card-id"},
		{desk, "vfio.gpus=8086:1901", "", "no-match"},
		/* old recipes list the ids of all functions */
		{desk, "vfio.gpus=10de:1e84,10de:10f8,10de:1ad8,10de:1ad9",
		 CARD1 " " CARD2, ""},
		{desk, "vfio.gpus=10de:10f8,10de:1e84", CARD1 " " CARD2, ""},
		{desk, "vfio.gpus=01:00,10de:10f8", CARD1, "not-a-card-id"},
		{desk, "vfio.gpus=nvidia,10de:10f8:1458:0001", CARD1 " " CARD2,
		 "no-match"},
		{desk, "vfio.gpus=nvidia", CARD1 " " CARD2, ""},
		{desk, "vfio.gpus=intel", "00:02.0", ""},
		{desk, "vfio.gpus=amd", "", "no-match"},
		{desk, "vfio.gpus=all", "00:02.0 " CARD1 " " CARD2, ""},
		/* 3D and display controllers are cards like VGA ones */
		{laptop, "vfio.gpus=nvidia", "01:00.0", ""},
		{laptop, "vfio.gpus=all", "00:02.0 01:00.0 0c:00.0 0c:00.1", ""},
		{duo, "vfio.gpus=all", "03:00.0 03:00.1 04:00.0 04:00.1", ""},
		/* whole cards, through the card's own switch and no other */
		{arc, "vfio.gpus=8086:56a0", "03:00.0 04:00.0", ""},
		{arc, "vfio.gpus=intel", "00:02.0 03:00.0 04:00.0", ""},
		{radeon, "vfio.gpus=1002:73bf", RADEON, ""},
		{plx, "vfio.gpus=nvidia", "07:00.0 07:00.1 08:00.0 08:00.1", ""},
		{laptop, "vfio.gpus=amd", "0c:00.0 0c:00.1", ""},
	};

	(void)state;
	check(rows, COUNT(rows));
}

static void the_console_s_card(void **state)
{
	static const struct row rows[] = {
		{desk, "vfio.gpus=boot", "00:02.0", ""},
		{desk, "vfio.gpus=secondary", CARD1 " " CARD2, ""},
		{radeon, "vfio.gpus=boot", RADEON, ""},
		{radeon, "vfio.gpus=secondary", "04:00.0 04:00.1", ""},
		{arc, "vfio.gpus=boot", "00:02.0", ""},
		{arc, "vfio.gpus=secondary", "03:00.0 04:00.0", ""},
		{desk, "vfio.gpus=all,-boot", CARD1 " " CARD2, ""},
		{desk, "vfio.gpus=all,-secondary", "00:02.0", ""},
		/* not known: nothing is chosen by it, and an exclusion drops all */
		{plx, "vfio.gpus=boot", "", "boot-display-unknown"},
		{plx, "vfio.gpus=secondary", "", "boot-display-unknown"},
		{plx, "vfio.gpus=secondary,07:00", "07:00.0 07:00.1",
		 "boot-display-unknown"},
		{plx, "vfio.gpus=all,-boot", "", "boot-display-unknown"},
		{plx, "vfio.gpus=07:00,-secondary,08:00", "08:00.0 08:00.1",
		 "boot-display-unknown"},
	};

	(void)state;
	check(rows, COUNT(rows));
}

/* The console's card is the only one: nothing is secondary, and a user should know. */
static void a_lone_card_is_not_secondary(void **state)
{
	static const struct part lone[] = {
		PART("01:00.0", VGA, 0x10de, 0x1e84, .boot_vga = true),
		PART("01:00.1", AUDIO, 0x10de, 0x10f8),
		{0},
	};
	static const struct row rows[] = {
		{lone, "vfio.gpus=secondary", "", "no-match"},
		{lone, "vfio.gpus=boot", "01:00.0 01:00.1", ""},
		{lone, "vfio.gpus=all,-secondary", "01:00.0 01:00.1", "no-match"},
	};

	(void)state;
	check(rows, COUNT(rows));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses),
		cmocka_unit_test(paths),
		cmocka_unit_test(ids_and_words),
		cmocka_unit_test(the_console_s_card),
		cmocka_unit_test(a_lone_card_is_not_secondary),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
