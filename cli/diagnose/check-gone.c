// SPDX-License-Identifier: GPL-2.0-or-later
/* diagnose: functions that failed on vfio-pci and are no longer there. */
#include <string.h>

#include <earlybind/klog.h>
#include <earlybind/sysfs.h>

#include "cards/part.h"
#include "diagnose.h"

static void say_gone(struct eb_diagnosis *d, const struct eb_addr *addr,
		     const struct eb_klog_line *line)
{
	bool asleep = line->kind == EB_KLOG_POWER && !strstr(line->text, "from D0 to");
	char address[EB_ADDR_TEXT], slot[EB_ADDR_TEXT];
	struct eb_problem *p;

	eb_addr_print(addr, address);
	if (eb_problems_find(&d->problems, EB_PROBLEM_REMOVED, address))
		return;
	p = eb_problems_add(
		&d->problems, EB_PROBLEM_REMOVED, address,
		"%s was on vfio-pci, and is missing now: it was unplugged, or "
		"did not come back from %s",
		address, asleep ? "its sleep state (D3)" : "a reset");
	eb_problem_seen(p, "there is no /sys/bus/pci/devices/%s", address);
	eb_problem_seen(p, "kernel log: %s", line->text);
	if (!asleep)
		eb_problem_remedy(p, "power the machine off and on");
	else
		eb_problem_remedy(
			p,
			"power the machine off and on; then claim it with "
			"earlybind enable 'vfio.gpus=%s earlybind.power=on', "
			"which keeps it awake, and add pcie_aspm=off if that is "
			"not enough",
			eb_part_slot(addr, slot));
}

static int see_record(void *ctx, const char *record)
{
	struct eb_diagnosis *d = ctx;
	struct eb_klog_line line;
	struct eb_addr addr;

	if (eb_klog_parse(record, eb_klog_since_boot, &line, &addr) &&
	    (line.kind == EB_KLOG_RESET || line.kind == EB_KLOG_POWER) &&
	    strstr(line.text, "vfio-pci ") &&
	    eb_pci_find(&d->cli->survey->pci, &addr) < 0)
		say_gone(d, &addr, &line);
	return 0;
}

void eb_check_gone(struct eb_diagnosis *d)
{
	if (d->cli->survey->pci.count > 0)
		eb_sysfs_lines(d->cli->root, "dev/kmsg", see_record, d);
}
