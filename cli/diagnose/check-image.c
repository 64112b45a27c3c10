// SPDX-License-Identifier: GPL-2.0-or-later
/* diagnose: is everything in the installed initramfs that the next boot needs? */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <earlybind/sysfs.h>

#include "diagnose.h"
#include "files.h"
#include "image.h"

#define REBUILD_DRACUT "run dracut --force, and look for a warning from earlybind"

/* What differs with the program that builds the image; "" where the table of codes has
 * the remedy. */
static const struct {
	const char *no_runner; /* nothing in it runs the agent */
	const char *fix_agent, *fix_module, *fix_order, *rebuild;
} builders[] = {
	{.no_runner = "no scripts/init-top/earlybind in it",
	 .fix_agent = "",
	 .fix_module = "",
	 .fix_order = "",
	 .rebuild = "update-initramfs -u"},
	/* dracut */
	{.no_runner =
		 "neither earlybind.service nor an earlybind hook in hooks/cmdline in it",
	 .fix_agent =
		 "check that /usr/lib/dracut/modules.d/50earlybind exists, and that "
		 "no omit_dracutmodules in /etc/dracut.conf.d names earlybind; " REBUILD_DRACUT,
	 .fix_module = REBUILD_DRACUT,
	 .fix_order = "reinstall earlybind; " REBUILD_DRACUT,
	 .rebuild = "dracut --force"},
};

/* The image FILE of kernel RELEASE, and what that kernel has built in. */
struct checked_image {
	struct eb_diagnosis *d;
	char file[128];
	char builtin[EB_MAX_PATH]; /* the kernel's list of modules that are built in */
	int builtin_err;	   /* of reading it */
	bool vfio_pci_builtin, type1_builtin;
	char unpacks[8]; /* the format that this kernel decompresses; "": none */
	struct eb_image image;
};

static void set_remedy(struct eb_problem *p, const char *remedy)
{
	if (remedy[0])
		eb_problem_remedy(p, "%s", remedy);
}

static int see_builtin(void *ctx, const char *line)
{
	struct checked_image *c = ctx;

	c->vfio_pci_builtin = c->vfio_pci_builtin || strstr(line, "/vfio-pci.ko");
	c->type1_builtin = c->type1_builtin || strstr(line, "/vfio_iommu_type1.ko");
	return 0;
}

static bool has_runner(const struct eb_image *image)
{
	return image->is_dracut ? image->dracut.unit || image->dracut.hook[0]
				: image->script;
}

static void check_agent(const struct checked_image *c)
{
	const struct eb_image *image = &c->image;
	struct eb_problem *p;

	if (image->agent && has_runner(image))
		return;
	p = eb_problems_add(&c->d->problems, EB_PROBLEM_IMAGE_NO_AGENT, NULL,
			    "the initramfs /%s does not contain earlybind: the "
			    "next boot claims nothing",
			    c->file);
	if (!image->agent)
		eb_problem_seen(p, "no usr/lib/earlybind/earlybind-agent in it");
	if (!has_runner(image))
		eb_problem_seen(p, "%s", builders[image->is_dracut].no_runner);
	set_remedy(p, builders[image->is_dracut].fix_agent);
}

static bool is_packed(const struct eb_image_module *module)
{
	return module->xz || module->zst || module->gz;
}

/* Can the agent load it? What is compressed it has the kernel decompress, where that
 * knows the format (kernel/module/decompress.c, from Linux 5.17 on). */
static bool can_load(const struct checked_image *c, const struct eb_image_module *module)
{
	return module->plain || (module->xz && strcmp(c->unpacks, "xz") == 0) ||
	       (module->zst && strcmp(c->unpacks, "zstd") == 0) ||
	       (module->gz && strcmp(c->unpacks, "gzip") == 0);
}

