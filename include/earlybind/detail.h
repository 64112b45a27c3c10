/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Read more of the functions that may be claimed. */
#ifndef EARLYBIND_DETAIL_H
#define EARLYBIND_DETAIL_H

#include <earlybind/locked.h>
#include <earlybind/pci.h>

/* Read more of the functions that WANTED says yes to: all but what the kernel keeps
 * behind the device's lock. */
void eb_detail_read(int root, struct eb_pci *pci,
		    bool (*wanted)(const void *ctx, const struct eb_pci *pci,
				   unsigned int function),
		    const void *ctx);

/* Read driver_override and sriov_numvfs of FUNCTION, which take the device's lock
 * (drivers/pci/pci-sysfs.c, driver_override_show; iov.c, sriov_numvfs_show) and can wait
 * behind a probe that is stuck: its detail is then marked stuck. */
void eb_detail_read_locked(const struct eb_locked *locked, struct eb_pci *pci,
			   unsigned int function);

#endif
