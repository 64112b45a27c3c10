/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an initramfs of initramfs-tools or dracut contains: unpacked here, or listed by
 * tests/capture. */
#ifndef EARLYBIND_CLI_IMAGE_H
#define EARLYBIND_CLI_IMAGE_H

#include <stdbool.h>

#define EB_IMAGE_HOOK 64

/* A module in the image: plain, or compressed, or both. */
struct eb_image_module {
	bool plain;
	bool xz, zst, gz;
};

/* What only dracut has. With systemd in the image a unit runs the agent, else a hook. */
struct eb_image_dracut {
	bool unit;			 /* earlybind.service */
	bool wanted;			 /* and sysinit.target starts it */
	char hook[EB_IMAGE_HOOK];	 /* earlybind's in hooks/cmdline; "": none */
	char preloads[EB_IMAGE_HOOK];	 /* dracut's own that loads drivers */
	bool readable;			 /* its [Unit] was there */
	bool before_udev, before_loader; /* the unit's Before=: udevd, modules-load */
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
	unsigned int earlybind, udev; /* their places in it, from 1; 0: not there */
};

/* Note PATH, of a file of the image. */
void eb_image_see_path(struct eb_image *image, const char *path);

/* Note LINE of a file that tells the order: scripts/init-top/ORDER, or earlybind.service.
 */
void eb_image_see_order(struct eb_image *image, const char *line);

/* Read IMAGE from FILE.files and FILE.order below ROOT, which tests/capture wrote. 0, or
 * negative errno of the first. */
int eb_image_read_captured(int root, const char *file, struct eb_image *image);

/* The distribution's unmkinitramfs, or dracut's lsinitrd, or NULL. */
const char *eb_image_tool(void);

/* Unpack FILE with TOOL, both absolute paths, into a new directory below /var/tmp, read
 * IMAGE from it, and remove it. 0, or negative errno and a reason in WHY. SIGINT, SIGTERM
 * and SIGHUP end the unpacking and, after the directory is removed, this program. */
int eb_image_unpack(const char *tool, const char *file, struct eb_image *image,
		    const char **why);

#endif
