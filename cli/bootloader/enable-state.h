/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state of `earlybind enable`: what it has written and what was there before it, in
 * /var/lib/earlybind. */
#ifndef EARLYBIND_CLI_ENABLE_STATE_H
#define EARLYBIND_CLI_ENABLE_STATE_H

#include <stdbool.h>

#include "loader.h"

#define EB_ENABLE_DIR  "var/lib/earlybind"
#define EB_ENABLE_FILE EB_ENABLE_DIR "/enabled"
/* What a user wrote: kept for good, as DIR/NAME.N. */
#define EB_SAVED_DIR EB_ENABLE_DIR "/saved"

/* Copies of a place's file. BEFORE is what disable restores; AFTER is what enable left;
 * NEXT is what an enable is about to write, and AFTER when it is done. */
enum eb_copy { EB_COPY_BEFORE, EB_COPY_AFTER, EB_COPY_NEXT, EB_COPIES };

/* Its path, in a buffer of the next call but one. */
const char *eb_enable_state_copy(enum eb_place place, enum eb_copy copy);

struct eb_enable_state {
	bool enabled;  /* is there anything of enable's at all? */
	bool finished; /* false: an enable or disable was stopped on its way */
	char words[EB_MAX_WORDS];
	char older[EB_MAX_WORDS]; /* those of an enable before, until this is finished */
	char trial[EB_MAX_WORDS]; /* for one boot; "" where there is no trial */
	char trial_since[64];	  /* the id of the boot in which it was armed */
	bool trial_ends;	  /* an enable without --try, or a keep, replaces it */
	char loader[32];	  /* "" in the state of version 0.1 */
	char left[32];		  /* the one before, until it has lost the arguments */
	unsigned int tools;
	struct eb_tool tool[EB_MAX_TOOLS]; /* that were run */
	struct {
		bool used;
		bool existed;  /* was there a file before? */
		bool made_dir; /* was its directory made for it? */
	} place[EB_PLACES];
};

/* Read it. Without one all is zero and that is well. 0; -EINVAL when the file is not
 * understood, or another negative errno. */
int eb_enable_state_read(int root, struct eb_enable_state *state);

/* Write it. The directory must be there. */
int eb_enable_state_write(int root, const struct eb_enable_state *state);

/* Remove what was stopped on its way of being written, here and in the places. */
void eb_enable_state_sweep(int root);

/* Remove it, then the copies, and the directory if nothing else is in it. 0 or negative
 * errno of the first. */
int eb_enable_state_remove(int root);

#endif
