// SPDX-License-Identifier: GPL-2.0-or-later
/* What is in an initramfs, by the names of its files and the order of its scripts. */
#include <stdio.h>
#include <string.h>

#include <earlybind/sysfs.h>

#include "image.h"

#define AGENT  "usr/lib/earlybind/earlybind-agent"
#define SCRIPT "scripts/init-top/earlybind"
#define ORDER  "scripts/init-top/ORDER"
#define UNIT   "systemd/system/earlybind.service"
#define WANTED "systemd/system/sysinit.target.wants/earlybind.service"
#define DRACUT "lib/dracut/build-parameter.txt"
#define HOOKS  "/hooks/cmdline/"

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

/* Is the hook NAME, "01-parse-kernel.sh", the one called STEM? */
static bool is_hook(const char *name, const char *stem)
{
	size_t len = strlen(stem);

	name = strchr(name, '-');
	return name && strncmp(name + 1, stem, len) == 0 &&
	       strcmp(name + 1 + len, ".sh") == 0;
}

static void see_dracut(struct eb_image *image, const char *path, const char *name)
{
	struct eb_image_dracut *dracut = &image->dracut;

	image->is_dracut = image->is_dracut || ends_with(path, DRACUT);
	image->squashed = image->squashed || strcmp(name, "squash-root.img") == 0 ||
			  strcmp(name, "squashfs-root.img") == 0 ||
			  strcmp(name, "erofs-root.img") == 0;
	dracut->unit = dracut->unit || ends_with(path, UNIT);
	dracut->wanted = dracut->wanted || ends_with(path, WANTED);
	if (!strstr(path, HOOKS))
		return;
	if (is_hook(name, "earlybind"))
		snprintf(dracut->hook, sizeof(dracut->hook), "%s", name);
	if (is_hook(name, "parse-kernel"))
		snprintf(dracut->preloads, sizeof(dracut->preloads), "%s", name);
}

void eb_image_see_path(struct eb_image *image, const char *path)
{
	const char *name = strrchr(path, '/');

	name = name ? name + 1 : path;
	image->agent = image->agent || ends_with(path, AGENT);
	image->script = image->script || ends_with(path, SCRIPT);
	see_dracut(image, path, name);
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

bool eb_image_has_order(const char *path)
{
	return ends_with(path, ORDER) || ends_with(path, UNIT);
}

/* Is UNIT one of the words of LINE? */
static bool names(const char *line, const char *unit)
{
	size_t len = strlen(unit);
	const char *at;

	for (at = strstr(line, unit); at; at = strstr(at + 1, unit))
		if ((at[-1] == ' ' || at[-1] == '=') &&
		    (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

static void see_before(struct eb_image_dracut *dracut, const char *line)
{
	dracut->before_udev = dracut->before_udev || names(line, "systemd-udevd.service");
	dracut->before_loader = dracut->before_loader ||
				names(line, "systemd-modules-load.service");
}

void eb_image_see_order(struct eb_image *image, const char *line)
{
	if (strcmp(line, "[Unit]") == 0)
		image->dracut.readable = true;
	if (strncmp(line, "Before=", 7) == 0)
		see_before(&image->dracut, line);
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
