// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of vfio-pci.ids=: what the kernel's vfio-pci takes by it. */
#include <errno.h>
#include <string.h>

#include <earlybind/vfio-ids.h>

#include "machines.h"
#include "unit.h"

#define ANY EB_VFIO_ANY

static void items_are_read_as_the_kernel_does(void **state)
{
	static const struct {
		const char *item;
		bool good;
		struct eb_vfio_id id;
	} rows[] = {
		{"10de:1187", true, {0x10de, 0x1187, ANY, ANY, 0, 0}},
		{"10DE:0e0A", true, {0x10de, 0x0e0a, ANY, ANY, 0, 0}},
		{"0x10de:0X1187", true, {0x10de, 0x1187, ANY, ANY, 0, 0}},
		{"10de:ffffffff", true, {0x10de, ANY, ANY, ANY, 0, 0}},
		{"1:2", true, {1, 2, ANY, ANY, 0, 0}},
		{"10de:1187:1458", true, {0x10de, 0x1187, 0x1458, ANY, 0, 0}},
		{"10de:1187:1458:3612", true, {0x10de, 0x1187, 0x1458, 0x3612, 0, 0}},
		{"10de:ffffffff:ffffffff:ffffffff:00030000:ffff00ff",
		 6,
		 {0x10de, ANY, ANY, ANY, 0x030000, 0xffff00ff}},
		{"1:2:3:4:5:6:7", true, {1, 2, 3, 4, 5, 6}},
		/* what follows the last good field is ignored */
		{"10de:1187:", true, {0x10de, 0x1187, ANY, ANY, 0, 0}},
		{"10de:1187 ", true, {0x10de, 0x1187, ANY, ANY, 0, 0}},
		{"10de:1187:x", true, {0x10de, 0x1187, ANY, ANY, 0, 0}},
		{"10de:1187.5:1458", true, {0x10de, 0x1187, ANY, ANY, 0, 0}},
		{"0x:1", false, {0}},
		{"", false, {0}},
		{"10de", false, {0}},
		{"10de:", false, {0}},
		{":1187", false, {0}},
		{"nvidia:1187", false, {0}},
		{"10de-1187", false, {0}},
		{"0x", false, {0}},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		const struct eb_slice item = {rows[i].item, strlen(rows[i].item)};
		struct eb_vfio_id id = {0};

		ROW(rows[i].item);
		assert_int_equal(eb_vfio_ids_read(item, &id), rows[i].good ? 0 : -EINVAL);
		assert_memory_equal(&id, &rows[i].id, sizeof(id));
	}
}

static void ids_take_what_they_name(void **state)
{
	static const struct {
		struct eb_vfio_id id;
		unsigned int function;
		bool takes;
	} rows[] = {
		/* desk's function 9 is 01:00.0, a VGA controller 10de:1e84 */
		{{0x10de, 0x1e84, ANY, ANY, 0, 0}, 9, true},
		{{0x10de, 0x1e84, ANY, ANY, 0, 0}, 10, false},
		{{0x1002, 0x1e84, ANY, ANY, 0, 0}, 9, false},
		{{0x10de, ANY, ANY, ANY, 0, 0}, 10, true},
		{{ANY, ANY, ANY, ANY, 0, 0}, 5, true},
		{{0x10de, 0x1e84, 0x1458, ANY, 0, 0}, 9, true},
		{{0x10de, 0x1e84, 0x1458, 0x3ffc, 0, 0}, 9, true},
		{{0x10de, 0x1e84, 0x1458, 0x3ffd, 0, 0}, 9, false},
		{{0x10de, 0x1e84, 0x1043, ANY, 0, 0}, 9, false},
		/* the class, where the mask looks */
		{{0x10de, ANY, ANY, ANY, 0x030000, 0xffff00ff}, 9, true},
		{{0x10de, ANY, ANY, ANY, 0x030000, 0xffff00ff}, 10, false},
		{{0x10de, ANY, ANY, ANY, 0x040300, 0xffffff}, 10, true},
		{{0x10de, ANY, ANY, ANY, 0x040300, 0}, 9, true},
	};
	static struct eb_pci pci;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		build_pci(&pci, desk);
		print_message("  row %zu\n", i);
		assert_int_equal(eb_vfio_ids_match(&rows[i].id, &pci, rows[i].function),
				 rows[i].takes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(items_are_read_as_the_kernel_does),
		cmocka_unit_test(ids_take_what_they_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
