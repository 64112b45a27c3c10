/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel log says of functions: BARs without room, and refusals later on. */
#ifndef EARLYBIND_KLOG_H
#define EARLYBIND_KLOG_H

#include <earlybind/pci.h>

#define EB_MAX_KLOG  64
#define EB_KLOG_TEXT 144
#define EB_NO_BAR    0xff

enum eb_klog_kind {
	EB_KLOG_NO_ROOM,  /* the BAR got no address, for now */
	EB_KLOG_RESERVE,  /* "can't reserve": a guest ran into a conflict */
	EB_KLOG_PROBE,	  /* vfio-pci's probe failed */
	EB_KLOG_POWER,	  /* it did not come out of D3 */
	EB_KLOG_RESET,	  /* a reset failed */
	EB_KLOG_RESTORED, /* vfio-pci restored BARs that were lost */
	EB_KLOG_NONE,	  /* nothing is wrong: no line of a log */
};

struct eb_klog_line {
	enum eb_klog_kind kind;
	int16_t function;
	uint8_t bar; /* or EB_NO_BAR */
	char text[EB_KLOG_TEXT];
};

struct eb_klog {
	bool open; /* is FILE the log, open where it was read to the end? */
	int file;
	unsigned int count;
	unsigned int left_out;
	struct eb_klog_line line[EB_MAX_KLOG];
};

/* A line that has TEXT, and where VFIO is set is vfio-pci's, is of KIND; of several the
 * first counts. */
struct eb_klog_phrase {
	const char *text;
	enum eb_klog_kind kind;
	bool vfio;
};

/* What is said of functions after the agent, ended by one without text: all kinds but
 * EB_KLOG_NO_ROOM. */
extern const struct eb_klog_phrase eb_klog_since_boot[];

/* Make KLOG, which is zeroed or was closed, empty and open /dev/kmsg below ROOT. 0 or
 * negative errno. */
int eb_klog_open(int root, struct eb_klog *klog);

/* Read on in the log if it is open, without waiting, to its end, and keep the lines on
 * functions of PCI that have a detail: of BARs without room, and of MORE, which may be
 * NULL. 0 or negative errno. */
int eb_klog_read_on(const struct eb_pci *pci, const struct eb_klog_phrase *more,
		    struct eb_klog *klog);

void eb_klog_close(struct eb_klog *klog);

/* All of these in one. */
int eb_klog_read(int root, const struct eb_pci *pci, const struct eb_klog_phrase *more,
		 struct eb_klog *klog);

/* Read RECORD, "PRIORITY,SEQUENCE,TIME,FLAGS;TEXT" (Documentation/ABI/testing/dev-kmsg),
 * as a line on a function. False where it is none of the kinds above or names no
 * address. LINE's function is not set. */
bool eb_klog_parse(const char *record, const struct eb_klog_phrase *more,
		   struct eb_klog_line *line, struct eb_addr *addr);

#endif
