// SPDX-License-Identifier: GPL-2.0-or-later
/* The host's functions in the slot of integrated graphics. */
#include <earlybind/text.h>

#include "integrated.h"
#include "names.h"
#include "part.h"

unsigned int eb_integrated_list(const struct eb_survey *survey, unsigned int card,
				bool planned, char *out, size_t size)
{
	const struct eb_pci *pci = &survey->pci;
	struct eb_text text = eb_text_on(out, size);
	char address[EB_ADDR_TEXT];
	unsigned int count = 0;
	int i;

	for (i = (int)card; i != EB_NO_FUNCTION; i = pci->function[i].next)
		if (eb_part_is_hosts(pci, (unsigned int)i) &&
		    (!planned || eb_plan_takes(&survey->plan, i)))
			eb_text_add(&text, "%s%s (%s)", count++ ? ", " : "",
				    eb_part_address(&pci->function[i].addr, address),
				    eb_names_kind(pci, (unsigned int)i));
	return count;
}

bool eb_integrated_note(const struct eb_survey *survey, char out[EB_INTEGRATED_TEXT])
{
	char list[EB_FINDING_TEXT], argument[EB_ARGUMENT_TEXT];
	struct eb_text text = eb_text_on(out, EB_INTEGRATED_TEXT);
	unsigned int card, count;

	for (card = 0; card < survey->pci.count; card++) {
		if (!eb_part_is_card(&survey->pci, card))
			continue;
		count = eb_integrated_list(survey, card, true, list, sizeof(list));
		if (count == 0 ||
		    eb_part_argument(&survey->pci, card, EB_FORM_PLAIN, argument) < 0)
			continue;
		eb_text_add(&text,
			    "%s %s not graphics, but the host's: with a USB controller, "
			    "the keyboards, disks and network adapters on it go as well; "
			    "%s claims the graphics alone",
			    list, count == 1 ? "is" : "are", argument);
		return true;
	}
	return false;
}
