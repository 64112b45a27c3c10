// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of addresses, numbers and ranges: parse, print, compare. */
#include <errno.h>
#include <string.h>

#include <earlybind/addr.h>

#include "unit.h"

static void hex_is_read_strictly(void **state)
{
	static const struct {
		const char *text;
		int min, max;
		int got;
		uint64_t value;
	} rows[] = {
		{"05", 2, 2, 2, 0x05},
		{"aF", 2, 2, 2, 0xaf},
		{"1f:", 2, 2, 2, 0x1f},
		{"ffffffffffffffff", 1, 16, 16, UINT64_MAX},
		{"0", 1, 16, 1, 0},
		{"", 0, 4, 0, 0},
		{"g", 0, 4, 0, 0},
		{"", 1, 4, -EINVAL, 0},
		{"5", 2, 2, -EINVAL, 0},
		{"555", 2, 2, -EINVAL, 0},
		{"10000000000000000", 1, 16, -EINVAL, 0},
		{"0x5", 2, 4, -EINVAL, 0},
		{" 5", 1, 4, -EINVAL, 0},
		{"+5", 1, 4, -EINVAL, 0},
		{"-5", 1, 4, -EINVAL, 0},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		uint64_t value = 0x5eed;
		int got = eb_addr_read_hex(rows[i].text, strlen(rows[i].text),
					   rows[i].min, rows[i].max, &value);

		ROW(rows[i].text);
		assert_int_equal(got, rows[i].got);
		assert_true(value == (got < 0 ? 0x5eed : rows[i].value));
	}
}

static void hex_ends_with_its_length(void **state)
{
	uint64_t value;

	(void)state;
	assert_int_equal(eb_addr_read_hex("12345678", 4, 1, 8, &value), 4);
	assert_int_equal(value, 0x1234);
	assert_int_equal(eb_addr_read_hex("12", 0, 1, 8, &value), -EINVAL);
}

static void decimals_are_read_strictly(void **state)
{
	static const struct {
		const char *text;
		uint32_t max;
		int got;
		uint32_t value;
	} rows[] = {
		{"0", 10, 0, 0},
		{"10", 10, 0, 10},
		{"0010", 10, 0, 10},
		{"4294967295", UINT32_MAX, 0, UINT32_MAX},
		{"11", 10, -ERANGE, 0},
		{"4294967296", UINT32_MAX, -ERANGE, 0},
		{"99999999999999999999999999", UINT32_MAX, -ERANGE, 0},
		{"18446744073709551617", UINT32_MAX, -ERANGE, 0},
		{"", 10, -EINVAL, 0},
		{"1 ", 10, -EINVAL, 0},
		{" 1", 10, -EINVAL, 0},
		{"+1", 10, -EINVAL, 0},
		{"-1", 10, -EINVAL, 0},
		{"0x1", 10, -EINVAL, 0},
		{"1\n", 10, -EINVAL, 0},
		{"99999999999999999999999999x", UINT32_MAX, -EINVAL, 0},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		uint32_t value = 0x5eed;
		int got = eb_addr_read_decimal(rows[i].text, strlen(rows[i].text),
					       rows[i].max, &value);

		ROW(rows[i].text);
		assert_int_equal(got, rows[i].got);
		assert_int_equal(value, got < 0 ? 0x5eed : rows[i].value);
	}
}

static void addresses_come_back_as_printed(void **state)
{
	static const struct {
		const char *text;
		struct eb_addr addr;
	} rows[] = {
		{"0000:00:00.0", {0, 0, 0, 0}},
		{"0000:05:00.1", {0, 5, 0, 1}},
		{"0000:ff:1f.7", {0, 0xff, 0x1f, 7}},
		{"ffff:80:1e.3", {0xffff, 0x80, 0x1e, 3}},
		{"10000:e1:00.0", {0x10000, 0xe1, 0, 0}},
		{"ffffffff:ff:1f.7", {UINT32_MAX, 0xff, 0x1f, 7}},
	};
	char text[EB_ADDR_TEXT];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		struct eb_addr addr;

		ROW(rows[i].text);
		assert_int_equal(eb_addr_parse(rows[i].text, strlen(rows[i].text), &addr),
				 0);
		assert_int_equal(eb_addr_compare(&addr, &rows[i].addr), 0);
		assert_string_equal(eb_addr_print(&addr, text), rows[i].text);
	}
}

