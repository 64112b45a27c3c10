// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzz one item of vfio.gpus=: what is understood prints, and comes back the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <earlybind/selector.h>

#include "dice.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(int right)
{
	if (!right)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct eb_slice item = {(const char *)data, size};
	char printed[EB_SELECTOR_TEXT], again[EB_SELECTOR_TEXT];
	struct eb_selector s, back;
	const char *reason = NULL;
	size_t offset = size + 1;

	if (eb_selector_parse(item, &s, &offset, &reason) < 0) {
		expect(offset <= size && reason && strlen(reason) > 0);
		return 0;
	}
	expect(s.text.at == item.at && s.text.len == size);
	expect(s.addr.device < 32 && s.addr.function < 8 && s.steps <= EB_MAX_STEPS);
	eb_selector_print(&s, printed);
	expect(eb_selector_parse((struct eb_slice){printed, strlen(printed)}, &back,
				 &offset, &reason) == 0);
	expect(same_selector(&s, &back));
	expect(strcmp(eb_selector_print(&back, again), printed) == 0);
	return 0;
}
