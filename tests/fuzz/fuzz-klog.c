// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzz a record of the kernel log. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <earlybind/klog.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(int right)
{
	if (!right)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct eb_klog_line line = {.bar = 99};
	struct eb_addr addr = {0};
	char *record = malloc(size + 1);
	const char *text;

	memcpy(record, data, size);
	record[size] = '\0';
	if (eb_klog_parse(record, eb_klog_since_boot, &line, &addr)) {
		/* the text is what follows the first semicolon */
		text = strchr(record, ';') + 1;
		expect(line.kind <= EB_KLOG_RESTORED);
		expect(line.bar <= EB_ROM_BAR || line.bar == EB_NO_BAR);
		expect(strnlen(line.text, EB_KLOG_TEXT) < EB_KLOG_TEXT);
		expect(strncmp(text, line.text, strlen(line.text)) == 0);
		expect(addr.device < 32 && addr.function < 8);
	} else {
		expect(line.bar == 99);
	}
	free(record);
	return 0;
}
