/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The former names of problems, for cli/bootloader/enable-ask.c until it uses the new
 * ones. */
#ifndef EARLYBIND_CLI_LEFTOVERS_H
#define EARLYBIND_CLI_LEFTOVERS_H

#include "old-recipes.h"

#define eb_item		  eb_problem
#define eb_items	  eb_problems
#define items		  problems
#define eb_items_sort	  eb_problems_sort
#define eb_leftovers_find eb_old_recipes_find

#endif
