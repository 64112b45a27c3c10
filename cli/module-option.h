/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Boolean options of kernel modules. */
#ifndef EARLYBIND_CLI_MODULE_OPTION_H
#define EARLYBIND_CLI_MODULE_OPTION_H

#include "cli.h"

/* Is the boolean PARAMETER of MODULE (with '_' for '-') set: in the loaded module, else
 * on the running kernel's command line or in modprobe.d? */
bool eb_module_option(const struct eb_cli *cli, const char *module,
		      const char *parameter);

#endif
