/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `enable` has written and what was there before it, in /var/lib/earlybind. */
#ifndef EARLYBIND_CLI_KEPT_H
#define EARLYBIND_CLI_KEPT_H

#include <stdbool.h>

#include "cmdline-edit.h"

#define EB_KEPT_DIR "var/lib/earlybind"

/* Where words are written. */
enum eb_place { EB_PLACE_GRUB, EB_PLACE_CMDLINE, EB_PLACES };

/* The file of PLACE: etc/default/grub.d/earlybind.cfg or etc/kernel/cmdline. */
const char *eb_place_path(enum eb_place place);

/* Copies of a place's file. BEFORE is what disable restores; AFTER is what enable left;
 * NEXT is what an enable is about to write, and AFTER when it is done. */
enum eb_copy { EB_COPY_BEFORE, EB_COPY_AFTER, EB_COPY_NEXT, EB_COPY_CHANGED };

/* Its path below EB_KEPT_DIR, in a buffer of the next call but one. */
const char *eb_kept_copy(enum eb_place place, enum eb_copy copy);

struct eb_kept {
	bool enabled;  /* is there anything of enable's at all? */
	bool finished; /* false: an enable or disable was stopped on its way */
	char words[EB_MAX_WORDS];
	char older[EB_MAX_WORDS]; /* those of an enable before, until this is finished */
	struct {
		bool used;
		bool existed;  /* was there a file before? */
		bool made_dir; /* was its directory made for it? */
	} place[EB_PLACES];
};

/* Read it. Without one all is zero and that is well. 0; -EINVAL when the file is not
 * understood, or another negative errno. */
int eb_kept_read(int root, struct eb_kept *state);

/* Write it. The directory must be there. */
int eb_kept_write(int root, const struct eb_kept *state);

/* Remove what was stopped on its way of being written, here and in the places. */
void eb_kept_sweep(int root);

/* Remove it first, then the copies of PLACEs, and the directory if nothing else is in it.
 * 0 or negative errno of the first. */
int eb_kept_remove(int root);

#endif
