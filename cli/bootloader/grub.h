/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is GRUB's alone: which of its drop-ins undoes ours. */
#ifndef EARLYBIND_CLI_GRUB_H
#define EARLYBIND_CLI_GRUB_H

#include <earlybind/sysfs.h>

#include "loader.h"

/* Does a drop-in below ROOT/etc/default/grub.d, or code in one, take WORDS away that a
 * file before it has put there? FILE then gets its path, with a slash in front. */
bool eb_grub_find_override(int root, const char *words, char file[EB_MAX_PATH]);

#endif
