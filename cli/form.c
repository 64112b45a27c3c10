// SPDX-License-Identifier: GPL-2.0-or-later
/* How addresses and arguments are written for a person: short, and ready to copy. */
#include <errno.h>

#include <earlybind/card.h>

#include <earlybind/selector.h>

#include "form.h"
#include "part.h"

static void add_slot(struct eb_text *text, const struct eb_addr *addr)
{
	if (addr->domain)
		eb_text_add(text, "%04x:", addr->domain);
	eb_text_add(text, "%02x:%02x", addr->bus, addr->device);
}

const char *eb_form_slot(const struct eb_addr *addr, char out[EB_ADDR_TEXT])
{
	struct eb_text text = eb_text_on(out, EB_ADDR_TEXT);

	add_slot(&text, addr);
	return out;
}

const char *eb_form_address(const struct eb_addr *addr, char out[EB_ADDR_TEXT])
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
	unsigned int i;

	for (i = card; i < pci->count; i++) {
		const struct eb_function *f = &pci->function[i];

		if (eb_part_of(pci, card, i) != EB_PART_FUNCTION ||
		    (last && eb_addr_same_slot(last, &f->addr)))
			continue;
		if (last)
			eb_text_add(text, ",");
		last = &f->addr;
		add_slot(text, last);
		if (guard)
			eb_text_add(text, "@%04x:%04x", guard->vendor, guard->device);
	}
}

/* The bridges from the root bus down to FUNCTION, then its device alone, which means
 * the whole card. */
static int add_path(struct eb_text *text, const struct eb_pci *pci, int function)
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
		    eb_form_address(&pci->function[chain[--depth]].addr, root));
	while (depth-- > 0) {
		const struct eb_addr *addr = &pci->function[chain[depth]].addr;

		eb_text_add(text, "/%02x", addr->device);
		if (depth > 0)
			eb_text_add(text, ".%x", addr->function);
	}
	return 0;
}

int eb_form_argument(const struct eb_pci *pci, unsigned int card, enum eb_form form,
		     char out[EB_FORM_TEXT])
{
	struct eb_text text = eb_text_on(out, EB_FORM_TEXT);
	int display = eb_card_display(pci, card), err = 0;

	eb_text_add(&text, "vfio.gpus=");
	switch (form) {
	case EB_FORM_PLAIN:
		add_slots(&text, pci, card, NULL);
		break;
	case EB_FORM_GUARDED:
		if (display == EB_NO_FUNCTION)
			return -ENOENT;
		add_slots(&text, pci, card, &pci->function[display].id);
		break;
	case EB_FORM_PATH:
		/* A path that ends in a device means hardware, never virtual functions.
		 */
		err = eb_part_is_virtual(pci, card)
			      ? -ENOENT
			      : add_path(&text, pci,
					 display == EB_NO_FUNCTION ? (int)card : display);
		break;
	}
	if (!err && text.cut)
		err = -E2BIG;
	return err;
}
