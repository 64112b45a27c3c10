// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of bounded text and of findings, up to their limits and beyond. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <earlybind/finding.h>

#include "unit.h"

static void text_grows_until_it_is_full(void **state)
{
	char buf[9];
	struct eb_text text = eb_text_on(buf, sizeof(buf));

	(void)state;
	assert_string_equal(buf, "");
	eb_text_add(&text, "%s=%d", "ab", 7);
	assert_string_equal(buf, "ab=7");
	eb_text_add(&text, "wxyz");
	assert_string_equal(buf, "ab=7wxyz");
	assert_int_equal(text.len, 8);
	assert_false(text.cut);
	eb_text_add(&text, "%s", "");
	assert_false(text.cut);
	eb_text_add(&text, "!");
	assert_string_equal(buf, "ab=7wxyz");
	assert_int_equal(text.len, 8);
	assert_true(text.cut);
	eb_text_add(&text, "more");
	assert_string_equal(buf, "ab=7wxyz");
}

static void a_cut_text_keeps_what_fits(void **state)
{
	char buf[5];
	struct eb_text text = eb_text_on(buf, sizeof(buf));

	(void)state;
	eb_text_add(&text, "%s", "abcdefgh");
	assert_string_equal(buf, "abcd");
	assert_true(text.cut);
	text = eb_text_on(buf, 1);
	eb_text_add(&text, "a");
	assert_string_equal(buf, "");
	assert_true(text.cut);
}

static void control_characters_are_not_passed_on(void **state)
{
	char buf[32];
	struct eb_text text = eb_text_on(buf, sizeof(buf));

	(void)state;
	eb_text_add(&text, "a\x1b[2J%s", "\nb\x7f\x01~ \xc3\xa9");
	assert_string_equal(buf, "a?[2J?b??~ \xc3\xa9");
	eb_text_add(&text, "\r");
	assert_string_equal(buf, "a?[2J?b??~ \xc3\xa9?");
}

static void slices_come_as_printable_ascii(void **state)
{
	static const char raw[] = "a\x00\x01\x1f ~\x7f\x80\xff\"\n";
	char buf[32];
	struct eb_text text = eb_text_on(buf, sizeof(buf));

	(void)state;
	eb_text_add_slice(&text, (struct eb_slice){raw, sizeof(raw) - 1});
	assert_string_equal(buf, "a??? ~???\"?");
	assert_false(text.cut);
	text = eb_text_on(buf, 4);
	eb_text_add_slice(&text, (struct eb_slice){"abc", 3});
	assert_false(text.cut);
	eb_text_add_slice(&text, (struct eb_slice){"", 0});
	assert_false(text.cut);
	eb_text_add_slice(&text, (struct eb_slice){"d", 1});
	assert_true(text.cut);
	assert_string_equal(buf, "abc");
}

static void error_numbers_have_names(void **state)
{
	char out[16];

	(void)state;
	assert_string_equal(eb_text_errno(EBUSY, out), "EBUSY");
	assert_string_equal(eb_text_errno(ETIMEDOUT, out), "ETIMEDOUT");
	assert_string_equal(eb_text_errno(12345, out), "error 12345");
	assert_string_equal(eb_text_errno(0, out), "error 0");
}

static void every_code_has_a_name_of_its_own(void **state)
{
	unsigned int i, j;

	(void)state;
	for (i = 0; i < EB_CODES; i++) {
		const char *name = eb_finding_name((enum eb_code)i);

		assert_non_null(name);
		assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz-"),
				 strlen(name));
		assert_non_null(
			eb_finding_severity_name(eb_finding_severity((enum eb_code)i)));
		for (j = 0; j < i; j++)
			assert_string_not_equal(name, eb_finding_name((enum eb_code)j));
	}
	assert_string_equal(eb_finding_name(EB_FIND_BAD_ITEM), "bad-item");
	assert_string_equal(eb_finding_severity_name(EB_ERROR), "error");
	assert_string_equal(eb_finding_severity_name(EB_WARNING), "warning");
	assert_string_equal(eb_finding_severity_name(EB_INFO), "info");
}

static struct eb_findings findings;

static void a_finding_has_code_address_and_text(void **state)
{
	const struct eb_addr addr = {0, 5, 0, 1};
	struct eb_text *text;

	(void)state;
	findings = (struct eb_findings){0};
	text = eb_finding_add(&findings, EB_FIND_GUARD, &addr);
	eb_text_add(text, "one");
	text = eb_finding_add(&findings, EB_FIND_TOO_LONG, NULL);
	eb_text_add(text, "two");
	assert_int_equal(findings.count, 2);
	assert_int_equal(findings.list[0].code, EB_FIND_GUARD);
	assert_true(findings.list[0].has_addr);
	assert_int_equal(eb_addr_compare(&findings.list[0].addr, &addr), 0);
	assert_string_equal(findings.list[0].text, "one");
	assert_false(findings.list[1].has_addr);
	assert_string_equal(findings.list[1].text, "two");
}

static void findings_beyond_the_limit_are_counted(void **state)
{
	char number[32];
	unsigned int i;

	(void)state;
	findings = (struct eb_findings){0};
	for (i = 0; i < EB_MAX_FINDINGS + 10; i++) {
		struct eb_text *text = eb_finding_add(&findings, EB_FIND_NO_MATCH, NULL);

		eb_text_add(text, "number %u", i);
	}
	assert_int_equal(findings.count, EB_MAX_FINDINGS);
	assert_int_equal(findings.dropped, 11);
	snprintf(number, sizeof(number), "number %d", EB_MAX_FINDINGS - 2);
	assert_string_equal(findings.list[EB_MAX_FINDINGS - 2].text, number);
	assert_int_equal(findings.list[EB_MAX_FINDINGS - 1].code, EB_FIND_LIMIT);
	assert_memory_equal(findings.list[EB_MAX_FINDINGS - 1].text, "11 more findings",
			    16);
}

static void a_dropped_text_goes_nowhere(void **state)
{
	struct eb_text *text;

	(void)state;
	findings = (struct eb_findings){0};
	text = eb_finding_add(&findings, EB_FIND_NO_MATCH, NULL);
	eb_text_add(text, "kept");
	text = eb_finding_drop(&findings);
	eb_text_add(text, "dropped");
	assert_int_equal(findings.count, 1);
	assert_string_equal(findings.list[0].text, "kept");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_grows_until_it_is_full),
		cmocka_unit_test(a_cut_text_keeps_what_fits),
		cmocka_unit_test(control_characters_are_not_passed_on),
		cmocka_unit_test(slices_come_as_printable_ascii),
		cmocka_unit_test(error_numbers_have_names),
		cmocka_unit_test(every_code_has_a_name_of_its_own),
		cmocka_unit_test(a_finding_has_code_address_and_text),
		cmocka_unit_test(findings_beyond_the_limit_are_counted),
		cmocka_unit_test(a_dropped_text_goes_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
