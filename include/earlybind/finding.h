/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings: what a person should know, each with a stable code and one sentence. */
#ifndef EARLYBIND_FINDING_H
#define EARLYBIND_FINDING_H

#include <stdbool.h>

#include <earlybind/addr.h>
#include <earlybind/text.h>

#define EB_MAX_FINDINGS 96
#define EB_FINDING_TEXT 512

enum eb_severity { EB_ERROR, EB_WARNING, EB_INFO };

/* Codes are part of the report's format: man/vfio.gpus.7 has an entry for each. */
enum eb_code {
	/* what the command line says */
	EB_FIND_BAD_ITEM,
	EB_FIND_EMPTY_ARGUMENT,
	EB_FIND_UNKNOWN_OPTION,
	EB_FIND_BAD_VALUE,
	EB_FIND_TOO_LONG,
	EB_FIND_SWITCHED_OFF,
	EB_FIND_DRY_RUN,
	/* what the machine says to it */
	EB_FIND_NO_MATCH,
	EB_FIND_NOT_A_CARD_ID,
	EB_FIND_GUARD,
	EB_FIND_BRIDGE,
	EB_FIND_NOT_DISPLAY,
	EB_FIND_NO_IOMMU,
	EB_FIND_GROUP_HELD,
	EB_FIND_SRIOV,
	EB_FIND_OTHER_OVERRIDE,
	EB_FIND_IDS_TAKE_MORE,
	EB_FIND_BOOT_DISPLAY,
	EB_FIND_BOOT_DISPLAY_UNKNOWN,
	EB_FIND_SCAN,
	EB_FIND_LIMIT,
	EB_FIND_BAR_HELD,
	EB_FIND_BAR_UNASSIGNED,
	EB_FIND_NO_RESET,
	EB_FIND_VIDEO_OFF,
	EB_FIND_IOMEM_HIDDEN,
	EB_FIND_RMRR,
	EB_FIND_NO_REMAPPING,
	EB_FIND_NOT_POSTED,
	/* what happened */
	EB_FIND_HOLD_FAILED,
	EB_FIND_NO_VFIO,
	EB_FIND_LOAD_FAILED,
	EB_FIND_UNBIND_FAILED,
	EB_FIND_BIND_FAILED,
	EB_FIND_TIMEOUT,
	EB_FIND_HANDED_BACK,
	EB_FIND_STILL_HELD,
	EB_FIND_POWER_FAILED,
	EB_FIND_RELEASED,
	EB_FIND_RELEASE_FAILED,
	EB_CODES /* how many */
};

struct eb_finding {
	enum eb_code code;
	bool has_addr;
	struct eb_addr addr;
	char text[EB_FINDING_TEXT];
};

struct eb_findings {
	unsigned int count;
	unsigned int dropped; /* findings that found no room */
	struct eb_text text;  /* of the last one, or where it goes nowhere */
	struct eb_finding list[EB_MAX_FINDINGS];
};

/* A new finding of CODE on the function at ADDR, or on none where ADDR is NULL. The
 * caller writes its text, before the next finding begins. The last place is kept for
 * saying that more were dropped: a finding that comes later is counted, and its text goes
 * nowhere. */
struct eb_text *eb_finding_add(struct eb_findings *findings, enum eb_code code,
			       const struct eb_addr *addr);

/* The same on the function at ADDR, the text begun with its address and a blank. */
struct eb_text *eb_finding_on(struct eb_findings *findings, enum eb_code code,
			      const struct eb_addr *addr);

/* A text that goes nowhere, for a finding that is not to be kept. */
struct eb_text *eb_finding_drop(struct eb_findings *findings);

/* "bad-item" and so on. */
const char *eb_finding_name(enum eb_code code);

enum eb_severity eb_finding_severity(enum eb_code code);

/* "error", "warning" or "info". */
const char *eb_finding_severity_name(enum eb_severity severity);

#endif
