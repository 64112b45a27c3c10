// SPDX-License-Identifier: GPL-2.0-or-later
/* Where this machine's boot loader takes the kernel's command line from, and what must
 * run so that it does. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <earlybind/sysfs.h>
#include <earlybind/text.h>

#include "files.h"
#include "loader.h"

#define DEFAULT_GRUB  "etc/default/grub"
#define MKCONFIG      "usr/sbin/grub-mkconfig"
#define UPDATE_GRUB   "usr/sbin/update-grub"
#define PROXMOX_TOOL  "usr/sbin/proxmox-boot-tool"
#define PROXMOX_UUIDS "etc/kernel/proxmox-boot-uuids"
#define BY_EDITOR     "GRUB_CMDLINE_LINUX_DEFAULT in /etc/default/grub, and run "

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Loaders that neither read GRUB's configuration nor have kernel-install write theirs, by
 * a file that only they have. */
static const struct {
	const char *file, *why, *by_hand;
} others[] = {
	{"boot/refind_linux.conf", "this machine boots by rEFInd",
	 "add %s to the options of each line in /boot/refind_linux.conf"},
	{"etc/default/u-boot", "this machine boots by u-boot-menu",
	 "add %s to U_BOOT_PARAMETERS in /etc/default/u-boot, and run u-boot-update"},
	{"boot/extlinux/extlinux.conf", "this machine boots by extlinux",
	 "add %s to each append line in /boot/extlinux/extlinux.conf"},
	{"boot/firmware/cmdline.txt", "this machine boots by the firmware of its board",
	 "add %s at the end of the line in /boot/firmware/cmdline.txt"},
};

/* ARG ends in NULL. */
static void add_tool(struct eb_how *how, const char *const arg[])
{
	struct eb_tool *tool = &how->tool[how->tools];

	if (how->tools == EB_MAX_TOOLS) {
		how->tools_left_out++;
		return;
	}
	for (how->tools++; *arg && tool->argc < EB_MAX_TOOL_ARGS; arg++)
		snprintf(tool->argv[tool->argc++], sizeof(tool->argv[0]), "%s", *arg);
}

#define ARGS(...) ((const char *const[]){__VA_ARGS__, NULL})

const char *eb_tool_text(const struct eb_tool *tool, char out[512])
{
	struct eb_text text = eb_text_on(out, 512);
	unsigned int i;

	for (i = 0; i < tool->argc; i++)
		eb_text_add(&text, "%s%s", i ? " " : "", tool->argv[i]);
	return out;
}

/* Has the file a line that speaks of WORD, or, without WORD, any that is no comment? */
static bool file_has(int root, const char *path, const char *word)
{
	bool found = false;
	char *text, *line;

	if (eb_files_read_own(root, path, &text) < 0)
		return false;
	for (line = text; *line && !found;
	     line += strcspn(line, "\n"), line += *line != 0) {
		size_t len = strcspn(line, "\n");
		char *at;

		if (line[0] == '#' || len == 0)
			continue;
		at = word ? strstr(line, word) : line;
		found = at && at < line + len;
	}
	free(text);
	return found;
}

/* Debian's grub-mkconfig reads /etc/default/grub.d, GRUB's own does not. */
static bool reads_drop_ins(int root)
{
	return file_has(root, MKCONFIG, "default/grub.d/");
}

static void other(struct eb_how *how, const char *why, const char *by_hand)
{
	how->boots = EB_BOOTS_OTHER;
	how->why = why;
	how->by_hand = by_hand;
}

static void by_grub(int root, struct eb_how *how)
{
	bool update = eb_files_is_there(root, UPDATE_GRUB);

	if (!eb_files_is_there(root, MKCONFIG)) {
		other(how, "this machine seems to boot by GRUB and has no grub-mkconfig",
		      "add %s to the line in the boot loader's configuration that starts "
		      "the kernel");
		return;
	}
	if (!reads_drop_ins(root)) {
		other(how, "this GRUB does not read /etc/default/grub.d",
		      update ? "add %s to " BY_EDITOR "update-grub"
			     : "add %s to " BY_EDITOR
			       "grub-mkconfig -o /boot/grub/grub.cfg");
		return;
	}
	how->boots = EB_BOOTS_GRUB;
	how->place[EB_PLACE_GRUB] = true;
	if (update)
		add_tool(how, ARGS("update-grub"));
	else
		add_tool(how, ARGS("grub-mkconfig", "-o", "/boot/grub/grub.cfg"));
}

struct kernels {
	int root;
	struct eb_how *how;
};

