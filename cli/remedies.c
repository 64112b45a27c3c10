// SPDX-License-Identifier: GPL-2.0-or-later
/* Remedies for BARs without an address, by the machine that has them. */
#include <stdio.h>
#include <string.h>

#include <earlybind/sysfs.h>

#include "firmware.h"
#include "remedies.h"

struct port {
	char address[EB_ADDR_TEXT];
	bool hotplug;
};

/* "pcieport 0000:00:1c.0: pciehp: Slot #0 AttnBtn- ..." at boot, "... Slot(1): Card
 * present" later (drivers/pci/hotplug/pciehp_hpc.c, pcie_init; pciehp_ctrl.c), for a log
 * whose machine is not there. */
static int see_record(void *ctx, const char *record)
{
	struct port *port = ctx;

	port->hotplug = strstr(record, "pciehp: Slot") && strstr(record, port->address);
	return port->hotplug;
}

/* A port for hot-plug has a service 4, which is named by the kind of port: 0 for a root
 * port, 2 for one of a switch (drivers/pci/pcie/portdrv.c, get_descriptor_id). */
static bool is_hotplug(int root, const struct eb_addr *addr)
{
	struct port port = {.hotplug = false};
	char path[EB_MAX_PATH];
	int kind;

	eb_addr_print(addr, port.address);
	for (kind = 0; kind <= 2; kind += 2) {
		snprintf(path, sizeof(path), "sys/bus/pci/devices/%s/%s:pcie%d04",
			 port.address, port.address, kind);
		if (eb_sysfs_exists(root, path))
			return true;
	}
	eb_sysfs_lines(root, "dev/kmsg", see_record, &port);
	return port.hotplug;
}

static bool below_hotplug(const struct eb_cli *cli, int function)
{
	const struct eb_pci *pci = &cli->survey->pci;
	const struct eb_function *f = &pci->function[function];

	while (f->parent != EB_NO_FUNCTION) {
		f = &pci->function[f->parent];
		if (is_hotplug(cli->root, &f->addr))
			return true;
	}
	return false;
}

/* Needs it an address below 4 GiB? When the kernel gives up on a BAR its flags may be
 * gone, and its log tells (drivers/pci/setup-bus.c, reset_resource). */
static bool is_low(const struct eb_survey *survey, const struct eb_conflict *c)
{
	const struct eb_detail *detail = eb_pci_detail(&survey->pci,
						       (unsigned int)c->function);
	uint64_t flags = detail ? detail->bar[c->bar].flags : 0;

	if (flags)
		return !(flags & EB_RESOURCE_MEM_64);
	return c->evidence >= 0 && strstr(survey->klog.line[c->evidence].text, "[mem") &&
	       !strstr(survey->klog.line[c->evidence].text, "64bit");
}

const char *eb_remedies_text(const struct eb_cli *cli, enum eb_remedy remedy)
{
	/* There the kernel places all BARs, and pci=realloc makes no window larger. */
	return remedy == EB_REMEDY_REALLOC && eb_firmware_is_board(cli)
		       ? "enlarge the memory window of the PCIe controller in the "
			 "board's device tree"
		       : eb_remedy_text(remedy);
}

/* Put the text of REMEDY in the place of that of realloc, which ends the finding. */
static void say_again(const struct eb_cli *cli, const struct eb_conflict *c)
{
	struct eb_survey *survey = cli->survey;
	const char *old = eb_remedy_text(EB_REMEDY_REALLOC),
		   *new = eb_remedies_text(cli, c->remedy);
	const struct eb_addr *addr = &survey->pci.function[c->function].addr;
	char bar[16];
	unsigned int i;

	snprintf(bar, sizeof(bar), "BAR %u", c->bar);
	for (i = 0; i < survey->findings.count; i++) {
		struct eb_finding *finding = &survey->findings.list[i];
		size_t len = strlen(finding->text);

		if (finding->code != EB_FIND_BAR_UNASSIGNED ||
		    eb_addr_compare(&finding->addr, addr) != 0 ||
		    !strstr(finding->text, bar) || len < strlen(old) ||
		    strcmp(finding->text + len - strlen(old), old) != 0)
			continue;
		snprintf(finding->text + len - strlen(old),
			 sizeof(finding->text) - len + strlen(old), "%s", new);
	}
}

void eb_remedies_refine(const struct eb_cli *cli)
{
	struct eb_survey *survey = cli->survey;
	bool setup = eb_firmware_has_setup(cli);
	unsigned int i;

	eb_firmware_refine(cli);
	for (i = 0; i < survey->conflicts.count; i++) {
		struct eb_conflict *c = &survey->conflicts.list[i];

		if (c->remedy != EB_REMEDY_REALLOC)
			continue;
		if (below_hotplug(cli, c->function))
			c->remedy = EB_REMEDY_HOTPLUG;
		else if (!is_low(survey, c) && setup)
			c->remedy = EB_REMEDY_ABOVE_4G;
		say_again(cli, c);
	}
}
