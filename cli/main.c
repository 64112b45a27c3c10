// SPDX-License-Identifier: GPL-2.0-or-later
/* The `earlybind` command: options, then a table of subcommands. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <earlybind/sysfs.h>

#include "arguments.h"
#include "cli.h"
#include "run.h"
#include "terminal.h"

static const struct eb_command *const commands[] = {
	&eb_command_list,     &eb_command_plan,	  &eb_command_status,
	&eb_command_diagnose, &eb_command_enable, &eb_command_keep,
	&eb_command_disable,  &eb_command_show,	  &eb_command_export,
};
#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

/* What the options ask for. */
struct options {
	const char *root; /* NULL for this machine */
	const char *pci_ids;
	const char *format;
	const char *output;
	const char *loader;
	int json, force, yes, dry_run, with_remedy,
		try_once; /* getopt_long() wants int */
	int help, version;
};

static struct eb_survey survey;

static void usage(FILE *to)
{
	int width = 0, len;
	size_t i;

	for (i = 0; i < COMMANDS; i++) {
		len = (int)(strlen(commands[i]->name) + strlen(commands[i]->args));
		width = len > width ? len : width;
	}
	fprintf(to, "Usage: earlybind [OPTION]... COMMAND [ARG]\n\n");
	for (i = 0; i < COMMANDS; i++)
		fprintf(to, "  %s %-*s %s\n", commands[i]->name,
			width - (int)strlen(commands[i]->name), commands[i]->args,
			commands[i]->summary);
	fprintf(to,
		"\n  --json          print JSON\n"
		"  --dry-run       show what would be done, and do nothing\n"
		"  --try           enable for the next boot alone\n"
		"  --with-remedy   enable with what frees the framebuffer's BAR\n"
		"  --force         enable even what would claim nothing here\n"
		"  --yes           answer yes to the question of enable\n"
		"  --root DIR      read, or change, the machine below DIR\n"
		"  --pci-ids FILE  read the names of cards from FILE\n"
		"  --format NAME   print in that format\n"
		"  --output FILE   write to FILE, whole or not at all\n"
		"  --loader NAME   the boot loader, where several are installed\n"
		"  --version       print the version\n"
		"  --help          print this; after a COMMAND: more about it\n\n"
		"Exit status: 0 no problems, 1 needs attention, 2 wrong use or unreadable.\n"
		"See earlybind(8), vfio.gpus(7).\n");
}

static void command_help(const struct eb_command *command)
{
	printf("Usage: earlybind %s%s%s %s [--root DIR] [--pci-ids FILE]\n\n%s",
	       command->name, command->args[0] ? " " : "", command->args,
	       command->options ? command->options : "[--json]", command->help);
}

/* getopt_long() leaves in optopt the letter that is wrong, 0 for a word that it does not
 * know, and the option's own val, which is true, where a value was given in vain. */
static int wrong_option(int option, char *const *argv)
{
	const char *given = argv[optind - 1];

	if (option == ':')
		eb_cli_error("option '%s' needs a value; see earlybind --help", given);
	else if (optopt == true)
		eb_cli_error("option '%.*s' takes no value; see earlybind --help",
			     (int)strcspn(given, "="), given);
	else if (optopt == 0)
		eb_cli_error("there is no option '%s'; see earlybind --help", given);
	else if (argv[optind] && argv[optind][0] == '-' &&
		 eb_arguments_is_list(argv[optind]))
		/* Not done with that word, it is still the next. */
		eb_cli_error(
			"'%s' begins as an option does: to take cards out of a list, "
			"write it in one word, such as nvidia,%s",
			argv[optind], argv[optind]);
	else
		eb_cli_error("there is no option '-%c'; see earlybind --help", optopt);
	return EB_EXIT_USAGE;
}

/* Read the options of ARGV, before the command and after it; what is left begins at
 * optind. 0, or EB_EXIT_USAGE after an error message. */
static int read_options(int argc, char **argv, struct options *options)
{
	const struct option known[] = {
		{"root", required_argument, NULL, 'r'},
		{"pci-ids", required_argument, NULL, 'p'},
		{"format", required_argument, NULL, 'f'},
		{"output", required_argument, NULL, 'o'},
		{"loader", required_argument, NULL, 'l'},
		{"json", no_argument, &options->json, true},
		{"force", no_argument, &options->force, true},
		{"yes", no_argument, &options->yes, true},
		{"dry-run", no_argument, &options->dry_run, true},
		{"with-remedy", no_argument, &options->with_remedy, true},
		{"try", no_argument, &options->try_once, true},
		{"help", no_argument, &options->help, true},
		{"version", no_argument, &options->version, true},
		{NULL, 0, NULL, 0},
	};
	int option;

	/* With it getopt_long() would take options after the command for arguments. */
	unsetenv("POSIXLY_CORRECT");
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":h", known, NULL)) != -1) {
		if (option == 'r')
			options->root = optarg;
		else if (option == 'p')
			options->pci_ids = optarg;
		else if (option == 'f')
			options->format = optarg;
		else if (option == 'o')
			options->output = optarg;
		else if (option == 'l')
			options->loader = optarg;
		else if (option == 'h')
			options->help = true;
		else if (option != 0)
			return wrong_option(option, argv);
	}
	return 0;
}

