// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind list for a person: 80 columns, a paragraph for each card. */
#include <string.h>

#include <earlybind/card.h>

#include "form.h"
#include "list.h"
#include "show.h"

/* Others in an IOMMU group that are named one by one. */
#define SHARERS_SHOWN 10

/* Where the arguments of a card begin. */
#define ARGUMENT_COLUMN 14

static void print_iommu_advice(const struct eb_show *show)
{
	char line[EB_FINDING_TEXT];
	struct eb_text text = eb_text_on(line, sizeof(line));

	eb_text_add(&text, "The IOMMU is off, so no card can be claimed: ");
	eb_plan_advise_iommu(&show->survey->request, &show->survey->machine, &text);
	eb_text_add(&text, ".");
	eb_term_style(show->term, EB_STYLE_BAD);
	eb_term_wrap(show->term, 0, line);
	eb_term_style(show->term, EB_STYLE_PLAIN);
	eb_term_print(show->term, "\n");
}

static void print_top(const struct eb_show *show, unsigned int cards)
{
	const struct eb_machine *machine = &show->survey->machine;

	eb_term_print(show->term, "%u graphics card%s, IOMMU %s", cards,
		      cards == 1 ? "" : "s", machine->iommu ? "on" : "off");
	if (machine->release[0])
		eb_term_print(show->term, ", kernel %s", machine->release);
	eb_term_print(show->term, "\n");
	if (!machine->iommu)
		print_iommu_advice(show);
	if (machine->boot_by == EB_BOOT_UNKNOWN)
		eb_term_styled(show->term, EB_STYLE_WARN,
			       "Nothing tells which card the console is on.\n");
}

static void print_functions(const struct eb_show *show, unsigned int card)
{
	const struct eb_pci *pci = &show->survey->pci;
	bool iommu = show->survey->machine.iommu;
	unsigned int i;

	for (i = card; i < pci->count; i++) {
		const char *obstacle = eb_list_obstacle(show->survey, i);

		if (pci->function[i].bridge || !eb_card_same(pci, i, card))
			continue;
		eb_show_row(show, i);
		if (iommu) {
			eb_show_go_on(show);
			if (pci->function[i].group == EB_NO_GROUP)
				eb_term_styled(show->term, EB_STYLE_BAD, "no group");
			else
				eb_term_print(show->term, "group %d",
					      (int)pci->function[i].group);
		}
		eb_term_print(show->term, "\n");
		if (iommu && obstacle) {
			eb_term_to(show->term, EB_SHOW_INDENT + show->address + 2);
			eb_term_styled(show->term, EB_STYLE_WARN,
				       "cannot be claimed: %s\n", obstacle);
		}
	}
}

/* A line or more below the card's functions. */
static void print_note(const struct eb_show *show, enum eb_style style, const char *note)
{
	eb_term_style(show->term, style);
	eb_term_wrap(show->term, EB_SHOW_INDENT, note);
	eb_term_style(show->term, EB_STYLE_PLAIN);
	eb_term_print(show->term, "\n");
}

/* The ports of a switch that is on the card. */
static void print_ports(const struct eb_show *show, unsigned int card)
{
	const struct eb_pci *pci = &show->survey->pci;
	char line[EB_FINDING_TEXT], address[EB_ADDR_TEXT];
	struct eb_text text = eb_text_on(line, sizeof(line));
	unsigned int i, ports = 0;

	for (i = card; i < pci->count; i++)
		if (pci->function[i].bridge && eb_card_same(pci, i, card))
			eb_text_add(&text, "%s%s", ports++ ? ", " : "",
				    eb_form_address(&pci->function[i].addr, address));
	if (ports == 0)
		return;
	eb_text_add(&text, ": the card's own switch, stays with the host");
	print_note(show, EB_STYLE_QUIET, line);
}

static bool is_harmless(const struct eb_pci *pci, const struct eb_function *f)
{
	const char *driver = eb_pci_driver(pci, f);

	return driver &&
	       (strcmp(driver, "vfio-pci") == 0 || strcmp(driver, "pci-stub") == 0);
}

static void print_sharers(const struct eb_show *show, unsigned int card)
{
	const struct eb_pci *pci = &show->survey->pci;
	const struct eb_groups groups = eb_list_groups(pci, card);
	unsigned int i, count = 0, harmless = 0;

	for (i = 0; i < pci->count; i++) {
		if (!eb_list_shares(pci, &groups, i))
			continue;
		count++;
		harmless += is_harmless(pci, &pci->function[i]);
	}
	if (count == 0)
		return;
	if (harmless == count)
		print_note(show, EB_STYLE_QUIET, "shares its IOMMU group with:");
	else
		print_note(show, EB_STYLE_WARN,
			   "shares its IOMMU group; no guest can open it while the host "
			   "has drivers on:");
	for (i = 0, harmless = 0; i < pci->count; i++) {
		if (!eb_list_shares(pci, &groups, i) || harmless++ >= SHARERS_SHOWN)
			continue;
		eb_show_row(show, i);
		eb_show_go_on(show);
		eb_term_print(show->term, "group %d\n", (int)pci->function[i].group);
	}
	if (count > SHARERS_SHOWN)
		eb_term_print(show->term, "  and %u more\n", count - SHARERS_SHOWN);
}

