// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of reading the running kernel's command line. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <earlybind/survey.h>
#include <earlybind/sysfs.h>

#include "tree.h"
#include "unit.h"
#include "write.h"

static struct eb_survey survey;
static char dir[] = "/tmp/test-survey-XXXXXX";
static int root;

static int setup(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	root = eb_sysfs_root(dir);
	return root < 0 ? -1 : eb_write_mkdir(root, "proc");
}

static int teardown(void **state)
{
	(void)state;
	close(root);
	return eb_tree_remove(dir);
}

static int read_cmdline(const char *text, size_t len)
{
	int fd = eb_write_open(root, "proc/cmdline", 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), len);
	close(fd);
	return eb_survey_request(&survey, root);
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

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		ROW(rows[i]);
		assert_int_equal(read_cmdline(rows[i], strlen(rows[i])), 0);
		assert_int_equal(survey.request.selectors, 1);
		assert_int_equal(survey.findings.count, 0);
	}
	assert_int_equal(read_cmdline("", 0), 0);
	assert_false(survey.request.asked);
}

static void a_line_may_have_8192_bytes(void **state)
{
	static char line[EB_MAX_CMDLINE + 100];
	const char ours[] = "vfio.gpus=05:00 ";

	(void)state;
	memset(line, 'x', sizeof(line));
	memcpy(line, ours, sizeof(ours) - 1);
	line[EB_MAX_CMDLINE] = '\n';
	assert_int_equal(read_cmdline(line, EB_MAX_CMDLINE + 1), 0);
	assert_false(survey.request.too_long);
	line[EB_MAX_CMDLINE] = 'x';
	line[EB_MAX_CMDLINE + 1] = '\n';
	assert_int_equal(read_cmdline(line, EB_MAX_CMDLINE + 2), 0);
	assert_true(survey.request.too_long);
	/* cut where by chance a newline stands */
	assert_int_equal(read_cmdline(line, sizeof(line)), 0);
	assert_true(survey.request.too_long);
}

static void without_a_command_line_there_is_an_error(void **state)
{
	(void)state;
	eb_write_remove(root, "proc/cmdline");
	assert_int_equal(eb_survey_request(&survey, root), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kernel_s_newline_is_no_part_of_it),
		cmocka_unit_test(a_line_may_have_8192_bytes),
		cmocka_unit_test(without_a_command_line_there_is_an_error),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
