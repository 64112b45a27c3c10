// SPDX-License-Identifier: GPL-2.0-or-later
/* Remedies that fit the machine: what it does not have yet. */
#include <stdio.h>
#include <string.h>

#include <earlybind/attribute.h>
#include <earlybind/card.h>
#include <earlybind/sysfs.h>

#include "fit.h"

bool eb_fit_has_no_rom(const struct eb_pci *pci, unsigned int function)
{
	const struct eb_detail *detail = eb_pci_detail(pci, function);

	return pci->function[function].parent == EB_NO_FUNCTION ||
	       (detail && detail->bar[EB_ROM_BAR].flags == 0);
}

/* AMD's are below a port of the processor's; others without a ROM may be accelerators. */
static bool is_integrated(const struct eb_pci *pci, unsigned int function)
{
	const struct eb_function *f = &pci->function[function];

	return eb_pci_is_display(f) && eb_fit_has_no_rom(pci, function) &&
	       (f->parent == EB_NO_FUNCTION || f->id.vendor == 0x1002);
}

/* Does OTHER, of the card of FUNCTION, go with it to a guest? It need not: integrated
 * graphics have USB controllers of the host in their slot. */
static bool goes_along(const struct eb_pci *pci, unsigned int function,
		       unsigned int other)
{
	return other == function || eb_part_on_vfio(pci, other) ||
	       pci->function[other].group == pci->function[function].group;
}

/* Add the functions of its card that go along with FUNCTION. Were they all? */
static bool add_functions(struct eb_text *text, const struct eb_pci *pci,
			  unsigned int function)
{
	unsigned int card = (unsigned int)pci->function[function].card;
	char address[EB_ADDR_TEXT];
	unsigned int count = 0;
	bool all = true;
	int i;

	for (i = eb_part_first(pci, card, EB_PART_FUNCTION); i != EB_NO_FUNCTION;
	     i = eb_part_next(pci, i, EB_PART_FUNCTION)) {
		if (goes_along(pci, function, (unsigned int)i))
			eb_text_add(text, "%s%s", count++ ? "," : "",
				    eb_part_address(&pci->function[i].addr, address));
		else
			all = false;
	}
	return all;
}

const char *eb_fit_argument(const struct eb_diagnosis *d, unsigned int function,
			    char out[EB_ARGUMENT_TEXT])
{
	const struct eb_pci *pci = &d->cli->survey->pci;
	const struct eb_function *f = &pci->function[function];
	struct eb_text text = eb_text_on(out, EB_ARGUMENT_TEXT);
	bool card = eb_card_has_display(pci, function);
	char address[EB_ADDR_TEXT];

	eb_text_add(&text, "vfio.gpus=");
	if (eb_part_is_virtual(pci, function))
		eb_text_add(&text, "%s", eb_part_address(&f->addr, address));
	else if (add_functions(&text, pci, function) && card)
		eb_part_argument(pci, (unsigned int)f->card, EB_FORM_PLAIN, out);
	if (!card)
		eb_text_add(&text, " earlybind.nongpu=allow");
	return out;
}

void eb_fit_framebuffer(enum eb_remedy remedy, struct eb_problem *p)
{
	eb_problem_remedy(p, "%s%s", eb_remedy_text(remedy),
			  remedy == EB_REMEDY_FIRMWARE
				  ? ", or boot a kernel without SYSFB_SIMPLEFB"
				  : "");
}

void eb_fit_release(const struct eb_diagnosis *d, unsigned int function,
		    struct eb_problem *p)
{
	char argument[EB_ARGUMENT_TEXT];

	if (d->others)
		eb_problem_remedy(p,
				  "claim it in the initramfs: earlybind enable "
				  "'%s earlybind.fb=release', and reboot",
				  eb_fit_argument(d, function, argument));
}

void eb_fit_power(const struct eb_diagnosis *d, unsigned int function,
		  struct eb_problem *p)
{
	const char *cmdline = d->cli->survey->cmdline;
	struct eb_text text = eb_text_on(p->remedy, sizeof(p->remedy));
	char argument[EB_ARGUMENT_TEXT];

