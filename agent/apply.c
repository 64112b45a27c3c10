// SPDX-License-Identifier: GPL-2.0-or-later
/* Carry a plan out, in two halves: hold, then load and bind. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <earlybind/judge.h>

#include "apply.h"

void eb_apply_hold(const struct eb_apply *apply)
{
	unsigned int i;

	for (i = 0; i < apply->plan->count; i++) {
		struct eb_device *device = &apply->plan->device[i];
		struct eb_step_on step = eb_step_of(apply, device);

		if (device->result == EB_RESULT_PLANNED)
			eb_step_hold(&step);
		else if (device->result == EB_RESULT_CLAIMED &&
			 eb_step_read_driver(&step) < 0)
			device->after_known = false;
	}
}

static const struct {
	const char *name;
	bool optional;
} modules[] = {
	{"vfio-pci", false},
	{"vfio_iommu_type1", false},
	{"vfio_virqfd", true}, /* part of vfio since 6.2 */
};

/* The finding on a module that is missing: on the boot, not on one device. */
static void say_not_loaded(const struct eb_apply *apply, const char *module,
			   const char *culprit, int err)
{
	struct eb_text *text;
	char name[16];

	if (err == -ENOENT) {
		text = eb_finding_add(apply->findings, EB_FIND_NO_VFIO, NULL);
		eb_text_add(
			text,
			"%s is neither in the initramfs nor in the kernel (%s); rebuild "
			"the initramfs",
			module, apply->machine->release);
		return;
	}
	text = eb_finding_add(apply->findings,
			      err == -ETIMEDOUT || err == -ECANCELED
				      ? EB_FIND_TIMEOUT
				      : EB_FIND_LOAD_FAILED,
			      NULL);
	if (err == -ETIMEDOUT)
		eb_text_add(text, "loading %s took longer than %u seconds", module,
			    apply->request->options.timeout);
	else
		eb_text_add(text, "loading %s failed (%s: %s); %s", module, culprit,
			    eb_text_errno(-err, name),
			    err == -EKEYREJECTED
				    ? "it is not signed, which Secure Boot requires"
				    : "see the kernel log");
}

/* Load what is needed. 0 when there is a driver to bind, 1 when there is though it may be
 * stuck on a device, else why there is none. */
static int load(const struct eb_apply *apply)
{
	const struct eb_ops *ops = apply->ops;
	int err, slow = 0;
	char culprit[64];
	bool there;
	size_t i;

	for (i = 0; i < sizeof(modules) / sizeof(modules[0]); i++) {
		err = ops->load(ops->ctx, modules[i].name, culprit, sizeof(culprit));
		if (!err || (modules[i].optional && err == -ENOENT))
			continue;
		/* A kernel without module files may have the driver built in, and one
		 * that is stuck on a device can still bind to others. */
		there = i == 0 && ops->exists(ops->ctx, EB_VFIO_DRIVER);
		if (!there || err == -ETIMEDOUT)
			say_not_loaded(apply, modules[i].name, culprit, err);
		if (i == 0 && !there)
			return err;
		slow |= i == 0 && err == -ETIMEDOUT;
	}
	if (!ops->exists(ops->ctx, EB_VFIO_DRIVER)) {
		say_not_loaded(apply, "vfio-pci", "vfio-pci", -ENODEV);
		return -ENODEV;
	}
	return slow;
}

/* The first held function with the firmware's framebuffer on a BAR, if unbinding its
 * driver frees that; else NULL: the screen would go dark for nothing. The kernel makes
 * one framebuffer of screen_info; with several it is not known which one is on the card.
 */
static struct eb_device *under_framebuffer(const struct eb_apply *apply)
{
	const struct eb_framebuffers *fbs = apply->framebuffers;
	unsigned int i, j;

	if (fbs->count != 1 || !fbs->list[0].driver[0])
		return NULL;
	for (i = 0; i < apply->plan->count; i++)
		for (j = 0; j < apply->conflicts->count; j++) {
			const struct eb_conflict *c = &apply->conflicts->list[j];

			if (apply->plan->device[i].held &&
			    c->function == apply->plan->device[i].function &&
			    eb_judge_freed_by_unbinding(apply->machine, apply->conflicts,
							c))
				return &apply->plan->device[i];
		}
	return NULL;
}

/* Write the framebuffer's name to FILE of its driver, "bind" or "unbind". */
static int write_framebuffer(const struct eb_apply *apply, const char *file)
{
	const struct eb_framebuffer *fb = &apply->framebuffers->list[0];
	const struct eb_ops *ops = apply->ops;
	char path[128];

	snprintf(path, sizeof(path), "sys/bus/platform/drivers/%s/%s", fb->driver, file);
	return ops->write(ops->ctx, path, fb->device);
}

/* An answer may be lost, and another try finds nothing to unbind: the link tells. */
static bool framebuffer_is_free(const struct eb_apply *apply)
{
	const struct eb_ops *ops = apply->ops;
	char path[128], name[EB_FRAMEBUFFER_NAME];

	snprintf(path, sizeof(path), "sys/bus/platform/devices/%s/driver",
		 apply->framebuffers->list[0].device);
	return ops->link(ops->ctx, path, name, sizeof(name)) == -ENOENT;
}

/* Write ON to the bind of the consoles that draw on framebuffers. */
static void bind_consoles(const struct eb_apply *apply, const char *on)
{
	const struct eb_ops *ops = apply->ops;
	char path[128];
	unsigned int i;

	for (i = 0; i < apply->framebuffers->consoles; i++) {
		snprintf(path, sizeof(path), "sys/class/vtconsole/%s/bind",
			 apply->framebuffers->console[i]);
		ops->write(ops->ctx, path, on);
	}
}

