// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind export --format libvirt, qemu and proxmox: each function by its address. */
#include <earlybind/addr.h>

#include "export.h"

/* --- libvirt: <hostdev> elements of a guest --- */

/* The guest's bus of the first device. libvirt adds root ports up to the one that an
 * address names (src/conf/domain_addr.c, virDomainPCIAddressSetGrow), and virt-install
 * gives a guest 14 of them for what else it has. */
#define FIRST_BUS 16

static void print_hostdev(struct eb_export *export, const struct eb_export_device *device,
			  unsigned int i, unsigned int bus)
{
	unsigned int function = device->function[i].function;
	const struct eb_addr *addr = &export->pci->function[function].addr;
	struct eb_term *term = &export->term;

	eb_term_print(term,
		      "<hostdev mode='subsystem' type='pci' managed='no'>\n"
		      "  <source>\n"
		      "    <address domain='0x%04x' bus='0x%02x' slot='0x%02x' "
		      "function='0x%x'/>\n"
		      "  </source>\n",
		      addr->domain, addr->bus, addr->device, addr->function);
	eb_term_print(term,
		      "  <address type='pci' domain='0x0000' bus='0x%02x' slot='0x00' "
		      "function='0x%x'%s/>\n"
		      "</hostdev>\n",
		      bus, device->function[i].guest,
		      i == 0 && device->count > 1 ? " multifunction='on'" : "");
}

void eb_export_libvirt(struct eb_export *export)
{
	unsigned int i, j;

	eb_export_comment(export, 0,
			  "For <devices> of a guest with machine type q35: virsh edit "
			  "GUEST");
	eb_export_comment(
		export, 0,
		"managed='no': earlybind has bound the card to vfio-pci; libvirt "
		"leaves its driver alone");
	eb_export_comment(export, 0,
			  "bus 0x%02x and above: root ports that libvirt adds; if the "
			  "guest already has such a bus, use the next free number",
			  FIRST_BUS);
	for (i = 0; i < export->devices; i++) {
		eb_export_describe(export, &export->device[i], 0);
		for (j = 0; j < export->device[i].count; j++)
			print_hostdev(export, &export->device[i], j, FIRST_BUS + i);
	}
}

/* --- qemu: -device options, each device behind a root port --- */

/* Chassis and slot of the first root port: above what people give to their own, and a
 * chassis is a byte (QEMU, hw/pci/pcie_port.c). */
#define FIRST_CHASSIS 128
#define LAST_CHASSIS  255

static void print_qemu_device(struct eb_export *export, unsigned int number, bool last)
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
			  "x-vga=on or romfile=FILE, if this guest needs them, belong to "
			  "the first function of a card");
	for (i = 0; i < export->devices; i++)
		eb_export_describe(export, &export->device[i], 0);
	for (i = 0; i < export->devices; i++)
		print_qemu_device(export, i, i + 1 == export->devices);
}

/* --- proxmox: hostpci lines of a VM of Proxmox VE --- */

/* hostpci0 to hostpci15 (qemu-server, PVE/QemuServer/PCI.pm). */
#define MOST_HOSTPCI 16

/* A slot without function means all of its functions; some of them are a list. */
static void print_hostpci(struct eb_export *export, const struct eb_export_device *device,
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
			  "or one at a time by command: qm set VMID --hostpci0 "
			  "'0000:05:00,pcie=1'");
	eb_export_comment(export, 0,
			  "Leave the comments out: they would become the VM's notes. "
			  "Add x-vga=1 where the guest needs it");
	for (i = 0; i < export->devices; i++) {
		if (i > 0 && i % MOST_HOSTPCI == 0)
			eb_export_comment(
				export, 0,
				"for another VM, as one has at most %d:", MOST_HOSTPCI);
		eb_export_describe(export, &export->device[i], 0);
		print_hostpci(export, &export->device[i], i % MOST_HOSTPCI);
	}
}
