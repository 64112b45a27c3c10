/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A machine thrown by dice as a tree file (tests/machines/README.md). */
#ifndef EB_TESTS_CROWD_TREE_H
#define EB_TESTS_CROWD_TREE_H

#include <stdio.h>

#include "crowd.h"

/* Take out of CROWD what no kernel shows: more than one boot_vga or platform framebuffer;
 * and headers of type 1 of what is neither a bridge nor a display controller, which are
 * told apart only where they might be claimed. */
void crowd_make_real(struct crowd *crowd);

/* What identifies a function: modalias, an attribute for each number, or both. */
#define CROWD_MODALIAS 1
#define CROWD_NUMBERS  2

/* Write the /sys of CROWD to FILE, with IDS of the above. */
void crowd_write(const struct crowd *crowd, FILE *file, int ids);

#endif
