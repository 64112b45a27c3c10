/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The `earlybind` command: what its subcommands share. */
#ifndef EARLYBIND_CLI_H
#define EARLYBIND_CLI_H

#include <stdbool.h>

#include <earlybind/survey.h>

#include "names.h"

/* Exit status of every subcommand. */
#define EB_EXIT_WELL  0
#define EB_EXIT_LOOK  1 /* there is something to look at */
#define EB_EXIT_USAGE 2 /* wrong use, or nothing could be read */

struct eb_cli {
	int root;	       /* the machine to look at */
	const char *root_path; /* its name, "" for this one */
	bool json;
	bool force, yes, dry_run, with_remedy, try_once; /* of enable and disable */
	int argc; /* what follows the subcommand and its options */
	char **argv;
	struct eb_names names;
	struct eb_survey *survey;
	const char *format;	     /* --format, or NULL */
	const char *output;	     /* --output, or NULL for standard output */
	const char *loader;	     /* --loader, or NULL */
	bool sysfb_goes, efifb_goes; /* by the request's text, not by this boot's line */
};

/* A subcommand: one file each. */
struct eb_command {
	const char *name;
	const char *args;    /* what may follow it, "" for nothing */
	const char *options; /* its own, as "[--dry-run]"; NULL for "[--json]" */
	const char *summary; /* for the list of commands */
	const char *help; /* for `earlybind NAME --help`, lines of at most 80 columns */
	int (*run)(struct eb_cli *cli);
};

extern const struct eb_command eb_command_list;
extern const struct eb_command eb_command_plan;
extern const struct eb_command eb_command_export;
extern const struct eb_command eb_command_status;
extern const struct eb_command eb_command_diagnose;
extern const struct eb_command eb_command_enable;
extern const struct eb_command eb_command_disable;
extern const struct eb_command eb_command_show;
extern const struct eb_command eb_command_keep;

/* Print "earlybind: ...", one line, to standard error. Bytes that a terminal might
 * obey become '?'. */
__attribute__((format(printf, 1, 2))) void eb_cli_error(const char *format, ...);

/* Is it this machine that is looked at, and not another root or a captured one? */
bool eb_cli_is_live(const struct eb_cli *cli);

/* Read for the survey what is behind locks: bounded in time on this machine, while files
 * of a captured one have no locks. */
struct eb_locked eb_cli_locked(struct eb_cli *cli);

/* Is the machine below the root there to be read? 0, or EB_EXIT_USAGE
 * after an error message. To be called before the survey. */
int eb_cli_check_machine(const struct eb_cli *cli);

/* The status of a command whose output ended with ERR, 0 or negative errno, and would
 * have had STATUS. */
int eb_cli_end(int err, int status);

/* The word of the COUNT WORDS that is written most like WORD, or NULL when none is
 * close. */
const char *eb_cli_nearest(const char *word, const char *const *words, size_t count);

/* Which of the COUNT NAMES of forms that COMMAND has is asked for: its index, the first
 * without --format or --json; -1 for any other, after an error
 * message. */
int eb_cli_find_format(const struct eb_cli *cli, const char *command,
		       const char *const *names, size_t count);

/* Take TEXT as what is asked, beside what the running kernel was told of the IOMMU, of
 * framebuffers and in vfio-pci.ids=. */
void eb_cli_request_text(struct eb_cli *cli, const char *text);

#endif
