/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Configuration that an older recipe for passing cards to guests left. */
#ifndef EARLYBIND_CLI_OLD_RECIPES_H
#define EARLYBIND_CLI_OLD_RECIPES_H

#include "cli.h"
#include "problems.h"

/* Find it and add a problem for each kind: what it is, where it is, whether it is
 * needless or harmful, and what to do. What could not be read is noted for the check
 * "leftovers". To be called where cards are claimed, or will be, by the plan of CLI's
 * survey: else an older recipe may be what claims them. */
void eb_old_recipes_find(const struct eb_cli *cli, struct eb_problems *problems);

#endif
