// SPDX-License-Identifier: GPL-2.0-or-later
/* May guests open cards whose interrupts are not remapped, by the configuration? */
#include <stdlib.h>
#include <string.h>

#include <earlybind/cmdline.h>
#include <earlybind/sysfs.h>

#include "files.h"
#include "modprobe-d.h"
#include "unsafe-interrupts.h"

#define PARAMETER "allow_unsafe_interrupts"

/* Is LEN bytes of VALUE true, as the kernel reads a bool (lib/kstrtox.c, kstrtobool)? An
 * argument without a value is. */
static bool is_true(const char *value, size_t len)
{
	return !value || (len > 0 && strchr("1yYtT", value[0])) ||
	       (len > 1 && strncasecmp(value, "on", 2) == 0);
}

static void see_line(void *ctx, const struct eb_modprobe_line *line)
{
	const char *at = strstr(line->rest, PARAMETER);
	bool *allowed = ctx;

	if (strcmp(line->command, "options") != 0 ||
	    strcmp(line->module, "vfio_iommu_type1") != 0 || !at)
		return;
	at += strlen(PARAMETER);
	*allowed = *at == '=' ? is_true(at + 1, strcspn(at + 1, " \t")) : true;
}

static void see_unreadable(void *ctx, const char *path, int err)
{
	(void)ctx;
	(void)path;
	(void)err;
}

static void read_cmdline(const struct eb_cli *cli, bool *allowed)
{
	struct eb_cmdline line = {0};
	struct eb_cmdline_arg arg;
	char *text;

	if (eb_files_read(cli->root, "proc/cmdline", &text) < 0)
		return;
	line.text = text;
	line.len = strcspn(text, "\n");
	while (eb_cmdline_next(&line, &arg))
		if (eb_cmdline_named(&arg, "vfio_iommu_type1." PARAMETER))
			*allowed = is_true(arg.value, arg.value_len);
	free(text);
}

bool eb_unsafe_allowed(const struct eb_cli *cli)
{
	bool allowed = false;
	char value[4];

	if (eb_sysfs_read(cli->root, EB_MACHINE_UNSAFE, value, sizeof(value)) == 1)
		return value[0] == 'Y';
	eb_modprobe_each(cli->root, see_line, see_unreadable, &allowed);
	read_cmdline(cli, &allowed);
	return allowed;
}

void eb_unsafe_drop(const struct eb_cli *cli)
{
	struct eb_findings *findings = &cli->survey->findings;
	unsigned int i, kept = 0;

	if (!cli->survey->machine.no_remapping || !eb_unsafe_allowed(cli))
		return;
	cli->survey->machine.no_remapping = false;
	for (i = 0; i < findings->count; i++)
		if (findings->list[i].code != EB_FIND_NO_REMAPPING)
			findings->list[kept++] = findings->list[i];
	findings->count = kept;
}
