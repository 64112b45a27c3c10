/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PCI addresses, device ids and address ranges: parse, print, compare. */
#ifndef EARLYBIND_ADDR_H
#define EARLYBIND_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* "00010000:ff:1f.7" and the final NUL; domains have four to eight hex digits. */
#define EB_ADDR_TEXT 17
/* "0xffffffffffffffff-0xffffffffffffffff" and the final NUL. */
#define EB_RANGE_TEXT 38

/* The address of a PCI function. A domain is 32 bits: VMD's start at 0x10000
 * (drivers/pci/controller/vmd.c, vmd_find_free_domain). */
struct eb_addr {
	uint32_t domain;
	uint8_t bus;	  /* 0 to 0xff */
	uint8_t device;	  /* 0 to 0x1f */
	uint8_t function; /* 0 to 7 */
};

/* Vendor and device of a function; a subsystem has the same two parts. */
struct eb_id {
	uint16_t vendor;
	uint16_t device;
};

/* A stretch of address space, both ends inside. */
struct eb_range {
	uint64_t start;
	uint64_t end;
};

/* Read MIN to MAX hex digits (MAX at most 16) at TEXT, which has LEN bytes.
 * Returns how many digits were read and sets VALUE; -EINVAL where fewer than MIN
 * or more than MAX digits stand there. No sign, blank or 0x is taken. */
int eb_addr_read_hex(const char *text, size_t len, int min, int max, uint64_t *value);

/* Read all LEN bytes of TEXT as a decimal number up to MAX.
 * 0, -EINVAL when it is no such number, -ERANGE when it is over MAX. */
int eb_addr_read_decimal(const char *text, size_t len, uint32_t max, uint32_t *value);

/* Read all LEN bytes of TEXT as "DDDD:BB:DD.F", the kernel's own spelling
 * (drivers/pci/probe.c, pci_setup_device: "%04x:%02x:%02x.%d"). 0 or -EINVAL. */
int eb_addr_parse(const char *text, size_t len, struct eb_addr *out);

/* Read the last component but one of PATH, which is cut, as an address: of what is a
 * function's child the parent. 0 or -EINVAL. */
int eb_addr_parse_above(char *path, struct eb_addr *out);

/* Print ADDR as the kernel does. Returns OUT. */
const char *eb_addr_print(const struct eb_addr *addr, char out[EB_ADDR_TEXT]);

/* Order by domain, bus, device, function: below 0, 0, above 0. */
int eb_addr_compare(const struct eb_addr *a, const struct eb_addr *b);

/* Are both in one slot: the same domain, bus and device? */
bool eb_addr_same_slot(const struct eb_addr *a, const struct eb_addr *b);

/* Print RANGE as "0xSTART-0xEND". Returns OUT. */
const char *eb_addr_print_range(const struct eb_range *range, char out[EB_RANGE_TEXT]);

/* Do the two share at least one address? */
bool eb_addr_overlap(const struct eb_range *a, const struct eb_range *b);

#endif
