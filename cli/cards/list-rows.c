// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind list for a person: the functions of a card, and what shares its groups. */
#include <string.h>

#include "form.h"
#include "list.h"

/* Functions beside the card's own that are shown one by one. */
#define OTHERS_SHOWN 10

static void print_row(const struct eb_show *show, unsigned int function)
{
	int32_t group = show->survey->pci.function[function].group;

	eb_show_row(show, function);
	if (show->survey->machine.iommu) {
		eb_show_go_on(show);
		if (group == EB_NO_GROUP)
			eb_term_styled(show->term, EB_STYLE_BAD, "no group");
		else
			eb_term_print(show->term, "group %d", (int)group);
	}
	eb_term_print(show->term, "\n");
}

static void print_more(const struct eb_show *show, unsigned int count)
{
	if (count > OTHERS_SHOWN)
		eb_term_print(show->term, "  and %u more\n", count - OTHERS_SHOWN);
}

static void print_own(const struct eb_show *show, unsigned int card)
{
	const struct eb_pci *pci = &show->survey->pci;
	unsigned int i;

	for (i = card; i < pci->count; i++) {
		const char *obstacle = eb_list_obstacle(show->survey, i);

		if (eb_part_of(pci, card, i) != EB_PART_FUNCTION)
			continue;
		print_row(show, i);
		if (show->survey->machine.iommu && obstacle) {
			eb_term_to(show->term, EB_SHOW_INDENT + show->address + 2);
			eb_term_styled(show->term, EB_STYLE_WARN,
				       "cannot be claimed: %s\n", obstacle);
		}
	}
}

static void print_virtual(const struct eb_show *show, unsigned int card)
{
	const struct eb_pci *pci = &show->survey->pci;
	char line[EB_FINDING_TEXT], address[EB_ADDR_TEXT];
	struct eb_text text = eb_text_on(line, sizeof(line));
	unsigned int i, count = 0;

	for (i = card; i < pci->count; i++) {
		if (eb_part_of(pci, card, i) != EB_PART_VIRTUAL)
			continue;
		if (count == 0) {
			eb_text_add(&text,
				    "its virtual functions, each claimed by its own "
				    "address as vfio.gpus=%s:",
				    eb_form_address(&pci->function[i].addr, address));
			eb_show_note(show, EB_STYLE_QUIET, line);
		}
		if (count++ < OTHERS_SHOWN)
			print_row(show, i);
	}
	print_more(show, count);
}

/* The ports of a switch that is on the card. */
static void print_ports(const struct eb_show *show, unsigned int card)
{
	const struct eb_pci *pci = &show->survey->pci;
	char line[EB_FINDING_TEXT], address[EB_ADDR_TEXT];
	struct eb_text text = eb_text_on(line, sizeof(line));
	unsigned int i, ports = 0;

	for (i = card; i < pci->count; i++)
		if (eb_part_of(pci, card, i) == EB_PART_PORT)
			eb_text_add(&text, "%s%s", ports++ ? ", " : "",
				    eb_form_address(&pci->function[i].addr, address));
	if (ports == 0)
		return;
	eb_text_add(&text, ": the card's own switch, stays with the host");
	eb_show_note(show, EB_STYLE_QUIET, line);
}

void eb_list_show_functions(const struct eb_show *show, unsigned int card)
{
	print_own(show, card);
	print_virtual(show, card);
	print_ports(show, card);
}

static bool is_harmless(const struct eb_pci *pci, const struct eb_function *f)
{
	const char *driver = eb_pci_driver(pci, f);

	return driver &&
	       (strcmp(driver, "vfio-pci") == 0 || strcmp(driver, "pci-stub") == 0);
}

void eb_list_show_sharers(const struct eb_show *show, unsigned int card)
{
	const struct eb_pci *pci = &show->survey->pci;
	const struct eb_groups groups = eb_list_groups(pci, card);
	unsigned int i, count = 0, harmless = 0, shown = 0;

	for (i = 0; i < pci->count; i++) {
		if (!eb_list_shares(pci, &groups, i))
			continue;
		count++;
		harmless += is_harmless(pci, &pci->function[i]);
	}
	if (count == 0)
		return;
	if (harmless == count)
		eb_show_note(show, EB_STYLE_QUIET, "shares its IOMMU group with:");
	else
		eb_show_note(
			show, EB_STYLE_WARN,
			"shares its IOMMU group; no guest can open it while the host "
			"has drivers on:");
	for (i = 0; i < pci->count; i++) {
		if (!eb_list_shares(pci, &groups, i) || shown++ >= OTHERS_SHOWN)
			continue;
		print_row(show, i);
	}
	print_more(show, count);
}
