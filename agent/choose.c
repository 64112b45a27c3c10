// SPDX-License-Identifier: GPL-2.0-or-later
/* Which functions do the items of a request select, taken from left to right? */
#include <string.h>

#include <earlybind/card.h>
#include <earlybind/choose.h>
#include <earlybind/match.h>

/* Room that a list of cards leaves for the end of its sentence. */
#define LIST_ROOM 96

/* What one item comes to. */
struct item {
	const struct eb_request *request;
	const struct eb_pci *pci;
	const struct eb_machine *machine;
	const struct eb_selector *selector;
	struct eb_choice *choice;
	struct eb_findings *findings;
	unsigned int marked; /* functions that can be claimed */
	int bridge;	     /* a bridge that it names, or EB_NO_FUNCTION */
	int guarded;	     /* a function that its guard turned away */
};

void eb_choose_list_cards(struct eb_text *text, const struct eb_pci *pci)
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
		eb_text_add(text, "%s%s (%04x:%04x)", shown++ ? ", " : "",
			    eb_addr_print(&f->addr, addr), f->id.vendor, f->id.device);
	}
	if (more)
		eb_text_add(text, " and %u more", more);
	if (shown == 0)
		eb_text_add(text, "none");
}

/* A finding on the item, its text begun with its own. */
static struct eb_text item_finding(struct item *item, enum eb_code code,
				   const struct eb_addr *addr)
{
	struct eb_text text = eb_finding_add(item->findings, code, addr);
	struct eb_slice slice = item->selector->text;

	if (slice.len > 96)
		slice.len = 96;
	eb_text_add(&text, "'");
	eb_text_add_slice(&text, slice);
	eb_text_add(&text, "' ");
	return text;
}

/* Is it a virtual function that the item does not mean? One goes by its own address or
 * path, or by that of a slot without its physical function: whoever names a card or an
 * id means the hardware. */
static bool stray_virtual(const struct item *item, unsigned int function)
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
static void mark(struct item *item)
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
				    item->request->allow_nongpu, i);
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

/* Take the mark from cards on which no display controller has the guard's id. */
static void check_guard(struct item *item)
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
		if (!named[i] || holds[pci->function[i].card])
			continue;
		if (item->guarded == EB_NO_FUNCTION)
			item->guarded = (int)i;
		named[i] = item->selector->exclude;
	}
}

static void say_guard(struct item *item)
{
	const struct eb_function *f = &item->pci->function[item->guarded];
	const struct eb_id *guard = &item->selector->guard;
	int display = eb_card_display(item->pci, (unsigned int)item->guarded);
	struct eb_text text = item_finding(item, EB_FIND_GUARD, &f->addr);
	char addr[EB_ADDR_TEXT];

	eb_text_add(&text, "expects a display controller %04x:%04x, but at %s ",
		    guard->vendor, guard->device, eb_addr_print(&f->addr, addr));
	if (display == EB_NO_FUNCTION)
		eb_text_add(&text, "there is %04x:%04x, which is none; ", f->id.vendor,
			    f->id.device);
	else
		eb_text_add(&text, "there is %04x:%04x; ",
			    item->pci->function[display].id.vendor,
			    item->pci->function[display].id.device);
	eb_text_add(&text, "%s; the display cards are ",
		    item->selector->exclude ? "it was taken out all the same"
					    : "nothing there is claimed");
	eb_choose_list_cards(&text, item->pci);
}

/* Functions that have the item's id without being a display controller. */
static int other_with_id(const struct item *item)
{
	const struct eb_selector *s = item->selector;
	unsigned int i;

	if (s->kind != EB_SELECT_ID)
		return EB_NO_FUNCTION;
	for (i = 0; i < item->pci->count; i++)
		if (!item->pci->function[i].bridge &&
		    eb_match_id(item->pci, i, &s->id, NULL))
			return (int)i;
	return EB_NO_FUNCTION;
}

