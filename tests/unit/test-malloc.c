// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of the agent's malloc(). */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void *agent_malloc(size_t size);
void *agent_realloc(void *data, size_t size);
void agent_free(void *data);
#define malloc	agent_malloc
#define realloc agent_realloc
#define free	agent_free
#include "klibc/malloc.c" // NOLINT(bugprone-suspicious-include)
#undef malloc
#undef realloc
#undef free

#include "unit.h"

static void blocks_are_apart_and_aligned(void **state)
{
	unsigned char *blocks[64];
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT(blocks); i++) {
		blocks[i] = agent_malloc(i);
		assert_non_null(blocks[i]);
		assert_int_equal((uintptr_t)blocks[i] % 16, 0);
		memset(blocks[i], (int)i, i);
	}
	for (i = 0; i < COUNT(blocks); i++)
		for (j = 0; j < i; j++)
			assert_int_equal(blocks[i][j], i);
}

static void the_last_block_is_given_back(void **state)
{
	char *first = agent_malloc(100), *second = agent_malloc(20000), *again;

	(void)state;
	agent_free(second);
	again = agent_malloc(40);
	assert_ptr_equal(again, second);
	/* Not the last: it stays as it is. */
	agent_free(first);
	assert_ptr_not_equal(agent_malloc(100), first);
	agent_free(NULL);
}

static void what_grows_keeps_its_data(void **state)
{
	char *data = agent_realloc(NULL, 4), *more;

	(void)state;
	memcpy(data, "abc", 4);
	more = agent_realloc(data, 4000);
	assert_string_equal(more, "abc");
	assert_string_equal(data, "abc");
	assert_non_null(agent_malloc(16));
	assert_string_equal(agent_realloc(more, 5000), "abc");
}

static void it_ends_where_there_is_no_more(void **state)
{
	char *last = agent_malloc(1 << 20), *next;

	(void)state;
	assert_non_null(last);
	errno = 0;
	assert_null(agent_malloc(SIZE_MAX));
	assert_null(agent_malloc(SIZE_MAX - 15));
	assert_null(agent_malloc(ROOM));
	assert_int_equal(errno, ENOMEM);
	while ((next = agent_malloc(1 << 20)))
		last = next;
	memset(last, 1, 1 << 20);
	assert_null(agent_realloc(last, 2 << 20));
	assert_int_equal(last[(1 << 20) - 1], 1);
	agent_free(last);
	assert_ptr_equal(agent_malloc(1 << 20), last);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_are_apart_and_aligned),
		cmocka_unit_test(the_last_block_is_given_back),
		cmocka_unit_test(what_grows_keeps_its_data),
		cmocka_unit_test(it_ends_where_there_is_no_more),
	};

	return cmocka_run_group_tests_name("malloc", tests, NULL, NULL);
}
