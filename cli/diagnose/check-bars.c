// SPDX-License-Identifier: GPL-2.0-or-later
/* diagnose: who uses the memory of claimed cards now: BARs that somebody holds, and what
 * the kernel log says since boot. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include <earlybind/judge.h>
#include <earlybind/sysfs.h>

#include "diagnose.h"
#include "fit.h"
#include "files.h"
#include "remedies.h"

static const char *address_of(const struct eb_diagnosis *d, int function,
			      char out[EB_ADDR_TEXT])
{
	return eb_addr_print(&d->cli->survey->pci.function[function].addr, out);
}

/* --- who holds BARs --- */

/* Has a guest been refused it? Then the lines that say so are evidence of PROBLEM, if
 * there is one. */
static bool was_refused(const struct eb_diagnosis *d, int function, unsigned int bar,
			struct eb_problem *p)
{
	const struct eb_klog *klog = &d->cli->survey->klog;
	bool refused = false;
	unsigned int i;

	for (i = 0; i < klog->count; i++) {
		const struct eb_klog_line *line = &klog->line[i];

		if (line->kind != EB_KLOG_RESERVE || line->function != function ||
		    line->bar != bar)
			continue;
		refused = true;
		if (p)
			eb_problem_seen(p, "kernel log: %s", line->text);
	}
	return refused;
}

/* Is an earlier one of the list about the same BAR? */
static bool is_repeated(const struct eb_conflicts *conflicts, unsigned int index)
{
	const struct eb_conflict *c = &conflicts->list[index];
	unsigned int i;

	for (i = 0; i < index; i++)
		if (conflicts->list[i].function == c->function &&
		    conflicts->list[i].bar == c->bar && conflicts->list[i].blocks)
			return true;
	return false;
}

static void say_unassigned(struct eb_diagnosis *d, const struct eb_conflict *c)
{
	char address[EB_ADDR_TEXT];
	struct eb_problem *p;

	address_of(d, c->function, address);
	p = eb_problems_add(
		&d->problems, EB_FIND_BAR_UNASSIGNED, address,
		"BAR %u of %s has no address, so a guest cannot use it: the firmware and "
		"the kernel found no room for it",
		c->bar, address);
	if (c->evidence >= 0)
		eb_problem_seen(p, "kernel log: %s",
				d->cli->survey->klog.line[c->evidence].text);
	eb_problem_remedy(p, "%s", eb_remedies_text(d->cli, c->remedy));
}

static void add_owners(const struct eb_diagnosis *d, const struct eb_conflict *c,
		       struct eb_problem *p)
{
	const struct eb_survey *survey = d->cli->survey;
	const struct eb_detail *detail = eb_pci_detail(&survey->pci,
						       (unsigned int)c->function);
	char range[EB_RANGE_TEXT], bar[EB_RANGE_TEXT];
	unsigned int i;

	for (i = 0; i < survey->conflicts.count; i++) {
		const struct eb_conflict *other = &survey->conflicts.list[i];

		if (other->function == c->function && other->bar == c->bar)
			eb_problem_seen(
				p, "/proc/iomem: %s has %s, BAR %u is %s", other->owner,
				eb_addr_print_range(&other->range, range), c->bar,
				eb_addr_print_range(&detail->bar[c->bar].range, bar));
	}
}

/* Is OWNER a range that firmware keeps, and nothing that starts (arch/x86/kernel/e820.c,
 * e820_type_to_string; drivers/pnp/system.c, reserve_range)? */
static bool is_firmwares(const char *owner)
{
	return strcmp(owner, "Reserved") == 0 || strncmp(owner, "ACPI ", 5) == 0 ||
	       strncmp(owner, "pnp ", 4) == 0;
}

