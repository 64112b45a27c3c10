// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of command lines that are too long, too many, or anything at all. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <earlybind/request.h>

#include "dice.h"
#include "unit.h"

static struct eb_request request;
static struct eb_findings findings;

static void read_line(const char *line, size_t len)
{
	findings.count = findings.dropped = 0;
	eb_request_read(line, len, &request, &findings);
}

/* FIRST and then COUNT times MORE. Of the test's own until the next call. */
static const char *repeat(const char *first, const char *more, unsigned int count)
{
	static char line[EB_MAX_CMDLINE + 64];
	struct eb_text text = eb_text_on(line, sizeof(line));

	eb_text_add(&text, "%s", first);
	while (count-- > 0)
		eb_text_add(&text, "%s", more);
	assert_false(text.cut);
	return line;
}

static unsigned int count_of(enum eb_code code)
{
	unsigned int i, count = 0;

	for (i = 0; i < findings.count; i++)
		if (findings.list[i].code == code)
			count++;
	return count;
}

static void much_of_one_thing(void **state)
{
	static const struct {
		const char *first, *more;
		unsigned int count;
		unsigned int selectors;
		bool too_long;
		enum eb_code code;
		unsigned int findings;
		const char *last; /* begins the last finding; NULL for no matter */
	} rows[] = {
		{"vfio.gpus=none", ",nvidia", 127, 128, false, EB_FIND_TOO_LONG, 0, NULL},
		{"vfio.gpus=none", ",nvidia", 128, 128, true, EB_FIND_TOO_LONG, 1,
		 "vfio.gpus= has more than 128 items, "},
		{"", "vfio.gpus=nvidia ", 129, 128, true, EB_FIND_TOO_LONG, 1,
		 "vfio.gpus= has more than 128 items, "},
		{"vfio.gpus=x", ",x", 23, 0, false, EB_FIND_BAD_ITEM, 24,
		 "vfio.gpus=: item 'x' is not"},
		{"vfio.gpus=x", ",x", 199, 0, false, EB_FIND_BAD_ITEM, 25,
		 "176 more items were not understood"},
		/* bad items take no place */
		{"vfio.gpus=x", ",x,05:00", 120, 120, false, EB_FIND_BAD_ITEM, 25, NULL},
		{"", "vfio.gpus= ", 200, 0, false, EB_FIND_EMPTY_ARGUMENT, 1, NULL},
		{"", "vfio.gpus ", 200, 0, false, EB_FIND_EMPTY_ARGUMENT, 1, NULL},
		{"vfio.gpus=all ", "earlybind.x ", 24, 1, false, EB_FIND_UNKNOWN_OPTION,
		 24, "earlybind.x: unknown option"},
		{"vfio.gpus=all ", "earlybind.x ", 100, 1, false, EB_FIND_UNKNOWN_OPTION,
		 25, "76 more earlybind options were not understood"},
		{"vfio.gpus=all ", "earlybind.timeout=x ", 100, 1, false,
		 EB_FIND_BAD_VALUE, 24, "76 more earlybind options were not understood"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		const char *line = repeat(rows[i].first, rows[i].more, rows[i].count);

		ROW(line);
		read_line(line, strlen(line));
		assert_true(request.asked);
		assert_int_equal(request.selectors, rows[i].selectors);
		assert_int_equal(request.too_long, rows[i].too_long);
		assert_int_equal(count_of(rows[i].code), rows[i].findings);
		if (rows[i].last)
			assert_memory_equal(findings.list[findings.count - 1].text,
					    rows[i].last, strlen(rows[i].last));
	}
}

static void more_than_is_kept_is_counted(void **state)
{
	const char *line;

	(void)state;
	line = repeat("", "earlybind.fb=keep ", EB_MAX_ARGUMENTS);
	read_line(line, strlen(line));
	assert_int_equal(request.arguments, EB_MAX_ARGUMENTS);
	assert_int_equal(request.left_out, 0);
	line = repeat("", "earlybind.fb=keep ", EB_MAX_ARGUMENTS + 3);
	read_line(line, strlen(line));
	assert_int_equal(request.arguments, EB_MAX_ARGUMENTS);
	assert_int_equal(request.left_out, 3);
	/* the last one counts all the same */
	line = repeat("", "earlybind.fb=keep ", 40);
	snprintf((char *)line + strlen(line), 64, "earlybind.fb=release");
	read_line(line, strlen(line));
	assert_true(request.options.release_fb);
	line = repeat("vfio-pci.ids=", "10de:1187,", EB_MAX_VFIO_IDS + 2);
	read_line(line, strlen(line));
	assert_int_equal(request.vfio_ids, EB_MAX_VFIO_IDS);
	assert_int_equal(request.left_out, 2);
}

static void a_long_line_claims_nothing(void **state)
{
	static char line[EB_MAX_CMDLINE + 2];
	static const char items[] = "vfio.gpus=nvidia earlybind.dryrun=1 ";

	(void)state;
	memset(line, 'x', sizeof(line));
	memcpy(line, items, sizeof(items) - 1);
	read_line(line, EB_MAX_CMDLINE);
	assert_false(request.too_long);
	assert_int_equal(findings.count, 0);
	read_line(line, EB_MAX_CMDLINE + 1);
	assert_true(request.too_long);
	assert_int_equal(request.selectors, 1);
	assert_int_equal(count_of(EB_FIND_TOO_LONG), 1);
	assert_memory_equal(findings.list[0].text,
			    "the kernel command line has more than 8192 bytes", 48);
	/* without an argument of ours nobody is to be told */
	memset(line, 'x', sizeof(line));
	read_line(line, EB_MAX_CMDLINE + 1);
	assert_false(request.asked);
	assert_int_equal(findings.count, 0);
}

/* Below, ' ' fills the line up to the length that the kernel may have cut it to. */
static void a_list_that_may_have_been_cut_claims_nothing(void **state)
{
	static const struct {
		const char *first, *last;
		unsigned int len;
		const char *selectors;
		bool too_long;
		const char *text; /* ends the finding; NULL where there is none */
	} rows[] = {
		/* lists before the end count */
		{"vfio.gpus=05:00", "rd.vfio.gpus=0b:00", 2047, "05:00", false,
		 ": nothing in that list is claimed"},
		{"vfio.gpus=05:00", "vfio.gpus=0b:00,01:00,", 2047, "05:00", false,
		 ": nothing in that list is claimed"},
		{"", "vfio.gpus=nvidi", 2047, "", true, ": nothing is claimed"},
		{"vfio.gpus=05:00", "vfio.gpus", 2047, "05:00", false,
		 ": nothing in that list is claimed"},
		{"vfio.gpus=05:00", "vfio.gpus=\"0b:00", 2048, "05:00", false,
		 ": nothing in that list is claimed"},
		/* what it takes out is taken out */
		{"vfio.gpus=all", "vfio.gpus=-05:00,0b:00,0", 2047, "all -05:00", false,
		 ": nothing in that list is claimed"},
		{"vfio.gpus=05:00", "vfio.gpus=none,0b:00", 2047, "05:00 none", false,
		 ": nothing in that list is claimed"},
		/* what it would have taken out is not known */
		{"vfio.gpus=nvidia", "vfio.gpus=05:00,-0b:0", 2047, "nvidia", true,
		 ", and what is lost may exclude cards: nothing is claimed"},
		{"vfio.gpus=nvidia", "vfio.gpus=-", 2047, "nvidia", true,
		 ", and what is lost may exclude cards: nothing is claimed"},
		{"vfio.gpus=nvidia", "vfio.gpus=non", 2047, "nvidia", true,
		 ", and what is lost may exclude cards: nothing is claimed"},
		{"vfio.gpus=nvidia", "earlybind.dryrun=", 2047, "nvidia", true,
		 ", and what is lost may exclude cards: nothing is claimed"},
		/* as long as it may be, or something else at the end */
		{"vfio.gpus=nvidia", "vfio.gpus=-0b:00", 2046, "nvidia -0b:00", false,
		 NULL},
		{"vfio.gpus=nvidia", "vfio.gpus=-0b:00 ", 2047, "nvidia -0b:00", false,
		 NULL},
		{"vfio.gpus=nvidia", "earlybind.dryrun=1", 2047, "nvidia", false, NULL},
		{"vfio.gpus=nvidia", "qui", 2047, "nvidia", false, NULL},
		{"quiet", "-- vfio.gpus=05:00", 2047, "", false, NULL},
	};
	static char line[EB_MAX_CMDLINE], got[256], wanted[128];
	unsigned int i, j;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		struct eb_text text = eb_text_on(got, sizeof(got));
		size_t last = strlen(rows[i].last);

		ROW(rows[i].last);
		memset(line, ' ', rows[i].len);
		memcpy(line, rows[i].first, strlen(rows[i].first));
		memcpy(line + rows[i].len - last, rows[i].last, last);
		read_line(line, rows[i].len);
		for (j = 0; j < request.selectors; j++) {
			eb_text_add(&text, "%s", j ? " " : "");
			eb_text_add_slice(&text, request.selector[j].text);
		}
		assert_string_equal(got, rows[i].selectors);
		assert_int_equal(request.too_long, rows[i].too_long);
		assert_int_equal(count_of(EB_FIND_TOO_LONG), rows[i].text != NULL);
		if (!rows[i].text)
			continue;
		snprintf(wanted, sizeof(wanted), "%s; shorten it", rows[i].text);
		for (j = 0; findings.list[j].code != EB_FIND_TOO_LONG; j++)
			;
		assert_non_null(strstr(findings.list[j].text, "may have been cut"));
		assert_non_null(strstr(findings.list[j].text, wanted));
	}
}

