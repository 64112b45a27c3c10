// SPDX-License-Identifier: GPL-2.0-or-later
/* diagnose: is all in the installed initramfs that the next boot needs? */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <earlybind/sysfs.h>

#include "diagnose.h"
#include "image.h"

struct builtin {
	bool vfio_pci;
	bool type1;
};

static int see_builtin(void *ctx, const char *line)
{
	struct builtin *builtin = ctx;

	builtin->vfio_pci = builtin->vfio_pci || strstr(line, "/vfio-pci.ko") != NULL;
	builtin->type1 = builtin->type1 || strstr(line, "/vfio_iommu_type1.ko") != NULL;
	return 0;
}

/* What makes an image of dracut anew, whose table is initramfs-tools'. */
#define REBUILD "run dracut --force, and look for a warning of earlybind"

static void say_agent_of_dracut(struct eb_diagnosis *d, const struct eb_image *image,
				const char *file)
{
	const struct eb_image_dracut *dracut = &image->dracut;
	struct eb_item *item;

	if (image->agent && (dracut->unit || dracut->hook[0]))
		return;
	item = eb_items_add(&d->items, EB_ITEM_IMAGE_NO_AGENT, NULL,
			    "the initramfs /%s has no earlybind in it: the next boot "
			    "claims nothing",
			    file);
	if (!image->agent)
		eb_item_seen(item, "no usr/lib/earlybind/earlybind-agent in it");
	if (!dracut->unit && !dracut->hook[0])
		eb_item_seen(item, "no earlybind.service in it, and none of "
				   "dracut's hooks in hooks/cmdline is earlybind's");
	eb_item_remedy(item,
		       "see that /usr/lib/dracut/modules.d/50earlybind is there, and "
		       "that no omit_dracutmodules in /etc/dracut.conf.d has "
		       "earlybind; " REBUILD);
}

static void say_agent(struct eb_diagnosis *d, const struct eb_image *image,
		      const char *file)
{
	struct eb_item *item;

	if (image->is_dracut) {
		say_agent_of_dracut(d, image, file);
		return;
	}
	if (image->agent && image->script)
		return;
	item = eb_items_add(&d->items, EB_ITEM_IMAGE_NO_AGENT, NULL,
			    "the initramfs /%s has no earlybind in it: the next boot "
			    "claims nothing",
			    file);
	if (!image->agent)
		eb_item_seen(item, "no usr/lib/earlybind/earlybind-agent in it");
	if (!image->script)
		eb_item_seen(item, "no scripts/init-top/earlybind in it");
}

static void say_module(struct eb_diagnosis *d, const struct eb_image_module *module,
		       bool builtin, bool is_dracut, const char *name, const char *file)
{
	struct eb_item *item;

	if (module->plain || builtin)
		return;
	item = eb_items_add(
		&d->items, EB_ITEM_IMAGE_NO_VFIO, NULL,
		module->packed ? "the initramfs /%s has %s packed alone, which the "
				 "agent cannot load"
			       : "the initramfs /%s has no %s, and this kernel has it "
				 "not built in",
		file, name);
	eb_item_seen(item, "no %s.ko in it", name);
	if (module->packed)
		eb_item_remedy(item,
			       "see that xz-utils or zstd is installed, whichever packed "
			       "it, and run %s",
			       is_dracut ? "dracut --force" : "update-initramfs -u");
	else if (is_dracut)
		eb_item_remedy(item, REBUILD);
}

/* With systemd, the unit's own words; a name in sysinit.target.wants has it run at all.
 */
static void say_order_of_unit(struct eb_diagnosis *d, const struct eb_image_dracut *unit)
{
	struct eb_item *item;

	if (unit->wanted && unit->before_udev && unit->before_loader)
		return;
	if (!unit->wanted) {
		item = eb_items_add(&d->items, EB_ITEM_IMAGE_ORDER, NULL,
				    "the initramfs has earlybind's unit and does not "
				    "run it");
		eb_item_seen(item, "no sysinit.target.wants/earlybind.service in it");
	} else {
		item = eb_items_add(&d->items, EB_ITEM_IMAGE_ORDER, NULL,
				    "in the initramfs earlybind need not run before what "
				    "loads graphics drivers: they may be faster");
		eb_item_seen(item, "earlybind.service has no Before=%s",
			     unit->before_udev ? "systemd-modules-load.service"
					       : "systemd-udevd.service");
	}
	eb_item_remedy(item, "install earlybind again; " REBUILD);
}

/* Without systemd dracut runs its hooks by name, and one of them loads the first drivers.
 */
