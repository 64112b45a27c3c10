/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `earlybind diagnose` has to say: items, each with evidence and a remedy. */
#ifndef EARLYBIND_CLI_ITEMS_H
#define EARLYBIND_CLI_ITEMS_H

#include <earlybind/finding.h>

/* Beyond these, things are counted and no longer kept. */
#define EB_MAX_ITEMS	192
#define EB_MAX_EVIDENCE 8
#define EB_MAX_CHECKS	16

/* Codes of what the report has no finding for; earlybind(8) has an entry for each. */
enum eb_item_code {
	EB_ITEM_NO_REPORT,
	EB_ITEM_BAD_REPORT,
	EB_ITEM_LOST,
	EB_ITEM_REMOVED,
	EB_ITEM_NOT_CLAIMED,
	EB_ITEM_CLAIMED_SINCE,
	EB_ITEM_GROUP_NOT_VIABLE,
	EB_ITEM_CANT_RESERVE,
	EB_ITEM_PROBE_FAILED,
	EB_ITEM_POWER_STATE,
	EB_ITEM_RESET_TROUBLE,
	EB_ITEM_DISPLAY_IN_USE,
	EB_ITEM_IMAGE_NO_AGENT,
	EB_ITEM_IMAGE_NO_VFIO,
	EB_ITEM_IMAGE_ORDER,
	EB_ITEM_NEXT_BOOT,
	EB_ITEM_NOT_APPLIED,
	/* what an older recipe left behind */
	EB_ITEM_DRIVER_BLACKLISTED,
	EB_ITEM_IDS_IN_MODPROBE,
	EB_ITEM_MISSING_MODULE,
	EB_ITEM_MODESET_OFF,
	EB_ITEM_ACS_OVERRIDE,
	EB_ITEM_VGA_DISABLED,
	EB_ITEM_FRAMEBUFFER_OFF,
	EB_ITEM_NEEDLESS_MODPROBE,
	EB_ITEM_NEEDLESS_MODULE,
	EB_ITEM_NEEDLESS_ARGUMENT,
	EB_ITEM_CODES /* how many */
};

struct eb_item {
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

struct eb_items {
	unsigned int count;
	unsigned int left_out;
	struct eb_item list[EB_MAX_ITEMS];
	struct eb_item spare; /* takes what finds no room */
	unsigned int checked;
	const char *check[EB_MAX_CHECKS];
	unsigned int not_checked;
	struct eb_not_checked not_check[EB_MAX_CHECKS];
};

/* A new item of CODE on ADDRESS, or on none where that is NULL, with TEXT and with the
 * remedy that the table of codes has. Never NULL. */
__attribute__((format(printf, 4, 5))) struct eb_item *eb_items_add(struct eb_items *items,
								   enum eb_item_code code,
								   const char *address,
								   const char *format,
								   ...);

/* The same of a code that findings have too. */
__attribute__((format(printf, 4, 5))) struct eb_item *eb_items_add_finding(
	struct eb_items *items, enum eb_code code, const char *address,
	const char *format, ...);

/* The same of a finding of the report, whose code this version may not know. */
struct eb_item *eb_items_add_reported(struct eb_items *items, const char *code,
				      const char *severity, const char *address,
				      const char *text);

/* Add a line of evidence, or say what to do in the place of the table's remedy. */
__attribute__((format(printf, 2, 3))) void eb_item_seen(struct eb_item *item,
							const char *format, ...);
__attribute__((format(printf, 2, 3))) void eb_item_remedy(struct eb_item *item,
							  const char *format, ...);

/* The item of CODE on ADDRESS, which may be NULL for any, or NULL. */
struct eb_item *eb_items_find(struct eb_items *items, const char *code,
			      const char *address);

/* Note that WHAT, a constant, was looked at; or why it could not be. */
void eb_items_checked(struct eb_items *items, const char *what);
__attribute__((format(printf, 3, 4))) void eb_items_not_checked(struct eb_items *items,
								const char *what,
								const char *format, ...);

/* The heaviest first, and of the same weight as they were added. */
void eb_items_sort(struct eb_items *items);

/* How many are of SEVERITY? */
unsigned int eb_items_count(const struct eb_items *items, enum eb_severity severity);

const char *eb_item_code_name(enum eb_item_code code);
enum eb_severity eb_item_code_severity(enum eb_item_code code);

/* What to do about an item of this code. */
const char *eb_item_code_remedy(enum eb_item_code code);
const char *eb_finding_remedy(enum eb_code code);

#endif
