// SPDX-License-Identifier: GPL-2.0-or-later
/* PCI addresses, device ids and address ranges: parse, print, compare. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <earlybind/addr.h>

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int eb_addr_read_hex(const char *text, size_t len, int min, int max, uint64_t *value)
{
	uint64_t v = 0;
	int n = 0;

	while ((size_t)n < len && hex_digit(text[n]) >= 0) {
		if (n == max)
			return -EINVAL;
		v = v << 4 | (uint64_t)hex_digit(text[n]);
		n++;
	}
	if (n < min)
		return -EINVAL;
	*value = v;
	return n;
}

int eb_addr_read_decimal(const char *text, size_t len, uint32_t max, uint32_t *value)
{
	uint64_t v = 0;
	size_t i;

	if (len == 0)
		return -EINVAL;
	for (i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -EINVAL;
		if (v <= UINT32_MAX)
			v = v * 10 + (uint64_t)(text[i] - '0');
	}
	if (v > max)
		return -ERANGE;
	*value = (uint32_t)v;
	return 0;
}

int eb_addr_parse(const char *text, size_t len, struct eb_addr *out)
{
	uint64_t domain, bus, device;
	int n = eb_addr_read_hex(text, len, 4, 8, &domain);
	size_t at = (size_t)(n < 0 ? 0 : n);

	/* What follows the domain has one form only: ":BB:DD.F". */
	if (n < 0 || len - at != 8 || text[at] != ':' || text[at + 3] != ':' ||
	    text[at + 6] != '.')
		return -EINVAL;
	if (eb_addr_read_hex(text + at + 1, 2, 2, 2, &bus) < 0 ||
	    eb_addr_read_hex(text + at + 4, 2, 2, 2, &device) < 0 || device > 0x1f ||
	    text[at + 7] < '0' || text[at + 7] > '7')
		return -EINVAL;
	*out = (struct eb_addr){.domain = (uint32_t)domain,
				.bus = (uint8_t)bus,
				.device = (uint8_t)device,
				.function = (uint8_t)(text[at + 7] - '0')};
	return 0;
}

int eb_addr_parse_above(char *path, struct eb_addr *out)
{
	char *slash = strrchr(path, '/');

	if (!slash)
		return -EINVAL;
	*slash = '\0';
	slash = strrchr(path, '/');
	return slash ? eb_addr_parse(slash + 1, strlen(slash + 1), out) : -EINVAL;
}

static char *put_hex(char *at, uint32_t value, int digits)
{
	int i;

	for (i = digits; i-- > 0; value >>= 4)
		at[i] = "0123456789abcdef"[value & 0xf];
	at[digits] = ':';
	return at + digits + 1;
}

/* A path is made of it for each attribute that is read: printf would take ten times as
 * long. */
const char *eb_addr_print(const struct eb_addr *addr, char out[EB_ADDR_TEXT])
{
	int digits = 4;
	char *at;

	while (digits < 8 && addr->domain >> 4 * digits)
		digits++;
	at = put_hex(out, addr->domain, digits);
	at = put_hex(at, addr->bus, 2);
	at = put_hex(at, addr->device & 0x1fU, 2);
	at[-1] = '.';
	put_hex(at, addr->function & 7U, 1)[-1] = '\0';
	return out;
}

int eb_addr_compare(const struct eb_addr *a, const struct eb_addr *b)
{
	if (a->domain != b->domain)
		return a->domain < b->domain ? -1 : 1;
	if (a->bus != b->bus)
		return a->bus < b->bus ? -1 : 1;
	if (a->device != b->device)
		return a->device < b->device ? -1 : 1;
	return (int)a->function - (int)b->function;
}

bool eb_addr_same_slot(const struct eb_addr *a, const struct eb_addr *b)
{
	return a->domain == b->domain && a->bus == b->bus && a->device == b->device;
}

const char *eb_addr_print_range(const struct eb_range *range, char out[EB_RANGE_TEXT])
{
	snprintf(out, EB_RANGE_TEXT, "0x%" PRIx64 "-0x%" PRIx64, range->start,
		 range->end);
	return out;
}

bool eb_addr_overlap(const struct eb_range *a, const struct eb_range *b)
{
	return a->start <= b->end && b->start <= a->end;
}
