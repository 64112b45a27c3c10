// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind list for a person: 80 columns, a paragraph for each card. */
#include <string.h>

#include <earlybind/card.h>

#include "form.h"
#include "list.h"
#include "card-table.h"

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
	eb_list_show_functions(show, card);
	if (machine->boot_display != EB_NO_FUNCTION &&
	    eb_card_same(&show->survey->pci, (unsigned int)machine->boot_display, card)) {
		eb_text_add(&text, "has the console: %s",
			    eb_show_boot_by(machine->boot_by));
		eb_show_note(show, EB_STYLE_QUIET, line);
	}
	eb_list_show_sharers(show, card);
	print_arguments(show, card);
}

/* Columns for all that will be shown. How many cards there are. */
static unsigned int measure(struct eb_show *show)
{
	const struct eb_pci *pci = &show->survey->pci;
	unsigned int card, i, cards = 0;

	for (card = 0; card < pci->count; card++) {
		struct eb_groups groups;

		if (!eb_part_is_card(pci, card))
			continue;
		cards++;
		groups = eb_list_groups(pci, card);
		for (i = 0; i < pci->count; i++)
			if (eb_part_of(pci, card, i) == EB_PART_FUNCTION ||
			    eb_part_of(pci, card, i) == EB_PART_VIRTUAL ||
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

	for (i = 0; i < pci->count; i++) {
		if (!eb_part_is_card(pci, i) || eb_part_claim(pci, i) != EB_CLAIM_NONE ||
		    (boot != EB_NO_FUNCTION && eb_card_same(pci, (unsigned int)boot, i)))
			continue;
		if (eb_list_obstacle(show->survey, (unsigned int)eb_card_display(pci, i)))
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

static void print_none(const struct eb_show *show)
{
	char line[EB_FINDING_TEXT];
	struct eb_text text = eb_text_on(line, sizeof(line));

	eb_text_add(&text,
		    "There is no graphics card here: of %u PCI functions none is a "
		    "display controller.",
		    show->survey->pci.count);
	eb_term_wrap(show->term, 0, line);
	eb_term_print(show->term, "\n");
}

int eb_list_text(const struct eb_cli *cli)
{
	const struct eb_pci *pci = &cli->survey->pci;
	struct eb_term term = eb_term_on(stdout);
	struct eb_show show = {
		.survey = cli->survey, .names = &cli->names, .term = &term};
	unsigned int i, cards = measure(&show);

	if (cards == 0)
		print_none(&show);
	else
		print_top(&show, cards);
	for (i = 0; i < pci->count; i++)
		if (eb_part_is_card(pci, i))
			print_card(&show, i);
	print_next(&show);
	if (pci->left_out)
		eb_term_styled(&term, EB_STYLE_BAD,
			       "\n%u PCI functions beyond the first %d were not looked "
			       "at.\n",
			       pci->left_out, EB_MAX_FUNCTIONS);
	return eb_term_end(&term);
}
