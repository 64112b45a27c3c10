/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which conflicts block, and which remedy fits them. Pure. */
#ifndef EARLYBIND_JUDGE_H
#define EARLYBIND_JUDGE_H

#include <earlybind/plan.h>

/* Judge those of CONFLICTS that were seen at WHEN: what was seen before binding is
 * predicted, by what the kernel does when vfio-pci binds what PLAN has to be claimed, and
 * by what REQUEST asks; what is still there afterwards blocks. What else helps a BAR
 * without an address is the command's to say (cli/remedies.c). */
void eb_judge_conflicts(const struct eb_request *request, const struct eb_pci *pci,
			const struct eb_machine *machine, const struct eb_plan *plan,
			enum eb_when when, struct eb_conflicts *conflicts);

/* Is CONFLICT the firmware's framebuffer? */
bool eb_judge_is_framebuffer(const struct eb_machine *machine,
			     const struct eb_conflict *conflict);

/* Does it take all display controllers of PCI to judge the framebuffer of the console's
 * card? (Linux 6.0 to 6.10, where that is not of class 0x0300.) */
bool eb_judge_asks_default_vga(const struct eb_machine *machine,
			       const struct eb_pci *pci);

/* Is CONFLICT, one of CONFLICTS, the firmware's framebuffer, and does unbinding its
 * driver free the BAR? Not where the platform device itself has the range, as BOOTFB
 * (drivers/firmware/sysfb_simplefb.c), which stays with the device. */
bool eb_judge_freed_by_unbinding(const struct eb_machine *machine,
				 const struct eb_conflicts *conflicts,
				 const struct eb_conflict *conflict);

#endif
