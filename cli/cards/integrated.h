/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host's functions in the slot of integrated graphics. */
#ifndef EARLYBIND_CLI_INTEGRATED_H
#define EARLYBIND_CLI_INTEGRATED_H

#include <earlybind/survey.h>

#define EB_INTEGRATED_TEXT 1024

/* Of CARD's functions, those that are the host's, as a list of addresses, each with what
 * it is, in OUT of SIZE bytes. PLANNED: only those that the plan takes. How many. */
unsigned int eb_integrated_list(const struct eb_survey *survey, unsigned int card,
				bool planned, char *out, size_t size);

/* Write the note on the host's functions that the plan would take, with what claims the
 * graphics alone. False where it takes none. */
bool eb_integrated_note(const struct eb_survey *survey, char out[EB_INTEGRATED_TEXT]);

#endif
