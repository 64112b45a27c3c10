// SPDX-License-Identifier: GPL-2.0-or-later
/* The boot agent: read, plan, hold, load, bind, report. Always exits 0: the boot goes on.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <earlybind/out.h>
#include <earlybind/survey.h>
#include <earlybind/sysfs.h>

#include "apply.h"
#include "clock.h"
#include "write.h"

/* How often something is tried that may fail for a moment. */
#define TRIES 3

static struct eb_survey survey;

/* Carry the plan out. Returns when the last function was held. */
static uint64_t act(const struct eb_ops *ops, int root, uint64_t start)
{
	const struct eb_apply apply = {.ops = ops,
				       .request = &survey.request,
				       .pci = &survey.pci,
				       .machine = &survey.machine,
				       .conflicts = &survey.conflicts,
				       .framebuffers = &survey.framebuffers,
				       .plan = &survey.plan,
				       .findings = &survey.findings};
	uint64_t held;

	eb_apply_hold(&apply);
	held = eb_clock_since(start);
	eb_survey_before(&survey, root);
	eb_apply_bind(&apply);
	eb_survey_after(&survey, root);
	return held;
}

static void say_error(struct eb_real *real, const char *what, int err)
{
	char line[128], name[16];
	struct eb_text text = eb_text_on(line, sizeof(line));

	eb_text_add(&text, "%s: %s", what, eb_text_errno(-err, name));
	eb_ops_say(real, EB_LEVEL_ERR, line);
}

/* Everything below ROOT. ELSEWHERE: change nothing whatever the command line says, and
 * leave its kernel log alone. */
static void run(int root, bool elsewhere, uint64_t start)
{
	struct eb_real real = {.root = root, .kmsg = -1};
	const struct eb_ops ops = eb_ops_real(&real);
	struct eb_report report;
	int err, tries = TRIES;

	do {
		err = eb_survey_request(&survey, root);
	} while (err < 0 && --tries);
	if (!err && !survey.request.asked)
		return;
	real.kmsg = elsewhere ? STDOUT_FILENO : eb_write_open(root, "dev/kmsg");
	if (err) {
		say_error(&real, "/proc/cmdline cannot be read, nothing was claimed",
			  err);
		return;
	}
	survey.locked = eb_ops_locked(&real);
	survey.request.options.dryrun |= elsewhere;
	real.timeout = survey.request.options.timeout;
	eb_survey_look(&survey, root);
	report = eb_survey_report(&survey);
	if (survey.request.options.dryrun) {
		eb_survey_before(&survey, root);
		eb_survey_predict(&survey, root);
	} else
		report.held_us = act(&ops, root, start);
	report.elapsed_us = eb_clock_since(start);
	tries = TRIES;
	do {
		err = eb_write_report(&report, root);
	} while (err && --tries);
	if (err)
		say_error(&real, "/" EB_REPORT_DIR ": the report could not be written",
			  err);
	eb_report_say(&report, ops.say, ops.ctx, EB_MAX_LINES - real.said);
	eb_worker_end(&real.worker);
}

static void print(const char *text, const char *rest)
{
	struct eb_out out = eb_out_on(STDOUT_FILENO);

	eb_out_text(&out, text);
	eb_out_text(&out, rest);
	eb_out_end(&out);
}

int main(int argc, char **argv)
{
	uint64_t start = eb_clock_since(0);
	bool elsewhere = argc == 3 && strcmp(argv[1], "--root") == 0;
	const char *dir = elsewhere ? argv[2] : "/";
	int root, tries = TRIES;

	if (argc > 1 && !elsewhere) {
		print("earlybind-agent " EB_VERSION
		      ": runs in the initramfs, see vfio.gpus(7)\n"
		      "--root DIR: a dry run, reported in "
		      "DIR/" EB_REPORT_DIR ".\n",
		      "");
		return 0;
	}
	do {
		root = eb_sysfs_root(dir);
	} while (root < 0 && --tries);
	if (root < 0) {
		print(dir, ": no such directory\n");
		return 0;
	}
	/* So that no link below DIR leads out of it. Only root may do that; others read
	 * through links what they may read anyway, and the report follows none. */
	if (elsewhere && fchdir(root) == 0 && chroot(".") < 0 && errno != EPERM)
		return 0;
	run(root, elsewhere, start);
	return 0;
}
