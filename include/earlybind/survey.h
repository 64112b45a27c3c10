/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Look at a machine and make the plan: what the agent and the command share. */
#ifndef EARLYBIND_SURVEY_H
#define EARLYBIND_SURVEY_H

#include <earlybind/report.h>

/* About 500 KiB, of which a machine touches what it has functions for. */
struct eb_survey {
	char cmdline[EB_MAX_CMDLINE + 2]; /* with a newline, and one that is too many */
	struct eb_request request;
	struct eb_pci pci;
	struct eb_machine machine;
	struct eb_choice choice;
	struct eb_plan plan;
	struct eb_conflicts conflicts;
	struct eb_findings findings;
};

/* Read the kernel command line below ROOT and what it asks for. Opens nothing below
 * /sys. 0, or negative errno of /proc/cmdline. */
int eb_survey_request(struct eb_survey *survey, int root);

/* The same, of TEXT in the place of a command line. */
void eb_survey_request_text(struct eb_survey *survey, const char *text);

/* Look at the machine below ROOT and make the plan. Changes nothing. */
void eb_survey_machine(struct eb_survey *survey, int root);

/* Look again for conflicts, now that the plan is carried out. */
void eb_survey_after(struct eb_survey *survey, int root);

struct eb_report eb_survey_report(const struct eb_survey *survey);

#endif
