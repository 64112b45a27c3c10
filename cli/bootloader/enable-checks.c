// SPDX-License-Identifier: GPL-2.0-or-later
/* enable: checks the arguments by the plan of a boot; the question and the hints. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <earlybind/card.h>

#include "diagnose/diagnose.h"
#include "diagnose/old-recipes.h"
#include "enable.h"
#include "findings.h"
#include "cards/integrated.h"
#include "cards/part.h"
#include "next-conflicts.h"
#include "remedies.h"
#include "firmware.h"
#include "unsafe-interrupts.h"

/* Findings on the text itself, whatever the machine. */
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

/* The plan of a boot with the IOMMU on: each function in a group of its own, since the
 * real groups are not known yet. */
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

	/* What the running kernel was given, before the request is replaced. */
	enable->boot_iommu = eb_survey_request(survey, cli->root) == 0 &&
			     survey->request.intel_iommu_on;
	eb_cli_request_text(cli, enable->asked);
	eb_survey_look(survey, cli->root);
	enable->iommu_off = !survey->machine.iommu;
	if (enable->iommu_off)
		plan_with_iommu(enable);
	eb_survey_before(survey, cli->root);
	eb_next_conflicts(cli);
	eb_survey_predict(survey, cli->root);
	eb_unsafe_drop(cli);
	eb_remedies_refine(cli);
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
	why = has_bad_text(&survey->findings) ? "not all of it is understood"
	      : count_taken(survey)	      ? NULL
					      : "it would claim nothing here";
	if (!why)
		return 0;
	if (enable->cli->force) {
		eb_cli_error("'%s' is written anyway (--force): %s", enable->asked, why);
		return 0;
	}
	eb_cli_error("'%s' was not written: %s; for details run earlybind plan '%s'; "
		     "--force writes it anyway",
		     enable->asked, why, enable->asked);
	return EB_EXIT_LOOK;
}

/* Why the IOMMU is off, and what to do, as sentences. */
static void advise_iommu(const struct eb_enable *enable, struct eb_text *text)
{
	const struct eb_survey *survey = enable->cli->survey;
	const char *where = survey->machine.no_menu ? "for this virtual machine"
						    : "in the firmware setup";
	const char *own = eb_firmware_own_iommu(enable->cli);

	if (survey->pci.count == 0) {
		eb_text_add(text,
			    "whether it is on is not known, as no PCI device can be "
			    "read in /sys; without it nothing will be claimed.");
		return;
	}
	if (own)
		eb_text_add(text, "it is off: %s.", own);
	else if (survey->request.iommu_off)
		eb_text_add(text,
			    "it is off, by iommu=off or amd_iommu=off on the kernel "
			    "command line; remove that, or nothing will be claimed.");
	else if (survey->machine.cpu == EB_CPU_INTEL && enable->boot_iommu)
		eb_text_add(text,
			    "it is off, though this boot has intel_iommu=on: enable "
			    "VT-d %s, or nothing will be claimed.",
			    where);
	else if (survey->machine.cpu == EB_CPU_INTEL)
		eb_text_add(text,
			    "it is off. intel_iommu=on %s; if it is still off after the "
			    "reboot, enable VT-d %s.",
			    enable->written.intel_iommu
				    ? "is in the configuration already"
				    : "is written along with it",
			    where);
	else if (survey->machine.cpu == EB_CPU_AMD)
		eb_text_add(text,
			    "it is off. AMD needs no argument for it: enable IOMMU "
			    "(AMD-Vi) and SVM %s, or nothing will be claimed.",
			    where);
	else
		eb_text_add(text, "it is off, and how to enable it on this CPU is not "
				  "known; without it nothing will be claimed.");
	eb_text_add(text,
		    " Which devices share a group with the cards is not known until "
		    "it is on.");
}

void eb_enable_add_iommu(struct eb_enable *enable)
{
	const struct eb_survey *survey = enable->cli->survey;
	struct eb_text words = eb_text_on(enable->words, sizeof(enable->words));
	char line[EB_FINDING_TEXT];
	struct eb_text text = eb_text_on(line, sizeof(line));

	eb_text_add(&words, "%s", enable->asked);
	/* It was typed for this boot, or written by the previous enable: keep it. */
	if (survey->machine.cpu == EB_CPU_INTEL && !enable->written.intel_iommu &&
	    (enable->iommu_off || enable->boot_iommu))
		eb_text_add(&words, " intel_iommu=on");
	if (!enable->iommu_off)
		return;
	advise_iommu(enable, &text);
	eb_enable_say(enable, EB_STYLE_WARN, "IOMMU:", "%s", line);
}

