// SPDX-License-Identifier: GPL-2.0-or-later
/* Does a selector name a function? */
#include <earlybind/card.h>
#include <earlybind/match.h>

static bool same_id(const struct eb_id *a, const struct eb_id *b)
{
	return a->vendor == b->vendor && a->device == b->device;
}

bool eb_match_id(const struct eb_pci *pci, unsigned int function, const struct eb_id *id,
		 const struct eb_id *subsystem)
{
	const struct eb_function *f = &pci->function[function];

	return same_id(&f->id, id) && (!subsystem || same_id(&f->subsystem, subsystem));
}

/* From the path's end upwards, as drivers/pci/pci.c pci_dev_str_match_path() does: each
 * step is a device and function on its own bus, the rest is the root port's address. */
static bool match_path(const struct eb_selector *s, const struct eb_pci *pci,
		       int function)
{
	int i;

	for (i = s->steps - 1; i >= 0; i--) {
		const struct eb_addr *addr = &pci->function[function].addr;
		bool any_function = s->step_whole && i == s->steps - 1;

		if (addr->device != s->step[i].device ||
		    (!any_function && addr->function != s->step[i].function))
			return false;
		function = pci->function[function].parent;
		if (function == EB_NO_FUNCTION)
			return false;
	}
	return eb_addr_compare(&pci->function[function].addr, &s->addr) == 0;
}

bool eb_match(const struct eb_selector *s, const struct eb_pci *pci,
	      const struct eb_machine *machine, bool allow_nongpu, unsigned int function)
{
	const struct eb_function *f = &pci->function[function];
	bool display = eb_pci_is_display(f) && !f->bridge;

	switch (s->kind) {
	case EB_SELECT_NONE:
		return false;
	case EB_SELECT_CARD:
		return eb_addr_same_slot(&f->addr, &s->addr);
	case EB_SELECT_FUNCTION:
		return eb_addr_compare(&f->addr, &s->addr) == 0;
	case EB_SELECT_PATH:
		return match_path(s, pci, (int)function);
	case EB_SELECT_ID:
		return (display || (allow_nongpu && !f->bridge &&
				    !eb_card_has_display(pci, function))) &&
		       eb_match_id(pci, function, &s->id,
				   s->has_subsystem ? &s->subsystem : NULL);
	case EB_SELECT_VENDOR:
		return display && f->id.vendor == s->id.vendor;
	case EB_SELECT_ALL:
		return display;
	case EB_SELECT_BOOT:
		return (int)function == machine->boot_display;
	case EB_SELECT_SECONDARY:
		return display && machine->boot_display != EB_NO_FUNCTION &&
		       !eb_card_same(pci, function, (unsigned int)machine->boot_display);
	}
	return false;
}

bool eb_match_whole_card(const struct eb_selector *s)
{
	switch (s->kind) {
	case EB_SELECT_PATH:
		return s->step_whole;
	case EB_SELECT_ID:
	case EB_SELECT_VENDOR:
	case EB_SELECT_ALL:
	case EB_SELECT_BOOT:
	case EB_SELECT_SECONDARY:
		return true;
	case EB_SELECT_NONE:
	case EB_SELECT_CARD:
	case EB_SELECT_FUNCTION:
		return false;
	}
	return false;
}