static void say_held(struct eb_diagnosis *d, const struct eb_conflict *c)
{
	bool refused = was_refused(d, c->function, c->bar, NULL);
	char address[EB_ADDR_TEXT];
	struct eb_problem *p;

	address_of(d, c->function, address);
	p = eb_problems_add(&d->problems,
			    refused ? (unsigned int)EB_PROBLEM_CANT_RESERVE
				    : (unsigned int)EB_FIND_BAR_HELD,
			    address, "%s holds BAR %u of %s: a guest %s it", c->owner,
			    c->bar, address,
			    refused ? "could not get" : "will not be able to get");
	add_owners(d, c, p);
	was_refused(d, c->function, c->bar, p);
	eb_fit_framebuffer(c->remedy, p);
	if (c->remedy == EB_REMEDY_RELEASE)
		eb_fit_release(d, (unsigned int)c->function, p);
	if (c->remedy == EB_REMEDY_OWNER && is_firmwares(c->owner))
		eb_problem_remedy(p,
				  "firmware keeps this memory for itself: look for a "
				  "firmware update, or put the card into another slot, "
				  "where its BARs have other addresses");
	if (d->cli->survey->request.efifb_off && strcmp(c->owner, "efifb") != 0)
		eb_problems_add(&d->problems, EB_FIND_VIDEO_OFF, address,
				"video=efifb:off has had no effect on %s on %s: only "
				"efifb reads it",
				c->owner, address);
}

/* A BAR that cannot be read has no conflicts. */
static void probe_bars(struct eb_diagnosis *d)
{
	const struct eb_plan *plan = &d->cli->survey->plan;
	char address[EB_ADDR_TEXT], path[EB_MAX_PATH];
	unsigned int i;

	for (i = 0; i < plan->count; i++) {
		snprintf(path, sizeof(path), "sys/bus/pci/devices/%s/resource",
			 address_of(d, plan->device[i].function, address));
		eb_problems_probe(&d->problems, d->cli->root, "bars", path, O_RDONLY);
	}
}

/* Is FUNCTION on vfio-pci, or was it? Of what is planned the next boot decides. */
static bool is_used(const struct eb_diagnosis *d, int function)
{
	const struct eb_device *device = eb_plan_find(&d->cli->survey->plan, function);

	return device && eb_plan_takes_device(device) &&
	       (!d->planned || device->result == EB_RESULT_CLAIMED);
}

static void check_conflicts(struct eb_diagnosis *d)
{
	struct eb_survey *survey = d->cli->survey;
	struct eb_conflicts *conflicts = &survey->conflicts;
	unsigned int i;
	int err;

	if (d->planned) /* those are said */
		*conflicts = (struct eb_conflicts){0};
	err = eb_conflict_scan(d->cli->root, &survey->pci, &survey->machine,
			       &survey->klog, EB_AFTER, conflicts);

	if (err < 0)
		eb_problems_unreadable(&d->problems, "bars", "proc/iomem", err);
	else if (conflicts->hidden)
		eb_problems_not_checked(
			&d->problems, "bars",
			"/proc/iomem shows no addresses; run diagnose as root");
	conflicts->hidden = conflicts->hidden || err < 0;
	eb_judge_conflicts(&survey->request, &survey->pci, &survey->machine,
			   &survey->plan, EB_AFTER, conflicts);
	eb_remedies_refine(d->cli);
	for (i = 0; i < conflicts->count; i++) {
		struct eb_conflict *c = &conflicts->list[i];

		/* The boot is over, and that driver has not come. */
		if (c->remedy == EB_REMEDY_HOST) {
			c->blocks = true;
			c->remedy = eb_judge_freed_by_unbinding(&survey->machine,
								conflicts, c)
					    ? EB_REMEDY_RELEASE
				    : survey->request.sysfb_off ? EB_REMEDY_FIRMWARE
								: EB_REMEDY_NO_SYSFB;
		}
		if (!c->blocks || !is_used(d, c->function) || is_repeated(conflicts, i))
			continue;
		if (eb_conflict_is_unassigned(c))
			say_unassigned(d, c);
		else
			say_held(d, c);
	}
	probe_bars(d);
	eb_problems_checked(&d->problems, "bars");
}

/* --- the kernel log --- */

/* Is LINE, or another about the same BAR, evidence already? */
static bool is_evidence(const struct eb_diagnosis *d, const struct eb_klog_line *line)
{
	char address[EB_ADDR_TEXT], bar[60];
	const struct eb_problem *p;

	snprintf(bar, sizeof(bar), "BAR %u of %s", line->bar,
		 address_of(d, line->function, address));
	for (p = d->problems.list; p < d->problems.list + d->problems.count; p++)
		if (strcmp(p->code, eb_problem_kind(EB_PROBLEM_CANT_RESERVE).name) == 0 &&
		    strstr(p->text, bar))
			return true;
	return false;
}

struct claim {
	const struct eb_bar *bar;
	bool found;
};

