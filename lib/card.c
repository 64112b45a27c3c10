// SPDX-License-Identifier: GPL-2.0-or-later
/* Which functions make one card. */
#include <earlybind/card.h>

/* Room that a list of cards leaves for the end of its sentence. */
#define LIST_ROOM 96

static int parent_of(const struct eb_pci *pci, int function)
{
	return function == EB_NO_FUNCTION ? EB_NO_FUNCTION
					  : pci->function[function].parent;
}

/* How many levels FUNCTION is below PORT: 1, 2, or 0 for anything else. */
static int depth_below(const struct eb_pci *pci, int function, int port)
{
	int depth;

	for (depth = 1; depth <= 2; depth++) {
		function = parent_of(pci, function);
		if (function == port)
			return depth;
	}
	return 0;
}

/* Is PORT the upstream port of a switch on the card of the display controller DISPLAY?
 * The rule is in card.h. */
static bool own_switch(const struct eb_pci *pci, int port, int display)
{
	const struct eb_function *shown = &pci->function[display];
	unsigned int i;

	if (pci->function[port].id.vendor != shown->id.vendor ||
	    parent_of(pci, port) == EB_NO_FUNCTION)
		return false;
	for (i = 0; i < pci->count; i++) {
		const struct eb_function *f = &pci->function[i];
		int depth = depth_below(pci, (int)i, port);

		if (depth == 0)
			continue;
		if (f->bridge != (depth == 1) || f->id.vendor != shown->id.vendor)
			return false;
		if (depth == 2 && !eb_addr_same_slot(&f->addr, &shown->addr) &&
		    f->class >> 16 != 0x04)
			return false;
	}
	return true;
}

/* Make one card of PORT's slot and all that is below PORT. */
static void join(struct eb_pci *pci, int port)
{
	unsigned int i;

	for (i = 0; i < pci->count; i++)
		if ((int)i == port || depth_below(pci, (int)i, port) > 0)
			pci->function[i].card = (int16_t)port;
}

/* Link the functions of each card, by address: its first function leads to all others. */
static void link_functions(struct eb_pci *pci)
{
	unsigned int i;

	for (i = 0; i < pci->count; i++)
		pci->function[i].next = EB_NO_FUNCTION;
	for (i = pci->count; i-- > 0;) {
		struct eb_function *head = &pci->function[pci->function[i].card];

		if (head == &pci->function[i])
			continue;
		pci->function[i].next = head->next;
		head->next = (int16_t)i;
	}
}

void eb_card_group(struct eb_pci *pci)
{
	unsigned int i;

	for (i = 0; i < pci->count; i++) {
		struct eb_function *f = &pci->function[i];

		f->card = (int16_t)i;
		if (i > 0 && eb_addr_same_slot(&f[-1].addr, &f->addr))
			f->card = f[-1].card;
	}
	for (i = 0; i < pci->count; i++) {
		const struct eb_function *f = &pci->function[i];
		int port = parent_of(pci, f->parent);

		if (!eb_pci_is_display(f) || f->bridge)
			continue;
		if (port != EB_NO_FUNCTION && f->card != port &&
		    own_switch(pci, port, (int)i))
			join(pci, port);
	}
	for (i = 0; i < pci->count; i++) {
		struct eb_function *head = &pci->function[pci->function[i].card];

		if (eb_pci_is_display(&pci->function[i]) && !pci->function[i].bridge &&
		    head->display == EB_NO_FUNCTION)
			head->display = (int16_t)i;
	}
	link_functions(pci);
}

bool eb_card_same(const struct eb_pci *pci, unsigned int a, unsigned int b)
{
	return pci->function[a].card == pci->function[b].card;
}

int eb_card_display(const struct eb_pci *pci, unsigned int function)
{
	return pci->function[pci->function[function].card].display;
}

bool eb_card_has_display(const struct eb_pci *pci, unsigned int function)
{
	return eb_card_display(pci, function) != EB_NO_FUNCTION;
}

void eb_card_list(struct eb_text *text, const struct eb_pci *pci)
{
	char addr[EB_ADDR_TEXT];
	unsigned int i, shown = 0, more = 0;

	for (i = 0; i < pci->count; i++) {
		const struct eb_function *f = &pci->function[i];

		if (!eb_pci_is_display(f) || f->bridge)
			continue;
		if (text->len + LIST_ROOM > text->size) {
			more++;
			continue;
		}
		eb_text_add(text, "%s%s (%04x:%04x)", shown++ ? ", " : "display cards: ",
			    eb_addr_print(&f->addr, addr), f->id.vendor, f->id.device);
	}
	if (more)
		eb_text_add(text, "%s%u more", shown ? " and " : "there are ", more);
	else if (shown == 0)
		eb_text_add(text, "there are no display cards");
}