static void say_no_match(struct item *item)
{
	int other = other_with_id(item);
	struct eb_text text;
	char addr[EB_ADDR_TEXT];

	if (item->bridge != EB_NO_FUNCTION) {
		const struct eb_addr *bridge = &item->pci->function[item->bridge].addr;

		text = item_finding(item, EB_FIND_BRIDGE, bridge);
		eb_text_add(&text,
			    "names %s, which is a bridge and stays with the host; "
			    "name the card itself; the display cards are ",
			    eb_addr_print(bridge, addr));
	} else if (other != EB_NO_FUNCTION && !item->selector->has_subsystem) {
		const struct eb_addr *at = &item->pci->function[other].addr;

		text = item_finding(item, EB_FIND_NOT_A_CARD_ID, at);
		eb_text_add(&text,
			    "is the id of %s, which is not a display controller; name "
			    "the card by its display controller, which takes all its "
			    "functions along; the display cards are ",
			    eb_addr_print(at, addr));
	} else {
		text = item_finding(item, EB_FIND_NO_MATCH, NULL);
		eb_text_add(&text, "matches nothing here; the display cards are ");
	}
	eb_choose_list_cards(&text, item->pci);
}

/* An item that is not understood is most often a mistyped address. */
static void add_cards_to_typos(const struct eb_pci *pci, struct eb_findings *findings)
{
	unsigned int i;

	for (i = 0; i < findings->count; i++) {
		struct eb_finding *finding = &findings->list[i];
		struct eb_text text = {.buf = finding->text,
				       .size = EB_FINDING_TEXT,
				       .len = strlen(finding->text)};

		if (finding->code != EB_FIND_BAD_ITEM)
			continue;
		eb_text_add(&text, "; the display cards are ");
		eb_choose_list_cards(&text, pci);
	}
}

static void say_boot_unknown(struct item *item)
{
	struct eb_text text = item_finding(item, EB_FIND_BOOT_DISPLAY_UNKNOWN, NULL);

	eb_text_add(
		&text,
		"needs to know the console's card, and neither a platform framebuffer, "
		"screen_info nor boot_vga tells: %s; name cards by address; they are ",
		item->selector->exclude ? "to be safe, nothing named before it is claimed"
					: "it claims nothing");
	eb_choose_list_cards(&text, item->pci);
}

static bool needs_boot_display(const struct eb_selector *s)
{
	return s->kind == EB_SELECT_BOOT || s->kind == EB_SELECT_SECONDARY;
}

static void drop_all(struct item *item)
{
	unsigned int i;

	for (i = 0; i < item->pci->count; i++)
		item->choice->by[i] = EB_NOT_CHOSEN;
}

/* Do what the item says. False when it matches nothing. */
static bool choose_item(struct item *item, int16_t index)
{
	const struct eb_selector *s = item->selector;
	unsigned int i;

	if (s->kind == EB_SELECT_NONE) {
		drop_all(item);
		return true;
	}
	if (needs_boot_display(s) && item->machine->boot_display == EB_NO_FUNCTION) {
		say_boot_unknown(item);
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
		say_guard(item);
	for (i = 0; i < item->pci->count; i++)
		if (item->choice->mark[i])
			item->choice->by[i] = s->exclude ? EB_NOT_CHOSEN : index;
	return true;
}

/* Is every function that has the item's id chosen by another item? Old recipes list
 * the ids of all functions of a card. */
static bool id_is_covered(const struct item *item)
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
	struct item item = {.request = request,
			    .pci = pci,
			    .machine = machine,
			    .choice = choice,
			    .findings = findings};
	bool in_vain[EB_MAX_SELECTORS] = {false};
	unsigned int i;

	add_cards_to_typos(pci, findings);
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
		say_no_match(&item);
	}
}

bool eb_choose_wants(const void *ctx, const struct eb_pci *pci, unsigned int function)
{
	const struct eb_machine nothing = {.boot_display = EB_NO_FUNCTION};
	const struct eb_request *request = ctx;
	unsigned int i, j;

	if (eb_card_has_display(pci, function))
		return true;
	for (i = 0; request->allow_nongpu && i < request->selectors; i++) {
		struct eb_selector s = request->selector[i];

		/* The subsystem is one of the things still to be read. */
		s.has_subsystem = false;
		for (j = (unsigned int)pci->function[function].card;
		     j < pci->count && eb_card_same(pci, j, function); j++)
			if (!s.exclude && eb_match(&s, pci, &nothing, true, j))
				return true;
	}
	return false;
}
