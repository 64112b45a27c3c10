// SPDX-License-Identifier: GPL-2.0-or-later
/* The `earlybind` command: options, then a table of subcommands. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include <earlybind/sysfs.h>

#include "cli.h"

static const struct {
	const char *name;
	int (*run)(const struct eb_cli *cli);
	const char *help;
} commands[] = {
	{"plan", eb_cli_plan, "[ARG]  what that piece of command line would do here"},
};
#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void usage(FILE *to)
{
	size_t i;

	fprintf(to, "Usage: earlybind [--root DIR] COMMAND [--json] [ARG]\n\n");
	for (i = 0; i < COMMANDS; i++)
		fprintf(to, "  %-9s %s\n", commands[i].name, commands[i].help);
	fprintf(to,
		"\n  --json      print JSON\n"
		"  --root DIR  look at the machine that was captured in DIR\n"
		"  --version   print the version\n"
		"  --help      print this\n\n"
		"Exit status: 0 all well, 1 something to look at, 2 usage or unreadable.\n"
		"See earlybind(8), vfio.gpus(7).\n");
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"root", required_argument, NULL, 'r'},
		{"json", no_argument, NULL, 'j'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'v'},
		{NULL, 0, NULL, 0},
	};
	struct eb_cli cli = {.root_path = "/"};
	int option;
	size_t i;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (option) {
		case 'r':
			cli.root_path = optarg;
			break;
		case 'j':
			cli.json = true;
			break;
		case 'v':
			printf("earlybind %s\n", EB_VERSION);
			return EB_EXIT_WELL;
		case 'h':
			usage(stdout);
			return EB_EXIT_WELL;
		default:
			usage(stderr);
			return EB_EXIT_USAGE;
		}
	}
	for (i = 0; optind < argc && i < COMMANDS; i++) {
		if (strcmp(argv[optind], commands[i].name) != 0)
			continue;
		cli.argc = argc - optind - 1;
		cli.argv = argv + optind + 1;
		cli.root = eb_sysfs_root(cli.root_path);
		if (cli.root < 0) {
			fprintf(stderr, "earlybind: %s: %s\n", cli.root_path,
				strerror(-cli.root));
			return EB_EXIT_USAGE;
		}
		return commands[i].run(&cli);
	}
	if (optind < argc)
		fprintf(stderr, "earlybind: there is no command '%s'\n\n", argv[optind]);
	usage(stderr);
	return EB_EXIT_USAGE;
}
