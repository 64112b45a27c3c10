/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Read more about functions that may be claimed. */
#ifndef EARLYBIND_DETAIL_H
#define EARLYBIND_DETAIL_H

#include <earlybind/locked.h>
#include <earlybind/pci.h>

/* Read more about the functions for which WANTED returns true, their drivers and groups
 * first: all but what the kernel reads with the device's lock held. */
void eb_detail_read(int root, struct eb_pci *pci,
		    bool (*wanted)(const void *ctx, const struct eb_pci *pci,
				   unsigned int function),
		    const void *ctx);

/* Read driver_override and sriov_numvfs of FUNCTION, which take the device's lock
 * (drivers/pci/pci-sysfs.c, driver_override_show; iov.c, sriov_numvfs_show) and can wait
 * behind a probe that is stuck: its detail is then marked stuck. */
void eb_detail_read_locked(const struct eb_locked *locked, struct eb_pci *pci,
			   unsigned int function);

/* Read of a function that has a detail what only a plan needs: how it can be reset, and
 * whether firmware uses memory through its group's IOMMU. */
void eb_detail_read_more(int root, struct eb_pci *pci, unsigned int function);

#endif
