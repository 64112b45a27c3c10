/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Carry a plan out, in two halves: hold, then load and bind. */
#ifndef EARLYBIND_AGENT_APPLY_H
#define EARLYBIND_AGENT_APPLY_H

#include "step.h"

/* First half: write vfio-pci to driver_override of every planned function and read it
 * back. From here on no other driver can take them. A function that cannot be held is
 * failed or timed out, and left as it was. */
void eb_apply_hold(const struct eb_apply *apply);

/* Second half: load vfio-pci, and of every held function unbind another driver, bind
 * vfio-pci, and read the driver link back, which alone decides. What did not end on
 * vfio-pci loses its override and is returned to its driver, unless
 * earlybind.on_failure=hold. With earlybind.fb=release the firmware's framebuffer, if it
 * occupies a BAR of a held function, first loses its consoles and its driver. On a
 * function whose write timed out nothing more is tried: the next write would wait for the
 * same lock. */
void eb_apply_bind(const struct eb_apply *apply);

#endif
