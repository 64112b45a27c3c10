// SPDX-License-Identifier: GPL-2.0-or-later
/* Examine a machine and make the plan: for the agent and the command. */
#include <errno.h>
#include <string.h>

#include <earlybind/card.h>
#include <earlybind/detail.h>
#include <earlybind/judge.h>
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
	struct eb_text text = eb_finding_add(&survey->findings, EB_FIND_SCAN, NULL);
	char name[16];

	eb_text_add(&text, "/%s cannot be read (%s)", path, eb_text_errno(-err, name));
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

static void scan_conflicts(struct eb_survey *survey, int root, enum eb_when when)
{
	int err;

	/* Without a readable kernel log there is less evidence, and the same conflicts.
	 */
	eb_klog_read(root, &survey->pci, NULL, &survey->klog);
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

/* Read what is behind the locks of chosen functions, and what only a plan needs. If one
 * function of a slot is stuck the others are not waited for: they are one card, and one
 * timeout is enough. */
static void read_chosen(struct eb_survey *survey, int root)
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
		eb_detail_read_more(root, pci, i);
	}
	if (before)
		eb_machine_read_remapping(root, &survey->machine);
}

int eb_survey_scan(struct eb_survey *survey, int root,
		   bool (*wanted)(const void *ctx, const struct eb_pci *pci,
				  unsigned int function),
		   const void *ctx)
{
	int err;

	eb_machine_read(root, &survey->machine);
	err = eb_pci_scan(root, &survey->pci);
	if (err < 0)
		return err;
	eb_card_group(&survey->pci);
	eb_detail_read(root, &survey->pci, wanted, ctx);
	return 0;
}

void eb_survey_look(struct eb_survey *survey, int root)
{
	int err;

	survey->conflicts.count = survey->conflicts.left_out = 0;
	survey->conflicts.hidden = false;
	err = eb_survey_scan(survey, root, eb_choose_wants, &survey->request);
	if (err < 0)
		say_scan(survey, "sys/bus/pci/devices", err);
	eb_survey_choose(survey);
	read_chosen(survey, root);
	eb_survey_plan(survey);
}

void eb_survey_before(struct eb_survey *survey, int root)
{
	eb_framebuffer_read(root, &survey->locked, &survey->framebuffers);
	scan_conflicts(survey, root, EB_BEFORE);
}

void eb_survey_machine(struct eb_survey *survey, int root)
{
	eb_survey_look(survey, root);
	eb_survey_before(survey, root);
}

void eb_survey_predict(struct eb_survey *survey)
{
	struct eb_advice advice = advice_on(survey);

	eb_advice_conflicts(&advice, EB_BEFORE);
}

void eb_survey_after(struct eb_survey *survey, int root)
{
	struct eb_advice advice = advice_on(survey);

	scan_conflicts(survey, root, EB_AFTER);
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
