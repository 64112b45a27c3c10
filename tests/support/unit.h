/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmocka with what it wants before it, for unit tests made of tables. */
#ifndef EB_TESTS_UNIT_H
#define EB_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Before the checks of a row: name it in the log, which is shown when a test fails. */
#define ROW(text) print_message("  %s\n", (text))

/* TEXT, which is not NULL, has PART in it. */
#define assert_contains(text, part)                                         \
	do {                                                                \
		if (!strstr((text), (part)))                                \
			fail_msg("'%s' does not say '%s'", (text), (part)); \
	} while (0)

#endif
