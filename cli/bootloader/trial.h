/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A trial: `enable --try` has one boot get arguments, and no boot after it, unless
 * `earlybind keep` was run in it. */
#ifndef EARLYBIND_CLI_TRIAL_H
#define EARLYBIND_CLI_TRIAL_H

#include <stdbool.h>

#include "cli.h"
#include "entries.h"

#define EB_TRIAL_WHY 256

#define EB_BOOT_ID "proc/sys/kernel/random/boot_id"

/* What the loader's variable for one boot has now. */
struct eb_trial {
	bool known;
	char words[EB_MAX_WORDS]; /* of the next boot, "" where none is arranged */
	char why[EB_TRIAL_WHY];	  /* where that is not known */
};

/* How a boot loader gives arguments to one boot: it clears the variable that asks for
 * them before it starts the kernel, so that the boot after a hang has them no more. */
struct eb_trial_kind {
	/* Are the entries changed for it, by a file and the loader's tools? Else only
	 * arm() changes anything. */
	bool by_entries;
	/* Can it be done on CLI's machine? If not, WHY is half a sentence. */
	bool (*is_possible)(const struct eb_cli *cli, char why[EB_TRIAL_WHY]);
	void (*read)(int root, struct eb_trial *trial);
	/* Have the next boot get WORDS in place of HAD, which ENTRIES have. 0, or
	 * EB_EXIT_LOOK and it was said. */
	int (*arm)(const struct eb_cli *cli, const struct eb_entries *entries,
		   const char *had, const char *words);
	/* Take that back, and what it needed. The same. */
	int (*disarm)(const struct eb_cli *cli);
};

extern const struct eb_trial_kind eb_trial_grub;
extern const struct eb_trial_kind eb_trial_systemd;

/* Where a trial is. */
enum eb_trial_stage {
	EB_TRIAL_NONE,
	EB_TRIAL_ARMED,	    /* the next boot is it */
	EB_TRIAL_NOT_TAKEN, /* so it was, and another boot came */
	EB_TRIAL_BOOTED,    /* this boot is it */
	EB_TRIAL_OVER,	    /* it was booted and not kept, or taken back */
	EB_TRIAL_UNKNOWN,   /* the loader's variable cannot be read */
};

/* "armed", of --json; NULL for EB_TRIAL_NONE. */
const char *eb_trial_stage_name(enum eb_trial_stage stage);

#endif
