// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of reading modprobe.d: words, comments, lines that go on, '-' and '_'. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "modprobe-d.h"
#include "dice.h"
#include "unit.h"

struct seen {
	char text[512];
	size_t len;
};

static void see(void *ctx, const struct eb_modprobe_line *line)
{
	struct seen *seen = ctx;

	seen->len += (size_t)snprintf(
		seen->text + seen->len, sizeof(seen->text) - seen->len, "%u %s|%s|%s;",
		line->number, line->command, line->module, line->rest);
}

static void lines_are_read_as_libkmod_does(void **state)
{
	static const struct {
		const char *text, *seen;
	} rows[] = {
		{"", ""},
		{"\n\n", ""},
		{"blacklist nouveau", "1 blacklist|nouveau|;"},
		{"# blacklist a\n#blacklist b\nblacklist c\n", "3 blacklist|c|;"},
		{" \tblacklist\t snd-hda-intel \n", "1 blacklist|snd_hda_intel|;"},
		{"options vfio-pci ids=1:2 disable_vga=1",
		 "1 options|vfio_pci|ids=1:2 disable_vga=1;"},
		{"blacklist \\\n a\nblacklist b", "1 blacklist|a|;3 blacklist|b|;"},
		{"options a b\\\nc", "1 options|a|bc;"},
		{"# a \\\nblacklist b\nblacklist c", "3 blacklist|c|;"},
		{"blacklist", ""},
		{"blacklist a\\", "1 blacklist|a\\|;"},
		{"install a /bin/true; b", "1 install|a|/bin/true; b;"},
		{"softdep nouveau pre: vfio-pci", "1 softdep|nouveau|pre: vfio-pci;"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		struct seen seen = {.len = 0};
		char text[256];

		ROW(rows[i].text);
		snprintf(text, sizeof(text), "%s", rows[i].text);
		eb_modprobe_read(text, "etc/modprobe.d/a.conf", see, &seen);
		assert_string_equal(seen.text, rows[i].seen);
	}
}

static void count(void *ctx, const struct eb_modprobe_line *line)
{
	unsigned int *lines = ctx;

	assert_true(line->number > 0);
	assert_true(line->command[0] != '\0' && line->command[0] != '#');
	assert_true(line->module[0] != '\0');
	assert_null(strchr(line->module, '-'));
	assert_null(strchr(line->rest, '\n'));
	++*lines;
}

/* Whatever the bytes: nothing beyond the text is touched, and lines are well formed. */
static void any_text_is_read(void **state)
{
	static const char bytes[] = "ab-# \t\n\n\\\\\"";
	struct dice dice = {3};
	unsigned int lines = 0, run, i, len;

	(void)state;
	for (run = 0; run < 20000; run++) {
		char *text = malloc(32);

		len = dice_roll(&dice, 32);
		for (i = 0; i < len; i++)
			text[i] = bytes[dice_roll(&dice, sizeof(bytes) - 1)];
		text[len] = '\0';
		eb_modprobe_read(text, "a.conf", count, &lines);
		free(text);
	}
	assert_true(lines > 1000);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_read_as_libkmod_does),
		cmocka_unit_test(any_text_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
