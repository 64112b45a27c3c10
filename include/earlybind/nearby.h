/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Read of the machine only what a request's addresses and paths concern. */
#ifndef EARLYBIND_NEARBY_H
#define EARLYBIND_NEARBY_H

#include <earlybind/choose.h>

/* Do the items of REQUEST name functions by address or path alone, and does nothing else
 * of the command line go by ids? */
bool eb_nearby_is_enough(const struct eb_request *request);

/* Read into PCI, which need not be zeroed, what decides on the items of REQUEST below
 * ROOT: the slots that they name with their drivers and groups, the bridges above those,
 * what is below an upstream port that may be on the card (card.h), and the members of the
 * groups. Which of them make one card is not known yet. 0; negative errno where that
 * cannot be read, or is too much: then all is to be read (eb_pci_scan()). */
int eb_nearby_scan(int root, const struct eb_request *request, struct eb_pci *pci);

/* Read the drivers and groups of the chosen functions of PCI and of all members of their
 * groups; of all functions, where a group cannot be listed. */
void eb_nearby_read_groups(int root, const struct eb_choice *choice, struct eb_pci *pci);

#endif
