/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The plan: what is to be claimed, what is refused and why. A pure function. */
#ifndef EARLYBIND_PLAN_H
#define EARLYBIND_PLAN_H

#include <earlybind/choose.h>
#include <earlybind/conflict.h>

#define EB_MAX_DEVICES EB_MAX_DETAILS
#define EB_REASON_TEXT 160

enum eb_result {
	EB_RESULT_PLANNED, /* is to be claimed; in a report: of a dry run */
	EB_RESULT_CLAIMED, /* is on vfio-pci, read back */
	EB_RESULT_REFUSED, /* policy says no, nothing was done to it */
	EB_RESULT_FAILED,  /* tried, and did not end on vfio-pci */
	EB_RESULT_TIMEOUT, /* a read or write did not return in time */
};

/* A function that was asked for. */
struct eb_device {
	int16_t function;
	int16_t selector; /* the item of the request that chose it */
	enum eb_result result;
	bool held;		     /* driver_override is vfio-pci by our write */
	bool after_known;	     /* was the driver read back at the end? */
	char after[EB_DRIVER_NAME];  /* "" for none */
	char reason[EB_REASON_TEXT]; /* "" for none */
};

struct eb_plan {
	unsigned int count;
	unsigned int left_out; /* functions that cannot be claimed and found no place */
	struct eb_device device[EB_MAX_DEVICES]; /* by address, ascending */
};

/* Make the plan of what CHOICE chose, by the policy of vfio.gpus(7): bridges never,
 * slots without a display controller only if allowed, nothing without an IOMMU group,
 * with virtual functions on, or with somebody else's driver_override. Why not goes to
 * FINDINGS. */
void eb_plan_make(const struct eb_request *request, const struct eb_pci *pci,
		  const struct eb_machine *machine, const struct eb_choice *choice,
		  struct eb_plan *plan, struct eb_findings *findings);

/* Put the devices of a plan that eb_plan_make() has not made into their order, in which
 * eb_plan_find() looks for them. */
void eb_plan_sort(struct eb_plan *plan);

/* The plan's device for FUNCTION, or NULL. */
const struct eb_device *eb_plan_find(const struct eb_plan *plan, int function);

/* Is DEVICE to be claimed, or claimed? */
bool eb_plan_takes_device(const struct eb_device *device);

/* The same of FUNCTION, which need not be in the plan. */
bool eb_plan_takes(const struct eb_plan *plan, int function);

/* Add to TEXT how to switch the IOMMU on, as half a sentence: by the CPU, and by what
 * REQUEST's command line says of it already. */
void eb_plan_advise_iommu(const struct eb_request *request,
			  const struct eb_machine *machine, struct eb_text *text);

/* "planned", "claimed", "refused", "failed" or "timeout". */
const char *eb_plan_result_name(enum eb_result result);

#endif
