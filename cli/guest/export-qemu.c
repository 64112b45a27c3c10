// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind export --format qemu: -device options, each device behind a root port. */
#include <earlybind/addr.h>

#include "export.h"

/* Chassis and slot of the first root port: above what people give to their own, and a
 * chassis is a byte (QEMU, hw/pci/pcie_port.c). */
#define FIRST_CHASSIS 128
#define LAST_CHASSIS  255

static void print_device(struct eb_export *export, unsigned int number, bool last)
{
	const struct eb_export_device *device = &export->device[number];
	/* Two ports may share a chassis, where their slots differ. */
	unsigned int chassis = FIRST_CHASSIS +
			       number % (LAST_CHASSIS - FIRST_CHASSIS + 1);
	char address[EB_ADDR_TEXT];
	unsigned int i;

	eb_term_print(&export->term,
		      "-device pcie-root-port,id=earlybind%u,bus=pcie.0,chassis=%u,"
		      "slot=%u \\\n",
		      number, chassis, FIRST_CHASSIS + number);
	for (i = 0; i < device->count; i++) {
		unsigned int function = device->function[i].function;

		eb_term_print(
			&export->term,
			"-device vfio-pci,host=%s,bus=earlybind%u,addr=00.%x%s",
			eb_addr_print(&export->pci->function[function].addr, address),
			number, device->function[i].guest,
			i == 0 && device->count > 1 ? ",multifunction=on" : "");
		eb_term_print(&export->term,
			      last && i + 1 == device->count ? "\n" : " \\\n");
	}
}

void eb_export_qemu(struct eb_export *export)
{
	unsigned int i;

	eb_export_comment(export, 0,
			  "For the end of a shell command: qemu-system-x86_64 -machine "
			  "q35 ... \\");
	eb_export_comment(export, 0,
			  "x-vga=on or romfile=FILE, if this guest needs them, go to "
			  "the first function of a card");
	for (i = 0; i < export->devices; i++)
		eb_export_describe(export, &export->device[i], 0);
	for (i = 0; i < export->devices; i++)
		print_device(export, i, i + 1 == export->devices);
}
