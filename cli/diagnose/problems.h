/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `earlybind diagnose` reports: problems, each with evidence and a remedy, and what
 * was checked for them. */
#ifndef EARLYBIND_CLI_PROBLEMS_H
#define EARLYBIND_CLI_PROBLEMS_H

#include <earlybind/finding.h>

/* Problems and evidence beyond these limits are counted, and not kept. */
#define EB_MAX_PROBLEMS 192
#define EB_MAX_EVIDENCE 8
#define EB_MAX_CHECKS	16

/* Codes for what the report has no finding for; earlybind(8) has an entry for each.
 * Below, a CODE is one of these or of enum eb_code. */
enum eb_problem_code {
	EB_PROBLEM_NO_REPORT = EB_CODES,
	EB_PROBLEM_BAD_REPORT,
	EB_PROBLEM_NOT_OURS,
	EB_PROBLEM_LOST,
	EB_PROBLEM_REMOVED,
	EB_PROBLEM_NOT_CLAIMED,
	EB_PROBLEM_CLAIMED_SINCE,
	EB_PROBLEM_GROUP_NOT_VIABLE,
	EB_PROBLEM_CANT_RESERVE,
	EB_PROBLEM_IO_BAR,
	EB_PROBLEM_INTERRUPT_SHARED,
	EB_PROBLEM_ROM_SIGNATURE,
	EB_PROBLEM_PROBE_FAILED,
	EB_PROBLEM_POWER_STATE,
	EB_PROBLEM_RESET_TROUBLE,
	EB_PROBLEM_DISPLAY_IN_USE,
	EB_PROBLEM_IMAGE_NO_AGENT,
	EB_PROBLEM_IMAGE_NO_VFIO,
	EB_PROBLEM_IMAGE_ORDER,
	EB_PROBLEM_IMAGE_LATE,
	EB_PROBLEM_NEXT_BOOT,
	EB_PROBLEM_NOT_APPLIED,
	/* configuration that an older recipe left */
	EB_PROBLEM_DRIVER_BLACKLISTED,
	EB_PROBLEM_IDS_IN_MODPROBE,
	EB_PROBLEM_MISSING_MODULE,
	EB_PROBLEM_MODESET_OFF,
	EB_PROBLEM_ACS_OVERRIDE,
	EB_PROBLEM_VGA_DISABLED,
	EB_PROBLEM_REMOVE_RESCAN,
	EB_PROBLEM_FRAMEBUFFER_OFF,
	EB_PROBLEM_NEEDLESS_MODPROBE,
	EB_PROBLEM_NEEDLESS_MODULE,
	EB_PROBLEM_NEEDLESS_ARGUMENT,
	EB_PROBLEM_CODES /* how many */
};

struct eb_problem {
	const char *code;
	enum eb_severity severity;
	char address[EB_ADDR_TEXT]; /* "" for none */
	char text[EB_FINDING_TEXT];
	char remedy[EB_FINDING_TEXT];
	unsigned int evidence;
	unsigned int evidence_left_out;
	char seen[EB_MAX_EVIDENCE][EB_FINDING_TEXT];
};

struct eb_not_checked {
	const char *what;
	char why[EB_FINDING_TEXT];
};

struct eb_problems {
	unsigned int count;
	unsigned int left_out;
	struct eb_problem list[EB_MAX_PROBLEMS];
	struct eb_problem spare; /* written where the list is full */
	unsigned int checked;
	const char *check[EB_MAX_CHECKS];
	unsigned int not_checked;
	struct eb_not_checked not_check[EB_MAX_CHECKS];
};

/* Add a problem of CODE at ADDRESS, or at none where that is NULL, with TEXT and the
 * remedy that the table of codes has. Never NULL. */
__attribute__((format(printf, 4, 5))) struct eb_problem *eb_problems_add(
	struct eb_problems *problems, unsigned int code, const char *address,
	const char *format, ...);

/* The same for a finding of the report, whose code this version may not know. */
struct eb_problem *eb_problems_add_reported(struct eb_problems *problems,
					    const char *code, const char *severity,
					    const char *address, const char *text);

/* Add WHERE, unless it is there already, to the evidence of the one problem of CODE,
 * which is added with TEXT if there is none yet. */
struct eb_problem *eb_problems_gather(struct eb_problems *problems, unsigned int code,
				      const char *text, const char *where);

/* Add a line of evidence, or replace the remedy. */
__attribute__((format(printf, 2, 3))) void eb_problem_seen(struct eb_problem *p,
							   const char *format, ...);
__attribute__((format(printf, 2, 3))) void eb_problem_remedy(struct eb_problem *p,
							     const char *format, ...);

/* The problem of CODE at ADDRESS, or at any where that is NULL; or NULL. */
struct eb_problem *eb_problems_find(struct eb_problems *problems, unsigned int code,
				    const char *address);

/* Note why WHAT, a constant, could not be checked, or not all of it; the first reason
 * counts. */
__attribute__((format(printf, 3, 4))) void eb_problems_not_checked(
	struct eb_problems *problems, const char *what, const char *format, ...);

/* The same for a file that could not be read, with ERR, which is negative. */
void eb_problems_unreadable(struct eb_problems *problems, const char *what,
			    const char *path, int err);

/* The same if PATH below ROOT exists and cannot be opened with FLAGS of open(2): for what
 * is read by a function that does not tell. */
void eb_problems_probe(struct eb_problems *problems, int root, const char *what,
		       const char *path, int flags);

/* Note that WHAT was checked, unless a reason was noted why not. */
void eb_problems_checked(struct eb_problems *problems, const char *what);

/* The most severe first; of the same severity as they were added. */
void eb_problems_sort(struct eb_problems *problems);

/* How many are of SEVERITY? */
unsigned int eb_problems_count(const struct eb_problems *problems,
			       enum eb_severity severity);

/* A code's name, severity, and what to do about it. */
struct eb_problem_kind {
	const char *name;
	enum eb_severity severity;
	const char *remedy;
};

struct eb_problem_kind eb_problem_kind(unsigned int code);

#endif
