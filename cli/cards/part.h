/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What belongs to a card, and how addresses and arguments are written: short, and ready
 * to copy. */
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

/* The first function of the card CARD that is PART of it; and the one after FUNCTION.
 * EB_NO_FUNCTION at the end. */
int eb_part_first(const struct eb_pci *pci, unsigned int card, enum eb_part part);
int eb_part_next(const struct eb_pci *pci, int function, enum eb_part part);

/* Is FUNCTION a virtual one (SR-IOV)? False where no detail of it was read. */
bool eb_part_is_virtual(const struct eb_pci *pci, unsigned int function);

/* Is FUNCTION the first one of a card with a display controller? */
bool eb_part_is_card(const struct eb_pci *pci, unsigned int function);

/* The function that a card is named after: its display controller, or its first. */
unsigned int eb_part_named(const struct eb_pci *pci, unsigned int card);

/* Is FUNCTION in the slot of a processor's integrated graphics, but not part of them, and
 * in another IOMMU group? There AMD's processors have the host's USB controllers and
 * their security processor, an encryption controller, which no graphics card has. */
bool eb_part_is_hosts(const struct eb_pci *pci, unsigned int function);

bool eb_part_on_vfio(const struct eb_pci *pci, unsigned int function);

/* How much of a card is on vfio-pci. */
enum eb_claim { EB_CLAIM_NONE, EB_CLAIM_PART, EB_CLAIM_WHOLE };

/* WHOLE when all that is claimed with the card is, but for the host's functions; PART
 * also by a virtual function. */
enum eb_claim eb_part_claim(const struct eb_pci *pci, unsigned int card);

#define EB_ARGUMENT_TEXT 512

/* The arguments that claim a whole card. */
enum eb_form {
	EB_FORM_PLAIN,	 /* "vfio.gpus=05:00" */
	EB_FORM_GUARDED, /* "vfio.gpus=05:00@10de:1187": not another card at that place */
	EB_FORM_PATH,	 /* "vfio.gpus=00:03.1/00.0/00": survives renumbered buses */
};

/* "05:00" and "05:00.0", with the domain only where it is not 0. Return OUT. */
const char *eb_part_slot(const struct eb_addr *addr, char out[EB_ADDR_TEXT]);
const char *eb_part_address(const struct eb_addr *addr, char out[EB_ADDR_TEXT]);

/* Write the argument of FORM that claims all functions of the card whose first function
 * is CARD, or each that is not the host's. 0; -ENOENT when it has no such form (no path
 * for a card on a root bus, nor for virtual functions; no guard for single functions,
 * which only a display can have); -E2BIG when it has no room. */
int eb_part_argument(const struct eb_pci *pci, unsigned int card, enum eb_form form,
		     char out[EB_ARGUMENT_TEXT]);

#endif