	if (d->others)
		eb_text_add(&text,
			    "claim it in the initramfs: earlybind enable "
			    "'%s earlybind.power=on', and reboot",
			    eb_fit_argument(d, function, argument));
	else if (d->cli->survey->request.options.power_on)
		eb_text_add(&text, "earlybind.power=on is set and has not helped");
	else
		eb_text_add(&text, "add earlybind.power=on to keep it awake");
	if (strstr(cmdline, "pcie_aspm.policy=power"))
		eb_text_add(&text, "; write pcie_aspm=off in the place of "
				   "pcie_aspm.policy=, which puts links to sleep");
	else if (!strstr(cmdline, "pcie_aspm=off"))
		eb_text_add(&text, "; add pcie_aspm=off if that is not enough");
	eb_text_add(&text, "; to wake it now, power the machine off and on");
}

/* AMD's Polaris, Vega 10 and 20, and Navi 10 to 14, as github.com/gnif/vendor-reset has
 * them in src/device-db.h. */
static bool has_vendor_reset(const struct eb_id *id)
{
	static const struct {
		uint16_t first, last;
	} devices[] = {{0x66a0, 0x66af}, {0x67c0, 0x67ff}, {0x6860, 0x687f},
		       {0x6980, 0x699f}, {0x7310, 0x731f}, {0x7340, 0x734f},
		       {0x7360, 0x7362}};
	size_t i;

	for (i = 0; id->vendor == 0x1002 && i < sizeof(devices) / sizeof(devices[0]); i++)
		if (id->device >= devices[i].first && id->device <= devices[i].last)
			return true;
	return false;
}

void eb_fit_reset(const struct eb_diagnosis *d, unsigned int function,
		  struct eb_problem *p)
{
	const struct eb_function *f = &d->cli->survey->pci.function[function];
	char methods[64] = "";

	eb_attribute_text(d->cli->root, &f->addr, "reset_method", methods,
			  sizeof(methods));
	if (has_vendor_reset(&f->id) && !strstr(methods, "device_specific"))
		eb_problem_remedy(p,
				  "power the machine off and on before a guest uses it "
				  "again; the kernel module vendor-reset, which is not "
				  "part of Linux, knows a reset for cards of its kind");
}

/* The kernel tries the next of its methods after a minute in vain (drivers/pci/pci.c,
 * __pci_reset_function_locked), and a reset of the bus may well work. */
void eb_fit_flr(const struct eb_diagnosis *d, unsigned int function, struct eb_problem *p)
{
	const struct eb_addr *addr = &d->cli->survey->pci.function[function].addr;
	char address[EB_ADDR_TEXT], methods[64], other[sizeof(p->remedy)];

	if (eb_attribute_text(d->cli->root, addr, "reset_method", methods,
			      sizeof(methods)) < 0 ||
	    !strstr(methods, "flr bus"))
		return;
	snprintf(other, sizeof(other), "%s", p->remedy);
	eb_problem_remedy(p,
			  "if the guest works, and only starts a minute late, leave FLR "
			  "out: echo bus > /sys/bus/pci/devices/%s/reset_method at each "
			  "boot; else %s",
			  eb_addr_print(addr, address), other);
}

/* Since 5.19 vfio-pci lets the port above sleep, too (vfio_pci_core.c). */
void eb_fit_hang(const struct eb_diagnosis *d, unsigned int function,
		 struct eb_problem *p)
{
	char argument[EB_ARGUMENT_TEXT], reset[sizeof(p->remedy)];

	eb_fit_reset(d, function, p);
	snprintf(reset, sizeof(reset), "%s", p->remedy);
	if (d->others)
		eb_problem_remedy(p,
				  "%s; if it hangs at a guest's first start, keep it "
				  "awake: earlybind enable '%s earlybind.power=on', and "
				  "reboot",
				  reset, eb_fit_argument(d, function, argument));
	else if (!d->cli->survey->request.options.power_on)
		eb_problem_remedy(p,
				  "%s; if it hangs at a guest's first start, add "
				  "earlybind.power=on to keep it awake",
				  reset);
}

/* The first function of MEMBER's own card that is claimed, or EB_NO_FUNCTION. */
static int claimed_of_card(const struct eb_survey *survey, unsigned int member)
{
	unsigned int i;

	for (i = 0; i < survey->plan.count; i++) {
		const struct eb_device *device = &survey->plan.device[i];

		if (eb_plan_takes_device(device) &&
		    eb_card_same(&survey->pci, (unsigned int)device->function, member))
			return device->function;
	}
	return EB_NO_FUNCTION;
}

