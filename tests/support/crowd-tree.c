// SPDX-License-Identifier: GPL-2.0-or-later
/* A machine thrown by dice as a tree file. */
#include <string.h>

#include "crowd-tree.h"

void crowd_make_real(struct crowd *crowd)
{
	bool vga = false, framebuffer = false;
	unsigned int i;

	for (i = 0; i < crowd->count; i++) {
		struct part *part = &crowd->part[i];

		part->boot_vga = part->boot_vga && !vga && part->class == VGA;
		vga = vga || part->boot_vga;
		part->framebuffer = part->framebuffer && !framebuffer &&
				    part->class >> 16 == 0x03;
		framebuffer = framebuffer || part->framebuffer;
		part->port = part->port && part->class >> 16 == 0x03;
	}
}

static const struct part *part_at(const struct crowd *crowd, const char *at)
{
	unsigned int i;

	for (i = 0; at && i < crowd->count; i++)
		if (strcmp(crowd->part[i].at, at) == 0)
			return &crowd->part[i];
	return NULL;
}

/* Where PART's directory is, below the tree's root. Returns how deep that is. */
static unsigned int path_of(const struct crowd *crowd, const struct part *part,
			    char path[EB_MAX_CMDLINE])
{
	const struct part *above = part_at(crowd, part->above);
	unsigned int depth = 3;

	if (above)
		depth = path_of(crowd, above, path);
	else
		snprintf(path, EB_MAX_CMDLINE, "sys/devices/pci%.*s:00",
			 (int)(strlen(part->at) - 8), part->at);
	snprintf(path + strlen(path), EB_MAX_CMDLINE - strlen(path), "/%s", part->at);
	return depth + 1;
}

static void write_ids(FILE *file, const char *path, const struct part *part, int ids)
{
	if (ids & CROWD_MODALIAS)
		fprintf(file,
			"f %s/modalias pci:v%08Xd%08Xsv%08Xsd%08Xbc%02Xsc%02Xi%02X\\n\n",
			path, part->vendor, part->device, part->subvendor,
			part->subdevice, part->class >> 16, part->class >> 8 & 0xff,
			part->class & 0xff);
	if (!(ids & CROWD_NUMBERS))
		return;
	fprintf(file, "f %s/class 0x%06x\\n\n", path, part->class);
	fprintf(file, "f %s/vendor 0x%04x\\n\n", path, part->vendor);
	fprintf(file, "f %s/device 0x%04x\\n\n", path, part->device);
	fprintf(file, "f %s/subsystem_vendor 0x%04x\\n\n", path, part->subvendor);
	fprintf(file, "f %s/subsystem_device 0x%04x\\n\n", path, part->subdevice);
}

static void write_links(FILE *file, const char *path, unsigned int depth,
			const struct part *part)
{
	static const char up[] = "../../../../../../../../../../../../../../../../";
	int back = 3 * ((int)depth - 1);

	fprintf(file, "l sys/bus/pci/devices/%s ../../../%s\n", part->at, path + 4);
	if (part->driver)
		fprintf(file, "l %s/driver %.*sbus/pci/drivers/%s\n", path, back, up,
			part->driver);
	if (part->group) {
		fprintf(file, "l %s/iommu_group %.*skernel/iommu_groups/%d\n", path, back,
			up, part->group);
		fprintf(file, "l sys/kernel/iommu_groups/%d/devices/%s ../../../../%s\n",
			part->group, part->at, path + 4);
	}
	if (part->framebuffer) {
		fprintf(file, "d %s/simple-framebuffer.0\n", path);
		fprintf(file,
			"l sys/bus/platform/devices/simple-framebuffer.0 "
			"../../../%s/simple-framebuffer.0\n",
			path + 4);
	}
	if (part->virtual_function)
		fprintf(file, "l %s/physfn ../%s\n", path, part->at);
}

static void write_function(FILE *file, const struct crowd *crowd, const struct part *part,
			   int ids)
{
	char path[EB_MAX_CMDLINE];
	unsigned int depth = path_of(crowd, part, path);

	write_ids(file, path, part, ids);
	write_links(file, path, depth, part);
	if (part->class == PORT || part->port)
		fprintf(file, "f %s/secondary_bus_number 1\\n\n", path);
	else
		fprintf(file,
			"f %s/resource 0x00000000e0000000 0x00000000e0ffffff "
			"0x0000000000040200\\n\n",
			path);
	if (part->class == VGA)
		fprintf(file, "f %s/boot_vga %d\\n\n", path, part->boot_vga);
	fprintf(file, "f %s/driver_override %s\\n\n", path,
		part->override ? part->override : "(null)");
	if (part->vfs)
		fprintf(file, "f %s/sriov_numvfs %u\\n\n", path, part->vfs);
	if (!part->no_reset)
		fprintf(file, "f %s/reset\n", path);
}

void crowd_write(const struct crowd *crowd, FILE *file, int ids)
{
	unsigned int i;

	for (i = 0; i < crowd->count; i++)
		write_function(file, crowd, &crowd->part[i], ids);
	fputs("f proc/iomem 00000000-00000fff : Reserved\\n\n"
	      "f proc/iomem e0000000-e0ffffff : PCI Bus 0000:01\\n\n"
	      "f proc/sys/kernel/osrelease 6.1.0-1-amd64\\n\nd run\n",
	      file);
}
