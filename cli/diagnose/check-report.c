// SPDX-License-Identifier: GPL-2.0-or-later
/* diagnose: the report of the boot, and what it found. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <earlybind/card.h>
#include <earlybind/sysfs.h>

#include "cards/part.h"
#include "diagnose.h"
#include "next-conflicts.h"
#include "remedies.h"
#include "traces.h"
#include "unsafe-interrupts.h"

static int see_agent_line(void *ctx, const char *record)
{
	struct eb_problem *p = ctx;
	const char *text = strchr(record, ';');

	if (text && strncmp(text + 1, "earlybind: ", 11) == 0)
		eb_problem_seen(p, "kernel log: %s", text + 1);
	return 0;
}

/* Findings that other checks decide again: eb_check_devices(), and, with a report,
 * eb_check_bars(), which needs addresses for some. */
static const struct {
	enum eb_code code;
	enum { BY_DEVICES, BY_BARS, BY_ADDRESSES } by;
} again[] = {
	{EB_FIND_GROUP_HELD, BY_DEVICES},
	{EB_FIND_NO_RESET, BY_DEVICES},
	{EB_FIND_IDS_TAKE_MORE, BY_DEVICES},
	{EB_FIND_IOMEM_HIDDEN, BY_BARS},
	{EB_FIND_RMRR, BY_DEVICES},
	{EB_FIND_NO_REMAPPING, BY_DEVICES},
	{EB_FIND_NOT_POSTED, BY_DEVICES},
	{EB_FIND_BAR_HELD, BY_ADDRESSES},
	{EB_FIND_BAR_UNASSIGNED, BY_ADDRESSES},
	{EB_FIND_VIDEO_OFF, BY_ADDRESSES},
};

static bool is_checked_again(const struct eb_diagnosis *d, const char *code)
{
	size_t i;

	for (i = 0; i < sizeof(again) / sizeof(again[0]); i++)
		if (strcmp(code, eb_finding_name(again[i].code)) == 0)
			return again[i].by == BY_DEVICES ||
			       (d->has_report && (again[i].by == BY_BARS ||
						  !d->cli->survey->conflicts.hidden));
	return false;
}

/* Is FINDING on BARs of what is on vfio-pci already? eb_check_bars() decides those. */
static bool is_on_used_bar(const struct eb_diagnosis *d, const struct eb_finding *finding)
{
	const struct eb_survey *survey = d->cli->survey;
	const struct eb_device *device = NULL;
	size_t i;

	if (finding->has_addr)
		device = eb_plan_find(&survey->plan,
				      eb_pci_find(&survey->pci, &finding->addr));
	if (!device || device->result != EB_RESULT_CLAIMED)
		return false;
	for (i = 0; i < sizeof(again) / sizeof(again[0]); i++)
		if (again[i].code == finding->code)
			return again[i].by == BY_ADDRESSES;
	return false;
}

/* What the agent would have found. */
static void add_predicted(struct eb_diagnosis *d)
{
	const struct eb_findings *findings = &d->cli->survey->findings;
	const struct eb_conflicts *conflicts = &d->cli->survey->conflicts;
	unsigned int i;

	for (i = 0; i < findings->count; i++) {
		const struct eb_finding *finding = &findings->list[i];
		const char *code = eb_finding_name(finding->code);
		char address[EB_ADDR_TEXT];

		if (!is_checked_again(d, code) && !is_on_used_bar(d, finding))
			eb_problems_add_reported(
				&d->problems, code,
				eb_finding_severity_name(
					eb_finding_severity(finding->code)),
				finding->has_addr ? eb_addr_print(&finding->addr, address)
						  : NULL,
				finding->text);
	}
	for (i = 0; i < conflicts->count; i++) {
		const struct eb_conflict *c = &conflicts->list[i];
		char address[EB_ADDR_TEXT], range[EB_RANGE_TEXT];
		struct eb_problem *p;

		eb_addr_print(&d->cli->survey->pci.function[c->function].addr, address);
		p = eb_problems_find(&d->problems, EB_FIND_BAR_HELD, address);
		if (!p || !c->blocks)
			continue;
		eb_problem_seen(p, "/proc/iomem: %s has %s in BAR %u", c->owner,
				eb_addr_print_range(&c->range, range), c->bar);
		eb_problem_remedy(p, "%s", eb_remedy_text(c->remedy));
	}
}

