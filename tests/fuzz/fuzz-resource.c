// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzz a line of a function's `resource`. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <earlybind/pci.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(int right)
{
	if (!right)
		abort();
}

/* Printed as the kernel does (drivers/pci/pci-sysfs.c, resource_show), it comes back. */
static void check_round_trip(const struct eb_bar *bar)
{
	struct eb_bar back;
	char line[64];

	snprintf(line, sizeof(line), "0x%016" PRIx64 " 0x%016" PRIx64 " 0x%016" PRIx64,
		 bar->range.start, bar->range.end, bar->flags);
	expect(eb_pci_read_bar(line, &back) == 0);
	expect(back.range.start == bar->range.start && back.range.end == bar->range.end &&
	       back.flags == bar->flags);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *line = malloc(size + 1);
	struct eb_bar bar = {{1, 2}, 3};

	memcpy(line, data, size);
	line[size] = '\0';
	if (eb_pci_read_bar(line, &bar) == 0) {
		check_round_trip(&bar);
		if (eb_pci_bar_placed(&bar))
			expect(bar.range.start < bar.range.end);
	} else {
		expect(bar.range.start == 1 && bar.range.end == 2 && bar.flags == 3);
	}
	free(line);
	return 0;
}
