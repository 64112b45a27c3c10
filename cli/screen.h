/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which framebuffer of the firmware's has this kernel? */
#ifndef EARLYBIND_CLI_SCREEN_H
#define EARLYBIND_CLI_SCREEN_H

#include "cli.h"

enum eb_screen {
	EB_SCREEN_UNKNOWN,
	EB_SCREEN_DRIVER, /* efifb or vesafb, whose own claim goes when it is unbound */
	EB_SCREEN_DRM,	  /* efidrm or vesadrm, the same; they read no video= */
	EB_SCREEN_SIMPLE, /* simple-framebuffer, whose BOOTFB stays */
};

/* By its device, by its claim on a BAR, by the kernel's log, its configuration in /boot,
 * or else by who built it. CLI's survey has the machine, and framebuffers and conflicts
 * if they were read. */
enum eb_screen eb_screen_find(const struct eb_cli *cli);

/* The name of its claim in /proc/iomem: which of two it is goes by the firmware that
 * there is now. */
const char *eb_screen_owner(const struct eb_cli *cli, enum eb_screen screen);

#endif
