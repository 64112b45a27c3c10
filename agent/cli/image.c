// SPDX-License-Identifier: GPL-2.0-or-later
/* What is in an initramfs, by the names of its files and the order of its scripts. */
#include <stdio.h>
#include <string.h>

#include <earlybind/sysfs.h>

#include "image.h"

#define AGENT  "usr/lib/earlybind/earlybind-agent"
#define SCRIPT "scripts/init-top/earlybind"

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), n = strlen(end);

	return len >= n && strcmp(text + len - n, end) == 0 &&
	       (len == n || text[len - n - 1] == '/');
}

/* Is the file of this NAME the module STEM, "vfio_pci"? In file names '-' and '_' are the
 * same. */
static void see_module(const char *name, const char *stem, struct eb_image_module *module)
{
	for (; *stem; stem++, name++)
		if (*name != *stem && !(*stem == '_' && *name == '-'))
			return;
	if (strcmp(name, ".ko") == 0)
		module->plain = true;
	else if (strncmp(name, ".ko.", 4) == 0)
		module->packed = true;
}

void eb_image_see_path(struct eb_image *image, const char *path)
{
	const char *name = strrchr(path, '/');

	name = name ? name + 1 : path;
	image->agent = image->agent || ends_with(path, AGENT);
	image->script = image->script || ends_with(path, SCRIPT);
	see_module(name, "vfio_pci", &image->vfio_pci);
	see_module(name, "vfio_iommu_type1", &image->type1);
}

/* Does LINE, such as '/scripts/init-top/udev "$@"', run SCRIPT? */
static bool runs(const char *line, const char *script)
{
	size_t len = strlen(script);
	const char *at = strstr(line, "/init-top/");

	if (!at)
		return false;
	at += strlen("/init-top/");
	return strncmp(at, script, len) == 0 && (at[len] == ' ' || at[len] == '\0');
}

void eb_image_see_order(struct eb_image *image, const char *line)
{
	/* Between the scripts it reads what they have set (/conf/param.conf). */
	if (line[0] != '/')
		return;
	image->scripts++;
	if (!image->earlybind && runs(line, "earlybind"))
		image->earlybind = image->scripts;
	if (!image->udev && runs(line, "udev"))
		image->udev = image->scripts;
}

static int see_file_line(void *ctx, const char *line)
{
	eb_image_see_path(ctx, line);
	return 0;
}

static int see_order_line(void *ctx, const char *line)
{
	eb_image_see_order(ctx, line);
	return 0;
}

int eb_image_read_captured(int root, const char *file, struct eb_image *image)
{
	char path[EB_MAX_PATH];
	int err;

	*image = (struct eb_image){0};
	snprintf(path, sizeof(path), "%s.files", file);
	err = eb_sysfs_lines(root, path, see_file_line, image);
	if (err < 0)
		return err;
	snprintf(path, sizeof(path), "%s.order", file);
	eb_sysfs_lines(root, path, see_order_line, image);
	return 0;
}
