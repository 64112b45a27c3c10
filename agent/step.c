// SPDX-License-Identifier: GPL-2.0-or-later
/* One function on its way to vfio-pci, or back. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "step.h"

#define PATH_TEXT 96

struct eb_step_on eb_step_of(const struct eb_apply *apply, struct eb_device *device)
{
	struct eb_step_on step = {.apply = apply, .device = device};

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

bool eb_step_read_driver(const struct eb_step_on *step)
{
	const struct eb_ops *ops = step->apply->ops;
	struct eb_device *device = step->device;
	char path[PATH_TEXT];

	device_path(step, "driver", path);
	if (ops->link(ops->ctx, path, device->after, sizeof(device->after)) < 0)
		device->after[0] = '\0';
	device->after_known = true;
	return strcmp(device->after, "vfio-pci") == 0;
}

struct eb_text eb_step_finding(const struct eb_step_on *step, enum eb_code code)
{
	const struct eb_apply *apply = step->apply;
	return eb_finding_on(apply->findings, code,
			     &apply->pci->function[step->device->function].addr);
}

/* WHAT went wrong with ERR: the function is failed, or timed out. */
static void fail(const struct eb_step_on *step, enum eb_code code, const char *what,
		 int err, const char *way_out)
{
	struct eb_device *device = step->device;
	char name[16];
	struct eb_text text;

	if (err == -ETIMEDOUT) {
		device->result = EB_RESULT_TIMEOUT;
		snprintf(device->reason, sizeof(device->reason),
			 "%s took longer than %u seconds", what,
			 step->apply->request->options.timeout);
		text = eb_step_finding(step, EB_FIND_TIMEOUT);
		eb_text_add(&text,
			    "was given up: %s; a driver may be stuck (see the kernel "
			    "log), and vfio-pci may still bind: see earlybind list",
			    device->reason);
		return;
	}
	device->result = EB_RESULT_FAILED;
	snprintf(device->reason, sizeof(device->reason), "%s: %s", what,
		 eb_text_errno(-err, name));
	text = eb_step_finding(step, code);
	eb_text_add(&text, "was not claimed: %s; %s", device->reason, way_out);
}

void eb_step_hold(const struct eb_step_on *step)
{
	int err = write_to(step, "driver_override", "vfio-pci");

	if (!err) {
		step->device->held = true;
		err = read_back(step, "driver_override", "vfio-pci");
		if (!err)
			return;
	}
	fail(step, EB_FIND_HOLD_FAILED,
	     step->device->held ? "reading driver_override back"
				: "writing vfio-pci to driver_override",
	     err,
	     "it keeps its driver; the device may be gone, or the kernel lacks "
	     "driver_override");
	if (err == -ETIMEDOUT)
		step->device->held = false;
	else
		eb_step_return(step);
}

static void say_held(const struct eb_step_on *step, const char *what)
{
	struct eb_text text = eb_step_finding(step, EB_FIND_STILL_HELD);

	eb_text_add(&text,
		    "%s; to return it: echo > /sys/bus/pci/devices/%s/driver_override, "
		    "then echo %s > /sys/bus/pci/drivers_probe",
		    what, step->addr, step->addr);
}

void eb_step_return(const struct eb_step_on *step)
{
	const struct eb_ops *ops = step->apply->ops;
	struct eb_device *device = step->device;
	struct eb_text text;
	int err;

	if (!device->held)
		return;
	eb_step_read_driver(step);
	if (step->apply->request->options.hold_failed && !device->after[0]) {
		say_held(step, "has no driver, by earlybind.on_failure=hold");
		return;
	}
	err = write_to(step, "driver_override", "\n");
	if (!err)
		err = read_back(step, "driver_override", "(null)");
	/* It is gone, and its override with it. */
	if (err == -ENOENT) {
		device->held = false;
		return;
	}
	if (err) {
		say_held(step,
			 "could not be returned, driver_override is still vfio-pci");
		return;
	}
	device->held = false;
	/* Its result says little: it succeeds when no driver was found. */
	err = ops->write(ops->ctx, "sys/bus/pci/drivers_probe", step->addr);
	eb_step_read_driver(step);
	if (err == -ETIMEDOUT) {
		text = eb_step_finding(step, EB_FIND_TIMEOUT);
		eb_text_add(&text,
			    "was returned, but its driver took longer than %u seconds to "
			    "bind",
			    step->apply->request->options.timeout);
		return;
	}
	text = eb_step_finding(step, EB_FIND_HANDED_BACK);
	if (device->after[0])
		eb_text_add(&text, "was returned to %s", device->after);
	else
		eb_text_add(&text, "was returned: its driver binds to it when loaded");
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

/* Only the driver link counts; the result of the write explains a failure. */
void eb_step_bind(const struct eb_step_on *step)
{
	const struct eb_ops *ops = step->apply->ops;
	struct eb_device *device = step->device;
	bool there = eb_step_read_driver(step);
	int err = 0;

	if (!there && device->after[0]) {
		char path[PATH_TEXT];

		device_path(step, "driver/unbind", path);
		err = ops->write(ops->ctx, path, step->addr);
		/* It may have unbound by itself, or vfio-pci may have bound at once. */
		there = err != -ETIMEDOUT && eb_step_read_driver(step);
		if (err && !there && device->after[0]) {
			fail(step, EB_FIND_UNBIND_FAILED, "unbinding its driver", err,
			     "the driver keeps it");
			return;
		}
	}
	if (!there) {
		err = ops->write(ops->ctx, EB_VFIO_DRIVER "/bind", step->addr);
		/* While a driver still registers, stuck on some device, it has no bind
		 * file yet (drivers/base/bus.c, bus_add_driver), and can be probed for
		 * others. */
		if (err == -ENOENT)
			err = ops->write(ops->ctx, "sys/bus/pci/drivers_probe",
					 step->addr);
		there = err != -ETIMEDOUT && eb_step_read_driver(step);
	}
	if (there) {
		device->result = EB_RESULT_CLAIMED;
		return;
	}
	fail(step, EB_FIND_BIND_FAILED, "binding vfio-pci", err ? err : -EIO,
	     bind_help(err));
}

/* vfio-pci resets power/control to auto when it binds (drivers/vfio/pci/
 * vfio_pci_core.c, vfio_pci_core_register_device), so this comes after. */
void eb_step_keep_power(const struct eb_step_on *step)
{
	int err = write_to(step, "power/control", "on");
	struct eb_text text;
	char name[16];

	if (!err)
		err = read_back(step, "power/control", "on");
	/* Not every kernel knows D3cold. */
	if (!err)
		err = write_to(step, "d3cold_allowed", "0");
	if (!err || err == -ENOENT)
		return;
	text = eb_step_finding(step, EB_FIND_POWER_FAILED);
	eb_text_add(&text,
		    "is claimed, but earlybind.power=on could not keep it out of D3: %s",
		    eb_text_errno(-err, name));
}