static void check_module(const struct checked_image *c, const char *name,
			 const struct eb_image_module *module, bool builtin)
{
	const bool packed = is_packed(module);
	struct eb_problem *p;

	if (builtin || can_load(c, module))
		return;
	p = eb_problems_add(
		&c->d->problems, EB_PROBLEM_IMAGE_NO_VFIO, NULL,
		packed ? "the initramfs /%s has only a compressed %s, which this kernel "
			 "does not decompress"
		       : "the initramfs /%s has no %s, and it is not built into this "
			 "kernel",
		c->file, name);
	eb_problem_seen(p, "no %s.ko in it", name);
	if (packed)
		eb_problem_seen(p, "/sys/module/compression: %s",
				c->unpacks[0] ? c->unpacks : "not there");
	if (c->builtin_err < 0 && c->builtin_err != -ENOENT)
		eb_problem_seen(p, "/%s cannot be read: %s", c->builtin,
				eb_files_error(c->builtin_err));
	set_remedy(p, builders[c->image.is_dracut].fix_module);
	if (packed)
		eb_problem_remedy(p,
				  "check that xz-utils or zstd is installed, whichever "
				  "compressed it, and run %s",
				  builders[c->image.is_dracut].rebuild);
}

/* Where others bind the cards: can they be bound before a graphics driver has them? */
static void check_late(const struct checked_image *c)
{
	struct eb_problem *p;

	if (c->vfio_pci_builtin || c->image.vfio_pci.plain ||
	    is_packed(&c->image.vfio_pci) || c->image.agent)
		return;
	p = eb_problems_add(&c->d->problems, EB_PROBLEM_IMAGE_LATE, NULL,
			    "the initramfs /%s has no vfio-pci, so the cards are bound "
			    "after it: a graphics driver may have used them by then",
			    c->file);
	eb_problem_seen(p, "no vfio-pci.ko in it");
}

/* --- does it run before what loads graphics drivers? --- */

#define LATE "a graphics driver may bind the card first"

/* A problem with the order: its TEXT, or NULL for none, evidence, and whether the table's
 * remedy serves. */
struct order_problem {
	const char *text;
	const char *remedy;
	char evidence[2 * EB_IMAGE_HOOK + 80];
};

/* With systemd the unit's Before= decides, and a link in sysinit.target.wants whether it
 * is started at all. */
static void judge_unit(const struct eb_image_dracut *unit, struct order_problem *out)
{
	if (!unit->wanted) {
		out->text = "the initramfs contains earlybind's unit, but does not run "
			    "it";
		snprintf(out->evidence, sizeof(out->evidence),
			 "no sysinit.target.wants/earlybind.service in it");
	} else if (!unit->before_udev || !unit->before_loader) {
		out->text = "in the initramfs earlybind may run after what loads "
			    "drivers: " LATE;
		snprintf(out->evidence, sizeof(out->evidence),
			 "earlybind.service has no Before=%s",
			 unit->before_udev ? "systemd-modules-load.service"
					   : "systemd-udevd.service");
	}
}

/* Without systemd dracut runs its hooks by name, and one of them loads the first drivers.
 */
static void judge_hook(const struct eb_image_dracut *hooks, struct order_problem *out)
{
	if (!hooks->preloads[0] || strcmp(hooks->hook, hooks->preloads) < 0)
		return;
	out->text = "in the initramfs earlybind runs after the hook that loads the "
		    "drivers of rd.driver.pre and force_drivers";
	snprintf(out->evidence, sizeof(out->evidence),
		 "hooks/cmdline: %s comes before %s", hooks->preloads, hooks->hook);
}

static void judge_script(const struct eb_image *image, struct order_problem *out)
{
	if (!image->earlybind) {
		out->text = "the initramfs contains earlybind's script, but does not "
			    "run it";
		snprintf(out->evidence, sizeof(out->evidence),
			 "scripts/init-top/ORDER has no earlybind");
		out->remedy = "run update-initramfs -u";
	} else if (image->udev && image->udev < image->earlybind) {
		out->text = "in the initramfs earlybind runs after udev, which loads "
			    "drivers: " LATE;
		snprintf(out->evidence, sizeof(out->evidence),
			 "scripts/init-top/ORDER: udev is number %u, earlybind %u",
			 image->udev, image->earlybind);
	}
}

