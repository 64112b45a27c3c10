// SPDX-License-Identifier: GPL-2.0-or-later
/* A kernel behind struct eb_ops that reacts as the real one does, and fails on demand. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fake-bus.h"
#include "unit.h"

#define DEVICES	  "sys/bus/pci/devices/"
#define BUS	  "sys/bus/pci/"
#define FB_DRIVER "sys/bus/platform/drivers/efi-framebuffer/"
#define FB_DEVICE "sys/bus/platform/devices/efi-framebuffer.0/"
#define OP_TEXT	  128

static bool is(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

static const char *without(const char *text, const char *start)
{
	size_t len = strlen(start);

	return strncmp(text, start, len) == 0 ? text + len : text;
}

/* "DDDD:BB:DD.F/NAME" of a path below /sys/bus/pci/devices: NAME, and the device. */
static const char *attribute(struct fake_kernel *kernel, const char *path,
			     struct fake_device **device)
{
	const char *at = without(path, DEVICES);
	const char *slash = strchr(at, '/');
	char addr[32];

	if (at == path || !slash)
		return NULL;
	snprintf(addr, sizeof(addr), "%.*s", (int)(slash - at), at);
	*device = fake_kernel_find(kernel, addr);
	return slash + 1;
}

static const struct fake_fault *fault_of(struct fake_kernel *kernel, const char *op)
{
	const struct fake_fault *fault;

	for (fault = kernel->fault; fault && fault->op; fault++)
		if (is(fault->op, op) &&
		    (!fault->times ||
		     kernel->met[fault - kernel->fault]++ < fault->times))
			return fault;
	return NULL;
}

/* The name of an operation: how it is traced, and how a fault names it. */
static void name_op(char op[OP_TEXT], const char *kind, const char *path,
		    const char *text)
{
	const char *below = without(path, DEVICES);

	snprintf(op, OP_TEXT, "%s%s%s%s", kind,
		 without(below == path ? without(path, BUS) : below, "0000:"),
		 text ? "=" : "",
		 !text		  ? ""
		 : is(text, "\n") ? "\\n"
				  : without(text, "0000:"));
}

static void trace(struct fake_kernel *kernel, const char *op)
{
	size_t len = strlen(kernel->trace);

	snprintf(kernel->trace + len, sizeof(kernel->trace) - len, "%s ", op);
}

static int do_write(struct fake_kernel *kernel, const char *path, const char *text)
{
	struct fake_device *d = NULL;
	const char *name = attribute(kernel, path, &d);

	if (name)
		return fake_bus_write(d, name, text);
	if (is(path, BUS "drivers/vfio-pci/bind"))
		return fake_bus_bind(kernel, text);
	if (is(path, BUS "drivers_probe"))
		return fake_bus_probe(kernel, text);
	if (is(path, FB_DRIVER "unbind"))
		return fake_bus_unbind_platform(kernel, text);
	if (is(path, FB_DRIVER "bind"))
		return fake_bus_bind_platform(kernel, text);
	if (is(path, "sys/class/vtconsole/vtcon1/bind") &&
	    (is(text, "0") || is(text, "1")))
		return 0;
	fail_msg("write to %s", path);
	return -ENOENT;
}

/* The device that a write goes to: by its path, or by the address that is written. */
static struct fake_device *target(struct fake_kernel *kernel, const char *path,
				  const char *text)
{
	struct fake_device *d = NULL;

	return attribute(kernel, path, &d) ? d : fake_kernel_find(kernel, text);
}

static bool is_stuck(struct fake_kernel *kernel, const struct fake_device *d)
{
	if (!d || !d->stuck)
		return false;
	kernel->touched++;
	return true;
}

static int fake_write(void *ctx, const char *path, const char *text)
{
	struct fake_kernel *kernel = ctx;
	struct fake_device *d = target(kernel, path, text);
	const struct fake_fault *fault;
	char op[OP_TEXT];

	name_op(op, "", path, text);
	trace(kernel, op);
	if (is(path, BUS "drivers/vfio-pci/bind") && !kernel->vfio_bind)
		return -ENOENT;
	/* drivers/base/bus.c, bus_rescan_devices_helper(): a driver is set already,
	 * though its probe has not ended, so nothing is done and no lock taken. */
	if (is(path, BUS "drivers_probe") && d && d->stuck && d->probe_hangs)
		return 0;
	if (is_stuck(kernel, d))
		return -ETIMEDOUT;
	fault = fault_of(kernel, op);
	if (!fault)
		return do_write(kernel, path, text);
	switch (fault->what) {
	case FAKE_FAILS:
		return fault->err;
	case FAKE_HANGS:
		d->stuck = true;
		return -ETIMEDOUT;
	case FAKE_LIES:
		return 0;
	case FAKE_DOES:
		do_write(kernel, path, text);
		return fault->err;
	case FAKE_VANISHES:
		d->gone = true;
		return do_write(kernel, path, text);
	case FAKE_STEALS:
		d->driver = "thief";
		return 0;
	}
	return -EIO;
}

