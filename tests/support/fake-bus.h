/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fake kernel's PCI bus: what binding, probing and driver_override do. */
#ifndef EARLYBIND_TESTS_FAKE_BUS_H
#define EARLYBIND_TESTS_FAKE_BUS_H

#include "fake-kernel.h"

/* All return 0 or the negative errno that the kernel gives; -ETIMEDOUT where the write
 * never comes back. */

/* ADDR is written to drivers/vfio-pci/bind, or to drivers_probe. */
int fake_bus_bind(struct fake_kernel *kernel, const char *addr);
int fake_bus_probe(struct fake_kernel *kernel, const char *addr);

/* NAME is written to the files unbind and bind of the framebuffer's driver. */
int fake_bus_unbind_platform(struct fake_kernel *kernel, const char *name);
int fake_bus_bind_platform(struct fake_kernel *kernel, const char *name);

/* TEXT is written to the attribute NAME of D, which is NULL where it is gone. */
int fake_bus_write(struct fake_device *d, const char *name, const char *text);

/* The driver vfio-pci registers: it is offered every device that matches, one after the
 * other. */
int fake_bus_register(struct fake_kernel *kernel);

#endif
