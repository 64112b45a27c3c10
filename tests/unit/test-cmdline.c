// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of walking a kernel command line: the rows say what the kernel makes of them
 * (lib/cmdline.c next_arg, kernel/params.c parse_args). */
#include <string.h>

#include <earlybind/cmdline.h>

#include "unit.h"

struct row {
	const char *line;
	const char *arg[5][2]; /* name and value, which is NULL without '=' */
};

static void check(const struct row *row, size_t len)
{
	struct eb_cmdline line = {.text = row->line, .len = len};
	struct eb_cmdline_arg arg;
	size_t i;

	ROW(row->line);
	for (i = 0; i < COUNT(row->arg) && row->arg[i][0]; i++) {
		const char *value = row->arg[i][1];

		assert_int_equal(eb_cmdline_next(&line, &arg), 1);
		assert_int_equal(arg.name_len, strlen(row->arg[i][0]));
		assert_memory_equal(arg.name, row->arg[i][0], arg.name_len);
		assert_int_equal(arg.value == NULL, value == NULL);
		assert_int_equal(arg.value_len, value ? strlen(value) : 0);
		if (value)
			assert_memory_equal(arg.value, value, arg.value_len);
	}
	assert_int_equal(eb_cmdline_next(&line, &arg), 0);
	assert_int_equal(eb_cmdline_next(&line, &arg), 0);
}

static void blanks_and_values(void **state)
{
	static const struct row rows[] = {
		{"", {{0}}},
		{"  \t\n", {{0}}},
		{"quiet", {{"quiet"}}},
		{" a=1  b=2 ", {{"a", "1"}, {"b", "2"}}},
		{"a=1\tb=2\nc=3\v\fd=4\re",
		 {{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}, {"e"}}},
		{"a=1\n", {{"a", "1"}}},
		/* a no-break space of Latin-1, one byte, is a blank (lib/ctype.c) */
		{"a=1\xa0"
		 "b=2",
		 {{"a", "1"}, {"b", "2"}}},
		{"a=1\xc2\xa0"
		 "b=2",
		 {{"a", "1\xc2"}, {"b", "2"}}},
		{"a=", {{"a", ""}}},
		{"a= b", {{"a", ""}, {"b"}}},
		{"a=b=c", {{"a", "b=c"}}},
		{"a==", {{"a", "="}}},
		/* a '=' that comes first is part of the name */
		{"=a", {{"=a"}}},
		{"=a=b", {{"=a", "b"}}},
		{"=", {{"="}}},
		{"==", {{"=", ""}}},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++)
		check(&rows[i], strlen(rows[i].line));
}

static void quotes(void **state)
{
	static const struct row rows[] = {
		/* around the value */
		{"a=\"b c\" d", {{"a", "b c"}, {"d"}}},
		{"a=\"\" d", {{"a", ""}, {"d"}}},
		/* around the whole argument */
		{"\"a=b c\" d", {{"a", "b c"}, {"d"}}},
		{"\"a\" d", {{"a"}, {"d"}}},
		{"\"a b\" d", {{"a b"}, {"d"}}},
		{"\"a b=c d\" e", {{"a b", "c d"}, {"e"}}},
		{"\"a=\" d", {{"a", ""}, {"d"}}},
		{"\"\" d", {{""}, {"d"}}},
		/* both: one pair comes off */
		{"\"a=\"b\"\" d", {{"a", "b\""}, {"d"}}},
		/* in the middle they stay, and keep blanks together */
		{"a=b\"c d\"e f", {{"a", "b\"c d\"e"}, {"f"}}},
		{"a=b\"c d\" f", {{"a", "b\"c d\""}, {"f"}}},
		{"a\"b c\"=d", {{"a\"b c\"", "d"}}},
		{"a=\"b\"c d", {{"a", "b\"c"}, {"d"}}},
		{"\"a\"b=c d", {{"a\"b", "c"}, {"d"}}},
		{"\"a\"=b d", {{"a\"", "b"}, {"d"}}},
		/* without a partner they reach to the end */
		{"a=\"b c", {{"a", "b c"}}},
		{"\"a=b c", {{"a", "b c"}}},
		{"\"a b", {{"a b"}}},
		{"a=b\"c d", {{"a", "b\"c d"}}},
		{"a=\"", {{"a", ""}}},
		{"a=\"b\"\" c", {{"a", "b\"\" c"}}},
		{"\"", {{""}}},
		{"a \"", {{"a"}, {""}}},
		{"\"\"\"", {{"\""}}},
		{"\"a=\"", {{"a", ""}}},
		/* a backslash is a letter like any other */
		{"a=\"b\\\" c", {{"a", "b\\"}, {"c"}}},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++)
		check(&rows[i], strlen(rows[i].line));
}

static void two_dashes_end_it(void **state)
{
	static const struct row rows[] = {
		{"a -- b", {{"a"}}},
		{"-- b", {{0}}},
		{"a --", {{"a"}}},
		{"a \"--\" b", {{"a"}}},
		{"a --b c", {{"a"}, {"--b"}, {"c"}}},
		{"a --- c", {{"a"}, {"---"}, {"c"}}},
		{"a - c", {{"a"}, {"-"}, {"c"}}},
		{"a --= c", {{"a"}, {"--", ""}, {"c"}}},
		{"a --=b c", {{"a"}, {"--", "b"}, {"c"}}},
		{"a=-- c", {{"a", "--"}, {"c"}}},
		{"a __ c", {{"a"}, {"__"}, {"c"}}},
		{"a=\"b -- c\" d", {{"a", "b -- c"}, {"d"}}},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++)
		check(&rows[i], strlen(rows[i].line));
}

static void nothing_is_read_beyond_the_end(void **state)
{
	static const struct row rows[] = {
		{"abc=defg", {{"abc", "d"}}},
		{"a=\"b c\"", {{"a", "b "}}},
		{"\"a=bc\"", {{"a", "bc"}}},
		{"abcd =b", {{"abcd"}}},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++)
		check(&rows[i], 5);
}

static void names_compare_as_in_the_kernel(void **state)
{
	static const struct {
		const char *given, *name;
		bool named, prefixed;
	} rows[] = {
		{"vfio-pci.ids", "vfio-pci.ids", true, true},
		{"vfio_pci.ids", "vfio-pci.ids", true, true},
		{"vfio-pci.ids", "vfio_pci.ids", true, true},
		{"earlybind.on-failure", "earlybind.on_failure", true, true},
		{"earlybind.fb", "earlybind.", false, true},
		{"earlybind", "earlybind.", false, false},
		{"Earlybind.fb", "earlybind.fb", false, false},
		{"vfio.gpu", "vfio.gpus", false, false},
		{"vfio.gpuss", "vfio.gpus", false, true},
		{"", "vfio.gpus", false, false},
		{"vfio.gpus", "", false, true},
		{"vfio+pci", "vfio-pci", false, false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		const struct eb_cmdline_arg arg = {.name = rows[i].given,
						   .name_len = strlen(rows[i].given)};

		ROW(rows[i].given);
		assert_int_equal(eb_cmdline_named(&arg, rows[i].name), rows[i].named);
		assert_int_equal(eb_cmdline_prefixed(&arg, rows[i].name),
				 rows[i].prefixed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blanks_and_values),
		cmocka_unit_test(quotes),
		cmocka_unit_test(two_dashes_end_it),
		cmocka_unit_test(nothing_is_read_beyond_the_end),
		cmocka_unit_test(names_compare_as_in_the_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
