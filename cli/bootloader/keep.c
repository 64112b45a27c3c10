// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind keep: makes permanent what this boot tries. */
#include <stdio.h>
#include <string.h>

#include "enable.h"

/* There is nothing to be kept: why. */
static int refuse(const struct eb_enable *enable)
{
	char why[EB_MAX_WORDS + 256];

	if (enable->stage == EB_TRIAL_NONE) {
		eb_cli_error(
			"nothing was changed: this boot is no trial; to enable cards "
			"for good, run earlybind enable");
		return EB_EXIT_LOOK;
	}
	eb_enable_tell_trial(enable, why, sizeof(why));
	eb_cli_error("nothing was changed, as this boot is not the one that tries it: %s",
		     why);
	return EB_EXIT_LOOK;
}

static int keep(struct eb_enable *enable)
{
	struct eb_change *change = &enable->change;
	int status = eb_enable_find_loader(enable, true);

	if (status) {
		eb_cli_error("%s", enable->why);
		return status;
	}
	if (enable->stage != EB_TRIAL_BOOTED)
		return refuse(enable);
	memcpy(enable->words, change->found.trial, sizeof(enable->words));
	status = eb_enable_plan(enable, enable->words, "");
	if (status)
		return status;
	if (enable->cli->dry_run) {
		eb_change_show(change);
		eb_enable_say(enable, EB_STYLE_HEAD, "Dry run:", "nothing was changed.");
		return EB_EXIT_WELL;
	}
	status = eb_change_enable(change);
	if (status)
		return status;
	eb_enable_say_done(enable);
	eb_enable_say(enable, EB_STYLE_HEAD,
		      "Kept:", "each boot has it from now on, until earlybind disable.");
	return EB_EXIT_WELL;
}

static int run(struct eb_cli *cli)
{
	struct eb_enable *enable = NULL;
	int status;

	if (cli->argc > 0) {
		eb_cli_error("keep takes no argument; see earlybind keep --help");
		return EB_EXIT_USAGE;
	}
	status = eb_enable_begin(cli, "keep", &enable);
	if (!status)
		status = keep(enable);
	status = eb_enable_end(enable, status);
	eb_enable_free(enable);
	return status;
}

const struct eb_command eb_command_keep = {
	.name = "keep",
	.args = "",
	.options = "[--dry-run]",
	.summary = "make permanent what this boot tries",
	.help = "After earlybind enable --try and a reboot: writes what this boot was given for\n"
		"every boot, runs the boot loader's tools, and reads its entries back, as\n"
		"earlybind enable does. In any other boot it refuses, and says why.\n"
		"\n"
		"--dry-run  show what would be written and run, and change nothing\n"
		"\n"
		"Exit status: 0 kept, as read back from the boot entries; 1 nothing was changed,\n"
		"or something is left to do, which is said; 2 something cannot be read.\n",
	.run = run,
};
