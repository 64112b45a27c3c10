// SPDX-License-Identifier: GPL-2.0-or-later
/* What is below the kernel: firmware with a setup or without, or Xen. */
#include <stdio.h>
#include <string.h>

#include <earlybind/plan.h>
#include <earlybind/sysfs.h>

#include "firmware.h"

/* Sets CTX to whether the CPU is none of x86, by the first line that tells: vendor_id
 * there, Features on ARM, isa on RISC-V. */
static int see_cpu(void *ctx, const char *line)
{
	bool *other = ctx;

	*other = strncmp(line, "Features", 8) == 0 || strncmp(line, "isa\t", 4) == 0;
	return *other || strncmp(line, "vendor_id", 9) == 0;
}

/* Firmware of other machines than x86 shows ACPI tables or EFI's services if it is more
 * than a loader of a device tree. */
bool eb_firmware_is_board(const struct eb_cli *cli)
{
	bool other = false;

	eb_sysfs_lines(cli->root, "proc/cpuinfo", see_cpu, &other);
	return other && !eb_sysfs_exists(cli->root, "sys/firmware/acpi/tables") &&
	       !eb_sysfs_exists(cli->root, "sys/firmware/efi");
}

bool eb_firmware_has_setup(const struct eb_cli *cli)
{
	return !cli->survey->machine.no_menu && !eb_firmware_is_board(cli);
}

/* Does Linux run as Xen's first domain, which sees the machine, but not its IOMMU
 * (drivers/xen/xenfs/super.c, capabilities_read)? */
static bool is_dom0(const struct eb_cli *cli)
{
	char capabilities[32];

	return eb_sysfs_read(cli->root, "proc/xen/capabilities", capabilities,
			     sizeof(capabilities)) > 0 &&
	       strstr(capabilities, "control_d");
}

const char *eb_firmware_own_iommu(const struct eb_cli *cli)
{
	if (is_dom0(cli))
		return "Xen has the IOMMU here, and vfio-pci does not work in its dom0: "
		       "assign the card with Xen's own tools (xl "
		       "pci-assignable-add), or boot Linux without Xen";
	if (eb_firmware_is_board(cli))
		return "this board has no firmware setup: its device tree and its "
		       "kernel must let an IOMMU, if it has one, handle PCI";
	return NULL;
}

void eb_firmware_advise_iommu(const struct eb_cli *cli, struct eb_text *text)
{
	const char *own = eb_firmware_own_iommu(cli);

	if (own)
		eb_text_add(text, "%s", own);
	else
		eb_plan_advise_iommu(&cli->survey->request, &cli->survey->machine, text);
}

/* Put OWN in the place of what lib/plan.c, say_iommu(), has in TEXT of SIZE bytes. */
static void say_again(char *text, size_t size, const char *own)
{
	static const char off[] = ": the IOMMU is off";
	char *at = strstr(text, off), *end = strstr(text, "; ");

	if (at)
		snprintf(at, size - (size_t)(at - text), ", so nothing is claimed; %s",
			 own);
	else if (end)
		snprintf(end, size - (size_t)(end - text), "; %s", own);
}

void eb_firmware_refine(const struct eb_cli *cli)
{
	struct eb_findings *findings = &cli->survey->findings;
	unsigned int i;

	for (i = 0; i < findings->count; i++) {
		struct eb_finding *finding = &findings->list[i];
		const char *own;

		if (finding->code != EB_FIND_NO_IOMMU)
			continue;
		own = eb_firmware_own_iommu(cli);
		if (own)
			say_again(finding->text, sizeof(finding->text), own);
	}
}
