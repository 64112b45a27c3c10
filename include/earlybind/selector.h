/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One item of `vfio.gpus=`: which functions does the user mean? */
#ifndef EARLYBIND_SELECTOR_H
#define EARLYBIND_SELECTOR_H

#include <earlybind/addr.h>
#include <earlybind/text.h>

/* Steps of a path below its root port; deeper trees than this are not built. */
#define EB_MAX_STEPS 16
/* The longest item: "-ffffffff:ff:1f.7", sixteen times "/1f.7" and "@ffff:ffff". */
#define EB_SELECTOR_TEXT 112

enum eb_selector_kind {
	EB_SELECT_NONE,	     /* none: drop what was selected before */
	EB_SELECT_CARD,	     /* every function of the slot */
	EB_SELECT_FUNCTION,  /* that function alone */
	EB_SELECT_PATH,	     /* what is at the end of a path below a root port */
	EB_SELECT_ID,	     /* cards by vendor:device[:subvendor:subdevice] */
	EB_SELECT_VENDOR,    /* nvidia, amd, intel */
	EB_SELECT_ALL,	     /* every display card */
	EB_SELECT_BOOT,	     /* the display card that the console is on */
	EB_SELECT_SECONDARY, /* every display card but that one */
};

struct eb_step {
	uint8_t device;
	uint8_t function;
};

struct eb_selector {
	enum eb_selector_kind kind;
	bool exclude;	     /* "-": take these out again */
	struct eb_addr addr; /* CARD (function 0), FUNCTION; PATH: its root port */
	/* PATH: the steps below the root port. The last one may name no function,
	 * which means the whole card. */
	uint8_t steps;
	bool step_whole;
	struct eb_step step[EB_MAX_STEPS];
	struct eb_id id; /* ID; VENDOR: the vendor alone */
	bool has_subsystem;
	struct eb_id subsystem;
	bool has_guard; /* "@": what a display function found there must be */
	struct eb_id guard;
	struct eb_slice text; /* the item as it was written */
};

/* Read the item TEXT (no comma in it) by the grammar of vfio.gpus(7).
 * 0 and OUT; or -EINVAL, where in TEXT it went wrong, and a constant reason. */
int eb_selector_parse(struct eb_slice text, struct eb_selector *out, size_t *offset,
		      const char **reason);

/* Print SELECTOR in its one plain form, domain and function always given. What is
 * printed parses to the same selector. Returns OUT. */
const char *eb_selector_print(const struct eb_selector *selector,
			      char out[EB_SELECTOR_TEXT]);

#endif
