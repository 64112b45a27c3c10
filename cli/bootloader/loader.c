// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of boot loaders, the detection of the one in use, and what they share. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <earlybind/cmdline.h>
#include <earlybind/sysfs.h>
#include <earlybind/text.h>

#include "files.h"
#include "loader.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *name, *path;
} places[EB_PLACES] = {
	[EB_PLACE_GRUB] = {"grub", "etc/default/grub.d/earlybind.cfg"},
	[EB_PLACE_CMDLINE] = {"cmdline", "etc/kernel/cmdline"},
};

const char *eb_place_path(enum eb_place place)
{
	return places[place].path;
}

const char *eb_place_name(enum eb_place place)
{
	return places[place].name;
}

/* --- boot loaders that earlybind cannot configure --- */

/* Detect by a file of its own, where there is no configuration of GRUB. */
static unsigned int has_alone(const struct eb_host *host, const char *path)
{
	return eb_files_is_there(host->root, path) &&
			       !eb_files_is_there(host->root, "boot/grub/grub.cfg")
		       ? EB_SURE_ONLY
		       : EB_SURE_NOT;
}

static unsigned int detect_refind(const struct eb_host *host)
{
	return has_alone(host, "boot/refind_linux.conf");
}

static void place_refind(int root, struct eb_setup *setup)
{
	(void)root;
	setup->why = "this machine boots with rEFInd, which earlybind cannot configure";
	setup->manual = "add %s to the options of each line in /boot/refind_linux.conf";
}

static unsigned int detect_uboot(const struct eb_host *host)
{
	return has_alone(host, "etc/default/u-boot");
}

static void place_uboot(int root, struct eb_setup *setup)
{
	(void)root;
	setup->why =
		"this machine boots with u-boot-menu, which earlybind cannot configure";
	setup->manual = "add %s to U_BOOT_PARAMETERS in /etc/default/u-boot, and run "
			"u-boot-update";
}

static unsigned int detect_extlinux(const struct eb_host *host)
{
	return has_alone(host, "boot/extlinux/extlinux.conf");
}

static void place_extlinux(int root, struct eb_setup *setup)
{
	(void)root;
	setup->why = "this machine boots with extlinux, which earlybind cannot configure";
	setup->manual = "add %s to each append line in /boot/extlinux/extlinux.conf";
}

static unsigned int detect_firmware(const struct eb_host *host)
{
	return has_alone(host, "boot/firmware/cmdline.txt");
}

static void place_firmware(int root, struct eb_setup *setup)
{
	(void)root;
	setup->why = "the firmware of this board starts the kernel, which earlybind "
		     "cannot configure";
	setup->manual = "add %s at the end of the line in /boot/firmware/cmdline.txt";
}

static unsigned int detect_none(const struct eb_host *host)
{
	(void)host;
	return EB_SURE_NOT;
}

static void place_none(int root, struct eb_setup *setup)
{
	(void)root;
	setup->why = "no boot loader that earlybind knows was found";
	setup->manual =
		"add %s to the kernel command line in your boot loader's configuration";
}

#define NOT_READ "no configuration of a boot loader that earlybind can read was found"

static void no_tools(int root, struct eb_setup *setup)
{
	(void)root;
	(void)setup;
}

static void read_none(int root, struct eb_entries *entries)
{
	(void)root;
	eb_entries_unknown(entries, NOT_READ);
}

static void source_none(int root, struct eb_source *source)
{
	(void)root;
	snprintf(source->why, sizeof(source->why), NOT_READ);
}

#define MANUAL(loader, called, where)                                                   \
	{                                                                               \
		.name = (called), .title = (called), .edit = (where),                   \
		.detect = detect_##loader, .places = place_##loader, .tools = no_tools, \
		.read_back = read_none, .source = source_none                           \
	}

const struct eb_bootloader eb_bootloader_manual[EB_MANUAL_LOADERS] = {
	MANUAL(refind, "rEFInd", "/boot/refind_linux.conf"),
	MANUAL(uboot, "u-boot-menu", "/etc/default/u-boot"),
	MANUAL(extlinux, "extlinux", "/boot/extlinux/extlinux.conf"),
	MANUAL(firmware, "the board's firmware", "/boot/firmware/cmdline.txt"),
	MANUAL(none, "unknown", "the boot loader's configuration"),
};