static void check_order(const struct checked_image *c)
{
	const struct eb_image *image = &c->image;
	struct order_problem found = {.remedy = builders[image->is_dracut].fix_order};
	struct eb_problem *p;

	if (!has_runner(image))
		return;
	if (image->is_dracut ? image->dracut.unit && !image->dracut.readable
			     : image->scripts == 0) {
		eb_problems_not_checked(&c->d->problems, "image-order",
					"%s of the image could not be read",
					image->is_dracut ? "earlybind.service"
							 : "scripts/init-top/ORDER");
		return;
	}
	if (!image->is_dracut)
		judge_script(image, &found);
	else if (image->dracut.unit)
		judge_unit(&image->dracut, &found);
	else
		judge_hook(&image->dracut, &found);
	eb_problems_checked(&c->d->problems, "image-order");
	if (!found.text)
		return;
	p = eb_problems_add(&c->d->problems, EB_PROBLEM_IMAGE_ORDER, NULL, "%s",
			    found.text);
	eb_problem_seen(p, "%s", found.evidence);
	set_remedy(p, found.remedy);
}

/* --- reading it --- */

static int unpack(struct checked_image *c)
{
	const char *tool = eb_image_tool(), *why;
	char path[sizeof(c->file) + 1];
	int err;

	snprintf(path, sizeof(path), "/%s", c->file);
	if (!tool) {
		eb_problems_not_checked(&c->d->problems, "image",
					"neither unmkinitramfs nor lsinitrd is installed "
					"to unpack %s",
					path);
		return -ENOENT;
	}
	err = eb_image_unpack(tool, path, &c->image, &why);
	if (err < 0)
		eb_problems_not_checked(&c->d->problems, "image", "%s: %s", path, why);
	return err;
}

/* 0 or negative errno, and then the reason was noted. */
static int read_image(struct checked_image *c)
{
	struct eb_problems *problems = &c->d->problems;
	const struct eb_cli *cli = c->d->cli;
	int err = eb_image_read_captured(cli->root, c->file, &c->image);

	if (err == -ENOENT && eb_cli_is_live(cli)) {
		if (eb_sysfs_exists(cli->root, c->file))
			return unpack(c);
		eb_problems_not_checked(problems, "image",
					"there is no /%s; images of mkinitcpio are not "
					"checked",
					c->file);
	} else if (err == -ENOENT) {
		eb_problems_not_checked(problems, "image",
					"there is no /%s.files in this captured machine",
					c->file);
	} else if (err < 0) {
		eb_problems_not_checked(problems, "image", "/%s.files cannot be read: %s",
					c->file, eb_files_error(err));
	}
	return err;
}

static void check(struct checked_image *c)
{
	struct eb_problems *problems = &c->d->problems;

	if (read_image(c) < 0)
		return;
	if (c->image.squashed && !c->image.agent) {
		eb_problems_not_checked(problems, "image",
					"most of /%s is in a file system of its own, and "
					"neither unsquashfs nor fsck.erofs is installed",
					c->file);
		return;
	}
	c->builtin_err = eb_sysfs_lines(c->d->cli->root, c->builtin, see_builtin, c);
	if (eb_sysfs_read(c->d->cli->root, "sys/module/compression", c->unpacks,
			  sizeof(c->unpacks)) < 0)
		c->unpacks[0] = '\0';
	if (c->d->others) {
		check_late(c);
		eb_problems_checked(problems, "image");
		return;
	}
	check_agent(c);
	check_module(c, "vfio-pci", &c->image.vfio_pci, c->vfio_pci_builtin);
	check_module(c, "vfio_iommu_type1", &c->image.type1, c->type1_builtin);
	eb_problems_checked(problems, "image");
	check_order(c);
}

void eb_check_image(struct eb_diagnosis *d)
{
	struct checked_image c = {.d = d};
	char release[65];
	ssize_t n = eb_sysfs_read(d->cli->root, "proc/sys/kernel/osrelease", release,
				  sizeof(release));

	if (n < 0) {
		eb_problems_unreadable(&d->problems, "image", "proc/sys/kernel/osrelease",
				       (int)n);
		return;
	}
	if (n == 0 || strchr(release, '/')) {
		eb_problems_not_checked(&d->problems, "image",
					"/proc/sys/kernel/osrelease has no release of a "
					"kernel");
		return;
	}
	snprintf(c.file, sizeof(c.file), "boot/initrd.img-%s", release);
	snprintf(c.builtin, sizeof(c.builtin), "lib/modules/%s/modules.builtin", release);
	check(&c);
}
