/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The firmware's framebuffer as a platform device, and how to make its driver let go. */
#ifndef EARLYBIND_FRAMEBUFFER_H
#define EARLYBIND_FRAMEBUFFER_H

#include <earlybind/locked.h>
#include <earlybind/pci.h>

#define EB_MAX_FRAMEBUFFERS 4
#define EB_MAX_CONSOLES	    8
#define EB_FRAMEBUFFER_NAME 40

/* A platform device such as "efi-framebuffer.0" with its driver, "" for none. The kernel
 * makes one at most, of screen_info (drivers/firmware/sysfb.c); a devicetree may more. */
struct eb_framebuffer {
	char device[EB_FRAMEBUFFER_NAME];
	char driver[EB_FRAMEBUFFER_NAME];
};

struct eb_framebuffers {
	unsigned int count;
	struct eb_framebuffer list[EB_MAX_FRAMEBUFFERS];
	/* Names below /sys/class/vtconsole of those that draw on framebuffers and are
	 * bound (drivers/tty/vt/vt.c, show_bind). */
	unsigned int consoles;
	char console[EB_MAX_CONSOLES][EB_FRAMEBUFFER_NAME];
};

/* Read what there is below ROOT, by LOCKED what the console's lock is taken for. Nothing
 * there is an answer too. */
void eb_framebuffer_read(int root, const struct eb_locked *locked,
			 struct eb_framebuffers *out);

/* Mark in PCI the details of functions that a platform framebuffer is below: its parent
 * is the function that shows the console (drivers/firmware/sysfb.c sysfb_parent_dev,
 * since 6.9). False where one is below a PCI function that has no detail. */
bool eb_framebuffer_place(int root, struct eb_pci *pci);

#endif