#define REMEDY "initcall_blacklist=sysfb_init"
#define PRICE                                                                          \
	"Its price: no screen of this machine shows the boot until the driver of its " \
	"own card is loaded."

/* The first function to be claimed whose BAR only REMEDY frees, or EB_NO_FUNCTION. */
static int needs_remedy(const struct eb_survey *survey)
{
	unsigned int i;

	for (i = 0; i < survey->conflicts.count; i++) {
		const struct eb_conflict *c = &survey->conflicts.list[i];

		if (c->blocks && c->remedy == EB_REMEDY_NO_SYSFB &&
		    eb_plan_takes(&survey->plan, c->function))
			return c->function;
	}
	return EB_NO_FUNCTION;
}

void eb_enable_add_remedy(struct eb_enable *enable)
{
	const struct eb_survey *survey = enable->cli->survey;
	bool had = eb_edit_have_all(enable->change.found.words, REMEDY);
	int function = needs_remedy(survey);
	char address[EB_ADDR_TEXT];
	size_t used = strlen(enable->words);

	if (function == EB_NO_FUNCTION && !had) {
		if (enable->cli->with_remedy)
			eb_enable_say(enable, EB_STYLE_PLAIN,
				      "Remedy:", "none is needed, and none is written.");
		return;
	}
	if (function != EB_NO_FUNCTION)
		eb_addr_print(&survey->pci.function[function].addr, address);
	if (!had && !enable->cli->with_remedy) {
		eb_enable_say(enable, EB_STYLE_WARN, "Remedy:",
			      "the firmware's framebuffer stays on %s, and only " REMEDY
			      " prevents it; --with-remedy writes that too. " PRICE,
			      address);
		return;
	}
	snprintf(enable->words + used, sizeof(enable->words) - used, " " REMEDY);
	if (had)
		eb_enable_say(enable, EB_STYLE_PLAIN, "Remedy:",
			      REMEDY " was written by the last enable, and is kept.");
	else
		eb_enable_say(enable, EB_STYLE_WARN, "Remedy:",
			      REMEDY " is written too, since the firmware's framebuffer "
				     "stays on %s without it. " PRICE,
			      address);
}

/* Can a screen be connected to it? A "3D controller" has no outputs. */
static bool shows(const struct eb_function *f)
{
	return eb_pci_is_display(f) && f->class >> 8 != 0x0302;
}

/* A card with outputs that stays with the host, or EB_NO_FUNCTION. */
static int remaining(const struct eb_survey *survey)
{
	unsigned int i;

	for (i = 0; i < survey->pci.count; i++)
		if (shows(&survey->pci.function[i]) &&
		    !eb_plan_takes(&survey->plan, (int)i))
			return (int)i;
	return EB_NO_FUNCTION;
}

/* A card with outputs that is claimed: the console's, or else the first. */
static int dark(const struct eb_survey *survey)
{
	unsigned int i;

	if (survey->machine.boot_display != EB_NO_FUNCTION)
		return eb_plan_takes(&survey->plan, survey->machine.boot_display)
			       ? survey->machine.boot_display
			       : EB_NO_FUNCTION;
	for (i = 0; i < survey->pci.count; i++)
		if (shows(&survey->pci.function[i]) &&
		    eb_plan_takes(&survey->plan, (int)i))
			return (int)i;
	return EB_NO_FUNCTION;
}

static bool read_yes(void)
{
	char line[16] = "";

	if (!fgets(line, sizeof(line), stdin))
		return false;
	line[strcspn(line, "\n")] = '\0';
	return strcasecmp(line, "y") == 0 || strcasecmp(line, "yes") == 0;
}

