// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of the effects on the live machine, on a directory of files. */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ops.h"
#include "worker.h"

#include "fake-place.h"
#include "unit.h"

static void writes_and_reads(void **state)
{
	struct place *place = *state;
	struct eb_real real = {.root = place->root, .timeout = 5, .kmsg = -1};
	const struct eb_ops ops = eb_ops_real(&real);
	char buf[EB_MAX_REPLY + 1];

	place_add(place, "f a/driver_override (null)\\n\nl a/driver ../b/nouveau\n"
			 "f a/long 0123456789\n");
	assert_int_equal(ops.read(ops.ctx, "a/driver_override", buf, 40), 6);
	assert_string_equal(buf, "(null)");
	assert_int_equal(ops.write(ops.ctx, "a/driver_override", "vfio-pci"), 0);
	assert_string_equal(place_read(place, "a/driver_override"), "vfio-pci");
	assert_int_equal(ops.read(ops.ctx, "a/driver_override", buf, 9), 8);
	assert_string_equal(buf, "vfio-pci");
	assert_int_equal(ops.write(ops.ctx, "a/none", "vfio-pci"), -ENOENT);
	assert_int_equal(ops.read(ops.ctx, "a/none", buf, 40), -ENOENT);
	assert_int_equal(ops.read(ops.ctx, "a/long", buf, 10), -E2BIG);
	assert_int_equal(ops.read(ops.ctx, "a/long", buf, sizeof(buf)), -EINVAL);
	assert_int_equal(ops.link(ops.ctx, "a/driver", buf, 40), 7);
	assert_string_equal(buf, "nouveau");
	assert_int_equal(ops.link(ops.ctx, "a/none", buf, 40), -ENOENT);
	assert_true(ops.exists(ops.ctx, "a"));
	assert_false(ops.exists(ops.ctx, "b"));
}

/* A FIFO without a peer blocks whoever opens it, as a driver that is stuck does. */
static void gives_up_what_blocks(void **state)
{
	struct place *place = *state;
	struct eb_real real = {.root = place->root, .timeout = 1, .kmsg = -1};
	const struct eb_ops ops = eb_ops_real(&real);
	char buf[40];

	assert_int_equal(mkfifo(place_path(place, "bind"), 0600), 0);
	assert_int_equal(ops.write(ops.ctx, "bind", "0000:05:00.0"), -ETIMEDOUT);
	while (waitpid(-1, NULL, 0) > 0)
		;
	assert_int_equal(real.late, 1);
	/* What is read is opened without waiting. */
	assert_int_equal(ops.read(ops.ctx, "bind", buf, sizeof(buf)), -ENXIO);
}

/* tests/fake-modules.c has none. */
static void says_which_module_failed(void **state)
{
	struct place *place = *state;
	struct eb_real real = {.root = place->root, .timeout = 5, .kmsg = -1};
	const struct eb_ops ops = eb_ops_real(&real);
	char culprit[64] = "", small[5];

	assert_int_equal(ops.load(ops.ctx, "vfio-pci", culprit, sizeof(culprit)),
			 -ENOENT);
	assert_string_equal(culprit, "vfio-pci");
	assert_int_equal(ops.load(ops.ctx, "vfio-pci", small, sizeof(small)), -ENOENT);
	assert_string_equal(small, "vfio");
}

/* A packet pipe in the place of /dev/kmsg: a read gives what one write wrote. */
static void says_a_line_a_write(void **state)
{
	struct eb_real real = {.root = -1};
	const struct eb_ops ops = eb_ops_real(&real);
	char line[2000], text[2000];
	int fds[2], i;

	(void)state;
	assert_int_equal(pipe2(fds, O_DIRECT | O_NONBLOCK | O_CLOEXEC), 0);
	real.kmsg = fds[1];
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	ops.say(ops.ctx, EB_LEVEL_ERR, "0000:05:00.0: not bound");
	ops.say(ops.ctx, EB_LEVEL_WARNING, "a conflict");
	ops.say(ops.ctx, EB_LEVEL_NOTICE, text);
	for (i = 0; i < 2 * EB_MAX_LINES; i++)
		eb_ops_say(&real, EB_LEVEL_NOTICE, "");
	assert_int_equal(real.said, EB_MAX_LINES);
	i = (int)read(fds[0], line, sizeof(line));
	line[i] = '\0';
	assert_string_equal(line, "<3>earlybind: 0000:05:00.0: not bound\n");
	i = (int)read(fds[0], line, sizeof(line));
	line[i] = '\0';
	assert_string_equal(line, "<4>earlybind: a conflict\n");
	i = (int)read(fds[0], line, sizeof(line));
	assert_in_range(i, 800, EB_LINE_TEXT - 1);
	line[i] = '\0';
	assert_int_equal(strncmp(line, "<5>earlybind: xxx", 17), 0);
	assert_int_equal(strcspn(line, "\n"), i - 1);
	for (i = 3; read(fds[0], line, sizeof(line)) > 0; i++)
		;
	assert_int_equal(i, EB_MAX_LINES);
	close(fds[0]);
	close(fds[1]);
}

static void says_nothing_where_it_cannot(void **state)
{
	struct eb_real real = {.root = -1, .kmsg = -1};

	(void)state;
	eb_ops_say(&real, EB_LEVEL_ERR, "nobody hears it");
	assert_int_equal(real.said, 0);
	real.kmsg = open("/dev/null", O_RDONLY | O_CLOEXEC);
	eb_ops_say(&real, EB_LEVEL_ERR, "nor this");
	assert_int_equal(real.said, 0);
	close(real.kmsg);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_setup, place_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(writes_and_reads),
		TEST(gives_up_what_blocks),
		TEST(says_which_module_failed),
		cmocka_unit_test(says_a_line_a_write),
		cmocka_unit_test(says_nothing_where_it_cannot),
	};

	return cmocka_run_group_tests_name("ops", tests, NULL, NULL);
}
