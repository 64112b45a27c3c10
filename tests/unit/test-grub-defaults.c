// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of reading /etc/default/grub as a shell would. */
#include <stdio.h>
#include <string.h>

#include "bootloader/grub-defaults.h"
#include "unit.h"

static void grub_is_read_as_a_shell_would(void **state)
{
	static const struct {
		const char *text, *all, *normal;
		bool computed;
	} rows[] = {
		{"", "", "", false},
		{"GRUB_CMDLINE_LINUX=a\nGRUB_CMDLINE_LINUX_DEFAULT=b", "a", "b", false},
		{"GRUB_CMDLINE_LINUX=\"a b\"", "a b", "", false},
		{"GRUB_CMDLINE_LINUX='a \"b\" $c'\n", "a \"b\" $c", "", false},
		{"GRUB_CMDLINE_LINUX=a\\ b", "a b", "", false},
		{"GRUB_CMDLINE_LINUX=\"a\\\"b\\c\\\nd\"", "a\"b\\cd", "", false},
		{"GRUB_CMDLINE_LINUX=\"a\"'b'c # d", "abc", "", false},
		{"GRUB_CMDLINE_LINUX=a; echo", "a", "", false},
		{"export GRUB_CMDLINE_LINUX=a", "a", "", false},
		{"GRUB_CMDLINE_LINUX=a\nGRUB_CMDLINE_LINUX=b", "b", "", false},
		{"GRUB_CMDLINE_LINUX=a\nGRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX b\"",
		 "a b", "", false},
		{"GRUB_CMDLINE_LINUX=a\n"
		 "GRUB_CMDLINE_LINUX_DEFAULT=\"${GRUB_CMDLINE_LINUX}b\"",
		 "a", "ab", false},
		{"# GRUB_CMDLINE_LINUX=a\n #GRUB_CMDLINE_LINUX=b", "", "", false},
		{"GRUB_CMDLINE_LINUX_RECOVERY=a", "", "", true},
		{"GRUB_CMDLINE_LINUX=\"$(cat x)\"", "", "", true},
		{"GRUB_CMDLINE_LINUX=`cat x`", "", "", true},
		{"GRUB_CMDLINE_LINUX=$OTHER", "", "", true},
		{"GRUB_CMDLINE_LINUX=${GRUB_CMDLINE_LINUX:-a}", "{GRUB_CMDLINE_LINUX:-a}",
		 "", true},
		{"GRUB_CMDLINE_LINUX=\"a", "", "", true},
		{"if true; then\n\tGRUB_CMDLINE_LINUX=a\nfi", "", "", true},
		{"GRUB_CMDLINE_LINUX+=a", "", "", true},
		{"X=1 GRUB_CMDLINE_LINUX=a", "", "", true},
		{"GRUB_TIMEOUT=5\nGRUB_DISTRIBUTOR=`lsb_release -i`", "", "", false},
		{"GRUB_CMDLINE_LINUX=a\\", "a\\", "", false},
	};
	static struct eb_grub_defaults defaults;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		ROW(rows[i].text);
		memset(&defaults, 0, sizeof(defaults));
		eb_grub_defaults_read(rows[i].text, &defaults);
		assert_int_equal(defaults.computed, rows[i].computed);
		if (rows[i].computed)
			continue; /* and then the values count for nothing */
		assert_string_equal(defaults.all, rows[i].all);
		assert_string_equal(defaults.normal, rows[i].normal);
	}
}

static void a_value_that_is_too_long_is_not_known(void **state)
{
	static struct eb_grub_defaults defaults;
	static char text[2 * EB_MAX_WORDS];
	int n = snprintf(text, sizeof(text), "GRUB_CMDLINE_LINUX=");

	(void)state;
	memset(text + n, 'a', EB_MAX_WORDS - 1);
	eb_grub_defaults_read(text, &defaults);
	assert_false(defaults.computed);
	assert_int_equal(strlen(defaults.all), EB_MAX_WORDS - 1);
	text[n + EB_MAX_WORDS - 1] = 'a';
	eb_grub_defaults_read(text, &defaults);
	assert_true(defaults.computed);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(grub_is_read_as_a_shell_would),
		cmocka_unit_test(a_value_that_is_too_long_is_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
