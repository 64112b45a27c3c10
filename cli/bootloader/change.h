/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A change of the boot configuration: what will be written, writing it, and the way back.
 */
#ifndef EARLYBIND_CLI_CHANGE_H
#define EARLYBIND_CLI_CHANGE_H

#include "cli.h"
#include "readback.h"

struct eb_change {
	const struct eb_cli *cli;
	const struct eb_how *how;
	const char *words;    /* to be written, "" for disable */
	struct eb_kept found; /* the state before the change */
	struct eb_kept state; /* and as it will be */
	struct {
		char *now;     /* the file as it is, NULL for none */
		char *base;    /* as it was before enable */
		char *next;    /* as it will be */
		bool written;  /* was it touched by this change? */
		bool edited;   /* somebody changed it since enable */
		bool invented; /* there was none: made of the running command line */
		bool kept;     /* disable: not removed, as that one has our words */
	} place[EB_PLACES];
};

/* Read what there is, and decide what will be: WORDS, or "" for what was there before.
 * 0, or EB_EXIT_USAGE when a file cannot be read, which was said. To be freed. */
int eb_change_plan(struct eb_change *change);

void eb_change_free(struct eb_change *change);

/* Is every file as it will be, and was the last change brought to its end? */
bool eb_change_is_done(const struct eb_change *change);

/* Run the tools of HOW one after the other. 0, or of the first that fails what
 * eb_tool_run() returns. */
int eb_change_run_tools(const struct eb_change *change);

/* Write it, run the tools, and read back into BACK. Where enable's own tools fail, or do
 * not make the loader have it, all is as before. 0, or EB_EXIT_LOOK, which was said. */
int eb_change_enable(struct eb_change *change, struct eb_readback *back);

/* The same of disable; what fails after the files are restored is left for the next run,
 * as nobody wants the words back. */
int eb_change_disable(struct eb_change *change, struct eb_readback *back);

/* Show the files' differences, and what would be run. */
void eb_change_show(const struct eb_change *change);

#endif
