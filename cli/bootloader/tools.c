// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs the tools that update a boot loader. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include <earlybind/text.h>

#include "run.h"
#include "terminal.h"
#include "tools.h"

/* os-prober on a machine with many disks takes minutes. */
#define TOOL_SECONDS 900

static void show_output(const struct eb_run_end *end)
{
	struct eb_term term = eb_term_on(stderr);
	const char *line = end->output;

	while (*line) {
		size_t len = strcspn(line, "\n");

		eb_term_print(&term, "  | %.*s\n", (int)len, line);
		line += len + (line[len] == '\n');
	}
}

int eb_tools_run_one(const struct eb_cli *cli, const struct eb_tool *tool)
{
	const char *argv[EB_MAX_TOOL_ARGS + 1] = {NULL};
	struct eb_term term = eb_term_on(stdout);
	const struct eb_run run = {.argv = argv,
				   .root = eb_cli_is_live(cli) ? -1 : cli->root,
				   .dir = -1,
				   .seconds = TOOL_SECONDS};
	char text[EB_TOOL_TEXT], how[160];
	struct eb_run_end end;
	unsigned int i;

	for (i = 0; i < tool->argc; i++)
		argv[i] = tool->argv[i];
	eb_term_styled(&term, EB_STYLE_QUIET, "Running %s ...", eb_tool_text(tool, text));
	eb_term_print(&term, "\n");
	eb_term_end(&term);
	if (eb_run(&run, &end))
		return 0;
	eb_cli_error("%s%s%s %s", text, cli->root_path[0] ? " below " : "",
		     cli->root_path, eb_run_describe(&end, how));
	show_output(&end);
	return end.how == EB_RUN_NOT_STARTED ? -end.value : 1;
}

int eb_tools_run(const struct eb_cli *cli, const struct eb_setup *setup)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < setup->tools && err == 0; i++)
		err = eb_tools_run_one(cli, &setup->tool[i]);
	return err;
}

static bool is_mounted(int root, const char *dir)
{
	struct stat whole, part;

	return fstat(root, &whole) == 0 && fstatat(root, dir, &part, 0) == 0 &&
	       whole.st_dev != part.st_dev;
}

void eb_tools_say_unmounted(const struct eb_cli *cli)
{
	static const char *const dirs[] = {"dev", "proc", "sys"};
	char missing[16] = "";
	struct eb_text text = eb_text_on(missing, sizeof(missing));
	size_t i;

	if (eb_cli_is_live(cli))
		return;
	for (i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		if (!is_mounted(cli->root, dirs[i]))
			eb_text_add(&text, " %s", dirs[i]);
	if (missing[0])
		eb_cli_error(
			"nothing is mounted below %s on:%s, which the loader's "
			"tools use; mount them first: for d in%s; do mount --rbind /$d "
			"%s/$d; done",
			cli->root_path, missing, missing, cli->root_path);
}

void eb_tools_say_left(const struct eb_cli *cli, const struct eb_setup *setup)
{
	char text[EB_TOOL_TEXT];
	unsigned int i;

	for (i = 0; i < setup->tools; i++)
		eb_cli_error("left to run%s%s: %s", cli->root_path[0] ? " in " : "",
			     cli->root_path, eb_tool_text(&setup->tool[i], text));
	if (setup->tools)
		eb_tools_say_unmounted(cli);
}
