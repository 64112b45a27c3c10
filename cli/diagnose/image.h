/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is in an initramfs that initramfs-tools or dracut has built, as far as it matters
 * here. */
#ifndef EARLYBIND_CLI_IMAGE_H
#define EARLYBIND_CLI_IMAGE_H

#include <stdbool.h>

#define EB_IMAGE_HOOK 64

/* A module in the image: as it is, or only packed, which the agent cannot load. */
struct eb_image_module {
	bool plain;
	bool packed;
};

/* What is dracut's alone. With systemd in the image a unit runs the agent, else a hook.
 */
struct eb_image_dracut {
	bool unit;			 /* earlybind.service */
	bool wanted;			 /* and sysinit.target has it started */
	char hook[EB_IMAGE_HOOK];	 /* earlybind's in hooks/cmdline; "": none */
	char preloads[EB_IMAGE_HOOK];	 /* dracut's own that loads drivers */
	bool readable;			 /* [Unit] of it was there */
	bool before_udev, before_loader; /* what it says of udevd, modules-load */
};

struct eb_image {
	bool is_dracut;
	bool squashed; /* most of it is in a file system of its own */
	bool agent;
	bool script; /* of initramfs-tools */
	struct eb_image_dracut dracut;
	struct eb_image_module vfio_pci;
	struct eb_image_module type1;
	unsigned int scripts;	      /* lines of scripts/init-top/ORDER; 0: not known */
	unsigned int earlybind, udev; /* which of them, from 1; 0: it is not there */
};

/* Note PATH, of a file of the image. */
void eb_image_see_path(struct eb_image *image, const char *path);

/* Note LINE of what tells the order: scripts/init-top/ORDER, or earlybind.service. */
void eb_image_see_order(struct eb_image *image, const char *line);

/* Read IMAGE from FILE.files and FILE.order below ROOT, which tests/capture wrote. 0, or
 * negative errno of the first. */
int eb_image_read_captured(int root, const char *file, struct eb_image *image);

/* Does PATH, of a file of the image, have such lines? */
bool eb_image_has_order(const char *path);

/* The distribution's unmkinitramfs, or dracut's lsinitrd, or NULL. */
const char *eb_image_tool(void);

/* "lsinitrd" of "/usr/bin/lsinitrd". */
const char *eb_image_tool_name(const char *tool);

/* Unpack FILE with TOOL, both absolute paths, into a directory below /var/tmp, read IMAGE
 * from there, and remove it, also when a signal ends us. 0, or negative errno and a
 * reason in WHY. */
int eb_image_unpack(const char *tool, const char *file, struct eb_image *image,
		    const char **why);

#endif
