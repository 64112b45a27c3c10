// SPDX-License-Identifier: GPL-2.0-or-later
/* enable: a question before the last screen goes dark, and hints when it is done. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <earlybind/card.h>

#include "diagnose/diagnose.h"
#include "enable.h"
#include "cards/part.h"
#include "diagnose/leftovers.h"

#define WAY_BACK                                                                          \
	"the way back is vfio.gpus=none at the boot menu, or earlybind disable over the " \
	"network"

void eb_enable_say(struct eb_enable *enable, enum eb_style style, const char *label,
		   const char *format, ...)
{
	char line[EB_FINDING_TEXT + EB_MAX_WORDS];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	eb_term_styled(&enable->term, style, "%s", label);
	if (label[0])
		eb_term_print(&enable->term, " ");
	eb_term_wrap(&enable->term, 4, line);
	eb_term_print(&enable->term, "\n");
	eb_term_end(&enable->term);
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
	return line[0] == 'y' || line[0] == 'Y';
}

bool eb_enable_ask(struct eb_enable *enable)
{
	const struct eb_survey *survey = enable->cli->survey;
	int card = dark(survey), left = remaining(survey);
	char address[EB_ADDR_TEXT], other[EB_ADDR_TEXT];

	if (card == EB_NO_FUNCTION)
		return true;
	eb_addr_print(&survey->pci.function[card].addr, address);
	if (left != EB_NO_FUNCTION) {
		eb_addr_print(&survey->pci.function[left].addr, other);
		if (card == survey->machine.boot_display)
			eb_enable_say(enable, EB_STYLE_WARN, "Note:",
				      "the console is on %s; its screen stays dark after "
				      "the reboot. %s stays with the host.",
				      address, other);
		return true;
	}
	eb_enable_say(
		enable, EB_STYLE_WARN, "Screen:",
		"with %s this machine keeps no display card for itself: its screen "
		"will stay dark, and it is reached by network or serial line; " WAY_BACK
		".",
		address);
	if (enable->cli->yes || enable->cli->dry_run)
		return true;
	if (!isatty(STDIN_FILENO)) {
		eb_cli_error(
			"nothing was written: nobody is there to be asked whether %s "
			"may be claimed; --yes says that it may",
			address);
		return false;
	}
	eb_term_print(&enable->term, "Claim %s all the same [y/N]? ", address);
	eb_term_end(&enable->term);
	if (read_yes())
		return true;
	eb_cli_error("nothing was written");
	return false;
}

/* Is there an item of a bare address? Its guarded form, or false. */
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

/* Is the agent in the image that the next boot takes? */
static void check_image(struct eb_enable *enable, struct eb_diagnosis *d)
{
	unsigned int i;

	eb_check_image(d);
	for (i = 0; i < d->items.count; i++)
		eb_enable_say(enable, EB_STYLE_BAD, "Image:", "%s; do: %s",
			      d->items.list[i].text, d->items.list[i].remedy);
	d->items.count = 0;
}

/* A line or two for each kind of leftover; diagnose tells all of it. */
static void show_leftovers(struct eb_enable *enable, struct eb_items *items)
{
	unsigned int i, j;

	eb_leftovers_find(enable->cli, items);
	if (items->count == 0)
		return;
	eb_items_sort(items);
	eb_enable_say(enable, EB_STYLE_HEAD, "Left by an older recipe,",
		      "and not changed; earlybind diagnose tells more after the reboot:");
	for (i = 0; i < items->count; i++) {
		const struct eb_item *item = &items->list[i];

		eb_enable_say(enable,
			      item->severity == EB_INFO ? EB_STYLE_PLAIN : EB_STYLE_WARN,
			      item->severity == EB_INFO ? "  needless:" : "  harmful:",
			      "%s [%s]", item->text, item->code);
		for (j = 0; j < item->evidence; j++)
			eb_enable_say(enable, EB_STYLE_QUIET, "   ", "%s", item->seen[j]);
	}
}

void eb_enable_hints(struct eb_enable *enable)
{
	struct eb_diagnosis *d;
	char guarded[EB_ARGUMENT_TEXT];

	if (find_guard(enable->cli->survey, guarded))
		eb_enable_say(enable, EB_STYLE_PLAIN, "Hint:",
			      "an address may become another card's when cards are added "
			      "or moved; %s claims nothing then.",
			      guarded);
	d = calloc(1, sizeof(*d));
	if (!d)
		return;
	d->cli = enable->cli;
	check_image(enable, d);
	show_leftovers(enable, &d->items);
	free(d);
}