static void say_order_of_hook(struct eb_diagnosis *d, const struct eb_image_dracut *hooks)
{
	struct eb_item *item;

	if (!hooks->preloads[0] || strcmp(hooks->hook, hooks->preloads) < 0)
		return;
	item = eb_items_add(&d->items, EB_ITEM_IMAGE_ORDER, NULL,
			    "in the initramfs earlybind runs after the hook that loads "
			    "the drivers of rd.driver.pre and force_drivers");
	eb_item_seen(item, "hooks/cmdline: %s comes before %s", hooks->preloads,
		     hooks->hook);
	eb_item_remedy(item, "install earlybind again; " REBUILD);
}

static void say_order_of_dracut(struct eb_diagnosis *d,
				const struct eb_image_dracut *dracut)
{
	if (!dracut->unit && !dracut->hook[0])
		return;
	if (dracut->unit && !dracut->readable) {
		eb_items_not_checked(&d->items, "image-order",
				     "earlybind.service of the image is not known");
		return;
	}
	eb_items_checked(&d->items, "image-order");
	if (dracut->unit)
		say_order_of_unit(d, dracut);
	else
		say_order_of_hook(d, dracut);
}

static void say_order(struct eb_diagnosis *d, const struct eb_image *image)
{
	struct eb_item *item;

	if (image->is_dracut) {
		say_order_of_dracut(d, &image->dracut);
		return;
	}
	if (!image->script)
		return;
	if (image->scripts == 0) {
		eb_items_not_checked(&d->items, "image-order",
				     "scripts/init-top/ORDER of the image is not known");
		return;
	}
	eb_items_checked(&d->items, "image-order");
	if (image->earlybind && (!image->udev || image->earlybind < image->udev))
		return;
	if (!image->earlybind) {
		item = eb_items_add(&d->items, EB_ITEM_IMAGE_ORDER, NULL,
				    "the initramfs has earlybind's script and does not "
				    "run it");
		eb_item_seen(item, "scripts/init-top/ORDER has no earlybind");
		eb_item_remedy(item, "run update-initramfs -u");
		return;
	}
	item = eb_items_add(&d->items, EB_ITEM_IMAGE_ORDER, NULL,
			    "in the initramfs earlybind runs after udev, which loads "
			    "graphics drivers: they may be faster");
	eb_item_seen(item, "scripts/init-top/ORDER: udev is number %u, earlybind %u",
		     image->udev, image->earlybind);
}

/* Read what is known of the image FILE. False where that is nothing, which was noted. */
static bool read_image(struct eb_diagnosis *d, const char *file, struct eb_image *image)
{
	const char *tool = eb_image_tool(), *why;
	char path[EB_MAX_PATH];

	if (eb_image_read_captured(d->cli->root, file, image) == 0)
		return true;
	if (!eb_cli_is_live(d->cli)) {
		eb_items_not_checked(&d->items, "image",
				     "there is no /%s.files in this captured machine",
				     file);
		return false;
	}
	if (!eb_sysfs_exists(d->cli->root, file)) {
		eb_items_not_checked(&d->items, "image",
				     "there is no /%s; images of mkinitcpio are not "
				     "looked into",
				     file);
		return false;
	}
	snprintf(path, sizeof(path), "/%.128s", file);
	if (!tool) {
		eb_items_not_checked(&d->items, "image",
				     "there is no unmkinitramfs and no lsinitrd here to "
				     "look into %s",
				     path);
		return false;
	}
	if (eb_image_unpack(tool, path, image, &why) == 0)
		return true;
	eb_items_not_checked(&d->items, "image", "%s: %s", path, why);
	return false;
}

void eb_check_image(struct eb_diagnosis *d)
{
	struct builtin builtin = {false, false};
	char release[65], file[128], path[EB_MAX_PATH];
	struct eb_image image;

	if (eb_sysfs_read(d->cli->root, "proc/sys/kernel/osrelease", release,
			  sizeof(release)) <= 0 ||
	    strchr(release, '/')) {
		eb_items_not_checked(&d->items, "image",
				     "the kernel's release is not known");
		return;
	}
	snprintf(file, sizeof(file), "boot/initrd.img-%s", release);
	if (!read_image(d, file, &image))
		return;
	if (image.squashed && !image.agent) {
		eb_items_not_checked(&d->items, "image",
				     "most of /%s is in a file system of its own, and "
				     "there is no unsquashfs or fsck.erofs here",
				     file);
		return;
	}
	snprintf(path, sizeof(path), "lib/modules/%s/modules.builtin", release);
	eb_sysfs_lines(d->cli->root, path, see_builtin, &builtin);
	say_agent(d, &image, file);
	say_module(d, &image.vfio_pci, builtin.vfio_pci, image.is_dracut, "vfio-pci",
		   file);
	say_module(d, &image.type1, builtin.type1, image.is_dracut, "vfio_iommu_type1",
		   file);
	eb_items_checked(&d->items, "image");
	say_order(d, &image);
}
