// SPDX-License-Identifier: GPL-2.0-or-later
/* Boolean options of kernel modules, by the configuration of a running system. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <earlybind/cmdline.h>
#include <earlybind/sysfs.h>

#include "files.h"
#include "modprobe-d.h"
#include "module-option.h"

struct option {
	const char *module, *parameter;
	bool set;
};

/* Is LEN bytes of VALUE true, as the kernel reads a bool (lib/kstrtox.c, kstrtobool)? An
 * argument without a value is. */
static bool is_true(const char *value, size_t len)
{
	return !value || (len > 0 && strchr("1yYtT", value[0])) ||
	       (len > 1 && strncasecmp(value, "on", 2) == 0);
}

static void see_line(void *ctx, const struct eb_modprobe_line *line)
{
	struct option *option = ctx;
	const char *at = strstr(line->rest, option->parameter);

	if (strcmp(line->command, "options") != 0 ||
	    strcmp(line->module, option->module) != 0 || !at)
		return;
	at += strlen(option->parameter);
	option->set = *at == '=' ? is_true(at + 1, strcspn(at + 1, " \t")) : true;
}

static void see_unreadable(void *ctx, const char *path, int err)
{
	(void)ctx;
	(void)path;
	(void)err;
}

static void read_cmdline(const struct eb_cli *cli, struct option *option)
{
	struct eb_cmdline line = {0};
	struct eb_cmdline_arg arg;
	char name[96], *text;

	if (eb_files_read(cli->root, "proc/cmdline", &text) < 0)
		return;
	snprintf(name, sizeof(name), "%s.%s", option->module, option->parameter);
	line.text = text;
	line.len = strcspn(text, "\n");
	while (eb_cmdline_next(&line, &arg))
		if (eb_cmdline_named(&arg, name))
			option->set = is_true(arg.value, arg.value_len);
	free(text);
}

bool eb_module_option(const struct eb_cli *cli, const char *module, const char *parameter)
{
	struct option option = {.module = module, .parameter = parameter};
	char path[128], value[4];

	snprintf(path, sizeof(path), "sys/module/%s/parameters/%s", module, parameter);
	if (eb_sysfs_read(cli->root, path, value, sizeof(value)) == 1)
		return value[0] == 'Y';
	eb_modprobe_each(cli->root, see_line, see_unreadable, &option);
	read_cmdline(cli, &option);
	return option.set;
}
