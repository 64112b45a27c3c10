/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The conflicts of the boot that a plan is for, not those of the running system. */
#ifndef EARLYBIND_CLI_NEXT_CONFLICTS_H
#define EARLYBIND_CLI_NEXT_CONFLICTS_H

#include "cli.h"

/* Correct the conflicts of CLI's survey, as eb_survey_before() has them, where a driver
 * of the host is bound to a planned function: what that driver holds will not be there in
 * the initramfs, and the firmware's framebuffer, which it evicted, will; and where the
 * request has an argument, new since this boot, that switches the framebuffer off. */
void eb_next_conflicts(const struct eb_cli *cli);

#endif
