/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a function is to a card. */
#ifndef EARLYBIND_CLI_PART_H
#define EARLYBIND_CLI_PART_H

#include <earlybind/pci.h>

enum eb_part {
	EB_PART_NONE,	  /* of another card */
	EB_PART_FUNCTION, /* claimed when the card is */
	EB_PART_PORT,	  /* of the card's own switch: stays with the host */
	EB_PART_VIRTUAL,  /* a virtual function of it: claimed by its own address alone */
};

/* What is FUNCTION to the card whose first function is CARD? */
enum eb_part eb_part_of(const struct eb_pci *pci, unsigned int card,
			unsigned int function);

/* Is FUNCTION a virtual one (SR-IOV)? False where no detail of it was read. */
bool eb_part_is_virtual(const struct eb_pci *pci, unsigned int function);

/* Is FUNCTION the first one of a card with a display controller? */
bool eb_part_is_card(const struct eb_pci *pci, unsigned int function);

/* How much of a card is on vfio-pci. */
enum eb_claim { EB_CLAIM_NONE, EB_CLAIM_PART, EB_CLAIM_WHOLE };

/* WHOLE when all that is claimed with the card is; PART also by a virtual function. */
enum eb_claim eb_part_claim(const struct eb_pci *pci, unsigned int card);

#endif
