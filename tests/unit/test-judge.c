// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of which conflicts block and what helps, by kernel, class and request. */
#include <stdio.h>
#include <string.h>

#include <earlybind/judge.h>

#include "unit.h"

#define VGA	0x030000
#define THREE_D 0x030200
#define DISPLAY 0x038000

/* What else there is, beside one function of CLASS with the framebuffer on its BAR 0. */
enum {
	RELEASE = 1,	 /* earlybind.fb=release */
	SYSFB_OFF = 2,	 /* initcall_blacklist=sysfb_init */
	WITH_VGA = 4,	 /* the VGA that the arbiter has as default is claimed too */
	WITHOUT_VGA = 8, /* it is there and is not claimed */
	NO_SCREEN = 16,	 /* screen_info is not to be read */
	ELSEWHERE = 32,	 /* the claim is not where the framebuffer is */
	DRIVEN = 64,	 /* that VGA has a driver */
	NO_MODES = 128,	 /* nomodeset */
};

static struct eb_pci pci;
static struct eb_plan plan;
static struct eb_conflicts conflicts;

static void put(const char *owner, uint8_t bar, enum eb_when when, int more)
{
	struct eb_conflict *c = &conflicts.list[conflicts.count++];

	*c = (struct eb_conflict){
		.bar = bar, .when = when, .range = {0xe0000000, 0xe07e8fff}};
	if (more & ELSEWHERE)
		c->range = (struct eb_range){0xe1000000, 0xe1000fff};
	snprintf(c->owner, sizeof(c->owner), "%s", owner);
}

static void set_up(uint32_t class, int more)
{
	memset(&pci, 0, sizeof(pci));
	memset(&plan, 0, sizeof(plan));
	memset(&conflicts, 0, sizeof(conflicts));
	pci.count = pci.details = 2;
	pci.function[0].class = class;
	pci.function[1] = (struct eb_function){
		.class = VGA, .detail = 1, .driver = more & DRIVEN ? 1 : EB_NO_DRIVER};
	pci.detail[1].function = 1;
	pci.detail[1].boot_vga = (more & (WITH_VGA | WITHOUT_VGA)) != 0;
	plan.count = 2;
	plan.device[1].function = 1;
	if (!(more & WITH_VGA))
		plan.device[1].result = EB_RESULT_REFUSED;
}

static const struct {
	unsigned int major, minor;
	uint32_t class;
	const char *owner;
	enum eb_when when;
	int more;
	bool blocks;
	const char *remedy;
} cases[] = {
	/* vfio-pci evicts what is on a VGA, since 6.0. */
	{5, 10, VGA, "efifb", EB_BEFORE, 0, true, "release"},
	{5, 19, VGA, "efifb", EB_BEFORE, 0, true, "release"},
	{6, 0, VGA, "efifb", EB_BEFORE, 0, false, "evicted"},
	{6, 1, VGA, "BOOTFB", EB_BEFORE, 0, false, "evicted"},
	{6, 12, VGA, "simpledrm", EB_BEFORE, 0, false, "evicted"},
	{7, 0, VGA, "efifb", EB_BEFORE, RELEASE, false, "evicted"},
	{0, 0, VGA, "efifb", EB_BEFORE, 0, true, "release"},
	{6, 12, VGA, "a stranger", EB_BEFORE, ELSEWHERE, true, "owner"},
	{6, 12, VGA, "efifb", EB_BEFORE, NO_SCREEN, false, "evicted"},
	/* Not what is on another display controller... */
	{6, 12, DISPLAY, "efifb", EB_BEFORE, 0, true, "release"},
	{6, 12, THREE_D, "efifb", EB_BEFORE, 0, true, "release"},
	/* ...but until 6.10 wherever it is, when the default VGA goes. */
	{6, 1, DISPLAY, "efifb", EB_BEFORE, WITH_VGA, false, "evicted"},
	{6, 10, DISPLAY, "BOOTFB", EB_BEFORE, WITH_VGA, false, "evicted"},
	/* If it stays with the host, its own driver does, after the initramfs. */
	{6, 1, DISPLAY, "efifb", EB_BEFORE, WITHOUT_VGA, false, "host-driver"},
	{6, 1, DISPLAY, "BOOTFB", EB_BEFORE, WITHOUT_VGA, false, "host-driver"},
	{6, 1, DISPLAY, "efifb", EB_BEFORE, WITHOUT_VGA | DRIVEN, false, "host-driver"},
	{6, 1, DISPLAY, "efifb", EB_AFTER, WITHOUT_VGA, false, "host-driver"},
	{6, 1, DISPLAY, "efifb", EB_AFTER, WITHOUT_VGA | DRIVEN, true, "release"},
	{6, 1, DISPLAY, "efifb", EB_AFTER, WITH_VGA, true, "release"},
	{6, 1, DISPLAY, "efifb", EB_BEFORE, WITHOUT_VGA | NO_MODES, true, "release"},
	{6, 1, DISPLAY, "a stranger", EB_BEFORE, WITHOUT_VGA | ELSEWHERE, true, "owner"},
	{5, 10, DISPLAY, "efifb", EB_BEFORE, WITHOUT_VGA, true, "release"},
	{6, 11, DISPLAY, "efifb", EB_BEFORE, WITHOUT_VGA, true, "release"},
	{6, 11, DISPLAY, "efifb", EB_BEFORE, WITH_VGA, true, "release"},
	{7, 1, DISPLAY, "efifb", EB_BEFORE, WITH_VGA, true, "release"},
	{5, 10, DISPLAY, "efifb", EB_BEFORE, WITH_VGA, true, "release"},
	/* Unbinding frees efifb and vesafb, BOOTFB stays with its device. */
	{5, 10, VGA, "efifb", EB_BEFORE, RELEASE, false, "release"},
	{5, 10, VGA, "vesafb", EB_BEFORE, 0, true, "release"},
	{5, 10, VGA, "vesafb", EB_BEFORE, RELEASE, false, "release"},
	{6, 12, DISPLAY, "efifb", EB_BEFORE, RELEASE, false, "release"},
	{5, 15, VGA, "BOOTFB", EB_BEFORE, 0, true, "no-sysfb"},
	{5, 15, VGA, "BOOTFB", EB_BEFORE, RELEASE, true, "no-sysfb"},
	{6, 12, DISPLAY, "BOOTFB", EB_BEFORE, 0, true, "no-sysfb"},
	{5, 15, VGA, "BOOTFB", EB_BEFORE, SYSFB_OFF, true, "firmware"},
	/* What is still there afterwards blocks. */
	{6, 12, VGA, "efifb", EB_AFTER, 0, true, "release"},
	{5, 10, VGA, "efifb", EB_AFTER, RELEASE, true, "no-sysfb"},
	{5, 10, VGA, "efifb", EB_AFTER, RELEASE | SYSFB_OFF, true, "firmware"},
	{6, 12, VGA, "BOOTFB", EB_AFTER, 0, true, "no-sysfb"},
	{6, 12, VGA, "unassigned", EB_AFTER, RELEASE, true, "realloc"},
	{6, 12, VGA, "unassigned", EB_BEFORE, NO_SCREEN, true, "realloc"},
};

