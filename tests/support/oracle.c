// SPDX-License-Identifier: GPL-2.0-or-later
/* What should be claimed, worked out in another way than the agent does. */
#include <string.h>

#include "oracle.h"

static bool is_display(const struct eb_pci *pci, unsigned int function)
{
	const struct eb_function *f = &pci->function[function];

	return f->class >= 0x030000 && f->class <= 0x03ffff && !f->bridge;
}

/* Has a function of FUNCTION's card a display controller, and one of id ID (if any)? */
static bool card_shows(const struct eb_pci *pci, unsigned int function,
		       const struct eb_id *id)
{
	unsigned int i;

	for (i = 0; i < pci->count; i++)
		if (pci->function[i].card == pci->function[function].card &&
		    is_display(pci, i) &&
		    (!id || memcmp(&pci->function[i].id, id, sizeof(*id)) == 0))
			return true;
	return false;
}

/* Is PATH, as a selector prints it, one of the paths to FUNCTION? */
static bool path_leads_to(const char *path, bool whole, const struct eb_pci *pci,
			  int function)
{
	char tail[EB_SELECTOR_TEXT] = "", longer[EB_SELECTOR_TEXT], addr[EB_ADDR_TEXT];
	const struct eb_function *f;
	struct eb_text text;
	int steps;

	for (steps = 0; steps <= EB_MAX_STEPS && function != EB_NO_FUNCTION; steps++) {
		f = &pci->function[function];
		text = eb_text_on(longer, sizeof(longer));
		eb_text_add(&text, "%s%s", eb_addr_print(&f->addr, addr), tail);
		if (steps > 0 && strcmp(longer, path) == 0)
			return true;
		text = eb_text_on(longer, sizeof(longer));
		eb_text_add(&text, "/%02x", f->addr.device);
		if (steps > 0 || !whole)
			eb_text_add(&text, ".%x", f->addr.function);
		eb_text_add(&text, "%s", tail);
		memcpy(tail, longer, sizeof(tail));
		function = f->parent;
	}
	return false;
}

/* Does the item name FUNCTION itself? */
static bool names(const struct eb_survey *survey, const struct eb_selector *s,
		  unsigned int function)
{
	const struct eb_function *f = &survey->pci.function[function];
	int boot = survey->machine.boot_display;
	struct eb_selector path = *s;
	char text[EB_SELECTOR_TEXT];
	struct eb_addr slot = f->addr;

	slot.function = 0;
	switch (s->kind) {
	case EB_SELECT_NONE:
		return false;
	case EB_SELECT_CARD:
		return eb_addr_compare(&slot, &s->addr) == 0;
	case EB_SELECT_FUNCTION:
		return eb_addr_compare(&f->addr, &s->addr) == 0;
	case EB_SELECT_PATH:
		path.exclude = path.has_guard = false;
		return path_leads_to(eb_selector_print(&path, text), s->step_whole,
				     &survey->pci, (int)function);
	case EB_SELECT_ID:
		if (memcmp(&f->id, &s->id, sizeof(f->id)) != 0 ||
		    (s->has_subsystem &&
		     memcmp(&f->subsystem, &s->subsystem, sizeof(s->subsystem)) != 0))
			return false;
		return is_display(&survey->pci, function) ||
		       (survey->request.options.allow_nongpu && !f->bridge &&
			!card_shows(&survey->pci, function, NULL));
	case EB_SELECT_VENDOR:
		return is_display(&survey->pci, function) && f->id.vendor == s->id.vendor;
	case EB_SELECT_ALL:
		return is_display(&survey->pci, function);
	case EB_SELECT_BOOT:
		return (int)function == boot;
	case EB_SELECT_SECONDARY:
		return is_display(&survey->pci, function) && boot >= 0 &&
		       f->card != survey->pci.function[boot].card;
	}
	return false;
}

/* Virtual functions go by their own address, or by that of a slot of them. */
static bool means_virtual(const struct eb_pci *pci, const struct eb_selector *s,
			  unsigned int function)
{
	const struct eb_detail *detail = eb_pci_detail(pci, function);

	if (!detail || !detail->virtual_function || s->kind == EB_SELECT_FUNCTION ||
	    (s->kind == EB_SELECT_PATH && !s->step_whole))
		return true;
	detail = eb_pci_detail(pci, (unsigned int)pci->function[function].card);
	return s->kind == EB_SELECT_CARD && detail && detail->virtual_function;
}

static void ask_item(struct oracle *oracle, const struct eb_selector *s, bool *touches)
{
	static bool card[EB_MAX_FUNCTIONS];
	const struct eb_pci *pci = &oracle->survey->pci;
	bool whole = s->kind != EB_SELECT_CARD && s->kind != EB_SELECT_FUNCTION &&
		     (s->kind != EB_SELECT_PATH || s->step_whole);
	unsigned int i;

	memset(card, 0, sizeof(card));
	for (i = 0; i < pci->count; i++) {
		touches[i] = names(oracle->survey, s, i);
		card[pci->function[i].card] |= touches[i];
	}
	for (i = 0; i < pci->count; i++) {
		if (whole)
			touches[i] = card[pci->function[i].card];
		if (!touches[i])
			continue;
		touches[i] = !pci->function[i].bridge && means_virtual(pci, s, i) &&
			     (s->exclude || !s->has_guard ||
			      card_shows(pci, i, &s->guard));
	}
}

void oracle_ask(struct oracle *oracle, const struct eb_survey *survey)
{
	unsigned int i;

	oracle->survey = survey;
	for (i = 0; i < survey->request.selectors; i++)
		ask_item(oracle, &survey->request.selector[i], oracle->touches[i]);
}

static bool drops_all(const struct eb_survey *survey, const struct eb_selector *s)
{
	return s->kind == EB_SELECT_NONE ||
	       ((s->kind == EB_SELECT_BOOT || s->kind == EB_SELECT_SECONDARY) &&
		s->exclude && survey->machine.boot_display == EB_NO_FUNCTION);
}

static bool chooses(const struct oracle *oracle, unsigned int function)
{
	const struct eb_request *request = &oracle->survey->request;
	unsigned int i;

	for (i = request->selectors; i > 0; i--) {
		if (drops_all(oracle->survey, &request->selector[i - 1]))
			return false;
		if (oracle->touches[i - 1][function])
			return !request->selector[i - 1].exclude;
	}
	return false;
}

bool oracle_plans(const struct oracle *oracle, unsigned int function)
{
	const struct eb_survey *survey = oracle->survey;
	const struct eb_function *f = &survey->pci.function[function];
	const struct eb_detail *detail = eb_pci_detail(&survey->pci, function);
	const char *driver = eb_pci_driver(&survey->pci, f);

	return detail && f->group != EB_NO_GROUP && detail->vfs == 0 && !f->bridge &&
	       (!detail->override[0] || strcmp(detail->override, "vfio-pci") == 0) &&
	       (!driver || strcmp(driver, "vfio-pci") != 0) &&
	       (survey->request.options.allow_nongpu ||
		card_shows(&survey->pci, function, NULL)) &&
	       !survey->request.too_long && chooses(oracle, function);
}

bool oracle_unrelated(const struct oracle *oracle, unsigned int i, unsigned int j)
{
	const struct eb_survey *survey = oracle->survey;
	unsigned int function;

	if (drops_all(survey, &survey->request.selector[i]) ||
	    drops_all(survey, &survey->request.selector[j]))
		return false;
	for (function = 0; function < survey->pci.count; function++)
		if (oracle->touches[i][function] && oracle->touches[j][function])
			return false;
	return true;
}
