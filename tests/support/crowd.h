/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Machines and requests thrown by dice, for what must hold of all of them. */
#ifndef EB_TESTS_CROWD_H
#define EB_TESTS_CROWD_H

#include "dice.h"
#include "machine-builder.h"

struct crowd {
	unsigned int count;
	struct part part[EB_MAX_FUNCTIONS + 1]; /* the last has no address */
	/* What the parts' texts point into. */
	char at[EB_MAX_FUNCTIONS][EB_ADDR_TEXT];
	char above[EB_MAX_FUNCTIONS][EB_ADDR_TEXT];
};

/* Throw a machine of about COUNT functions, at most EB_MAX_FUNCTIONS: cards and other
 * devices behind root ports and switches, in groups and out of them, some with drivers,
 * overrides or virtual functions. */
void crowd_throw(struct crowd *crowd, struct dice *dice, unsigned int count);

/* Throw one item, mostly of what PCI has. Of the text's own until the next call. */
const char *crowd_item(const struct eb_pci *pci, struct dice *dice);

#endif
