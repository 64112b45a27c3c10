/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel command line in /etc/default/grub, which is shell. */
#ifndef EARLYBIND_CLI_GRUB_DEFAULTS_H
#define EARLYBIND_CLI_GRUB_DEFAULTS_H

#include <stdbool.h>

#include "cmdline-edit.h"

struct eb_grub_defaults {
	char all[EB_MAX_WORDS];	   /* GRUB_CMDLINE_LINUX */
	char normal[EB_MAX_WORDS]; /* GRUB_CMDLINE_LINUX_DEFAULT */
	bool computed;		   /* by something that only a shell can evaluate */
};

/* Take the assignments to the two variables in TEXT, as a shell would: quotes, escapes,
 * and the two variables' own values. */
void eb_grub_defaults_read(const char *text, struct eb_grub_defaults *defaults);

#endif
