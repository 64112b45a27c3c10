/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs the programs that make a boot loader read its configuration. */
#ifndef EARLYBIND_CLI_TOOLS_H
#define EARLYBIND_CLI_TOOLS_H

#include "cli.h"
#include "loader.h"

/* Run TOOL on CLI's machine, as eb_tools_run() does. */
int eb_tools_run_one(const struct eb_cli *cli, const struct eb_tool *tool);

/* Run the tools of SETUP one after the other on CLI's machine: on another root by
 * chroot(2). A line is printed before each. 0 when all exited with 0; 1, or negative
 * errno of one that could not be started: what failed was said, with the end of its
 * output. */
int eb_tools_run(const struct eb_cli *cli, const struct eb_setup *setup);

/* Say which tools are left to be run by a person, and what is to be mounted below CLI's
 * other root for them. */
void eb_tools_say_left(const struct eb_cli *cli, const struct eb_setup *setup);

/* Say only what is to be mounted there. */
void eb_tools_say_unmounted(const struct eb_cli *cli);

#endif
