/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `enable` and `plan` are given on their own command line. */
#ifndef EARLYBIND_CLI_ARGUMENTS_H
#define EARLYBIND_CLI_ARGUMENTS_H

#include "cli.h"

/* As much as a kernel takes on x86 for all of its command line (COMMAND_LINE_SIZE). */
#define EB_ARGUMENTS_TEXT 2048

/* Room for what eb_arguments_read() says. */
#define EB_ARGUMENTS_WHY 512

/* Is TEXT a list as vfio.gpus= takes it, each item understood? */
bool eb_arguments_is_list(const char *text);

/* Join the COUNT arguments ARG, and what blanks separate in them, into OUT of SIZE bytes:
 * a piece of kernel command line. Bare lists of cards (05:00, or nvidia,-0b:00) become
 * vfio.gpus=, several in a row one list; vfio.gpus=, rd.vfio.gpus= and earlybind.* are
 * taken as they are, without a look at their values. 0; or -EINVAL, and WHY is an error
 * message: what is wrong, where, and what was probably meant. */
int eb_arguments_read(int count, char *const *arg, char *out, size_t size, char *why,
		      size_t why_size);

/* Print WHY as an error, with the display cards of CLI's machine where it can be read.
 * Returns EB_EXIT_USAGE. */
int eb_arguments_explain(struct eb_cli *cli, const char *why);

#endif
