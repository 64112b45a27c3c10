// SPDX-License-Identifier: GPL-2.0-or-later
/* Cards on a terminal: a heading each, and a row for each function. */
#include <string.h>

#include <earlybind/card.h>

#include "form.h"
#include "part.h"
#include "card-table.h"

/* Drivers with longer names are cut. */
#define DRIVER_MOST 20

#define NO_DRIVER "no driver"

static unsigned int longer(unsigned int width, size_t len)
{
	return len > width ? (unsigned int)len : width;
}

void eb_show_fit(struct eb_show *show, unsigned int function)
{
	const struct eb_pci *pci = &show->survey->pci;
	const struct eb_function *f = &pci->function[function];
	const char *driver = eb_pci_driver(pci, f);
	char address[EB_ADDR_TEXT];

	show->address = longer(show->address, strlen(eb_form_address(&f->addr, address)));
	show->kind = longer(show->kind, strlen(eb_names_kind(pci, function)));
	show->driver = longer(show->driver, strlen(driver ? driver : NO_DRIVER));
	if (show->driver > DRIVER_MOST)
		show->driver = DRIVER_MOST;
}

/* The longest form of the card's name that has room in ROOM columns. */
static void print_name(const struct eb_show *show, unsigned int card, size_t room)
{
	const struct eb_pci *pci = &show->survey->pci;
	int display = eb_card_display(pci, card);
	unsigned int function = display == EB_NO_FUNCTION ? card : (unsigned int)display;
	const struct eb_detail *detail = eb_pci_detail(pci, function);
	const struct eb_id *id = &pci->function[function].id;
	char name[EB_NAME_TEXT], chip[EB_NAME_TEXT], board[EB_NAME_TEXT] = "";
	size_t len;

	eb_names_card(show->names, id, name, chip);
	if (detail && detail->subsystem.vendor != id->vendor)
		eb_names_maker(show->names, detail->subsystem.vendor, board);
	len = strlen(name);
	if (len > room) {
		eb_term_styled(show->term, EB_STYLE_HEAD, "%.*s...",
			       (int)(room > 3 ? room - 3 : 0), name);
		return;
	}
	eb_term_styled(show->term, EB_STYLE_HEAD, "%s", name);
	if (chip[0] && len + strlen(chip) + 3 <= room) {
		eb_term_print(show->term, " (%s)", chip);
		len += strlen(chip) + 3;
	}
	if (board[0] && len + strlen(board) + 5 <= room)
		eb_term_print(show->term, ", by %s", board);
}

void eb_show_heading(const struct eb_show *show, unsigned int card)
{
	const struct eb_pci *pci = &show->survey->pci;
	int display = eb_card_display(pci, card), boot;
	enum eb_claim claim = eb_part_claim(pci, card);
	const char *claimed = claim == EB_CLAIM_WHOLE  ? "claimed"
			      : claim == EB_CLAIM_PART ? "partly claimed"
						       : "";
	const char *console = "";
	char slot[EB_ADDR_TEXT];
	unsigned int tags;

	boot = show->survey->machine.boot_display;
	if (boot != EB_NO_FUNCTION && eb_card_same(pci, (unsigned int)boot, card))
		console = claimed[0] ? "console, " : "console";
	tags = (unsigned int)(strlen(console) + strlen(claimed));

	eb_form_slot(&pci->function[display == EB_NO_FUNCTION ? (int)card : display].addr,
		     slot);
	eb_term_styled(show->term, EB_STYLE_HEAD, "%s", slot);
	eb_term_print(show->term, "  ");
	print_name(show, card,
		   show->term->width - strlen(slot) - 2 - (tags ? tags + 2 : 0));
	if (tags) {
		eb_term_to(show->term, show->term->width - tags);
		eb_term_styled(show->term, EB_STYLE_WARN, "%s", console);
		eb_term_styled(show->term, EB_STYLE_GOOD, "%s", claimed);
	}
	eb_term_print(show->term, "\n");
}

void eb_show_row(const struct eb_show *show, unsigned int function)
{
	const struct eb_pci *pci = &show->survey->pci;
	const struct eb_function *f = &pci->function[function];
	const char *driver = eb_pci_driver(pci, f);
	char address[EB_ADDR_TEXT];

	eb_term_to(show->term, EB_SHOW_INDENT);
	eb_term_print(show->term, "%-*s  %-*s  %04x:%04x  ", (int)show->address,
		      eb_form_address(&f->addr, address), (int)show->kind,
		      eb_names_kind(pci, function), f->id.vendor, f->id.device);
	if (!driver)
		eb_term_styled(show->term, EB_STYLE_QUIET, NO_DRIVER);
	else if (strcmp(driver, "vfio-pci") == 0)
		eb_term_styled(show->term, EB_STYLE_GOOD, "%s", driver);
	else
		eb_term_print(show->term, "%.*s", DRIVER_MOST, driver);
}

void eb_show_go_on(const struct eb_show *show)
{
	/* address, kind, "vvvv:dddd", driver, with two blanks behind each */
	eb_term_to(show->term, EB_SHOW_INDENT + show->address + show->kind + 9 +
				       show->driver + 4 * 2);
}

void eb_show_note(const struct eb_show *show, enum eb_style style, const char *note)
{
	eb_term_style(show->term, style);
	eb_term_wrap(show->term, EB_SHOW_INDENT, note);
	eb_term_style(show->term, EB_STYLE_PLAIN);
	eb_term_print(show->term, "\n");
}

const char *eb_show_boot_by(enum eb_boot_by by)
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
