// SPDX-License-Identifier: GPL-2.0-or-later
/* Which framebuffer of the firmware's has this kernel? */
#include <stdio.h>
#include <string.h>

#include <earlybind/sysfs.h>

#include "screen.h"

static int see_config(void *ctx, const char *line)
{
	enum eb_screen *screen = ctx;

	if (strcmp(line, "CONFIG_SYSFB_SIMPLEFB=y") == 0)
		*screen = EB_SCREEN_SIMPLE;
	else if (*screen == EB_SCREEN_UNKNOWN && strcmp(line, "CONFIG_FB_EFI=y") == 0)
		*screen = EB_SCREEN_DRIVER;
	return 0;
}

/* What the kernel's log says of the platform device that it made, or of its driver
 * (drivers/firmware/sysfb.c; drivers/gpu/drm/sysfb, drivers/video/fbdev). */
static int see_record(void *ctx, const char *record)
{
	static const char *const drivers[] = {"efi-framebuffer.0", "vesa-framebuffer.0",
					      ";efifb: ", ";vesafb: "};
	enum eb_screen *screen = ctx;
	size_t i;

	if (strstr(record, "simple-framebuffer.0"))
		*screen = EB_SCREEN_SIMPLE;
	for (i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++)
		if (strstr(record, drivers[i]))
			*screen = EB_SCREEN_DRIVER;
	return *screen != EB_SCREEN_UNKNOWN;
}

/* Kernels of Proxmox since 5.15 and Ubuntu's since 5.19 have simple-framebuffer; Debian's
 * have not. */
static enum eb_screen by_release(const struct eb_machine *machine)
{
	unsigned int version = machine->major * 100 + machine->minor;

	if (strstr(machine->release, "-pve"))
		return version >= 515 ? EB_SCREEN_SIMPLE : EB_SCREEN_UNKNOWN;
	if (strstr(machine->release, "-generic"))
		return version >= 519 ? EB_SCREEN_SIMPLE : EB_SCREEN_UNKNOWN;
	return strstr(machine->release, "-amd64") ? EB_SCREEN_DRIVER : EB_SCREEN_UNKNOWN;
}

enum eb_screen eb_screen_find(const struct eb_cli *cli)
{
	const struct eb_survey *survey = cli->survey;
	enum eb_screen screen = EB_SCREEN_UNKNOWN;
	char path[EB_MAX_PATH];
	unsigned int i;

	for (i = 0; i < survey->framebuffers.count; i++)
		return strncmp(survey->framebuffers.list[i].device, "simple", 6) == 0
			       ? EB_SCREEN_SIMPLE
			       : EB_SCREEN_DRIVER;
	for (i = 0; i < survey->conflicts.count; i++)
		if (strcmp(survey->conflicts.list[i].owner, "BOOTFB") == 0)
			return EB_SCREEN_SIMPLE;
	eb_sysfs_lines(cli->root, "dev/kmsg", see_record, &screen);
	if (screen != EB_SCREEN_UNKNOWN)
		return screen;
	snprintf(path, sizeof(path), "boot/config-%s", survey->machine.release);
	if (eb_sysfs_lines(cli->root, path, see_config, &screen) < 0 ||
	    screen == EB_SCREEN_UNKNOWN)
		return by_release(&survey->machine);
	return screen;
}
