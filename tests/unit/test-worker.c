// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of running a job in a child with a time limit. */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "worker.h"

#include "unit.h"

/* What a job is to do; SHARED is where it leaves its process id. */
struct order {
	int result;
	const char *reply;
	unsigned int sleep_ms;
	int die; /* exit status, or a signal as a negative number; 0 for neither */
	pid_t *shared;
};

static void sleep_ms(unsigned int ms)
{
	struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};

	while (nanosleep(&left, &left) < 0 && errno == EINTR)
		;
}

static int job(void *ctx, void *reply)
{
	struct order *order = ctx;

	if (order->shared)
		*order->shared = getpid();
	if (order->reply)
		memcpy(reply, order->reply, strlen(order->reply) + 1);
	sleep_ms(order->sleep_ms);
	if (order->die > 0)
		_exit(order->die);
	if (order->die < 0)
		kill(getpid(), -order->die);
	order->sleep_ms = 12345;
	return order->result;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void gives_result_and_reply(void **state)
{
	static const struct order orders[] = {
		{0, "", 0, 0, NULL},
		{-EBUSY, "vfio", 0, 0, NULL},
		{7, "a longer text", 50, 0, NULL},
		{-ETIMEDOUT, NULL, 0, 0, NULL},
	};
	char reply[32];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(orders); i++) {
		struct order order = orders[i];

		memset(reply, '#', sizeof(reply));
		assert_int_equal(eb_worker_call(job, &order, 5, reply, sizeof(reply)),
				 orders[i].result);
		assert_string_equal(reply, orders[i].reply ? orders[i].reply : "");
		assert_int_equal(reply[sizeof(reply) - 1], 0);
		/* The child had a copy of us. */
		assert_int_equal(order.sleep_ms, orders[i].sleep_ms);
	}
	assert_int_equal(eb_worker_call(job, &(struct order){.result = -5}, 5, NULL, 0),
			 -5);
}

static int fill(void *ctx, void *reply)
{
	(void)ctx;
	memset(reply, 'x', EB_MAX_REPLY);
	return 0;
}

static void gives_the_longest_reply(void **state)
{
	char reply[EB_MAX_REPLY + 1] = "";

	(void)state;
	assert_int_equal(eb_worker_call(fill, NULL, 5, reply, EB_MAX_REPLY), 0);
	assert_int_equal(strspn(reply, "x"), EB_MAX_REPLY);
}

static void goes_on_without_one_that_hangs(void **state)
{
	pid_t *child = mmap(NULL, sizeof(*child), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct order order = {.sleep_ms = 60000, .reply = "late", .shared = child};
	char reply[8] = "before";
	double start = now();
	int status;

	(void)state;
	assert_int_equal(eb_worker_call(job, &order, 1, reply, sizeof(reply)),
			 -ETIMEDOUT);
	assert_true(now() - start >= 0.9 && now() - start < 10);
	assert_string_equal(reply, "before");
	/* It was killed. Who was it? Gone by now, or ours to take. */
	assert_true(*child > 0);
	if (waitpid(*child, &status, 0) == *child)
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	else
		assert_int_equal(kill(*child, 0), -1);
	munmap(child, sizeof(*child));
}

static void says_when_one_dies(void **state)
{
	static const int deaths[] = {1, 77, -SIGKILL, -SIGTERM};
	char reply[8] = "before";
	double start = now();
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(deaths); i++) {
		struct order order = {.die = deaths[i], .reply = "dead"};

		assert_int_equal(eb_worker_call(job, &order, 30, reply, sizeof(reply)),
				 -ECHILD);
		assert_string_equal(reply, "before");
	}
	assert_true(now() - start < 10);
	while (waitpid(-1, NULL, 0) > 0)
		;
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
	struct order order = {.result = -EIO, .sleep_ms = 200};

	(void)state;
	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	setitimer(ITIMER_REAL, &every, NULL);
	assert_int_equal(eb_worker_call(job, &order, 5, NULL, 0), -EIO);
	setitimer(ITIMER_REAL, &never, NULL);
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

static void leaves_nothing_behind(void **state)
{
	struct order order = {.result = 0};
	int before = open_files(), i;

	(void)state;
	for (i = 0; i < 50; i++)
		assert_int_equal(eb_worker_call(job, &order, 5, NULL, 0), 0);
	order.die = 1;
	assert_int_equal(eb_worker_call(job, &order, 5, NULL, 0), -ECHILD);
	assert_int_equal(open_files(), before);
	while (waitpid(-1, NULL, 0) > 0)
		i--;
	/* All that answered were taken by the call; one that died may be left. */
	assert_in_range(i, 49, 50);
	assert_int_equal(errno, ECHILD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_result_and_reply),
		cmocka_unit_test(gives_the_longest_reply),
		cmocka_unit_test(goes_on_without_one_that_hangs),
		cmocka_unit_test(says_when_one_dies),
		cmocka_unit_test(waits_through_signals),
		cmocka_unit_test(leaves_nothing_behind),
	};

	return cmocka_run_group_tests_name("worker", tests, NULL, NULL);
}
