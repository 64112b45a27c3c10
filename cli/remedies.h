/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Remedies for BARs without an address, by the machine that has them. */
#ifndef EARLYBIND_CLI_REMEDIES_H
#define EARLYBIND_CLI_REMEDIES_H

#include "cli.h"

/* Of the conflicts of CLI's survey that are BARs without an address, set which remedy
 * fits: larger windows below a hot-plug port; the kernel's own pci=realloc for one that
 * needs an address below 4 GiB, and where there is no firmware setup; else the firmware's
 * Above 4G Decoding. The findings on them are said anew, if there are any, and those that
 * the IOMMU is off, by eb_firmware_refine(). */
void eb_remedies_refine(const struct eb_cli *cli);

/* The text of REMEDY as it fits this machine. */
const char *eb_remedies_text(const struct eb_cli *cli, enum eb_remedy remedy);

#endif
