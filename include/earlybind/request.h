/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a kernel command line asks of earlybind: selectors and options. */
#ifndef EARLYBIND_REQUEST_H
#define EARLYBIND_REQUEST_H

#include <earlybind/option.h>
#include <earlybind/selector.h>
#include <earlybind/vfio-ids.h>

#define EB_MAX_SELECTORS 128
#define EB_MAX_ARGUMENTS 32
#define EB_MAX_VFIO_IDS	 32

/* An argument as it was given. VALUE.at is NULL where it has no '='. */
struct eb_argument {
	struct eb_slice name;
	struct eb_slice value;
};

struct eb_request {
	bool asked;    /* is there a vfio.gpus= at all? */
	bool too_long; /* what takes cards out may be lost: nothing may be claimed */
	unsigned int selectors;
	struct eb_selector selector[EB_MAX_SELECTORS];
	unsigned int arguments; /* ours, in their order */
	struct eb_argument argument[EB_MAX_ARGUMENTS];
	/* vfio-pci.ids= of the same command line, which binds by itself. */
	unsigned int vfio_ids;
	struct eb_vfio_id vfio_id[EB_MAX_VFIO_IDS];
	unsigned int left_out; /* arguments and ids beyond the two limits above */
	bool efifb_off;	       /* video=efifb:off */
	bool sysfb_off;	       /* initcall_blacklist=sysfb_init */
	bool nomodeset;	       /* no graphics driver of the host does anything */
	bool intel_iommu_on;   /* intel_iommu=on */
	bool iommu_off;	       /* iommu=off or amd_iommu=off */

	struct eb_options options;
};

/* Is ARG one of earlybind's: vfio.gpus=, rd.vfio.gpus= or earlybind.*? */
bool eb_request_is_ours(const struct eb_cmdline_arg *arg);

/* Read the LEN bytes of CMDLINE, which must outlive REQUEST: its slices point into
 * it. What cannot be read becomes a finding; the rest counts.
 *
 * A line of EB_WHOLE_CMDLINE bytes or more whose last argument is a list may have been
 * cut within that list, which then selects nothing: its items count only where they take
 * cards out. If its last item begins with '-' or n (`none`), what it was to take out is
 * not known, and nothing is claimed at all; nor if the last argument is an earlybind.*
 * option that cannot be read, which may have been earlybind.dryrun=1. Lists before the
 * last argument count as always: of an argument that was cut off as a whole there is no
 * trace. The length alone decides, so that a longer line of an architecture that keeps
 * more is treated alike. */
void eb_request_read(const char *cmdline, size_t len, struct eb_request *request,
		     struct eb_findings *findings);

#endif
