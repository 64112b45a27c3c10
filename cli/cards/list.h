/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `earlybind list`: who shares IOMMU groups, and the text for a person. */
#ifndef EARLYBIND_CLI_LIST_H
#define EARLYBIND_CLI_LIST_H

#include "cli.h"
#include "part.h"

/* The functions that decide whether a guest can open a card of their IOMMU group: all but
 * bridges, by group and then by address. */
struct eb_groups {
	const struct eb_pci *pci;
	unsigned int count;
	int16_t function[EB_MAX_FUNCTIONS];
};

/* The groups of a card's functions. A card that is in more is none that anybody built. */
#define EB_LIST_GROUPS 32

/* Those that share a group with a card and are not claimed with it: see
 * eb_list_next_sharer(). */
struct eb_sharers {
	const struct eb_groups *groups;
	unsigned int card; /* its first function */
	unsigned int count;
	struct eb_sharers_range {
		int32_t group;
		unsigned int at; /* into the groups' functions */
	} range[EB_LIST_GROUPS];
};

/* The sharers of the card whose first function is CARD. */
struct eb_sharers eb_list_sharers(const struct eb_groups *groups, unsigned int card);

/* The next of them by address, or EB_NO_FUNCTION. */
int eb_list_next_sharer(struct eb_sharers *sharers);

/* Why FUNCTION could not be claimed as things are, or NULL. */
const char *eb_list_obstacle(const struct eb_survey *survey, unsigned int function);

/* Print the cards of the machine that CLI has surveyed. 0 or negative errno. */
int eb_list_text(const struct eb_cli *cli, const struct eb_groups *groups);

#endif
