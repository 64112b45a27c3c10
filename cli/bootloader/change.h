/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A change of the boot configuration: what will be written, writing it, and the way back.
 */
#ifndef EARLYBIND_CLI_CHANGE_H
#define EARLYBIND_CLI_CHANGE_H

#include <earlybind/sysfs.h>

#include "cli.h"
#include "enable-state.h"
#include "trial.h"

struct eb_change {
	const struct eb_cli *cli;
	const struct eb_bootloader *loader;
	const struct eb_setup *setup;
	bool running;	   /* is it this very system, so that /proc is its own? */
	const char *words; /* to be written, "" for disable */
	const char
		*trial; /* for the next boot alone, in the place of WORDS; "" for none */
	struct eb_enable_state found; /* the state before the change */
	struct eb_enable_state state; /* and as it will be */
	bool state_written;	      /* is STATE on the disk? */
	struct eb_entries before;     /* what the loader had before the change */
	struct eb_entries after;      /* and has after it */
	struct eb_trial trial_before; /* what it had for one boot */
	struct eb_trial trial_after;  /* and has */
	struct {
		char *now;     /* the file as it is, NULL for none */
		char *base;    /* as it was before enable */
		char *next;    /* as it will be */
		char *until;   /* as it is to be while disable's tools run, if other */
		bool written;  /* was it touched by this change? */
		bool done;     /* and without an error? */
		bool edited;   /* it was changed since enable */
		bool invented; /* there was none: created from what was used without it */
		bool stays;    /* disable keeps it, as this boot has our arguments */
		char saved[EB_MAX_PATH]; /* where an edited one was saved, or "" */
	} place[EB_PLACES];
};

/* Read what there is, and decide what will be: WORDS and TRIAL, or "" for what was there
 * before. CLI, LOADER, SETUP, RUNNING, WORDS, TRIAL, FOUND and BEFORE are the caller's to
 * set. 0, or EB_EXIT_USAGE when a file cannot be read, which was said. To be freed. */
int eb_change_plan(struct eb_change *change);

void eb_change_free(struct eb_change *change);

/* Is PLACE to have anything of ours? */
bool eb_change_takes(const struct eb_change *change, enum eb_place place);

/* Will the tools know what else is on the kernel command line? Without a file they take
 * /proc/cmdline, which below another root is not that system's. */
bool eb_change_is_cmdline_known(const struct eb_change *change);

/* Free and read the loader's entries again, into ENTRIES. */
void eb_change_read_back(const struct eb_change *change, struct eb_entries *entries);

/* Read what it has for one boot. */
void eb_change_read_trial(const struct eb_change *change, struct eb_trial *trial);

/* Is every file as it will be, and was the last change brought to its end? */
bool eb_change_is_done(const struct eb_change *change);

/* Write it, run the tools and read back, BEFORE being known. 0 when the entries say
 * exactly what enable wants. Else EB_EXIT_LOOK, which was said, with all taken back where
 * the tools failed or the loader does not have it. */
int eb_change_enable(struct eb_change *change);

/* The same of disable. What fails after the files are restored is left for the next run,
 * as nobody wants the arguments back; the state stays until the entries are read back
 * without them. */
int eb_change_disable(struct eb_change *change);

/* Do they read anything that the change changes? */
bool eb_change_needs_tools(const struct eb_change *change);

/* Run the tools, if so. 0; EB_EXIT_LOOK, or negative errno where one could not be
 * started, or EB_CHANGE_REFUSED where what they wrote is not used, with a message
 * printed. */
#define EB_CHANGE_REFUSED 2
int eb_change_run_tools(const struct eb_change *change);

/* If the last enable used another loader, have that one read the files again. 0, or
 * EB_EXIT_LOOK with a message printed where its entries still have what is not enabled.
 */
int eb_change_leave_loader(struct eb_change *change);

/* Have the file systems of ENTRIES on their disks: the tools flush neither their entries
 * nor the kernels and images that these name. 0 or negative errno with a message printed.
 */
int eb_change_flush(const struct eb_change *change, const struct eb_entries *entries);

/* --- its files, in the order of a change; 0 or negative errno with a message printed ---
 */

/* Say that PATH could not be written. Returns ERR. */
int eb_change_failed(const struct eb_change *change, const char *path, int err);

/* Copy what is needed for the way back, and record that a change is under way, before
 * anything of the system is touched. */
int eb_change_copy_all(struct eb_change *change);

/* Save an edited file of PLACE under a name that is never reused: in /var, or if that
 * cannot be written, beside the file under a name that GRUB does not read. */
int eb_change_save_edited(struct eb_change *change, enum eb_place place);

/* Write each file: as planned, or BACK to what it was. */
int eb_change_put_all(struct eb_change *change, bool back);

/* Remove what was there until the tools had run. */
int eb_change_end_until(struct eb_change *change);

/* Remove the directories that STATE says were made. */
void eb_change_remove_dirs(const struct eb_change *change,
			   const struct eb_enable_state *state);

/* Put the state and its copies back as they were found, after the files. */
int eb_change_put_state_back(struct eb_change *change);

/* Does each file have its former content again? */
bool eb_change_are_back(const struct eb_change *change);

/* What was written is what is enabled: record it. */
int eb_change_finish(struct eb_change *change);

/* Show the files' differences, and what would be run. */
void eb_change_show(const struct eb_change *change);

#endif
