// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of the report as lines: of a device, in the kernel log, and in boot.log. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <earlybind/survey.h>

#include "fake-kernel.h"
#include "fake-place.h"
#include "unit.h"

static struct eb_survey survey;
static struct fake_kernel kernel;

/* COUNT functions 0000:05:00.0 and on, all of them claimed from nouveau. */
static struct eb_report set_up(unsigned int count)
{
	unsigned int i;

	memset(&survey, 0, sizeof(survey));
	memset(&kernel, 0, sizeof(kernel));
	survey.machine.boot_display = EB_NO_FUNCTION;
	snprintf(survey.machine.release, sizeof(survey.machine.release), "6.1.0-test");
	snprintf(survey.pci.driver[1], EB_DRIVER_NAME, "nouveau");
	snprintf(survey.pci.driver[2], EB_DRIVER_NAME, "vfio-pci");
	survey.pci.count = survey.plan.count = count;
	for (i = 0; i < count; i++) {
		survey.pci.function[i] = (struct eb_function){
			.addr = {.bus = 5, .device = (uint8_t)(i / 8), .function = i % 8},
			.driver = 1,
			.detail = -1};
		survey.plan.device[i] = (struct eb_device){.function = (int16_t)i,
							   .result = EB_RESULT_CLAIMED,
							   .after_known = true,
							   .after = "vfio-pci"};
	}
	return eb_survey_report(&survey);
}

static void tells_of_a_device(void **state)
{
	static const struct {
		enum eb_result result;
		uint8_t before; /* 0 none, 1 nouveau, 2 vfio-pci */
		const char *after, *reason;
		const char *line;
	} cases[] = {
		{EB_RESULT_CLAIMED, 1, "vfio-pci", "", "bound to vfio-pci (was nouveau)"},
		{EB_RESULT_CLAIMED, 0, "vfio-pci", "",
		 "bound to vfio-pci (had no driver)"},
		{EB_RESULT_CLAIMED, 2, "vfio-pci", "already on vfio-pci",
		 "bound to vfio-pci (was already)"},
		{EB_RESULT_PLANNED, 1, NULL, "",
		 "would be bound to vfio-pci (was nouveau)"},
		{EB_RESULT_REFUSED, 1, NULL, "no IOMMU group",
		 "not claimed: no IOMMU group"},
		{EB_RESULT_FAILED, 1, "nouveau", "binding vfio-pci: EINVAL",
		 "not bound to vfio-pci, has driver nouveau: binding vfio-pci: EINVAL"},
		{EB_RESULT_FAILED, 1, "", "binding vfio-pci: ENODEV",
		 "not bound to vfio-pci: binding vfio-pci: ENODEV"},
		{EB_RESULT_TIMEOUT, 1, "nouveau", "unbinding took longer than 10 seconds",
		 "given up, has driver nouveau: unbinding took longer than 10 seconds"},
	};
	char line[EB_LINE_TEXT], expected[EB_LINE_TEXT];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		struct eb_report report = set_up(1);
		struct eb_device *device = &survey.plan.device[0];
		struct eb_text text = eb_text_on(line, sizeof(line));

		device->result = cases[i].result;
		device->after_known = cases[i].after != NULL;
		snprintf(device->after, sizeof(device->after), "%s",
			 cases[i].after ? cases[i].after : "");
		snprintf(device->reason, sizeof(device->reason), "%s", cases[i].reason);
		survey.pci.function[0].driver = cases[i].before;
		snprintf(expected, sizeof(expected), "0000:05:00.0: %s", cases[i].line);
		eb_report_device_line(&report, device, &text);
		assert_string_equal(line, expected);
	}
}

static void add_finding(enum eb_code code, const char *words, int function)
{
	const struct eb_addr *at = function < 0 ? NULL
						: &survey.pci.function[function].addr;
	struct eb_text *text = eb_finding_add(&survey.findings, code, at);

	eb_text_add(text, "%s", words);
}

static void say(struct eb_report *report, unsigned int lines)
{
	const struct eb_ops ops = fake_kernel_ops(&kernel);

	kernel.lines = 0;
	eb_report_say(report, ops.say, ops.ctx, lines);
}

static void add_conflict(int function, const char *owner, enum eb_when when, bool blocks)
{
	struct eb_conflict *c = &survey.conflicts.list[survey.conflicts.count++];

	*c = (struct eb_conflict){.function = (int16_t)function,
				  .bar = 1,
				  .when = when,
				  .blocks = blocks,
				  .remedy = EB_REMEDY_RELEASE,
				  .evidence = -1,
				  .range = {0xe0000000, 0xe07e8fff}};
	snprintf(c->owner, sizeof(c->owner), "%s", owner);
}