/* The command line names cards and there is no report: what the agent would have found.
 */
static void say_no_report(struct eb_diagnosis *d)
{
	struct eb_survey *survey = d->cli->survey;
	struct eb_problem *p = eb_problems_add(
		&d->problems, EB_PROBLEM_NO_REPORT, NULL,
		"vfio.gpus= is on this boot's command line, but there is no report: the "
		"initramfs was built without earlybind's hook, or the agent in it did "
		"not finish");
	int err;

	eb_problem_seen(p, "there is no /%s", EB_REPORT_JSON);
	err = eb_sysfs_lines(d->cli->root, "dev/kmsg", see_agent_line, p);
	if (err < 0)
		eb_problems_unreadable(&d->problems, "kernel-log", "dev/kmsg", err);
	eb_survey_machine(survey, d->cli->root);
	eb_next_conflicts(d->cli);
	eb_survey_predict(survey, d->cli->root);
	eb_unsafe_drop(d->cli);
	eb_remedies_refine(d->cli);
	d->planned = true;
	add_predicted(d);
}

/* vfio-pci, or a variant of it for some devices, as xe-vfio-pci and
 * nvgrace-gpu-vfio-pci, which libvirt prefers where it fits. */
static bool is_vfio(const char *driver)
{
	return strstr(driver, "vfio-pci") || strstr(driver, "vfio_pci");
}

/* Is FUNCTION on vfio-pci, or of a card and on nothing, as after it failed there? */
static bool concerns(const void *ctx, const struct eb_pci *pci, unsigned int function)
{
	const char *driver = eb_pci_driver(pci, &pci->function[function]);

	(void)ctx;
	return driver ? is_vfio(driver) : eb_card_has_display(pci, function);
}

/* Does the kernel log say that vfio-pci rejected FUNCTION, or that it failed there, after
 * which its own driver may not take it back? */
static bool has_failed(const struct eb_klog *klog, unsigned int function)
{
	unsigned int i;

	for (i = 0; i < klog->count; i++) {
		const struct eb_klog_line *line = &klog->line[i];

		if (line->function == (int)function &&
		    (line->kind == EB_KLOG_PROBE ||
		     ((line->kind == EB_KLOG_POWER || line->kind == EB_KLOG_RESET) &&
		      strstr(line->text, "vfio-pci "))))
			return true;
	}
	return false;
}

/* One problem for each function: who bound it? */
static void say_others(struct eb_diagnosis *d)
{
	const struct eb_survey *survey = d->cli->survey;
	unsigned int i;

	for (i = 0; i < survey->plan.count; i++) {
		unsigned int function = (unsigned int)survey->plan.device[i].function;
		char address[EB_ADDR_TEXT];
		const char *driver, *who;
		struct eb_problem *p;

		if (survey->plan.device[i].result != EB_RESULT_CLAIMED)
			continue;
		driver = eb_pci_driver(&survey->pci, &survey->pci.function[function]);
		eb_addr_print(&survey->pci.function[function].addr, address);
		p = eb_problems_add(&d->problems, EB_PROBLEM_NOT_OURS, address, "%s", "");
		who = eb_traces_find(d->cli, function, EB_TRACE_BINDS, p, &d->problems,
				     "devices");
		snprintf(p->text, sizeof(p->text),
			 "%s is on %s, where earlybind has not bound it: %s", address,
			 driver,
			 who ? who
			     : "somebody wrote driver_override or new_id, and left no "
			       "trace that is known");
		if (eb_part_is_virtual(&survey->pci, function))
			eb_problem_remedy(p,
					  "nothing, if guests run: there is no virtual "
					  "function yet in the initramfs, so that what "
					  "creates it has to bind it");
		else if (strcmp(driver, "vfio-pci") != 0)
			eb_problem_remedy(p, "nothing, if guests run; earlybind binds "
					     "vfio-pci, and no variant of it");
	}
}