static void other_texts_are_no_addresses(void **state)
{
	static const char *const rows[] = {
		"",
		"05:00.0",
		"000:05:00.0",
		"0000:05:00",
		"0000:5:00.0",
		"0000:05:0.0",
		"0000:05:20.0",
		"0000:05:00.8",
		"0000:05:00.a",
		"0000:05:00.00",
		"0000-05:00.0",
		"0000:05-00.0",
		"0000:05:00:0",
		"000000000:05:00.0",
		" 0000:05:00.0",
		"0000:05:00.0 ",
		"0000:05:00.0\n",
		"0x00:05:00.0",
		"0000:05:g0.0",
		"pci0000:00",
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		struct eb_addr addr = {.bus = 0x5e};

		ROW(rows[i]);
		assert_int_equal(eb_addr_parse(rows[i], strlen(rows[i]), &addr), -EINVAL);
		assert_int_equal(addr.bus, 0x5e);
	}
}

static void addresses_have_an_order(void **state)
{
	static const struct eb_addr rows[] = {
		{0, 0, 0, 0},	       {0, 0, 0, 7},	      {0, 0, 1, 0},
		{0, 0, 0x1f, 7},       {0, 1, 0, 0},	      {0, 0xff, 0x1f, 7},
		{1, 0, 0, 0},	       {0x7fffffff, 0, 0, 0}, {0x80000000, 0, 0, 0},
		{UINT32_MAX, 0, 0, 0},
	};
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		for (j = 0; j < COUNT(rows); j++) {
			int order = eb_addr_compare(&rows[i], &rows[j]);

			assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
		}
	}
	assert_true(eb_addr_same_slot(&rows[0], &rows[1]));
	assert_false(eb_addr_same_slot(&rows[0], &rows[2]));
	assert_false(eb_addr_same_slot(&rows[0], &rows[4]));
	assert_false(eb_addr_same_slot(&rows[0], &rows[6]));
}

static void ranges_overlap_by_one_address(void **state)
{
	static const struct {
		struct eb_range a, b;
		bool overlap;
	} rows[] = {
		{{0x1000, 0x1fff}, {0x1fff, 0x2fff}, true},
		{{0x1000, 0x1fff}, {0x2000, 0x2fff}, false},
		{{0x1000, 0x1fff}, {0x1200, 0x12ff}, true},
		{{0, UINT64_MAX}, {UINT64_MAX, UINT64_MAX}, true},
		{{0, 0}, {1, UINT64_MAX}, false},
	};
	char text[EB_RANGE_TEXT];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		assert_int_equal(eb_addr_overlap(&rows[i].a, &rows[i].b),
				 rows[i].overlap);
		assert_int_equal(eb_addr_overlap(&rows[i].b, &rows[i].a),
				 rows[i].overlap);
	}
	assert_string_equal(eb_addr_print_range(&rows[0].a, text), "0x1000-0x1fff");
	assert_string_equal(
		eb_addr_print_range(&(struct eb_range){UINT64_MAX, UINT64_MAX}, text),
		"0xffffffffffffffff-0xffffffffffffffff");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hex_is_read_strictly),
		cmocka_unit_test(hex_ends_with_its_length),
		cmocka_unit_test(decimals_are_read_strictly),
		cmocka_unit_test(addresses_come_back_as_printed),
		cmocka_unit_test(other_texts_are_no_addresses),
		cmocka_unit_test(addresses_have_an_order),
		cmocka_unit_test(ranges_overlap_by_one_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
