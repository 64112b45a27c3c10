/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scripts that remove a card and rescan its bus. */
#ifndef EARLYBIND_CLI_OLD_RECIPES_SCRIPTS_H
#define EARLYBIND_CLI_OLD_RECIPES_SCRIPTS_H

#include "cli.h"
#include "problems.h"

/* Find them among cron jobs, units, hooks and udev rules, and what those start. */
void eb_old_scripts_find(const struct eb_cli *cli, struct eb_problems *problems);

/* Does TEXT, of a script, a unit or a crontab, remove a PCI device and rescan the bus? */
bool eb_old_scripts_removes(const char *text);

#endif
