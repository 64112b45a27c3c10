// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzz struct screen_info, which tells where the firmware's framebuffer is. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <earlybind/machine.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(int right)
{
	if (!right)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char *copy = malloc(size + 1);
	struct eb_range range = {1, 2};

	memcpy(copy, data, size);
	if (eb_machine_read_screen(copy, size, &range)) {
		expect(range.start > 0 && range.start <= range.end);
		/* VESA and EFI alone have one; a size is 32 bits, of VESA in 64 KiB */
		expect(copy[0x0f] == 0x23 || copy[0x0f] == 0x70);
		expect(range.end - range.start < (uint64_t)1 << 48);
	} else {
		expect(range.start == 1 && range.end == 2);
	}
	free(copy);
	return 0;
}
