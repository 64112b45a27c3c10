/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The forms of `earlybind list`, and what they all ask. */
#ifndef EARLYBIND_CLI_LIST_H
#define EARLYBIND_CLI_LIST_H

#include "cli.h"
#include "part.h"
#include "card-table.h"

/* The IOMMU groups of a card's functions, each once. A card that is in more is none
 * that anybody built. */
#define EB_LIST_GROUPS 32

struct eb_groups {
	unsigned int card; /* its first function */
	unsigned int count;
	int32_t group[EB_LIST_GROUPS];
};

struct eb_groups eb_list_groups(const struct eb_pci *pci, unsigned int card);

/* Is FUNCTION in one of GROUPS, no bridge, and not claimed with the card? Such decide
 * whether a guest can open the card. */
bool eb_list_shares(const struct eb_pci *pci, const struct eb_groups *groups,
		    unsigned int function);

/* Why FUNCTION could not be claimed as things are, or NULL. */
const char *eb_list_obstacle(const struct eb_survey *survey, unsigned int function);

/* Print a row for each function of the card, and what it has beside them: virtual
 * functions, ports of its own. */
void eb_list_show_functions(const struct eb_show *show, unsigned int card);

/* Print what shares the card's IOMMU groups, if anything does. */
void eb_list_show_sharers(const struct eb_show *show, unsigned int card);

/* Print the cards of the machine that CLI has surveyed. 0 or negative errno. */
int eb_list_text(const struct eb_cli *cli);
int eb_list_json(const struct eb_cli *cli);
int eb_list_addresses(const struct eb_cli *cli);

#endif
