// SPDX-License-Identifier: GPL-2.0-or-later
/* What earlybind export exports: the addresses that are asked for, and the functions as
 * devices of a guest. */
#include <string.h>

#include <earlybind/card.h>

#include "export.h"
#include "cards/part.h"

static int wrong_address(const char *text)
{
	static const char name[] = "vfio.gpus=";

	if (strncmp(text, name, sizeof(name) - 1) == 0)
		eb_cli_error("export takes the address alone: %s",
			     text + sizeof(name) - 1);
	else
		eb_cli_error("'%s' is not an address; write 05:00 for a card or 05:00.0 "
			     "for a single function",
			     text);
	return EB_EXIT_USAGE;
}

/* Read TEXT as an address and nothing more. */
static bool read_address(const char *text, struct eb_selector *selector)
{
	const char *reason;
	size_t offset;

	return eb_selector_parse((struct eb_slice){text, strlen(text)}, selector, &offset,
				 &reason) == 0 &&
	       !selector->exclude && !selector->has_guard &&
	       (selector->kind == EB_SELECT_CARD || selector->kind == EB_SELECT_FUNCTION);
}

static bool names(const struct eb_selector *selector, const struct eb_addr *addr)
{
	return selector->kind == EB_SELECT_CARD
		       ? eb_addr_same_slot(addr, &selector->addr)
		       : eb_addr_compare(addr, &selector->addr) == 0;
}

bool eb_export_wants(const struct eb_export *export, const struct eb_compared *device)
{
	struct eb_selector selector;
	int i;

	if (device->function != EB_NO_FUNCTION)
		return export->wanted[device->function];
	for (i = 0; i < export->cli->argc; i++)
		if (read_address(export->cli->argv[i], &selector) &&
		    names(&selector, &device->boot->addr))
			return true;
	return export->cli->argc == 0;
}

/* Why nothing at FUNCTION, which the user named in TEXT, can be exported. */
static void say_not_claimed(const struct eb_export *export, const char *text,
			    unsigned int function)
{
	const struct eb_pci *pci = export->pci;
	const struct eb_function *f = &pci->function[function];
	const char *driver = eb_pci_driver(pci, f);
	char name[EB_NAME_TEXT], chip[EB_NAME_TEXT], argument[EB_ARGUMENT_TEXT];
	bool known = eb_part_argument(pci, (unsigned int)f->card, EB_FORM_PLAIN,
				      argument) == 0;

	eb_names_card(&export->cli->names, &f->id, name, chip);
	if (!eb_card_has_display(pci, function))
		eb_cli_error("%s is not a graphics card but %s (%04x:%04x, %s), and was "
			     "not claimed",
			     text, name, f->id.vendor, f->id.device,
			     eb_names_kind(pci, function));
	else if (eb_part_on_vfio(pci, function))
		eb_cli_error("%s (%s) was not claimed by earlybind: something else bound "
			     "it to vfio-pci, and may unbind it again",
			     text, name);
	else
		eb_cli_error("%s (%s, %04x:%04x) is not claimed but bound to %s%s%s%s",
			     text, name, f->id.vendor, f->id.device,
			     driver ? driver : "no driver",
			     known ? "; earlybind enable " : "",
			     known ? strchr(argument, '=') + 1 : "",
			     known ? " and a reboot claim it" : "");
}

/* Want what SELECTOR names: a function, or all of a card. The first that it names, or
 * EB_NO_FUNCTION. */
static int mark(struct eb_export *export, const struct eb_selector *selector)
{
	const struct eb_pci *pci = export->pci;
	int first = EB_NO_FUNCTION;
	unsigned int i, j;

	for (i = 0; i < pci->count; i++) {
		if (!names(selector, &pci->function[i].addr))
			continue;
		if (first == EB_NO_FUNCTION)
			first = (int)i;
		for (j = 0; j < pci->count; j++)
			export->wanted[j] |= j == i ||
					     (selector->kind == EB_SELECT_CARD &&
					      eb_card_same(pci, i, j));
	}
	return first;
}

