// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of what is said of items that are wrong: each time with the display cards. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machines.h"
#include "unit.h"

static struct eb_survey survey;

static void plan(const struct part *parts, const char *cmdline)
{
	ROW(cmdline);
	build_plan(&survey, parts, cmdline);
}

/* The text of the first finding of CODE. */
static const char *said(enum eb_code code)
{
	const struct eb_finding *finding = find_code(&survey, code);

	assert_non_null(finding);
	return finding->text;
}

static void a_mistake_lists_the_display_cards(void **state)
{
	static const struct {
		const char *cmdline;
		enum eb_code code;
		const char *begins;
	} rows[] = {
		{"vfio.gpus=04:00", EB_FIND_NO_MATCH, "'04:00' matches nothing here; "},
		{"vfio.gpus=04:00@10de:1e84", EB_FIND_NO_MATCH,
		 "'04:00@10de:1e84' matches nothing here; "},
		{"vfio.gpus=amd", EB_FIND_NO_MATCH, "'amd' matches nothing here; "},
		{"vfio.gpus=01:0", EB_FIND_BAD_ITEM,
		 "vfio.gpus=: item '01:0' is not understood at offset 3: "},
		{"vfio.gpus=00:01", EB_FIND_BRIDGE,
		 "'00:01' names 0000:00:01.1, a bridge, which stays with the host"},
		{"vfio.gpus=10de:10f8", EB_FIND_NOT_A_CARD_ID,
		 "'10de:10f8' is the id of 0000:01:00.1, which is not a display "},
		{"vfio.gpus=01:00@10de:1187", EB_FIND_GUARD,
		 "'01:00@10de:1187' expects 10de:1187 at 0000:01:00.0, but found "
		 "10de:1e84; nothing there is claimed; "},
		{"vfio.gpus=03:00@10de:1187", EB_FIND_GUARD,
		 "'03:00@10de:1187' expects 10de:1187 at 0000:03:00.0, but found "
		 "144d:a808, which is not a display controller; nothing there is "},
		{"vfio.gpus=nvidia,-01:00@10de:1187", EB_FIND_GUARD,
		 "'-01:00@10de:1187' expects 10de:1187 at 0000:01:00.0, but found "
		 "10de:1e84; it was excluded anyway; "},
		{"vfio.gpus=03:00", EB_FIND_NOT_DISPLAY,
		 "0000:03:00.0 (144d:a808, class 0x010802) is not claimed: its "
		 "slot has no display controller; if it is meant, "},
	};
	static const char cards[] =
		"display cards: 0000:00:02.0 (8086:3e92), 0000:01:00.0 (10de:1e84), "
		"0000:02:00.0 (10de:1e84)";
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		plan(desk, rows[i].cmdline);
		assert_memory_equal(said(rows[i].code), rows[i].begins,
				    strlen(rows[i].begins));
		assert_contains(said(rows[i].code), cards);
	}
	assert_contains(said(EB_FIND_NOT_DISPLAY), "earlybind.nongpu=allow");
	plan(plx, "vfio.gpus=boot");
	assert_contains(said(EB_FIND_BOOT_DISPLAY_UNKNOWN),
			"0000:07:00.0 (10de:13c2), 0000:08:00.0 (10de:13c2)");
	plan(plx, "vfio.gpus=all,-boot");
	assert_contains(said(EB_FIND_BOOT_DISPLAY_UNKNOWN),
			"nothing before it in the list is claimed");
}

static void only_mistyped_items_list_the_cards(void **state)
{
	(void)state;
	plan(desk, "vfio.gpus= earlybind.x vfio.gpus=01:0");
	assert_null(strstr(said(EB_FIND_EMPTY_ARGUMENT), "display cards"));
	assert_null(strstr(said(EB_FIND_UNKNOWN_OPTION), "display cards"));
	assert_contains(said(EB_FIND_BAD_ITEM), "; display cards: 0000:00:02.0");
}

static void a_long_list_of_cards_is_cut(void **state)
{
	static struct part many[41];
	static char at[40][EB_ADDR_TEXT];
	unsigned int i, named = 0, more;
	const char *text;

	(void)state;
	for (i = 0; i < 40; i++) {
		snprintf(at[i], sizeof(at[i]), "0000:%02x:00.0", i);
		many[i] = (struct part)PART(at[i], VGA, 0x10de, 0x1187);
	}
	plan(many, "vfio.gpus=40:00");
	text = said(EB_FIND_NO_MATCH);
	for (i = 0; i < 40; i++)
		if (strstr(text, at[i]))
			named++;
	assert_true(named > 10);
	text = strstr(text, " and ");
	assert_non_null(text);
	more = (unsigned int)strtoul(text + 5, NULL, 10);
	assert_int_equal(named + more, 40);
	assert_string_equal(text + 7, " more");
}

static void a_machine_without_cards_says_none(void **state)
{
	static const struct part headless[] = {
		PART("00:00.0", HOST, 0x8086, 0x29c0),
		PART("00:02.0", NIC, 0x8086, 0x10d3),
		{0},
	};

	(void)state;
	plan(headless, "vfio.gpus=all");
	assert_string_equal(said(EB_FIND_NO_MATCH),
			    "'all' matches nothing here; there are no display cards");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mistake_lists_the_display_cards),
		cmocka_unit_test(only_mistyped_items_list_the_cards),
		cmocka_unit_test(a_long_list_of_cards_is_cut),
		cmocka_unit_test(a_machine_without_cards_says_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
