// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of which functions make one card. */
#include <stdio.h>
#include <string.h>

#include <earlybind/card.h>

#include "machines.h"
#include "unit.h"

static struct eb_pci pci;

static int function_at(const char *at)
{
	char text[32];
	struct eb_addr addr;

	snprintf(text, sizeof(text), "0000:%s", at);
	assert_int_equal(eb_addr_parse(text, strlen(text), &addr), 0);
	return eb_pci_find(&pci, &addr);
}

/* The functions of the card of AT. */
static const char *card_text(const char *at)
{
	static char buf[512];
	struct eb_text text = eb_text_on(buf, sizeof(buf));
	unsigned int i, function = (unsigned int)function_at(at);
	char name[EB_ADDR_TEXT];

	for (i = 0; i < pci.count; i++)
		if (eb_card_same(&pci, i, function))
			eb_text_add(&text, "%s%s", text.len ? " " : "",
				    eb_addr_print(&pci.function[i].addr, name) + 5);
	return buf;
}

/* A Thunderbolt enclosure with an Intel display controller that has no switch, and the
 * enclosure's own USB controller of the same vendor. */
static const struct part enclosure[] = {
	PART("00:1d.0", PORT, 0x8086, 0xa330),
	PART("08:00.0", PORT, 0x8086, 0x15da, .above = "00:1d.0"),
	PART("09:01.0", PORT, 0x8086, 0x15da, .above = "08:00.0"),
	PART("09:04.0", PORT, 0x8086, 0x15da, .above = "08:00.0"),
	PART("0a:00.0", DISPLAY, 0x8086, 0x4905, .above = "09:01.0"),
	PART("0d:00.0", USB, 0x8086, 0x15db, .above = "09:04.0"),
	{0},
};

/* A BMC's VGA behind a bridge of its own vendor. */
static const struct part bmc[] = {
	PART("00:1c.4", PORT, 0x8086, 0xa194),
	PART("03:00.0", PORT, 0x1a03, 0x1150, .above = "00:1c.4"),
	PART("04:00.0", VGA, 0x1a03, 0x2000, .above = "03:00.0"),
	{0},
};

/* Virtual functions of the GPU, on its bus: slots of their own with displays. */
static const struct part virtual_functions[] = {
	PART("00:01.1", PORT, 0x1022, 0x1483),
	PART("01:00.0", PORT, 0x1002, 0x1478, .above = "00:01.1"),
	PART("02:00.0", PORT, 0x1002, 0x1479, .above = "01:00.0"),
	PART("03:00.0", DISPLAY, 0x1002, 0x73a1, .above = "02:00.0"),
	PART("03:02.0", DISPLAY, 0x1002, 0x73ae, .above = "02:00.0"),
	{0},
};

/* An endpoint beside the downstream ports of the switch, and another vendor's below. */
static const struct part not_only_ports[] = {
	PART("00:01.1", PORT, 0x1022, 0x1483),
	PART("01:00.0", PORT, 0x1002, 0x1478, .above = "00:01.1"),
	PART("02:00.0", PORT, 0x1002, 0x1479, .above = "01:00.0"),
	PART("02:01.0", NVME, 0x1002, 0x0001, .above = "01:00.0"),
	PART("03:00.0", VGA, 0x1002, 0x73bf, .above = "02:00.0"),
	{0},
};
static const struct part other_vendor[] = {
	PART("00:01.1", PORT, 0x1022, 0x1483),
	PART("01:00.0", PORT, 0x1002, 0x1478, .above = "00:01.1"),
	PART("02:00.0", PORT, 0x1002, 0x1479, .above = "01:00.0"),
	PART("02:01.0", PORT, 0x1002, 0x1479, .above = "01:00.0"),
	PART("03:00.0", VGA, 0x1002, 0x73bf, .above = "02:00.0"),
	PART("04:00.0", NVME, 0x144d, 0xa808, .above = "02:01.0"),
	{0},
};
static const struct part on_root_bus[] = {
	PART("00:01.0", PORT, 0x1002, 0x1478),
	PART("01:00.0", PORT, 0x1002, 0x1479, .above = "00:01.0"),
	PART("02:00.0", VGA, 0x1002, 0x73bf, .above = "01:00.0"),
	PART("02:00.1", AUDIO, 0x1002, 0xab28, .above = "01:00.0"),
	{0},
};

/* A switch below the switch; and a storage controller's own switch. */
static const struct part two_switches[] = {
	PART("00:01.1", PORT, 0x1022, 0x1483),
	PART("01:00.0", PORT, 0x1002, 0x1478, .above = "00:01.1"),
	PART("02:00.0", PORT, 0x1002, 0x1479, .above = "01:00.0"),
	PART("02:01.0", PORT, 0x1002, 0x1479, .above = "01:00.0"),
	PART("03:00.0", VGA, 0x1002, 0x73bf, .above = "02:00.0"),
	PART("04:00.0", PORT, 0x1002, 0x1478, .above = "02:01.0"),
	PART("05:00.0", AUDIO, 0x1002, 0xab28, .above = "04:00.0"),
	{0},
};
static const struct part storage[] = {
	PART("00:01.1", PORT, 0x1022, 0x1483),
	PART("01:00.0", PORT, 0x1000, 0xc010, .above = "00:01.1"),
	PART("02:00.0", PORT, 0x1000, 0xc010, .above = "01:00.0"),
	PART("03:00.0", SATA, 0x1000, 0x00a5, .above = "02:00.0"),
	{0},
};

