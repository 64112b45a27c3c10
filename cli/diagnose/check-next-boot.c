// SPDX-License-Identifier: GPL-2.0-or-later
/* diagnose: does the next boot's command line differ from this one's? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <earlybind/sysfs.h>

#include "bootloader/boot-config.h"
#include "diagnose.h"
#include "bootloader/enable-state.h"

struct next_boot {
	enum eb_loader loader;
	bool proxmox;	 /* by proxmox-boot-tool? */
	bool by_enable;	 /* by earlybind enable? */
	char apply[192]; /* the command that applies what a person wrote */
	struct eb_config running, source, generated;
};

static const char *shown(const struct eb_config *config)
{
	return config->args[0] ? config->args : "no earlybind arguments";
}

static void see(struct eb_problem *p, const struct eb_config *config)
{
	eb_problem_seen(p, "%s: %s", config->where, shown(config));
}

/* Where a person changes the arguments. */
static const char *to_edit(const struct next_boot *next)
{
	if (next->by_enable)
		return "them with earlybind enable or disable";
	return next->loader == EB_LOADER_GRUB
		       ? "GRUB_CMDLINE_LINUX_DEFAULT in /etc/default/grub"
		       : "/etc/kernel/cmdline";
}

static void compare(struct eb_diagnosis *d, const struct next_boot *next)
{
	const struct eb_config *will = next->generated.known ? &next->generated
							     : &next->source;
	struct eb_problem *p;

	if (strcmp(will->args, next->running.args) != 0) {
		p = eb_problems_add(&d->problems, EB_PROBLEM_NEXT_BOOT, NULL,
				    "the next boot will have different arguments: they "
				    "were changed since this boot, or this boot's were "
				    "typed at the boot menu");
		see(p, &next->running);
		see(p, will);
		eb_problem_remedy(
			p,
			"if this is intended, %s%s%sreboot; else correct %s%s%s, and "
			"reboot",
			next->generated.known ? "" : "run ",
			next->generated.known ? "" : next->apply,
			next->generated.known ? "" : " and ", to_edit(next),
			next->by_enable ? "" : ", run ",
			next->by_enable ? "" : next->apply);
	}
	if (next->generated.known && next->source.known &&
	    strcmp(next->source.args, next->generated.args) != 0) {
		p = eb_problems_add(
			&d->problems, EB_PROBLEM_NOT_APPLIED, NULL,
			"the arguments in %s have not been applied to the boot "
			"loader",
			next->source.where);
		see(p, &next->source);
		see(p, &next->generated);
		eb_problem_remedy(p, "run %s, then reboot", next->apply);
	}
}

static void set_apply(struct next_boot *next, const char *release)
{
	if (next->proxmox)
		snprintf(next->apply, sizeof(next->apply), "proxmox-boot-tool refresh");
	else if (next->loader == EB_LOADER_GRUB)
		snprintf(next->apply, sizeof(next->apply), "update-grub");
	else
		snprintf(next->apply, sizeof(next->apply),
			 "kernel-install add %s /boot/vmlinuz-%s", release, release);
}

static void note(struct eb_diagnosis *d, const struct next_boot *next)
{
	const struct eb_config *source = &next->source, *generated = &next->generated;

	if (source->known || generated->known)
		eb_problems_checked(&d->problems, "next-boot");
	if (!source->known && !generated->known)
		eb_problems_not_checked(&d->problems, "next-boot", "%s", source->why);
	else if (!generated->known)
		eb_problems_not_checked(&d->problems, "boot-loader", "%s",
					generated->why);
	else if (!source->known)
		eb_problems_not_checked(&d->problems, "boot-config", "%s", source->why);
}

static void check(struct eb_diagnosis *d, struct next_boot *next)
{
	struct eb_survey *survey = d->cli->survey;
	char release[65];

	if (eb_survey_request(survey, d->cli->root) < 0) {
		eb_problems_not_checked(&d->problems, "next-boot",
					"/proc/cmdline cannot be read");
		return;
	}
	survey->cmdline[sizeof(survey->cmdline) - 1] = '\0';
	survey->cmdline[strcspn(survey->cmdline, "\n")] = '\0';
	eb_config_pick(survey->cmdline, strlen(survey->cmdline), &next->running);
	snprintf(next->running.where, sizeof(next->running.where), "/proc/cmdline");
	if (eb_sysfs_read(d->cli->root, "proc/sys/kernel/osrelease", release,
			  sizeof(release)) < 0)
		release[0] = '\0';
	next->loader = eb_config_loader(d->cli->root, survey->cmdline);
	next->by_enable = eb_sysfs_exists(d->cli->root, EB_KEPT_DIR "/enabled");
	next->proxmox = eb_sysfs_exists(d->cli->root, "etc/kernel/proxmox-boot-uuids");
	set_apply(next, release);
	eb_config_source(d->cli->root, next->loader, &next->source);
	eb_config_generated(d->cli->root, next->loader, release, &next->generated);
	/* There is a /boot/grub/grub.cfg too, which is not what boots. */
	if (next->proxmox && next->loader == EB_LOADER_GRUB) {
		next->generated.known = false;
		snprintf(
			next->generated.why, sizeof(next->generated.why),
			"the partitions that proxmox-boot-tool writes to are not mounted");
	}
	if (next->source.known || next->generated.known)
		compare(d, next);
	note(d, next);
}

void eb_check_next_boot(struct eb_diagnosis *d)
{
	struct next_boot *next = calloc(1, sizeof(*next));

	if (!next) {
		eb_problems_not_checked(&d->problems, "next-boot", "out of memory");
		return;
	}
	check(d, next);
	free(next);
}
