/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is what a run left on the machine what its report says? */
#ifndef EARLYBIND_TESTS_VERDICT_H
#define EARLYBIND_TESTS_VERDICT_H

#include "tracer.h"

struct scenario {
	const char *name;
	const char *tree;   /* NULL: two-cards */
	unsigned int every; /* one call of so many meets faults; 0: all */
	const char *cmdline;
	const char *asked;    /* addresses that the command line names, by blanks */
	const char *unbound;  /* drivers that are not there before udev; NULL for none */
	const char *refuses;  /* functions that vfio-pci does not bind */
	const char *stuck;    /* functions whose lock is held from the start */
	const char *may;      /* files that may change beside those of ASKED */
	bool no_modules;      /* in the image */
	bool keeps_held;      /* earlybind.on_failure=hold */
	unsigned int claimed; /* how many functions are without a fault */
};

#define VERDICT_TEXT	400
#define VERDICT_TIMEOUT 3 /* earlybind.timeout of all runs */

/* What is wrong after a run of SCENARIO with FAULT; false when nothing is. BEFORE is
 * live_state() of the tree as it was. */
bool verdict(const struct scenario *scenario, const struct live *live,
	     const struct fault *fault, const struct trace *trace, const char *before,
	     char why[VERDICT_TEXT]);

/* How many functions are on vfio-pci now? */
unsigned int verdict_claimed(const struct live *live);

#endif
