// SPDX-License-Identifier: GPL-2.0-or-later
/* A trial by GRUB: its environment block has the arguments for one boot, and grub.cfg has
 * a script that empties the variable on the disk before it uses them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <earlybind/sysfs.h>

#include "files.h"
#include "grubenv.h"
#include "run.h"
#include "trial.h"

#define BLOCK	      "boot/grub/grubenv"
#define PROBE_SECONDS 60

/* Have grub-probe say TARGET of the block's directory, into OUT as one word. */
static bool probe(const struct eb_cli *cli, const char *target, char *out, size_t size)
{
	const char *const argv[] = {"grub-probe", target, "/boot/grub", NULL};
	const struct eb_run run = {.argv = argv,
				   .root = eb_cli_is_live(cli) ? -1 : cli->root,
				   .dir = -1,
				   .seconds = PROBE_SECONDS};
	struct eb_run_end end;

	if (!eb_run(&run, &end))
		return false;
	snprintf(out, size, "%.*s", (int)strcspn(end.output, "\n"), end.output);
	return true;
}

/* Those where a block of a file stays in its place, and has no checksum that GRUB would
 * have to write too. */
static bool is_writable(const char *fs)
{
	static const char *const known[] = {"ext2", "xfs", "fat"};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(fs, known[i]) == 0)
			return true;
	return false;
}

/* GRUB's manual, "The GRUB environment block"; /etc/grub.d/00_header asks the same where
 * it has GRUB record a failed boot. */
static bool is_possible(const struct eb_cli *cli, char why[EB_TRIAL_WHY])
{
	char *text, word[64];
	int err = eb_files_read_own(cli->root, BLOCK, &text);
	bool is;

	if (err < 0) {
		snprintf(why, EB_TRIAL_WHY,
			 "/" BLOCK ", where GRUB keeps what is for one boot: %s%s",
			 eb_files_error(err),
			 err == -ENOENT ? " (grub-editenv /" BLOCK " create makes it)"
					: "");
		return false;
	}
	is = eb_grubenv_is(text);
	free(text);
	if (!is)
		snprintf(why, EB_TRIAL_WHY, "/" BLOCK " is not GRUB's environment block");
	else if (!probe(cli, "--target=abstraction", word, sizeof(word)))
		snprintf(why, EB_TRIAL_WHY,
			 "grub-probe cannot tell where /" BLOCK " is, so it is not known "
			 "whether GRUB can write to it");
	else if (word[0])
		snprintf(why, EB_TRIAL_WHY,
			 "/" BLOCK " is on %s, where GRUB may not be able to write it",
			 word);
	else if (!probe(cli, "--target=fs", word, sizeof(word)) || !is_writable(word))
		snprintf(why, EB_TRIAL_WHY,
			 "/" BLOCK " is on a file system (%s) that GRUB cannot write to",
			 word[0] ? word : "not known");
	else
		return true;
	return false;
}

static void read_block(int root, struct eb_trial *trial)
{
	char *text;
	int err = eb_files_read_own(root, BLOCK, &text);

	*trial = (struct eb_trial){.known = err == 0 || err == -ENOENT};
	if (err == 0)
		err = eb_grubenv_get(text, EB_TRIAL_NEXT, trial->words,
				     sizeof(trial->words));
	if (err < 0)
		snprintf(trial->why, sizeof(trial->why), "/" BLOCK ": %s",
			 eb_files_error(err));
	free(text);
}

/* The block is overwritten in its place: GRUB reads no journal, so that a new file might
 * not be there for it after a power failure, and GRUB would write to the old one's place.
 */
static int set(const struct eb_cli *cli, const char *words)
{
	char *text;
	int err = eb_files_read_own(cli->root, BLOCK, &text);

	if (err == 0)
		err = eb_grubenv_set(text, EB_TRIAL_NEXT, words);
	if (err == 0)
		err = eb_files_overwrite(cli->root, BLOCK, text);
	free(text);
	if (err == 0)
		return 0;
	eb_cli_error("%s/" BLOCK " cannot be written: %s", cli->root_path,
		     eb_files_error(err));
	return EB_EXIT_LOOK;
}

static int arm(const struct eb_cli *cli, const struct eb_entries *entries,
	       const char *had, const char *words)
{
	(void)entries;
	(void)had;
	return set(cli, words);
}

static int disarm(const struct eb_cli *cli)
{
	return eb_files_is_there(cli->root, BLOCK) ? set(cli, "") : 0;
}

const struct eb_trial_kind eb_trial_grub = {
	.by_entries = true,
	.is_possible = is_possible,
	.read = read_block,
	.arm = arm,
	.disarm = disarm,
};
