// SPDX-License-Identifier: GPL-2.0-or-later
/* What a function is to a card. */
#include <string.h>

#include <earlybind/card.h>

#include "part.h"

bool eb_part_is_virtual(const struct eb_pci *pci, unsigned int function)
{
	const struct eb_detail *detail = eb_pci_detail(pci, function);

	return detail && detail->virtual_function;
}

enum eb_part eb_part_of(const struct eb_pci *pci, unsigned int card,
			unsigned int function)
{
	if (!eb_card_same(pci, card, function))
		return EB_PART_NONE;
	if (pci->function[function].bridge)
		return EB_PART_PORT;
	/* A slot of virtual functions alone is a card as any other, see choose.h. */
	return eb_part_is_virtual(pci, function) && !eb_part_is_virtual(pci, card)
		       ? EB_PART_VIRTUAL
		       : EB_PART_FUNCTION;
}

bool eb_part_is_card(const struct eb_pci *pci, unsigned int function)
{
	return pci->function[function].card == (int)function &&
	       eb_card_has_display(pci, function);
}

enum eb_claim eb_part_claim(const struct eb_pci *pci, unsigned int card)
{
	bool some = false, all = true;
	unsigned int i;

	for (i = card; i < pci->count; i++) {
		const char *driver = eb_pci_driver(pci, &pci->function[i]);
		enum eb_part part = eb_part_of(pci, card, i);

		if (part != EB_PART_FUNCTION && part != EB_PART_VIRTUAL)
			continue;
		if (driver && strcmp(driver, "vfio-pci") == 0)
			some = true;
		else if (part == EB_PART_FUNCTION)
			all = false;
	}
	if (!some)
		return EB_CLAIM_NONE;
	return all ? EB_CLAIM_WHOLE : EB_CLAIM_PART;
}
