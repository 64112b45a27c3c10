/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `earlybind plan` for a person. */
#ifndef EARLYBIND_CLI_PLAN_H
#define EARLYBIND_CLI_PLAN_H

#include "cli.h"

/* Print the plan of CLI's survey. 0 or negative errno. */
int eb_plan_text(const struct eb_cli *cli);

#endif