/* The arguments that claim the card, one below the other, and what each is good for. */
static void print_arguments(const struct eb_show *show, unsigned int card)
{
	static const char *const remarks[] = {
		[EB_FORM_PLAIN] = "",
		[EB_FORM_GUARDED] = "only while that card is there",
		[EB_FORM_PATH] = "even if buses are renumbered",
	};
	char argument[EB_FORM_PATH + 1][EB_FORM_TEXT];
	unsigned int column = 0;
	size_t i, len;

	for (i = 0; i <= EB_FORM_PATH; i++) {
		if (eb_form_argument(&show->survey->pci, card, (enum eb_form)i,
				     argument[i]) < 0)
			argument[i][0] = '\0';
		len = strlen(argument[i]);
		/* The longest that leaves room for a remark. */
		if (len > column && ARGUMENT_COLUMN + len + 31 <= show->term->width)
			column = (unsigned int)len;
	}
	for (i = 0; i <= EB_FORM_PATH; i++) {
		len = strlen(argument[i]);
		if (len == 0 || ARGUMENT_COLUMN + len > show->term->width)
			continue;
		eb_term_print(show->term, i == EB_FORM_PLAIN ? "  claim with" : "");
		eb_term_to(show->term, ARGUMENT_COLUMN);
		eb_term_styled(show->term, EB_STYLE_TYPE, "%s", argument[i]);
		if (remarks[i][0] && len <= column) {
			eb_term_to(show->term, ARGUMENT_COLUMN + column + 2);
			eb_term_styled(show->term, EB_STYLE_QUIET, "%s", remarks[i]);
		}
		eb_term_print(show->term, "\n");
	}
}

static void print_card(const struct eb_show *show, unsigned int card)
{
	const struct eb_machine *machine = &show->survey->machine;
	char line[EB_FINDING_TEXT];
	struct eb_text text = eb_text_on(line, sizeof(line));

	eb_term_print(show->term, "\n");
	eb_show_heading(show, card);
	print_functions(show, card);
	print_ports(show, card);
	if (machine->boot_display != EB_NO_FUNCTION &&
	    eb_card_same(&show->survey->pci, (unsigned int)machine->boot_display, card)) {
		eb_text_add(&text, "has the console: %s",
			    eb_show_boot_by(machine->boot_by));
		print_note(show, EB_STYLE_QUIET, line);
	}
	print_sharers(show, card);
	print_arguments(show, card);
}

/* Columns for all that will be shown. How many cards there are. */
static unsigned int measure(struct eb_show *show)
{
	const struct eb_pci *pci = &show->survey->pci;
	unsigned int card, i, cards = 0;

	for (card = 0; card < pci->count; card++) {
		struct eb_groups groups;

		if (!eb_list_is_card(pci, card))
			continue;
		cards++;
		groups = eb_list_groups(pci, card);
		for (i = 0; i < pci->count; i++)
			if ((eb_card_same(pci, card, i) && !pci->function[i].bridge) ||
			    eb_list_shares(pci, &groups, i))
				eb_show_fit(show, i);
	}
	return cards;
}

/* What to do next, by the first card that somebody might want to claim. */
static void print_next(const struct eb_show *show)
{
	const struct eb_pci *pci = &show->survey->pci;
	int boot = show->survey->machine.boot_display;
	char argument[EB_FORM_TEXT];
	unsigned int i;

	if (!show->survey->machine.iommu)
		return;
	for (i = 0; i < pci->count; i++) {
		if (!eb_list_is_card(pci, i) || eb_show_claim(pci, i) != EB_CLAIM_NONE ||
		    (boot != EB_NO_FUNCTION && eb_card_same(pci, (unsigned int)boot, i)))
			continue;
		if (eb_form_argument(pci, i, EB_FORM_PLAIN, argument) < 0)
			continue;
		eb_term_print(show->term, "\nTo see what it would do:");
		if (show->term->column + strlen(argument) + 16 > show->term->width)
			eb_term_print(show->term, "\n ");
		eb_term_styled(show->term, EB_STYLE_TYPE, " earlybind plan %s", argument);
		eb_term_print(show->term, "\n");
		return;
	}
}

int eb_list_text(const struct eb_cli *cli)
{
	const struct eb_pci *pci = &cli->survey->pci;
	struct eb_term term = eb_term_on(stdout);
	struct eb_show show = {
		.survey = cli->survey, .names = &cli->names, .term = &term};
	unsigned int i, cards = measure(&show);

	if (cards == 0)
		eb_term_print(
			&term,
			"There is no graphics card here: of %u PCI functions none is "
			"a display controller.\n",
			pci->count);
	else
		print_top(&show, cards);
	for (i = 0; i < pci->count; i++)
		if (eb_list_is_card(pci, i))
			print_card(&show, i);
	print_next(&show);
	if (pci->left_out)
		eb_term_styled(&term, EB_STYLE_BAD,
			       "\n%u PCI functions beyond the first %d were not looked "
			       "at.\n",
			       pci->left_out, EB_MAX_FUNCTIONS);
	return eb_term_end(&term);
}
