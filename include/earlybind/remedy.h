/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which conflicts block, and what helps against them. Pure. */
#ifndef EARLYBIND_REMEDY_H
#define EARLYBIND_REMEDY_H

#include <earlybind/plan.h>

/* Judge those of CONFLICTS that were seen at WHEN: what was seen before binding is
 * foretold, by what the kernel does when vfio-pci binds what PLAN has to be claimed, and
 * by what REQUEST asks; what is still there afterwards blocks. */
void eb_remedy_judge(const struct eb_request *request, const struct eb_pci *pci,
		     const struct eb_machine *machine, const struct eb_plan *plan,
		     enum eb_when when, struct eb_conflicts *conflicts);

/* Is CONFLICT the firmware's framebuffer, which a platform driver holds? */
bool eb_remedy_is_framebuffer(const struct eb_machine *machine,
			      const struct eb_conflict *conflict);

/* "evicted" and so on. */
const char *eb_remedy_name(enum eb_remedy remedy);

/* The remedy as half a sentence that tells a person what to do. */
const char *eb_remedy_text(enum eb_remedy remedy);

#endif
