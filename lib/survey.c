// SPDX-License-Identifier: GPL-2.0-or-later
/* Examine a machine and make the plan: for the agent and the command. */
#include <errno.h>
#include <string.h>

#include <earlybind/card.h>
#include <earlybind/detail.h>
#include <earlybind/judge.h>
#include <earlybind/nearby.h>
#include <earlybind/survey.h>
#include <earlybind/sysfs.h>

int eb_survey_request(struct eb_survey *survey, int root)
{
	ssize_t n = eb_sysfs_read_bytes(root, "proc/cmdline", survey->cmdline,
					sizeof(survey->cmdline));

	if (n < 0)
		return (int)n;
	/* The kernel ends its line with a newline (fs/proc/cmdline.c), which must not
	 * come into quotes that nobody closed. */
	if (n > 0 && survey->cmdline[n - 1] == '\n')
		n--;
	survey->findings.count = survey->findings.dropped = 0;
	eb_request_read(survey->cmdline, (size_t)n, &survey->request, &survey->findings);
	return 0;
}

void eb_survey_request_text(struct eb_survey *survey, const char *text)
{
	survey->findings.count = survey->findings.dropped = 0;
	eb_request_read(text, strlen(text), &survey->request, &survey->findings);
}

static void say_scan(struct eb_survey *survey, const char *path, int err)
{
	struct eb_text *text = eb_finding_add(&survey->findings, EB_FIND_SCAN, NULL);
	char name[16];

	eb_text_add(text, "/%s cannot be read (%s)", path, eb_text_errno(-err, name));
}

static struct eb_advice advice_on(struct eb_survey *survey)
{
	return (struct eb_advice){.request = &survey->request,
				  .pci = &survey->pci,
				  .machine = &survey->machine,
				  .plan = &survey->plan,
				  .conflicts = &survey->conflicts,
				  .klog = &survey->klog,
				  .findings = &survey->findings};
}

/* Is there a planned function whose BARs the kernel log may tell of? */
static bool asks_log(const struct eb_survey *survey)
{
	const struct eb_plan *plan = &survey->plan;
	unsigned int i;

	for (i = 0; i < plan->count; i++) {
		const struct eb_detail *detail = eb_pci_detail(
			&survey->pci, (unsigned int)plan->device[i].function);

		if (eb_plan_takes_device(&plan->device[i]) && detail &&
		    eb_conflict_asks_log(&survey->locked, &survey->pci, detail))
			return true;
	}
	return false;
}

static void scan_conflicts(struct eb_survey *survey, int root, enum eb_when when)
{
	int err;

	if (!survey->whole && survey->plan.count == 0)
		return;
	/* Without a readable kernel log there is less evidence, and the same conflicts.
	 * What was read before stays. */
	eb_klog_read_on(&survey->pci, NULL, &survey->klog);
	err = eb_conflict_scan(root, &survey->pci, &survey->machine, &survey->klog, when,
			       &survey->conflicts);
	if (err < 0 && survey->request.asked)
		say_scan(survey, "proc/iomem", err);
	eb_judge_conflicts(&survey->request, &survey->pci, &survey->machine,
			   &survey->plan, when, &survey->conflicts);
}

void eb_survey_choose(struct eb_survey *survey)
{
	eb_machine_find_boot_display(&survey->machine, &survey->pci);
	eb_choose(&survey->request, &survey->pci, &survey->machine, &survey->choice,
		  &survey->findings);
}

void eb_survey_plan(struct eb_survey *survey)
{
	struct eb_advice advice = advice_on(survey);

	eb_plan_make(&survey->request, &survey->pci, &survey->machine, &survey->choice,
		     &survey->plan, &survey->findings);
	eb_advice_plan(&advice);
}

/* Read what is behind the locks of chosen functions. If one function of a slot is stuck
 * the others are not waited for: they are one card, and one timeout is enough. */
static void read_locked(struct eb_survey *survey)
{
	struct eb_pci *pci = &survey->pci;
	const struct eb_detail *before = NULL;
	unsigned int i;

	for (i = 0; i < pci->count; i++) {
		struct eb_function *f = &pci->function[i];

		if (survey->choice.by[i] == EB_NOT_CHOSEN || f->detail < 0)
			continue;
		if (before && before->stuck &&
		    eb_addr_same_slot(&pci->function[before->function].addr, &f->addr))
			pci->detail[f->detail].stuck = true;
		else
			eb_detail_read_locked(&survey->locked, pci, i);
		before = &pci->detail[f->detail];
	}
}

