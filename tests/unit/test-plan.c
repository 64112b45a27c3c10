// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of the policy: what is claimed of that which was chosen, and what is refused. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "machines.h"
#include "unit.h"

static struct eb_survey survey;

struct row {
	const struct part *parts;
	const char *cmdline;
	const char *results;
	const char *codes;
};

static void check(const struct row *rows, size_t count)
{
	size_t i;

	survey.machine = (struct eb_machine){.cpu = EB_CPU_INTEL, .iommu = true};
	for (i = 0; i < count; i++) {
		ROW(rows[i].cmdline);
		build_plan(&survey, rows[i].parts, rows[i].cmdline);
		assert_string_equal(results_text(&survey), rows[i].results);
		assert_string_equal(codes_text(&survey), rows[i].codes);
	}
}

static void cards_are_planned_by_address(void **state)
{
	static const struct row rows[] = {
		{desk, "", "", ""},
		{desk, "vfio.gpus=02:00,01:00.1,01:00.0",
		 "01:00.0 planned, 01:00.1 planned, 02:00.0 planned, 02:00.1 planned, "
		 "02:00.2 planned, 02:00.3 planned",
		 "group-held group-held"},
		{arc, "vfio.gpus=8086:56a0", "03:00.0 planned, 04:00.0 planned", ""},
		{desk, "vfio.gpus=00:01", "", "bridge"},
	};

	(void)state;
	check(rows, COUNT(rows));
}

static void slots_without_a_display_are_refused(void **state)
{
	static const struct row rows[] = {
		{desk, "vfio.gpus=03:00", "03:00.0 refused", "not-display"},
		{desk, "vfio.gpus=03:00 earlybind.nongpu=refuse", "03:00.0 refused",
		 "not-display"},
		{desk, "vfio.gpus=03:00 earlybind.nongpu=allow", "03:00.0 planned", ""},
		{desk, "vfio.gpus=144d:a808 earlybind.nongpu=allow", "03:00.0 planned",
		 ""},
		{desk, "vfio.gpus=00:17,03:00.0", "00:17.0 refused, 03:00.0 refused",
		 "not-display not-display"},
		/* bridges never, whatever is allowed */
		{desk, "vfio.gpus=00:01,00:00,00:1f.0 earlybind.nongpu=allow", "",
		 "bridge bridge bridge"},
		{radeon, "vfio.gpus=01:00.0,02:00.0 earlybind.nongpu=allow", "",
		 "bridge bridge"},
		/* the sound alone, of a card with a display: of another bus too */
		{arc, "vfio.gpus=04:00", "04:00.0 planned", ""},
	};

	(void)state;
	check(rows, COUNT(rows));
}

/* A slot of a network card is refused whole and once. */
static void a_refused_slot_is_said_once(void **state)
{
	static const struct part nic[] = {
		PART("03:00.0", NIC, 0x8086, 0x10fb, .group = 1),
		PART("03:00.1", NIC, 0x8086, 0x10fb, .group = 1),
		PART("03:01.0", NIC, 0x8086, 0x10fb, .group = 1),
		{0},
	};
	static const struct row rows[] = {
		{nic, "vfio.gpus=03:00", "03:00.0 refused, 03:00.1 refused",
		 "not-display"},
		{nic, "vfio.gpus=03:00,03:01",
		 "03:00.0 refused, 03:00.1 refused, 03:01.0 refused",
		 "not-display not-display"},
	};

	(void)state;
	check(rows, COUNT(rows));
}

