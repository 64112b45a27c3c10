// SPDX-License-Identifier: GPL-2.0-or-later
/* Machines as tables of PCI functions, and a command line carried through to the plan. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <earlybind/card.h>

#include "machine-builder.h"

/* "05:00.0" or "10000:e1:00.0". */
static struct eb_addr address(const char *text)
{
	char full[32];
	struct eb_addr addr;

	snprintf(full, sizeof(full), "%s%s", strlen(text) == 7 ? "0000:" : "", text);
	if (eb_addr_parse(full, strlen(full), &addr) < 0) {
		fprintf(stderr, "machine-builder: '%s' is no address\n", text);
		abort();
	}
	return addr;
}

static uint8_t driver_index(struct eb_pci *pci, const char *name)
{
	unsigned int i;

	if (!name)
		return EB_NO_DRIVER;
	for (i = 1; i < pci->drivers; i++)
		if (strcmp(pci->driver[i], name) == 0)
			return (uint8_t)i;
	snprintf(pci->driver[i], EB_DRIVER_NAME, "%s", name);
	pci->drivers++;
	return (uint8_t)i;
}

static void add_function(struct eb_pci *pci, const struct part *part)
{
	struct eb_function *f = &pci->function[pci->count];

	*f = (struct eb_function){.addr = address(part->at),
				  .id = {part->vendor, part->device},
				  .subsystem = {part->subvendor, part->subdevice},
				  .class = part->class,
				  .group = part->group ? part->group : EB_NO_GROUP,
				  .parent = EB_NO_FUNCTION,
				  .detail = -1,
				  .card = EB_NO_FUNCTION,
				  .display = EB_NO_FUNCTION,
				  .driver = driver_index(pci, part->driver),
				  .port = part->class == PORT || part->port,
				  .bridge = part->class >> 16 == 0x06 || part->port};
	if (pci->count > 0 && eb_addr_compare(&f[-1].addr, &f->addr) >= 0) {
		fprintf(stderr, "machine-builder: %s is out of order\n", part->at);
		abort();
	}
	if (part->above) {
		f->above = address(part->above);
		f->has_above = true;
	}
	pci->count++;
}

void build_pci(struct eb_pci *pci, const struct part *parts)
{
	unsigned int i;

	pci->count = pci->left_out = pci->details = pci->details_left_out = 0;
	pci->drivers = 1;
	for (i = 0; i < EB_MAX_FUNCTIONS && parts[i].at; i++)
		add_function(pci, &parts[i]);
	for (; parts[i].at; i++)
		pci->left_out++;
	for (i = 0; i < pci->count; i++)
		if (pci->function[i].has_above)
			pci->function[i].parent = (int16_t)eb_pci_find(
				pci, &pci->function[i].above);
	eb_card_group(pci);
}

static void add_detail(struct eb_pci *pci, unsigned int index, const struct part *part)
{
	struct eb_detail *detail = &pci->detail[pci->details];

	*detail = (struct eb_detail){.function = (int16_t)index,
				     .boot_vga = part->boot_vga,
				     .virtual_function = part->virtual_function,
				     .framebuffer = part->framebuffer,
				     .reset = !part->no_reset,
				     .vfs = part->vfs};
	snprintf(detail->override, sizeof(detail->override), "%s",
		 part->override ? part->override : "");
	if (part->bar.end)
		detail->bar[0] = (struct eb_bar){part->bar, EB_RESOURCE_MEM};
	pci->function[index].detail = (int16_t)pci->details++;
}

void build_details(struct eb_pci *pci, const struct part *parts,
		   const struct eb_request *request)
{
	unsigned int i;

	for (i = 0; i < pci->count; i++) {
		if (pci->function[i].bridge || !eb_choose_wants(request, pci, i))
			continue;
		if (pci->details == EB_MAX_DETAILS)
			pci->details_left_out++;
		else
			add_detail(pci, i, &parts[i]);
	}
}

static void place_parts(struct eb_survey *survey, const struct part *parts)
{
	build_pci(&survey->pci, parts);
	build_details(&survey->pci, parts, &survey->request);
	survey->machine.boot_display = EB_NO_FUNCTION;
	survey->machine.boot_by = EB_BOOT_UNKNOWN;
}

void build_choice(struct eb_survey *survey, const struct part *parts, const char *cmdline)
{
	eb_survey_request_text(survey, cmdline);
	place_parts(survey, parts);
	eb_survey_choose(survey);
}

void build_plan_again(struct eb_survey *survey, const struct part *parts)
{
	place_parts(survey, parts);
	eb_survey_choose(survey);
	eb_survey_plan(survey);
}

void build_plan(struct eb_survey *survey, const struct part *parts, const char *cmdline)
{
	eb_survey_request_text(survey, cmdline);
	build_plan_again(survey, parts);
}

/* The address without its domain where that is 0000. */
static void add_address(struct eb_text *text, const struct eb_survey *survey,
			int function)
{
	const struct eb_addr *addr = &survey->pci.function[function].addr;
	char name[EB_ADDR_TEXT];

	eb_addr_print(addr, name);
	eb_text_add(text, "%s%s", text->len ? " " : "",
		    addr->domain ? name : name + strlen("0000:"));
}

const char *chosen_text(const struct eb_survey *survey)
{
	static char buf[4096];
	struct eb_text text = eb_text_on(buf, sizeof(buf));
	unsigned int i;

	for (i = 0; i < survey->pci.count; i++)
		if (survey->choice.by[i] != EB_NOT_CHOSEN)
			add_address(&text, survey, (int)i);
	return buf;
}

const char *planned_text(const struct eb_survey *survey)
{
	static char buf[4096];
	struct eb_text text = eb_text_on(buf, sizeof(buf));
	unsigned int i;

	for (i = 0; i < survey->plan.count; i++)
		if (survey->plan.device[i].result == EB_RESULT_PLANNED)
			add_address(&text, survey, survey->plan.device[i].function);
	return buf;
}

const char *results_text(const struct eb_survey *survey)
{
	static char buf[4096];
	struct eb_text text = eb_text_on(buf, sizeof(buf));
	unsigned int i;

	for (i = 0; i < survey->plan.count; i++) {
		const struct eb_device *device = &survey->plan.device[i];

		add_address(&text, survey, device->function);
		eb_text_add(&text, " %s%s", eb_plan_result_name(device->result),
			    i + 1 < survey->plan.count ? "," : "");
	}
	return buf;
}

const char *codes_text(const struct eb_survey *survey)
{
	static char buf[4096];
	struct eb_text text = eb_text_on(buf, sizeof(buf));
	unsigned int i;

	for (i = 0; i < survey->findings.count; i++)
		eb_text_add(&text, "%s%s", i ? " " : "",
			    eb_finding_name(survey->findings.list[i].code));
	return buf;
}

const struct eb_finding *find_code(const struct eb_survey *survey, enum eb_code code)
{
	unsigned int i;

	for (i = 0; i < survey->findings.count; i++)
		if (survey->findings.list[i].code == code)
			return &survey->findings.list[i];
	return NULL;
}
