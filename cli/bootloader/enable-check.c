// SPDX-License-Identifier: GPL-2.0-or-later
/* enable: what is asked for, by the same parser and plan as at boot. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <earlybind/card.h>

#include "enable.h"
#include "findings.h"
#include "cards/part.h"

/* Findings that tell of the text, whatever the machine. */
static bool is_bad_text(enum eb_code code)
{
	return code == EB_FIND_BAD_ITEM || code == EB_FIND_EMPTY_ARGUMENT ||
	       code == EB_FIND_UNKNOWN_OPTION || code == EB_FIND_BAD_VALUE ||
	       code == EB_FIND_TOO_LONG;
}

static bool has_bad_text(const struct eb_findings *findings)
{
	unsigned int i;

	for (i = 0; i < findings->count; i++)
		if (is_bad_text(findings->list[i].code))
			return true;
	return false;
}

static unsigned int count_taken(const struct eb_survey *survey)
{
	unsigned int i, taken = 0;

	for (i = 0; i < survey->plan.count; i++)
		taken += eb_plan_takes(&survey->plan, survey->plan.device[i].function);
	return taken;
}

/* The plan of a boot with the IOMMU on: each function in a group of its own, as the true
 * ones are not known before. */
static void plan_with_iommu(struct eb_enable *enable)
{
	struct eb_survey *survey = enable->cli->survey;
	unsigned int i;

	for (i = 0; i < survey->pci.count; i++)
		survey->pci.function[i].group = (int32_t)i;
	survey->machine.iommu = true;
	eb_cli_request_text(enable->cli, enable->asked);
	eb_survey_choose(survey);
	eb_survey_plan(survey);
}

static void look(struct eb_enable *enable)
{
	struct eb_cli *cli = enable->cli;
	struct eb_survey *survey = cli->survey;

	/* What the running kernel was told, before it is mixed with what is asked. */
	enable->boot_iommu = eb_survey_request(survey, cli->root) == 0 &&
			     survey->request.intel_iommu_on;
	eb_cli_request_text(cli, enable->asked);
	eb_survey_look(survey, cli->root);
	enable->iommu_off = !survey->machine.iommu;
	if (enable->iommu_off)
		plan_with_iommu(enable);
	eb_survey_before(survey, cli->root);
	eb_survey_foretell(survey);
}

/* Functions of CARD that would be claimed. */
static unsigned int count_of_card(const struct eb_survey *survey, int card)
{
	unsigned int i, count = 0;

	for (i = 0; i < survey->plan.count; i++) {
		int function = survey->plan.device[i].function;

		count += survey->pci.function[function].card == card &&
			 eb_plan_takes(&survey->plan, function);
	}
	return count;
}

static void show_card(struct eb_enable *enable, int card)
{
	const struct eb_pci *pci = &enable->cli->survey->pci;
	unsigned int count = count_of_card(enable->cli->survey, card);
	int display = eb_card_display(pci, (unsigned int)card);
	const struct eb_function *f =
		&pci->function[display == EB_NO_FUNCTION ? card : display];
	char slot[EB_ADDR_TEXT], name[EB_NAME_TEXT], chip[EB_NAME_TEXT];

	eb_names_card(&enable->cli->names, &f->id, name, chip);
	eb_term_styled(&enable->term, EB_STYLE_HEAD, "  %s",
		       eb_part_slot(&f->addr, slot));
	eb_term_print(&enable->term, "  %s%s%s%s, %u function%s\n", name,
		      chip[0] ? " (" : "", chip, chip[0] ? ")" : "", count,
		      count == 1 ? "" : "s");
}

static void show_cards(struct eb_enable *enable)
{
	const struct eb_survey *survey = enable->cli->survey;
	unsigned int i, j;

	eb_term_print(&enable->term, "To be claimed%s:\n",
		      enable->iommu_off ? ", once the IOMMU is on" : "");
	for (i = 0; i < survey->plan.count; i++) {
		int card = survey->pci.function[survey->plan.device[i].function].card;

		for (j = 0; j < i; j++)
			if (survey->pci.function[survey->plan.device[j].function].card ==
			    card)
				break;
		if (j == i && count_of_card(survey, card))
			show_card(enable, card);
	}
}

int eb_enable_check(struct eb_enable *enable)
{
	struct eb_survey *survey = enable->cli->survey;
	const char *why;

	look(enable);
	if (count_taken(survey))
		show_cards(enable);
	eb_findings_show(&enable->term, &survey->findings, EB_ERROR);
	eb_findings_show(&enable->term, &survey->findings, EB_WARNING);
	eb_term_end(&enable->term);
	why = has_bad_text(&survey->findings) ? "it is not understood in full"
	      : count_taken(survey)	      ? NULL
					      : "it would claim nothing here";
	if (!why)
		return 0;
	if (enable->cli->force) {
		eb_cli_error("'%s' is written all the same (--force): %s", enable->asked,
			     why);
		return 0;
	}
	eb_cli_error("'%s' was not written: %s; earlybind plan '%s' tells more, and "
		     "--force writes it all the same",
		     enable->asked, why, enable->asked);
	return EB_EXIT_LOOK;
}

void eb_enable_add_iommu(struct eb_enable *enable)
{
	const struct eb_survey *survey = enable->cli->survey;
	const struct eb_request *request = &survey->request;
	bool there = enable->by_hand.intel_iommu;

	snprintf(enable->words, sizeof(enable->words), "%s", enable->asked);
	/* Typed for this boot, or written by the enable before: it must not get lost. */
	if (survey->machine.cpu == EB_CPU_INTEL && !there &&
	    (enable->iommu_off || enable->boot_iommu)) {
		struct eb_text text = eb_text_on(enable->words, sizeof(enable->words));

		eb_text_add(&text, "%s intel_iommu=on", enable->asked);
		if (text.cut)
			snprintf(enable->words, sizeof(enable->words), "%s",
				 enable->asked);
	}
	if (!enable->iommu_off)
		return;
	if (request->iommu_off)
		eb_enable_say(
			enable, EB_STYLE_WARN, "IOMMU:",
			"it is off, by iommu=off or amd_iommu=off on the kernel "
			"command line; take that out, else nothing is claimed. What "
			"shares a group with the cards is not known before.");
	else if (survey->machine.cpu == EB_CPU_INTEL)
		eb_enable_say(
			enable, EB_STYLE_WARN, "IOMMU:",
			enable->boot_iommu
				? "it is off, though this boot has intel_iommu=on: "
				  "switch VT-d on in the firmware setup, else "
				  "nothing is claimed. What shares a group with the "
				  "cards is not known before."
				: "it is off. intel_iommu=on %s; if it is off after "
				  "the reboot too, switch VT-d on in the firmware "
				  "setup. What shares a group with the cards is not "
				  "known before.",
			there ? "stands in the configuration already" : "comes with it");
	else if (survey->machine.cpu == EB_CPU_AMD)
		eb_enable_say(
			enable, EB_STYLE_WARN, "IOMMU:",
			"it is off. AMD needs no argument for it: switch IOMMU "
			"(AMD-Vi) and SVM on in the firmware setup, else nothing is "
			"claimed. What shares a group with the cards is not known "
			"before.");
	else
		eb_enable_say(enable, EB_STYLE_WARN, "IOMMU:",
			      "it is off, and how to switch it on here is not known; "
			      "without it nothing is claimed.");
}
