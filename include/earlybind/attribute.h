/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Read one attribute of a PCI function. */
#ifndef EARLYBIND_ATTRIBUTE_H
#define EARLYBIND_ATTRIBUTE_H

#include <earlybind/addr.h>

#define EB_PCI_DEVICES "sys/bus/pci/devices"

/* "sys/bus/pci/devices/ADDRESS/NAME", NAME of at most 39 bytes. */
#define EB_ATTRIBUTE_PATH (sizeof(EB_PCI_DEVICES) + EB_ADDR_TEXT + 40)

void eb_attribute_path(char path[EB_ATTRIBUTE_PATH], const struct eb_addr *addr,
		       const char *name);

/* Read the attribute's text as eb_sysfs_read() does. Length or negative errno. */
int eb_attribute_text(int root, const struct eb_addr *addr, const char *name, char *buf,
		      size_t size);

/* An attribute such as "0x10de", of at most MAX digits. 0 or negative errno. */
int eb_attribute_hex(int root, const struct eb_addr *addr, const char *name, int max,
		     uint32_t *value);

/* An attribute such as "16". 0 or negative errno. */
int eb_attribute_decimal(int root, const struct eb_addr *addr, const char *name,
			 uint32_t *value);

#endif