static void see_kernel(void *ctx, const char *path)
{
	struct kernels *kernels = ctx;
	const char *release = strrchr(path, '/') + 1 + strlen("vmlinuz-");
	char image[128], initrd[128];

	if (strncmp(strrchr(path, '/') + 1, "vmlinuz-", 8) != 0)
		return;
	snprintf(image, sizeof(image), "/boot/vmlinuz-%.90s", release);
	snprintf(initrd, sizeof(initrd), "boot/initrd.img-%.90s", release);
	/* As Debian's own /etc/initramfs/post-update.d/systemd-boot does it. Where no
	 * initramfs stands there, the plug-ins of kernel-install know of another. */
	if (eb_files_is_there(kernels->root, initrd)) {
		snprintf(initrd, sizeof(initrd), "/boot/initrd.img-%.90s", release);
		add_tool(kernels->how,
			 ARGS("kernel-install", "add", release, image, initrd));
	} else {
		add_tool(kernels->how, ARGS("kernel-install", "add", release, image));
	}
}

/* The stub of such an image tells of itself (systemd-stub(7)). */
#define STUB_INFO "sys/firmware/efi/efivars/StubInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"

/* A unified image has its command line inside. */
static void see_image(void *ctx, const char *path)
{
	(void)path;
	*(bool *)ctx = true;
}

static bool has_unified(int root)
{
	static const char *const dirs[] = {"boot/efi/EFI/Linux", "efi/EFI/Linux",
					   "boot/EFI/Linux"};
	bool found = file_has(root, "etc/kernel/install.conf", "layout=uki") ||
		     eb_files_is_there(root, STUB_INFO);
	size_t i;

	for (i = 0; i < COUNT(dirs); i++)
		eb_files_each(root, dirs[i], ".efi", see_image, &found);
	return found;
}

static void by_systemd(int root, struct eb_how *how)
{
	struct kernels kernels = {.root = root, .how = how};

	if (has_unified(root)) {
		other(how,
		      "this machine boots a unified kernel image, which has the command "
		      "line inside",
		      "add %s to /etc/kernel/cmdline, and build the image anew as your "
		      "system does it");
		return;
	}
	eb_files_each(root, "boot", "", see_kernel, &kernels);
	if (!eb_files_is_there(root, "usr/bin/kernel-install") || how->tools == 0 ||
	    how->tools_left_out) {
		how->tools = 0;
		other(how,
		      "this machine boots by systemd-boot, and its entries are not made by "
		      "kernel-install from /boot/vmlinuz-*",
		      "add %s to the options line of each entry in loader/entries");
		return;
	}
	how->boots = EB_BOOTS_SYSTEMD;
	how->place[EB_PLACE_CMDLINE] = true;
}

/* proxmox-boot-tool keeps several partitions alike, and on each GRUB, systemd-boot, or
 * both, whichever it finds there: GRUB gets its words from /etc/default/grub, the other
 * from /etc/kernel/cmdline. Its partitions are not mounted, so each that may be in use
 * gets the words. */
static void by_proxmox(int root, enum eb_loader loader, struct eb_how *how)
{
	how->boots = EB_BOOTS_PROXMOX;
	how->place[EB_PLACE_GRUB] = eb_files_is_there(root, DEFAULT_GRUB) &&
				    reads_drop_ins(root);
	how->place[EB_PLACE_CMDLINE] = loader == EB_LOADER_SYSTEMD ||
				       eb_files_is_there(root, "etc/kernel/cmdline");
	if (!how->place[EB_PLACE_GRUB] && !how->place[EB_PLACE_CMDLINE]) {
		other(how,
		      "proxmox-boot-tool is in use, and neither GRUB's configuration "
		      "nor /etc/kernel/cmdline is there",
		      "add %s to what your boot loader reads, and run proxmox-boot-tool "
		      "refresh");
		return;
	}
	add_tool(how, ARGS("proxmox-boot-tool", "refresh"));
}

void eb_how_find(int root, const char *cmdline, struct eb_how *how)
{
	enum eb_loader loader = eb_config_loader(root, cmdline);
	size_t i;

	memset(how, 0, sizeof(*how));
	if (eb_files_is_there(root, PROXMOX_TOOL) && file_has(root, PROXMOX_UUIDS, NULL)) {
		by_proxmox(root, loader, how);
		return;
	}
	/* GRUB is not the only one that adds BOOT_IMAGE=. */
	for (i = 0; i < COUNT(others) && !eb_files_is_there(root, "boot/grub/grub.cfg"); i++)
		if (eb_files_is_there(root, others[i].file)) {
			other(how, others[i].why, others[i].by_hand);
			return;
		}
	switch (loader) {
	case EB_LOADER_GRUB:
		by_grub(root, how);
		break;
	case EB_LOADER_SYSTEMD:
		by_systemd(root, how);
		break;
	case EB_LOADER_UNKNOWN:
		other(how, "no boot loader that earlybind knows was found here",
		      "add %s to the kernel's command line as your boot loader takes it");
		break;
	}
}
