// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of writing JSON: its form, its escapes, UTF-8, and a descriptor that fails. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <json-c/json.h>

#include <earlybind/json.h>

#include "fake-place.h"
#include "unit.h"

static int out_fd(struct place *place)
{
	int fd = open(place_path(place, "out"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
		      0600);

	assert_true(fd >= 0);
	return fd;
}

static void writes_a_readable_form(void **state)
{
	int fd = out_fd(*state);
	struct eb_json json = eb_json_on(fd);

	eb_json_open(&json, '{');
	eb_json_key(&json, "text");
	eb_json_string(&json, "a");
	eb_json_key(&json, "none");
	eb_json_string(&json, NULL);
	eb_json_key(&json, "number");
	eb_json_number(&json, UINT64_MAX);
	eb_json_key(&json, "list");
	eb_json_open(&json, '[');
	eb_json_bool(&json, true);
	eb_json_bool(&json, false);
	eb_json_null(&json);
	eb_json_open(&json, '{');
	eb_json_key(&json, "deep");
	eb_json_number(&json, 0);
	eb_json_close(&json, '}');
	eb_json_close(&json, ']');
	eb_json_key(&json, "empty");
	eb_json_open(&json, '[');
	eb_json_close(&json, ']');
	eb_json_key(&json, "nothing");
	eb_json_open(&json, '{');
	eb_json_close(&json, '}');
	eb_json_close(&json, '}');
	assert_int_equal(eb_json_end(&json), 0);
	close(fd);
	assert_string_equal(place_read(*state, "out"),
			    "{\n"
			    "  \"text\": \"a\",\n"
			    "  \"none\": null,\n"
			    "  \"number\": 18446744073709551615,\n"
			    "  \"list\": [\n"
			    "    true,\n"
			    "    false,\n"
			    "    null,\n"
			    "    {\n"
			    "      \"deep\": 0\n"
			    "    }\n"
			    "  ],\n"
			    "  \"empty\": [],\n"
			    "  \"nothing\": {}\n"
			    "}\n");
}

#define BAD "\xef\xbf\xbd" /* U+FFFD, as a reader sees it */

static void escapes_what_is_no_text(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		const char *read; /* as a reader gets it */
	} cases[] = {
		{"plain", 5, "plain"},
		{"\"quoted\\\"", 9, "\"quoted\\\""},
		{"tab\tline\n\r\x01\x1f\x7f", 13, "tab\tline\n\r\x01\x1f\x7f"},
		{"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 9,
		 "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"},
		{"a\xff"
		 "b",
		 3, "a" BAD "b"},
		{"\x80\xbf", 2, BAD BAD},
		{"\xc0\xaf", 2, BAD BAD},		  /* overlong */
		{"\xe0\x80\xaf", 3, BAD BAD BAD},	  /* overlong */
		{"\xed\xa0\x80", 3, BAD BAD BAD},	  /* a surrogate */
		{"\xf4\x90\x80\x80", 4, BAD BAD BAD BAD}, /* above U+10FFFF */
		{"\xf5\x80\x80\x80", 4, BAD BAD BAD BAD},
		{"\xc3", 1, BAD},	  /* cut */
		{"\xe2\x82", 2, BAD BAD}, /* cut */
		{"\xe2\x82z", 3, BAD BAD "z"},
		{"</script>", 9, "</script>"},
		{"", 0, ""},
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		int fd = out_fd(*state);
		struct eb_json json = eb_json_on(fd);
		struct eb_slice slice = {cases[i].text, cases[i].len};
		struct json_object *read;

		eb_json_open(&json, '[');
		eb_json_slices(&json, &slice, 1);
		eb_json_close(&json, ']');
		assert_int_equal(eb_json_end(&json), 0);
		close(fd);
		read = json_tokener_parse(place_read(*state, "out"));
		assert_non_null(read);
		assert_string_equal(
			json_object_get_string(json_object_array_get_idx(read, 0)),
			cases[i].read);
		json_object_put(read);
	}
}

/* By a definition of its own: a sequence is what encoding its code point gives. */
static size_t expected(const unsigned char *t, size_t len)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n = t[0] < 0x80 ? 1 : t[0] >> 5 == 6 ? 2 : t[0] >> 4 == 14 ? 3 : 4, i;
	uint32_t code = n == 1 ? t[0] : t[0] & (0xffu >> (n + 1));

	if (n > len || (n == 4 && t[0] >> 3 != 30))
		return 0;
	for (i = 1; i < n; i++) {
		if (t[i] >> 6 != 2)
			return 0;
		code = code << 6 | (t[i] & 0x3f);
	}
	if (code < least[n] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return 0;
	return n;
}

static void knows_utf8(void **state)
{
	/* Second bytes at the edges of what may follow. */
	static const unsigned char second[] = {0x00, 0x7f, 0x80, 0x8f, 0x90,
					       0x9f, 0xa0, 0xbf, 0xc0, 0xff};
	unsigned int first, i, j, len;

	(void)state;
	assert_int_equal(eb_json_utf8("", 0), 0);
	for (first = 0; first < 256; first++)
		for (i = 0; i < COUNT(second); i++)
			for (j = 0; j < COUNT(second); j++)
				for (len = 1; len <= 4; len++) {
					const unsigned char t[4] = {(unsigned char)first,
								    second[i], second[j],
								    0x80};

					assert_int_equal(
						eb_json_utf8((const char *)t, len),
						expected(t, len));
				}
}

/* More than the buffer between holds, and a descriptor that takes nothing. */
static void keeps_the_first_error(void **state)
{
	char text[3000];
	int fd = out_fd(*state);
	struct eb_json json = eb_json_on(fd);

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	eb_json_string(&json, text);
	assert_int_equal(eb_json_end(&json), 0);
	close(fd);
	assert_int_equal(strlen(place_read(*state, "out")), sizeof(text) + 2);
	fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	json = eb_json_on(fd);
	eb_json_string(&json, text);
	assert_int_equal(eb_json_end(&json), -ENOSPC);
	close(fd);
	json = eb_json_on(-1);
	eb_json_null(&json);
	assert_int_equal(eb_json_end(&json), -EBADF);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_setup, place_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(writes_a_readable_form),
		TEST(escapes_what_is_no_text),
		cmocka_unit_test(knows_utf8),
		TEST(keeps_the_first_error),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
