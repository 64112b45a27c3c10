/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an older recipe for giving cards to guests left behind. */
#ifndef EARLYBIND_CLI_LEFTOVERS_H
#define EARLYBIND_CLI_LEFTOVERS_H

#include "cli.h"
#include "items.h"

struct eb_leftovers {
	const struct eb_cli *cli; /* its survey has the machine, and the plan */
	struct eb_items *items;
	char command_line[EB_MAX_CMDLINE + 2]; /* of this boot */
	bool virqfd;			       /* has this kernel vfio_virqfd? */
	bool acs_patch;			       /* by the log: the kernel has the patch */
	char unknown[512];		       /* by the log: arguments that it has not */
};

/* Find them and add an item for each kind: what it is, where it stands, whether it is
 * needless now or does harm, and what to do. To be called where cards are claimed, or are
 * to be, by the plan of CLI's survey: else an older recipe may be what claims them. */
void eb_leftovers_find(const struct eb_cli *cli, struct eb_items *items);

/* The parts of it: lines of modprobe.d; files that list modules; arguments. */
void eb_leftovers_modprobe(struct eb_leftovers *left);
void eb_leftovers_modules(struct eb_leftovers *left);
void eb_leftovers_arguments(struct eb_leftovers *left);

/* MODULE, with '_', is on a blacklist, as WHERE shows. */
void eb_leftovers_blacklist(struct eb_leftovers *left, const char *module,
			    const char *where);

/* One more line of evidence, unless it is there, for the item of CODE, which is made with
 * TEXT if there is none yet. */
struct eb_item *eb_leftovers_add(struct eb_leftovers *left, enum eb_item_code code,
				 const char *text, const char *where);

#endif