static const struct eb_bootloader *const loaders[] = {
	&eb_bootloader_proxmox,	  &eb_bootloader_manual[0], &eb_bootloader_manual[1],
	&eb_bootloader_manual[2], &eb_bootloader_manual[3], &eb_bootloader_grub,
	&eb_bootloader_systemd,	  &eb_bootloader_manual[4],
};

/* --- which is it? --- */

const struct eb_bootloader *eb_bootloader_find(const struct eb_host *host,
					       const struct eb_bootloader **other)
{
	const struct eb_bootloader *found = loaders[COUNT(loaders) - 1];
	unsigned int best = EB_SURE_NOT, sure;
	size_t i;

	*other = NULL;
	for (i = 0; i < COUNT(loaders); i++) {
		sure = loaders[i]->detect(host);
		if (sure == EB_SURE_NOT || sure < best)
			continue;
		/* Two that earlybind cannot configure are not ambiguous. */
		*other = sure == best && sure < EB_SURE_ONLY ? loaders[i] : NULL;
		if (sure > best)
			found = loaders[i];
		best = sure;
	}
	return found;
}

const struct eb_bootloader *eb_bootloader_named(const char *name)
{
	size_t i;

	for (i = 0; i < COUNT(loaders); i++)
		if (strcmp(loaders[i]->name, name) == 0)
			return loaders[i];
	return NULL;
}

const char *eb_bootloader_names(void)
{
	return "grub, systemd-boot or proxmox-boot-tool";
}

void eb_bootloader_set_up(const struct eb_bootloader *loader, int root,
			  struct eb_setup *setup)
{
	memset(setup, 0, sizeof(*setup));
	loader->places(root, setup);
	if (!setup->why)
		loader->tools(root, setup);
}

#define LOADER_INFO \
	"sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"

/* It is UTF-16 after four bytes of attributes. */
bool eb_bootloader_says(const struct eb_host *host, const char *name)
{
	char data[128];
	ssize_t n;
	size_t i;

	if (!host->running)
		return false;
	n = eb_sysfs_read_bytes(host->root, LOADER_INFO, data, sizeof(data));
	for (i = 0; name[i]; i++)
		if (n < 4 || (size_t)n < 4 + 2 * (i + 1) || data[4 + 2 * i] != name[i])
			return false;
	return true;
}

bool eb_bootloader_gave(const struct eb_host *host, const char *name, const char *start)
{
	struct eb_cmdline line = {.at = 0};
	struct eb_cmdline_arg arg;
	bool found = false;
	char *text;

	if (!host->running || eb_files_read(host->root, "proc/cmdline", &text) < 0)
		return false;
	line = (struct eb_cmdline){.text = text, .len = strlen(text)};
	while (!found && eb_cmdline_next(&line, &arg))
		found = eb_cmdline_named(&arg, name) && arg.value_len >= strlen(start) &&
			memcmp(arg.value ? arg.value : "", start, strlen(start)) == 0;
	free(text);
	return found;
}

bool eb_bootloader_file_has(int root, const char *path, const char *word)
{
	bool found = false;
	char *text, *line;

	if (eb_files_read(root, path, &text) < 0)
		return false;
	for (line = text; *line && !found;
	     line += strcspn(line, "\n"), line += *line != 0) {
		size_t len = strcspn(line, "\n");
		const char *at = strstr(line, word);

		found = line[0] != '#' && len > 0 && at && at < line + len;
	}
	free(text);
	return found;
}

/* --- tools --- */

void eb_setup_add_tool(struct eb_setup *setup, const char *const arg[])
{
	struct eb_tool *tool = &setup->tool[setup->tools];

	if (setup->tools == EB_MAX_TOOLS) {
		setup->tools_left_out++;
		return;
	}
	for (setup->tools++; *arg && tool->argc < EB_MAX_TOOL_ARGS; arg++)
		snprintf(tool->argv[tool->argc++], sizeof(tool->argv[0]), "%s", *arg);
}

const char *eb_tool_text(const struct eb_tool *tool, char out[EB_TOOL_TEXT])
{
	struct eb_text text = eb_text_on(out, EB_TOOL_TEXT);
	unsigned int i;

	for (i = 0; i < tool->argc; i++)
		eb_text_add(&text, "%s%s", i ? " " : "", tool->argv[i]);
	return out;
}
