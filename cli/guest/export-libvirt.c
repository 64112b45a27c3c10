// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind export --format libvirt: <hostdev> elements of a guest. */
#include "export.h"

/* The guest's bus of the first device. libvirt adds root ports up to the one that an
 * address names (src/conf/domain_addr.c, virDomainPCIAddressSetGrow), and virt-install
 * gives a guest 14 of them for what else it has. */
#define FIRST_BUS 16

static void print_function(struct eb_export *export,
			   const struct eb_export_device *device, unsigned int i,
			   unsigned int bus)
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
	eb_export_comment(export, 0,
			  "managed='no': earlybind has bound the card; libvirt neither "
			  "takes it from a host driver nor hands it to one");
	eb_export_comment(export, 0,
			  "bus 0x%02x and above: root ports that libvirt adds; if the "
			  "guest has such a bus, take the next that it has not",
			  FIRST_BUS);
	for (i = 0; i < export->devices; i++) {
		eb_export_describe(export, &export->device[i], 0);
		for (j = 0; j < export->device[i].count; j++)
			print_function(export, &export->device[i], j, FIRST_BUS + i);
	}
}
