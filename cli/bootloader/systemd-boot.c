// SPDX-License-Identifier: GPL-2.0-or-later
/* systemd-boot: kernel-install generates its entries from /etc/kernel/cmdline. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <earlybind/sysfs.h>

#include "files.h"
#include "loader.h"
#include "systemd-boot.h"
#include "trial.h"
#include "unified.h"

#define KERNEL_CMDLINE "etc/kernel/cmdline"

const char *const eb_systemd_boots[EB_SYSTEMD_BOOTS] = {"boot/efi", "efi", "boot"};

static unsigned int detect(const struct eb_bootloader *loader, const struct eb_host *host)
{
	char path[64];
	size_t i;

	(void)loader;
	/* It adds the path as the firmware writes it. */
	if (eb_bootloader_gave(host, "initrd", "\\") ||
	    eb_bootloader_says(host, "systemd-boot"))
		return EB_SURE_STARTED;
	for (i = 0; i < EB_SYSTEMD_BOOTS; i++) {
		snprintf(path, sizeof(path), "%s/loader/entries", eb_systemd_boots[i]);
		if (eb_files_is_there(host->root, path))
			return EB_SURE_CONFIG;
	}
	return eb_files_is_there(host->root, KERNEL_CMDLINE) ? EB_SURE_SOURCE
							     : EB_SURE_NOT;
}

static void count_kernel(void *ctx, const char *path)
{
	*(unsigned int *)ctx += strncmp(strrchr(path, '/') + 1, "vmlinuz-", 8) == 0;
}

static unsigned int count_kernels(int root)
{
	unsigned int count = 0;

	eb_files_each(root, "boot", "", count_kernel, &count);
	return count;
}

static void see_image(void *ctx, const char *path)
{
	(void)path;
	*(bool *)ctx = true;
}

/* Are there unified kernel images, which have their command lines inside, or will there
 * be? */
static bool has_unified(int root)
{
	bool found = eb_bootloader_file_has(root, "etc/kernel/install.conf",
					    "layout=uki");
	char dir[64];
	size_t i;

	for (i = 0; i < EB_SYSTEMD_BOOTS; i++) {
		snprintf(dir, sizeof(dir), "%s/EFI/Linux", eb_systemd_boots[i]);
		eb_files_each(root, dir, ".efi", see_image, &found);
	}
	return found;
}

static void set_places(const struct eb_bootloader *loader, int root,
		       struct eb_setup *setup)
{
	unsigned int kernels = count_kernels(root);

	(void)loader;
	if (has_unified(root) && !eb_unified_is_built(root)) {
		setup->why = "this machine boots a unified kernel image, which contains "
			     "its command line";
		setup->manual = "add %s to /etc/kernel/cmdline, and rebuild the image "
				"as your system does";
		return;
	}
	if (!eb_files_is_there(root, "usr/bin/kernel-install") || kernels == 0 ||
	    kernels > EB_MAX_TOOLS) {
		setup->why = "this machine boots with systemd-boot, but kernel-install "
			     "does not make its entries from /boot/vmlinuz-*";
		setup->manual =
			"add %s to the options line of each entry in loader/entries";
		return;
	}
	setup->place[EB_PLACE_CMDLINE] = true;
}

struct kernels {
	int root;
	struct eb_setup *setup;
};

static void see_kernel(void *ctx, const char *path)
{
	struct kernels *kernels = ctx;
	const char *name = strrchr(path, '/') + 1, *release = name + strlen("vmlinuz-");
	char image[128], initrd[128];

	if (strncmp(name, "vmlinuz-", 8) != 0)
		return;
	snprintf(image, sizeof(image), "/boot/vmlinuz-%.90s", release);
	snprintf(initrd, sizeof(initrd), "/boot/initrd.img-%.90s", release);
	/* As Debian's own /etc/initramfs/post-update.d/systemd-boot does it. If there
	 * is no initramfs, the plug-ins of kernel-install make one. */
	if (eb_files_is_there(kernels->root, initrd + 1))
		eb_setup_add_tool(kernels->setup, EB_ARGS("kernel-install", "add",
							  release, image, initrd));
	else
		eb_setup_add_tool(kernels->setup,
				  EB_ARGS("kernel-install", "add", release, image));
}

static void add_kernels(int root, struct eb_setup *setup)
{
	struct kernels kernels = {.root = root, .setup = setup};

	eb_files_each(root, "boot", "", see_kernel, &kernels);
}

static bool is_dir(int root, const char *path, struct stat *st)
{
	int fd = eb_sysfs_open(root, path, O_RDONLY | O_DIRECTORY);
	bool is = fd >= 0 && fstat(fd, st) == 0;

	if (fd >= 0)
		close(fd);
	return is;
}

/* Is the I-th the same directory as one before it, by a link or a second mount? */
static bool is_seen(int root, size_t i)
{
	struct stat this, other;
	size_t j;

	for (j = 0; j < i && is_dir(root, eb_systemd_boots[i], &this); j++)
		if (is_dir(root, eb_systemd_boots[j], &other) &&
		    this.st_dev == other.st_dev && this.st_ino == other.st_ino)
			return true;
	return false;
}

static void read_back(int root, struct eb_entries *entries)
{
	char path[EB_MAX_PATH];
	unsigned int found = 0;
	size_t i;

	entries->known = true;
	for (i = 0; i < EB_SYSTEMD_BOOTS; i++) {
		if (is_seen(root, i))
			continue;
		snprintf(path, sizeof(path), "%s/loader/entries", eb_systemd_boots[i]);
		found += eb_entries_read_bls(entries, root, "", path);
		snprintf(path, sizeof(path), "%s/EFI/Linux", eb_systemd_boots[i]);
		found += eb_unified_read(entries, root, path);
	}
	if (found == 0)
		eb_entries_unknown(entries, "no entries of systemd-boot were found");
	if (!entries->where[0] && entries->count)
		snprintf(entries->where, sizeof(entries->where), "%s",
			 entries->entry[0].where);
	/* Entries of other systems may be there too. */
	entries->least = count_kernels(root);
}

static void read_source(int root, struct eb_source *source)
{
	char *text;
	int err = eb_files_read(root, KERNEL_CMDLINE, &text);

	snprintf(source->where, sizeof(source->where), "/" KERNEL_CMDLINE);
	if (err < 0) {
		snprintf(source->why, sizeof(source->why), "/" KERNEL_CMDLINE ": %s",
			 eb_files_error(err));
		return;
	}
	text[strcspn(text, "\n")] = '\0';
	eb_edit_ours(text, source->ours, sizeof(source->ours));
	source->known = true;
	free(text);
}

const struct eb_bootloader eb_bootloader_systemd = {
	.name = "systemd-boot",
	.title = "systemd-boot",
	.edit = "/etc/kernel/cmdline",
	.detect = detect,
	.places = set_places,
	.tools = add_kernels,
	.read_back = read_back,
	.source = read_source,
	.trial = &eb_trial_systemd,
};
