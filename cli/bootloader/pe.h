/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sections of a PE image, such as a unified kernel image, by its headers alone. */
#ifndef EARLYBIND_CLI_PE_H
#define EARLYBIND_CLI_PE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes at the beginning of a file that have all headers of one that is read. */
#define EB_PE_HEADERS 16384

struct eb_pe_section {
	uint32_t offset;    /* in the file */
	uint32_t size;	    /* of its content, without padding */
	unsigned int count; /* sections of that name: a later one is another profile's */
};

/* Find the first section NAME, of at most eight bytes, in DATA, the first LEN bytes of a
 * file. 0; -ENOENT where there is none; -ENOEXEC where DATA is no PE image, or has not
 * all of its headers. SECTION is untouched on failure. Source: Microsoft, PE Format; The
 * Unified Kernel Image specification. */
int eb_pe_find(const unsigned char *data, size_t len, const char *name,
	       struct eb_pe_section *section);

#endif