/* Pieces that make a command line go wrong in interesting places. */
static void throw_line(struct dice *dice, char *line, size_t len)
{
	static const char *const pieces[] = {
		"vfio.gpus=", "rd.vfio.gpus=",
		"earlybind.", "earlybind.timeout=",
		"fb=",	      "vfio-pci.ids=",
		"05:00",      "0000:05:00.0",
		"/00.0",      "@10de:1187",
		"nvidia",     "none",
		"-",	      ",",
		" ",	      "\"",
		"=",	      "--",
		".",	      ":",
		"\n",	      "10de:1187",
	};
	size_t at = 0;

	while (at < len) {
		const char *piece = pieces[dice_roll(dice, COUNT(pieces))];
		size_t n = strlen(piece);

		if (dice_one_in(dice, 4) || n > len - at) {
			line[at++] = (char)dice_next(dice);
			continue;
		}
		memcpy(line + at, piece, n);
		at += n;
	}
}

/* Are all findings text of one line, and do all slices lie in LINE? */
static void check_sound(const char *line, size_t len)
{
	unsigned int i;

	assert_true(findings.count <= EB_MAX_FINDINGS);
	for (i = 0; i < findings.count; i++) {
		const char *text = findings.list[i].text;

		assert_true(strlen(text) > 0 && strlen(text) < EB_FINDING_TEXT);
		for (; *text; text++)
			assert_true(*text >= ' ' && *text <= '~');
	}
	assert_true(request.selectors <= EB_MAX_SELECTORS);
	for (i = 0; i < request.selectors; i++) {
		const struct eb_slice *text = &request.selector[i].text;

		assert_true(text->at >= line && text->at + text->len <= line + len);
	}
	assert_true(request.options.timeout >= 1 &&
		    request.options.timeout <= EB_MAX_TIMEOUT);
}

static void anything_ends_in_findings(void **state)
{
	struct dice dice = {.state = 4096};
	int i;

	(void)state;
	for (i = 0; i < 2000; i++) {
		/* its own allocation, so that a byte beyond it is seen */
		char *line = malloc(4096);

		throw_line(&dice, line, 4096);
		read_line(line, 4096);
		check_sound(line, 4096);
		free(line);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(much_of_one_thing),
		cmocka_unit_test(more_than_is_kept_is_counted),
		cmocka_unit_test(a_long_line_claims_nothing),
		cmocka_unit_test(a_list_that_may_have_been_cut_claims_nothing),
		cmocka_unit_test(anything_ends_in_findings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
