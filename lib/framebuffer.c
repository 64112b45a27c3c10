// SPDX-License-Identifier: GPL-2.0-or-later
/* The firmware's framebuffers: platform devices, their drivers, the consoles on them. */
#include <stdio.h>
#include <string.h>

#include <earlybind/framebuffer.h>
#include <earlybind/sysfs.h>

#define PLATFORM "sys/bus/platform/devices"
#define CONSOLES "sys/class/vtconsole"

struct reader {
	int root;
	const struct eb_locked *locked;
	struct eb_framebuffers *out;
};

static bool fits(const char *name)
{
	return strlen(name) < EB_FRAMEBUFFER_NAME;
}

/* efi-framebuffer.0, vesa-framebuffer.0, simple-framebuffer.0 */
static bool is_framebuffer(const char *name)
{
	return strstr(name, "-framebuffer.") && fits(name);
}

static int see_device(void *ctx, const char *name)
{
	struct reader *reader = ctx;
	struct eb_framebuffers *out = reader->out;
	struct eb_framebuffer *fb = &out->list[out->count];
	char path[EB_MAX_PATH];

	if (out->count == EB_MAX_FRAMEBUFFERS || !is_framebuffer(name))
		return 0;
	snprintf(fb->device, sizeof(fb->device), "%s", name);
	snprintf(path, sizeof(path), PLATFORM "/%s/driver", name);
	if (eb_sysfs_link_name(reader->root, path, fb->driver, sizeof(fb->driver)) < 0)
		fb->driver[0] = '\0';
	out->count++;
	return 0;
}

struct seeker {
	int root;
	struct eb_pci *pci;
	bool elsewhere;
};

/* Mark the PCI function that the platform device NAME is below. */
static int see_place(void *ctx, const char *name)
{
	struct seeker *seeker = ctx;
	char path[EB_MAX_PATH], target[EB_MAX_PATH];
	struct eb_addr addr;
	int function;

	if (!is_framebuffer(name))
		return 0;
	snprintf(path, sizeof(path), PLATFORM "/%s", name);
	if (eb_sysfs_readlink(seeker->root, path, target, sizeof(target)) < 0 ||
	    eb_addr_parse_above(target, &addr) < 0)
		return 0;
	function = eb_pci_find(seeker->pci, &addr);
	if (function >= 0 && seeker->pci->function[function].detail >= 0)
		seeker->pci->detail[seeker->pci->function[function].detail].framebuffer =
			true;
	else
		seeker->elsewhere = true;
	return 0;
}

bool eb_framebuffer_place(int root, struct eb_pci *pci)
{
	struct seeker seeker = {.root = root, .pci = pci};

	eb_sysfs_list(root, PLATFORM, see_place, &seeker);
	return !seeker.elsewhere;
}

static int see_console(void *ctx, const char *name)
{
	struct reader *reader = ctx;
	struct eb_framebuffers *out = reader->out;
	char path[EB_MAX_PATH], text[EB_FRAMEBUFFER_NAME];

	if (out->consoles == EB_MAX_CONSOLES)
		return 0;
	snprintf(path, sizeof(path), CONSOLES "/%s/name", name);
	if (eb_sysfs_read(reader->root, path, text, sizeof(text)) < 0 ||
	    !strstr(text, "frame buffer"))
		return 0;
	snprintf(path, sizeof(path), CONSOLES "/%s/bind", name);
	/* This takes the console's lock (drivers/tty/vt/vt.c, show_bind). */
	if (reader->locked->read(reader->locked->ctx, path, text, sizeof(text)) < 0 ||
	    text[0] != '1')
		return 0;
	snprintf(out->console[out->consoles++], EB_FRAMEBUFFER_NAME, "%s", name);
	return 0;
}

void eb_framebuffer_read(int root, const struct eb_locked *locked,
			 struct eb_framebuffers *out)
{
	struct reader reader = {.root = root, .locked = locked, .out = out};

	out->count = out->consoles = 0;
	eb_sysfs_list(root, PLATFORM, see_device, &reader);
	eb_sysfs_list(root, CONSOLES, see_console, &reader);
}
