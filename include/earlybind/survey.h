/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Examine a machine and make the plan: for the agent and the command. */
#ifndef EARLYBIND_SURVEY_H
#define EARLYBIND_SURVEY_H

#include <earlybind/advice.h>
#include <earlybind/framebuffer.h>
#include <earlybind/report.h>

/* About 400 KiB, of which only the pages in use become resident. */
struct eb_survey {
	/* The caller's to set: who reads what is behind locks, and whether to examine all
	 * of the machine, for a list, or what the request needs. */
	struct eb_locked locked;
	bool whole;
	char cmdline[EB_MAX_CMDLINE + 2]; /* with a newline, and one that is too many */
	struct eb_request request;
	struct eb_pci pci;
	struct eb_machine machine;
	struct eb_choice choice;
	struct eb_plan plan;
	struct eb_klog klog;
	struct eb_framebuffers framebuffers;
	struct eb_conflicts conflicts;
	struct eb_findings findings;
};

/* Read the kernel command line below ROOT and what it asks for. Opens nothing below
 * /sys. 0, or negative errno of /proc/cmdline. */
int eb_survey_request(struct eb_survey *survey, int root);

/* The same, of TEXT in the place of a command line. */
void eb_survey_request_text(struct eb_survey *survey, const char *text);

/* The pure parts of eb_survey_machine(), of the request and the machine as they are: find
 * the console's card and choose functions; then plan, and add findings. */
void eb_survey_choose(struct eb_survey *survey);
void eb_survey_plan(struct eb_survey *survey);

/* Read the machine below ROOT, its functions and cards, and more of those that WANTED
 * says yes to (eb_detail_read()). 0, or the negative errno of /sys/bus/pci/devices. */
int eb_survey_scan(struct eb_survey *survey, int root,
		   bool (*wanted)(const void *ctx, const struct eb_pci *pci,
				  unsigned int function),
		   const void *ctx);

/* Examine the machine below ROOT and make the plan. Changes nothing. */
void eb_survey_look(struct eb_survey *survey, int root);

/* Find what will block: slower, and it may come after the hold. Changes nothing. */
void eb_survey_before(struct eb_survey *survey, int root);

/* Both. */
void eb_survey_machine(struct eb_survey *survey, int root);

/* Add findings on what guests will run into: for a plan that is not carried out. */
void eb_survey_predict(struct eb_survey *survey, int root);

/* The same, and check for conflicts again, after the plan was carried out. */
void eb_survey_after(struct eb_survey *survey, int root);

struct eb_report eb_survey_report(const struct eb_survey *survey);

#endif
