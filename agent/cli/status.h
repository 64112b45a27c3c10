/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `earlybind status`, and the form of it for a person. */
#ifndef EARLYBIND_CLI_STATUS_H
#define EARLYBIND_CLI_STATUS_H

#include "now.h"

struct eb_status {
	struct eb_boot boot;
	struct eb_now now;
	unsigned int errors;   /* among the findings of the report */
	unsigned int blocking; /* conflicts that it saw after binding */
	bool well;	       /* is all as it should be? */
};

/* Print STATUS. 0 or negative errno. */
int eb_status_text(const struct eb_cli *cli, const struct eb_status *status);

#endif
