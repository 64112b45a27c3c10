// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind list: the graphics cards, and the argument that claims each. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <earlybind/card.h>

#include "json-put.h"
#include "list.h"
#include "terminal.h"

static const struct eb_function *in_groups(const struct eb_groups *groups,
					   unsigned int at)
{
	return &groups->pci->function[groups->function[at]];
}

/* For qsort_r(), by group and then by address, as pci->function is. */
static int compare(const void *a, const void *b, void *ctx)
{
	const struct eb_pci *pci = ctx;
	int16_t left = *(const int16_t *)a, right = *(const int16_t *)b;
	int32_t of_left = pci->function[left].group,
		of_right = pci->function[right].group;

	return of_left != of_right ? (of_left > of_right) - (of_left < of_right)
				   : left - right;
}

static void sort_groups(struct eb_groups *groups, struct eb_pci *pci)
{
	unsigned int i;

	groups->pci = pci;
	for (i = 0; i < pci->count; i++)
		if (pci->function[i].group != EB_NO_GROUP && !pci->function[i].bridge)
			groups->function[groups->count++] = (int16_t)i;
	qsort_r(groups->function, groups->count, sizeof(groups->function[0]), compare,
		pci);
}

/* Where GROUP begins. */
static unsigned int find_group(const struct eb_groups *groups, int32_t group)
{
	unsigned int low = 0, high = groups->count;

	while (low < high) {
		unsigned int middle = (low + high) / 2;

		if (in_groups(groups, middle)->group < group)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool has_group(const struct eb_sharers *sharers, int32_t group)
{
	unsigned int i;

	for (i = 0; i < sharers->count; i++)
		if (sharers->range[i].group == group)
			return true;
	return false;
}

struct eb_sharers eb_list_sharers(const struct eb_groups *groups, unsigned int card)
{
	struct eb_sharers sharers = {.groups = groups, .card = card};
	const struct eb_pci *pci = groups->pci;
	int i;

	for (i = eb_part_first(pci, card, EB_PART_FUNCTION);
	     i != EB_NO_FUNCTION && sharers.count < EB_LIST_GROUPS;
	     i = eb_part_next(pci, i, EB_PART_FUNCTION)) {
		int32_t group = pci->function[i].group;

		if (group != EB_NO_GROUP && !has_group(&sharers, group))
			sharers.range[sharers.count++] = (struct eb_sharers_range){
				group, find_group(groups, group)};
	}
	return sharers;
}

/* The function that RANGE is at, or EB_NO_FUNCTION at its end. */
static int sharer_at(const struct eb_sharers *sharers, struct eb_sharers_range *range)
{
	const struct eb_groups *groups = sharers->groups;

	for (; range->at < groups->count; range->at++) {
		int function = groups->function[range->at];

		if (in_groups(groups, range->at)->group != range->group)
			break;
		if (eb_part_of(groups->pci, sharers->card, (unsigned int)function) !=
		    EB_PART_FUNCTION)
			return function;
	}
	return EB_NO_FUNCTION;
}

int eb_list_next_sharer(struct eb_sharers *sharers)
{
	struct eb_sharers_range *least = NULL;
	int next = EB_NO_FUNCTION;
	unsigned int i;

	for (i = 0; i < sharers->count; i++) {
		int function = sharer_at(sharers, &sharers->range[i]);

		if (function == EB_NO_FUNCTION ||
		    (next != EB_NO_FUNCTION && next < function))
			continue;
		next = function;
		least = &sharers->range[i];
	}
	if (least)
		least->at++;
	return next;
}

const char *eb_list_obstacle(const struct eb_survey *survey, unsigned int function)
{
	const struct eb_device *device = eb_plan_find(&survey->plan, (int)function);

	return device && device->result == EB_RESULT_REFUSED ? device->reason : NULL;
}

/* --- json: an array of cards, see earlybind(8) --- */

static void put_name(struct eb_json *json, const char *key, const char *name)
{
	eb_json_put_text(json, key, name[0] ? name : NULL);
}

static void put_id(struct eb_json *json, const char *key, const struct eb_id *id)
{
	char text[12];

	snprintf(text, sizeof(text), "%04x:%04x", id->vendor, id->device);
	eb_json_put_text(json, key, text);
}

static void put_function(const struct eb_cli *cli, struct eb_json *json,
			 unsigned int function)
{
	const struct eb_pci *pci = &cli->survey->pci;
	const struct eb_function *f = &pci->function[function];
	const struct eb_detail *detail = eb_pci_detail(pci, function);
	char address[EB_ADDR_TEXT], class[12], name[EB_NAME_TEXT];

	eb_json_open(json, '{');
	eb_json_put_text(json, "address", eb_addr_print(&f->addr, address));
	snprintf(class, sizeof(class), "0x%06x", f->class);
	eb_json_put_text(json, "class", class);
	eb_json_put_text(json, "kind", eb_names_kind(pci, function));
	put_id(json, "id", &f->id);
	if (detail)
		put_id(json, "subsystem", &f->subsystem);
	else
		eb_json_put_text(json, "subsystem", NULL);
	eb_names_device(&cli->names, &f->id, name);
	put_name(json, "name", name);
	eb_json_put_bool(json, "virtual", detail && detail->virtual_function);
	eb_json_put_bool(json, "left_to_host", eb_part_is_hosts(pci, function));
	eb_json_key(json, "iommu_group");
	if (f->group == EB_NO_GROUP)
		eb_json_null(json);
	else
		eb_json_number(json, (uint64_t)f->group);
	eb_json_put_text(json, "driver", eb_pci_driver(pci, f));
	eb_json_put_text(json, "obstacle", eb_list_obstacle(cli->survey, function));
	eb_json_close(json, '}');
}

static void put_functions(struct eb_json *json, const char *key, const struct eb_cli *cli,
			  unsigned int card, enum eb_part part)
{
	const struct eb_pci *pci = &cli->survey->pci;
	char address[EB_ADDR_TEXT];
	int i;

	eb_json_put_open(json, key, '[');
	for (i = eb_part_first(pci, card, part); i != EB_NO_FUNCTION;
	     i = eb_part_next(pci, i, part))
		if (part == EB_PART_PORT)
			eb_json_string(json,
				       eb_addr_print(&pci->function[i].addr, address));
		else
			put_function(cli, json, (unsigned int)i);
	eb_json_close(json, ']');
}

static void put_sharers(struct eb_json *json, const struct eb_cli *cli,
			struct eb_sharers sharers)
{
	int i;

	eb_json_put_open(json, "group_shared_with", '[');
	while ((i = eb_list_next_sharer(&sharers)) != EB_NO_FUNCTION)
		put_function(cli, json, (unsigned int)i);
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
	char argument[EB_ARGUMENT_TEXT];
	size_t i;

	eb_json_put_open(json, "arguments", '{');
	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		int err = eb_part_argument(pci, card, forms[i].form, argument);

		eb_json_put_text(json, forms[i].key, err < 0 ? NULL : argument);
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

static void put_card(const struct eb_cli *cli, struct eb_json *json,
		     const struct eb_groups *groups, unsigned int card)
{
	const struct eb_pci *pci = &cli->survey->pci;
	const struct eb_machine *machine = &cli->survey->machine;
	unsigned int display = (unsigned int)eb_card_display(pci, card);
	bool boot = machine->boot_display != EB_NO_FUNCTION &&
		    eb_card_same(pci, (unsigned int)machine->boot_display, card);
	char text[EB_NAME_TEXT], chip[EB_NAME_TEXT], address[EB_ADDR_TEXT];

	eb_json_open(json, '{');
	eb_json_put_text(json, "address",
			 eb_addr_print(&pci->function[display].addr, address));
	eb_names_vendor(&cli->names, pci->function[display].id.vendor, text);
	put_name(json, "vendor", text);
	eb_names_card(&cli->names, &pci->function[display].id, text, chip);
	put_name(json, "name", text);
	eb_json_put_bool(json, "boot_display", boot);
	eb_json_put_text(json, "boot_display_by",
			 boot ? boot_by_name(machine->boot_by) : NULL);
	eb_json_put_bool(json, "claimed", eb_part_claim(pci, card) == EB_CLAIM_WHOLE);
	put_functions(json, "functions", cli, card, EB_PART_FUNCTION);
	put_functions(json, "virtual_functions", cli, card, EB_PART_VIRTUAL);
	put_functions(json, "bridges", cli, card, EB_PART_PORT);
	put_sharers(json, cli, eb_list_sharers(groups, card));
	put_arguments(pci, json, card);
	eb_json_close(json, '}');
}

static int print_json(const struct eb_cli *cli, const struct eb_groups *groups)
{
	const struct eb_pci *pci = &cli->survey->pci;
	struct eb_json json = eb_json_on(STDOUT_FILENO);
	unsigned int i;

	eb_json_open(&json, '[');
	for (i = 0; i < pci->count; i++)
		if (eb_part_is_card(pci, i))
			put_card(cli, &json, groups, i);
	eb_json_close(&json, ']');
	return eb_json_end(&json);
}

/* --- addresses: a line for each slot of a card, for scripts --- */

static void print_slots(const struct eb_pci *pci, struct eb_term *term, unsigned int card)
{
	const struct eb_id *id = &pci->function[eb_part_named(pci, card)].id;
	bool claimed = eb_part_claim(pci, card) != EB_CLAIM_NONE;
	const struct eb_addr *last = NULL;
	char slot[EB_ADDR_TEXT];
	int i;

	for (i = eb_part_first(pci, card, EB_PART_FUNCTION); i != EB_NO_FUNCTION;
	     i = eb_part_next(pci, i, EB_PART_FUNCTION)) {
		const struct eb_addr *addr = &pci->function[i].addr;

		if (!last || !eb_addr_same_slot(last, addr))
			eb_term_print(term, "%s %04x:%04x %s\n", eb_part_slot(addr, slot),
				      id->vendor, id->device,
				      claimed ? "claimed" : "free");
		last = addr;
	}
}

static int print_addresses(const struct eb_cli *cli, const struct eb_groups *groups)
{
	struct eb_term term = eb_term_on(stdout);
	unsigned int i;

	for (i = 0; i < groups->pci->count; i++)
		if (eb_part_is_card(groups->pci, i))
			print_slots(groups->pci, &term, i);
	(void)cli;
	return eb_term_end(&term);
}

/* --- the command --- */

static bool has_card(const struct eb_pci *pci)
{
	unsigned int i;

	for (i = 0; i < pci->count; i++)
		if (eb_part_is_card(pci, i))
			return true;
	return false;
}

static const char *const formats[] = {"text", "json", "addresses"};
static int (*const printers[])(const struct eb_cli *cli,
			       const struct eb_groups *groups) = {
	eb_list_text,
	print_json,
	print_addresses,
};

static int run(struct eb_cli *cli)
{
	int format = eb_cli_find_format(cli, "list", formats,
					sizeof(formats) / sizeof(formats[0]));
	struct eb_survey *survey = cli->survey;
	struct eb_groups *groups;
	int err;

	if (format < 0)
		return EB_EXIT_USAGE;
	if (cli->argc > 0) {
		eb_cli_error("list takes no argument; to see what '%s' would do, run "
			     "earlybind plan '%s'",
			     cli->argv[0], cli->argv[0]);
		return EB_EXIT_USAGE;
	}
	if (eb_cli_check_machine(cli))
		return EB_EXIT_USAGE;
	/* What cannot be claimed, and why: a plan for all cards. */
	eb_cli_request_text(cli, "vfio.gpus=all");
	eb_survey_machine(survey, cli->root);
	groups = calloc(1, sizeof(*groups));
	if (!groups)
		return eb_cli_end(-ENOMEM, EB_EXIT_USAGE);
	sort_groups(groups, &survey->pci);
	err = printers[format](cli, groups);
	free(groups);
	return eb_cli_end(err, survey->machine.iommu && has_card(&survey->pci) &&
					       survey->pci.left_out == 0
				       ? EB_EXIT_WELL
				       : EB_EXIT_LOOK);
}

const struct eb_command eb_command_list = {
	.name = "list",
	.args = "",
	.options = "[--json] [--format NAME]",
	.summary = "the graphics cards here, and the argument that claims each",
	.help = "Shows each graphics card with its functions, their drivers and IOMMU groups,\n"
		"what shares a group with it, whether the console is on it, and the arguments\n"
		"for the kernel command line that claim it.\n"
		"\n"
		"--format is text, json (as --json) or addresses: a line for each slot of a card,\n"
		"for scripts, see earlybind(8).\n"
		"\n"
		"Exit status: 0, or 1 when there is no card, no IOMMU, or more than could be\n"
		"read; 2 when the machine cannot be read.\n",
	.run = run,
};
