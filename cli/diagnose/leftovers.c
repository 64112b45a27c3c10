// SPDX-License-Identifier: GPL-2.0-or-later
/* Leftovers of an older recipe: what is common to them, and files that list modules. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <earlybind/sysfs.h>

#include "files.h"
#include "leftovers.h"

struct eb_item *eb_leftovers_add(struct eb_leftovers *left, enum eb_item_code code,
				 const char *text, const char *where)
{
	struct eb_item *item = eb_items_find(left->items, eb_item_code_name(code), NULL);
	unsigned int i;

	if (!item)
		item = eb_items_add(left->items, code, NULL, "%s", text);
	for (i = 0; i < item->evidence; i++)
		if (strcmp(item->seen[i], where) == 0)
			return item;
	eb_item_seen(item, "%s", where);
	return item;
}

/* --- files that list modules --- */

struct lister {
	struct eb_leftovers *left;
	const char *path;
};

static void see_module(struct lister *lister, unsigned int number, const char *name)
{
	static const char *const ours[] = {"vfio", "vfio_pci", "vfio_iommu_type1",
					   "vfio_virqfd"};
	char where[EB_MAX_PATH + 80];
	size_t i;

	for (i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (strcmp(name, ours[i]) == 0)
			break;
	if (i == sizeof(ours) / sizeof(ours[0]))
		return;
	snprintf(where, sizeof(where), "/%s:%u: %s", lister->path, number, name);
	if (strcmp(name, "vfio_virqfd") == 0 && !lister->left->virqfd)
		eb_leftovers_add(lister->left, EB_ITEM_MISSING_MODULE,
				 "a module is to be loaded at boot that this kernel has "
				 "not: vfio_virqfd is part of vfio since Linux 6.2, and "
				 "systemd-modules-load.service fails over it",
				 where);
	else
		eb_leftovers_add(
			lister->left, EB_ITEM_NEEDLESS_MODULE,
			"modules are to be loaded that earlybind loads itself, "
			"and that its hook puts into the initramfs: needless now",
			where);
}

static void see_module_file(void *ctx, const char *path)
{
	struct lister lister = {.left = ctx, .path = path};
	unsigned int number;
	char *text, *line;

	/* Debian's modules-load.d/modules.conf is a link to /etc/modules, read already.
	 */
	if (eb_files_read(lister.left->cli->root, path, &text) < 0)
		return;
	line = text;
	for (number = 1; *line; number++) {
		size_t len = strcspn(line, "\n"), word;
		char name[64];

		word = strspn(line, " \t");
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(line + word, " \t\n#"),
			 line + word);
		for (word = 0; name[word]; word++)
			if (name[word] == '-')
				name[word] = '_';
		see_module(&lister, number, name);
		line += len + (line[len] == '\n');
	}
	free(text);
}

void eb_leftovers_modules(struct eb_leftovers *left)
{
	see_module_file(left, "etc/modules");
	eb_files_each(left->cli->root, "etc/modules-load.d", ".conf", see_module_file,
		     left);
	see_module_file(left, "etc/initramfs-tools/modules");
}

/* --- facts of this kernel --- */

static int see_virqfd(void *ctx, const char *line)
{
	bool *found = ctx;

	*found = *found || strstr(line, "vfio_virqfd.ko") ||
		 strstr(line, "vfio-virqfd.ko");
	return *found;
}

/* By the kernel's own lists of modules; where these are not there, by its version. */
static bool has_virqfd(const struct eb_cli *cli)
{
	const struct eb_machine *machine = &cli->survey->machine;
	char path[EB_MAX_PATH];
	bool found = false;
	int err;

	snprintf(path, sizeof(path), "lib/modules/%s/modules.dep", machine->release);
	err = eb_sysfs_lines(cli->root, path, see_virqfd, &found);
	if (err < 0)
		return machine->major < 6 || (machine->major == 6 && machine->minor < 2);
	snprintf(path, sizeof(path), "lib/modules/%s/modules.builtin", machine->release);
	eb_sysfs_lines(cli->root, path, see_virqfd, &found);
	return found;
}

/* Both lines are from the first second of a boot: init/main.c, print_unknown_bootoptions
 * (since 5.14), and the patch's own pcie_acs_override_setup. */
static int see_log(void *ctx, const char *record)
{
	struct eb_leftovers *left = ctx;
	const char *text = strchr(record, ';'), *at;

	if (!text)
		return 0;
	if (strstr(text, "PCIe ACS overrides enabled"))
		left->acs_patch = true;
	at = strstr(text, "Unknown kernel command line parameters");
	if (at)
		snprintf(left->unknown, sizeof(left->unknown), "%s", at);
	return 0;
}

void eb_leftovers_find(const struct eb_cli *cli, struct eb_items *items)
{
	struct eb_leftovers *left = calloc(1, sizeof(*left));

	if (!left)
		return;
	left->cli = cli;
	left->items = items;
	if (eb_sysfs_read(cli->root, "proc/cmdline", left->command_line,
			  sizeof(left->command_line)) < 0)
		left->command_line[0] = '\0';
	left->virqfd = has_virqfd(cli);
	eb_sysfs_lines(cli->root, "dev/kmsg", see_log, left);
	eb_leftovers_modprobe(left);
	eb_leftovers_modules(left);
	eb_leftovers_arguments(left);
	free(left);
}