bool eb_enable_ask(struct eb_enable *enable)
{
	const struct eb_survey *survey = enable->cli->survey;
	int card = dark(survey), left = remaining(survey);
	char address[EB_ADDR_TEXT], other[EB_ADDR_TEXT], note[EB_INTEGRATED_TEXT];

	if (eb_integrated_note(survey, note))
		eb_enable_say(enable, EB_STYLE_WARN, "Note:", "%s.", note);
	if (card == EB_NO_FUNCTION)
		return true;
	eb_addr_print(&survey->pci.function[card].addr, address);
	if (left != EB_NO_FUNCTION) {
		eb_addr_print(&survey->pci.function[left].addr, other);
		if (card == survey->machine.boot_display)
			eb_enable_say(enable, EB_STYLE_WARN, "Note:",
				      "the console is on %s: its screen will stay dark "
				      "after the reboot. %s stays with the host.",
				      address, other);
		return true;
	}
	eb_enable_say(
		enable, EB_STYLE_WARN, "Screen:",
		"without %s this machine has no display card left: its screen will "
		"stay dark%s, and you reach it over the network or a serial line. %s",
		address, enable->cli->try_once ? " in the next boot" : "",
		enable->cli->try_once
			? "The boot after that is as before, unless you run earlybind "
			  "keep."
			: "The way back is vfio.gpus=none at the boot menu, or earlybind "
			  "disable over the network. Better try it for one boot first: "
			  "earlybind enable --try.");
	if (enable->cli->yes || enable->cli->dry_run || enable->cli->try_once)
		return true;
	if (!isatty(STDIN_FILENO)) {
		eb_cli_error("nothing was written: standard input is not a terminal, so "
			     "nobody can be asked whether to claim %s; --try claims it "
			     "for one boot, and --yes for good, without asking",
			     address);
		return false;
	}
	eb_term_print(&enable->term, "Claim %s anyway [y/N]? ", address);
	eb_term_end(&enable->term);
	if (read_yes())
		return true;
	eb_cli_error("nothing was written");
	return false;
}

/* If an item is a bare address, its form with a guard. */
static bool find_guard(const struct eb_survey *survey, char out[EB_ARGUMENT_TEXT])
{
	const struct eb_request *request = &survey->request;
	unsigned int i, j;

	for (i = 0; i < request->selectors; i++) {
		const struct eb_selector *s = &request->selector[i];

		if (s->exclude || s->has_guard ||
		    (s->kind != EB_SELECT_CARD && s->kind != EB_SELECT_FUNCTION))
			continue;
		for (j = 0; j < survey->plan.count; j++) {
			int function = survey->plan.device[j].function;

			if (survey->plan.device[j].selector == (int16_t)i &&
			    eb_part_argument(
				    &survey->pci,
				    (unsigned int)survey->pci.function[function].card,
				    EB_FORM_GUARDED, out) == 0)
				return true;
		}
	}
	return false;
}

/* Does the initramfs of the next boot contain the agent? */
static void check_image(struct eb_enable *enable, struct eb_diagnosis *d)
{
	unsigned int i;

	eb_check_image(d);
	for (i = 0; i < d->problems.count; i++)
		eb_enable_say(enable, EB_STYLE_BAD, "Image:", "%s; to fix it: %s",
			      d->problems.list[i].text, d->problems.list[i].remedy);
	d->problems.count = 0;
}

/* A line or two for each kind of leftover; diagnose shows more. */
static void show_leftovers(struct eb_enable *enable, struct eb_problems *problems)
{
	unsigned int i, j;

	eb_old_recipes_find(enable->cli, problems, false);
	if (problems->count == 0)
		return;
	eb_problems_sort(problems);
	eb_enable_say(
		enable, EB_STYLE_HEAD, "Left from an older setup",
		"and not changed (earlybind diagnose has details after the reboot):");
	for (i = 0; i < problems->count; i++) {
		const struct eb_problem *problem = &problems->list[i];

		eb_enable_say(enable,
			      problem->severity == EB_INFO ? EB_STYLE_PLAIN
							   : EB_STYLE_WARN,
			      problem->severity == EB_INFO ? "  no longer needed:"
							   : "  harmful:",
			      "%s [%s]", problem->text, problem->code);
		for (j = 0; j < problem->evidence; j++)
			eb_enable_say(enable, EB_STYLE_QUIET, "   ", "%s",
				      problem->seen[j]);
	}
}

void eb_enable_hints(struct eb_enable *enable)
{
	struct eb_diagnosis *d;
	char guarded[EB_ARGUMENT_TEXT];

	if (find_guard(enable->cli->survey, guarded))
		eb_enable_say(enable, EB_STYLE_PLAIN, "Hint:",
			      "the address may belong to another card after cards are "
			      "added or moved; %s would then claim nothing.",
			      guarded);
	d = calloc(1, sizeof(*d));
	if (!d)
		return;
	d->cli = enable->cli;
	check_image(enable, d);
	show_leftovers(enable, &d->problems);
	free(d);
}
