/* SPDX-License-Identifier: GPL-2.0-or-later */
/* May guests open cards whose interrupts are not remapped, by the configuration? */
#ifndef EARLYBIND_CLI_UNSAFE_INTERRUPTS_H
#define EARLYBIND_CLI_UNSAFE_INTERRUPTS_H

#include "cli.h"

/* Is allow_unsafe_interrupts of vfio_iommu_type1 set: in the loaded module, else on the
 * running kernel's command line or in modprobe.d? */
bool eb_unsafe_allowed(const struct eb_cli *cli);

/* Take back what the survey, which reads no modprobe.d, found of interrupts, if so. */
void eb_unsafe_drop(const struct eb_cli *cli);

#endif
