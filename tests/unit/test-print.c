// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of the agent's vsnprintf(), by this machine's. */
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define vsnprintf agent_vsnprintf
int agent_vsnprintf(char *buf, size_t size, const char *format, va_list args);
#include "klibc/print.c" // NOLINT(bugprone-suspicious-include)
#undef vsnprintf

#include "unit.h"

__attribute__((format(printf, 3, 4))) static int agent_print(char *buf, size_t size,
							     const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = agent_vsnprintf(buf, size, format, args);
	va_end(args);
	return n;
}

/* In every size, up to one that is too large. */
#define SAME(...)                                                              \
	do {                                                                   \
		char got[64], wanted[64];                                      \
		size_t size;                                                   \
                                                                               \
		for (size = 0; size <= sizeof(got); size++) {                  \
			memset(got, '#', sizeof(got));                         \
			memset(wanted, '#', sizeof(wanted));                   \
			assert_int_equal(agent_print(got, size, __VA_ARGS__),  \
					 snprintf(wanted, size, __VA_ARGS__)); \
			assert_memory_equal(got, wanted, sizeof(got));         \
		}                                                              \
	} while (0)

static void prints_text(void **state)
{
	static const char name[] = {'a', 'b', 'c'};

	(void)state;
	SAME("a text");
	SAME("%s", "");
	SAME("%s of %s: 100%%", "0000:05:00.0", "vfio-pci");
	SAME("%.*s.", 3, name);
	SAME("%.*s.", 0, name);
	SAME("%.*s.", 30, "shorter");
	SAME("%8s|%2s|", "right", "right");
}

static void prints_numbers(void **state)
{
	static const int numbers[] = {0, 1, -1, 9, 10, 255, -4096, INT_MAX, INT_MIN};
	static const unsigned long longs[] = {0, 1, UINT32_MAX, ULONG_MAX, LONG_MAX};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(numbers); i++) {
		SAME("%d.", numbers[i]);
		SAME("%u %x", (unsigned int)numbers[i], (unsigned int)numbers[i]);
		SAME("%04x:%02x:%06x", (unsigned int)numbers[i], (unsigned int)numbers[i],
		     (unsigned int)numbers[i]);
	}
	for (i = 0; i < COUNT(longs); i++) {
		SAME("0x%lx %ld", longs[i], (long)longs[i]);
		SAME("%zu %lu", (size_t)longs[i], longs[i]);
		SAME("%llx %llu", (unsigned long long)longs[i],
		     (unsigned long long)longs[i]);
		SAME("%20lu|%3lx|", longs[i], longs[i]);
	}
	/* More of them than a call has registers, and one after the other. */
	SAME("%d %s %u %x %lu %s %d %04x %s", -1, "two", 3u, 4u, 5ul, "six", 7, 8u,
	     "nine");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints_text),
		cmocka_unit_test(prints_numbers),
	};

	return cmocka_run_group_tests_name("print", tests, NULL, NULL);
}
