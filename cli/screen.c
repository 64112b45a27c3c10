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
	else if (*screen != EB_SCREEN_SIMPLE && strcmp(line, "CONFIG_FB_EFI=y") == 0)
		*screen = EB_SCREEN_DRIVER;
	/* Of two drivers of one name the first one is registered (drivers/Makefile has
	 * video/ before gpu/; since 6.16). */
	else if (*screen == EB_SCREEN_UNKNOWN &&
		 strncmp(line, "CONFIG_DRM_EFIDRM=", 18) == 0)
		*screen = EB_SCREEN_DRM;
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

	/* "Initialized efidrm 1.0.0 for efi-framebuffer.0 on minor 0" */
	if (strstr(record, "Initialized efidrm ") ||
	    strstr(record, "Initialized vesadrm "))
		*screen = EB_SCREEN_DRM;
	else if (strstr(record, "simple-framebuffer.0"))
		*screen = EB_SCREEN_SIMPLE;
	for (i = 0;
	     *screen == EB_SCREEN_UNKNOWN && i < sizeof(drivers) / sizeof(drivers[0]);
	     i++)
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

static bool is_simple(const struct eb_framebuffer *fb)
{
	return strncmp(fb->device, "simple", 6) == 0;
}

/* In text mode there is a vga-framebuffer.0 or platform-framebuffer.0, which says nothing
 * (drivers/firmware/sysfb.c). */
static bool is_linear(const struct eb_framebuffer *fb)
{
	return strncmp(fb->device, "efi-", 4) == 0 ||
	       strncmp(fb->device, "vesa-", 5) == 0;
}

/* efidrm's platform driver has the name of efifb's, "efi-framebuffer", and vesadrm's that
 * of vesafb's: what a DRM driver makes tells them apart. */
static enum eb_screen by_device(int root, const struct eb_framebuffer *fb)
{
	char path[EB_MAX_PATH];

	if (is_simple(fb))
		return EB_SCREEN_SIMPLE;
	if (!fb->driver[0])
		return EB_SCREEN_UNKNOWN;
	snprintf(path, sizeof(path), "sys/bus/platform/devices/%s/drm", fb->device);
	return eb_sysfs_exists(root, path) ? EB_SCREEN_DRM : EB_SCREEN_DRIVER;
}

static enum eb_screen by_claims(const struct eb_conflicts *conflicts)
{
	unsigned int i;

	for (i = 0; i < conflicts->count; i++) {
		const char *owner = conflicts->list[i].owner;

		if (strcmp(owner, "BOOTFB") == 0)
			return EB_SCREEN_SIMPLE;
		if (strcmp(owner, "efidrm") == 0 || strcmp(owner, "vesadrm") == 0)
			return EB_SCREEN_DRM;
	}
	return EB_SCREEN_UNKNOWN;
}

static enum eb_screen by_kernel(int root, const struct eb_machine *machine)
{
	enum eb_screen screen = EB_SCREEN_UNKNOWN;
	char path[EB_MAX_PATH];

	snprintf(path, sizeof(path), "boot/config-%s", machine->release);
	if (eb_sysfs_lines(root, path, see_config, &screen) < 0 ||
	    screen == EB_SCREEN_UNKNOWN)
		return by_release(machine);
	return screen;
}

enum eb_screen eb_screen_find(const struct eb_cli *cli)
{
	const struct eb_survey *survey = cli->survey;
	const struct eb_framebuffer *fb = survey->framebuffers.count
						  ? &survey->framebuffers.list[0]
						  : NULL;
	enum eb_screen screen = fb ? by_device(cli->root, fb) : EB_SCREEN_UNKNOWN;

	if (screen == EB_SCREEN_UNKNOWN)
		screen = by_claims(&survey->conflicts);
	if (screen == EB_SCREEN_UNKNOWN)
		eb_sysfs_lines(cli->root, "dev/kmsg", see_record, &screen);
	if (screen == EB_SCREEN_UNKNOWN)
		screen = by_kernel(cli->root, &survey->machine);
	return fb && is_linear(fb) && screen != EB_SCREEN_DRM ? EB_SCREEN_DRIVER : screen;
}

const char *eb_screen_owner(const struct eb_cli *cli, enum eb_screen screen)
{
	bool efi = eb_sysfs_exists(cli->root, "sys/firmware/efi");

	switch (screen) {
	case EB_SCREEN_SIMPLE:
		return "BOOTFB";
	case EB_SCREEN_DRM:
		return efi ? "efidrm" : "vesadrm";
	case EB_SCREEN_DRIVER:
	case EB_SCREEN_UNKNOWN:
		break;
	}
	return efi ? "efifb" : "vesafb";
}
