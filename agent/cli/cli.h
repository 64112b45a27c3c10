/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The `earlybind` command: what its subcommands share. */
#ifndef EARLYBIND_CLI_H
#define EARLYBIND_CLI_H

#include <stdbool.h>

#include <earlybind/survey.h>

/* Exit status of every subcommand. */
#define EB_EXIT_WELL  0
#define EB_EXIT_LOOK  1 /* there is something to look at */
#define EB_EXIT_USAGE 2 /* wrong use, or nothing could be read */

struct eb_cli {
	int root;	       /* the machine to look at */
	const char *root_path; /* its name, "/" for this one */
	bool json;
	int argc; /* what follows the subcommand and its options */
	char **argv;
};

int eb_cli_plan(const struct eb_cli *cli);

#endif