/* Nothing was asked of earlybind: the plan is what is on vfio-pci, as if it had claimed
 * that, and what vfio-pci rejected or lost. */
static int examine_others(struct eb_diagnosis *d)
{
	struct eb_survey *survey = d->cli->survey;
	struct eb_plan *plan = &survey->plan;
	unsigned int i;
	int err;

	survey->findings.count = survey->findings.dropped = 0;
	survey->conflicts = (struct eb_conflicts){0};
	plan->count = plan->left_out = 0;
	err = eb_survey_scan(survey, d->cli->root, concerns, NULL);
	if (err < 0)
		return err;
	eb_machine_find_boot_display(&survey->machine, &survey->pci);
	eb_framebuffer_read(d->cli->root, &survey->locked, &survey->framebuffers);
	eb_klog_read(d->cli->root, &survey->pci, eb_klog_since_boot, &survey->klog);
	for (i = 0; i < survey->pci.count; i++) {
		bool bound = survey->pci.function[i].driver != EB_NO_DRIVER;

		if (eb_pci_detail(&survey->pci, i) &&
		    (bound || has_failed(&survey->klog, i)))
			plan->device[plan->count++] = (struct eb_device){
				.function = (int16_t)i,
				.result = bound ? EB_RESULT_CLAIMED : EB_RESULT_REFUSED};
	}
	d->others = plan->count > 0;
	say_others(d);
	if (d->others)
		eb_problems_checked(&d->problems, "devices");
	return 0;
}

/* Without a report it is not known which functions these checks are about; with a plan
 * some of them check what is planned. */
