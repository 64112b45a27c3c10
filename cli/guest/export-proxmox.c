// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind export --format proxmox: hostpci lines of a VM of Proxmox VE. */
#include <earlybind/addr.h>

#include "export.h"

/* hostpci0 to hostpci15 (qemu-server, PVE/QemuServer/PCI.pm). */
#define MOST 16

/* A slot without function means all of its functions; some of them are a list. */
static void print_device(struct eb_export *export, const struct eb_export_device *device,
			 unsigned int number)
{
	const struct eb_addr *addr;
	unsigned int i;

	eb_term_print(&export->term, "hostpci%u: ", number);
	for (i = 0; i < device->count; i++) {
		addr = &export->pci->function[device->function[i].function].addr;
		eb_term_print(&export->term, "%s%04x:%02x:%02x", i ? ";" : "",
			      addr->domain, addr->bus, addr->device);
		if (device->whole)
			break;
		eb_term_print(&export->term, ".%x", addr->function);
	}
	eb_term_print(&export->term, ",pcie=1\n");
}

void eb_export_proxmox(struct eb_export *export)
{
	unsigned int i;

	eb_export_comment(export, 0,
			  "For /etc/pve/qemu-server/VMID.conf of a VM with machine: q35, "
			  "which pcie=1 needs");
	eb_export_comment(export, 0,
			  "or each by command: qm set VMID --hostpci0 "
			  "'0000:05:00,pcie=1'");
	eb_export_comment(export, 0,
			  "Leave comments out, they would become the VM's notes. "
			  "x-vga=1 is yours to add");
	for (i = 0; i < export->devices; i++) {
		if (i > 0 && i % MOST == 0)
			eb_export_comment(
				export, 0,
				"for another VM, as one takes %d at most:", MOST);
		eb_export_describe(export, &export->device[i], 0);
		print_device(export, &export->device[i], i % MOST);
	}
}
