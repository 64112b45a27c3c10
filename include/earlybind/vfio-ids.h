/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vfio-pci.ids=, by which the kernel's vfio-pci binds to devices without earlybind. */
#ifndef EARLYBIND_VFIO_IDS_H
#define EARLYBIND_VFIO_IDS_H

#include <stdbool.h>
#include <stdint.h>

#include <earlybind/text.h>

struct eb_pci;

/* Stands for any vendor, device or subsystem (include/linux/mod_devicetable.h). */
#define EB_VFIO_ANY 0xffffffffU

/* One item of the list, as drivers/vfio/pci/vfio_pci.c vfio_pci_fill_ids() reads it. */
struct eb_vfio_id {
	uint32_t vendor, device;
	uint32_t subvendor, subdevice; /* EB_VFIO_ANY where left out */
	uint32_t class, mask;	       /* 0 where left out */
};

/* Read ITEM, "VENDOR:DEVICE[:SUBVENDOR[:SUBDEVICE[:CLASS[:MASK]]]]" in hex. As in the
 * kernel, what follows the last good field is ignored. 0; -EINVAL, and OUT untouched,
 * with fewer than two fields. */
int eb_vfio_ids_read(struct eb_slice item, struct eb_vfio_id *out);

/* Does vfio-pci take FUNCTION by this id (drivers/pci/pci.h pci_match_one_device)? */
bool eb_vfio_ids_match(const struct eb_vfio_id *id, const struct eb_pci *pci,
		       unsigned int function);

#endif
