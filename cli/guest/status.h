/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `earlybind status`, and its forms. */
#ifndef EARLYBIND_CLI_STATUS_H
#define EARLYBIND_CLI_STATUS_H

#include "bootloader/enable.h"
#include "report-compare.h"

struct eb_status {
	bool asked;  /* had this boot a vfio.gpus=? */
	bool report; /* is there one that can be read? Without it the rest is empty */
	struct eb_boot_report boot;
	struct eb_comparison now;
	unsigned int errors;   /* among the findings of the report */
	unsigned int blocking; /* conflicts that it saw after binding */
	unsigned int on_vfio;  /* functions that were asked for and are on vfio-pci now */
	bool well;	       /* is all as it should be? */
	enum eb_trial_stage stage;
	char trial[EB_MAX_WORDS + 512]; /* what to know of it, "" for nothing */
};

/* Print STATUS as metrics. 0 or negative errno. */
int eb_status_prometheus(const struct eb_cli *cli, const struct eb_status *status);

#endif
