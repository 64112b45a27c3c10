// SPDX-License-Identifier: GPL-2.0-or-later
/* What a PCI function is, in one or two plain words. */
#include <earlybind/card.h>

#include "names.h"

/* Classes of the PCI Code and ID Assignment Specification. The first that fits counts;
 * a subclass of -1 fits all that are left. */
static const struct {
	uint8_t base;
	int16_t subclass;
	const char *kind;
} kinds[] = {
	{0x01, 0x06, "SATA"},	     {0x01, 0x08, "NVMe"},
	{0x01, -1, "storage"},	     {0x02, -1, "network"},
	{0x03, 0x00, "graphics"},    {0x03, 0x01, "graphics"},
	{0x03, 0x02, "3D graphics"}, {0x03, -1, "display"},
	{0x04, 0x00, "video"},	     {0x04, 0x01, "audio"},
	{0x04, 0x03, "audio"},	     {0x04, -1, "multimedia"},
	{0x05, -1, "memory"},	     {0x06, 0x00, "host bridge"},
	{0x06, 0x01, "ISA bridge"},  {0x06, 0x04, "PCI bridge"},
	{0x06, -1, "bridge"},	     {0x07, -1, "serial port"},
	{0x08, 0x05, "SD card"},     {0x08, 0x06, "IOMMU"},
	{0x08, -1, "system"},	     {0x09, -1, "input"},
	{0x0b, -1, "processor"},     {0x0c, 0x00, "FireWire"},
	{0x0c, 0x03, "USB"},	     {0x0c, 0x04, "Fibre Channel"},
	{0x0c, 0x05, "SMBus"},	     {0x0c, 0x06, "InfiniBand"},
	{0x0c, -1, "serial bus"},    {0x0d, -1, "wireless"},
	{0x10, -1, "encryption"},    {0x11, -1, "signals"},
	{0x12, -1, "accelerator"},
};

const char *eb_names_kind(const struct eb_pci *pci, unsigned int function)
{
	uint32_t class = pci->function[function].class;
	size_t i;

	/* On a graphics card the controller of its USB-C port is 0x0c80, any other
	 * serial bus. */
	if (class >> 8 == 0x0c80 && eb_card_has_display(pci, function))
		return "USB-C (UCSI)";
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].base == class >> 16 &&
		    (kinds[i].subclass < 0 ||
		     kinds[i].subclass == (int)(class >> 8 & 0xff)))
			return kinds[i].kind;
	return "other";
}
