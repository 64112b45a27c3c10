/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the boot report says against what is now. */
#ifndef EARLYBIND_CLI_REPORT_COMPARE_H
#define EARLYBIND_CLI_REPORT_COMPARE_H

#include "report-read.h"
#include "cli.h"

/* What has become of a function that was asked for. */
enum eb_state {
	EB_STATE_KEPT,	      /* "kept": claimed, and still on vfio-pci */
	EB_STATE_SINCE,	      /* "claimed-since": not claimed, and on vfio-pci now */
	EB_STATE_LOST,	      /* "lost": claimed, and no longer on vfio-pci */
	EB_STATE_REMOVED,     /* "removed": it is not there, or another one is */
	EB_STATE_NOT_CLAIMED, /* "not-claimed": it was not claimed and is not */
	EB_STATE_PLANNED,     /* "planned": of a dry run */
};

struct eb_compared {
	const struct eb_boot_device *boot;
	enum eb_state state;
	int function;	    /* index into the survey's PCI functions, or EB_NO_FUNCTION */
	const char *driver; /* that it has now, or NULL */
	bool reset_known;   /* does the kernel tell how it can be reset? Since 5.15 */
	char reset[64];	    /* its reset_method: "flr bus", "" for no way */
};

struct eb_comparison {
	const struct eb_boot_report *boot;
	unsigned int count; /* as many as the report has, in the same order */
	struct eb_compared device[EB_MAX_DEVICES];
};

/* Read the machine into CLI's survey, more of all that BOOT names and of what the running
 * command line asks for, and compare. The survey's plan then is: what BOOT names and is
 * on vfio-pci is claimed, the rest refused. Its findings are none. */
void eb_compare_report(const struct eb_cli *cli, const struct eb_boot_report *boot,
		       struct eb_comparison *now);

/* "kept" and so on. */
const char *eb_compare_name(enum eb_state state);

/* Is this as it should be? */
bool eb_compare_is_well(enum eb_state state);

/* Is the function that was asked for on vfio-pci now? */
bool eb_compare_on_vfio(enum eb_state state);

#endif
