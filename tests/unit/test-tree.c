// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of the tree file reader: what it makes, and every line that it refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tree.h"

struct place {
	char file[64];
	char dir[64];
	char path[128];
};

static int setup(void **state)
{
	static struct place place;
	char base[] = "/tmp/test-tree-XXXXXX";

	if (!mkdtemp(base))
		return -1;
	snprintf(place.file, sizeof(place.file), "%s/tree", base);
	snprintf(place.dir, sizeof(place.dir), "%s/root", base);
	*state = &place;
	return 0;
}

static int teardown(void **state)
{
	struct place *place = *state;

	*strrchr(place->dir, '/') = '\0';
	return eb_tree_remove(place->dir);
}

static int make(struct place *place, const char *text, size_t len, char *err)
{
	FILE *file = fopen(place->file, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
	eb_tree_remove(place->dir);
	return eb_tree_make(place->file, place->dir, err, EB_TREE_ERR_MAX);
}

static const char *below(struct place *place, const char *name)
{
	snprintf(place->path, sizeof(place->path), "%s/%s", place->dir, name);
	return place->path;
}

static void makes_what_it_says(void **state)
{
	static const char text[] =
		"# a machine\n\nd a/b\nf a/c x\\n\n"
		"f a/c  y\\x00\\t\\\\\nf a/d\nl a/e ../a/c\nl a/f ..\n";
	static const char content[] = "x\n y\0\t\\";
	char err[EB_TREE_ERR_MAX] = "";
	char got[64];
	struct stat st;
	int fd;

	assert_int_equal(make(*state, text, sizeof(text) - 1, err), 0);
	assert_string_equal(err, "");
	assert_int_equal(lstat(below(*state, "a/b"), &st), 0);
	assert_true(S_ISDIR(st.st_mode));
	assert_int_equal(stat(below(*state, "a/d"), &st), 0);
	assert_int_equal(st.st_size, 0);
	assert_int_equal(readlink(below(*state, "a/f"), got, sizeof(got)), 2);
	fd = open(below(*state, "a/e"), O_RDONLY);
	assert_true(fd >= 0);
	assert_int_equal(read(fd, got, sizeof(got)), sizeof(content) - 1);
	assert_memory_equal(got, content, sizeof(content) - 1);
	close(fd);
}

static void refuses(void **state)
{
	static const struct {
		const char *text;
		int error;
		const char *where; /* part of the message */
	} cases[] = {
		{"x a\n", -EINVAL, ":1: not a d, f, l or # line"},
		{"f\n", -EINVAL, ":1: not a d, f, l or # line"},
		{"fa b\n", -EINVAL, ":1: not a d, f, l or # line"},
		{"# x\n\nf /etc/x\n", -EINVAL, ":3: path starts with a slash"},
		{"f a/../b x\n", -EINVAL, "path has a . or .. part"},
		{"d .\n", -EINVAL, "path has a . or .. part"},
		{"f a//b\n", -EINVAL, "path has an empty part"},
		{"f a/\n", -EINVAL, "path has an empty part"},
		{"f  a\n", -EINVAL, "path has an empty part"},
		{"f a\\x00b\n", -EINVAL, "NUL in a path"},
		{"d a b\n", -EINVAL, "text after the path of a directory"},
		{"f a \\q\n", -EINVAL, "escape is none of"},
		{"f a \\x4\n", -EINVAL, "escape is none of"},
		{"f a \\\n", -EINVAL, "escape is none of"},
		{"f a b\tc\n", -EINVAL, "control character"},
		{"f a b", -EINVAL, "the last line has no newline"},
		{"f a 1\nd b\nf a 2\n", -EEXIST, ":3: "},
		{"l a b\nl a b\n", -EEXIST, ":2: "},
		{"f a\nf a/b\n", -ENOTDIR, ":2: a file or a link is where"},
		{"d a\nl b a\nf b/c\n", -ENOTDIR, ":3: a file or a link is where"},
		{"l a /etc\n", -EINVAL, "link target is no path inside the tree"},
		{"l a\n", -EINVAL, "link target is no path inside the tree"},
		{"l a ../b\n", -EINVAL, "link target is no path inside the tree"},
		{"l a/b ../../c\n", -EINVAL, "link target is no path inside the tree"},
		{"l a ..\n", -EINVAL, "link target is no path inside the tree"},
		{"l a/b c/../d\n", -EINVAL, "link target is no path inside the tree"},
	};
	char err[EB_TREE_ERR_MAX];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		err[0] = '\0';
		assert_int_equal(make(*state, cases[i].text, strlen(cases[i].text), err),
				 cases[i].error);
		if (!strstr(err, cases[i].where))
			fail_msg("case %zu says \"%s\"", i, err);
	}
}

static void refuses_what_is_too_long(void **state)
{
	static char text[EB_TREE_LINE_MAX + 2];
	char err[EB_TREE_ERR_MAX];

	memset(text, 'a', sizeof(text));
	memcpy(text, "f a ", 4);
	text[EB_TREE_LINE_MAX] = '\n';
	assert_int_equal(make(*state, text, EB_TREE_LINE_MAX + 1, err), 0);
	text[EB_TREE_LINE_MAX] = 'a';
	text[EB_TREE_LINE_MAX + 1] = '\n';
	assert_int_equal(make(*state, text, EB_TREE_LINE_MAX + 2, err), -E2BIG);
	text[3] = 'a';
	text[2 + EB_TREE_PATH_MAX] = '\n';
	assert_int_equal(make(*state, text, 3 + EB_TREE_PATH_MAX, err), -ENAMETOOLONG);
}

static void refuses_files_that_are_none(void **state)
{
	char err[EB_TREE_ERR_MAX];
	struct place *place = *state;

	assert_int_equal(eb_tree_make("/nowhere/x", place->dir, err, sizeof(err)),
			 -ENOENT);
	assert_int_equal(make(place, "", 0, err), 0);
	assert_int_equal(eb_tree_make(place->file, "/nowhere/x", err, sizeof(err)),
			 -ENOENT);
	assert_int_equal(eb_tree_make(place->file, place->file, NULL, 0), -ENOTDIR);
	assert_int_equal(eb_tree_remove(below(place, "gone")), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(makes_what_it_says, setup, teardown),
		cmocka_unit_test_setup_teardown(refuses, setup, teardown),
		cmocka_unit_test_setup_teardown(refuses_what_is_too_long, setup,
						teardown),
		cmocka_unit_test_setup_teardown(refuses_files_that_are_none, setup,
						teardown),
	};

	return cmocka_run_group_tests_name("tree", tests, NULL, NULL);
}
