// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of the agent's strstr(), by this machine's. */
#include <string.h>

#define strstr agent_strstr
char *agent_strstr(const char *text, const char *word);
#include "klibc/strstr.c" // NOLINT(bugprone-suspicious-include)
#undef strstr

#include "unit.h"

static void finds_what_is_there(void **state)
{
	static const char *const texts[] = {
		"",	  "a", "aaab",
		"aab",	  "b", "BAR 0: can't reserve [mem 0xe0000000]",
		"aabaab",
	};
	static const char *const words[] = {
		"", "a", "aab", "aaab", "b", "can't reserve", "]", "can't reserve ]",
	};
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT(texts); i++)
		for (j = 0; j < COUNT(words); j++)
			assert_ptr_equal(agent_strstr(texts[i], words[j]),
					 strstr(texts[i], words[j]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_is_there),
	};

	return cmocka_run_group_tests_name("strstr", tests, NULL, NULL);
}
