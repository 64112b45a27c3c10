// SPDX-License-Identifier: GPL-2.0-or-later
/* One function on its way to vfio-pci, or back. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "step.h"

#define PATH_TEXT 96

/* How often something is tried that must not fail for want of memory. */
#define TRIES 3

struct eb_step_on eb_step_of(const struct eb_apply *apply, struct eb_device *device)
{
	struct eb_step_on step = {
		.apply = apply, .device = device, .said = apply->findings->count};

	eb_addr_print(&apply->pci->function[device->function].addr, step.addr);
	return step;
}

static void device_path(const struct eb_step_on *step, const char *name,
			char path[PATH_TEXT])
{
	snprintf(path, PATH_TEXT, "sys/bus/pci/devices/%s/%s", step->addr, name);
}

static int write_to(const struct eb_step_on *step, const char *name, const char *text)
{
	const struct eb_ops *ops = step->apply->ops;
	char path[PATH_TEXT];

	device_path(step, name, path);
	return ops->write(ops->ctx, path, text);
}

/* Does the attribute NAME read back as TEXT? 0, -EIO when it reads otherwise, -errno. */
static int read_back(const struct eb_step_on *step, const char *name, const char *text)
{
	const struct eb_ops *ops = step->apply->ops;
	char path[PATH_TEXT], got[EB_DRIVER_NAME];
	int n;

	device_path(step, name, path);
	n = ops->read(ops->ctx, path, got, sizeof(got));
	if (n < 0)
		return n;
	return strcmp(got, text) == 0 ? 0 : -EIO;
}

int eb_step_read_driver(const struct eb_step_on *step)
{
	const struct eb_ops *ops = step->apply->ops;
	struct eb_device *device = step->device;
	int n, tries = TRIES;
	char path[PATH_TEXT];

	device_path(step, "driver", path);
	do {
		n = ops->link(ops->ctx, path, device->after, sizeof(device->after));
	} while (n < 0 && n != -ENOENT && --tries);
	device->after_known = true;
	if (n >= 0)
		return strcmp(device->after, "vfio-pci") == 0;
	device->after[0] = '\0';
	return n == -ENOENT ? 0 : n;
}

struct eb_text *eb_step_finding(const struct eb_step_on *step, enum eb_code code)
{
	const struct eb_apply *apply = step->apply;
	return eb_finding_on(apply->findings, code,
			     &apply->pci->function[step->device->function].addr);
}

/* Did it take too long, or may no longer be tried after what did? */
static bool late(int err)
{
	return err == -ETIMEDOUT || err == -ECANCELED;
}

void eb_step_fail(const struct eb_step_on *step, const char *what, int err)
{
	struct eb_device *device = step->device;
	struct eb_text reason = eb_text_on(device->reason, sizeof(device->reason));
	char name[16];

	device->result = late(err) ? EB_RESULT_TIMEOUT : EB_RESULT_FAILED;
	eb_text_add(&reason, "%s", what);
	if (err == -ETIMEDOUT)
		eb_text_add(&reason, " took longer than %u seconds",
			    step->apply->request->options.timeout);
	else if (err == -ECANCELED)
		eb_text_add(&reason, " was not tried after %d timeouts", EB_MAX_LATE);
	else
		eb_text_add(&reason, ": %s", eb_text_errno(-err, name));
}

/* The same, with a finding. */
static void fail(const struct eb_step_on *step, enum eb_code code, const char *what,
		 int err, const char *way_out)
{
	struct eb_text *text;

	eb_step_fail(step, what, err);
	text = eb_step_finding(step, late(err) ? EB_FIND_TIMEOUT : code);
	if (late(err))
		eb_text_add(text,
			    "was given up: %s; a driver may be stuck (see the kernel "
			    "log), driver_override may stay vfio-pci, and vfio-pci may "
			    "still bind",
			    step->device->reason);
	else
		eb_text_add(text, "was not claimed: %s; %s", step->device->reason,
			    way_out);
}

