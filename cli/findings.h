/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings for a person. */
#ifndef EARLYBIND_CLI_FINDINGS_H
#define EARLYBIND_CLI_FINDINGS_H

#include <earlybind/finding.h>

#include "terminal.h"

/* Print the findings of SEVERITY, a paragraph each. Those that say the same of several
 * functions are one. Returns how many findings there are. */
unsigned int eb_findings_show(struct eb_term *term, const struct eb_findings *findings,
			      enum eb_severity severity);

#endif
