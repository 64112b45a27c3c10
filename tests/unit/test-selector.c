// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of one item of vfio.gpus=: every form, and every way to get it wrong. */
#include <errno.h>
#include <string.h>

#include <earlybind/selector.h>

#include "dice.h"
#include "unit.h"

static struct eb_slice slice_of(const char *text)
{
	return (struct eb_slice){text, strlen(text)};
}

/* Each item, and how its selector prints. */
static void every_form_is_understood(void **state)
{
	static const struct {
		const char *item;
		enum eb_selector_kind kind;
		const char *printed;
	} rows[] = {
		{"none", EB_SELECT_NONE, "none"},
		{"05:00", EB_SELECT_CARD, "0000:05:00"},
		{"0000:05:00", EB_SELECT_CARD, "0000:05:00"},
		{"10000:e1:1f", EB_SELECT_CARD, "10000:e1:1f"},
		{"FFFFFFFF:FF:1F", EB_SELECT_CARD, "ffffffff:ff:1f"},
		{"00000005:05:00", EB_SELECT_CARD, "0005:05:00"},
		{"10de:05:00", EB_SELECT_CARD, "10de:05:00"},
		{"05:00.*", EB_SELECT_CARD, "0000:05:00"},
		{"0001:05:00.*", EB_SELECT_CARD, "0001:05:00"},
		{"05:00.0", EB_SELECT_FUNCTION, "0000:05:00.0"},
		{"0000:Af:1e.7", EB_SELECT_FUNCTION, "0000:af:1e.7"},
		{"be:ef", EB_SELECT_CARD, NULL}, /* ef is no device */
		{"00:01.1/00.0", EB_SELECT_PATH, "0000:00:01.1/00.0"},
		{"00:01.1/00", EB_SELECT_PATH, "0000:00:01.1/00"},
		{"00:01.1/00.*", EB_SELECT_PATH, "0000:00:01.1/00"},
		{"00:01.1/00.0/1F.7/0a", EB_SELECT_PATH, "0000:00:01.1/00.0/1f.7/0a"},
		{"10000:e1:1b.0/00.0", EB_SELECT_PATH, "10000:e1:1b.0/00.0"},
		{"10de:1187", EB_SELECT_ID, "10de:1187"},
		{"10DE:1187", EB_SELECT_ID, "10de:1187"},
		{"pci:10de:1187", EB_SELECT_ID, "10de:1187"},
		{"10de:1187:1458:3612", EB_SELECT_ID, "10de:1187:1458:3612"},
		{"pci:10de:1187:1458:3612", EB_SELECT_ID, "10de:1187:1458:3612"},
		{"0000:0000", EB_SELECT_ID, "0000:0000"},
		{"nvidia", EB_SELECT_VENDOR, "nvidia"},
		{"amd", EB_SELECT_VENDOR, "amd"},
		{"intel", EB_SELECT_VENDOR, "intel"},
		{"all", EB_SELECT_ALL, "all"},
		{"boot", EB_SELECT_BOOT, "boot"},
		{"secondary", EB_SELECT_SECONDARY, "secondary"},
		{"-05:00", EB_SELECT_CARD, "-0000:05:00"},
		{"-nvidia", EB_SELECT_VENDOR, "-nvidia"},
		{"-10de:1187:1458:3612", EB_SELECT_ID, "-10de:1187:1458:3612"},
		{"05:00@10de:1187", EB_SELECT_CARD, "0000:05:00@10de:1187"},
		{"05:00.1@10DE:1187", EB_SELECT_FUNCTION, "0000:05:00.1@10de:1187"},
		{"00:01.0/00@1002:73bf", EB_SELECT_PATH, "0000:00:01.0/00@1002:73bf"},
		{"10de:1187@10de:1187", EB_SELECT_ID, "10de:1187@10de:1187"},
		{"-secondary@8086:56a0", EB_SELECT_SECONDARY, "-secondary@8086:56a0"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		struct eb_slice item = slice_of(rows[i].item);
		char printed[EB_SELECTOR_TEXT];
		struct eb_selector s;
		const char *reason;
		size_t offset;
		int err = eb_selector_parse(item, &s, &offset, &reason);

		ROW(rows[i].item);
		if (!rows[i].printed) {
			assert_int_equal(err, -EINVAL);
			continue;
		}
		assert_int_equal(err, 0);
		assert_int_equal(s.kind, rows[i].kind);
		assert_string_equal(eb_selector_print(&s, printed), rows[i].printed);
		assert_ptr_equal(s.text.at, item.at);
		assert_int_equal(s.text.len, item.len);
	}
}

static void parts_go_where_they_belong(void **state)
{
	struct eb_selector s;
	const char *reason;
	size_t offset;

	(void)state;
	assert_int_equal(eb_selector_parse(slice_of("-10000:e1:1b.2/03.4/1f@10de:1187"),
					   &s, &offset, &reason),
			 0);
	assert_true(s.exclude);
	assert_int_equal(
		eb_addr_compare(&s.addr, &(struct eb_addr){0x10000, 0xe1, 0x1b, 2}), 0);
	assert_int_equal(s.steps, 2);
	assert_int_equal(s.step[0].device, 3);
	assert_int_equal(s.step[0].function, 4);
	assert_int_equal(s.step[1].device, 0x1f);
	assert_true(s.step_whole);
	assert_true(s.has_guard);
	assert_int_equal(s.guard.vendor, 0x10de);
	assert_int_equal(s.guard.device, 0x1187);
}

#define WORD                                                                     \
	"not an address, an id, or one of none, nvidia, amd, intel, all, boot, " \
	"secondary, in lower case"
#define ID	 "an id is VVVV:DDDD, four hex digits each"
#define DOMAIN	 "a domain is four to eight hex digits"
#define PREFIX	 "write hex digits without 0x"
#define BUS	 "a bus is two hex digits"
#define DEVICE	 "a device is two hex digits, 00 to 1f"
#define FUNCTION "a function is one digit, 0 to 7"
#define ADDRESS	 "an address is [DDDD:]BB:DD[.F]"
#define NONE	 "none stands alone, without - and @"
#define MORE	 "nothing may follow here"
#define SIXTEEN                                    \
	"/00.0/00.0/00.0/00.0/00.0/00.0/00.0/00.0" \
	"/00.0/00.0/00.0/00.0/00.0/00.0/00.0/00.0"

static void mistakes_have_offset_and_reason(void **state)
{
	static const struct {
		const char *item;
		size_t offset;
		const char *reason;
	} rows[] = {
		{"", 0, "the item is empty: take out the comma, or the blank after it"},
		{"-", 1, WORD},
		{"-none", 0, NONE},
		{"none@10de:1187", 0, NONE},
		{"none5", 0, WORD},
		{"--05:00", 1, WORD},
		{" 05:00", 0, WORD},
		{"nvidea", 0, WORD},
		{"NVIDIA", 0, WORD},
		{"nvidia ", 0, WORD},
		{"nvidia:1187", 0, WORD},
		{"@10de:1187", 0, WORD},
		{"ati", 0, WORD},
		{"amdgpu", 0, WORD},
		{"-boot0", 1, WORD},
		{"amdgpu@1002:73bf", 0, WORD},
		{"5", 0, WORD},
		{"5:00", 0, BUS},
		{"05", 0, WORD},
		{"05.00", 0, WORD},
		{"05:", 3, DEVICE},
		{"05:0", 3, DEVICE},
		{"05:20", 3, DEVICE},
		{"05:00.", 6, FUNCTION},
		{"05:00.8", 6, FUNCTION},
		{"05:00.f", 6, FUNCTION},
		{"05:00.00", 7, MORE},
		{"05:00.*.0", 7, MORE},
		{"05:00 ", 5, MORE},
		{"05:00:0", 5, MORE},
		{"005:00", 0, DOMAIN},
		{"00000:05", 8, ADDRESS},
		{"000000000:05:00", 0, DOMAIN},
		{"0000:5:00", 5, BUS},
		{"0000:05", 7, ADDRESS},
		{"0000", 0, WORD},
		{"0000:05:00.0.0", 12, MORE},
		{"0x05:00", 0, PREFIX},
		{"0x10de:0x1e87", 0, PREFIX},
		{"-0x05:00", 1, PREFIX},
		{"0x", 0, WORD},
		{"b:00", 0, BUS},
		{"RTX", 0, WORD},
		{"05:00/00.0", 5, "a path begins with its root port, BB:DD.F"},
		{"05:00.*/00.0", 7, "a path begins with its root port, BB:DD.F"},
		{"00:01.0/", 8, DEVICE},
		{"00:01.0/0", 8, DEVICE},
		{"00:01.0/20.0", 8, DEVICE},
		{"00:01.0/00.8", 11, FUNCTION},
		{"00:01.0/00.", 11, FUNCTION},
		{"00:01.0/00/00.0", 10, "only the last step may leave out .F"},
		{"00:01.0/00.*/00.0", 12, "only the last step may leave out .F"},
		{"00:01.0//00.0", 8, DEVICE},
		{"00:01.0" SIXTEEN "/00.0", 87, "a path has at most 16 steps"},
		{"10de:118", 5, ID},
		{"10de:11871", 5, ID},
		{"10de:1187:", 10, ID},
		{"10de:1187:1458", 14, ID},
		{"10de:1187:1458:", 15, ID},
		{"10de:1187:1458:361", 15, ID},
		{"10de:1187:1458:3612:0", 19, MORE},
		{"10de:1187.0", 9, MORE},
		{"pci:", 4, ID},
		{"pci:10de", 8, ID},
		{"pci:nvidia", 4, ID},
		{"pci:05:00.0", 4, ID},
		{"pci:0000:05:00", 9, ID},
		{"05:00@", 6, ID},
		{"05:00@10de", 10, ID},
		{"05:00@10de:118", 11, ID},
		{"05:00@10de:1187:1458:3612", 15, MORE},
		{"05:00@10de:1187@10de:1187", 15, MORE},
		{"05:00@nvidia", 6, ID},
		{"-05:00.9", 7, FUNCTION},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		struct eb_selector s = {.addr.bus = 0x5e};
		const char *reason = NULL;
		size_t offset = 0;

		ROW(rows[i].item);
		assert_int_equal(
			eb_selector_parse(slice_of(rows[i].item), &s, &offset, &reason),
			-EINVAL);
		assert_int_equal(offset, rows[i].offset);
		assert_string_equal(reason, rows[i].reason);
		assert_int_equal(s.addr.bus, 0x5e);
	}
}

static void nothing_is_read_beyond_the_item(void **state)
{
	static const char text[] = "05:00.1@10de:1187";
	struct eb_selector s;
	const char *reason;
	size_t offset;

	(void)state;
	assert_int_equal(
		eb_selector_parse((struct eb_slice){text, 5}, &s, &offset, &reason), 0);
	assert_int_equal(s.kind, EB_SELECT_CARD);
	assert_int_equal(
		eb_selector_parse((struct eb_slice){text, 7}, &s, &offset, &reason), 0);
	assert_false(s.has_guard);
	assert_int_equal(
		eb_selector_parse((struct eb_slice){text, 6}, &s, &offset, &reason),
		-EINVAL);
	assert_int_equal(offset, 6);
}

static void what_is_printed_parses_to_the_same(void **state)
{
	struct dice dice = {.state = 20240501};
	size_t longest = 0;
	int i;

	(void)state;
	for (i = 0; i < 50000; i++) {
		const struct eb_selector s = dice_selector(&dice);
		char text[EB_SELECTOR_TEXT];
		struct eb_selector back;
		const char *reason;
		size_t offset;

		eb_selector_print(&s, text);
		if (eb_selector_parse(slice_of(text), &back, &offset, &reason) < 0 ||
		    !same_selector(&s, &back))
			fail_msg("'%s' does not come back", text);
		if (strlen(text) > longest)
			longest = strlen(text);
	}
	assert_true(longest > 100 && longest < EB_SELECTOR_TEXT - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_form_is_understood),
		cmocka_unit_test(parts_go_where_they_belong),
		cmocka_unit_test(mistakes_have_offset_and_reason),
		cmocka_unit_test(nothing_is_read_beyond_the_item),
		cmocka_unit_test(what_is_printed_parses_to_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