static void skip_checks(struct eb_diagnosis *d, const char *why)
{
	static const struct {
		const char *check;
		bool of_plan;
	} checks[] = {
		{"devices", false},  {"bars", false}, {"kernel-log", false},
		{"displays", false}, {"iommu", true}, {"groups", true},
		{"reset", true},
	};
	size_t i;

	for (i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		if (!checks[i].of_plan || !d->planned)
			eb_problems_not_checked(&d->problems, checks[i].check, "%s", why);
}

/* What is planned may be on vfio-pci all the same: by an older recipe, or the agent,
 * whose report was not written. */
static void check_planned(struct eb_diagnosis *d)
{
	const struct eb_plan *plan = &d->cli->survey->plan;
	unsigned int i;

	for (i = 0; i < plan->count; i++)
		d->bound = d->bound || plan->device[i].result == EB_RESULT_CLAIMED;
	if (d->bound)
		eb_problems_not_checked(&d->problems, "devices",
					"there is no report of this boot");
	else
		skip_checks(d, "there is no report of this boot");
}

void eb_check_report(struct eb_diagnosis *d)
{
	const char *why;
	int err = eb_report_read(d->cli->root, &d->boot, &why);
	struct eb_problem *p;

	if (err == 0) {
		d->has_report = true;
		eb_compare_report(d->cli, &d->boot, &d->now);
		eb_problems_checked(&d->problems, "report");
		return;
	}
	if (err != -ENOENT) {
		p = eb_problems_add(&d->problems, EB_PROBLEM_BAD_REPORT, NULL,
				    "the report of this boot cannot be read");
		eb_problem_seen(p, "/%s: %s", EB_REPORT_JSON, why);
		skip_checks(d, "the report of this boot cannot be read");
		return;
	}
	if (eb_survey_request(d->cli->survey, d->cli->root) < 0)
		eb_problems_not_checked(
			&d->problems, "report",
			"there is no report, and /proc/cmdline cannot be read");
	else if (d->cli->survey->request.asked)
		say_no_report(d);
	else
		eb_problems_not_checked(
			&d->problems, "report",
			"there is no report: this boot's command line has no "
			"vfio.gpus=");
	err = d->planned ? 0 : examine_others(d);
	if (err < 0)
		skip_checks(d, "there is no report of this boot, and what is on vfio-pci "
			       "cannot be read in /sys/bus/pci/devices");
	else if (d->planned)
		check_planned(d);
	else if (!d->others)
		skip_checks(d, "there is no report of this boot, and no function is on "
			       "vfio-pci now; if one is while a guest runs, run it then");
}

static const struct eb_compared *device_at(const struct eb_diagnosis *d,
					   const char *address)
{
	unsigned int i;

	for (i = 0; address && i < d->now.count; i++)
		if (strcmp(d->now.device[i].boot->address, address) == 0)
			return &d->now.device[i];
	return NULL;
}

/* Set the remedy for C, which the report has by its name. */
static void set_remedy(struct eb_problem *p, const struct eb_boot_conflict *c)
{
	int remedy;

	for (remedy = EB_REMEDY_EVICTED; remedy < EB_REMEDIES; remedy++)
		if (strcmp(c->remedy, eb_remedy_name((enum eb_remedy)remedy)) == 0)
			eb_problem_remedy(p, "%s",
					  eb_remedy_text((enum eb_remedy)remedy));
}

/* The ranges, from the report's own list, that its finding is about. */
static void add_conflicts(const struct eb_diagnosis *d, struct eb_problem *p)
{
	unsigned int i;

	if (strcmp(p->code, eb_finding_name(EB_FIND_BAR_HELD)) != 0)
		return;
	for (i = 0; i < d->boot.conflicts; i++) {
		const struct eb_boot_conflict *c = &d->boot.conflict[i];

		if (strcmp(c->address, p->address) != 0 || (c->after && !c->blocks))
			continue;
		eb_problem_seen(p, "report: %s binding, %s has %s in BAR %u",
				c->after ? "after" : "before", c->owner, c->range,
				c->bar);
		if (c->after)
			set_remedy(p, c);
	}
}

static void add_finding(struct eb_diagnosis *d, const struct eb_boot_finding *finding)
{
	const struct eb_compared *device = device_at(d, finding->address);
	struct eb_problem *p;

	if (is_checked_again(d, finding->code))
		return;
	/* It says why the device was not claimed, and it is now. */
	if (device && device->state == EB_STATE_SINCE &&
	    strcmp(finding->severity, "info") != 0) {
		p = eb_problems_find(&d->problems, EB_PROBLEM_CLAIMED_SINCE,
				     finding->address);
		if (p)
			eb_problem_seen(p, "report: %s", finding->text);
		return;
	}
	p = eb_problems_add_reported(&d->problems, finding->code, finding->severity,
				     finding->address, finding->text);
	add_conflicts(d, p);
}

void eb_check_findings(struct eb_diagnosis *d)
{
	unsigned int i, errors = 0;

	for (i = 0; i < d->boot.findings; i++) {
		errors += strcmp(d->boot.finding[i].severity, "error") == 0;
		add_finding(d, &d->boot.finding[i]);
	}
	/* A function that failed without a finding; one finding may be about several. */
	for (i = 0; i < d->now.count && !errors; i++) {
		const struct eb_compared *device = &d->now.device[i];

		if (device->state == EB_STATE_NOT_CLAIMED)
			eb_problems_add(&d->problems, EB_PROBLEM_NOT_CLAIMED,
					device->boot->address,
					"%s was not claimed: %s%s%s",
					device->boot->address, device->boot->result,
					device->boot->reason ? ", " : "",
					device->boot->reason ? device->boot->reason : "");
	}
}
