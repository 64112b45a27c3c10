// SPDX-License-Identifier: GPL-2.0-or-later
/* What belongs to a card, and how addresses and arguments are written: short, and ready
 * to copy. */
#include <errno.h>
#include <string.h>

#include <earlybind/card.h>
#include <earlybind/selector.h>

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

unsigned int eb_part_named(const struct eb_pci *pci, unsigned int card)
{
	int display = eb_card_display(pci, card);

	return display == EB_NO_FUNCTION ? card : (unsigned int)display;
}

static int skip_to(const struct eb_pci *pci, int function, enum eb_part part)
{
	while (function != EB_NO_FUNCTION &&
	       eb_part_of(pci, (unsigned int)pci->function[function].card,
			  (unsigned int)function) != part)
		function = pci->function[function].next;
	return function;
}

int eb_part_first(const struct eb_pci *pci, unsigned int card, enum eb_part part)
{
	return skip_to(pci, (int)card, part);
}

int eb_part_next(const struct eb_pci *pci, int function, enum eb_part part)
{
	return skip_to(pci, pci->function[function].next, part);
}

static bool has_encryption(const struct eb_pci *pci, const struct eb_function *f)
{
	int i;

	for (i = f->card; i != EB_NO_FUNCTION; i = pci->function[i].next)
		if (eb_addr_same_slot(&pci->function[i].addr, &f->addr) &&
		    pci->function[i].class >> 16 == 0x10)
			return true;
	return false;
}

bool eb_part_is_hosts(const struct eb_pci *pci, unsigned int function)
{
	const struct eb_function *f = &pci->function[function];
	int display = eb_card_display(pci, (unsigned int)f->card);

	/* In one group a guest has all or none. */
	if (display == EB_NO_FUNCTION || eb_pci_is_display(f) || f->bridge ||
	    !has_encryption(pci, f) || f->group == pci->function[display].group)
		return false;
	/* The audio of its screens comes next. */
	return f->class >> 8 != 0x0403 ||
	       f->addr.function != pci->function[display].addr.function + 1;
}

bool eb_part_on_vfio(const struct eb_pci *pci, unsigned int function)
{
	const char *driver = eb_pci_driver(pci, &pci->function[function]);

	return driver && strcmp(driver, "vfio-pci") == 0;
}

enum eb_claim eb_part_claim(const struct eb_pci *pci, unsigned int card)
{
	bool some = false, all = true;
	int i;

	for (i = (int)card; i != EB_NO_FUNCTION; i = pci->function[i].next) {
		enum eb_part part = eb_part_of(pci, card, (unsigned int)i);

		if (part == EB_PART_PORT)
			continue;
		if (eb_part_on_vfio(pci, (unsigned int)i))
			some = true;
		else if (part == EB_PART_FUNCTION &&
			 !eb_part_is_hosts(pci, (unsigned int)i))
			all = false;
	}
	if (!some)
		return EB_CLAIM_NONE;
	return all ? EB_CLAIM_WHOLE : EB_CLAIM_PART;
}

static void add_slot(struct eb_text *text, const struct eb_addr *addr)
{
	if (addr->domain)
		eb_text_add(text, "%04x:", addr->domain);
	eb_text_add(text, "%02x:%02x", addr->bus, addr->device);
}

const char *eb_part_slot(const struct eb_addr *addr, char out[EB_ADDR_TEXT])
{
	struct eb_text text = eb_text_on(out, EB_ADDR_TEXT);

	add_slot(&text, addr);
	return out;
}

const char *eb_part_address(const struct eb_addr *addr, char out[EB_ADDR_TEXT])
{
	struct eb_text text = eb_text_on(out, EB_ADDR_TEXT);

	add_slot(&text, addr);
	eb_text_add(&text, ".%x", addr->function);
	return out;
}

