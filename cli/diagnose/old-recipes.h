/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Configuration that an older recipe for passing cards to guests left. */
#ifndef EARLYBIND_CLI_OLD_RECIPES_H
#define EARLYBIND_CLI_OLD_RECIPES_H

#include "cli.h"
#include "problems.h"

/* Find it and add a problem for each kind: what it is, where it is, whether it is
 * needless or harmful, and what to do. What could not be read is noted for the check
 * "leftovers". By the plan of CLI's survey cards are claimed, or will be; IN_USE where
 * earlybind does not do that, so that an older recipe may: then only what does harm, or
 * nothing at all on this kernel, is a problem. */
void eb_old_recipes_find(const struct eb_cli *cli, struct eb_problems *problems,
			 bool in_use);

#endif
