// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of what `enable` and `plan` are given, joined to a piece of command line. */
#include <errno.h>
#include <string.h>

#include "arguments.h"
#include "unit.h"

static void arguments_are_joined(void **state)
{
	static const struct {
		const char *arg[4];
		const char *out; /* NULL: refused */
	} rows[] = {
		{{"05:00"}, "vfio.gpus=05:00"},
		{{"05:00", "06:00"}, "vfio.gpus=05:00,06:00"},
		{{"05:00 06:00"}, "vfio.gpus=05:00,06:00"},
		{{"nvidia,-0b:00"}, "vfio.gpus=nvidia,-0b:00"},
		{{"nvidia", "-0b:00"}, "vfio.gpus=nvidia,-0b:00"},
		{{"05:00@10de:1187"}, "vfio.gpus=05:00@10de:1187"},
		{{"none"}, "vfio.gpus=none"},
		{{"00:03.1/00.0/00"}, "vfio.gpus=00:03.1/00.0/00"},
		{{"vfio.gpus=05:00", "06:00"}, "vfio.gpus=05:00 vfio.gpus=06:00"},
		{{"05:00", "earlybind.fb=release", "06:00"},
		 "vfio.gpus=05:00 earlybind.fb=release vfio.gpus=06:00"},
		{{"rd.vfio.gpus=all earlybind.power=on"},
		 "rd.vfio.gpus=all earlybind.power=on"},
		{{"  05:00  "}, "vfio.gpus=05:00"},
		{{"vfio.gpus=nonsense"},
		 "vfio.gpus=nonsense"}, /* a finding of the plan */
		{{"vfio.gpus=\"05:00 06:00\""}, "vfio.gpus=\"05:00 06:00\""},
		{{"quiet"}, NULL},
		{{"05:00", "quiet"}, NULL},
		{{"intel_iommu=on"}, NULL},
		{{"vfio-pci.ids=10de:1187"}, NULL},
		{{"05:00,"}, NULL},
		{{",05:00"}, NULL},
		{{","}, NULL},
		{{"--"}, NULL},
		{{""}, NULL},
		{{" "}, NULL},
		{{"\303\244"}, NULL},
	};
	char out[EB_ARGUMENTS_TEXT], why[EB_ARGUMENTS_WHY];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		int count = 0, err;

		ROW(rows[i].arg[0]);
		while (count < 4 && rows[i].arg[count])
			count++;
		err = eb_arguments_read(count, (char *const *)rows[i].arg, out,
					sizeof(out), why, sizeof(why));
		assert_int_equal(err, rows[i].out ? 0 : -EINVAL);
		if (rows[i].out)
			assert_string_equal(out, rows[i].out);
		else
			assert_true(strlen(why) > 10);
	}
}

/* Not a byte beyond either buffer: the sanitizer watches. */
static void long_arguments_are_refused(void **state)
{
	char big[4096], out[32], why[24], *arg[] = {big};

	(void)state;
	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	assert_int_equal(eb_arguments_read(1, arg, out, sizeof(out), why, sizeof(why)),
			 -EINVAL);
	big[0] = big[1] = '0';
	memcpy(big, "vfio.gpus=", 10);
	assert_int_equal(eb_arguments_read(1, arg, out, sizeof(out), why, sizeof(why)),
			 -EINVAL);
	assert_true(strlen(out) < sizeof(out) && strlen(why) < sizeof(why));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arguments_are_joined),
		cmocka_unit_test(long_arguments_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
