// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind list for a person: 80 columns, a paragraph for each card. */
#include <string.h>

#include <earlybind/card.h>

#include "card-table.h"
#include "firmware.h"
#include "integrated.h"
#include "list.h"

/* Where the arguments of a card begin. */
#define ARGUMENT_COLUMN 14

/* Functions beside the card's own that are shown one by one. */
#define OTHERS_SHOWN 10

static void print_row(const struct eb_card_table *table, unsigned int function)
{
	int32_t group = table->survey->pci.function[function].group;

	eb_card_table_row(table, function);
	if (table->survey->machine.iommu) {
		eb_card_table_go_on(table);
		if (group == EB_NO_GROUP)
			eb_term_styled(table->term, EB_STYLE_BAD, "no group");
		else
			eb_term_print(table->term, "group %d", (int)group);
	}
	eb_term_print(table->term, "\n");
}

static void print_more(const struct eb_card_table *table, unsigned int count)
{
	if (count > OTHERS_SHOWN)
		eb_term_print(table->term, "  and %u more\n", count - OTHERS_SHOWN);
}

static void print_own(const struct eb_card_table *table, unsigned int card)
{
	const struct eb_pci *pci = &table->survey->pci;
	int i;

	for (i = eb_part_first(pci, card, EB_PART_FUNCTION); i != EB_NO_FUNCTION;
	     i = eb_part_next(pci, i, EB_PART_FUNCTION)) {
		const char *obstacle = eb_list_obstacle(table->survey, (unsigned int)i);

		print_row(table, (unsigned int)i);
		if (!table->survey->machine.iommu || !obstacle)
			continue;
		eb_term_to(table->term, EB_CARD_TABLE_INDENT + table->address + 2);
		eb_term_styled(table->term, EB_STYLE_WARN, "cannot be claimed: %s\n",
			       obstacle);
	}
}

static void print_virtual(const struct eb_card_table *table, unsigned int card)
{
	const struct eb_pci *pci = &table->survey->pci;
	int i = eb_part_first(pci, card, EB_PART_VIRTUAL);
	char address[EB_ADDR_TEXT];
	unsigned int count = 0;

	if (i == EB_NO_FUNCTION)
		return;
	eb_term_paragraph(
		table->term, EB_STYLE_QUIET, EB_CARD_TABLE_INDENT,
		"its virtual functions, each claimed by its own address as vfio.gpus=%s:",
		eb_part_address(&pci->function[i].addr, address));
	for (; i != EB_NO_FUNCTION; i = eb_part_next(pci, i, EB_PART_VIRTUAL))
		if (count++ < OTHERS_SHOWN)
			print_row(table, (unsigned int)i);
	print_more(table, count);
}

/* The ports of a switch that is on the card. */
static void print_ports(const struct eb_card_table *table, unsigned int card)
{
	const struct eb_pci *pci = &table->survey->pci;
	char line[EB_FINDING_TEXT], address[EB_ADDR_TEXT];
	struct eb_text text = eb_text_on(line, sizeof(line));
	int i;

	for (i = eb_part_first(pci, card, EB_PART_PORT); i != EB_NO_FUNCTION;
	     i = eb_part_next(pci, i, EB_PART_PORT))
		eb_text_add(&text, "%s%s", text.len ? ", " : "",
			    eb_part_address(&pci->function[i].addr, address));
	if (text.len)
		eb_term_paragraph(table->term, EB_STYLE_QUIET, EB_CARD_TABLE_INDENT,
				  "%s: the card's own switch, which stays with the host",
				  line);
}

/* What the host needs of the slot of integrated graphics. */
static void print_hosts(const struct eb_card_table *table, unsigned int card)
{
	char list[EB_FINDING_TEXT];

	if (eb_integrated_list(table->survey, card, false, list, sizeof(list)))
		eb_term_paragraph(table->term, EB_STYLE_QUIET, EB_CARD_TABLE_INDENT,
				  "not graphics, so better left to the host: %s", list);
}

