// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings on an item of vfio.gpus= that selects nothing or the wrong thing. */
#include <string.h>

#include <earlybind/card.h>
#include <earlybind/item.h>
#include <earlybind/match.h>

/* A finding on the item, its text begun with its own. */
static struct eb_text *item_finding(const struct eb_item *item, enum eb_code code,
				    const struct eb_addr *addr)
{
	struct eb_text *text = eb_finding_add(item->findings, code, addr);
	struct eb_slice slice = item->selector->text;

	if (slice.len > 96)
		slice.len = 96;
	eb_text_add(text, "'");
	eb_text_add_slice(text, slice);
	eb_text_add(text, "' ");
	return text;
}

void eb_item_say_guard(const struct eb_item *item)
{
	const struct eb_function *f = &item->pci->function[item->guarded];
	const struct eb_id *guard = &item->selector->guard, *found = &f->id;
	int display = eb_card_display(item->pci, (unsigned int)item->guarded);
	struct eb_text *text = item_finding(item, EB_FIND_GUARD, &f->addr);
	char addr[EB_ADDR_TEXT];

	if (display != EB_NO_FUNCTION)
		found = &item->pci->function[display].id;
	eb_text_add(text, "expects %04x:%04x at %s, but found %04x:%04x%s; %s; ",
		    guard->vendor, guard->device, eb_addr_print(&f->addr, addr),
		    found->vendor, found->device,
		    display == EB_NO_FUNCTION ? ", which is not a display controller"
					      : "",
		    item->selector->exclude ? "it was excluded anyway"
					    : "nothing there is claimed");
	eb_card_list(text, item->pci);
}

/* Functions that have the item's id without being a display controller. */
static int other_with_id(const struct eb_item *item)
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

void eb_item_say_no_match(const struct eb_item *item)
{
	int other = other_with_id(item);
	struct eb_text *text;
	char addr[EB_ADDR_TEXT];

	if (item->bridge != EB_NO_FUNCTION) {
		const struct eb_addr *bridge = &item->pci->function[item->bridge].addr;

		text = item_finding(item, EB_FIND_BRIDGE, bridge);
		eb_text_add(
			text,
			"names %s, a bridge, which stays with the host; name the card "
			"itself; ",
			eb_addr_print(bridge, addr));
	} else if (other != EB_NO_FUNCTION && !item->selector->has_subsystem) {
		const struct eb_addr *at = &item->pci->function[other].addr;

		text = item_finding(item, EB_FIND_NOT_A_CARD_ID, at);
		eb_text_add(
			text,
			"is the id of %s, which is not a display controller; use the id "
			"of the card's display controller; ",
			eb_addr_print(at, addr));
	} else {
		text = item_finding(item, EB_FIND_NO_MATCH, NULL);
		eb_text_add(text, "matches nothing here; ");
	}
	eb_card_list(text, item->pci);
}

/* An item that is not understood is most often a mistyped address. */
void eb_item_add_cards(const struct eb_pci *pci, struct eb_findings *findings)
{
	unsigned int i;

	for (i = 0; i < findings->count; i++) {
		struct eb_finding *finding = &findings->list[i];
		struct eb_text text = {.buf = finding->text,
				       .size = EB_FINDING_TEXT,
				       .len = strlen(finding->text)};

		if (finding->code != EB_FIND_BAD_ITEM)
			continue;
		eb_text_add(&text, "; ");
		eb_card_list(&text, pci);
	}
}

void eb_item_say_boot_unknown(const struct eb_item *item)
{
	struct eb_text *text = item_finding(item, EB_FIND_BOOT_DISPLAY_UNKNOWN, NULL);

	eb_text_add(
		text,
		"needs the console's card, which no platform framebuffer, screen_info "
		"or boot_vga shows: %s; name cards by address; ",
		item->selector->exclude
			? "to be safe, nothing before it in the list is claimed"
			: "it claims nothing");
	eb_card_list(text, item->pci);
}
