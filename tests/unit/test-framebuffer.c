// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of reading the firmware's framebuffers and the consoles on them. */
#include <stdio.h>
#include <string.h>

#include <earlybind/framebuffer.h>

#include "fake-place.h"
#include "unit.h"

#define PLATFORM "sys/bus/platform/devices/"
#define CONSOLE	 "sys/class/vtconsole/"

static struct eb_framebuffers fbs;

static void read_below(struct place *place)
{
	const struct eb_locked locked = place_locked(place);

	memset(&fbs, 0xa5, sizeof(fbs));
	eb_framebuffer_read(place->root, &locked, &fbs);
}

static void reads_device_driver_and_consoles(void **state)
{
	place_add(*state,
		  "l " PLATFORM "efi-framebuffer.0/driver ../../drivers/efi-framebuffer\n"
		  "d " PLATFORM "serial8250\nd " PLATFORM "regulatory.0\n"
		  "f " CONSOLE "vtcon0/name (S) dummy device\\n\n"
		  "f " CONSOLE "vtcon0/bind 0\\n\n"
		  "f " CONSOLE "vtcon1/name (M) frame buffer device\\n\n"
		  "f " CONSOLE "vtcon1/bind 1\\n\n"
		  "f " CONSOLE "vtcon2/name (M) frame buffer device\\n\n"
		  "f " CONSOLE "vtcon2/bind 0\\n\n"
		  "f " CONSOLE "vtcon3/name (S) VGA+\\n\n"
		  "f " CONSOLE "vtcon3/bind 1\\n\n"
		  "f " CONSOLE "vtcon4/name (M) frame buffer device\\n\n");
	read_below(*state);
	assert_int_equal(fbs.count, 1);
	assert_string_equal(fbs.list[0].device, "efi-framebuffer.0");
	assert_string_equal(fbs.list[0].driver, "efi-framebuffer");
	assert_int_equal(fbs.consoles, 1);
	assert_string_equal(fbs.console[0], "vtcon1");
}

static void reads_one_without_a_driver(void **state)
{
	place_add(*state, "d " PLATFORM "simple-framebuffer.0\n");
	read_below(*state);
	assert_int_equal(fbs.count, 1);
	assert_string_equal(fbs.list[0].driver, "");
	assert_int_equal(fbs.consoles, 0);
}

static void reads_a_machine_without_any(void **state)
{
	read_below(*state);
	assert_int_equal(fbs.count, 0);
	assert_int_equal(fbs.consoles, 0);
	place_add(*state, "f " PLATFORM "dir\nd " CONSOLE "vtcon0\n");
	read_below(*state);
	assert_int_equal(fbs.count, 0);
	assert_int_equal(fbs.consoles, 0);
}

static void bounds_what_it_reads(void **state)
{
	char text[256];
	unsigned int i;

	for (i = 0; i < 12; i++) {
		snprintf(text, sizeof(text),
			 "d " PLATFORM "simple-framebuffer.%u\n"
			 "f " CONSOLE "vtcon%u/name (M) frame buffer device\\n\n"
			 "f " CONSOLE "vtcon%u/bind 1\\n\n",
			 i, i, i);
		place_add(*state, text);
	}
	place_add(*state,
		  "d " PLATFORM "a-framebuffer.with-a-name-that-nobody-has-room-for\n");
	read_below(*state);
	assert_int_equal(fbs.count, EB_MAX_FRAMEBUFFERS);
	assert_int_equal(fbs.consoles, EB_MAX_CONSOLES);
	for (i = 0; i < fbs.count; i++)
		assert_int_equal(strncmp(fbs.list[i].device, "simple-", 7), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_setup, place_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(reads_device_driver_and_consoles),
		TEST(reads_one_without_a_driver),
		TEST(reads_a_machine_without_any),
		TEST(bounds_what_it_reads),
	};

	return cmocka_run_group_tests_name("framebuffer", tests, NULL, NULL);
}
