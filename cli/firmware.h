/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is below the kernel: firmware with a setup or without, or Xen. */
#ifndef EARLYBIND_CLI_FIRMWARE_H
#define EARLYBIND_CLI_FIRMWARE_H

#include "cli.h"

/* Is it a board that a device tree describes? The survey has read the CPU. */
bool eb_firmware_is_board(const struct eb_cli *cli);

/* May the machine have a firmware setup? A virtual machine and a board that a device tree
 * describes have none. */
bool eb_firmware_has_setup(const struct eb_cli *cli);

/* What switches the IOMMU on where neither a firmware setup nor an argument does: under
 * Xen, and on a board without such a setup. NULL elsewhere. */
const char *eb_firmware_own_iommu(const struct eb_cli *cli);

/* Add to TEXT what switches the IOMMU on here, see eb_plan_advise_iommu(). */
void eb_firmware_advise_iommu(const struct eb_cli *cli, struct eb_text *text);

/* Say the survey's findings that the IOMMU is off anew, where the machine is one that the
 * survey does not know. */
void eb_firmware_refine(const struct eb_cli *cli);

#endif