static int give(const char *text, char *buf, size_t size)
{
	if (strlen(text) >= size)
		return -E2BIG;
	return snprintf(buf, size, "%s", text);
}

static int fake_read(void *ctx, const char *path, char *buf, size_t size)
{
	struct fake_kernel *kernel = ctx;
	struct fake_device *d = NULL;
	const char *name = attribute(kernel, path, &d);
	const struct fake_fault *fault;
	char op[OP_TEXT];

	name_op(op, "read:", path, NULL);
	if (!name)
		fail_msg("read of %s", path);
	if (is_stuck(kernel, d))
		return -ETIMEDOUT;
	fault = fault_of(kernel, op);
	if (fault && fault->what == FAKE_HANGS)
		d->stuck = true;
	if (fault)
		return fault->what == FAKE_HANGS ? -ETIMEDOUT : fault->err;
	if (!d)
		return -ENOENT;
	if (is(name, "driver_override"))
		return give(d->override[0] ? d->override : "(null)", buf, size);
	if (is(name, "power/control"))
		return give(d->control, buf, size);
	fail_msg("read of %s", path);
	return -ENOENT;
}

static int fake_clear(void *ctx, const char *path)
{
	int n, err = fake_write(ctx, path, "\n");
	char text[40];

	if (err == -ETIMEDOUT)
		return err;
	n = fake_read(ctx, path, text, sizeof(text));
	if (n >= 0 && is(text, "(null)"))
		return 0;
	return err ? err : n < 0 ? n : -EIO;
}

/* Reading a link in sysfs waits for no device. */
static int fake_link(void *ctx, const char *path, char *name, size_t size)
{
	struct fake_kernel *kernel = ctx;
	struct fake_device *d = NULL;

	const struct fake_fault *fault;
	char op[OP_TEXT];

	name_op(op, "link:", path, NULL);
	fault = fault_of(kernel, op);
	if (fault)
		return fault->err;
	if (is(path, FB_DEVICE "driver"))
		return kernel->framebuffer && !kernel->unbound
			       ? give("efi-framebuffer", name, size)
			       : -ENOENT;
	if (!is(attribute(kernel, path, &d), "driver"))
		fail_msg("link %s", path);
	return d && d->driver ? give(d->driver, name, size) : -ENOENT;
}

static bool fake_exists(void *ctx, const char *path)
{
	const struct fake_kernel *kernel = ctx;

	if (!is(path, BUS "drivers/vfio-pci"))
		fail_msg("is there %s", path);
	return kernel->vfio_there;
}

static int fake_load(void *ctx, const char *module, char *culprit, size_t size)
{
	struct fake_kernel *kernel = ctx;
	const struct fake_fault *fault;
	char op[OP_TEXT];
	int err = 0;

	name_op(op, "load:", module, NULL);
	trace(kernel, op);
	snprintf(culprit, size, "%s", module);
	fault = fault_of(kernel, op);
	if (is(module, "vfio-pci") && !kernel->vfio_there &&
	    (!fault || fault->what == FAKE_DOES))
		err = fake_bus_register(kernel);
	if (!fault || fault->what == FAKE_LIES)
		return err;
	return fault->what == FAKE_HANGS ? -ETIMEDOUT : fault->err;
}

static void fake_say(void *ctx, enum eb_level level, const char *text)
{
	struct fake_kernel *kernel = ctx;

	if (kernel->lines == FAKE_LINES)
		fail_msg("more than %d lines said", FAKE_LINES);
	kernel->line[kernel->lines].level = level;
	kernel->line[kernel->lines].at = strlen(kernel->trace);
	snprintf(kernel->line[kernel->lines++].text, EB_LINE_TEXT, "%s", text);
}

struct eb_ops fake_kernel_ops(struct fake_kernel *kernel)
{
	return (struct eb_ops){.ctx = kernel,
			       .write = fake_write,
			       .read = fake_read,
			       .clear = fake_clear,
			       .link = fake_link,
			       .exists = fake_exists,
			       .load = fake_load,
			       .say = fake_say};
}
