/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who else binds or unbinds a function, by the configuration that it left. */
#ifndef EARLYBIND_CLI_TRACES_H
#define EARLYBIND_CLI_TRACES_H

#include "cli.h"
#include "problems.h"

enum eb_trace_kind {
	EB_TRACE_BINDS = 1, /* it binds cards to vfio-pci */
	EB_TRACE_TAKES = 2, /* it may bind them to another driver afterwards */
};

/* Add to the evidence of P what of this machine's configuration is of KIND and concerns
 * FUNCTION. WHO is the most likely one, which a constant names, or NULL where nothing was
 * found. What cannot be read is noted in PROBLEMS for the check WHAT. */
const char *eb_traces_find(const struct eb_cli *cli, unsigned int function,
			   enum eb_trace_kind kind, struct eb_problem *p,
			   struct eb_problems *problems, const char *what);

#endif