/* The command NAME, or NULL after an error message. */
static const struct eb_command *find_command(const char *name)
{
	const char *names[COMMANDS], *nearest;
	size_t i;

	for (i = 0; i < COMMANDS; i++) {
		if (strcmp(name, commands[i]->name) == 0)
			return commands[i];
		names[i] = commands[i]->name;
	}
	nearest = eb_cli_nearest(name, names, COMMANDS);
	if (nearest)
		eb_cli_error("there is no command '%s'; did you mean '%s'?", name,
			     nearest);
	else
		eb_cli_error("there is no command '%s'; see earlybind --help", name);
	return NULL;
}

/* Has the command all of the options that were given? 0, or EB_EXIT_USAGE after an error
 * message. */
static int check_options(const struct eb_command *command, const struct options *options)
{
	const struct {
		const char *name;
		bool given;
	} all[] = {{"--json", options->json != 0},
		   {"--force", options->force != 0},
		   {"--yes", options->yes != 0},
		   {"--dry-run", options->dry_run != 0},
		   {"--with-remedy", options->with_remedy != 0},
		   {"--try", options->try_once != 0},
		   {"--format", options->format != NULL},
		   {"--output", options->output != NULL},
		   {"--loader", options->loader != NULL}};
	const char *has = command->options ? command->options : "[--json]";
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i].given && !strstr(has, all[i].name)) {
			eb_cli_error("%s has no %s; see earlybind %s --help",
				     command->name, all[i].name, command->name);
			return EB_EXIT_USAGE;
		}
	return 0;
}

static int run(const struct eb_command *command, const struct options *options, int argc,
	       char **argv)
{
	struct eb_cli cli = {.root_path = options->root ? options->root : "",
			     .json = options->json,
			     .force = options->force,
			     .yes = options->yes,
			     .dry_run = options->dry_run,
			     .with_remedy = options->with_remedy,
			     .try_once = options->try_once,
			     .argc = argc,
			     .argv = argv,
			     .survey = &survey,
			     .format = options->format,
			     .output = options->output,
			     .loader = options->loader};
	int err, status;

	if (check_options(command, options))
		return EB_EXIT_USAGE;
	cli.root = eb_sysfs_root(options->root ? options->root : "/");
	if (cli.root < 0) {
		eb_cli_error("--root '%s': %s; name a directory with a machine's sys "
			     "and proc",
			     cli.root_path, strerror(-cli.root));
		return EB_EXIT_USAGE;
	}
	err = eb_names_open(&cli.names, options->pci_ids);
	if (err < 0) {
		eb_cli_error("--pci-ids '%s': %s; name a file such as "
			     "/usr/share/misc/pci.ids",
			     options->pci_ids, strerror(-err));
		return EB_EXIT_USAGE;
	}
	survey.locked = eb_cli_locked(&cli);
	survey.whole = true;
	status = command->run(&cli);
	eb_names_close(&cli.names);
	return status;
}

static int earlybind(int argc, char **argv)
{
	const struct eb_command *command;
	struct options options = {0};

	if (read_options(argc, argv, &options))
		return EB_EXIT_USAGE;
	if (options.version) {
		printf("earlybind %s\n", EB_VERSION);
		return EB_EXIT_WELL;
	}
	if (optind == argc) {
		usage(options.help ? stdout : stderr);
		return options.help ? EB_EXIT_WELL : EB_EXIT_USAGE;
	}
	command = find_command(argv[optind]);
	if (!command)
		return EB_EXIT_USAGE;
	if (options.help) {
		command_help(command);
		return EB_EXIT_WELL;
	}
	return run(command, &options, argc - optind - 1, argv + optind + 1);
}

int main(int argc, char **argv)
{
	struct eb_term term;
	int status;

	eb_run_open_standard();
	status = earlybind(argc, argv);
	/* What could not be printed, such as --help to a full disk. A command that ended
	 * with the error of its own output has said so. */
	term = eb_term_on(stdout);
	return status == EB_EXIT_USAGE ? status : eb_cli_end(eb_term_end(&term), status);
}