static void what_cannot_be_passed_on_is_refused(void **state)
{
	static const struct part odd[] = {
		PART("01:00.0", VGA, 0x10de, 0x1187, .group = 0),
		PART("01:00.1", AUDIO, 0x10de, 0x0e0a, .group = 0),
		PART("02:00.0", VGA, 0x8086, 0x56c0, .group = 2, .vfs = 4),
		PART("03:00.0", VGA, 0x10de, 0x1187, .group = 3, .override = "nvidia"),
		PART("03:00.1", AUDIO, 0x10de, 0x0e0a, .group = 3),
		PART("04:00.0", VGA, 0x10de, 0x1187, .group = 4, .driver = "vfio-pci",
		     .override = "vfio-pci"),
		PART("04:00.1", AUDIO, 0x10de, 0x0e0a, .group = 4),
		PART("05:00.0", VGA, 0x10de, 0x1187, .group = 5, .override = "vfio-pci"),
		PART("06:00.0", VGA, 0x10de, 0x1187, .group = 6, .driver = "nouveau"),
		PART("07:00.0", VGA, 0x10de, 0x1187, .driver = "vfio-pci"),
		{0},
	};
	static const struct row rows[] = {
		/* no IOMMU group: one finding for all of them */
		{odd, "vfio.gpus=01:00", "01:00.0 refused, 01:00.1 refused", "no-iommu"},
		{odd, "vfio.gpus=02:00", "02:00.0 refused", "sriov"},
		/* another's override: its own function alone; the rest of the card is
		 * planned, and the group is not whole */
		{odd, "vfio.gpus=03:00", "03:00.0 refused, 03:00.1 planned",
		 "other-override group-held"},
		/* claimed already, by us or another tool */
		{odd, "vfio.gpus=04:00", "04:00.0 claimed, 04:00.1 planned", ""},
		{odd, "vfio.gpus=07:00", "07:00.0 claimed", ""},
		{odd, "vfio.gpus=05:00", "05:00.0 planned", ""},
		/* a driver that has it is to be unbound */
		{odd, "vfio.gpus=06:00", "06:00.0 planned", ""},
		/* the others are served all the same */
		{odd, "vfio.gpus=all,-03:00",
		 "01:00.0 refused, 01:00.1 refused, 02:00.0 refused, 04:00.0 claimed, "
		 "04:00.1 planned, 05:00.0 planned, 06:00.0 planned, 07:00.0 claimed",
		 "no-iommu sriov"},
	};

	(void)state;
	check(rows, COUNT(rows));
}

/* The result of the function at FUNCTION's place in the plan, and why. */
static void reasons_are_given(void **state)
{
	static const struct part odd[] = {
		PART("01:00.0", VGA, 0x10de, 0x1187),
		PART("02:00.0", VGA, 0x8086, 0x56c0, .group = 2, .vfs = 4),
		PART("03:00.0", VGA, 0x10de, 0x1187, .group = 3, .override = "nvidia"),
		PART("04:00.0", VGA, 0x10de, 0x1187, .group = 4, .driver = "vfio-pci"),
		PART("05:00.0", NIC, 0x8086, 0x10fb, .group = 5),
		PART("06:00.0", VGA, 0x10de, 0x1187, .group = 6),
		{0},
	};
	static const char *const reasons[] = {
		"no IOMMU group",
		"its virtual functions are enabled",
		"driver_override is set to another driver",
		"already on vfio-pci",
		"its slot has no display controller",
		"",
	};
	size_t i;

	(void)state;
	build_plan(&survey, odd, "vfio.gpus=nvidia vfio.gpus=02:00,05:00");
	assert_int_equal(survey.plan.count, COUNT(reasons));
	for (i = 0; i < COUNT(reasons); i++) {
		assert_string_equal(survey.plan.device[i].reason, reasons[i]);
		assert_int_equal(survey.plan.device[i].selector, i == 1	  ? 1
								 : i == 4 ? 2
									  : 0);
		assert_ptr_equal(eb_plan_find(&survey.plan, (int)i),
				 &survey.plan.device[i]);
		assert_false(survey.plan.device[i].held);
	}
	assert_null(eb_plan_find(&survey.plan, 6));
	assert_null(eb_plan_find(&survey.plan, EB_NO_FUNCTION));
}

