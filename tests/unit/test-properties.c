// SPDX-License-Identifier: GPL-2.0-or-later
/* What must hold of every plan: checked on machines and requests thrown by dice. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crowd.h"
#include "oracle.h"
#include "unit.h"

static struct eb_survey survey;
static struct crowd crowd;
static struct oracle oracle;
static char line[EB_MAX_CMDLINE];

/* Up to ITEMS items on what the machine has, over one or two arguments. */
static void throw_request(struct dice *dice, unsigned int items)
{
	struct eb_text text = eb_text_on(line, sizeof(line));

	eb_text_add(&text, "quiet ");
	if (dice_one_in(dice, 4))
		eb_text_add(&text, "earlybind.nongpu=allow ");
	eb_text_add(&text, "vfio.gpus=%s", crowd_item(&survey.pci, dice));
	while (--items > 0) {
		const char *item = crowd_item(&survey.pci, dice);

		/* a none at the end would leave little to look at */
		if (strcmp(item, "none") == 0 && !dice_one_in(dice, 4))
			continue;
		eb_text_add(&text, "%s%s", dice_one_in(dice, 8) ? " rd.vfio.gpus=" : ",",
			    item);
	}
	assert_false(text.cut);
}

static void throw_machine(struct dice *dice, unsigned int count)
{
	crowd_throw(&crowd, dice, count);
	build_pci(&survey.pci, crowd.part);
	survey.machine = (struct eb_machine){.iommu = true};
}

/* Is exactly that planned which the oracle says? Returns how much that is. */
static unsigned int check_plan(void)
{
	unsigned int i, planned = 0;

	oracle_ask(&oracle, &survey);
	for (i = 0; i < survey.pci.count; i++) {
		const struct eb_device *device = eb_plan_find(&survey.plan, (int)i);
		bool is = device && device->result == EB_RESULT_PLANNED;

		if (is != oracle_plans(&oracle, i))
			fail_msg("%s%s planned: %s", crowd.part[i].at,
				 is ? " is" : " is not", line);
		planned += is;
	}
	return planned;
}

static void nothing_is_planned_that_no_item_names(void **state)
{
	struct dice dice = {.state = 1};
	unsigned int machine, request, planned = 0;

	(void)state;
	for (machine = 0; machine < 300; machine++) {
		throw_machine(&dice, 8 + dice_roll(&dice, 90));
		for (request = 0; request < 12; request++) {
			throw_request(&dice, 1 + dice_roll(&dice, 6));
			build_plan(&survey, crowd.part, line);
			planned += check_plan();
		}
	}
	print_message("  %u functions planned\n", planned);
	assert_true(planned > 5000);
}

/* What stays when two items change places. */
struct outcome {
	unsigned int count, codes[EB_CODES];
	int16_t function[EB_MAX_DEVICES];
	enum eb_result result[EB_MAX_DEVICES];
};

static void take_outcome(struct outcome *outcome)
{
	unsigned int i;

	memset(outcome, 0, sizeof(*outcome));
	outcome->count = survey.plan.count;
	for (i = 0; i < survey.plan.count; i++) {
		outcome->function[i] = survey.plan.device[i].function;
		outcome->result[i] = survey.plan.device[i].result;
	}
	for (i = 0; i < survey.findings.count; i++)
		outcome->codes[survey.findings.list[i].code]++;
}

static void swap_items(unsigned int i)
{
	struct eb_selector *item = &survey.request.selector[i], other = *item;

	item[0] = item[1];
	item[1] = other;
	survey.findings.count = survey.findings.dropped = 0;
	build_plan_again(&survey, crowd.part);
}

static void the_order_of_unrelated_items_does_not_matter(void **state)
{
	struct dice dice = {.state = 2};
	unsigned int round, i, swapped = 0;
	struct outcome before, after;

	(void)state;
	for (round = 0; round < 1500; round++) {
		if (round % 10 == 0)
			throw_machine(&dice, 8 + dice_roll(&dice, 90));
		throw_request(&dice, 2 + dice_roll(&dice, 6));
		build_plan(&survey, crowd.part, line);
		take_outcome(&before);
		oracle_ask(&oracle, &survey);
		if (survey.request.selectors < 2)
			continue;
		i = dice_roll(&dice, survey.request.selectors - 1);
		if (!oracle_unrelated(&oracle, i, i + 1))
			continue;
		swap_items(i);
		take_outcome(&after);
		if (memcmp(&before, &after, sizeof(before)) != 0)
			fail_msg("items %u and %u of %s", i, i + 1, line);
		swapped++;
	}
	print_message("  %u pairs swapped\n", swapped);
	assert_true(swapped > 500);
}

static void a_claimed_machine_plans_nothing_new(void **state)
{
	struct dice dice = {.state = 3};
	unsigned int round, i, claimed = 0;
	struct outcome before;

	(void)state;
	for (round = 0; round < 600; round++) {
		throw_machine(&dice, 8 + dice_roll(&dice, 90));
		throw_request(&dice, 1 + dice_roll(&dice, 6));
		build_plan(&survey, crowd.part, line);
		take_outcome(&before);
		for (i = 0; i < before.count; i++) {
			struct part *part = &crowd.part[before.function[i]];

			if (before.result[i] != EB_RESULT_PLANNED)
				continue;
			part->driver = part->override = "vfio-pci";
			before.result[i] = EB_RESULT_CLAIMED;
			claimed++;
		}
		build_plan(&survey, crowd.part, line);
		assert_int_equal(survey.plan.count, before.count);
		for (i = 0; i < before.count; i++) {
			assert_int_equal(survey.plan.device[i].function,
					 before.function[i]);
			assert_int_equal(survey.plan.device[i].result, before.result[i]);
		}
	}
	print_message("  %u functions claimed\n", claimed);
	assert_true(claimed > 1000);
}

static void the_largest_machine_is_planned_like_the_others(void **state)
{
	struct dice dice = {.state = 4};
	unsigned int round, planned = 0;

	(void)state;
	for (round = 0; round < 6; round++) {
		throw_machine(&dice, EB_MAX_FUNCTIONS);
		throw_request(&dice, 64);
		build_plan(&survey, crowd.part, line);
		assert_int_equal(survey.pci.count, EB_MAX_FUNCTIONS);
		planned += check_plan();
		assert_true(survey.plan.count <= EB_MAX_DEVICES);
	}
	print_message("  %u functions planned\n", planned);
	assert_true(planned > 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_planned_that_no_item_names),
		cmocka_unit_test(the_order_of_unrelated_items_does_not_matter),
		cmocka_unit_test(a_claimed_machine_plans_nothing_new),
		cmocka_unit_test(the_largest_machine_is_planned_like_the_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
