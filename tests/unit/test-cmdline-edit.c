// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of words of a command line: read, put in, taken out, and no other byte touched.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bootloader/cmdline-edit.h"
#include "dice.h"
#include "unit.h"

static void our_arguments_are_picked(void **state)
{
	static const struct {
		const char *line, *args;
	} rows[] = {
		{"", ""},
		{"quiet splash vfio-pci.ids=10de:1187", ""},
		{"a vfio.gpus=05:00  b\tearlybind.fb=release",
		 "vfio.gpus=05:00 earlybind.fb=release"},
		{"earlybind.fb=release vfio.gpus=05:00",
		 "earlybind.fb=release vfio.gpus=05:00"},
		{"rd.vfio.gpus=all", "rd.vfio.gpus=all"},
		{"earlybind.on-failure=hold", "earlybind.on_failure=hold"},
		{"\"vfio.gpus=05:00 x\" vfio.gpus=\"y\"",
		 "vfio.gpus=05:00 x vfio.gpus=y"},
		{"vfio.gpus earlybind.", "vfio.gpus earlybind."},
		{"vfio.gpus=all -- vfio.gpus=none", "vfio.gpus=all"},
	};
	char args[EB_MAX_WORDS];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		ROW(rows[i].line);
		eb_edit_ours(rows[i].line, args, sizeof(args));
		assert_string_equal(args, rows[i].args);
	}
}

static void ours_are_compared(void **state)
{
	(void)state;
	assert_true(eb_edit_same_ours("a vfio.gpus=all b", "vfio.gpus=all"));
	assert_true(eb_edit_same_ours("earlybind.on-failure=hold",
				      "earlybind.on_failure=hold"));
	assert_false(
		eb_edit_same_ours("vfio.gpus=all", "vfio.gpus=all earlybind.fb=keep"));
	assert_true(eb_edit_ours_within("x vfio.gpus=all",
					"earlybind.fb=keep vfio.gpus=all"));
	assert_true(eb_edit_ours_within("x", ""));
	assert_false(eb_edit_ours_within("vfio.gpus=all", "vfio.gpus=none"));
}

static void what_cannot_be_carried_is_found(void **state)
{
	size_t offset;

	(void)state;
	assert_true(eb_edit_is_carried(
		"vfio.gpus=0b:00@10de:1e87,-0a:00 earlybind.a-b=c_d", &offset));
	assert_false(eb_edit_is_carried("vfio.gpus=0b:00.*", &offset));
	assert_int_equal(offset, 16);
	assert_false(eb_edit_is_carried("a\tb", &offset));
	assert_int_equal(offset, 1);
}

static void words_go_in_and_out(void **state)
{
	static const struct {
		const char *text, *words, *with;
	} rows[] = {
		{"", "a b", "a b"},
		{"\n", "a", "a\n"},
		{"x", "a", "x a"},
		{"x\n", "a b", "x a b\n"},
		{"x \n", "a", "x a \n"},
		{" x\ty\n", "a", " x\ty a\n"},
		{"x\ny\n", "a", "x a\ny\n"},
		{"\n\nx\n", "a", "\n\nx a\n"},
		{"x -- y\n", "a b", "x a b -- y\n"},
		{"-- y", "a", "a -- y"},
		{"x --\n", "a", "x a --\n"},
		{"x=\"p -- q\" y", "a", "x=\"p -- q\" y a"},
		{"x --y", "a", "x --y a"},
		{"x", "", "x"},
		{"x\n-- y\n", "a", "x a\n-- y\n"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		char *with = eb_edit_with(rows[i].text, rows[i].words), *without;

		ROW(rows[i].with);
		assert_string_equal(with, rows[i].with);
		without = eb_edit_without(with, rows[i].words);
		assert_string_equal(without, rows[i].text);
		free(with);
		free(without);
	}
}

static void the_last_of_several_goes(void **state)
{
	char *text = eb_edit_without("a x a b a", "a b");

	(void)state;
	assert_string_equal(text, "a x a");
	free(text);
	text = eb_edit_without("ax xa a=1 \"a b\"", "a b");
	assert_string_equal(text, "ax xa a=1 \"a b\"");
	free(text);
}

static void words_are_found_before_the_bare_dashes(void **state)
{
	(void)state;
	assert_true(eb_edit_have_all("x a b", "a b"));
	assert_true(eb_edit_have_all("x", ""));
	assert_false(eb_edit_have_all("x a -- b", "a b"));
	assert_false(eb_edit_have_all("x ab", "a"));
	assert_true(eb_edit_have_all("a=\"b c\" d", "d"));
	assert_false(eb_edit_have_all("a=\"b d c\"", "d"));
}

static void a_base_is_without_what_is_of_one_boot(void **state)
{
	char *text = eb_edit_base("BOOT_IMAGE=/vmlinuz initrd=\\id\\initrd root=1  ro "
				  "vfio.gpus=none earlybind.fb=release x=\"a b\" "
				  "rd.vfio.gpus=all quiet");

	(void)state;
	assert_string_equal(text, "root=1 ro x=\"a b\" quiet\n");
	free(text);
}

static void a_drop_in_is_known_again(void **state)
{
	char *text = eb_edit_drop_in("vfio.gpus=05:00");

	(void)state;
	assert_non_null(strstr(text, "\nGRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_"
				     "DEFAULT vfio.gpus=05:00\"\n"));
	assert_true(eb_edit_is_drop_in(text));
	assert_false(eb_edit_is_drop_in("GRUB_TIMEOUT=5\n"));
	free(text);
}

/* Whatever the text: what was put in comes out again, and nothing else does. */
static void any_text_is_the_same_again(void **state)
{
	static const char bytes[] = "xy=\"-- \t\n -\"";
	struct dice dice = {5};
	char text[40];
	int run, i;

	(void)state;
	for (run = 0; run < 20000; run++) {
		unsigned int len = dice_roll(&dice, sizeof(text));
		char *with, *without;

		for (i = 0; i < (int)len; i++)
			text[i] = bytes[dice_roll(&dice, sizeof(bytes) - 1)];
		text[len] = '\0';
		/* Quotes that nobody closes take in whatever follows. */
		for (i = 0, len = 0; text[i]; i++)
			len += text[i] == '"';
		if (len % 2)
			continue;
		ROW(text);
		with = eb_edit_with(text, "vfio.gpus=05:00 b");
		without = eb_edit_without(with, "vfio.gpus=05:00 b");
		assert_string_equal(without, text);
		free(with);
		free(without);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(our_arguments_are_picked),
		cmocka_unit_test(ours_are_compared),
		cmocka_unit_test(what_cannot_be_carried_is_found),
		cmocka_unit_test(words_go_in_and_out),
		cmocka_unit_test(the_last_of_several_goes),
		cmocka_unit_test(words_are_found_before_the_bare_dashes),
		cmocka_unit_test(a_base_is_without_what_is_of_one_boot),
		cmocka_unit_test(a_drop_in_is_known_again),
		cmocka_unit_test(any_text_is_the_same_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
