// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of the runner of programs: how they end, signals, time, output, descriptors. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <earlybind/sysfs.h>

#include "run.h"
#include "unit.h"

static bool run_shell(const char *script, unsigned int seconds, struct eb_run_end *end)
{
	const char *const argv[] = {"sh", "-c", script, NULL};
	const struct eb_run run = {
		.argv = argv, .root = -1, .dir = -1, .seconds = seconds};

	return eb_run(&run, end);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void ends_are_told_apart(void **state)
{
	static const struct {
		const char *script;
		enum eb_run_how how;
		int value;
		const char *words;
	} rows[] = {
		{"exit 0", EB_RUN_EXITED, 0, "failed with status 0"},
		{"exit 7", EB_RUN_EXITED, 7, "failed with status 7"},
		{"kill -KILL $$", EB_RUN_SIGNALLED, SIGKILL,
		 "was ended by signal 9 (Killed)"},
		{"exec sleep 100", EB_RUN_TIMED_OUT, ETIMEDOUT,
		 "took too long and was ended"},
		{"trap '' TERM; (trap '' TERM; sleep 100); :", EB_RUN_TIMED_OUT,
		 ETIMEDOUT, "took too long and was ended"},
	};
	struct eb_run_end end;
	char words[160];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		ROW(rows[i].script);
		assert_int_equal(run_shell(rows[i].script, i < 3 ? 60 : 0, &end), i == 0);
		assert_int_equal(end.how, rows[i].how);
		assert_int_equal(end.value, rows[i].value);
		assert_int_equal(end.interrupted, 0);
		assert_string_equal(eb_run_describe(&end, words), rows[i].words);
	}
}

static void a_program_that_is_not_there(void **state)
{
	const char *const argv[] = {"earlybind-no-such-program", NULL};
	const struct eb_run run = {.argv = argv, .root = -1, .dir = -1, .seconds = 9};
	struct eb_run_end end;
	char words[160];

	(void)state;
	assert_false(eb_run(&run, &end));
	assert_int_equal(end.how, EB_RUN_NOT_STARTED);
	assert_int_equal(end.value, ENOENT);
	assert_string_equal(eb_run_describe(&end, words),
			    "could not be started: No such file or directory");
}

/* Of much output the end is kept: it says why a program failed. */
static void the_end_of_the_output_is_kept(void **state)
{
	struct eb_run_end end;

	(void)state;
	assert_true(run_shell("seq 100000; echo last >&2", 60, &end));
	assert_int_equal(strlen(end.output), EB_RUN_OUTPUT);
	assert_string_equal(end.output + EB_RUN_OUTPUT - 18,
			    "\n99999\n100000\nlast\n" + 1);
	assert_true(run_shell(":", 60, &end));
	assert_string_equal(end.output, "");
}

static void what_is_left_behind_is_not_waited_for(void **state)
{
	static const char *const scripts[] = {
		"echo said; sleep 20 &",
		/* It never stops writing. */
		"echo said; while :; do echo noise; done &",
	};
	struct eb_run_end end;
	double begin = now();
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(scripts); i++) {
		ROW(scripts[i]);
		assert_true(run_shell(scripts[i], 60, &end));
	}
	assert_true(now() - begin < 10);
}

static void standard_input_is_empty_and_the_path_is_fixed(void **state)
{
	char *before = strdup(getenv("PATH"));
	struct eb_run_end end;

	(void)state;
	setenv("PATH", "/tmp/evil", 1);
	setenv("BASH_ENV", "/tmp/evil", 1);
	assert_true(run_shell("read x; echo \"[$x] $PATH [$BASH_ENV]\"; pwd", 60, &end));
	setenv("PATH", before, 1);
	free(before);
	assert_string_equal(end.output, "[] /usr/local/sbin:/usr/local/bin:/usr/sbin:"
					"/usr/bin:/sbin:/bin []\n/\n");
}

