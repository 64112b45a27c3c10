/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Remedies that fit the machine: what it does not have yet. */
#ifndef EARLYBIND_CLI_FIT_H
#define EARLYBIND_CLI_FIT_H

#include <earlybind/remedy.h>

#include "cards/part.h"
#include "diagnose.h"

/* Has FUNCTION no ROM of its own: on a root bus, or without a BAR for one? */
bool eb_fit_has_no_rom(const struct eb_pci *pci, unsigned int function);

/* Write the arguments that claim FUNCTION, with what of its slot is on vfio-pci or in its
 * IOMMU group. Returns OUT. */
const char *eb_fit_argument(const struct eb_diagnosis *d, unsigned int function,
			    char out[EB_ARGUMENT_TEXT]);

/* Set P's remedy to REMEDY of a framebuffer that unbinding does not remove. */
void eb_fit_framebuffer(enum eb_remedy remedy, struct eb_problem *p);

/* Where earlybind has not claimed FUNCTION its options do nothing yet: set the remedy of
 * P, which is to release a framebuffer, to claiming it. */
void eb_fit_release(const struct eb_diagnosis *d, unsigned int function,
		    struct eb_problem *p);

/* Set the remedy of P, that FUNCTION does not wake up; does not recover from a reset. */
void eb_fit_power(const struct eb_diagnosis *d, unsigned int function,
		  struct eb_problem *p);
void eb_fit_reset(const struct eb_diagnosis *d, unsigned int function,
		  struct eb_problem *p);

/* Add to the remedy of P, that FUNCTION does not come back from a function-level reset,
 * another kind of reset if it has one. */
void eb_fit_flr(const struct eb_diagnosis *d, unsigned int function,
		struct eb_problem *p);

/* Set the remedy of P, that FUNCTION hangs, after a reset or a sleep state. */
void eb_fit_hang(const struct eb_diagnosis *d, unsigned int function,
		 struct eb_problem *p);

/* Set the remedy of P, of CODE, that others are in a claimed group, for MEMBER, which is
 * about to become evidence. */
void eb_fit_group(const struct eb_diagnosis *d, unsigned int member, struct eb_problem *p,
		  unsigned int code);

/* Set the remedy of P, that firmware uses memory through a function's group. */
void eb_fit_rmrr(const struct eb_diagnosis *d, struct eb_problem *p);

/* Set the remedy of the problem that interrupts are not remapped, if there is one. */
void eb_fit_remapping(struct eb_diagnosis *d);

#endif