static void say_release(const struct eb_apply *apply, struct eb_device *device, int err)
{
	const struct eb_step_on step = eb_step_of(apply, device);
	enum eb_code code = err ? EB_FIND_RELEASE_FAILED : EB_FIND_RELEASED;
	struct eb_text *text = eb_step_finding(&step, code);
	const char *what = apply->framebuffers->list[0].device;
	char name[16];

	if (err)
		eb_text_add(text, "is still held by %s: unbinding it failed (%s)", what,
			    eb_text_errno(-err, name));
	else
		eb_text_add(text, "was released by %s, for earlybind.fb=release", what);
}

/* With earlybind.fb=release detach the consoles from the firmware's framebuffer, then its
 * driver: before loading, which binds what is held, and vfio-pci powers that down with
 * the console still drawing on it. True when it is gone. */
static bool release(const struct eb_apply *apply)
{
	struct eb_device *device = under_framebuffer(apply);
	int err;

	if (!apply->request->options.release_fb || !device)
		return false;
	bind_consoles(apply, "0");
	err = write_framebuffer(apply, "unbind");
	if (!err || (err != -ETIMEDOUT && framebuffer_is_free(apply)))
		return true;
	bind_consoles(apply, "1");
	say_release(apply, device, err);
	return false;
}

/* If no function with the framebuffer on it was bound to vfio-pci, the host keeps the
 * card and its console. */
static void end_release(const struct eb_apply *apply)
{
	struct eb_device *device = under_framebuffer(apply);
	char name[16];
	int err;

	if (device) {
		say_release(apply, device, 0);
		return;
	}
	err = write_framebuffer(apply, "bind");
	if (framebuffer_is_free(apply))
		eb_text_add(eb_finding_add(apply->findings, EB_FIND_RELEASE_FAILED, NULL),
			    "%s has no driver (%s): the console shows nothing on it",
			    apply->framebuffers->list[0].device,
			    eb_text_errno(err ? -err : ENODEV, name));
}

/* vfio-pci on the default VGA unregisters vgacon (drivers/pci/vgaarb.c,
 * vga_remove_vgacon; since 6.0). If fbcon has the consoles by then, through another
 * card's driver, nothing replaces it: fbcon cannot be unbound (drivers/tty/vt/vt.c,
 * do_unbind_con_driver), and when its framebuffer goes, the next line on the screen is a
 * NULL pointer with the console's lock held (drivers/video/fbdev/core/fbcon.c,
 * fbcon_cursor). With the consoles on vgacon dummycon replaces that. True when they were
 * moved there. In text mode there may be a platform device, without a driver. */
static bool move_consoles(const struct eb_apply *apply, const struct eb_device *boot)
{
	if (!boot || apply->machine->framebuffer.end ||
	    apply->framebuffers->list[0].driver[0] || !apply->framebuffers->consoles)
		return false;
	bind_consoles(apply, "0");
	return true;
}

/* BOOT is the console's card if it is held. */
static void announce(const struct eb_apply *apply, unsigned int held,
		     const struct eb_device *boot)
{
	const struct eb_ops *ops = apply->ops;
	char line[EB_LINE_TEXT], addr[EB_ADDR_TEXT];
	struct eb_text text = eb_text_on(line, sizeof(line));

	eb_text_add(&text, "holding %u function%s, loading vfio-pci", held,
		    held == 1 ? "" : "s");
	ops->say(ops->ctx, EB_LEVEL_NOTICE, line);
	if (!boot)
		return;
	text = eb_text_on(line, sizeof(line));
	eb_text_add(&text,
		    "%s: binding the console's card, the screen may go dark now; "
		    "vfio.gpus=none prevents that",
		    eb_addr_print(&apply->pci->function[boot->function].addr, addr));
	ops->say(ops->ctx, EB_LEVEL_WARNING, line);
}

/* Bind a held function, or return it where LOADED says why there is no vfio-pci. */
static void take(struct eb_step_on *step, int loaded)
{
	struct eb_device *device = step->device;

	step->slow_load = loaded > 0;
	if (loaded >= 0)
		eb_step_bind(step);
	else
		eb_step_fail(step, "loading vfio-pci", loaded);
	if (device->result == EB_RESULT_FAILED ||
	    (loaded < 0 && device->result == EB_RESULT_TIMEOUT))
		eb_step_return(step);
}

void eb_apply_bind(const struct eb_apply *apply)
{
	const struct eb_device *boot = eb_plan_find(apply->plan,
						    apply->machine->boot_display);
	unsigned int i, held = 0;
	bool released = false, moved = false;
	int err = 0;

	for (i = 0; i < apply->plan->count; i++)
		held += apply->plan->device[i].held;
	if (held > 0) {
		if (boot && !boot->held)
			boot = NULL;
		announce(apply, held, boot);
		released = release(apply);
		moved = move_consoles(apply, boot);
		err = load(apply);
	}
	for (i = 0; i < apply->plan->count; i++) {
		struct eb_device *device = &apply->plan->device[i];
		struct eb_step_on step = eb_step_of(apply, device);

		if (device->held)
			take(&step, err);
		if (device->result == EB_RESULT_CLAIMED &&
		    apply->request->options.power_on)
			eb_step_keep_power(&step);
	}
	if (released)
		end_release(apply);
	/* Where no framebuffer is left there is no fbcon. */
	if (moved)
		bind_consoles(apply, "1");
}
