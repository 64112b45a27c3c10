// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind list --format addresses: a line for each slot of a card, for scripts. */
#include <earlybind/card.h>

#include "form.h"
#include "list.h"

static void print_slot(const struct eb_cli *cli, struct eb_term *term, unsigned int card,
		       unsigned int function)
{
	const struct eb_pci *pci = &cli->survey->pci;
	const struct eb_id *id = &pci->function[eb_card_display(pci, card)].id;
	char slot[EB_ADDR_TEXT];

	eb_term_print(term, "%s %04x:%04x %s\n",
		      eb_form_slot(&pci->function[function].addr, slot), id->vendor,
		      id->device,
		      eb_part_claim(pci, card) == EB_CLAIM_NONE ? "free" : "claimed");
}

int eb_list_addresses(const struct eb_cli *cli)
{
	const struct eb_pci *pci = &cli->survey->pci;
	struct eb_term term = eb_term_on(stdout);
	unsigned int card, i;

	for (card = 0; card < pci->count; card++) {
		const struct eb_addr *last = NULL;

		if (!eb_part_is_card(pci, card))
			continue;
		for (i = card; i < pci->count; i++) {
			const struct eb_addr *addr = &pci->function[i].addr;

			if (eb_part_of(pci, card, i) != EB_PART_FUNCTION ||
			    (last && eb_addr_same_slot(last, addr)))
				continue;
			print_slot(cli, &term, card, i);
			last = addr;
		}
	}
	return eb_term_end(&term);
}