/* vfio-pci claims a BAR by these names for a guest that uses it (vfio_pci_core.c,
 * vfio_pci_core_mmap; vfio_pci_rdwr.c, vfio_pci_setup_barmap). */
static int see_claim(void *ctx, const char *text)
{
	struct claim *claim = ctx;
	struct eb_iomem line;

	claim->found = eb_conflict_read_line(text, &line) == 0 && line.range.end &&
		       (strcmp(line.name, "vfio-pci") == 0 ||
			strcmp(line.name, "vfio") == 0) &&
		       eb_addr_overlap(&line.range, &claim->bar->range);
	return claim->found;
}

/* Has a guest the BAR of LINE now? */
static bool guest_has(const struct eb_diagnosis *d, const struct eb_klog_line *line)
{
	const struct eb_detail *detail = eb_pci_detail(&d->cli->survey->pci,
						       (unsigned int)line->function);
	struct claim claim = {0};

	if (!detail || line->bar >= EB_ROM_BAR)
		return false;
	claim.bar = &detail->bar[line->bar];
	if (eb_pci_bar_placed(claim.bar))
		eb_sysfs_lines(d->cli->root, "proc/iomem", see_claim, &claim);
	return claim.found;
}

/* A guest was refused a BAR that nobody is known to hold now. */
static void say_refused(struct eb_diagnosis *d, const struct eb_klog_line *line)
{
	bool hidden = d->cli->survey->conflicts.hidden;
	char address[EB_ADDR_TEXT];
	bool has = guest_has(d, line);
	struct eb_problem *p;

	if (line->bar == EB_NO_BAR || is_evidence(d, line))
		return;
	address_of(d, line->function, address);
	if (strstr(line->text, "[io ")) {
		p = eb_problems_add(&d->problems, EB_PROBLEM_IO_BAR, address,
				    "a guest could not get BAR %u of %s, which is I/O "
				    "ports: graphics drivers do without them",
				    line->bar, address);
		was_refused(d, line->function, line->bar, p);
		return;
	}
	p = eb_problems_add(&d->problems, EB_PROBLEM_CANT_RESERVE, address,
			    "a guest could not get BAR %u of %s since boot; %s",
			    line->bar, address,
			    hidden ? "it is not known who holds it"
			    : has  ? "a guest has it now"
				   : "nobody holds it now");
	was_refused(d, line->function, line->bar, p);
	if (has) {
		p->severity = EB_INFO;
		eb_problem_remedy(p, "nothing: what held it is gone");
	}
	if (hidden)
		eb_problem_remedy(p, "run earlybind diagnose as root");
}

/* One problem of CODE for a function, with each line as evidence. */
static struct eb_problem *say_line(struct eb_diagnosis *d, unsigned int code,
				   const struct eb_klog_line *line, const char *what)
{
	char address[EB_ADDR_TEXT];
	struct eb_problem *p;

	address_of(d, line->function, address);
	p = eb_problems_find(&d->problems, code, address);
	if (!p)
		p = eb_problems_add(&d->problems, code, address, "%s %s", address, what);
	eb_problem_seen(p, "kernel log: %s", line->text);
	return p;
}

/* vfio_pci_core.c, vfio_pci_core_register_device: EINVAL, EBUSY. */
static void say_probe(struct eb_diagnosis *d, const struct eb_klog_line *line)
{
	struct eb_problem *p;

	if (!strstr(line->text, "vfio"))
		return;
	if (strstr(line->text, "error -22")) {
		say_line(d, EB_PROBLEM_PROBE_FAILED, line,
			 "could not be bound to vfio-pci: it is in no IOMMU group, or "
			 "vfio-pci denies it");
	} else if (strstr(line->text, "error -16")) {
		p = say_line(d, EB_PROBLEM_PROBE_FAILED, line,
			     "could not be bound to vfio-pci: it had virtual functions "
			     "enabled");
		eb_problem_remedy(p, "write 0 to its sriov_numvfs before it is bound, or "
				     "give guests its virtual functions");
	} else {
		say_line(d, EB_PROBLEM_PROBE_FAILED, line,
			 "could not be bound to vfio-pci");
	}
}

/* vfio-pci restores BARs when a guest switches them on and they are gone, which a reset
 * explains that it did not do itself (vfio_pci_config.c, vfio_bar_restore). A guest's own
 * driver may have done it, and work. */
