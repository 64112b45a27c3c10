/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words that a person wrote into the boot loader's configuration, and where. */
#ifndef EARLYBIND_CLI_BY_HAND_H
#define EARLYBIND_CLI_BY_HAND_H

#include "change.h"

struct eb_by_hand {
	unsigned int count;	  /* arguments of ours */
	char words[EB_MAX_WORDS]; /* them, with blanks between */
	char where[160];	  /* file and line of the first, with a slash in front */
	bool intel_iommu;	  /* intel_iommu=on is there too */
};

/* Look through what CHANGE's loader reads beside what enable writes. */
void eb_by_hand_find(const struct eb_change *change, struct eb_by_hand *out);

#endif
