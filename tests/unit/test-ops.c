// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of the effects on the live machine, on a directory of files. */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ops.h"

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
	eb_worker_end(&real.worker);
}

static void one_worker_does_it_all(void **state)
{
	struct place *place = *state;
	struct eb_real real = {.root = place->root, .timeout = 5, .kmsg = -1};
	const struct eb_ops ops = eb_ops_real(&real);
	const struct eb_locked locked = eb_ops_locked(&real);
	char buf[64], longest[200];
	pid_t pid;

	place_add(place, "f a/file 1\\n\n");
	assert_int_equal(real.worker.pid, 0);
	assert_int_equal(locked.read(locked.ctx, "a/file", buf, 40), 1);
	pid = real.worker.pid;
	assert_true(pid > 0);
	assert_int_equal(ops.write(ops.ctx, "a/file", "2"), 0);
	assert_int_equal(ops.read(ops.ctx, "a/file", buf, 40), 1);
	assert_int_equal(ops.clear(ops.ctx, "a/none"), -ENOENT);
	/* No file is an override that reads as unset after a newline. */
	assert_int_equal(ops.clear(ops.ctx, "a/file"), -EIO);
	assert_int_equal(ops.load(ops.ctx, "vfio-pci", buf, sizeof(buf)), -ENOENT);
	assert_int_equal(real.worker.pid, pid);
	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	assert_int_equal(ops.write(ops.ctx, longest, "2"), -ENAMETOOLONG);
	assert_int_equal(ops.write(ops.ctx, "a/file", longest), -ENAMETOOLONG);
	eb_worker_end(&real.worker);
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
	assert_int_equal(real.late, 1);
	/* What is read is opened without waiting. */
	assert_int_equal(ops.read(ops.ctx, "bind", buf, sizeof(buf)), -ENXIO);
	eb_worker_end(&real.worker);
}

/* Whoever waits, the scan or the plan: there is one bound. */
static void waits_no_longer_than_its_bound(void **state)
{
	struct place *place = *state;
	struct eb_real real = {
		.root = place->root, .timeout = 1, .kmsg = -1, .late = EB_MAX_LATE - 2};
	const struct eb_ops ops = eb_ops_real(&real);
	const struct eb_locked locked = eb_ops_locked(&real);
	char buf[64];

	place_add(place, "f a/file 1\\n\n");
	assert_int_equal(locked.read(locked.ctx, "a/file", buf, 40), 1);
	assert_int_equal(kill(real.worker.pid, SIGSTOP), 0);
	assert_int_equal(locked.read(locked.ctx, "a/file", buf, 40), -ETIMEDOUT);
	assert_int_equal(real.late, EB_MAX_LATE - 1);
	assert_int_equal(mkfifo(place_path(place, "bind"), 0600), 0);
	assert_int_equal(ops.write(ops.ctx, "bind", "0000:05:00.0"), -ETIMEDOUT);
	assert_int_equal(real.late, EB_MAX_LATE);
	/* Now everything else fails at once, and no worker is started for it. */
	assert_int_equal(ops.write(ops.ctx, "a/file", "2"), -ECANCELED);
	assert_int_equal(ops.clear(ops.ctx, "a/file"), -ECANCELED);
	assert_int_equal(ops.load(ops.ctx, "vfio-pci", buf, sizeof(buf)), -ECANCELED);
	assert_string_equal(buf, "vfio-pci");
	assert_int_equal(locked.read(locked.ctx, "a/file", buf, 40), -ETIMEDOUT);
	assert_string_equal(place_read(place, "a/file"), "1\n");
	assert_int_equal(real.worker.pid, 0);
}

static void tries_again_with_another_worker(void **state)
{
	struct place *place = *state;
	struct eb_real real = {.root = place->root, .timeout = 5, .kmsg = -1};
	const struct eb_ops ops = eb_ops_real(&real);
	const struct rlimit none = {0, RLIM_INFINITY};
	struct rlimit before;
	char buf[40];
	int full;

	place_add(place, "f a/file 1\\n\n");
	assert_int_equal(ops.read(ops.ctx, "a/file", buf, 40), 1);
	assert_int_equal(kill(real.worker.pid, SIGKILL), 0);
	assert_int_equal(ops.write(ops.ctx, "a/file", "2"), 0);
	assert_string_equal(place_read(place, "a/file"), "2\n");
	/* Its pipe fails. */
	full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	assert_true(full >= 0);
	assert_int_equal(dup2(full, real.worker.fd[1]), real.worker.fd[1]);
	close(full);
	assert_int_equal(ops.write(ops.ctx, "a/file", "4"), 0);
	assert_string_equal(place_read(place, "a/file"), "4\n");
	eb_worker_end(&real.worker);
	/* The signal SIGXFSZ ends whoever writes to a file. */
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	assert_int_equal(ops.write(ops.ctx, "a/file", "3"), -ECHILD);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(ops.write(ops.ctx, "a/file", "3"), 0);
	assert_int_equal(real.late, 0);
	eb_worker_end(&real.worker);
}

/* Room for MORE open files. */
static void limit_files(rlim_t more)
{
	struct rlimit few;
	int next = dup(0);

	assert_true(next >= 0);
	close(next);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &few), 0);
	few.rlim_cur = (rlim_t)next + more;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
}

static void leaves_no_override_for_want_of_a_worker(void **state)
{
	struct place *place = *state;
	struct eb_real real = {.root = place->root, .timeout = 5, .kmsg = -1};
	const struct eb_ops ops = eb_ops_real(&real);
	struct rlimit before;
	char buf[40];

	place_add(place, "f a/override 1\nf b/override 1\nf c/override 1\n");
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	limit_files(2);
	assert_int_equal(ops.read(ops.ctx, "a/override", buf, 40), -EMFILE);
	assert_int_equal(ops.write(ops.ctx, "a/override", "2"), -EMFILE);
	assert_int_equal(ops.load(ops.ctx, "vfio-pci", buf, sizeof(buf)), -EMFILE);
	assert_int_equal(ops.clear(ops.ctx, "a/override"), -EIO);
	/* Somebody may hold the lock. */
	real.late = 1;
	assert_int_equal(ops.clear(ops.ctx, "b/override"), -EMFILE);
	real.late = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_string_equal(place_read(place, "a/override"), "\n");
	assert_string_equal(place_read(place, "b/override"), "1");
	/* The answer of one is lost, and there is no other: it may be done or not. */
	assert_int_equal(ops.read(ops.ctx, "c/override", buf, 40), 1);
	assert_int_equal(kill(real.worker.pid, SIGKILL), 0);
	/* Its three ends will be free again. */
	limit_files(0);
	assert_int_equal(ops.write(ops.ctx, "c/override", "2"), -ECHILD);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(real.worker.pid, 0);
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
	eb_worker_end(&real.worker);
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
		TEST(one_worker_does_it_all),
		TEST(gives_up_what_blocks),
		TEST(waits_no_longer_than_its_bound),
		TEST(tries_again_with_another_worker),
		TEST(leaves_no_override_for_want_of_a_worker),
		TEST(says_which_module_failed),
		cmocka_unit_test(says_a_line_a_write),
		cmocka_unit_test(says_nothing_where_it_cannot),
	};

	return cmocka_run_group_tests_name("ops", tests, NULL, NULL);
}
