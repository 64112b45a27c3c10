// SPDX-License-Identifier: GPL-2.0-or-later
/* The fake kernel's PCI bus: what binding, probing and driver_override do. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fake-bus.h"
#include "unit.h"

static bool is(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

struct fake_device *fake_kernel_find(struct fake_kernel *kernel, const char *addr)
{
	struct fake_device *d;

	for (d = kernel->device; d < kernel->device + FAKE_DEVICES && d->addr; d++)
		if (is(d->addr, addr) && !d->gone)
			return d;
	return NULL;
}

/* drivers/vfio/pci/vfio_pci_core.c, vfio_pci_core_register_device(). */
static int vfio_probe(struct fake_kernel *kernel, struct fake_device *d)
{
	/* drivers/base/dd.c, really_probe(): the link is made before the driver's probe,
	 * and after the listeners of the bus were told. */
	if (d->probe_hangs) {
		d->stuck = true;
		if (d->linked)
			d->driver = "vfio-pci";
		return -ETIMEDOUT;
	}
	if (d->no_group)
		return -EINVAL;
	if (d->has_vfs)
		return -EBUSY;
	d->driver = "vfio-pci";
	if (kernel->evicts && is(kernel->framebuffer, d->addr))
		kernel->framebuffer = NULL;
	strcpy(d->control, "auto");
	return 0;
}

/* drivers/base/bus.c, bind_store() and device_driver_attach(). */
int fake_bus_bind(struct fake_kernel *kernel, const char *text)
{
	struct fake_device *d = fake_kernel_find(kernel, text);

	if (!d || !is(d->override, "vfio-pci"))
		return -ENODEV;
	return d->driver ? -EBUSY : vfio_probe(kernel, d);
}

/* drivers/base/bus.c, drivers_probe_store(): finding no driver is no error. */
int fake_bus_probe(struct fake_kernel *kernel, const char *text)
{
	struct fake_device *d = fake_kernel_find(kernel, text);

	if (!d)
		return -ENODEV;
	if (d->driver)
		return 0;
	if (!d->override[0])
		d->driver = d->own;
	else if (is(d->override, "vfio-pci") && kernel->vfio_there &&
		 vfio_probe(kernel, d) == -ETIMEDOUT)
		return -ETIMEDOUT;
	return 0;
}

/* drivers/base/driver.c, driver_set_override(): a newline clears it, and a write of
 * nothing never gets there. */
static void set_override(struct fake_device *d, const char *text)
{
	if (text[0])
		snprintf(d->override, sizeof(d->override), "%.*s",
			 (int)strcspn(text, "\n"), text);
}

int fake_bus_write(struct fake_device *d, const char *name, const char *text)
{
	if (!d)
		return -ENOENT;
	if (is(name, "driver_override")) {
		set_override(d, text);
	} else if (is(name, "power/control")) {
		snprintf(d->control, sizeof(d->control), "%s", text);
	} else if (is(name, "d3cold_allowed")) {
		snprintf(d->d3cold, sizeof(d->d3cold), "%s", text);
	} else if (is(name, "driver/unbind")) {
		if (!d->driver)
			return -ENOENT;
		if (!is(text, d->addr))
			return -ENODEV;
		d->driver = NULL;
	} else {
		fail_msg("write to %s of %s", name, d->addr);
	}
	return 0;
}

/* drivers/base/bus.c, bus_add_driver(): the file `bind` comes last. */
int fake_bus_register(struct fake_kernel *kernel)
{
	struct fake_device *d;

	kernel->vfio_there = true;
	for (d = kernel->device; d < kernel->device + FAKE_DEVICES && d->addr; d++)
		if (!d->gone && !d->driver && is(d->override, "vfio-pci") &&
		    vfio_probe(kernel, d) == -ETIMEDOUT)
			return -ETIMEDOUT;
	kernel->vfio_bind = true;
	return 0;
}

/* drivers/base/bus.c, unbind_store(): nothing of that name is bound here. */
int fake_bus_unbind_platform(struct fake_kernel *kernel, const char *name)
{
	if (!kernel->framebuffer || kernel->unbound || !is(name, "efi-framebuffer.0"))
		return -ENODEV;
	kernel->unbound = true;
	return 0;
}

int fake_bus_bind_platform(struct fake_kernel *kernel, const char *name)
{
	if (!kernel->framebuffer || !kernel->unbound || !is(name, "efi-framebuffer.0"))
		return -ENODEV;
	kernel->unbound = false;
	return 0;
}
