// SPDX-License-Identifier: GPL-2.0-or-later
/* Finds a section of a PE image: DOS header, PE header, optional header, section table.
 */
#include <errno.h>
#include <string.h>

#include "pe.h"

#define DOS_PE_AT     0x3c /* where the PE header's offset is */
#define DOS_BYTES     64
#define PE_BYTES      24 /* the signature and the COFF header */
#define PE_SECTIONS   6
#define PE_OPTIONAL   20
#define SECTION_BYTES 40
#define NAME_BYTES    8
#define VIRTUAL_SIZE  8
#define RAW_SIZE      16
#define RAW_OFFSET    20

static uint32_t get16(const unsigned char *at)
{
	return (uint32_t)(at[0] | at[1] << 8);
}

static uint32_t get32(const unsigned char *at)
{
	return get16(at) | get16(at + 2) << 16;
}

/* Is NAME, ended by NULs where it is short, that of the section header at AT? */
static bool is_named(const unsigned char *at, const char *name)
{
	char padded[NAME_BYTES + 1] = "";
	size_t len = strlen(name);

	if (len > NAME_BYTES)
		return false;
	memcpy(padded, name, len);
	return memcmp(at, padded, NAME_BYTES) == 0;
}

/* A section is padded in the file, and may be longer in memory than there. */
static void read_header(const unsigned char *at, struct eb_pe_section *section)
{
	uint32_t inside = get32(at + VIRTUAL_SIZE), raw = get32(at + RAW_SIZE);

	section->offset = get32(at + RAW_OFFSET);
	section->size = inside < raw ? inside : raw;
}

int eb_pe_find(const unsigned char *data, size_t len, const char *name,
	       struct eb_pe_section *section)
{
	struct eb_pe_section found = {.count = 0};
	size_t pe, table, sections, i;

	if (len < DOS_BYTES || memcmp(data, "MZ", 2) != 0)
		return -ENOEXEC;
	pe = get32(data + DOS_PE_AT);
	if (pe > len || len - pe < PE_BYTES || memcmp(data + pe, "PE\0\0", 4) != 0)
		return -ENOEXEC;
	sections = get16(data + pe + PE_SECTIONS);
	table = pe + PE_BYTES + get16(data + pe + PE_OPTIONAL);
	if (table > len || (len - table) / SECTION_BYTES < sections)
		return -ENOEXEC;
	for (i = 0; i < sections; i++) {
		const unsigned char *at = data + table + i * SECTION_BYTES;

		if (is_named(at, name) && found.count++ == 0)
			read_header(at, &found);
	}
	if (!found.count)
		return -ENOENT;
	*section = found;
	return 0;
}
