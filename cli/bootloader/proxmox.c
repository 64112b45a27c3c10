// SPDX-License-Identifier: GPL-2.0-or-later
/* proxmox-boot-tool, which installs the boot loader on several partitions. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <earlybind/sysfs.h>

#include "files.h"
#include "loader.h"

#define UUIDS "etc/kernel/proxmox-boot-uuids"

/* From include/uapi/linux/mount.h; the C library of Debian 11 has none of them. */
#ifndef FSOPEN_CLOEXEC
#define FSOPEN_CLOEXEC	    1
#define FSMOUNT_CLOEXEC	    1
#define FSCONFIG_SET_FLAG   0
#define FSCONFIG_SET_STRING 1
#define FSCONFIG_CMD_CREATE 6
#define MOUNT_ATTR_RDONLY   1
#define MOUNT_ATTR_NOSUID   2
#define MOUNT_ATTR_NODEV    4
#define MOUNT_ATTR_NOEXEC   8
#endif
/* One number on all architectures (scripts/syscall.tbl). */
#ifndef SYS_fsopen
#define SYS_fsopen   430
#define SYS_fsconfig 431
#define SYS_fsmount  432
#endif

static unsigned int detect(const struct eb_bootloader *loader, const struct eb_host *host)
{
	(void)loader;
	/* A comment may be all that is in it. */
	return eb_bootloader_file_has(host->root, UUIDS, "") ? EB_SURE_ONLY : EB_SURE_NOT;
}

/* On each partition is GRUB, systemd-boot, or both: GRUB is configured by
 * /etc/default/grub, the other by /etc/kernel/cmdline. Each that may be in use gets the
 * arguments. */
static void set_places(const struct eb_bootloader *loader, int root,
		       struct eb_setup *setup)
{
	eb_bootloader_grub.places(loader, root, setup);
	/* That GRUB cannot be configured is no reason here. */
	setup->why = setup->manual = NULL;
	setup->place[EB_PLACE_GRUB] &= eb_files_is_there(root, "etc/default/grub");
	setup->place[EB_PLACE_CMDLINE] = eb_files_is_there(root, "etc/kernel/cmdline") ||
					 !setup->place[EB_PLACE_GRUB];
}

static void add_tools(int root, struct eb_setup *setup)
{
	(void)root;
	eb_setup_add_tool(setup, EB_ARGS("proxmox-boot-tool", "refresh"));
}

/* Mount the partition DEVICE privately: it is attached to no directory and is unmounted
 * when the descriptor is closed. Returns the descriptor, or negative errno. */
static int mount_partition(const char *device, bool read_only)
{
	int fd = (int)syscall(SYS_fsopen, "vfat", FSOPEN_CLOEXEC), mount = -1, err;

	if (fd < 0)
		return -errno;
	if (syscall(SYS_fsconfig, fd, FSCONFIG_SET_STRING, "source", device, 0) == 0 &&
	    (!read_only ||
	     syscall(SYS_fsconfig, fd, FSCONFIG_SET_FLAG, "ro", NULL, 0) == 0) &&
	    syscall(SYS_fsconfig, fd, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0)
		mount = (int)syscall(SYS_fsmount, fd, FSMOUNT_CLOEXEC,
				     MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
					     MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
	err = mount < 0 ? -errno : mount;
	close(fd);
	return err;
}

/* A descriptor of the root of the partition UUID, which on a captured machine is a
 * directory; or negative errno. */
static int open_partition(int root, const char *uuid)
{
	char path[EB_MAX_PATH], device[32];
	int err, fd;

	snprintf(path, sizeof(path), "dev/disk/by-uuid/%.64s", uuid);
	fd = eb_sysfs_open(root, path, O_RDONLY | O_DIRECTORY);
	if (fd != -ENOTDIR)
		return fd;
	fd = eb_sysfs_open(root, path, O_PATH);
	if (fd < 0)
		return fd;
	snprintf(device, sizeof(device), "/proc/self/fd/%d", fd);
	err = mount_partition(device, true);
	/* It is mounted already, and not read-only. */
	if (err == -EBUSY)
		err = mount_partition(device, false);
	close(fd);
	return err;
}

static void read_partition(int root, const char *uuid, struct eb_entries *entries)
{
	int fd = open_partition(root, uuid);
	unsigned int before = entries->count;
	char name[64];

	snprintf(name, sizeof(name), "partition %.40s:", uuid);
	if (fd < 0) {
		eb_entries_unknown(entries, "partition %.40s cannot be read: %s", uuid,
				   eb_files_error(fd));
		return;
	}
	if (entries->opened == sizeof(entries->roots) / sizeof(entries->roots[0])) {
		close(fd);
		eb_entries_unknown(entries, "there are more partitions than are read");
		return;
	}
	entries->roots[entries->opened++] = fd;
	if (eb_files_is_there(fd, "grub/grub.cfg"))
		eb_entries_read_grub(entries, fd, name, "grub/grub.cfg");
	eb_entries_read_bls(entries, fd, name, "loader/entries");
	if (entries->count == before)
		eb_entries_unknown(entries, "partition %.40s has no entries", uuid);
	else
		entries->least++;
}

static void read_back(int root, struct eb_entries *entries)
{
	char *text, *line, uuid[41];
	int err = eb_files_read(root, UUIDS, &text);

	if (err < 0) {
		eb_entries_unknown(entries, "/" UUIDS ": %s", eb_files_error(err));
		return;
	}
	entries->known = true;
	for (line = text; *line; line += strcspn(line, "\n"), line += *line != '\0') {
		snprintf(uuid, sizeof(uuid), "%.*s", (int)strcspn(line, " \t\n"), line);
		if (isalnum((unsigned char)uuid[0]))
			read_partition(root, uuid, entries);
	}
	free(text);
}

/* If it has both, enable writes the same to both. */
static void read_source(int root, struct eb_source *source)
{
	if (eb_files_is_there(root, "etc/kernel/cmdline"))
		eb_bootloader_systemd.source(root, source);
	else
		eb_bootloader_grub.source(root, source);
}

const struct eb_bootloader eb_bootloader_proxmox = {
	.name = "proxmox-boot-tool",
	.title = "proxmox-boot-tool",
	.edit = "/etc/kernel/cmdline and GRUB_CMDLINE_LINUX_DEFAULT in /etc/default/grub",
	.detect = detect,
	.places = set_places,
	.tools = add_tools,
	.read_back = read_back,
	.source = read_source,
};
