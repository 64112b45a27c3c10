// SPDX-License-Identifier: GPL-2.0-or-later
/* The boot agent: look, hold, load, bind, report. Always exits 0: the boot goes on. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#include <earlybind/apply.h>
#include <earlybind/survey.h>
#include <earlybind/sysfs.h>
#include <earlybind/worker.h>

/* In memory that a child of ours shares. */
static struct eb_survey *survey;

/* Microseconds since START, which is 0 for the first call. No clock is set this early,
 * and klibc has no other; a step back reads as no time at all. */
static uint64_t since(uint64_t start)
{
	struct timeval now;
	uint64_t us;

	if (gettimeofday(&now, NULL) < 0)
		return 0;
	us = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_usec;
	return us > start ? us - start : 0;
}

static int do_look(void *ctx, void *reply)
{
	(void)reply;
	eb_survey_machine(survey, *(const int *)ctx);
	return 0;
}

/* Look at the machine and make the plan, in a child: reading driver_override or
 * sriov_numvfs takes the device's lock (drivers/pci/pci-sysfs.c, drivers/pci/iov.c),
 * reading vtconsole's bind the console's (drivers/tty/vt/vt.c), and both can wait behind
 * a stuck probe. False when it did not end: what it found so far is no plan. */
static bool look(int root)
{
	int err = eb_worker_call(do_look, &root, survey->request.timeout, NULL, 0);
	struct eb_text text;

	if (!err)
		return true;
	survey->plan.count = survey->conflicts.count = 0;
	text = eb_finding_add(&survey->findings, EB_FIND_TIMEOUT, NULL);
	if (err == -ETIMEDOUT)
		eb_text_add(&text,
			    "looking at the machine took longer than %u seconds: nothing "
			    "is claimed; a driver may be stuck (see the kernel log)",
			    survey->request.timeout);
	else
		eb_text_add(&text,
			    "looking at the machine broke off (error %d): nothing "
			    "is claimed",
			    -err);
	return false;
}

/* Carry the plan out. Returns when the last function was held. */
static uint64_t act(const struct eb_ops *ops, int root, uint64_t start)
{
	const struct eb_apply apply = {.ops = ops,
				       .request = &survey->request,
				       .pci = &survey->pci,
				       .machine = &survey->machine,
				       .conflicts = &survey->conflicts,
				       .framebuffers = &survey->framebuffers,
				       .plan = &survey->plan,
				       .findings = &survey->findings};
	uint64_t held;

	eb_apply_hold(&apply);
	held = since(start);
	eb_apply_bind(&apply);
	eb_survey_after(survey, root);
	return held;
}

/* Everything below ROOT. ELSEWHERE: change nothing whatever the command line says, and
 * leave its kernel log alone. */
static void run(int root, bool elsewhere, uint64_t start)
{
	struct eb_real real = {.root = root, .kmsg = -1};
	const struct eb_ops ops = eb_ops_real(&real);
	struct eb_report report;
	char line[EB_LINE_TEXT];
	struct eb_text text = eb_text_on(line, sizeof(line));
	char name[16];
	int err;

	survey = mmap(NULL, sizeof(*survey), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (survey == MAP_FAILED || eb_survey_request(survey, root) < 0 ||
	    !survey->request.asked)
		return;
	survey->request.dryrun |= elsewhere;
	real.timeout = survey->request.timeout;
	real.kmsg = elsewhere ? STDOUT_FILENO : eb_sysfs_open_write(root, "dev/kmsg", 0);
	report = eb_survey_report(survey);
	if (look(root)) {
		if (survey->request.dryrun)
			eb_survey_foretell(survey);
		else
			report.held_us = act(&ops, root, start);
	}
	report.elapsed_us = since(start);
	err = eb_report_save(&report, root);
	if (err) {
		eb_text_add(&text,
			    "/" EB_REPORT_DIR ": the report could not be written: %s",
			    eb_errno_name(-err, name));
		eb_ops_say(&real, EB_LEVEL_ERR, line);
	}
	eb_report_say(&report, &ops, EB_MAX_LINES - real.said);
}

int main(int argc, char **argv)
{
	uint64_t start = since(0);
	bool elsewhere = argc == 3 && strcmp(argv[1], "--root") == 0;
	int root;

	if (argc > 1 && !elsewhere) {
		printf("earlybind-agent %s: runs at boot, from the initramfs; see vfio.gpus(7)\n"
		       "With --root DIR it looks at the machine below DIR, changes nothing, and "
		       "writes\nits report to DIR/" EB_REPORT_DIR
		       " and its lines to standard output.\n",
		       EB_VERSION);
		return 0;
	}
	root = eb_sysfs_root(elsewhere ? argv[2] : "/");
	if (root >= 0)
		run(root, elsewhere, start);
	return 0;
}
