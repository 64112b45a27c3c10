/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `earlybind enable`: what is asked for, checked against this machine. */
#ifndef EARLYBIND_CLI_ENABLE_H
#define EARLYBIND_CLI_ENABLE_H

#include "by-hand.h"
#include "change.h"
#include "terminal.h"

struct eb_enable {
	struct eb_cli *cli;
	struct eb_term term;	      /* standard output */
	char asked[EB_MAX_WORDS];     /* our words alone */
	char words[EB_MAX_WORDS];     /* with what the IOMMU needs */
	bool iommu_off;		      /* now */
	bool boot_iommu;	      /* this boot has intel_iommu=on */
	char boot_args[EB_MAX_WORDS]; /* of ours, in this boot */
	char running[EB_MAX_CMDLINE + 2];
	struct eb_how how;
	struct eb_change change;
	struct eb_by_hand by_hand;
	struct eb_readback back;
};

/* Check what is asked for with the plan, as if the IOMMU were on, and show what it would
 * claim. 0, or EB_EXIT_LOOK when it would claim nothing or is not understood, which was
 * said; --force makes a warning of that. */
int eb_enable_check(struct eb_enable *enable);

/* Add to ENABLE's words what the IOMMU of this CPU needs, and say so. By hand must have
 * been looked for. */
void eb_enable_add_iommu(struct eb_enable *enable);

/* Ask before the last screen goes dark. True when it may. */
bool eb_enable_ask(struct eb_enable *enable);

/* What to know when it is done: the guard, the image, what an older recipe left. */
void eb_enable_hints(struct eb_enable *enable);

/* Print a paragraph. */
__attribute__((format(printf, 4, 5))) void eb_enable_say(struct eb_enable *enable,
							 enum eb_style style,
							 const char *label,
							 const char *format, ...);

#endif