static bool is_harmless(const struct eb_pci *pci, int function)
{
	const char *driver = eb_pci_driver(pci, &pci->function[function]);

	return driver &&
	       (strcmp(driver, "vfio-pci") == 0 || strcmp(driver, "pci-stub") == 0);
}

/* What shares the card's IOMMU groups, if anything does. */
static void print_sharers(const struct eb_card_table *table, struct eb_sharers sharers)
{
	const struct eb_pci *pci = &table->survey->pci;
	struct eb_sharers counted = sharers;
	unsigned int i, count = 0, harmless = 0;
	int function;

	while ((function = eb_list_next_sharer(&counted)) != EB_NO_FUNCTION) {
		count++;
		harmless += is_harmless(pci, function);
	}
	if (count == 0)
		return;
	if (harmless == count)
		eb_term_paragraph(table->term, EB_STYLE_QUIET, EB_CARD_TABLE_INDENT,
				  "shares its IOMMU group with:");
	else
		eb_term_paragraph(
			table->term, EB_STYLE_WARN, EB_CARD_TABLE_INDENT,
			"shares its IOMMU group; no guest can open it while the host "
			"has drivers on:");
	for (i = 0; i < count && i < OTHERS_SHOWN; i++)
		print_row(table, (unsigned int)eb_list_next_sharer(&sharers));
	print_more(table, count);
}

static void print_iommu_advice(const struct eb_cli *cli, struct eb_term *term)
{
	char advice[EB_FINDING_TEXT];
	struct eb_text text = eb_text_on(advice, sizeof(advice));

	eb_firmware_advise_iommu(cli, &text);
	eb_term_paragraph(term, EB_STYLE_BAD, 0, "%so card can be claimed: %s.",
			  eb_firmware_own_iommu(cli) ? "N" : "The IOMMU is off, so n",
			  advice);
}

static void print_top(const struct eb_cli *cli, const struct eb_card_table *table,
		      unsigned int cards)
{
	const struct eb_machine *machine = &table->survey->machine;

	eb_term_print(table->term, "%u graphics card%s, IOMMU %s", cards,
		      cards == 1 ? "" : "s", machine->iommu ? "on" : "off");
	if (machine->release[0])
		eb_term_print(table->term, ", kernel %s", machine->release);
	eb_term_print(table->term, "\n");
	if (!machine->iommu)
		print_iommu_advice(cli, table->term);
	if (machine->boot_by == EB_BOOT_UNKNOWN)
		eb_term_styled(table->term, EB_STYLE_WARN,
			       "It is not known which card the console is on.\n");
}

/* The arguments that claim the card, one below the other, and what each is good for. */
static void print_arguments(const struct eb_card_table *table, unsigned int card)
{
	static const char *const remarks[] = {
		[EB_FORM_PLAIN] = "",
		[EB_FORM_GUARDED] = "only while that card is there",
		[EB_FORM_PATH] = "even if buses are renumbered",
	};
	char argument[EB_FORM_PATH + 1][EB_ARGUMENT_TEXT];
	unsigned int column = 0;
	size_t i, len;

	for (i = 0; i <= EB_FORM_PATH; i++) {
		if (eb_part_argument(&table->survey->pci, card, (enum eb_form)i,
				     argument[i]) < 0)
			argument[i][0] = '\0';
		len = strlen(argument[i]);
		/* The longest that leaves room for a remark. */
		if (len > column && ARGUMENT_COLUMN + len + 31 <= table->term->width)
			column = (unsigned int)len;
	}
	for (i = 0; i <= EB_FORM_PATH; i++) {
		len = strlen(argument[i]);
		if (len == 0 || ARGUMENT_COLUMN + len > table->term->width)
			continue;
		eb_term_print(table->term, i == EB_FORM_PLAIN ? "  claim with" : "");
		eb_term_to(table->term, ARGUMENT_COLUMN);
		eb_term_styled(table->term, EB_STYLE_TYPE, "%s", argument[i]);
		if (remarks[i][0] && len <= column) {
			eb_term_to(table->term, ARGUMENT_COLUMN + column + 2);
			eb_term_styled(table->term, EB_STYLE_QUIET, "%s", remarks[i]);
		}
		eb_term_print(table->term, "\n");
	}
}

