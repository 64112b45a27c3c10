// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind list --json: an array of cards. earlybind(8) has its format. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <earlybind/card.h>
#include <earlybind/json.h>

#include "form.h"
#include "list.h"

static void put_text(struct eb_json *json, const char *key, const char *text)
{
	eb_json_key(json, key);
	eb_json_string(json, text && text[0] ? text : NULL);
}

static void put_id(struct eb_json *json, const char *key, const struct eb_id *id)
{
	char text[12] = "";

	if (id)
		snprintf(text, sizeof(text), "%04x:%04x", id->vendor, id->device);
	put_text(json, key, text);
}

static void put_bool(struct eb_json *json, const char *key, bool value)
{
	eb_json_key(json, key);
	eb_json_bool(json, value);
}

static void put_function(const struct eb_cli *cli, struct eb_json *json,
			 unsigned int function)
{
	const struct eb_pci *pci = &cli->survey->pci;
	const struct eb_function *f = &pci->function[function];
	const struct eb_detail *detail = eb_pci_detail(pci, function);
	char address[EB_ADDR_TEXT], class[12], name[EB_NAME_TEXT];

	eb_json_open(json, '{');
	put_text(json, "address", eb_addr_print(&f->addr, address));
	snprintf(class, sizeof(class), "0x%06x", f->class);
	put_text(json, "class", class);
	put_text(json, "kind", eb_names_kind(pci, function));
	put_id(json, "id", &f->id);
	put_id(json, "subsystem", detail ? &detail->subsystem : NULL);
	eb_names_device(&cli->names, &f->id, name);
	put_text(json, "name", name);
	put_bool(json, "virtual", detail && detail->virtual_function);
	eb_json_key(json, "iommu_group");
	if (f->group == EB_NO_GROUP)
		eb_json_null(json);
	else
		eb_json_number(json, (uint64_t)f->group);
	put_text(json, "driver", eb_pci_driver(pci, f));
	put_text(json, "obstacle", eb_list_obstacle(cli->survey, function));
	eb_json_close(json, '}');
}

/* The functions that are PART of the card; or with NONE those that share its group. */
static void put_functions(struct eb_json *json, const char *key, const struct eb_cli *cli,
			  unsigned int card, enum eb_part part)
{
	const struct eb_pci *pci = &cli->survey->pci;
	const struct eb_groups groups = eb_list_groups(pci, card);
	unsigned int i;

	eb_json_key(json, key);
	eb_json_open(json, '[');
	for (i = 0; i < pci->count; i++)
		if (part == EB_PART_NONE ? eb_list_shares(pci, &groups, i)
					 : eb_part_of(pci, card, i) == part)
			put_function(cli, json, i);
	eb_json_close(json, ']');
}

static void put_bridges(const struct eb_pci *pci, struct eb_json *json, unsigned int card)
{
	char address[EB_ADDR_TEXT];
	unsigned int i;

	eb_json_key(json, "bridges");
	eb_json_open(json, '[');
	for (i = card; i < pci->count; i++)
		if (eb_part_of(pci, card, i) == EB_PART_PORT)
			eb_json_string(json,
				       eb_addr_print(&pci->function[i].addr, address));
	eb_json_close(json, ']');
}

static void put_arguments(const struct eb_pci *pci, struct eb_json *json,
			  unsigned int card)
{
	static const struct {
		enum eb_form form;
		const char *key;
	} forms[] = {
		{EB_FORM_PLAIN, "plain"},
		{EB_FORM_GUARDED, "guarded"},
		{EB_FORM_PATH, "path"},
	};
	char argument[EB_FORM_TEXT];
	size_t i;

	eb_json_key(json, "arguments");
	eb_json_open(json, '{');
	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		int err = eb_form_argument(pci, card, forms[i].form, argument);

		put_text(json, forms[i].key, err < 0 ? NULL : argument);
	}
	eb_json_close(json, '}');
}

static const char *boot_by_name(enum eb_boot_by by)
{
	switch (by) {
	case EB_BOOT_UNKNOWN:
		return NULL;
	case EB_BOOT_PLATFORM:
		return "platform";
	case EB_BOOT_SCREEN_INFO:
		return "screen_info";
	case EB_BOOT_VGA:
		return "boot_vga";
	}
	return NULL;
}

static void put_card(const struct eb_cli *cli, struct eb_json *json, unsigned int card)
{
	const struct eb_pci *pci = &cli->survey->pci;
	const struct eb_machine *machine = &cli->survey->machine;
	unsigned int display = (unsigned int)eb_card_display(pci, card);
	bool boot = machine->boot_display != EB_NO_FUNCTION &&
		    eb_card_same(pci, (unsigned int)machine->boot_display, card);
	char text[EB_NAME_TEXT], chip[EB_NAME_TEXT], address[EB_ADDR_TEXT];

	eb_json_open(json, '{');
	put_text(json, "address", eb_addr_print(&pci->function[display].addr, address));
	eb_names_vendor(&cli->names, pci->function[display].id.vendor, text);
	put_text(json, "vendor", text);
	eb_names_card(&cli->names, &pci->function[display].id, text, chip);
	put_text(json, "name", text);
	put_bool(json, "boot_display", boot);
	put_text(json, "boot_display_by", boot ? boot_by_name(machine->boot_by) : NULL);
	put_bool(json, "claimed", eb_part_claim(pci, card) == EB_CLAIM_WHOLE);
	put_functions(json, "functions", cli, card, EB_PART_FUNCTION);
	put_functions(json, "virtual_functions", cli, card, EB_PART_VIRTUAL);
	put_bridges(pci, json, card);
	put_functions(json, "group_shared_with", cli, card, EB_PART_NONE);
	put_arguments(pci, json, card);
	eb_json_close(json, '}');
}

int eb_list_json(const struct eb_cli *cli)
{
	const struct eb_pci *pci = &cli->survey->pci;
	struct eb_json json = eb_json_on(STDOUT_FILENO);
	unsigned int i;

	eb_json_open(&json, '[');
	for (i = 0; i < pci->count; i++)
		if (eb_part_is_card(pci, i))
			put_card(cli, &json, i);
	eb_json_close(&json, ']');
	return eb_json_end(&json);
}