static void says_errors_first(void **state)
{
	struct eb_report report = set_up(6);
	static const struct {
		enum eb_level level;
		const char *text;
	} lines[] = {
		{EB_LEVEL_ERR, "'0e:00' matches nothing here"},
		{EB_LEVEL_ERR, "'05:00.5' names a bridge"},
		{EB_LEVEL_ERR, "0000:05:00.3: not claimed: no IOMMU group"},
		{EB_LEVEL_WARNING,
		 "0000:05:00.1: bound to vfio-pci (was nouveau), but a guest cannot use "
		 "BAR 1: efifb occupies 0xe0000000-0xe07e8fff"},
		{EB_LEVEL_WARNING,
		 "0000:05:00.4: bound to vfio-pci (was nouveau), but a guest cannot use "
		 "BAR 1: it has no address"},
		{EB_LEVEL_NOTICE, "0000:05:00.0: bound to vfio-pci (was nouveau)"},
		{EB_LEVEL_NOTICE, "0000:05:00.2: bound to vfio-pci (was nouveau)"},
	};
	size_t i;

	(void)state;
	survey.plan.device[3].result = EB_RESULT_REFUSED;
	survey.plan.device[3].after_known = false;
	snprintf(survey.plan.device[3].reason, EB_REASON_TEXT, "no IOMMU group");
	survey.plan.count = 5;
	add_conflict(0, "efifb", EB_BEFORE, true);
	add_conflict(1, "efifb", EB_AFTER, true);
	add_conflict(3, "efifb", EB_AFTER, true);
	add_conflict(2, "efifb", EB_AFTER, false);
	add_conflict(4, EB_OWNER_UNASSIGNED, EB_AFTER, true);
	/* Told in the device's own line, no error, or told by nothing else. */
	add_finding(EB_FIND_NO_IOMMU, "0000:05:00.3 is in no IOMMU group", 3);
	add_finding(EB_FIND_GROUP_HELD, "a warning", -1);
	add_finding(EB_FIND_NO_MATCH, "'0e:00' matches nothing here", -1);
	add_finding(EB_FIND_BRIDGE, "'05:00.5' names a bridge", 5);
	say(&report, EB_MAX_LINES);
	assert_int_equal(kernel.lines, COUNT(lines));
	for (i = 0; i < COUNT(lines); i++) {
		assert_string_equal(kernel.line[i].text, lines[i].text);
		assert_int_equal(kernel.line[i].level, lines[i].level);
	}
}

/* At most so many lines, and the last one says how many more there are. */
static void says_no_more_than_it_may(void **state)
{
	static const struct {
		unsigned int devices, lines, said;
		const char *last;
	} cases[] = {
		{3, 8, 3, "0000:05:00.2: bound to vfio-pci (was nouveau)"},
		{8, 8, 8, "0000:05:00.7: bound to vfio-pci (was nouveau)"},
		{9, 8, 8, "2 more lines are in /run/earlybind/boot.log"},
		{40, 6, 6, "35 more lines are in /run/earlybind/boot.log"},
		{2, 1, 1, "2 more lines are in /run/earlybind/boot.log"},
		{1, 1, 1, "0000:05:00.0: bound to vfio-pci (was nouveau)"},
		{2, 0, 0, NULL},
		{0, 8, 0, NULL},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		struct eb_report report = set_up(cases[i].devices);

		print_message("  %u devices, %u lines\n", cases[i].devices,
			      cases[i].lines);
		say(&report, cases[i].lines);
		assert_int_equal(kernel.lines, cases[i].said);
		if (cases[i].last)
			assert_string_equal(kernel.line[kernel.lines - 1].text,
					    cases[i].last);
	}
}

static const char *log_text(struct place *place, const struct eb_report *report)
{
	int fd = open(place_path(place, "log"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
		      0600);

	assert_true(fd >= 0);
	assert_int_equal(eb_report_text(report, fd), 0);
	close(fd);
	return place_read(place, "log");
}

static void writes_it_all_to_boot_log(void **state)
{
	struct eb_report report = set_up(2);

	report.held_us = 900;
	report.elapsed_us = 120000;
	survey.pci.count = 3;
	add_conflict(0, "efifb", EB_BEFORE, true);
	add_conflict(1, "BOOTFB", EB_AFTER, true);
	add_conflict(2, "of a card that nobody asked for", EB_BEFORE, true);
	add_conflict(1, EB_OWNER_UNASSIGNED, EB_AFTER, true);
	add_finding(EB_FIND_NO_MATCH, "'0e:00' matches nothing here", -1);
	add_finding(EB_FIND_HANDED_BACK, "0000:05:00.1 was returned", 1);
	assert_string_equal(
		log_text(*state, &report),
		"earlybind " EB_VERSION
		", kernel 6.1.0-test: held after 900 us, done after 120000 "
		"us\n0000:05:00.0: bound to vfio-pci (was nouveau)\n0000:05:00.1: bound "
		"to vfio-pci (was nouveau)\nconflict: 0000:05:00.0: BAR 1 before "
		"binding: efifb occupies 0xe0000000-0xe07e8fff, which blocks it; add "
		"earlybind.fb=release\nconflict: 0000:05:00.1: BAR 1 after binding: "
		"BOOTFB occupies 0xe0000000-0xe07e8fff, which blocks it; add "
		"earlybind.fb=release\nconflict: 0000:05:00.1: BAR 1 after binding: it "
		"has no address, which blocks it; add earlybind.fb=release\nerror "
		"no-match: '0e:00' matches nothing here\ninfo handed-back: 0000:05:00.1 "
		"was returned\n");
	report = set_up(0);
	survey.request.options.dryrun = true;
	assert_string_equal(log_text(*state, &report),
			    "earlybind " EB_VERSION
			    ", kernel 6.1.0-test, dry run: held after 0 us, done after 0 "
			    "us\nnothing was selected, nothing was claimed\n");
	add_finding(EB_FIND_NO_MATCH, "'0e:00' matches nothing here", -1);
	assert_null(strstr(log_text(*state, &report), "nothing was selected"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_of_a_device),
		cmocka_unit_test(says_errors_first),
		cmocka_unit_test(says_no_more_than_it_may),
		cmocka_unit_test_setup_teardown(writes_it_all_to_boot_log, place_setup,
						place_teardown),
	};

	return cmocka_run_group_tests_name("lines", tests, NULL, NULL);
}
