/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is in an initramfs that initramfs-tools has built, as far as it matters here. */
#ifndef EARLYBIND_CLI_IMAGE_H
#define EARLYBIND_CLI_IMAGE_H

#include <stdbool.h>

/* A module in the image: as it is, or only packed, which the agent cannot load. */
struct eb_image_module {
	bool plain;
	bool packed;
};

struct eb_image {
	bool agent;
	bool script;
	struct eb_image_module vfio_pci;
	struct eb_image_module type1;
	unsigned int scripts;	      /* lines of scripts/init-top/ORDER; 0: not known */
	unsigned int earlybind, udev; /* which of them, from 1; 0: it is not there */
};

/* Note PATH, of a file of the image. */
void eb_image_see_path(struct eb_image *image, const char *path);

/* Note LINE of scripts/init-top/ORDER. */
void eb_image_see_order(struct eb_image *image, const char *line);

/* Read IMAGE from FILE.files and FILE.order below ROOT, which tests/capture wrote. 0, or
 * negative errno of the first. */
int eb_image_read_captured(int root, const char *file, struct eb_image *image);

/* The distribution's unmkinitramfs, or NULL. */
const char *eb_image_tool(void);

/* Unpack FILE with TOOL, both absolute paths, into a directory below /var/tmp, read IMAGE
 * from there, and remove it, also when a signal ends us. 0, or negative errno and a
 * reason in WHY. */
int eb_image_unpack(const char *tool, const char *file, struct eb_image *image,
		    const char **why);

#endif
