// SPDX-License-Identifier: GPL-2.0-or-later
/* diagnose: what the kernel log says of guests that could not open a card, and of ROMs.
 */
#include <stdio.h>
#include <string.h>

#include <earlybind/sysfs.h>

#include "diagnose.h"
#include "fit.h"
#include "unsafe-interrupts.h"

/* Parts of lines, drivers/vfio and drivers/iommu from 5.10 to 6.12 and drivers/pci/rom.c.
 */
static const struct {
	const char *text;
	unsigned int code;
	bool machine; /* it is not on a function */
	const char *says;
} lines[] = {
	{"due to platform RMRR requirement", EB_FIND_RMRR, false,
	 "could not be opened by a guest: firmware uses memory through its IOMMU group"},
	{"rejecting configuring the device without a 1:1 mapping", EB_FIND_RMRR, false,
	 "could not be opened by a guest: firmware uses memory through its IOMMU group"},
	{"No interrupt remapping", EB_FIND_NO_REMAPPING, true,
	 "a guest could not open a card: interrupts are not remapped"},
	{"MSI interrupts are not secure", EB_FIND_NO_REMAPPING, true,
	 "a guest could not open a card: interrupts are not remapped"},
	/* drivers/iommu/amd/iommu.c, iommu_print_event */
	{"[IOTLB_INV_TIMEOUT ", EB_PROBLEM_RESET_TROUBLE, false,
	 "does not answer the IOMMU: it hangs, as after a reset or a sleep state (D3)"},
	/* kernel/irq/manage.c, __setup_irq: who asks comes first */
	{"genirq: Flags mismatch irq ", EB_PROBLEM_INTERRUPT_SHARED, false,
	 "could not be opened by a guest: another device has its legacy interrupt, "
	 "which it cannot share"},
	{"Invalid PCI ROM ", EB_PROBLEM_ROM_SIGNATURE, false, "has no valid ROM"},
};

/* Does TEXT name the function at ADDR? Events of AMD's IOMMU have no domain before 6.0
 * (drivers/iommu/amd/iommu.c, iommu_print_event). */
static bool names(const char *text, const struct eb_addr *addr)
{
	char address[EB_ADDR_TEXT], device[EB_ADDR_TEXT + 8];

	eb_addr_print(addr, address);
	snprintf(device, sizeof(device), "device=%s ", address + strlen("0000:"));
	return strstr(text, address) || (addr->domain == 0 && strstr(text, device));
}

/* The function of the plan that TEXT names, or EB_NO_FUNCTION. */
static int named(const struct eb_survey *survey, const char *text)
{
	unsigned int i;

	for (i = 0; i < survey->plan.count; i++) {
		int function = survey->plan.device[i].function;

		if (names(text, &survey->pci.function[function].addr))
			return function;
	}
	return EB_NO_FUNCTION;
}

/* The function whose interrupt, "vfio-intx(0000:01:00.0)", was refused, and not the one
 * that has it, or EB_NO_FUNCTION. */
static int refused_interrupt(const struct eb_survey *survey, const char *text)
{
	const char *has = strstr(text, " vs. "), *asks = strstr(text, "(vfio-intx(");
	char asking[80];

	if (!has || !asks || asks > has)
		return EB_NO_FUNCTION;
	snprintf(asking, sizeof(asking), "%.*s", (int)(has - asks), asks);
	return named(survey, asking);
}

static void see_line(struct eb_diagnosis *d, size_t line, const char *text)
{
	const struct eb_survey *survey = d->cli->survey;
	unsigned int code = lines[line].code;
	char address[EB_ADDR_TEXT] = "";
	int function = EB_NO_FUNCTION;
	struct eb_problem *p;

	if (code == EB_FIND_NO_REMAPPING && eb_unsafe_allowed(d->cli))
		return;
	if (!lines[line].machine) {
		function = code == EB_PROBLEM_INTERRUPT_SHARED
				   ? refused_interrupt(survey, text)
				   : named(survey, text);
		if (function == EB_NO_FUNCTION)
			return;
		eb_addr_print(&survey->pci.function[function].addr, address);
	}
	p = eb_problems_find(&d->problems, code, address[0] ? address : NULL);
	if (!p)
		p = eb_problems_add(&d->problems, code, address[0] ? address : NULL,
				    "%s%s%s", address, address[0] ? " " : "",
				    lines[line].says);
	if (code == EB_FIND_RMRR)
		eb_fit_rmrr(d, p);
	if (code == EB_PROBLEM_RESET_TROUBLE && p->evidence == 0)
		eb_fit_hang(d, (unsigned int)function, p);
	if (code == EB_PROBLEM_ROM_SIGNATURE &&
	    eb_fit_has_no_rom(&survey->pci, (unsigned int)function))
		eb_problem_remedy(p, "nothing: it has no ROM of its own, as integrated "
				     "graphics have none, so this is harmless");
	if (p->evidence == 0 || strcmp(p->seen[p->evidence - 1] + 12, text) != 0)
		eb_problem_seen(p, "kernel log: %s", text);
}

static int see_record(void *ctx, const char *record)
{
	const char *text = strchr(record, ';');
	size_t i;

	for (i = 0; text && i < sizeof(lines) / sizeof(lines[0]); i++)
		if (strstr(text, lines[i].text))
			see_line(ctx, i, text + 1);
	return 0;
}

void eb_check_log(struct eb_diagnosis *d)
{
	/* That it cannot be read eb_check_bars() has noted. */
	eb_sysfs_lines(d->cli->root, "dev/kmsg", see_record, d);
	eb_fit_remapping(d);
}