/* One item for each slot in which the card has functions. */
static void add_slots(struct eb_text *text, const struct eb_pci *pci, unsigned int card,
		      const struct eb_id *guard)
{
	const struct eb_addr *last = NULL;
	int i;

	for (i = eb_part_first(pci, card, EB_PART_FUNCTION); i != EB_NO_FUNCTION;
	     i = eb_part_next(pci, i, EB_PART_FUNCTION)) {
		const struct eb_addr *addr = &pci->function[i].addr;

		if (last && eb_addr_same_slot(last, addr))
			continue;
		if (last)
			eb_text_add(text, ",");
		last = addr;
		add_slot(text, last);
		if (guard)
			eb_text_add(text, "@%04x:%04x", guard->vendor, guard->device);
	}
}

/* The bridges from the root bus down to FUNCTION, then its device, which ALONE means the
 * whole card. */
static int add_path(struct eb_text *text, const struct eb_pci *pci, int function,
		    bool alone)
{
	int chain[EB_MAX_STEPS + 1], depth = 0;
	char root[EB_ADDR_TEXT];

	while (function != EB_NO_FUNCTION) {
		if (depth > EB_MAX_STEPS)
			return -E2BIG;
		chain[depth++] = function;
		/* Behind a bridge that was not found: no way to the root. */
		if (pci->function[function].has_above &&
		    pci->function[function].parent == EB_NO_FUNCTION)
			return -ENOENT;
		function = pci->function[function].parent;
	}
	if (depth < 2)
		return -ENOENT;
	eb_text_add(text, "%s",
		    eb_part_address(&pci->function[chain[--depth]].addr, root));
	while (depth-- > 0) {
		const struct eb_addr *addr = &pci->function[chain[depth]].addr;

		eb_text_add(text, "/%02x", addr->device);
		if (depth > 0 || !alone)
			eb_text_add(text, ".%x", addr->function);
	}
	return 0;
}

static bool has_hosts(const struct eb_pci *pci, unsigned int card)
{
	int i;

	for (i = (int)card; i != EB_NO_FUNCTION; i = pci->function[i].next)
		if (eb_part_is_hosts(pci, (unsigned int)i))
			return true;
	return false;
}

/* One item for each function that is not the host's. */
static int add_functions(struct eb_text *text, const struct eb_pci *pci,
			 unsigned int card, enum eb_form form)
{
	char address[EB_ADDR_TEXT];
	unsigned int count = 0;
	int i, err = 0;

	for (i = eb_part_first(pci, card, EB_PART_FUNCTION); i != EB_NO_FUNCTION && !err;
	     i = eb_part_next(pci, i, EB_PART_FUNCTION)) {
		if (eb_part_is_hosts(pci, (unsigned int)i))
			continue;
		eb_text_add(text, "%s", count++ ? "," : "");
		if (form == EB_FORM_PATH)
			err = add_path(text, pci, i, false);
		else
			eb_text_add(text, "%s",
				    eb_part_address(&pci->function[i].addr, address));
	}
	return err;
}

static int add_card(struct eb_text *text, const struct eb_pci *pci, unsigned int card,
		    enum eb_form form)
{
	int display = eb_card_display(pci, card);
	bool single = has_hosts(pci, card);

	switch (form) {
	case EB_FORM_PLAIN:
		break;
	case EB_FORM_GUARDED:
		if (display == EB_NO_FUNCTION || single)
			return -ENOENT;
		add_slots(text, pci, card, &pci->function[display].id);
		return 0;
	case EB_FORM_PATH:
		/* Its end, a device, means hardware, never virtual functions. */
		if (eb_part_is_virtual(pci, card))
			return -ENOENT;
		if (!single)
			return add_path(text, pci, (int)eb_part_named(pci, card), true);
		break;
	}
	if (single)
		return add_functions(text, pci, card, form);
	add_slots(text, pci, card, NULL);
	return 0;
}

int eb_part_argument(const struct eb_pci *pci, unsigned int card, enum eb_form form,
		     char out[EB_ARGUMENT_TEXT])
{
	struct eb_text text = eb_text_on(out, EB_ARGUMENT_TEXT);
	int err;

	eb_text_add(&text, "vfio.gpus=");
	err = add_card(&text, pci, card, form);
	return !err && text.cut ? -E2BIG : err;
}
