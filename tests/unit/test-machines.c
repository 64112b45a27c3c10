// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of what is seen of each machine in tests/machines: kernel, console, conflicts. */
#include <stdio.h>
#include <string.h>

#include <earlybind/survey.h>

#include "fake-place.h"
#include "unit.h"

static struct eb_survey survey;

static const struct {
	const char *name;
	const char *facts; /* kernel, CPU, IOMMU */
	const char *boot;  /* the console's card, and what told */
	const char
		*owners; /* "BB:DD.F/BAR OWNER REMEDY", '!' where it blocks; ';' after */
} machines[] = {
	{"already-claimed", "5.15 intel on", "0000:01:00.0 screen_info",
	 "01:00.0/3 BOOTFB no-sysfb!;"},
	{"amd-switch", "6.12 amd on", "0000:0b:00.0 platform",
	 "0b:00.0/0 efifb evicted;"},
	{"bar-unassigned", "6.1 intel on", "0000:00:02.0 screen_info",
	 "01:00.0/1 unassigned realloc!;01:00.0/3 unassigned realloc!;"
	 "00:02.0/2 efifb evicted;"},
	{"consumer-shared-group", "6.1 amd on", "0000:08:00.0 screen_info", ""},
	{"efidrm", "7.2 amd on", "0000:00:05.0 platform", "00:05.0/0 efidrm release!;"},
	{"high-bus", "6.8 amd on", "0000:47:00.0 screen_info",
	 "47:00.0/0 BOOTFB evicted;47:00.0/0 simpledrm evicted;"},
	{"intel-arc", "6.11 intel on", "0000:00:02.0 platform",
	 "00:02.0/2 BOOTFB evicted;00:02.0/2 simpledrm evicted;"},
	{"intel-igpu-dgpu", "6.1 intel on", "0000:01:00.0 screen_info",
	 "01:00.0/1 efifb evicted;"},
	{"laptop-3d", "6.12 intel on", "0000:00:02.0 platform",
	 "00:02.0/2 efifb evicted;"},
	{"no-iommu", "5.10 intel off", "0000:01:00.0 boot_vga", ""},
	{"nvidia-twins", "6.12 amd on", "0000:0a:00.0 platform",
	 "0a:00.0/1 efifb evicted;"},
	{"seed", "5.11 amd on", "0000:0b:00.0 screen_info", "0b:00.0/0 efifb release!;"},
	{"server-8-accel", "6.1 intel on", "0000:03:00.0 screen_info",
	 "03:00.0/0 efifb evicted;"},
	{"sriov", "6.8 intel on", "0000:00:02.0 screen_info", ""},
	{"vmd-domains", "6.8 intel on", "0000:01:00.0 screen_info", ""},
};

static void print_facts(char *buf, size_t size)
{
	static const char *const cpu[] = {"other", "intel", "amd"};
	const struct eb_machine *m = &survey.machine;

	snprintf(buf, size, "%u.%u %s %s", m->major, m->minor, cpu[m->cpu],
		 m->iommu ? "on" : "off");
}

static void print_boot(char *buf, size_t size)
{
	static const char *const by[] = {"unknown", "platform", "screen_info",
					 "boot_vga"};
	const struct eb_machine *m = &survey.machine;
	char addr[EB_ADDR_TEXT] = "-";

	if (m->boot_display != EB_NO_FUNCTION)
		eb_addr_print(&survey.pci.function[m->boot_display].addr, addr);
	snprintf(buf, size, "%s %s", addr, by[m->boot_by]);
}

static void print_owners(char *buf, size_t size)
{
	struct eb_text text = eb_text_on(buf, size);
	char addr[EB_ADDR_TEXT];
	unsigned int i;

	for (i = 0; i < survey.conflicts.count; i++) {
		const struct eb_conflict *c = &survey.conflicts.list[i];

		eb_addr_print(&survey.pci.function[c->function].addr, addr);
		eb_text_add(&text, "%s/%u %s %s%s;", addr + 5, c->bar, c->owner,
			    eb_remedy_name(c->remedy), c->blocks ? "!" : "");
	}
}

static void sees_each_machine(void **state)
{
	char buf[512];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(machines); i++) {
		struct place *place;
		void *own = NULL;

		ROW(machines[i].name);
		assert_int_equal(place_setup(&own), 0);
		place = own;
		place_add_machine(place, machines[i].name);
		survey.locked = place_locked(place);
		survey.whole = true;
		assert_int_equal(eb_survey_request(&survey, place->root), 0);
		eb_survey_machine(&survey, place->root);
		print_facts(buf, sizeof(buf));
		assert_string_equal(buf, machines[i].facts);
		print_boot(buf, sizeof(buf));
		assert_string_equal(buf, machines[i].boot);
		print_owners(buf, sizeof(buf));
		assert_string_equal(buf, machines[i].owners);
		assert_false(survey.conflicts.hidden);
		assert_int_equal(place_teardown(&own), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sees_each_machine),
	};

	return cmocka_run_group_tests_name("machines", tests, NULL, NULL);
}
