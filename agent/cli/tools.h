/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Run the programs that tell a boot loader of its new configuration. */
#ifndef EARLYBIND_CLI_TOOLS_H
#define EARLYBIND_CLI_TOOLS_H

#include "cli.h"
#include "loader.h"

/* Run TOOL on CLI's machine and wait for it: on another root by chroot(2), where its
 * /proc, /sys and /dev are the caller's to mount. It reads nothing, and what it writes is
 * shown only if it fails. A line is printed before. 0; its exit status, from 1 on; or
 * negative errno where it could not be run at all, as when it is not installed there.
 * What went wrong is said on standard error. */
int eb_tool_run(const struct eb_cli *cli, const struct eb_tool *tool);

#endif