static void functions_of_one_card(void **state)
{
	static const struct {
		const struct part *parts;
		const char *at;
		const char *card;
		const char *display; /* NULL for none */
	} rows[] = {
		{desk, "01:00.2", "01:00.0 01:00.1 01:00.2 01:00.3", "01:00.0"},
		{desk, "02:00.0", "02:00.0 02:00.1 02:00.2 02:00.3", "02:00.0"},
		{desk, "00:02.0", "00:02.0", "00:02.0"},
		{desk, "00:1f.3", "00:1f.0 00:1f.3", NULL},
		{desk, "00:17.0", "00:17.0", NULL},
		{desk, "00:01.0", "00:01.0 00:01.1", NULL},
		/* a switch on the card: the card begins with its upstream port */
		{radeon, "03:00.0", "01:00.0 02:00.0 03:00.0 03:00.1 03:00.2 03:00.3",
		 "03:00.0"},
		{radeon, "00:01.1", "00:01.1", NULL},
		{radeon, "04:00.1", "04:00.0 04:00.1", "04:00.0"},
		{arc, "04:00.0", "01:00.0 02:01.0 02:04.0 03:00.0 04:00.0", "03:00.0"},
		{arc, "00:02.0", "00:02.0", "00:02.0"},
		/* a switch of the mainboard, of the enclosure, of a BMC */
		{plx, "07:00.0", "07:00.0 07:00.1", "07:00.0"},
		{plx, "05:00.0", "05:00.0", NULL},
		{laptop, "01:00.0", "01:00.0", "01:00.0"},
		{laptop, "0c:00.1", "0a:00.0 0b:00.0 0c:00.0 0c:00.1", "0c:00.0"},
		{laptop, "0d:00.0", "0d:00.0", NULL},
		{enclosure, "0a:00.0", "0a:00.0", "0a:00.0"},
		{bmc, "04:00.0", "04:00.0", "04:00.0"},
		/* two slots with displays are two cards */
		{duo, "03:00.1", "03:00.0 03:00.1", "03:00.0"},
		{duo, "04:00.0", "04:00.0 04:00.1", "04:00.0"},
		{virtual_functions, "03:02.0", "03:02.0", "03:02.0"},
		/* what is below the switch is not the card's alone */
		{not_only_ports, "03:00.0", "03:00.0", "03:00.0"},
		{other_vendor, "03:00.0", "03:00.0", "03:00.0"},
		{two_switches, "03:00.0", "03:00.0", "03:00.0"},
		{storage, "03:00.0", "03:00.0", NULL},
		{on_root_bus, "02:00.1", "02:00.0 02:00.1", "02:00.0"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		unsigned int function;

		build_pci(&pci, rows[i].parts);
		function = (unsigned int)function_at(rows[i].at);
		ROW(rows[i].card);
		assert_string_equal(card_text(rows[i].at), rows[i].card);
		assert_int_equal(eb_card_has_display(&pci, function),
				 rows[i].display != NULL);
		assert_int_equal(eb_card_display(&pci, function),
				 rows[i].display ? function_at(rows[i].display)
						 : EB_NO_FUNCTION);
	}
}

/* A display controller that is no function 0, and one with the header of a bridge. */
static void the_display_is_the_first_of_its_class(void **state)
{
	static const struct part odd[] = {
		PART("05:00.0", AUDIO, 0x10de, 0x0e0a),
		PART("05:00.1", THREE_D, 0x10de, 0x1187),
		PART("05:00.2", VGA, 0x10de, 0x1188),
		PART("06:00.0", VGA, 0x10de, 0x1189, .port = true),
		PART("06:00.1", AUDIO, 0x10de, 0x0e0a),
		{0},
	};

	(void)state;
	build_pci(&pci, odd);
	assert_int_equal(eb_card_display(&pci, 0), 1);
	assert_int_equal(eb_card_display(&pci, 2), 1);
	assert_false(eb_card_has_display(&pci, 3));
	assert_false(eb_card_has_display(&pci, 4));
}

/* Slots of equal bus and device in two domains are two cards. */
static void domains_are_told_apart(void **state)
{
	static const struct part domains[] = {
		PART("05:00.0", VGA, 0x10de, 0x1187),
		PART("0001:05:00.0", VGA, 0x10de, 0x1187),
		PART("0001:05:00.1", AUDIO, 0x10de, 0x0e0a),
		{0},
	};

	(void)state;
	build_pci(&pci, domains);
	assert_false(eb_card_same(&pci, 0, 1));
	assert_true(eb_card_same(&pci, 1, 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions_of_one_card),
		cmocka_unit_test(the_display_is_the_first_of_its_class),
		cmocka_unit_test(domains_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