static void a_program_starts_where_it_is_to(void **state)
{
	const char *const argv[] = {"pwd", NULL};
	struct eb_run run = {.argv = argv, .root = -1, .dir = -1, .seconds = 60};
	struct eb_run_end end;
	char dir[] = "/tmp/earlybind-run.XXXXXX";
	char line[sizeof(dir) + 1];

	(void)state;
	assert_non_null(mkdtemp(dir));
	run.dir = eb_sysfs_root(dir);
	snprintf(line, sizeof(line), "%s\n", dir);
	assert_true(eb_run(&run, &end));
	assert_string_equal(end.output, line);
	/* There is no program in that root. */
	run.root = run.dir;
	run.dir = -1;
	assert_false(eb_run(&run, &end));
	assert_int_equal(end.how, EB_RUN_NOT_STARTED);
	assert_int_equal(end.value, geteuid() == 0 ? ENOENT : EPERM);
	close(run.root);
	rmdir(dir);
}

/* The program and its children get it; we go on. */
static void signals_are_passed_on(void **state)
{
	static const struct {
		int signal;
		const char *script;
	} rows[] = {
		{SIGINT, "kill -INT $PPID; exec sleep 100"},
		{SIGTERM, "kill -TERM $PPID; sleep 100; :"},
		{SIGHUP, "kill -HUP $PPID; sleep 100 & wait"},
	};
	struct eb_run_end end;
	char words[160];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		void (*before)(int) = signal(rows[i].signal, SIG_DFL);

		ROW(rows[i].script);
		assert_false(run_shell(rows[i].script, 60, &end));
		signal(rows[i].signal, before);
		assert_int_equal(end.interrupted, rows[i].signal);
		assert_int_equal(end.how, EB_RUN_SIGNALLED);
		assert_non_null(strstr(eb_run_describe(&end, words), "was interrupted"));
	}
}

/* A program that catches the signal and ends well was interrupted all the same. */
static void an_interruption_is_no_success(void **state)
{
	void (*before)(int) = signal(SIGTERM, SIG_DFL);
	struct eb_run_end end;

	(void)state;
	assert_false(
		run_shell("trap 'exit 0' TERM; kill -TERM $PPID; sleep 1; :", 60, &end));
	signal(SIGTERM, before);
	assert_int_equal(end.how, EB_RUN_EXITED);
	assert_int_equal(end.value, 0);
	assert_int_equal(end.interrupted, SIGTERM);
}

static void signals_that_are_ignored_are_not_passed_on(void **state)
{
	void (*before)(int) = signal(SIGHUP, SIG_IGN);
	struct eb_run_end end;

	(void)state;
	assert_true(run_shell("kill -HUP $PPID; sleep 0.2", 60, &end));
	signal(SIGHUP, before);
	assert_int_equal(end.interrupted, 0);
}

/* A parent can leave SIGCHLD ignored, and a caller may have signals blocked. */
static void the_callers_signals_do_not_matter(void **state)
{
	void (*before)(int) = signal(SIGCHLD, SIG_IGN);
	struct eb_run_end end;
	sigset_t term, mask, after;

	(void)state;
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, &mask);
	assert_false(run_shell("kill -TERM $$; exit 3", 5, &end));
	assert_int_equal(end.how, EB_RUN_SIGNALLED);
	assert_int_equal(end.value, SIGTERM);
	sigprocmask(SIG_SETMASK, &mask, &after);
	assert_true(sigismember(&after, SIGTERM));
	assert_true(signal(SIGCHLD, before) == SIG_IGN);
}

/* What it started does not outlive a program that was ended. */
static void children_are_ended_too(void **state)
{
	char path[] = "/tmp/earlybind-run.XXXXXX", script[160];
	struct eb_run_end end;
	struct stat st;

	(void)state;
	close(mkstemp(path));
	snprintf(script, sizeof(script),
		 "(trap '' TERM; sleep 2; echo x >%s) & exec sleep 100", path);
	assert_false(run_shell(script, 0, &end));
	assert_int_equal(end.how, EB_RUN_TIMED_OUT);
	sleep(2);
	assert_int_equal(stat(path, &st), 0);
	unlink(path);
	assert_int_equal(st.st_size, 0);
}

