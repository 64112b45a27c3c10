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
	const char *where;	  /* of the entry that the next boot takes */
	char ours[EB_MAX_WORDS];  /* its arguments of ours */
	char apply[EB_TOOL_TEXT]; /* what makes the loader take what a person wrote */
};

static const char *or_none(const char *ours)
{
	return ours[0] ? ours : "no earlybind arguments";
}

static void compare_boots(struct eb_diagnosis *d, const struct next_boot *next)
{
	const struct eb_enable *enable = next->enable;
	bool known = enable->change.before.known, enabled = enable->change.found.enabled;
	const char *will = known ? next->ours : next->source.ours;
	char tried[EB_MAX_WORDS];
	struct eb_problem *problem;

	if (enable->change.trial_before.words[0]) {
		eb_edit_ours(enable->change.trial_before.words, tried, sizeof(tried));
		will = tried;
	}
	if (strcmp(will, enable->booted) == 0)
		return;
	problem = eb_problems_add(
		&d->problems, EB_PROBLEM_NEXT_BOOT, NULL,
		"the next boot will have different arguments: they were changed since "
		"this boot, or this boot's were typed at the boot menu");
	eb_problem_seen(problem, "/proc/cmdline: %s", or_none(enable->booted));
	eb_problem_seen(problem, "%s: %s", known ? next->where : next->source.where,
			or_none(will));
	eb_problem_remedy(
		problem,
		"if this is intended, %s%s%sreboot; else correct %s%s%s, and reboot",
		known ? "" : "run ", known ? "" : next->apply, known ? "" : " and ",
		enabled ? "them with earlybind enable or disable" : enable->loader->edit,
		enabled ? "" : ", run ", enabled ? "" : next->apply);
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
	eb_problem_seen(problem, "%s: %s", next->source.where,
			or_none(next->source.ours));
	eb_problem_seen(problem, "%s: %s", next->where, or_none(next->ours));
	eb_problem_remedy(problem, "run %s, then reboot", next->apply);
}

static void note(struct eb_diagnosis *d, const struct next_boot *next)
{
	const struct eb_entries *entries = &next->enable->change.before;
	const struct eb_source *source = &next->source;

	if (source->known || entries->known)
		eb_problems_checked(&d->problems, "next-boot");
	if (!source->known && !entries->known)
		eb_problems_not_checked(&d->problems, "next-boot", "%s", source->why);
	else if (!entries->known)
		eb_problems_not_checked(&d->problems, "boot-loader", "%s", entries->why);
	else if (!source->known)
		eb_problems_not_checked(&d->problems, "boot-config", "%s", source->why);
}

/* The tool for the running kernel, where there is one for each; also of a captured
 * machine, whose tools are not there. */
static void set_apply(struct next_boot *next, const struct eb_cli *cli,
		      const char *release)
{
	struct eb_setup *setup = &next->enable->setup;
	unsigned int i, chosen = 0;

	if (setup->tools == 0)
		next->enable->loader->tools(cli->root, setup);
	for (i = 0; i < setup->tools; i++)
		if (setup->tool[i].argc > 2 &&
		    strcmp(setup->tool[i].argv[2], release) == 0)
			chosen = i;
	if (setup->tools)
		eb_tool_text(&setup->tool[chosen], next->apply);
	else
		snprintf(next->apply, sizeof(next->apply), "the tools of %s",
			 next->enable->loader->title);
}

static void check(struct eb_diagnosis *d, struct next_boot *next)
{
	struct eb_enable *enable = next->enable;
	const struct eb_entry *entry;
	char release[65] = "";

	if (eb_enable_find_loader(enable, true) != 0) {
		eb_problems_not_checked(&d->problems, "next-boot", "%s", enable->why);
		return;
	}
	if (!enable->booted_known) {
		eb_problems_not_checked(&d->problems, "next-boot",
					"/proc/cmdline cannot be read");
		return;
	}
	if (eb_sysfs_read(d->cli->root, "proc/sys/kernel/osrelease", release,
			  sizeof(release)) < 0)
		release[0] = '\0';
	enable->loader->source(d->cli->root, &next->source);
	entry = eb_entries_next(&enable->change.before, release);
	next->where = entry ? entry->where : "";
	if (entry)
		eb_edit_ours(entry->cmdline, next->ours, sizeof(next->ours));
	set_apply(next, d->cli, release);
	if (next->source.known || enable->change.before.known)
		compare_boots(d, next);
	compare_source(d, next);
	note(d, next);
}

void eb_check_next_boot(struct eb_diagnosis *d)
{
	struct next_boot *next = calloc(1, sizeof(*next));

	if (!next || eb_enable_begin((struct eb_cli *)d->cli, NULL, &next->enable))
		eb_problems_not_checked(&d->problems, "next-boot", "out of memory");
	else
		check(d, next);
	if (next)
		eb_enable_free(next->enable);
	free(next);
}
