/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How addresses and arguments are written for a person: short, and ready to copy. */
#ifndef EARLYBIND_CLI_FORM_H
#define EARLYBIND_CLI_FORM_H

#include <earlybind/pci.h>

#define EB_FORM_TEXT 512

/* The arguments that claim a whole card. */
enum eb_form {
	EB_FORM_PLAIN,	 /* "vfio.gpus=05:00" */
	EB_FORM_GUARDED, /* "vfio.gpus=05:00@10de:1187": not another card at that place */
	EB_FORM_PATH,	 /* "vfio.gpus=00:03.1/00.0/00": survives renumbered buses */
};

/* "05:00" and "05:00.0", with the domain only where it is not 0. Return OUT. */
const char *eb_form_slot(const struct eb_addr *addr, char out[EB_ADDR_TEXT]);
const char *eb_form_address(const struct eb_addr *addr, char out[EB_ADDR_TEXT]);

/* Write the argument of FORM that claims all functions of the card whose first function
 * is CARD. 0; -ENOENT when it has no such form (no path for a card on a root bus,
 * nor for virtual functions);
 * -E2BIG when it has no room. */
int eb_form_argument(const struct eb_pci *pci, unsigned int card, enum eb_form form,
		     char out[EB_FORM_TEXT]);

#endif