static void judges_each_conflict(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		int more = cases[i].more;
		struct eb_machine machine = {.major = cases[i].major,
					     .minor = cases[i].minor};
		const struct eb_request request = {.options.release_fb = more & RELEASE,
						   .sysfb_off = more & SYSFB_OFF,
						   .nomodeset = more & NO_MODES};

		print_message("  %u.%u %06x %s, %d, %s\n", cases[i].major, cases[i].minor,
			      cases[i].class, cases[i].owner, more,
			      eb_conflict_when(cases[i].when));
		set_up(cases[i].class, more);
		if (!(more & NO_SCREEN))
			machine.framebuffer = (struct eb_range){0xe0000000, 0xe07e8fff};
		put(cases[i].owner, 0, cases[i].when, more);
		eb_judge_conflicts(&request, &pci, &machine, &plan, cases[i].when,
				   &conflicts);
		assert_string_equal(eb_remedy_name(conflicts.list[0].remedy),
				    cases[i].remedy);
		assert_int_equal(conflicts.list[0].blocks, cases[i].blocks);
	}
}

/* simpledrm in BOOTFB goes when it is unbound, and the BAR is not free all the same. */
static void looks_at_all_that_is_on_a_bar(void **state)
{
	const struct eb_request request = {.options.release_fb = true};
	const struct eb_machine machine = {.major = 5, .minor = 15};

	(void)state;
	set_up(VGA, 0);
	put("BOOTFB", 1, EB_BEFORE, 0);
	put("simpledrm", 1, EB_BEFORE, 0);
	put("efifb", 3, EB_BEFORE, 0);
	put("simpledrm", 1, EB_AFTER, 0);
	eb_judge_conflicts(&request, &pci, &machine, &plan, EB_BEFORE, &conflicts);
	assert_string_equal(eb_remedy_name(conflicts.list[0].remedy), "no-sysfb");
	assert_string_equal(eb_remedy_name(conflicts.list[1].remedy), "no-sysfb");
	assert_true(conflicts.list[1].blocks);
	assert_string_equal(eb_remedy_name(conflicts.list[2].remedy), "release");
	assert_false(conflicts.list[2].blocks);
	/* What was seen at another time is another turn's. */
	assert_string_equal(eb_remedy_name(conflicts.list[3].remedy), "none");
}

static void every_remedy_says_what_to_do(void **state)
{
	int i;

	(void)state;
	for (i = EB_REMEDY_EVICTED; i < EB_REMEDIES; i++)
		assert_true(strlen(eb_remedy_text((enum eb_remedy)i)) > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_each_conflict),
		cmocka_unit_test(looks_at_all_that_is_on_a_bar),
		cmocka_unit_test(every_remedy_says_what_to_do),
	};

	return cmocka_run_group_tests_name("remedy", tests, NULL, NULL);
}
