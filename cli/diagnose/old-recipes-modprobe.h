/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an older recipe left in modprobe.d. */
#ifndef EARLYBIND_CLI_OLD_RECIPES_MODPROBE_H
#define EARLYBIND_CLI_OLD_RECIPES_MODPROBE_H

#include "cli.h"
#include "problems.h"

/* Find blacklists, ids of vfio-pci, and orders of loading in modprobe.d. */
void eb_old_modprobe_find(const struct eb_cli *cli, struct eb_problems *problems);

/* Judge that MODULE, with '_', is on a blacklist, as WHERE shows. */
void eb_old_modprobe_blacklist(const struct eb_cli *cli, struct eb_problems *problems,
			       const char *module, const char *where);

#endif