void eb_step_hold(const struct eb_step_on *step)
{
	int err = write_to(step, "driver_override", "vfio-pci");

	if (!err || err == -ECHILD) {
		step->device->held = true;
		err = read_back(step, "driver_override", "vfio-pci");
		/* Not read is not otherwise: binding will tell. */
		if (err != -EIO && err != -ENOENT && !late(err))
			return;
	}
	fail(step, EB_FIND_HOLD_FAILED,
	     step->device->held ? "reading driver_override back"
				: "writing vfio-pci to driver_override",
	     err,
	     "it keeps its driver; the device may be gone, or the kernel lacks "
	     "driver_override");
	if (late(err))
		step->device->held = false;
	else
		eb_step_return(step);
}

/* It stays held: WHY, and ERR if there is one. */
static void say_held(const struct eb_step_on *step, const char *why, int err)
{
	struct eb_text *text = eb_step_finding(step, EB_FIND_STILL_HELD);
	char name[16];

	eb_text_add(text, "%s", why);
	if (err)
		eb_text_add(text, " (%s), driver_override may still be vfio-pci",
			    eb_text_errno(-err, name));
	eb_text_add(text,
		    "; to return it: echo > /sys/bus/pci/devices/%s/driver_override, "
		    "then echo %s > /sys/bus/pci/drivers_probe",
		    step->addr, step->addr);
}

/* Clear the override. 0, or why it may still be there. */
static int clear(const struct eb_step_on *step)
{
	const struct eb_ops *ops = step->apply->ops;
	int err, tries = TRIES;
	char path[PATH_TEXT];

	device_path(step, "driver_override", path);
	do {
		err = ops->clear(ops->ctx, path);
	} while (err && err != -ENOENT && !late(err) && --tries);
	return err;
}

/* vfio-pci has it after all: a load or a bind that was given up has ended since. */
static void is_claimed(const struct eb_step_on *step)
{
	step->device->result = EB_RESULT_CLAIMED;
	step->device->held = true;
	step->device->reason[0] = '\0';
	step->apply->findings->count = step->said;
}

/* Let its own driver bind. Its result says little: it succeeds when no driver was found.
 */
static void probe(const struct eb_step_on *step)
{
	const struct eb_apply *apply = step->apply;
	const struct eb_ops *ops = apply->ops;
	struct eb_device *device = step->device;
	const char *before = eb_pci_driver(apply->pci,
					   &apply->pci->function[device->function]);
	int err, got, tries = TRIES;
	struct eb_text *text;
	char name[16];

	do {
		err = ops->write(ops->ctx, "sys/bus/pci/drivers_probe", step->addr);
	} while (err && !late(err) && --tries);
	got = eb_step_read_driver(step);
	if (got > 0) {
		is_claimed(step);
		return;
	}
	text = eb_step_finding(step, late(err) ? EB_FIND_TIMEOUT : EB_FIND_HANDED_BACK);
	eb_text_add(text, "was returned");
	if (err == -ETIMEDOUT)
		eb_text_add(text, ", but its driver took longer than %u seconds to bind",
			    apply->request->options.timeout);
	else if (device->after[0])
		eb_text_add(text, " to %s", device->after);
	else if (err || got < 0 || before)
		eb_text_add(text,
			    ", but no driver was seen to bind (%s); to try again: echo "
			    "%s > /sys/bus/pci/drivers_probe",
			    eb_text_errno(err	    ? -err
					  : got < 0 ? -got
						    : ENODEV,
					  name),
			    step->addr);
	else
		eb_text_add(text, ": its driver binds to it when loaded");
}

