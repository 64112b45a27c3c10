// SPDX-License-Identifier: GPL-2.0-or-later
/* Cards on a terminal: a heading each, and a row for each function. */
#include <string.h>

#include <earlybind/card.h>

#include "part.h"
#include "card-table.h"

/* Drivers with longer names are cut. */
#define DRIVER_MOST 20

#define NO_DRIVER "no driver"

static unsigned int longer(unsigned int width, size_t len)
{
	return len > width ? (unsigned int)len : width;
}

void eb_card_table_fit(struct eb_card_table *table, unsigned int function)
{
	const struct eb_pci *pci = &table->survey->pci;
	const struct eb_function *f = &pci->function[function];
	const char *driver = eb_pci_driver(pci, f);
	char address[EB_ADDR_TEXT];

	table->address = longer(table->address,
				strlen(eb_part_address(&f->addr, address)));
	table->kind = longer(table->kind, strlen(eb_names_kind(pci, function)));
	table->driver = longer(table->driver, strlen(driver ? driver : NO_DRIVER));
	if (table->driver > DRIVER_MOST)
		table->driver = DRIVER_MOST;
}

/* The longest form of the card's name that has room in ROOM columns. */
static void print_name(const struct eb_card_table *table, unsigned int card, size_t room)
{
	const struct eb_pci *pci = &table->survey->pci;
	unsigned int function = eb_part_named(pci, card);
	const struct eb_detail *detail = eb_pci_detail(pci, function);
	const struct eb_id *id = &pci->function[function].id;
	const struct eb_id *subsystem = &pci->function[function].subsystem;
	char name[EB_NAME_TEXT], chip[EB_NAME_TEXT], board[EB_NAME_TEXT] = "";
	size_t len;

	eb_names_card(table->names, id, name, chip);
	if (detail && subsystem->vendor != id->vendor)
		eb_names_maker(table->names, subsystem->vendor, board);
	len = strlen(name);
	if (len > room) {
		eb_term_styled(table->term, EB_STYLE_HEAD, "%.*s...",
			       (int)(room > 3 ? room - 3 : 0), name);
		return;
	}
	eb_term_styled(table->term, EB_STYLE_HEAD, "%s", name);
	if (chip[0] && len + strlen(chip) + 3 <= room) {
		eb_term_print(table->term, " (%s)", chip);
		len += strlen(chip) + 3;
	}
	if (board[0] && len + strlen(board) + 5 <= room)
		eb_term_print(table->term, ", by %s", board);
}

void eb_card_table_heading(const struct eb_card_table *table, unsigned int card)
{
	const struct eb_pci *pci = &table->survey->pci;
	int boot = table->survey->machine.boot_display;
	enum eb_claim claim = eb_part_claim(pci, card);
	const char *claimed = claim == EB_CLAIM_WHOLE  ? "claimed"
			      : claim == EB_CLAIM_PART ? "partly claimed"
						       : "";
	const char *console = "";
	char slot[EB_ADDR_TEXT];
	unsigned int tags;

	if (boot != EB_NO_FUNCTION && eb_card_same(pci, (unsigned int)boot, card))
		console = claimed[0] ? "console, " : "console";
	tags = (unsigned int)(strlen(console) + strlen(claimed));

	eb_part_slot(&pci->function[eb_part_named(pci, card)].addr, slot);
	eb_term_styled(table->term, EB_STYLE_HEAD, "%s", slot);
	eb_term_print(table->term, "  ");
	print_name(table, card,
		   table->term->width - strlen(slot) - 2 - (tags ? tags + 2 : 0));
	if (tags) {
		eb_term_to(table->term, table->term->width - tags);
		eb_term_styled(table->term, EB_STYLE_WARN, "%s", console);
		eb_term_styled(table->term, EB_STYLE_GOOD, "%s", claimed);
	}
	eb_term_print(table->term, "\n");
}

void eb_card_table_row(const struct eb_card_table *table, unsigned int function)
{
	const struct eb_pci *pci = &table->survey->pci;
	const struct eb_function *f = &pci->function[function];
	const char *driver = eb_pci_driver(pci, f);
	char address[EB_ADDR_TEXT];

	eb_term_to(table->term, EB_CARD_TABLE_INDENT);
	eb_term_print(table->term, "%-*s  %-*s  %04x:%04x  ", (int)table->address,
		      eb_part_address(&f->addr, address), (int)table->kind,
		      eb_names_kind(pci, function), f->id.vendor, f->id.device);
	if (!driver)
		eb_term_styled(table->term, EB_STYLE_QUIET, NO_DRIVER);
	else if (strcmp(driver, "vfio-pci") == 0)
		eb_term_styled(table->term, EB_STYLE_GOOD, "%s", driver);
	else
		eb_term_print(table->term, "%.*s", DRIVER_MOST, driver);
}

void eb_card_table_go_on(const struct eb_card_table *table)
{
	/* address, kind, "vvvv:dddd", driver, with two blanks behind each */
	eb_term_to(table->term, EB_CARD_TABLE_INDENT + table->address + table->kind + 9 +
					table->driver + 4 * 2);
}

const char *eb_card_table_boot_by(enum eb_boot_by by)
{
	switch (by) {
	case EB_BOOT_PLATFORM:
		return "the firmware's framebuffer device belongs to it";
	case EB_BOOT_SCREEN_INFO:
		return "the firmware's framebuffer lies in its memory (screen_info)";
	case EB_BOOT_VGA:
		return "the firmware started with it (boot_vga)";
	case EB_BOOT_UNKNOWN:
		return "";
	}
	return "";
}