/* Read what a guest depends on when it opens what is planned, and say so. */
static void read_opening(struct eb_survey *survey, int root)
{
	struct eb_advice advice = advice_on(survey);
	const struct eb_plan *plan = &survey->plan;
	bool any = false, direct = false;
	unsigned int i;

	for (i = 0; i < plan->count; i++) {
		unsigned int function = (unsigned int)plan->device[i].function;
		const struct eb_detail *detail = eb_pci_detail(&survey->pci, function);

		if (!detail || !eb_plan_takes_device(&plan->device[i]))
			continue;
		eb_detail_read_more(root, &survey->pci, function);
		direct |= detail->direct;
		any = true;
	}
	if (direct)
		eb_machine_read_iommu(root, &survey->machine);
	if (any)
		eb_machine_read_remapping(root, &survey->machine);
	eb_advice_opening(&advice);
}

int eb_survey_scan(struct eb_survey *survey, int root,
		   bool (*wanted)(const void *ctx, const struct eb_pci *pci,
				  unsigned int function),
		   const void *ctx)
{
	int err;

	eb_machine_read(root, &survey->machine);
	eb_machine_read_iommu(root, &survey->machine);
	err = eb_pci_scan(root, &survey->pci, true);
	if (err < 0)
		return err;
	eb_card_group(&survey->pci);
	eb_detail_read(root, &survey->pci, wanted, ctx);
	eb_framebuffer_place(root, &survey->pci);
	return 0;
}

/* Will findings list the display cards that there are? Those on items that are not
 * understood do, the more than SAID on items that match nothing or the wrong thing, and
 * those on functions that are no part of a card. */
static bool lists_cards(const struct eb_survey *survey, unsigned int said)
{
	const struct eb_findings *findings = &survey->findings;
	const struct eb_pci *pci = &survey->pci;
	unsigned int i;

	if (findings->count != said || findings->dropped)
		return true;
	for (i = 0; i < said; i++)
		if (findings->list[i].code == EB_FIND_BAD_ITEM)
			return true;
	for (i = 0; i < pci->count; i++)
		if (survey->choice.by[i] != EB_NOT_CHOSEN &&
		    !eb_card_has_display(pci, i) && !survey->request.options.allow_nongpu)
			return true;
	return false;
}

/* Of functions without a detail it is not known whether the console is on them. That
 * matters where one with a detail seems to have it, by less than the best evidence: a
 * framebuffer's place, which is known of all (PLACED), or without one boot_vga, which one
 * function has (drivers/pci/vgaarb.c). It also matters where the driver of another one
 * decides about the framebuffer. */
static bool boot_display_is_certain(const struct eb_survey *survey, bool placed)
{
	const struct eb_machine *machine = &survey->machine;

	if (eb_judge_asks_default_vga(machine, &survey->pci))
		return false;
	switch (machine->boot_by) {
	case EB_BOOT_UNKNOWN:
	case EB_BOOT_PLATFORM:
		return true;
	case EB_BOOT_SCREEN_INFO:
		return placed;
	case EB_BOOT_VGA:
		return placed && machine->framebuffer.end == 0;
	}
	return false;
}

/* Choose among the functions that were read. False where others matter, too. */
static bool choose_nearby(struct eb_survey *survey, int root)
{
	unsigned int said = survey->findings.count;
	bool placed;

	eb_card_group(&survey->pci);
	eb_detail_read(root, &survey->pci, eb_choose_wants, &survey->request);
	placed = eb_framebuffer_place(root, &survey->pci);
	eb_survey_choose(survey);
	return !lists_cards(survey, said) && boot_display_is_certain(survey, placed);
}

static bool wants_displays(const void *ctx, const struct eb_pci *pci,
			   unsigned int function)
{
	return eb_card_has_display(pci, function) || eb_choose_wants(ctx, pci, function);
}

