// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzz the headers of a PE image, which tell where a unified kernel image has its command
 * line. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bootloader/pe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(int right)
{
	if (!right)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {".cmdline", ".initrd", "", ".linux123"};
	unsigned char *copy = malloc(size ? size : 1);
	size_t i;

	memcpy(copy, data, size);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct eb_pe_section section = {1, 2, 0};

		if (eb_pe_find(copy, size, names[i], &section) == 0) {
			expect(memcmp(copy, "MZ", 2) == 0);
			/* Each has a header of 40 bytes. */
			expect(section.count > 0 && section.count <= size / 40);
			expect(strlen(names[i]) <= 8);
		} else {
			expect(section.offset == 1 && section.size == 2);
		}
	}
	free(copy);
	return 0;
}
