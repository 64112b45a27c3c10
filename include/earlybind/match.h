/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does a selector name a function? One function at a time, cards are choose.c's. */
#ifndef EARLYBIND_MATCH_H
#define EARLYBIND_MATCH_H

#include <earlybind/machine.h>
#include <earlybind/selector.h>

/* Does SELECTOR name FUNCTION of PCI, by address, path, id, vendor, class or being the
 * console's? Exclusion and guard play no part. */
bool eb_match(const struct eb_selector *selector, const struct eb_pci *pci,
	      const struct eb_machine *machine, bool allow_nongpu, unsigned int function);

/* Does SELECTOR mean whole cards, and not single functions or a slot? */
bool eb_match_whole_card(const struct eb_selector *selector);

/* Has FUNCTION this id and, where SUBSYSTEM is not NULL, this subsystem? */
bool eb_match_id(const struct eb_pci *pci, unsigned int function, const struct eb_id *id,
		 const struct eb_id *subsystem);

#endif
