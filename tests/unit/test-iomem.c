// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of reading /proc/iomem: its lines, zeros for who is not root, and limits. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <earlybind/judge.h>
#include <earlybind/survey.h>

#include "fake-place.h"
#include "unit.h"

static void reads_lines(void **state)
{
	static const struct {
		const char *line;
		int result;
		unsigned int depth;
		struct eb_range range;
		const char *name;
	} cases[] = {
		{"00000000-00000fff : Reserved", 0, 0, {0, 0xfff}, "Reserved"},
		{"    e0000000-efffffff : 0000:0b:00.0",
		 0,
		 2,
		 {0xe0000000, 0xefffffff},
		 "0000:0b:00.0"},
		{"  7c00000000-7c00e0ffff : efifb",
		 0,
		 1,
		 {0x7c00000000, 0x7c00e0ffff},
		 "efifb"},
		{"0-ffffffffffffffff : all", 0, 0, {0, UINT64_MAX}, "all"},
		{"f8000000-fbffffff : PCI MMCONFIG 0000 [bus 00-3f]",
		 0,
		 0,
		 {0xf8000000, 0xfbffffff},
		 "PCI MMCONFIG 0000 [bus 00-3f]"},
		{"c0000000-c07e8fff : a : b", 0, 0, {0xc0000000, 0xc07e8fff}, "a : b"},
		{"c0000000-c07e8fff : ", 0, 0, {0xc0000000, 0xc07e8fff}, ""},
		{"", -EINVAL, 0, {0, 0}, NULL},
		{"    ", -EINVAL, 0, {0, 0}, NULL},
		{" : ", -EINVAL, 0, {0, 0}, NULL},
		{"c0000000 : efifb", -EINVAL, 0, {0, 0}, NULL},
		{"c0000000- : efifb", -EINVAL, 0, {0, 0}, NULL},
		{"-c07e8fff : efifb", -EINVAL, 0, {0, 0}, NULL},
		{"c0000000-c07e8fff efifb", -EINVAL, 0, {0, 0}, NULL},
		{"c0000000-c07e8fff :", -EINVAL, 0, {0, 0}, NULL},
		{"c0000000-bfffffff : efifb", -EINVAL, 0, {0, 0}, NULL},
		{"0xc0000000-0xc07e8fff : efifb", -EINVAL, 0, {0, 0}, NULL},
		{"zzzzzzzz-c07e8fff : efifb", -EINVAL, 0, {0, 0}, NULL},
		{"10000000000000000-1ffffffffffffffff : efifb", -EINVAL, 0, {0, 0}, NULL},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		struct eb_iomem line = {.depth = 77};

		ROW(cases[i].line);
		assert_int_equal(eb_conflict_read_line(cases[i].line, &line),
				 cases[i].result);
		if (cases[i].result) {
			assert_int_equal(line.depth, 77);
			continue;
		}
		assert_int_equal(line.depth, cases[i].depth);
		assert_memory_equal(&line.range, &cases[i].range, sizeof(line.range));
		assert_string_equal(line.name, cases[i].name);
	}
}

static struct eb_request request;
static struct eb_pci pci;
static struct eb_klog klog;
static struct eb_conflicts conflicts;
static struct eb_findings findings;
static struct eb_plan plan;
static const struct eb_machine machine = {.major = 5, .minor = 10};

static int scan(struct place *place)
{
	int err;

	memset(&pci, 0, sizeof(pci));
	memset(&findings, 0, sizeof(findings));
	pci.count = pci.details = pci.drivers = 1;
	pci.detail[0].bar[0] = (struct eb_bar){{0xe0000000, 0xefffffff}, EB_RESOURCE_MEM};
	plan.count = 1;
	plan.device[0] = (struct eb_device){.result = EB_RESULT_CLAIMED};
	err = eb_conflict_scan(place->root, &pci, &machine, &klog, EB_AFTER, &conflicts);
	eb_judge_conflicts(&request, &pci, &machine, &plan, EB_AFTER, &conflicts);
	return err;
}

static unsigned int said(enum eb_code code)
{
	const struct eb_advice advice = {.request = &request,
					 .pci = &pci,
					 .machine = &machine,
					 .plan = &plan,
					 .conflicts = &conflicts,
					 .klog = &klog,
					 .findings = &findings};
	unsigned int i, n = 0;

	eb_advice_conflicts(&advice, EB_AFTER);
	for (i = 0; i < findings.count; i++)
		n += findings.list[i].code == code;
	return n;
}

static void says_that_addresses_are_hidden(void **state)
{
	memset(&conflicts, 0, sizeof(conflicts));
	place_add(*state, "f proc/iomem 00000000-00000000 : Reserved\\n\n"
			  "f proc/iomem   00000000-00000000 : efifb\\n\n");
	assert_int_equal(scan(*state), 0);
	assert_int_equal(conflicts.count, 0);
	assert_true(conflicts.hidden);
	assert_int_equal(said(EB_FIND_IOMEM_HIDDEN), 1);
}

static void says_that_there_is_no_listing(void **state)
{
	memset(&conflicts, 0, sizeof(conflicts));
	assert_int_equal(scan(*state), -ENOENT);
	assert_int_equal(conflicts.count, 0);
}

static void counts_conflicts_beyond_the_limit(void **state)
{
	char text[64 + 64 * (EB_MAX_CONFLICTS + 9)] = "";
	unsigned int i;

	memset(&conflicts, 0, sizeof(conflicts));
	for (i = 0; i < EB_MAX_CONFLICTS + 3; i++)
		snprintf(text + strlen(text), 64, "e%03x0000-e%03xffff : owner\n", i, i);
	place_add(*state, "d proc\n");
	place_write(*state, "proc/iomem", text, strlen(text));
	assert_int_equal(scan(*state), 0);
	assert_int_equal(conflicts.count, EB_MAX_CONFLICTS);
	assert_int_equal(conflicts.left_out, 3);
	assert_int_equal(said(EB_FIND_LIMIT), 1);
}

static void says_what_blocks_a_claimed_card(void **state)
{
	memset(&conflicts, 0, sizeof(conflicts));
	place_add(*state, "f proc/iomem e0000000-efffffff : 0000:0b:00.0\\n\n"
			  "f proc/iomem   e0000000-e07e8fff : efifb\\n\n");
	assert_int_equal(scan(*state), 0);
	assert_int_equal(said(EB_FIND_BAR_HELD), 1);
	assert_string_equal(
		findings.list[0].text,
		"0000:00:00.0 has BAR 0 occupied by efifb (0xe0000000-0xe07e8fff), so a "
		"guest will get \"BAR 0: can't reserve\"; add earlybind.fb=release");
	memset(&findings, 0, sizeof(findings));
	plan.device[0].result = EB_RESULT_REFUSED;
	assert_int_equal(said(EB_FIND_BAR_HELD), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_setup, place_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_lines),
		TEST(says_that_addresses_are_hidden),
		TEST(says_that_there_is_no_listing),
		TEST(counts_conflicts_beyond_the_limit),
		TEST(says_what_blocks_a_claimed_card),
	};

	return cmocka_run_group_tests_name("iomem", tests, NULL, NULL);
}
