// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of foretelling what blocks, by kernel, class, owner and command line. */
#include <stdio.h>
#include <string.h>

#include <earlybind/remedy.h>

#include "unit.h"

#define FB                             \
	{                              \
		0xe0000000, 0xe07e8fff \
	}

static struct eb_pci pci;
static struct eb_plan plan;
static struct eb_conflicts conflicts;

/* Function 0 has the framebuffer on its BAR; function 1 is a VGA card, and planned too
 * where BESIDE is set. */
static const struct {
	unsigned int major, minor;
	uint32_t class;
	const char *owners[2];
	enum eb_when when;
	const char *request;
	bool beside;
	bool blocks;
	const char *remedy;
} cases[] = {
	{5, 10, 0x030000, {"efifb"}, EB_BEFORE, "", false, true, "release"},
	{5, 19, 0x030000, {"vesafb"}, EB_BEFORE, "", false, true, "release"},
	{0, 0, 0x030000, {"efifb"}, EB_BEFORE, "", false, true, "release"},
	{6, 0, 0x030000, {"efifb"}, EB_BEFORE, "", false, false, "evicted"},
	{6, 1, 0x030000, {"BOOTFB"}, EB_BEFORE, "", false, false, "evicted"},
	{6,
	 12,
	 0x030000,
	 {"BOOTFB", "simpledrm"},
	 EB_BEFORE,
	 "",
	 false,
	 false,
	 "evicted"},
	{7, 0, 0x030000, {"efidrm"}, EB_BEFORE, "", false, false, "evicted"},
	{6, 1, 0x038000, {"efifb"}, EB_BEFORE, "", false, true, "release"},
	{6, 12, 0x030200, {"efifb"}, EB_BEFORE, "", false, true, "release"},
	/* The default VGA device takes the framebuffer along wherever it is, until 6.11.
	 */
	{6, 1, 0x038000, {"efifb"}, EB_BEFORE, "", true, false, "evicted"},
	{6, 12, 0x038000, {"efifb"}, EB_BEFORE, "", true, true, "release"},
	{5, 10, 0x038000, {"efifb"}, EB_BEFORE, "", true, true, "release"},
	/* What the platform device has, its driver's going does not free. */
	{5, 15, 0x030000, {"BOOTFB"}, EB_BEFORE, "", false, true, "no-sysfb"},
	{5, 15, 0x030000, {"BOOTFB", "simplefb"}, EB_BEFORE, "", false, true, "no-sysfb"},
	{5,
	 15,
	 0x030000,
	 {"BOOTFB"},
	 EB_BEFORE,
	 "earlybind.fb=release",
	 false,
	 true,
	 "no-sysfb"},
	{5,
	 15,
	 0x030000,
	 {"BOOTFB"},
	 EB_BEFORE,
	 "initcall_blacklist=a,sysfb_init",
	 false,
	 true,
	 "firmware"},
	{5,
	 10,
	 0x030000,
	 {"efifb"},
	 EB_BEFORE,
	 "earlybind.fb=release",
	 false,
	 false,
	 "release"},
	/* What is still there has not been helped by what was given. */
	{6, 12, 0x030000, {"efifb"}, EB_AFTER, "", false, true, "release"},
	{6,
	 12,
	 0x038000,
	 {"efifb"},
	 EB_AFTER,
	 "earlybind.fb=release",
	 false,
	 true,
	 "no-sysfb"},
	{6,
	 12,
	 0x030000,
	 {"BOOTFB"},
	 EB_AFTER,
	 "initcall_blacklist=sysfb_init",
	 false,
	 true,
	 "firmware"},
	{6, 12, 0x030000, {EB_OWNER_UNASSIGNED}, EB_BEFORE, "", false, true, "above-4g"},
	{6, 12, 0x030000, {EB_OWNER_UNASSIGNED}, EB_AFTER, "", false, true, "above-4g"},
};

static void set_up(size_t row)
{
	size_t i;

	memset(&pci, 0, sizeof(pci));
	memset(&plan, 0, sizeof(plan));
	memset(&conflicts, 0, sizeof(conflicts));
	pci.count = pci.details = 2;
	pci.function[0].class = cases[row].class;
	pci.function[1].class = 0x030000;
	pci.function[1].detail = pci.detail[1].function = 1;
	pci.detail[1].boot_vga = true;
	plan.count = cases[row].beside ? 2 : 1;
	plan.device[1].function = 1;
	for (i = 0; i < 2 && cases[row].owners[i]; i++) {
		struct eb_conflict *c = &conflicts.list[conflicts.count++];

		*c = (struct eb_conflict){.when = cases[row].when, .range = FB};
		snprintf(c->owner, sizeof(c->owner), "%s", cases[row].owners[i]);
	}
}

static void foretells_what_blocks(void **state)
{
	static struct eb_findings findings;
	static struct eb_request request;
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		const struct eb_machine machine = {.major = cases[i].major,
						   .minor = cases[i].minor,
						   .framebuffer = FB};

		print_message("  %u.%u %06x %s\n", cases[i].major, cases[i].minor,
			      cases[i].class, cases[i].owners[0]);
		set_up(i);
		eb_request_read(cases[i].request, strlen(cases[i].request), &request,
				&findings);
		eb_remedy_judge(&request, &pci, &machine, &plan, cases[i].when,
				&conflicts);
		for (j = 0; j < conflicts.count; j++) {
			const struct eb_conflict *c = &conflicts.list[j];

			assert_int_equal(c->blocks, cases[i].blocks);
			assert_string_equal(eb_remedy_name(c->remedy), cases[i].remedy);
		}
	}
}

/* A driver's claim elsewhere on the BAR does not go with the framebuffer. */
static void keeps_strangers_apart(void **state)
{
	static const struct eb_request request = {.release_fb = true};
	const struct eb_machine machine = {.major = 6, .framebuffer = FB};

	(void)state;
	set_up(3);
	conflicts.list[0].range = (struct eb_range){0xe8000000, 0xe8000fff};
	eb_remedy_judge(&request, &pci, &machine, &plan, EB_BEFORE, &conflicts);
	assert_true(conflicts.list[0].blocks);
	assert_false(eb_remedy_is_framebuffer(&machine, &conflicts.list[0]));
}

static void each_remedy_has_words(void **state)
{
	enum eb_remedy remedy;

	(void)state;
	for (remedy = EB_REMEDY_EVICTED; remedy <= EB_REMEDY_ABOVE_4G; remedy++) {
		assert_true(strlen(eb_remedy_name(remedy)) > 0);
		assert_true(strlen(eb_remedy_text(remedy)) > 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(foretells_what_blocks),
		cmocka_unit_test(keeps_strangers_apart),
		cmocka_unit_test(each_remedy_has_words),
	};

	return cmocka_run_group_tests_name("remedy", tests, NULL, NULL);
}
