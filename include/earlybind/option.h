/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The earlybind.* arguments: names, values, defaults. */
#ifndef EARLYBIND_OPTION_H
#define EARLYBIND_OPTION_H

#include <earlybind/request.h>

/* Room for the sentence on a bad one. */
#define EB_OPTION_WHY 128

/* Read ARG, whose name begins with "earlybind.", into REQUEST. A known option with an
 * unknown value gets its default. WHY is then half a sentence on what it takes, and
 * EB_FIND_BAD_VALUE is returned; or EB_FIND_UNKNOWN_OPTION. WHY is "" where all is well.
 */
enum eb_code eb_option_read(const struct eb_cmdline_arg *arg, struct eb_request *request,
			    char why[EB_OPTION_WHY]);

#endif
