// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of finding a section of a PE image, cut short at each byte, and with each number
 * in it too large. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bootloader/pe.h"
#include "unit.h"

#define PE    0x40
#define TABLE (PE + 24 + 8)
#define ALL   (TABLE + 3 * 40)

static void put32(unsigned char *at, uint32_t value)
{
	int i;

	for (i = 0; i < 4; i++)
		at[i] = (unsigned char)(value >> 8 * i);
}

static void put_section(unsigned char *at, const char *name, uint32_t inside,
			uint32_t raw, uint32_t offset)
{
	memcpy(at, name, strlen(name));
	put32(at + 8, inside);
	put32(at + 16, raw);
	put32(at + 20, offset);
}

/* An image with an optional header of eight bytes and three sections. */
static void make(unsigned char image[ALL])
{
	memset(image, 0, ALL);
	memcpy(image, "MZ", 2);
	put32(image + 0x3c, PE);
	memcpy(image + PE, "PE\0\0", 4);
	image[PE + 6] = 3;
	image[PE + 20] = 8;
	put_section(image + TABLE, ".osrel", 10, 512, 1024);
	put_section(image + TABLE + 40, ".cmdline", 20, 512, 2048);
	put_section(image + TABLE + 80, ".linux", 4096, 512, 4096);
}

static void a_section_is_found(void **state)
{
	static const struct {
		const char *name;
		int err;
		uint32_t offset, size;
	} rows[] = {
		{".cmdline", 0, 2048, 20},
		{".osrel", 0, 1024, 10},
		/* longer in memory than in the file */
		{".linux", 0, 4096, 512},
		{".cmdlin", -ENOENT, 0, 0},
		{".cmdline2", -ENOENT, 0, 0},
		{".lin", -ENOENT, 0, 0},
		{".initrd", -ENOENT, 0, 0},
	};
	struct eb_pe_section section;
	unsigned char image[ALL];
	size_t i;

	(void)state;
	make(image);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		section = (struct eb_pe_section){.count = 0};
		assert_int_equal(eb_pe_find(image, ALL, rows[i].name, &section),
				 rows[i].err);
		assert_int_equal(section.offset, rows[i].offset);
		assert_int_equal(section.size, rows[i].size);
		assert_int_equal(section.count, rows[i].err == 0);
	}
	memcpy(image + TABLE + 80, ".cmdline", 8);
	assert_int_equal(eb_pe_find(image, ALL, ".cmdline", &section), 0);
	assert_int_equal(section.count, 2);
	assert_int_equal(section.offset, 2048);
}

static void a_broken_image_is_none(void **state)
{
	static const size_t numbers[] = {0, 0x3c, PE, PE + 6, PE + 20};
	struct eb_pe_section section;
	unsigned char image[ALL];
	size_t i;

	(void)state;
	make(image);
	for (i = 0; i < ALL; i++) {
		unsigned char *part = malloc(i ? i : 1);

		memcpy(part, image, i);
		assert_int_equal(eb_pe_find(part, i, ".cmdline", &section), -ENOEXEC);
		free(part);
	}
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		make(image);
		memset(image + numbers[i], 0xff, 2);
		assert_int_equal(eb_pe_find(image, ALL, ".cmdline", &section), -ENOEXEC);
	}
	make(image);
	put32(image + 0x3c, 0xffffffff);
	assert_int_equal(eb_pe_find(image, ALL, ".cmdline", &section), -ENOEXEC);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_section_is_found),
		cmocka_unit_test(a_broken_image_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
