// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of boot loaders, which of them starts a machine, and what they share. */
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
	mode_t mode;
} places[EB_PLACES] = {
	[EB_PLACE_GRUB] = {"grub", "etc/default/grub.d/earlybind.cfg", 0644},
	[EB_PLACE_CMDLINE] = {"cmdline", "etc/kernel/cmdline", 0644},
	[EB_PLACE_SCRIPT] = {"script", "etc/grub.d/01_earlybind", 0755},
};

const char *eb_place_path(enum eb_place place)
{
	return places[place].path;
}

const char *eb_place_name(enum eb_place place)
{
	return places[place].name;
}

mode_t eb_place_mode(enum eb_place place)
{
	return places[place].mode;
}

/* --- those that earlybind cannot configure --- */

/* By a file that only it has; GRUB's configuration is not there beside it. */
static unsigned int detect_manual(const struct eb_bootloader *loader,
				  const struct eb_host *host)
{
	return loader->sign && eb_files_is_there(host->root, loader->sign) &&
			       !eb_files_is_there(host->root, "boot/grub/grub.cfg")
		       ? EB_SURE_ONLY
		       : EB_SURE_NOT;
}

static void place_manual(const struct eb_bootloader *loader, int root,
			 struct eb_setup *setup)
{
	(void)root;
	setup->why = loader->why;
	setup->manual = loader->manual;
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

#define CANNOT ", which earlybind cannot configure"
#define MANUAL                                                              \
	.detect = detect_manual, .places = place_manual, .tools = no_tools, \
	.read_back = read_none, .source = source_none

static const struct eb_bootloader refind = {
	MANUAL,
	.name = "rEFInd",
	.title = "rEFInd",
	.edit = "/boot/refind_linux.conf",
	.sign = "boot/refind_linux.conf",
	.why = "this machine boots with rEFInd" CANNOT,
	.manual = "add %s to the options of each line in /boot/refind_linux.conf",
};

static const struct eb_bootloader uboot = {
	MANUAL,
	.name = "u-boot-menu",
	.title = "u-boot-menu",
	.edit = "/etc/default/u-boot",
	.sign = "etc/default/u-boot",
	.why = "this machine boots with u-boot-menu" CANNOT,
	.manual = "add %s to U_BOOT_PARAMETERS in /etc/default/u-boot, and run "
		  "u-boot-update",
};

static const struct eb_bootloader extlinux = {
	MANUAL,
	.name = "extlinux",
	.title = "extlinux",
	.edit = "/boot/extlinux/extlinux.conf",
	.sign = "boot/extlinux/extlinux.conf",
	.why = "this machine boots with extlinux" CANNOT,
	.manual = "add %s to each append line in /boot/extlinux/extlinux.conf",
};

static const struct eb_bootloader firmware = {
	MANUAL,
	.name = "firmware",
	.title = "the board's firmware",
	.edit = "/boot/firmware/cmdline.txt",
	.sign = "boot/firmware/cmdline.txt",
	.why = "the firmware of this board starts the kernel" CANNOT,
	.manual = "add %s at the end of the line in /boot/firmware/cmdline.txt",
};

static const struct eb_bootloader unknown = {
	MANUAL,
	.name = "unknown",
	.title = "the boot loader",
	.edit = "the boot loader's configuration",
	.why = "no boot loader that earlybind knows was found",
	.manual = "add %s to the kernel command line in your boot loader's configuration",
};

static const struct eb_bootloader *const loaders[] = {
	&eb_bootloader_proxmox,
	&refind,
	&uboot,
	&extlinux,
	&firmware,
	&eb_bootloader_grub,
	&eb_bootloader_systemd,
	&unknown,
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
		sure = loaders[i]->detect(loaders[i], host);
		if (sure == EB_SURE_NOT || sure < best)
			continue;
		/* Several tools of one kind, as of two boards, are no question. */
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
	loader->places(loader, root, setup);
	if (!setup->why)
		loader->tools(root, setup);
}

#define EFIVARS	    "sys/firmware/efi/efivars/"
#define LOADER_GUID "4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"

/* It is UTF-16 after four bytes of attributes. */
bool eb_bootloader_variable(int root, const char *name, char *out, size_t size)
{
	char path[EB_MAX_PATH], data[256];
	ssize_t n, i;

	snprintf(path, sizeof(path), EFIVARS "%s-" LOADER_GUID, name);
	n = eb_sysfs_read_bytes(root, path, data, sizeof(data));
	for (i = 4; i + 1 < n && (data[i] || data[i + 1]); i += 2) {
		if (data[i + 1] || data[i] < ' ' || (size_t)(i - 4) / 2 + 1 >= size)
			return false;
		out[(i - 4) / 2] = data[i];
	}
	if (n < 4)
		return false;
	out[(i - 4) / 2] = '\0';
	return true;
}

bool eb_bootloader_says(const struct eb_host *host, const char *name)
{
	char says[64];

	return host->running &&
	       eb_bootloader_variable(host->root, "LoaderInfo", says, sizeof(says)) &&
	       strncmp(says, name, strlen(name)) == 0;
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
