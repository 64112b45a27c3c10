// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of the only opener of paths. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <earlybind/sysfs.h>

#include "fake-place.h"
#include "unit.h"
#include "write.h"

static void reads_bounded_text(void **state)
{
	static const struct {
		const char *path;
		size_t size;
		int result;
		const char *text; /* of a result that is no error */
	} cases[] = {
		{"a/plain", 8, 3, "abc"},
		{"a/line", 8, 3, "abc"},
		{"a/two", 8, 4, "abc\n"},
		{"a/empty", 8, 0, ""},
		{"a/newline", 8, 0, ""},
		{"a/line", 5, 3, "abc"},
		{"a/line", 4, -E2BIG, NULL},
		{"a/plain", 3, -E2BIG, NULL},
		{"a/gone", 8, -ENOENT, NULL},
		{"a", 8, -EISDIR, NULL},
		{"a/nul", 8, 3, "a"},
		{"a/link", 8, 3, "abc"},
		{"a/plain/b", 8, -ENOTDIR, NULL},
	};
	struct place *place = *state;
	char buf[8];
	size_t i;

	place_add(place, "f a/plain abc\nf a/line abc\\n\nf a/two abc\\n\\n\n"
			 "f a/empty\nf a/newline \\n\nf a/nul a\\x00c\nl a/link line\n");
	for (i = 0; i < COUNT(cases); i++) {
		ROW(cases[i].path);
		assert_int_equal(
			eb_sysfs_read(place->root, cases[i].path, buf, cases[i].size),
			cases[i].result);
		if (cases[i].text)
			assert_string_equal(buf, cases[i].text);
	}
}

static void reads_bytes_as_they_are(void **state)
{
	struct place *place = *state;
	char buf[4] = "####";

	place_add(place, "f a \\x00\\xff\\n\nf b 123456\n");
	assert_int_equal(eb_sysfs_read_bytes(place->root, "a", buf, sizeof(buf)), 3);
	assert_memory_equal(buf, "\0\xff\n#", 4);
	assert_int_equal(eb_sysfs_read_bytes(place->root, "b", buf, sizeof(buf)), 4);
	assert_memory_equal(buf, "1234", 4);
	assert_int_equal(eb_sysfs_read_bytes(place->root, "c", buf, 4), -ENOENT);
}

static void writes_what_is_there_and_makes_nothing(void **state)
{
	struct place *place = *state;
	struct stat st;

	place_add(place, "f bind\n");
	assert_int_equal(eb_write_text(place->root, "bind", "0000:05:00.0", 12), 0);
	assert_string_equal(place_read(place, "bind"), "0000:05:00.0");
	assert_int_equal(eb_write_text(place->root, "none", "x", 1), -ENOENT);
	assert_int_equal(stat(place_path(place, "none"), &st), -1);
	assert_int_equal(eb_write_text(place->root, ".", "x", 1), -EISDIR);
}

static void follows_no_link_it_reads(void **state)
{
	static const struct {
		const char *path;
		size_t size;
		int result;
		const char *name;
	} cases[] = {
		{"driver", 8, 7, "nouveau"}, {"driver", 7, -E2BIG, NULL},
		{"group", 8, 2, "18"},	     {"bare", 8, 3, "abc"},
		{"none", 8, -ENOENT, NULL},  {"file", 8, -EINVAL, NULL},
		{"long", 8, -E2BIG, NULL},
	};
	struct place *place = *state;
	char long_target[EB_MAX_PATH + 2], buf[8];
	size_t i;

	place_add(place, "l driver bus/pci/drivers/nouveau\nl group a/b/18\n"
			 "l bare abc\nf file x\n");
	memset(long_target, 'a', sizeof(long_target));
	long_target[EB_MAX_PATH] = '\0';
	assert_int_equal(symlinkat(long_target, place->root, "long"), 0);
	for (i = 0; i < COUNT(cases); i++) {
		ROW(cases[i].path);
		assert_int_equal(eb_sysfs_link_name(place->root, cases[i].path, buf,
						    cases[i].size),
				 cases[i].result);
		if (cases[i].name)
			assert_string_equal(buf, cases[i].name);
	}
	assert_int_equal(eb_sysfs_readlink(place->root, "group", buf, sizeof(buf)), 6);
	assert_string_equal(buf, "a/b/18");
	assert_int_equal(eb_sysfs_readlink(place->root, "group", buf, 6), -E2BIG);
}

