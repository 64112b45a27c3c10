/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was done and found: report.json, boot.log, and lines of the kernel log. */
#ifndef EARLYBIND_REPORT_H
#define EARLYBIND_REPORT_H

#include <earlybind/plan.h>

#define EB_REPORT_DIR  "run/earlybind"
#define EB_REPORT_JSON EB_REPORT_DIR "/report.json"
#define EB_REPORT_LOG  EB_REPORT_DIR "/boot.log"

struct eb_report {
	const struct eb_request *request;
	const struct eb_pci *pci;
	const struct eb_machine *machine;
	const struct eb_plan *plan;
	const struct eb_conflicts *conflicts;
	const struct eb_findings *findings;
	uint64_t elapsed_us; /* from the start to here */
	uint64_t held_us;    /* from the start to the last hold */
};

/* Write the report as JSON (earlybind-report(5)) to FD. 0 or negative errno. */
int eb_report_json(const struct eb_report *report, int fd);

/* Write the same as lines for people to FD. 0 or negative errno. */
int eb_report_text(const struct eb_report *report, int fd);

/* Levels of the kernel log. */
enum eb_level { EB_LEVEL_ERR = 3, EB_LEVEL_WARNING = 4, EB_LEVEL_NOTICE = 5 };

/* Longest line that eb_report_say() says, with its NUL: the kernel log takes 1024 bytes
 * with prefix (kernel/printk/printk.c, devkmsg_write). */
#define EB_LINE_TEXT 900

/* Say the most important of it, at most LINES lines, to SAY: first what was asked for and
 * not claimed, then remaining conflicts, then what was claimed without one. */
void eb_report_say(const struct eb_report *report,
		   void (*say)(void *ctx, enum eb_level level, const char *line),
		   void *ctx, unsigned int lines);

/* One line on DEVICE: "0000:05:00.0: bound to vfio-pci (was nouveau)". */
void eb_report_device_line(const struct eb_report *report, const struct eb_device *device,
			   struct eb_text *line);

/* A conflict counts for the report when its function is to be claimed or, afterwards,
 * when it was. */
bool eb_report_has_conflict(const struct eb_report *report,
			    const struct eb_conflict *conflict);

#endif
