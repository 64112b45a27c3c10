/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `earlybind enable`, `keep`, `disable` and `show` share, and enable's checks. */
#ifndef EARLYBIND_CLI_ENABLE_H
#define EARLYBIND_CLI_ENABLE_H

#include "change.h"
#include "search.h"
#include "terminal.h"

struct eb_enable {
	struct eb_cli *cli;
	struct eb_term term;	   /* standard output */
	char asked[EB_MAX_WORDS];  /* our arguments alone */
	char words[EB_MAX_WORDS];  /* with what the IOMMU needs */
	bool iommu_off;		   /* now */
	bool boot_iommu;	   /* this boot has intel_iommu=on */
	char booted[EB_MAX_WORDS]; /* arguments of ours of this boot */
	bool booted_known;
	char why[768]; /* of eb_enable_find_loader() */
	enum eb_trial_stage stage;
	bool disarmed; /* the trial is over without a boot since */
	int lock;
	const struct eb_bootloader *loader;
	struct eb_setup setup;
	struct eb_change change;
	struct eb_written written; /* not by enable */
};

/* Make ENABLE for CLI, which may only read unless CHANGES names the command. 0, or
 * EB_EXIT_USAGE and it was said. To be freed in any case. */
int eb_enable_begin(struct eb_cli *cli, const char *changes, struct eb_enable **enable);
void eb_enable_free(struct eb_enable *enable);

/* Read the state of enable, find the boot loader, by that state where RECORDED asks for
 * it, set it up, and read its entries. 0, or the exit status of what is wrong, which was
 * said. */
int eb_enable_find_loader(struct eb_enable *enable, bool recorded);

/* Plan the change to WORDS, and to TRIAL for one boot, "" for none, and search for
 * arguments that enable did not write. 0, or the exit status with a message printed. */
int eb_enable_plan(struct eb_enable *enable, const char *words, const char *trial);

/* What the trial is at, and what to do, as sentences into OUT; "" where there is none. */
void eb_enable_tell_trial(const struct eb_enable *enable, char *out, size_t size);

/* For other commands: the same of CLI's machine, and where its trial is; EB_TRIAL_NONE
 * also where that cannot be read. */
enum eb_trial_stage eb_enable_trial(struct eb_cli *cli, char *out, size_t size);

/* Check the request by the plan, as if the IOMMU were on, and show what it would claim.
 * 0, or EB_EXIT_LOOK with a message if it would claim nothing or is not understood;
 * --force turns that into a warning. */
int eb_enable_check(struct eb_enable *enable);

/* Set ENABLE's words: the request, and what the IOMMU of this CPU needs, with a message.
 */
void eb_enable_add_iommu(struct eb_enable *enable);

/* Add to ENABLE's words what frees a BAR that unbinding does not: with --with-remedy, or
 * where the last enable wrote it; else say that it is needed. Its price is said. */
void eb_enable_add_remedy(struct eb_enable *enable);

/* Ask before the last display card is claimed. True if it may be. */
bool eb_enable_ask(struct eb_enable *enable);

/* What to know when it is done: the guard, the image, what an older recipe left. */
void eb_enable_hints(struct eb_enable *enable);

/* Print a paragraph. */
__attribute__((format(printf, 4, 5))) void eb_enable_say(struct eb_enable *enable,
							 enum eb_style style,
							 const char *label,
							 const char *format, ...);

/* Say which files have what was enabled, and which entries were read back with it. */
void eb_enable_say_done(struct eb_enable *enable);

/* The end of a change: STATUS, or EB_EXIT_USAGE when standard output failed. */
int eb_enable_end(struct eb_enable *enable, int status);

#endif
