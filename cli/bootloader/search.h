/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds arguments in the boot loader's source files that enable did not write. */
#ifndef EARLYBIND_CLI_SEARCH_H
#define EARLYBIND_CLI_SEARCH_H

#include <stdbool.h>

#include "loader.h"

struct eb_written {
	unsigned int count;	    /* arguments of ours */
	char ours[EB_MAX_WORDS];    /* them, with blanks between */
	char where[EB_ENTRY_WHERE]; /* file and line of the first, with a slash in front
				     */
	bool intel_iommu;	    /* intel_iommu=on is there too */
};

/* Search the files below ROOT that the places of SETUP belong to, line by line: they are
 * shell, and whatever a line does with an argument, it stands there to be changed. What
 * enable wrote is not searched; CMDLINE is /etc/kernel/cmdline without it, NULL for none.
 */
void eb_search_written(int root, const struct eb_setup *setup, const char *cmdline,
		       struct eb_written *out);

#endif
