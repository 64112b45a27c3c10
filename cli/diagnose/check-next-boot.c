// SPDX-License-Identifier: GPL-2.0-or-later
/* diagnose: does the next boot's command line differ from this one's? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bootloader/enable.h"
#include "diagnose.h"

struct next_boot {
	struct eb_enable *enable; /* as show reads it */
	struct eb_source source;
	char ours[EB_MAX_WORDS];  /* of the entries */
	char apply[EB_TOOL_TEXT]; /* what makes the loader take what a person wrote */
};

static const char *or_nothing(const char *ours)
{
	return ours[0] ? ours : "no arguments of earlybind";
}

static void compare_boots(struct eb_diagnosis *d, const struct next_boot *next)
{
	const struct eb_enable *enable = next->enable;
	bool known = enable->change.before.known;
	const char *will = known ? next->ours : next->source.ours;
	const char *edit = enable->change.found.enabled
				   ? "it with earlybind enable or disable"
				   : enable->loader->edit;
	struct eb_problem *problem;

	if (strcmp(will, enable->booted) == 0)
		return;
	problem = eb_problems_add(
		&d->problems, EB_PROBLEM_NEXT_BOOT, NULL,
		"the next boot will have different arguments: they were changed "
		"since this boot, or this boot's were typed at the boot menu");
	eb_problem_evidence(problem, "/proc/cmdline: %s", or_nothing(enable->booted));
	eb_problem_evidence(problem, "%s: %s",
			    known ? enable->change.before.where : next->source.where,
			    or_nothing(will));
	eb_problem_remedy(
		problem, "if that is intended, %s%s%sreboot; if not, change %s%s%s",
		known ? "" : "run ", known ? "" : next->apply, known ? "" : " and ", edit,
		enable->change.found.enabled ? "" : " and run ",
		enable->change.found.enabled ? "" : next->apply);
}

static void compare_source(struct eb_diagnosis *d, const struct next_boot *next)
{
	struct eb_problem *problem;

	if (!next->enable->change.before.known || !next->source.known ||
	    strcmp(next->source.ours, next->ours) == 0)
		return;
	problem = eb_problems_add(
		&d->problems, EB_PROBLEM_NOT_APPLIED, NULL,
		"the arguments in %s have not been applied to the boot loader",
		next->source.where);
	eb_problem_evidence(problem, "%s: %s", next->source.where,
			    or_nothing(next->source.ours));
	eb_problem_evidence(problem, "%s: %s", next->enable->change.before.where,
			    or_nothing(next->ours));
	eb_problem_remedy(problem, "run %s, then reboot", next->apply);
}

static void note(struct eb_diagnosis *d, const struct next_boot *next)
{
	const struct eb_entries *entries = &next->enable->change.before;
	const struct eb_source *source = &next->source;

	if (source->known || entries->known)
		eb_problems_checked(&d->problems, "next-boot");
	if (!source->known && !entries->known)
		eb_problems_not_checked(&d->problems, "next-boot", "%s",
					source->why[0] ? source->why : entries->why);
	else if (!entries->known)
		eb_problems_not_checked(&d->problems, "boot-loader", "%s", entries->why);
	else if (!source->known)
		eb_problems_not_checked(&d->problems, "boot-config", "%s", source->why);
}

static void check(struct eb_diagnosis *d, struct next_boot *next)
{
	struct eb_enable *enable = next->enable;
	unsigned int i;

	if (eb_enable_find_loader(enable, true) != 0) {
		eb_problems_not_checked(
			&d->problems, "next-boot",
			"the boot loader is not known, see earlybind show");
		return;
	}
	if (!enable->booted_known) {
		eb_problems_not_checked(&d->problems, "next-boot",
					"/proc/cmdline cannot be read");
		return;
	}
	enable->loader->source(d->cli->root, &next->source);
	for (i = 0; i < enable->change.before.count && !next->ours[0]; i++)
		eb_edit_ours(enable->change.before.entry[i].cmdline, next->ours,
			     sizeof(next->ours));
	snprintf(next->apply, sizeof(next->apply), "the boot loader's tool");
	if (enable->setup.tools)
		eb_tool_text(&enable->setup.tool[0], next->apply);
	if (next->source.known || enable->change.before.known)
		compare_boots(d, next);
	compare_source(d, next);
	note(d, next);
}

void eb_check_next_boot(struct eb_diagnosis *d)
{
	struct next_boot *next = calloc(1, sizeof(*next));

	if (!next || eb_enable_begin((struct eb_cli *)d->cli, NULL, &next->enable)) {
		eb_problems_not_checked(&d->problems, "next-boot", "out of memory");
		free(next);
		return;
	}
	check(d, next);
	eb_enable_free(next->enable);
	free(next);
}
