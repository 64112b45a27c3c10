/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One function on its way to vfio-pci, or back. */
#ifndef EARLYBIND_AGENT_STEP_H
#define EARLYBIND_AGENT_STEP_H

#include <earlybind/framebuffer.h>
#include <earlybind/judge.h>

#include "ops.h"

#define EB_VFIO_DRIVER "sys/bus/pci/drivers/vfio-pci"

/* What a plan is carried out with. */
struct eb_apply {
	const struct eb_ops *ops;
	const struct eb_request *request;
	const struct eb_pci *pci;
	const struct eb_machine *machine;
	const struct eb_conflicts *conflicts; /* seen before */
	const struct eb_framebuffers *framebuffers;
	struct eb_plan *plan;
	struct eb_findings *findings;
};

struct eb_step_on {
	const struct eb_apply *apply;
	struct eb_device *device;
	unsigned int said; /* how many findings there were when it began */
	bool slow_load;	   /* vfio-pci's load was given up: on this device, perhaps */
	char addr[EB_ADDR_TEXT];
};

struct eb_step_on eb_step_of(const struct eb_apply *apply, struct eb_device *device);

/* A finding on the function, its text begun with its address. */
struct eb_text *eb_step_finding(const struct eb_step_on *step, enum eb_code code);

/* Read which driver the function has now. 1 when it is vfio-pci, 0 when it is another one
 * or none; negative errno where that cannot be read. */
int eb_step_read_driver(const struct eb_step_on *step);

/* Set its driver_override and read it back: held, failed or timed out. A write whose
 * answer was lost counts as done until a read says otherwise. */
void eb_step_hold(const struct eb_step_on *step);

/* Unbind another driver, bind vfio-pci: claimed, failed or timed out. */
void eb_step_bind(const struct eb_step_on *step);

/* The function is failed, or timed out where ERR says so: WHAT is the reason. */
void eb_step_fail(const struct eb_step_on *step, const char *what, int err);

/* Clear the override of one that is held and let its own driver bind, unless vfio-pci has
 * it: then it is claimed, and what STEP found before no longer holds. A newline clears
 * it, an empty write does nothing (drivers/base/driver.c, driver_set_override). What
 * stays is a finding. */
void eb_step_return(const struct eb_step_on *step);

/* Keep a claimed function out of D3, for earlybind.power=on. */
void eb_step_keep_power(const struct eb_step_on *step);

#endif
