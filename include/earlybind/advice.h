/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a person should know of a plan beside its refusals, as findings. Pure. */
#ifndef EARLYBIND_ADVICE_H
#define EARLYBIND_ADVICE_H

#include <earlybind/klog.h>
#include <earlybind/plan.h>

struct eb_advice {
	const struct eb_request *request;
	const struct eb_pci *pci;
	const struct eb_machine *machine;
	const struct eb_plan *plan;
	const struct eb_conflicts *conflicts;
	const struct eb_klog *klog;
	struct eb_findings *findings;
};

/* The first function of the plan whose IOMMU group function INDEX keeps from being
 * viable, now or as soon as a host driver has it; NULL where it disturbs none. A group is
 * viable when no member has a host driver but those that keep their hands off DMA
 * (drivers/iommu/iommu.c iommu_device_use_default_domain, driver_managed_dma; before 5.19
 * drivers/vfio/vfio.c vfio_dev_driver_allowed). */
const struct eb_device *eb_advice_disturbs(const struct eb_advice *advice,
					   unsigned int index);

/* Findings on the plan: `none` and dry runs, the console's card, others in the group,
 * vfio-pci.ids=, functions that cannot be reset, limits that were reached. */
void eb_advice_plan(const struct eb_advice *advice);

/* What will keep a guest from opening what is planned: memory of the firmware's in its
 * group, interrupts that are not remapped, a card that was never initialized. */
void eb_advice_opening(const struct eb_advice *advice);

/* Of the conflicts that were seen at WHEN and block: who, where, and what helps. */
void eb_advice_conflicts(const struct eb_advice *advice, enum eb_when when);

#endif
