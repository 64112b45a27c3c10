/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the agent wrote in this boot: /run/earlybind/report.json, read back. */
#ifndef EARLYBIND_CLI_REPORT_READ_H
#define EARLYBIND_CLI_REPORT_READ_H

#include <earlybind/survey.h>

struct json_object;

/* Texts below are never NULL unless it is said, and live as long as the report. */
struct eb_boot_device {
	struct eb_addr addr;
	const char *address;
	const char *id;
	const char *result;
	const char *reason; /* or NULL */
	bool claimed;
};

struct eb_boot_finding {
	const char *code;
	const char *severity;
	const char *address; /* or NULL */
	const char *text;
};

struct eb_boot_conflict {
	const char *address;
	const char *range;
	const char *owner;
	const char *remedy;
	unsigned int bar;
	bool after; /* seen after binding */
	bool blocks;
};

struct eb_boot_report {
	struct json_object *json;
	const char *version;
	const char *kernel;
	bool dryrun;
	unsigned int arguments, devices, findings, conflicts;
	const char *argument[EB_MAX_ARGUMENTS];
	struct eb_boot_device device[EB_MAX_DEVICES];
	struct eb_boot_finding finding[EB_MAX_FINDINGS];
	struct eb_boot_conflict conflict[EB_MAX_CONFLICTS];
};

/* Read the report below ROOT into BOOT. 0; -ENOENT where there is none; another negative
 * errno where it cannot be read or, -EBADMSG, is no report of this format, and WHY then
 * says what is wrong with it. What is read is given back by eb_report_free(), also after
 * a failure. */
int eb_report_read(int root, struct eb_boot_report *boot, const char **why);

void eb_report_free(struct eb_boot_report *boot);

#endif
