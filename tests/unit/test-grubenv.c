// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of GRUB's environment block: its length stays, what others set stays, and no more
 * is written than there is room for. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bootloader/grubenv.h"
#include "dice.h"
#include "unit.h"

#define HEAD "# GRUB Environment Block\n"

static void one_variable_is_set(void **state)
{
	static const struct {
		const char *before, *value, *after;
		int err;
	} rows[] = {
		{HEAD "########", "1", HEAD "our=1\n##", 0},
		{HEAD "#######", "1", HEAD "our=1\n#", 0},
		{HEAD "######", "1", HEAD "######", -ENOSPC},
		{HEAD "our=\n####", "12", HEAD "our=12\n##", 0},
		{HEAD "our=123\n#", "4", HEAD "our=4\n###", 0},
		{HEAD "our=123\nb=2\n#", "4", HEAD "our=4\nb=2\n###", 0},
		{HEAD "a=1\nour=123\nb=2\n#", "", HEAD "a=1\nb=2\n#########", 0},
		{HEAD "b=2\n#", "", HEAD "b=2\n#", 0},
		{HEAD "# a comment\nx=a\\\nour=1\n######", "9",
		 HEAD "# a comment\nx=a\\\nour=1\n######", -ENOSPC},
		{HEAD "x=a\\\nour=1\n#######", "9", HEAD "x=a\\\nour=1\nour=9\n#", 0},
		{HEAD "hour=1\nour2=1\n#######", "9", HEAD "hour=1\nour2=1\nour=9\n#", 0},
		{HEAD "x=1\nno fill", "9", HEAD "x=1\nno fill", -EINVAL},
		{HEAD, "9", HEAD, -ENOSPC},
		{"our=1\n####", "9", "our=1\n####", -EINVAL},
		{"", "9", "", -EINVAL},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *text = strdup(rows[i].before), value[8];

		assert_int_equal(eb_grubenv_set(text, "our", rows[i].value), rows[i].err);
		assert_string_equal(text, rows[i].after);
		if (rows[i].err == 0) {
			assert_int_equal(
				eb_grubenv_get(text, "our", value, sizeof(value)), 0);
			assert_string_equal(value, rows[i].value);
		}
		free(text);
	}
}

static void a_long_value_is_no_value(void **state)
{
	char value[4] = "old";

	(void)state;
	assert_int_equal(eb_grubenv_get(HEAD "our=1234\n#", "our", value, sizeof(value)),
			 -EFBIG);
	assert_int_equal(eb_grubenv_get(HEAD "our=123\n#", "our", value, sizeof(value)),
			 0);
	assert_string_equal(value, "123");
	assert_int_equal(eb_grubenv_get(HEAD "our=123", "our", value, sizeof(value)), 0);
	assert_string_equal(value, "");
}

/* Whatever is in the file: its length stays, and what is set can be read. */
static void any_bytes_will_do(void **state)
{
	static const char bytes[] = "\n\n\n=\\#our#ab=####";
	char text[200], value[64], other[64];
	struct dice dice = {.state = 7};
	unsigned int i, round;

	(void)state;
	for (round = 0; round < 20000; round++) {
		size_t len = strlen(HEAD) + dice_roll(&dice, 100);

		memcpy(text, HEAD, strlen(HEAD));
		for (i = strlen(HEAD); i < len; i++)
			text[i] = bytes[dice_roll(&dice, sizeof(bytes) - 1)];
		text[len] = '\0';
		eb_grubenv_get(text, "a", other, sizeof(other));
		if (eb_grubenv_set(text, "our", "0b:00") == 0) {
			assert_int_equal(
				eb_grubenv_get(text, "our", value, sizeof(value)), 0);
			assert_string_equal(value, "0b:00");
		}
		assert_int_equal(strlen(text), len);
		eb_grubenv_get(text, "a", value, sizeof(value));
		assert_string_equal(value, other);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_variable_is_set),
		cmocka_unit_test(a_long_value_is_no_value),
		cmocka_unit_test(any_bytes_will_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