/* Run it without descriptors 0 to 2, which then must not be a pipe's. */
static void closed_descriptors_do_no_harm(void **state)
{
	struct eb_run_end end;
	int status, fd;
	pid_t child = fork();

	(void)state;
	if (child == 0) {
		for (fd = 0; fd <= 2; fd++)
			close(fd);
		eb_run_open_standard();
		_exit(run_shell("echo out; echo err >&2", 60, &end) &&
				      strcmp(end.output, "out\nerr\n") == 0
			      ? 0
			      : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static int open_descriptors(void)
{
	int fd, count = 0;

	for (fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

static void no_descriptor_is_left_open(void **state)
{
	struct eb_run_end end;
	int before = open_descriptors();
	char text[16];

	(void)state;
	run_shell("exit 1", 60, &end);
	run_shell("sleep 1 &", 60, &end);
	eb_run_read(-1, "nothing", text, sizeof(text), 1);
	assert_int_equal(open_descriptors(), before);
}

/* What a terminal shows of a program that runs SCRIPT. */
static void look_at_terminal(const char *script, char *shown, size_t size)
{
	const char *const argv[] = {"sh", "-c", script, NULL};
	const struct eb_run run = {.argv = argv,
				   .root = -1,
				   .dir = -1,
				   .seconds = 60,
				   .notice = "please wait"};
	int terminal = posix_openpt(O_RDWR | O_NOCTTY), slave;
	struct eb_run_end end;
	ssize_t n;
	pid_t child;

	assert_true(grantpt(terminal) == 0 && unlockpt(terminal) == 0);
	slave = open(ptsname(terminal), O_RDWR | O_NOCTTY);
	child = fork();
	if (child == 0) {
		dup2(slave, STDERR_FILENO);
		_exit(eb_run(&run, &end) ? 0 : 1);
	}
	assert_int_equal(waitpid(child, NULL, 0), child);
	fcntl(terminal, F_SETFL, O_NONBLOCK);
	n = read(terminal, shown, size - 1);
	shown[n < 0 ? 0 : n] = '\0';
	close(slave);
	close(terminal);
}

static void a_person_is_told_to_wait(void **state)
{
	char shown[64];

	(void)state;
	look_at_terminal("exit 0", shown, sizeof(shown));
	assert_string_equal(shown, "");
	look_at_terminal("sleep 4", shown, sizeof(shown));
	assert_string_equal(shown, "please wait\r\n");
}

static void a_file_is_read_in_a_child(void **state)
{
	int root = eb_sysfs_root("/");
	char text[64], small[4];

	(void)state;
	assert_true(eb_run_read(root, "proc/sys/kernel/ostype", text, sizeof(text), 5) >
		    0);
	assert_string_equal(text, "Linux");
	assert_int_equal(
		eb_run_read(root, "proc/sys/kernel/ostype", small, sizeof(small), 5),
		-E2BIG);
	assert_memory_equal(small, "Linu", 4);
	assert_int_equal(eb_run_read(root, "no/such/file", text, sizeof(text), 5),
			 -ENOENT);
	close(root);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_are_told_apart),
		cmocka_unit_test(a_program_that_is_not_there),
		cmocka_unit_test(the_end_of_the_output_is_kept),
		cmocka_unit_test(what_is_left_behind_is_not_waited_for),
		cmocka_unit_test(standard_input_is_empty_and_the_path_is_fixed),
		cmocka_unit_test(a_program_starts_where_it_is_to),
		cmocka_unit_test(signals_are_passed_on),
		cmocka_unit_test(an_interruption_is_no_success),
		cmocka_unit_test(signals_that_are_ignored_are_not_passed_on),
		cmocka_unit_test(the_callers_signals_do_not_matter),
		cmocka_unit_test(children_are_ended_too),
		cmocka_unit_test(closed_descriptors_do_no_harm),
		cmocka_unit_test(no_descriptor_is_left_open),
		cmocka_unit_test(a_person_is_told_to_wait),
		cmocka_unit_test(a_file_is_read_in_a_child),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
