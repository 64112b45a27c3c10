// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of the process that does what may block. */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "worker.h"

#include "unit.h"

/* What the worker is to do. */
struct order {
	int result;
	char reply[16];
	unsigned int sleep_ms;
	int die; /* exit status, or a signal as a negative number; 0 for neither */
};

/* What it tells of itself, in memory that it shares with us. */
struct seen {
	pid_t pid;
	unsigned int orders; /* of this worker */
};

static unsigned int orders;

static void sleep_ms(unsigned int ms)
{
	struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};

	while (nanosleep(&left, &left) < 0 && errno == EINTR)
		;
}

static int obey(void *ctx, const void *task, void *reply)
{
	struct seen *seen = ctx;
	struct order order;

	memcpy(&order, task, sizeof(order));
	seen->pid = getpid();
	seen->orders = ++orders;
	memcpy(reply, order.reply, sizeof(order.reply));
	sleep_ms(order.sleep_ms);
	if (order.die > 0)
		_exit(order.die);
	if (order.die < 0)
		kill(getpid(), -order.die);
	return order.result;
}

static int open_files(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static struct eb_worker worker;
static struct seen *seen;
static int files;

static int setup(void **state)
{
	(void)state;
	files = open_files();
	seen = mmap(NULL, sizeof(*seen), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(seen, MAP_FAILED);
	worker = (struct eb_worker){.work = obey, .ctx = seen};
	return 0;
}

/* No file and no process may be left of any test. */
static int teardown(void **state)
{
	(void)state;
	eb_worker_end(&worker);
	munmap(seen, sizeof(*seen));
	while (waitpid(-1, NULL, 0) > 0)
		;
	assert_int_equal(errno, ECHILD);
	assert_int_equal(open_files(), files);
	return 0;
}

static int call(const struct order *order, unsigned int seconds, char *reply, size_t size)
{
	return eb_worker_call(&worker, order, sizeof(*order), seconds, reply, size);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static volatile sig_atomic_t interrupts;

static void interrupt(int sig)
{
	(void)sig;
	interrupts++;
}

/* A signal that comes again and again begins no new wait. */
static void waits_no_longer_when_interrupted(void **state)
{
	static const struct order hangs = {.sleep_ms = 5000};
	const struct sigaction action = {.sa_handler = interrupt};
	const struct itimerval each = {{0, 100000}, {0, 100000}},
			       never = {{0, 0}, {0, 0}};
	struct sigaction before;
	double start = now();
	int err;

	(void)state;
	interrupts = 0;
	assert_int_equal(sigaction(SIGALRM, &action, &before), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &each, NULL), 0);
	err = call(&hangs, 1, NULL, 0);
	setitimer(ITIMER_REAL, &never, NULL);
	sigaction(SIGALRM, &before, NULL);
	assert_int_equal(err, -ETIMEDOUT);
	assert_true(interrupts > 2);
	assert_true(now() - start > 0.9 && now() - start < 3);
}

static void one_gives_all_results(void **state)
{
	static const struct order all[] = {
		{0, "", 0, 0},
		{-EBUSY, "vfio", 0, 0},
		{7, "a longer text", 50, 0},
		{-ETIMEDOUT, "", 0, 0},
	};
	char reply[32];
	pid_t first = 0;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(all); i++) {
		memset(reply, '#', sizeof(reply));
		assert_int_equal(call(&all[i], 5, reply, sizeof(reply)), all[i].result);
		assert_string_equal(reply, all[i].reply);
		assert_int_equal(reply[sizeof(reply) - 1], 0);
		/* The worker counts in its own copy of our memory. */
		assert_int_equal(orders, 0);
		assert_int_equal(seen->orders, i + 1);
		if (i == 0)
			first = seen->pid;
		assert_int_equal(seen->pid, first);
	}
	assert_int_not_equal(first, getpid());
	assert_int_equal(call(&(struct order){.result = -5}, 5, NULL, 0), -5);
}

static int echo(void *ctx, const void *task, void *reply)
{
	const char *text = task;

	(void)ctx;
	memcpy(reply, text + EB_MAX_TASK - EB_MAX_REPLY, EB_MAX_REPLY);
	return text[0];
}

static void takes_the_longest_task_and_reply(void **state)
{
	char task[EB_MAX_TASK], reply[EB_MAX_REPLY + 1] = "";

	(void)state;
	worker.work = echo;
	memset(task, 'x', sizeof(task));
	assert_int_equal(
		eb_worker_call(&worker, task, sizeof(task), 5, reply, EB_MAX_REPLY), 'x');
	assert_int_equal(strspn(reply, "x"), EB_MAX_REPLY);
}

static void goes_on_without_one_that_hangs(void **state)
{
	const struct order hang = {.sleep_ms = 60000, .reply = "late"};
	char reply[16] = "before";
	double start = now();
	pid_t first;
	int status;

	(void)state;
	assert_int_equal(call(&hang, 1, reply, sizeof(reply)), -ETIMEDOUT);
	assert_true(now() - start >= 0.9 && now() - start < 10);
	assert_string_equal(reply, "before");
	assert_int_equal(worker.pid, 0);
	/* It was killed. Who was it? Gone by now, or ours to take. */
	first = seen->pid;
	assert_true(first > 0);
	if (waitpid(first, &status, 0) == first)
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	else
		assert_int_equal(kill(first, 0), -1);
	/* Another one serves us now. */
	assert_int_equal(call(&(struct order){.reply = "after"}, 5, reply, 16), 0);
	assert_string_equal(reply, "after");
	assert_int_equal(seen->orders, 1);
}

static void says_when_one_dies(void **state)
{
	static const int deaths[] = {1, 77, -SIGKILL, -SIGTERM};
	char reply[8] = "before";
	double start = now();
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(deaths); i++) {
		const struct order order = {.die = deaths[i], .reply = "dead"};

		assert_int_equal(call(&order, 30, reply, sizeof(reply)), -ECHILD);
		assert_string_equal(reply, "before");
		assert_int_equal(worker.pid, 0);
	}
	assert_true(now() - start < 10);
}

