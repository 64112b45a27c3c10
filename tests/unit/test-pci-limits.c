// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of a sysfs that lies, and of more functions, cards and drivers than expected. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <earlybind/text.h>
#include <earlybind/pci.h>

#include "fake-place.h"
#include "unit.h"

#define DEVICES "sys/bus/pci/devices"

static struct eb_pci pci;

/* The functions found, as "08.0 09.0 ..." of bus 00. */
static void names(char *buf, size_t size)
{
	struct eb_text text = eb_text_on(buf, size);
	char addr[EB_ADDR_TEXT];
	unsigned int i;

	for (i = 0; i < pci.count; i++)
		eb_text_add(&text, "%s%s", i ? " " : "",
			    eb_addr_print(&pci.function[i].addr, addr) + 8);
}

static const struct eb_detail *detail(uint8_t device)
{
	const struct eb_addr addr = {.device = device};
	int index = eb_pci_find(&pci, &addr);

	assert_true(index >= 0);
	return eb_pci_detail(&pci, (unsigned int)index);
}

static const struct eb_function *function(uint8_t device)
{
	return &pci.function[detail(device)->function];
}

static void reads_a_sysfs_that_lies(void **state)
{
	struct place *place = *state;
	char buf[512];

	place_add_machine(place, "busted");
	place_scan(place, &pci);
	names(buf, sizeof(buf));
	assert_string_equal(buf, "00.0 08.0 09.0 0a.0 0b.0 0c.0 0d.0 0e.0 0f.0 10.0 11.0 "
				 "12.0 13.0 14.0 15.0 16.0 16.1 17.0 18.0 19.0 1e.0");
	/* Numbers that are none count as not given. */
	assert_false(detail(0x08)->boot_vga);
	assert_int_equal(detail(0x08)->vfs, 0);
	/* BARs: none, some of them cut, one from end to start, no such lines. */
	assert_int_equal(detail(0x09)->bar[0].flags, 0);
	assert_int_equal(detail(0x0a)->bar[0].range.end, 0xc1ffffff);
	assert_int_equal(detail(0x0a)->bar[1].flags, 0);
	assert_false(eb_pci_bar_placed(&detail(0x0b)->bar[0]));
	assert_true(eb_pci_bar_placed(&detail(0x0b)->bar[1]));
	assert_int_equal(detail(0x0c)->bar[0].flags, 0);
	assert_int_equal(detail(0x0c)->bar[1].flags, 0);
	assert_int_equal(detail(0x0d)->bar[0].flags, 0);
	/* An override is somebody's, however long and whatever is in it. */
	assert_true(detail(0x0d)->override[0] != '\0');
	assert_int_equal(strspn(detail(0x0e)->override, "v"), EB_DRIVER_NAME - 1);
	assert_string_equal(detail(0x0f)->override, "vfio-pci");
	/* Links to nothing have a name all the same; one too long is cut. */
	assert_string_equal(eb_pci_driver(&pci, function(0x0f)), "gone");
	assert_int_equal(strspn(eb_pci_driver(&pci, function(0x10)), "d"),
			 EB_DRIVER_NAME - 1);
	assert_int_equal(function(0x11)->group, EB_NO_GROUP);
	assert_int_equal(function(0x12)->group, EB_NO_GROUP);
	assert_int_equal(function(0x13)->group, EB_NO_GROUP);
	/* The sound one. */
	assert_int_equal(detail(0x1e)->bar[1].range.start, 0x80000000);
	assert_int_equal(function(0x1e)->group, 30);
	assert_int_equal(function(0x1e)->id.device, 0x1b80);
}

static struct eb_addr number(unsigned int i)
{
	return (struct eb_addr){
		.bus = (uint8_t)(1 + i / 256), .device = i / 8 % 32, .function = i % 8};
}

/* COUNT functions from 0000:01:00.0 on, all of which are one and the same directory. */
static void make_many(struct place *place, unsigned int count)
{
	char addr[EB_ADDR_TEXT], path[128];
	unsigned int i;

	place_add(place, "d " DEVICES "\nf sys/devices/one/class 0x088000\\n\n"
			 "f sys/devices/one/vendor 0x10de\\n\n"
			 "f sys/devices/one/device 0x1187\\n\n");
	for (i = 0; i < count; i++) {
		const struct eb_addr a = number(i);

		snprintf(path, sizeof(path), DEVICES "/%s", eb_addr_print(&a, addr));
		assert_int_equal(symlinkat("../../../devices/one", place->root, path), 0);
	}
}

/* One function for each driver. */
static void make_bound(struct place *place, unsigned int i, const char *driver)
{
	const struct eb_addr a = number(i);
	char addr[EB_ADDR_TEXT], text[512];

	eb_addr_print(&a, addr);
	snprintf(text, sizeof(text),
		 "f " DEVICES "/%s/class 0x088000\\n\nf " DEVICES "/%s/vendor 0x10de\\n\n"
		 "f " DEVICES "/%s/device 0x1187\\n\nl " DEVICES
		 "/%s/driver ../../drivers/%s\n",
		 addr, addr, addr, addr, driver);
	place_add(place, text);
}

static void counts_functions_beyond_the_limit(void **state)
{
	unsigned int i;

	make_many(*state, EB_MAX_FUNCTIONS + 5);
	place_scan(*state, &pci);
	assert_int_equal(pci.count, EB_MAX_FUNCTIONS);
	assert_int_equal(pci.left_out, 5);
	assert_int_equal(pci.details, EB_MAX_DETAILS);
	assert_int_equal(pci.details_left_out, EB_MAX_FUNCTIONS - EB_MAX_DETAILS);
	for (i = 1; i < pci.count; i++)
		assert_true(eb_addr_compare(&pci.function[i - 1].addr,
					    &pci.function[i].addr) < 0);
	for (i = 0; i < pci.details; i++)
		assert_int_equal(pci.function[pci.detail[i].function].detail, i);
	/* Asked again, what has a detail keeps it. */
	place_read_details(*state, &pci);
	assert_int_equal(pci.details, EB_MAX_DETAILS);
}

static void knows_so_many_drivers(void **state)
{
	unsigned int i, count = EB_MAX_DRIVERS + 10;
	char name[16];

	for (i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "driver%u", i);
		make_bound(*state, i, name);
	}
	place_scan(*state, &pci);
	assert_int_equal(pci.drivers, EB_MAX_DRIVERS);
	for (i = 0; i < count; i++) {
		const char *driver = eb_pci_driver(&pci, &pci.function[i]);

		assert_non_null(driver);
		if (strcmp(driver, "(another driver)") != 0)
			assert_int_equal(strncmp(driver, "driver", 6), 0);
	}
}

static void keeps_one_entry_of_a_long_name(void **state)
{
	static const char name[] =
		"a_driver_with_a_name_much_longer_than_any_that_was_ever_seen";

	make_bound(*state, 0, name);
	make_bound(*state, 1, name);
	place_scan(*state, &pci);
	assert_int_equal(pci.drivers, 2);
	assert_int_equal(pci.function[0].driver, pci.function[1].driver);
	assert_int_equal(strlen(pci.driver[1]), EB_DRIVER_NAME - 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_setup, place_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(reads_a_sysfs_that_lies),
		TEST(counts_functions_beyond_the_limit),
		TEST(knows_so_many_drivers),
		TEST(keeps_one_entry_of_a_long_name),
	};

	return cmocka_run_group_tests_name("pci-limits", tests, NULL, NULL);
}
