/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One item of vfio.gpus= on this machine, and findings on what is wrong with it. */
#ifndef EARLYBIND_ITEM_H
#define EARLYBIND_ITEM_H

#include <earlybind/machine.h>
#include <earlybind/request.h>

struct eb_choice;

/* What one item comes to. */
struct eb_item {
	const struct eb_request *request;
	const struct eb_pci *pci;
	const struct eb_machine *machine;
	const struct eb_selector *selector;
	struct eb_choice *choice;
	struct eb_findings *findings;
	unsigned int marked; /* functions that can be claimed */
	int bridge;	     /* a bridge that it names, or EB_NO_FUNCTION */
	int guarded;	     /* a function that its guard turned away */
};

/* Findings, each with the display cards that there are. */
void eb_item_say_guard(const struct eb_item *item);
void eb_item_say_no_match(const struct eb_item *item);
void eb_item_say_boot_unknown(const struct eb_item *item);

/* Add the display cards to the findings on items that were not understood: most of them
 * are mistyped addresses. */
void eb_item_add_cards(const struct eb_pci *pci, struct eb_findings *findings);

#endif
