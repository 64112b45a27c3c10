/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `earlybind diagnose`: its checks, each of which adds to one list of problems. */
#ifndef EARLYBIND_CLI_DIAGNOSE_H
#define EARLYBIND_CLI_DIAGNOSE_H

#include "problems.h"
#include "report-compare.h"

struct eb_diagnosis {
	const struct eb_cli *cli;
	bool has_report;
	bool planned; /* without one: the survey has the plan of the command line */
	bool bound;   /* some of it is on vfio-pci */
	bool others;  /* nor was one asked for: what is on vfio-pci, whoever bound it */
	struct eb_boot_report boot;
	struct eb_comparison now; /* empty without a report */
	struct eb_problems problems;
};

/* Read the report and compare it with the present. Without a report the survey has the
 * plan of the running command line, and the problems are those of the plan; where that
 * asks for nothing, the survey's plan is what is on vfio-pci now, as if it were claimed.
 */
void eb_check_report(struct eb_diagnosis *d);

/* Findings of the report that no other check decides again. To be called after
 * eb_check_bars(), and before eb_check_devices(). */
void eb_check_findings(struct eb_diagnosis *d);

/* What has become of each function. */
void eb_check_states(struct eb_diagnosis *d);

/* Without a report: what the kernel log has on vfio-pci and is not there any more. */
void eb_check_gone(struct eb_diagnosis *d);

/* The IOMMU, groups, power, and ways to reset; without a report, of what is planned. */
void eb_check_devices(struct eb_diagnosis *d);

/* Who holds BARs now, and what the kernel log says since boot. */
void eb_check_bars(struct eb_diagnosis *d);

/* Framebuffers, DRM devices and consoles on claimed cards. */
void eb_check_displays(struct eb_diagnosis *d);

/* What the kernel log says of guests that could not open a card. To be called after
 * eb_check_devices(). */
void eb_check_log(struct eb_diagnosis *d);

/* The installed initramfs: agent, modules, order. A signal that comes while it is
 * unpacked ends the program, and leaves nothing behind. */
void eb_check_image(struct eb_diagnosis *d);

/* The next boot's command line. */
void eb_check_next_boot(struct eb_diagnosis *d);

#endif