void eb_step_return(const struct eb_step_on *step)
{
	struct eb_device *device = step->device;
	int err;

	if (!device->held)
		return;
	err = eb_step_read_driver(step);
	if (err > 0) {
		is_claimed(step);
		return;
	}
	if (err < 0) {
		say_held(step, "has a driver that could not be read", err);
		return;
	}
	if (step->apply->request->options.hold_failed && !device->after[0]) {
		say_held(step, "has no driver, by earlybind.on_failure=hold", 0);
		return;
	}
	err = clear(step);
	if (err && err != -ENOENT) {
		say_held(step, "could not be returned", err);
		return;
	}
	device->held = false;
	/* Or it is gone, and its override with it. */
	if (!err)
		probe(step);
}

static const char *bind_help(int err)
{
	switch (-err) {
	case EINVAL:
		return "vfio-pci rejects devices without an IOMMU group, bridges and "
		       "devices on its denylist";
	case EBUSY:
		return "its virtual functions are in use, or another driver was faster";
	case ENODEV:
		return "the device is gone, or its driver_override was changed";
	}
	return "see the kernel log";
}

/* Unbind the driver that it has. True when vfio-pci can be bound, or was at once. */
static bool unbind(const struct eb_step_on *step)
{
	const struct eb_ops *ops = step->apply->ops;
	char path[PATH_TEXT];
	int err;

	device_path(step, "driver/unbind", path);
	err = ops->write(ops->ctx, path, step->addr);
	/* It may have unbound by itself. */
	if (!err ||
	    (!late(err) && (eb_step_read_driver(step) != 0 || !step->device->after[0])))
		return true;
	fail(step, EB_FIND_UNBIND_FAILED, "unbinding its driver", err,
	     "the driver keeps it");
	return false;
}

/* While vfio-pci is stuck in the probe of a device the link is there already
 * (drivers/base/dd.c, really_probe), and drivers_probe succeeds without waiting
 * (drivers/base/bus.c, bus_rescan_devices_helper): only the device's lock tells. */
static bool is_stuck(const struct eb_step_on *step)
{
	return late(read_back(step, "driver_override", "vfio-pci"));
}

/* Only the driver link counts; the result of the write explains a failure. */
void eb_step_bind(const struct eb_step_on *step)
{
	const struct eb_ops *ops = step->apply->ops;
	int err = 0, got = eb_step_read_driver(step);

	if (got == 0 && step->device->after[0]) {
		if (!unbind(step))
			return;
		got = eb_step_read_driver(step);
	}
	if (got <= 0) {
		err = ops->write(ops->ctx, EB_VFIO_DRIVER "/bind", step->addr);
		/* While a driver still registers, stuck on some device, it has no bind
		 * file yet (drivers/base/bus.c, bus_add_driver), and can be probed for
		 * others. */
		if (err == -ENOENT)
			err = ops->write(ops->ctx, "sys/bus/pci/drivers_probe",
					 step->addr);
		got = late(err) ? 0 : eb_step_read_driver(step);
	}
	if (step->slow_load && !late(err) && is_stuck(step)) {
		err = -ETIMEDOUT;
		got = 0;
	}
	if (got > 0)
		step->device->result = EB_RESULT_CLAIMED;
	else if (got < 0)
		fail(step, EB_FIND_BIND_FAILED, "reading which driver it has", got,
		     "vfio-pci may have it: see earlybind list");
	else
		fail(step, EB_FIND_BIND_FAILED, "binding vfio-pci", err ? err : -EIO,
		     bind_help(err));
}

/* vfio-pci resets power/control to auto when it binds (drivers/vfio/pci/
 * vfio_pci_core.c, vfio_pci_core_register_device), so this comes after. */
void eb_step_keep_power(const struct eb_step_on *step)
{
	int err = write_to(step, "power/control", "on");
	struct eb_text *text;
	char name[16];

	if (!err)
		err = read_back(step, "power/control", "on");
	/* Not every kernel knows D3cold. */
	if (!err)
		err = write_to(step, "d3cold_allowed", "0");
	if (!err || err == -ENOENT)
		return;
	text = eb_step_finding(step, EB_FIND_POWER_FAILED);
	eb_text_add(text,
		    "is claimed, but earlybind.power=on could not keep it out of D3: %s",
		    eb_text_errno(-err, name));
}