static int want(struct eb_export *export, const char *text)
{
	const struct eb_comparison *now = &export->now;
	struct eb_selector selector;
	unsigned int i;
	int first;

	if (!read_address(text, &selector))
		return wrong_address(text);
	first = mark(export, &selector);
	/* What has become of one that was asked for at boot is said elsewhere. */
	for (i = 0; i < now->count; i++)
		if (now->device[i].function == EB_NO_FUNCTION
			    ? names(&selector, &now->device[i].boot->addr)
			    : first != EB_NO_FUNCTION &&
				      (selector.kind == EB_SELECT_CARD
					       ? eb_card_same(export->pci,
							      (unsigned int)first,
							      (unsigned int)now->device[i]
								      .function)
					       : now->device[i].function == first))
			return 0;
	if (first != EB_NO_FUNCTION) {
		say_not_claimed(export, text, (unsigned int)first);
		return EB_EXIT_LOOK;
	}
	eb_cli_error("there is nothing at %s; earlybind list shows the cards", text);
	return EB_EXIT_USAGE;
}

int eb_export_want(struct eb_export *export)
{
	int i, code, worst = 0;

	if (export->cli->argc == 0)
		memset(export->wanted, true, sizeof(export->wanted));
	for (i = 0; i < export->cli->argc; i++) {
		code = want(export, export->cli->argv[i]);
		worst = code > worst ? code : worst;
	}
	return worst;
}

bool eb_export_has(const struct eb_export *export, unsigned int function)
{
	unsigned int i, j;

	for (i = 0; i < export->devices; i++)
		for (j = 0; j < export->device[i].count; j++)
			if (export->device[i].function[j].function == function)
				return true;
	return false;
}

/* The device that FUNCTION belongs to: that of its slot, or a new one. */
static struct eb_export_device *device_of(struct eb_export *export, unsigned int function)
{
	const struct eb_pci *pci = export->pci;
	struct eb_export_device *device;
	unsigned int i, card = (unsigned int)pci->function[function].card;
	bool first = true;

	for (i = 0; i < export->devices; i++) {
		unsigned int other = export->device[i].function[0].function;

		device = &export->device[i];
		first &= device->card != card;
		if (device->count < 8 && !eb_part_is_virtual(pci, function) &&
		    !eb_part_is_virtual(pci, other) &&
		    eb_addr_same_slot(&pci->function[other].addr,
				      &pci->function[function].addr))
			return device;
	}
	device = &export->device[export->devices++];
	device->card = card;
	device->first = first;
	return device;
}

/* The number of each function in the guest: the host's, but that a device must have a
 * function 0 (PCI Local Bus Specification 3.0, 3.2.2.3.4). And is it the whole slot? */
static void finish(struct eb_export *export, struct eb_export_device *device)
{
	const struct eb_pci *pci = export->pci;
	const struct eb_addr *addr = &pci->function[device->function[0].function].addr;
	unsigned int i, in_slot = 0;

	for (i = 0; i < device->count; i++)
		device->function[i].guest =
			i == 0 ? 0
			       : pci->function[device->function[i].function]
					 .addr.function;
	for (i = 0; i < pci->count; i++)
		in_slot += eb_addr_same_slot(&pci->function[i].addr, addr);
	device->whole = in_slot == device->count;
}

void eb_export_choose(struct eb_export *export)
{
	unsigned int i;

	/* In the order of addresses, as the plan was, which the report follows; so a
	 * slot's lowest function comes first. */
	for (i = 0; i < export->pci->count; i++) {
		const struct eb_comparison *now = &export->now;
		struct eb_export_device *device;
		unsigned int j;

		for (j = 0; j < now->count; j++)
			if (now->device[j].function == (int)i &&
			    eb_compare_on_vfio(now->device[j].state))
				break;
		if (j == now->count || !export->wanted[i])
			continue;
		device = device_of(export, i);
		device->function[device->count++].function = i;
	}
	for (i = 0; i < export->devices; i++)
		finish(export, &export->device[i]);
}
