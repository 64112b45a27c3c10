/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of cards for people, from pci.ids by libpci, made short. */
#ifndef EARLYBIND_CLI_NAMES_H
#define EARLYBIND_CLI_NAMES_H

#include <earlybind/pci.h>

#define EB_NAME_TEXT 160

struct pci_access;

/* The list of names. No hardware is touched for it. */
struct eb_names {
	struct pci_access *pci;
};

/* Open the list FILE, or the system's own where FILE is NULL; without that list there
 * are no names, and numbers do. 0, or negative errno of FILE. */
int eb_names_open(struct eb_names *names, const char *file);

void eb_names_close(struct eb_names *names);

/* The names as the list has them, "" where it has none. */
void eb_names_vendor(const struct eb_names *names, uint16_t vendor,
		     char out[EB_NAME_TEXT]);
void eb_names_device(const struct eb_names *names, const struct eb_id *id,
		     char out[EB_NAME_TEXT]);

/* The maker's everyday name, such as "NVIDIA" or "AMD", "" where it is not known. */
void eb_names_maker(const struct eb_names *names, uint16_t vendor,
		    char out[EB_NAME_TEXT]);

/* How a card is called on its box: "NVIDIA GeForce GTX 760"; in CHIP what else the
 * list says: "GK104", or "". Without a name: "NVIDIA card 10de:1187". */
void eb_names_card(const struct eb_names *names, const struct eb_id *id,
		   char out[EB_NAME_TEXT], char chip[EB_NAME_TEXT]);

/* What FUNCTION of PCI is, in one or two plain words such as "graphics" or "USB". */
const char *eb_names_kind(const struct eb_pci *pci, unsigned int function);

#endif
