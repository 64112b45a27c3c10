// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of reading the running kernel's command line. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <earlybind/survey.h>

#include "fake-place.h"
#include "unit.h"

static struct eb_survey survey;

static int read_cmdline(struct place *place, const char *text, size_t len)
{
	place_write(place, "proc/cmdline", text, len);
	return eb_survey_request(&survey, place->root);
}

static void the_kernel_s_newline_is_no_part_of_it(void **state)
{
	static const char *const rows[] = {
		"vfio.gpus=05:00\n",
		"vfio.gpus=05:00",
		"vfio.gpus=\"05:00\"\n",
		/* nobody closes these quotes, so they reach to the end */
		"vfio.gpus=\"05:00\n",
		"\"vfio.gpus=05:00\n",
	};
	size_t i;

	place_add(*state, "d proc\n");
	for (i = 0; i < COUNT(rows); i++) {
		ROW(rows[i]);
		assert_int_equal(read_cmdline(*state, rows[i], strlen(rows[i])), 0);
		assert_int_equal(survey.request.selectors, 1);
		assert_int_equal(survey.findings.count, 0);
	}
	assert_int_equal(read_cmdline(*state, "", 0), 0);
	assert_false(survey.request.asked);
}

static void a_line_may_have_8192_bytes(void **state)
{
	static char line[EB_MAX_CMDLINE + 100];
	const char ours[] = "vfio.gpus=05:00 ";

	place_add(*state, "d proc\n");
	memset(line, 'x', sizeof(line));
	memcpy(line, ours, sizeof(ours) - 1);
	line[EB_MAX_CMDLINE] = '\n';
	assert_int_equal(read_cmdline(*state, line, EB_MAX_CMDLINE + 1), 0);
	assert_false(survey.request.too_long);
	line[EB_MAX_CMDLINE] = 'x';
	line[EB_MAX_CMDLINE + 1] = '\n';
	assert_int_equal(read_cmdline(*state, line, EB_MAX_CMDLINE + 2), 0);
	assert_true(survey.request.too_long);
	/* cut where by chance a newline stands */
	assert_int_equal(read_cmdline(*state, line, sizeof(line)), 0);
	assert_true(survey.request.too_long);
}

/* x86 keeps 2047 bytes, and /proc/cmdline adds its newline. */
static void a_line_may_have_been_cut(void **state)
{
	char line[2049];

	place_add(*state, "d proc\n");
	snprintf(line, sizeof(line), "%2047s\n", "vfio.gpus=05:00");
	assert_int_equal(read_cmdline(*state, line, 2048), 0);
	assert_true(survey.request.asked);
	assert_int_equal(survey.request.selectors, 0);
	assert_int_equal(survey.findings.count, 1);
	assert_int_equal(survey.findings.list[0].code, EB_FIND_TOO_LONG);
	assert_int_equal(read_cmdline(*state, line + 1, 2047), 0);
	assert_int_equal(survey.request.selectors, 1);
	assert_int_equal(survey.findings.count, 0);
}

static void without_a_command_line_there_is_an_error(void **state)
{
	const struct place *place = *state;

	assert_int_equal(eb_survey_request(&survey, place->root), -ENOENT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_setup, place_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_kernel_s_newline_is_no_part_of_it),
		TEST(a_line_may_have_8192_bytes),
		TEST(a_line_may_have_been_cut),
		TEST(without_a_command_line_there_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
