// SPDX-License-Identifier: GPL-2.0-or-later
/* How long planning takes of 4,096 functions and 64 items, on machines that make it
 * long in different ways. Fails when a plan takes more than its 10 ms. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <earlybind/card.h>

#include "crowd.h"

#define LIMIT_US 10000
#define ROUNDS	 101
#define ITEMS	 64

static struct eb_survey survey;
static struct crowd crowd;
static char line[EB_MAX_CMDLINE];

static unsigned int us_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (unsigned int)((now.tv_sec - start->tv_sec) * 1000000 +
			      (now.tv_nsec - start->tv_nsec) / 1000);
}

static void throw_items(struct dice *dice)
{
	struct eb_text text = eb_text_on(line, sizeof(line));
	unsigned int i;

	build_pci(&survey.pci, crowd.part);
	eb_text_add(&text, "earlybind.nongpu=allow vfio.gpus=all");
	for (i = 1; i < ITEMS; i++)
		eb_text_add(&text, ",%s", crowd_item(&survey.pci, dice));
}

static void repeat_item(const char *item)
{
	struct eb_text text = eb_text_on(line, sizeof(line));
	unsigned int i;

	eb_text_add(&text, "vfio.gpus=%s", item);
	for (i = 1; i < ITEMS; i++)
		eb_text_add(&text, ",%s", item);
}

/* Every function a display controller of one vendor, all in one IOMMU group. */
static void all_displays(void)
{
	unsigned int i;

	for (i = 0; i < crowd.count; i++)
		if (crowd.part[i].class != PORT) {
			crowd.part[i].class = VGA;
			crowd.part[i].vendor = 0x10de;
			crowd.part[i].group = 1;
		}
}

/* And below on-card switches, as far as their ports tell. */
static void all_one_vendor(void)
{
	unsigned int i;

	for (i = 0; i < crowd.count; i++)
		crowd.part[i].vendor = 0x10de;
}

static int by_value(const void *a, const void *b)
{
	const unsigned int *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

/* Reading, choosing and planning, and grouping to cards, which is the scan's part. */
static int measure(const char *what)
{
	static unsigned int plan[ROUNDS], group[ROUNDS];
	struct timespec start;
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		build_pci(&survey.pci, crowd.part);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
		eb_card_group(&survey.pci);
		group[i] = us_since(&start);
		survey.machine = (struct eb_machine){.iommu = true};
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
		eb_survey_request_text(&survey, line);
		plan[i] = us_since(&start);
		build_details(&survey.pci, crowd.part, &survey.request);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
		eb_machine_find_boot_display(&survey.machine, &survey.pci);
		eb_choose(&survey.request, &survey.pci, &survey.machine, &survey.choice,
			  &survey.findings);
		eb_plan_make(&survey.request, &survey.pci, &survey.machine,
			     &survey.choice, &survey.plan, &survey.findings);
		plan[i] += us_since(&start);
	}
	qsort(plan, ROUNDS, sizeof(plan[0]), by_value);
	qsort(group, ROUNDS, sizeof(group[0]), by_value);
	printf("bench-plan: %-34s plan %5u us, at most %5u; cards %5u us (%u functions, "
	       "%u items, %u devices)\n",
	       what, plan[ROUNDS / 2], plan[ROUNDS - 1], group[ROUNDS / 2],
	       survey.pci.count, survey.request.selectors, survey.plan.count);
	return plan[ROUNDS / 2] > LIMIT_US;
}

int main(void)
{
	struct dice dice = {.state = 4096};
	int slow = 0;

	crowd_throw(&crowd, &dice, EB_MAX_FUNCTIONS);
	throw_items(&dice);
	slow |= measure("a machine and items by dice");
	all_displays();
	repeat_item("secondary");
	slow |= measure("all displays, boot display unknown");
	repeat_item("all@10de:1180");
	slow |= measure("all displays, one group, guards");
	repeat_item("10de:1180:1458:0001");
	slow |= measure("all displays, subsystems");
	repeat_item("00:01.0/00.0/00.0/00.0/00");
	slow |= measure("all displays, paths");
	all_one_vendor();
	repeat_item("all,-nvidia");
	slow |= measure("one vendor, exclusion");
	return slow;
}