static void say_restored(struct eb_diagnosis *d, const struct eb_klog_line *line)
{
	char address[EB_ADDR_TEXT], remedy[EB_FINDING_TEXT];
	bool failed = eb_problems_find(&d->problems, EB_PROBLEM_RESET_TROUBLE,
				       address_of(d, line->function, address));
	struct eb_problem *p;

	p = say_line(d, EB_PROBLEM_RESET_TROUBLE, line,
		     "lost the addresses of its BARs while a guest had it, by a reset or "
		     "as it did not answer; vfio-pci restored them");
	if (failed)
		return;
	eb_fit_reset(d, (unsigned int)line->function, p);
	snprintf(remedy, sizeof(remedy), "%s", p->remedy);
	eb_problem_remedy(p, "nothing, if the guest can use it; else %s", remedy);
}

/* A function that is gone while it is awake ("from D0 to D3hot, device inaccessible") is
 * not asleep: a reset is what it mostly does not survive. */
static void say_power(struct eb_diagnosis *d, const struct eb_klog_line *line)
{
	bool awake = strstr(line->text, "from D0 to");
	unsigned int function = (unsigned int)line->function;
	struct eb_problem *p;

	p = say_line(d, EB_PROBLEM_POWER_STATE, line,
		     awake ? "stopped answering while it was awake (D0), as after a "
			     "reset that did not work"
		     : strstr(line->text, "from unknown to")
			     ? "does not answer: it cannot be switched on"
			     : "did not wake up from its sleep state (D3)");
	if (!awake) {
		eb_fit_power(d, function, p);
		return;
	}
	eb_problem_remedy(p, "%s", eb_problem_kind(EB_PROBLEM_RESET_TROUBLE).remedy);
	eb_fit_reset(d, function, p);
}

static void say_reset(struct eb_diagnosis *d, const struct eb_klog_line *line)
{
	bool flr = strstr(line->text, "after FLR");
	struct eb_problem *p;

	p = say_line(d, EB_PROBLEM_RESET_TROUBLE, line,
		     flr ? "did not recover from a function-level reset (FLR)"
			 : "did not recover from a reset");
	eb_fit_reset(d, (unsigned int)line->function, p);
	if (flr)
		eb_fit_flr(d, (unsigned int)line->function, p);
}

static void see_line(struct eb_diagnosis *d, const struct eb_klog_line *line)
{
	const struct eb_plan *plan = &d->cli->survey->plan;
	bool claimed = is_used(d, line->function);

	if (!eb_plan_find(plan, line->function))
		return;
	switch (line->kind) {
	case EB_KLOG_NO_ROOM: /* evidence for BARs without an address */
	case EB_KLOG_NONE:
		break;
	case EB_KLOG_RESERVE:
		if (claimed)
			say_refused(d, line);
		break;
	case EB_KLOG_PROBE:
		if (!claimed)
			say_probe(d, line);
		break;
	case EB_KLOG_POWER:
		say_power(d, line);
		break;
	case EB_KLOG_RESET:
		say_reset(d, line);
		break;
	case EB_KLOG_RESTORED:
		say_restored(d, line);
		break;
	}
}

void eb_check_bars(struct eb_diagnosis *d)
{
	struct eb_klog *klog = &d->cli->survey->klog;
	int err = eb_klog_read(d->cli->root, &d->cli->survey->pci, eb_klog_since_boot,
			       klog);
	unsigned int i;

	check_conflicts(d);
	for (i = 0; i < klog->count; i++)
		if (klog->line[i].kind != EB_KLOG_RESTORED)
			see_line(d, &klog->line[i]);
	for (i = 0; i < klog->count; i++) /* which is worse after a failure */
		if (klog->line[i].kind == EB_KLOG_RESTORED)
			see_line(d, &klog->line[i]);
	if (err < 0)
		eb_problems_not_checked(&d->problems, "kernel-log",
					"/dev/kmsg cannot be read: %s%s",
					eb_files_error(err),
					err == -EPERM ? "; run diagnose as root" : "");
	else if (klog->left_out)
		eb_problems_not_checked(&d->problems, "kernel-log",
					"%u more lines about these functions than are "
					"kept; see dmesg",
					klog->left_out);
	eb_problems_checked(&d->problems, "kernel-log");
}
