/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The earlybind.* arguments: names, values, defaults. */
#ifndef EARLYBIND_OPTION_H
#define EARLYBIND_OPTION_H

#include <earlybind/cmdline.h>
#include <earlybind/finding.h>

/* Seconds; earlybind.timeout takes 1 to this. */
#define EB_MAX_TIMEOUT	   3600
#define EB_DEFAULT_TIMEOUT 10

/* Room for the sentence on a bad one. */
#define EB_OPTION_WHY 128

struct eb_options {
	bool release_fb;      /* earlybind.fb=release */
	bool hold_failed;     /* earlybind.on_failure=hold */
	bool allow_nongpu;    /* earlybind.nongpu=allow */
	bool power_on;	      /* earlybind.power=on */
	bool dryrun;	      /* earlybind.dryrun=1 */
	unsigned int timeout; /* earlybind.timeout, seconds */
};

/* The defaults. */
struct eb_options eb_option_defaults(void);

/* Read ARG, whose name begins with "earlybind.", into OPTIONS. A known option with an
 * unknown value gets its default. WHY is then half a sentence on what it takes, and
 * EB_FIND_BAD_VALUE is returned; or EB_FIND_UNKNOWN_OPTION. WHY is "" where there is
 * nothing to say.
 */
enum eb_code eb_option_read(const struct eb_cmdline_arg *arg, struct eb_options *options,
			    char why[EB_OPTION_WHY]);

#endif