/* Names and lines as they are seen, with a '|' after each. */
struct seen {
	char text[1200];
	unsigned int left; /* stop at this many with 7; 0 for never */
};

static int see(void *ctx, const char *name)
{
	struct seen *seen = ctx;
	size_t len = strlen(seen->text);

	snprintf(seen->text + len, sizeof(seen->text) - len, "%s|", name);
	return seen->left && --seen->left == 0 ? 7 : 0;
}

static void lists_names(void **state)
{
	struct place *place = *state;
	struct seen seen = {.left = 0};

	place_add(place, "d dir/a\nf dir/.b\nl dir/c ../nowhere\nd empty\nf file\n");
	assert_int_equal(eb_sysfs_list(place->root, "dir", see, &seen), 0);
	assert_int_equal(strlen(seen.text), strlen("a|.b|c|"));
	assert_non_null(strstr(seen.text, ".b|"));
	assert_non_null(strstr(seen.text, "c|"));
	seen = (struct seen){.left = 2};
	assert_int_equal(eb_sysfs_list(place->root, "dir", see, &seen), 7);
	seen.text[0] = '\0';
	assert_int_equal(eb_sysfs_list(place->root, "empty", see, &seen), 0);
	assert_int_equal(eb_sysfs_list(place->root, "none", see, &seen), -ENOENT);
	assert_int_equal(eb_sysfs_list(place->root, "file", see, &seen), -ENOTDIR);
	assert_string_equal(seen.text, "");
}

static void sees_lines(void **state)
{
	static const struct {
		const char *tree;
		unsigned int stop;
		int result;
		const char *lines;
	} cases[] = {
		{"f a one\\ntwo\\n\n", 0, 0, "one|two|"},
		{"f a one\\n\\ntwo\n", 0, 0, "one||two|"},
		{"f a\n", 0, 0, ""},
		{"f a \\n\n", 0, 0, "|"},
		{"f a one\\ntwo\\nthree\\n\n", 2, 7, "one|two|"},
		{"f a one\n", 1, 7, "one|"},
		{"d a\n", 0, -EISDIR, ""},
		{"d b\n", 0, -ENOENT, ""},
	};
	struct place *place = *state;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		struct seen seen = {.left = cases[i].stop};

		ROW(cases[i].tree);
		place_add(place, cases[i].tree);
		assert_int_equal(eb_sysfs_lines(place->root, "a", see, &seen),
				 cases[i].result);
		assert_string_equal(seen.text, cases[i].lines);
		unlinkat(place->root, "a", 0);
		unlinkat(place->root, "a", AT_REMOVEDIR);
	}
}

static void cuts_long_lines(void **state)
{
	struct place *place = *state;
	struct seen seen = {.left = 0};
	char data[5000];

	/* One that crosses the read buffer, one after it. */
	memset(data, 'x', sizeof(data));
	memcpy(data + 4000, "\nend\n", 5);
	place_write(place, "a", data, 4005);
	assert_int_equal(eb_sysfs_lines(place->root, "a", see, &seen), 0);
	assert_int_equal(strcspn(seen.text, "|"), 511);
	assert_string_equal(seen.text + 511, "|end|");
}

static void opens_for_writing_what_is_there(void **state)
{
	struct place *place = *state;
	int fd;

	assert_int_equal(eb_write_open(place->root, "new"), -ENOENT);
	assert_false(eb_sysfs_exists(place->root, "new"));
	place_write(place, "old", "abc", 3);
	fd = eb_write_open(place->root, "old");
	assert_true(fd >= 0);
	close(fd);
	assert_string_equal(place_read(place, "old"), "abc");
	fd = eb_sysfs_root(place->dir);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(eb_sysfs_root(place_path(place, "none")), -ENOENT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_setup, place_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(reads_bounded_text),
		TEST(reads_bytes_as_they_are),
		TEST(writes_what_is_there_and_makes_nothing),
		TEST(follows_no_link_it_reads),
		TEST(lists_names),
		TEST(sees_lines),
		TEST(cuts_long_lines),
		TEST(opens_for_writing_what_is_there),
	};

	return cmocka_run_group_tests_name("sysfs", tests, NULL, NULL);
}