/* Choose among all functions. */
static void choose_from_all(struct eb_survey *survey, int root)
{
	int err = eb_pci_scan(root, &survey->pci, survey->whole);
	bool placed;

	if (err < 0)
		say_scan(survey, "sys/bus/pci/devices", err);
	eb_card_group(&survey->pci);
	eb_detail_read(root, &survey->pci,
		       survey->whole ? wants_displays : eb_choose_wants,
		       &survey->request);
	placed = eb_framebuffer_place(root, &survey->pci);
	eb_machine_find_boot_display(&survey->machine, &survey->pci);
	if (!boot_display_is_certain(survey, placed)) {
		eb_detail_read(root, &survey->pci, wants_displays, &survey->request);
		eb_framebuffer_place(root, &survey->pci);
	}
	eb_survey_choose(survey);
	if (!survey->whole)
		eb_nearby_read_groups(root, &survey->choice, &survey->pci);
}

/* Is a chosen function in no IOMMU group? */
static bool lacks_group(const struct eb_survey *survey)
{
	unsigned int i;

	for (i = 0; i < survey->pci.count; i++)
		if (survey->choice.by[i] != EB_NOT_CHOSEN &&
		    survey->pci.function[i].group == EB_NO_GROUP)
			return true;
	return false;
}

void eb_survey_look(struct eb_survey *survey, int root)
{
	const unsigned int said = survey->findings.count;
	const unsigned int dropped = survey->findings.dropped;

	survey->conflicts.count = survey->conflicts.left_out = 0;
	survey->conflicts.hidden = false;
	eb_machine_read(root, &survey->machine);
	if (survey->whole || !eb_nearby_is_enough(&survey->request) ||
	    eb_nearby_scan(root, &survey->request, &survey->pci) < 0 ||
	    !choose_nearby(survey, root)) {
		survey->findings.count = said;
		survey->findings.dropped = dropped;
		choose_from_all(survey, root);
	}
	if (survey->whole || lacks_group(survey))
		eb_machine_read_iommu(root, &survey->machine);
	read_locked(survey);
	eb_survey_plan(survey);
}

/* Is the card of a console in text mode to be claimed, while another one has a
 * framebuffer? Who has the consoles then matters, see agent/apply.c. /proc/fb lists them,
 * and is not in all kernels since 6.6 (drivers/video/fbdev/core/fb_procfs.c). */
static bool takes_text_console(const struct eb_survey *survey, int root)
{
	const struct eb_device *boot = eb_plan_find(&survey->plan,
						    survey->machine.boot_display);
	char first[4];

	return survey->machine.framebuffer.end == 0 && boot &&
	       boot->result == EB_RESULT_PLANNED &&
	       eb_sysfs_read(root, "proc/fb", first, sizeof(first)) != 0;
}

void eb_survey_before(struct eb_survey *survey, int root)
{
	if (survey->whole || survey->request.options.release_fb ||
	    takes_text_console(survey, root))
		eb_framebuffer_read(root, &survey->locked, &survey->framebuffers);
	eb_klog_close(&survey->klog);
	survey->klog.count = survey->klog.left_out = 0;
	if (survey->whole || asks_log(survey))
		eb_klog_open(root, &survey->klog);
	scan_conflicts(survey, root, EB_BEFORE);
}

void eb_survey_machine(struct eb_survey *survey, int root)
{
	eb_survey_look(survey, root);
	eb_survey_before(survey, root);
	eb_klog_close(&survey->klog);
}

void eb_survey_predict(struct eb_survey *survey, int root)
{
	struct eb_advice advice = advice_on(survey);

	read_opening(survey, root);
	eb_advice_conflicts(&advice, EB_BEFORE);
}

void eb_survey_after(struct eb_survey *survey, int root)
{
	struct eb_advice advice = advice_on(survey);

	read_opening(survey, root);
	scan_conflicts(survey, root, EB_AFTER);
	eb_klog_close(&survey->klog);
	eb_advice_conflicts(&advice, EB_AFTER);
}

struct eb_report eb_survey_report(const struct eb_survey *survey)
{
	return (struct eb_report){.request = &survey->request,
				  .pci = &survey->pci,
				  .machine = &survey->machine,
				  .plan = &survey->plan,
				  .conflicts = &survey->conflicts,
				  .findings = &survey->findings};
}
