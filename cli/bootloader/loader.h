/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where this machine's boot loader takes the kernel's command line from, and what must
 * run so that it does. */
#ifndef EARLYBIND_CLI_LOADER_H
#define EARLYBIND_CLI_LOADER_H

#include <stdbool.h>

#include "boot-config.h"
#include "enable-state.h"

/* A program and its arguments, and how many: with one kernel-install for each kernel. */
#define EB_MAX_TOOL_ARGS 5
#define EB_MAX_TOOLS	 16

struct eb_tool {
	unsigned int argc;
	char argv[EB_MAX_TOOL_ARGS][128];
};

enum eb_boots { EB_BOOTS_OTHER, EB_BOOTS_GRUB, EB_BOOTS_SYSTEMD, EB_BOOTS_PROXMOX };

struct eb_how {
	enum eb_boots boots;
	bool place[EB_PLACES]; /* which files are to have the words */
	unsigned int tools;
	unsigned int tools_left_out;
	struct eb_tool tool[EB_MAX_TOOLS];
	/* EB_BOOTS_OTHER: why nothing can be written, and what a person does instead, of
	 * which "%s" is what to add. */
	const char *why;
	const char *by_hand;
};

/* Find out for the machine below ROOT, whose command line is CMDLINE, "" if unknown. */
void eb_how_find(int root, const char *cmdline, struct eb_how *how);

/* The tool as a person types it, into OUT. Returns OUT. */
const char *eb_tool_text(const struct eb_tool *tool, char out[512]);

#endif