static void requests_that_plan_nothing(void **state)
{
	static const struct row rows[] = {
		{desk, "vfio.gpus=none", "", "switched-off"},
		{desk, "vfio.gpus=01:00,none", "", "switched-off"},
		{desk, "vfio.gpus=none,03:00", "03:00.0 refused", "not-display"},
		{desk, "vfio.gpus=04:00", "", "no-match"},
		{desk, "vfio.gpus=x", "", "bad-item"},
		{desk, "vfio.gpus=", "", "empty-argument"},
		{desk, "vfio.gpus=01:00@10de:1187", "", "guard"},
		{desk, "vfio.gpus=01:00 earlybind.dryrun=1",
		 "01:00.0 planned, 01:00.1 planned, 01:00.2 planned, 01:00.3 planned",
		 "dry-run"},
	};
	struct eb_text text;
	char line[2100];
	int i;

	(void)state;
	check(rows, COUNT(rows));
	/* too many items: what was not read may take cards out again */
	text = eb_text_on(line, sizeof(line));
	eb_text_add(&text, "vfio.gpus=01:00");
	for (i = 0; i < EB_MAX_SELECTORS; i++)
		eb_text_add(&text, ",-02:00");
	build_plan(&survey, desk, line);
	assert_string_equal(results_text(&survey), "");
	assert_string_equal(codes_text(&survey), "too-long");
	/* as many bytes as the kernel keeps, and a list at the end */
	snprintf(line, sizeof(line), "%2047s", "vfio.gpus=02:00,-01:0");
	memcpy(line, "vfio.gpus=01:00", 15);
	build_plan(&survey, desk, line);
	assert_string_equal(results_text(&survey), "");
	assert_string_equal(codes_text(&survey), "too-long");
	snprintf(line, sizeof(line), "%2047s", "vfio.gpus=02:00");
	memcpy(line, "vfio.gpus=01:00.0", 17);
	build_plan(&survey, desk, line);
	assert_string_equal(results_text(&survey), "01:00.0 planned");
	assert_string_equal(codes_text(&survey),
			    "too-long group-held group-held group-held");
}

static void an_unsorted_plan_is_put_in_order(void **state)
{
	static const int16_t functions[] = {7, 2, 9, 4, 0};
	unsigned int i;

	(void)state;
	survey.plan.count = COUNT(functions);
	for (i = 0; i < COUNT(functions); i++)
		survey.plan.device[i].function = functions[i];
	eb_plan_sort(&survey.plan);
	for (i = 0; i < COUNT(functions); i++)
		assert_non_null(eb_plan_find(&survey.plan, functions[i]));
	assert_int_equal(survey.plan.device[0].function, 0);
	assert_null(eb_plan_find(&survey.plan, 3));
}

/* Processor time of asking for each of 4096 functions in a plan of COUNT, the least of
 * five runs; as many are found as there are. */
static clock_t time_of_finding(unsigned int count)
{
	const unsigned int step = EB_MAX_FUNCTIONS / count;
	clock_t least = 0;
	unsigned int i, run, found;

	survey.plan.count = count;
	for (i = 0; i < count; i++)
		survey.plan.device[i].function = (int16_t)(i * step + step / 2);
	for (run = 0; run < 5; run++) {
		clock_t start = clock(), time;

		for (i = found = 0; i < 20 * EB_MAX_FUNCTIONS; i++)
			if (eb_plan_find(&survey.plan, (int)(i % EB_MAX_FUNCTIONS)))
				found++;
		time = clock() - start;
		assert_int_equal(found, 20 * count);
		least = run == 0 || time < least ? time : least;
	}
	return least;
}

/* Many callers ask for each function of the machine. */
static void finding_does_not_search_the_plan(void **state)
{
	(void)state;
	assert_true(time_of_finding(EB_MAX_DEVICES) < 5 * time_of_finding(8));
}

static void results_have_names(void **state)
{
	(void)state;
	assert_string_equal(eb_plan_result_name(EB_RESULT_PLANNED), "planned");
	assert_string_equal(eb_plan_result_name(EB_RESULT_CLAIMED), "claimed");
	assert_string_equal(eb_plan_result_name(EB_RESULT_REFUSED), "refused");
	assert_string_equal(eb_plan_result_name(EB_RESULT_FAILED), "failed");
	assert_string_equal(eb_plan_result_name(EB_RESULT_TIMEOUT), "timeout");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cards_are_planned_by_address),
		cmocka_unit_test(slots_without_a_display_are_refused),
		cmocka_unit_test(a_refused_slot_is_said_once),
		cmocka_unit_test(what_cannot_be_passed_on_is_refused),
		cmocka_unit_test(reasons_are_given),
		cmocka_unit_test(requests_that_plan_nothing),
		cmocka_unit_test(an_unsorted_plan_is_put_in_order),
		cmocka_unit_test(finding_does_not_search_the_plan),
		cmocka_unit_test(results_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