static bool has_console(const struct eb_survey *survey, unsigned int card)
{
	int boot = survey->machine.boot_display;

	return boot != EB_NO_FUNCTION &&
	       eb_card_same(&survey->pci, (unsigned int)boot, card);
}

static void print_card(const struct eb_card_table *table, const struct eb_groups *groups,
		       unsigned int card)
{
	eb_term_print(table->term, "\n");
	eb_card_table_heading(table, card);
	print_own(table, card);
	print_virtual(table, card);
	print_ports(table, card);
	print_hosts(table, card);
	if (has_console(table->survey, card))
		eb_term_paragraph(table->term, EB_STYLE_QUIET, EB_CARD_TABLE_INDENT,
				  "has the console: %s",
				  eb_card_table_boot_by(table->survey->machine.boot_by));
	print_sharers(table, eb_list_sharers(groups, card));
	print_arguments(table, card);
}

/* Columns for all that will be shown. How many cards there are. */
static unsigned int measure(struct eb_card_table *table, const struct eb_groups *groups)
{
	const struct eb_pci *pci = &table->survey->pci;
	unsigned int card, n, cards = 0;
	int i;

	for (card = 0; card < pci->count; card++) {
		struct eb_sharers sharers;

		if (!eb_part_is_card(pci, card))
			continue;
		cards++;
		for (i = (int)card; i != EB_NO_FUNCTION; i = pci->function[i].next)
			if (!pci->function[i].bridge)
				eb_card_table_fit(table, (unsigned int)i);
		sharers = eb_list_sharers(groups, card);
		for (n = 0; n < OTHERS_SHOWN; n++) {
			i = eb_list_next_sharer(&sharers);
			if (i == EB_NO_FUNCTION)
				break;
			eb_card_table_fit(table, (unsigned int)i);
		}
	}
	return cards;
}

/* What to do next, by the first card that somebody might want to claim. */
static void print_next(const struct eb_card_table *table)
{
	const struct eb_pci *pci = &table->survey->pci;
	char argument[EB_ARGUMENT_TEXT];
	unsigned int i;

	for (i = 0; i < pci->count; i++) {
		if (!eb_part_is_card(pci, i) || eb_part_claim(pci, i) != EB_CLAIM_NONE ||
		    has_console(table->survey, i) ||
		    eb_list_obstacle(table->survey, eb_part_named(pci, i)) ||
		    eb_part_argument(pci, i, EB_FORM_PLAIN, argument) < 0)
			continue;
		eb_term_print(table->term, "\nTo see what it would do:");
		if (table->term->column + strlen(argument) + 16 > table->term->width)
			eb_term_print(table->term, "\n ");
		eb_term_styled(table->term, EB_STYLE_TYPE, " earlybind plan %s",
			       argument);
		eb_term_print(table->term, "\n");
		return;
	}
}

int eb_list_text(const struct eb_cli *cli, const struct eb_groups *groups)
{
	const struct eb_pci *pci = &cli->survey->pci;
	struct eb_term term = eb_term_on(stdout);
	struct eb_card_table table = {
		.survey = cli->survey, .names = &cli->names, .term = &term};
	unsigned int i, cards = measure(&table, groups);

	if (cards == 0)
		eb_term_paragraph(&term, EB_STYLE_PLAIN, 0,
				  "There is no graphics card here: none of %u PCI "
				  "functions is a display controller.",
				  pci->count);
	else
		print_top(cli, &table, cards);
	for (i = 0; i < pci->count; i++)
		if (eb_part_is_card(pci, i))
			print_card(&table, groups, i);
	print_next(&table);
	if (pci->left_out)
		eb_term_styled(&term, EB_STYLE_BAD,
			       "\n%u PCI functions beyond the first %d were not read.\n",
			       pci->left_out, EB_MAX_FUNCTIONS);
	return eb_term_end(&term);
}
