/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which functions do the items of a request select, taken from left to right? */
#ifndef EARLYBIND_CHOOSE_H
#define EARLYBIND_CHOOSE_H

#include <earlybind/machine.h>
#include <earlybind/request.h>

#define EB_NOT_CHOSEN (-1)

struct eb_choice {
	/* Of every function: the index of the selector that chose it last, or
	 * EB_NOT_CHOSEN. Bridges are never chosen. */
	int16_t by[EB_MAX_FUNCTIONS];
	/* Work space of one item: the functions that it names. */
	bool mark[EB_MAX_FUNCTIONS];
	bool on_card[EB_MAX_FUNCTIONS];
};

/* Go through the items of REQUEST and fill CHOICE. Items that match nothing, that name
 * a bridge, whose guard does not hold or whose console card is not known become
 * FINDINGS. Rules, which in doubt choose less:
 *  - an id, a word or a path that ends in a device chooses whole cards (card.h), an
 *    address BB:DD the functions of that slot;
 *  - an id is that of a display controller; with allow_nongpu also of any function in
 *    a slot without one;
 *  - a virtual function is chosen by its own address or path, or by that of a slot
 *    in which its physical function is not; never by an id, a word or a card;
 *  - a guard is checked for each card that the item names; if that of an exclusion
 *    fails, this is only reported, and the card is excluded anyway;
 *  - without a console card `boot` and `secondary` choose nothing, and as exclusions
 *    they drop all that was chosen before. */
void eb_choose(const struct eb_request *request, const struct eb_pci *pci,
	       const struct eb_machine *machine, struct eb_choice *choice,
	       struct eb_findings *findings);

/* Is more to be read of FUNCTION before eb_choose()? CTX is the request. For
 * eb_detail_read(). */
bool eb_choose_wants(const void *ctx, const struct eb_pci *pci, unsigned int function);

#endif