/* The first function that is claimed in the group of MEMBER, or EB_NO_FUNCTION. */
static int claimed_in_group(const struct eb_survey *survey, unsigned int member)
{
	unsigned int i;

	for (i = 0; i < survey->plan.count; i++) {
		const struct eb_device *device = &survey->plan.device[i];

		if (eb_plan_takes_device(device) &&
		    survey->pci.function[device->function].group ==
			    survey->pci.function[member].group)
			return device->function;
	}
	return EB_NO_FUNCTION;
}

/* What is said of others in the group of a card: it can be moved if it is one. */
static void say_move(const struct eb_survey *survey, unsigned int member,
		     struct eb_problem *p, unsigned int code)
{
	int claimed = claimed_in_group(survey, member);

	if (claimed != EB_NO_FUNCTION &&
	    is_integrated(&survey->pci, (unsigned int)claimed))
		eb_problem_remedy(p, "claim the others too, if the host can do without "
				     "them: integrated graphics have no other slot");
	else
		eb_problem_remedy(p, "%s", eb_problem_kind(code).remedy);
}

/* A function of a claimed card is in the card's group in any slot. */
void eb_fit_group(const struct eb_diagnosis *d, unsigned int member, struct eb_problem *p,
		  unsigned int code)
{
	int claimed = claimed_of_card(d->cli->survey, member);
	char argument[EB_ARGUMENT_TEXT];

	if (claimed != EB_NO_FUNCTION)
		eb_fit_argument(d, (unsigned int)claimed, argument);
	if (claimed != EB_NO_FUNCTION && p->evidence == 0)
		eb_problem_remedy(p,
				  "they are %s: claim them, too, if the host can do "
				  "without them%s%s%s",
				  eb_card_has_display(&d->cli->survey->pci, member)
					  ? "parts of the card, in the same group in any "
					    "slot"
					  : "functions of the same device",
				  d->others ? ": earlybind enable '" : ", as with ",
				  argument, d->others ? "', and reboot" : "");
	else if (claimed == EB_NO_FUNCTION || !strstr(p->remedy, argument))
		say_move(d->cli->survey, member, p, code);
}

/* Kernels of Proxmox have a patch for it, "allow opt-in to allow pass-through on broken
 * hardware". */
void eb_fit_rmrr(const struct eb_diagnosis *d, struct eb_problem *p)
{
	const struct eb_machine *machine = &d->cli->survey->machine;
	struct eb_text text = eb_text_on(p->remedy, sizeof(p->remedy));

	eb_text_add(&text, "%s", eb_problem_kind(EB_FIND_RMRR).remedy);
	if (machine->cpu == EB_CPU_INTEL && strstr(machine->release, "-pve") &&
	    !strstr(d->cli->survey->cmdline, "relax_rmrr"))
		eb_text_add(&text,
			    "; or add intel_iommu=on,relax_rmrr, which this kernel "
			    "of Proxmox's has: then the firmware's use and a "
			    "guest's may collide");
}

#define UNSAFE                                                                           \
	"vfio_iommu_type1.allow_unsafe_interrupts=1 does without, but a guest can then " \
	"inject interrupts into the host"

/* Of Intel's 5500, 5520 and X58 in their first revisions (drivers/iommu/intel/
 * irq_remapping.c, intel_prepare_irq_remapping). */
static int see_erratum(void *ctx, const char *record)
{
	(void)ctx;
	return strstr(record, "contains an erratum making that") != NULL;
}

void eb_fit_remapping(struct eb_diagnosis *d)
{
	struct eb_problem *p = eb_problems_find(&d->problems, EB_FIND_NO_REMAPPING, NULL);
	const struct eb_survey *survey = d->cli->survey;

	if (!p)
		return;
	if (strstr(survey->cmdline, "nointremap"))
		eb_problem_remedy(p, "remove nointremap from the command line; " UNSAFE);
	else if (strstr(survey->cmdline, "intremap=off"))
		eb_problem_remedy(p,
				  "remove intremap=off from the command line; " UNSAFE);
	else if (eb_sysfs_lines(d->cli->root, "dev/kmsg", see_erratum, NULL) == 1)
		eb_problem_remedy(p, "interrupt remapping is faulty on this chipset, so "
				     "that the kernel leaves it off; " UNSAFE);
	else if (survey->machine.no_menu)
		eb_problem_remedy(p, "let the virtual machine's IOMMU remap interrupts "
				     "(QEMU: intremap=on); " UNSAFE);
	else
		eb_problem_remedy(p, "enable interrupt remapping in the firmware setup, "
				     "where it has that; " UNSAFE);
}