/* Killed while it waits for the next task: no signal may end us, too. */
static void says_when_one_has_died(void **state)
{
	const struct order order = {.result = 3};

	(void)state;
	assert_int_equal(call(&order, 5, NULL, 0), 3);
	kill(worker.pid, SIGKILL);
	sleep_ms(50);
	assert_int_equal(call(&order, 30, NULL, 0), -ECHILD);
	assert_int_equal(call(&order, 5, NULL, 0), 3);
}

static void ignore(int signal)
{
	(void)signal;
}

static void waits_through_signals(void **state)
{
	const struct sigaction action = {.sa_handler = ignore};
	const struct itimerval every = {{0, 20000}, {0, 20000}};
	const struct itimerval never = {{0, 0}, {0, 0}};
	const struct order order = {.result = -EIO, .sleep_ms = 200};

	(void)state;
	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	setitimer(ITIMER_REAL, &every, NULL);
	assert_int_equal(call(&order, 5, NULL, 0), -EIO);
	setitimer(ITIMER_REAL, &never, NULL);
}

/* Without room for one pipe, or for the second, or for a process. */
static void says_that_there_is_none(void **state)
{
	static const struct order order = {.result = 1};
	struct rlimit before, few;
	int i;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	few = before;
	for (i = 0; i < 4; i++) {
		int next = dup(0);

		assert_true(next >= 0);
		close(next);
		few.rlim_cur = (rlim_t)next + (rlim_t)i;
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
		assert_int_equal(call(&order, 5, NULL, 0), -EMFILE);
		assert_int_equal(worker.pid, 0);
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
		assert_int_equal(open_files(), files);
	}
	assert_int_equal(call(&order, 5, NULL, 0), 1);
}

/* Whoever adopts a process may be slow to take it when it has ended. */
static bool lives(pid_t pid)
{
	char path[32], line[512] = "";
	FILE *stat;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	stat = fopen(path, "re");
	if (!stat)
		return false;
	if (!fgets(line, sizeof(line), stat))
		line[0] = '\0';
	fclose(stat);
	return line[0] && !strstr(line, ") Z ");
}

/* One that nobody ends sees that there is nobody: its pipe ends. */
static void ends_with_us(void **state)
{
	static const struct order order = {.result = 1};
	pid_t child = fork();
	int i, status;

	(void)state;
	assert_true(child >= 0);
	if (child == 0)
		_exit(call(&order, 5, NULL, 0));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(WEXITSTATUS(status), 1);
	for (i = 0; i < 500 && lives(seen->pid); i++)
		sleep_ms(10);
	assert_false(lives(seen->pid));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(waits_no_longer_when_interrupted),
		TEST(one_gives_all_results),
		TEST(takes_the_longest_task_and_reply),
		TEST(goes_on_without_one_that_hangs),
		TEST(says_when_one_dies),
		TEST(says_when_one_has_died),
		TEST(waits_through_signals),
		TEST(says_that_there_is_none),
		TEST(ends_with_us),
	};

	return cmocka_run_group_tests_name("worker", tests, NULL, NULL);
}
