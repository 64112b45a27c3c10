// SPDX-License-Identifier: GPL-2.0-or-later
/* Which functions do the items of a request select, taken from left to right? */
#include <string.h>

#include <earlybind/card.h>
#include <earlybind/choose.h>
#include <earlybind/item.h>
#include <earlybind/match.h>

/* Is it a virtual function that the item does not mean? One goes by its own address or
 * path, or by that of a slot without its physical function: a card or an id means
 * the hardware. */
static bool stray_virtual(const struct eb_item *item, unsigned int function)
{
	const struct eb_pci *pci = item->pci;
	const struct eb_detail *detail = eb_pci_detail(pci, function);
	const struct eb_detail *head;

	if (!detail || !detail->virtual_function)
		return false;
	if (item->selector->kind != EB_SELECT_CARD)
		return eb_match_whole_card(item->selector);
	head = eb_pci_detail(pci, (unsigned int)pci->function[function].card);
	return !head || !head->virtual_function;
}

/* Mark what the item names; a whole card where it means one. */
static void mark(struct eb_item *item)
{
	const struct eb_pci *pci = item->pci;
	bool whole = eb_match_whole_card(item->selector);
	bool *named = item->choice->mark, *on_card = item->choice->on_card;
	unsigned int i;

	item->marked = 0;
	item->bridge = item->guarded = EB_NO_FUNCTION;
	memset(on_card, 0, pci->count * sizeof(on_card[0]));
	for (i = 0; i < pci->count; i++) {
		named[i] = eb_match(item->selector, pci, item->machine,
				    item->request->options.allow_nongpu, i);
		if (named[i] && whole)
			on_card[pci->function[i].card] = true;
		if (named[i] && pci->function[i].bridge)
			item->bridge = (int)i;
	}
	for (i = 0; i < pci->count; i++) {
		if (whole)
			named[i] = on_card[pci->function[i].card];
		if (pci->function[i].bridge || (named[i] && stray_virtual(item, i)))
			named[i] = false;
		if (named[i])
			item->marked++;
	}
}

/* Does the guard hold of FUNCTION? A display controller that is named by itself is asked
 * itself, anything else its card. */
static bool guard_holds(const struct eb_item *item, unsigned int function)
{
	const struct eb_function *f = &item->pci->function[function];

	if (item->selector->kind == EB_SELECT_FUNCTION && eb_pci_is_display(f))
		return eb_match_id(item->pci, function, &item->selector->guard, NULL);
	return item->choice->on_card[f->card];
}

/* Take the mark from cards on which no display controller has the guard's id. */
static void check_guard(struct eb_item *item)
{
	bool *named = item->choice->mark, *holds = item->choice->on_card;
	const struct eb_pci *pci = item->pci;
	unsigned int i;

	memset(holds, 0, pci->count * sizeof(holds[0]));
	for (i = 0; i < pci->count; i++)
		if (eb_pci_is_display(&pci->function[i]) && !pci->function[i].bridge &&
		    eb_match_id(pci, i, &item->selector->guard, NULL))
			holds[pci->function[i].card] = true;
	for (i = 0; i < pci->count; i++) {
		if (!named[i] || guard_holds(item, i))
			continue;
		if (item->guarded == EB_NO_FUNCTION)
			item->guarded = (int)i;
		named[i] = item->selector->exclude;
	}
}

static bool needs_boot_display(const struct eb_selector *s)
{
	return s->kind == EB_SELECT_BOOT || s->kind == EB_SELECT_SECONDARY;
}

static void drop_all(struct eb_item *item)
{
	unsigned int i;

	for (i = 0; i < item->pci->count; i++)
		item->choice->by[i] = EB_NOT_CHOSEN;
}

/* Do what the item says. False when it matches nothing. */
static bool choose_item(struct eb_item *item, int16_t index)
{
	const struct eb_selector *s = item->selector;
	unsigned int i;

	if (s->kind == EB_SELECT_NONE) {
		drop_all(item);
		return true;
	}
	if (needs_boot_display(s) && item->machine->boot_display == EB_NO_FUNCTION) {
		eb_item_say_boot_unknown(item);
		if (s->exclude)
			drop_all(item);
		return true;
	}
	mark(item);
	if (item->marked == 0)
		return false;
	if (s->has_guard)
		check_guard(item);
	if (item->guarded != EB_NO_FUNCTION)
		eb_item_say_guard(item);
	for (i = 0; i < item->pci->count; i++)
		if (item->choice->mark[i])
			item->choice->by[i] = s->exclude ? EB_NOT_CHOSEN : index;
	return true;
}

/* Is every function that has the item's id chosen by another item? Old recipes list
 * the ids of all functions of a card. */
static bool id_is_covered(const struct eb_item *item)
{
	const struct eb_selector *s = item->selector;
	bool any = false;
	unsigned int i;

	if (s->kind != EB_SELECT_ID || s->has_subsystem || s->exclude)
		return false;
	for (i = 0; i < item->pci->count; i++) {
		if (!eb_match_id(item->pci, i, &s->id, NULL))
			continue;
		if (item->choice->by[i] == EB_NOT_CHOSEN)
			return false;
		any = true;
	}
	return any;
}

void eb_choose(const struct eb_request *request, const struct eb_pci *pci,
	       const struct eb_machine *machine, struct eb_choice *choice,
	       struct eb_findings *findings)
{
	struct eb_item item = {.request = request,
			       .pci = pci,
			       .machine = machine,
			       .choice = choice,
			       .findings = findings};
	bool in_vain[EB_MAX_SELECTORS] = {false};
	unsigned int i;

	eb_item_add_cards(pci, findings);
	for (i = 0; i < pci->count; i++)
		choice->by[i] = EB_NOT_CHOSEN;
	for (i = 0; i < request->selectors; i++) {
		item.selector = &request->selector[i];
		in_vain[i] = !choose_item(&item, (int16_t)i);
	}
	/* When all is chosen, say what was in vain. */
	for (i = 0; i < request->selectors; i++) {
		item.selector = &request->selector[i];
		if (!in_vain[i] || id_is_covered(&item))
			continue;
		mark(&item);
		eb_item_say_no_match(&item);
	}
}

bool eb_choose_wants(const void *ctx, const struct eb_pci *pci, unsigned int function)
{
	const struct eb_machine nothing = {.boot_display = EB_NO_FUNCTION};
	bool shows = eb_card_has_display(pci, function);
	const struct eb_request *request = ctx;
	unsigned int i;
	int j;

	for (i = 0; i < request->selectors; i++) {
		const struct eb_selector *s = &request->selector[i];

		if (shows && needs_boot_display(s))
			return true;
		if (!shows && (s->exclude || !request->options.allow_nongpu))
			continue;
		for (j = pci->function[function].card; j != EB_NO_FUNCTION;
		     j = pci->function[j].next)
			if (eb_match(s, pci, &nothing, true, (unsigned int)j))
				return true;
	}
	return false;
}
