/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Facts of the machine beside its PCI functions: kernel, CPU, the console's card. */
#ifndef EARLYBIND_MACHINE_H
#define EARLYBIND_MACHINE_H

#include <earlybind/pci.h>

enum eb_cpu { EB_CPU_OTHER, EB_CPU_INTEL, EB_CPU_AMD };

/* What told which card the console is on. */
enum eb_boot_by { EB_BOOT_UNKNOWN, EB_BOOT_PLATFORM, EB_BOOT_SCREEN_INFO, EB_BOOT_VGA };

struct eb_machine {
	char release[65];   /* uname's, "" where unknown */
	unsigned int major; /* of the release, 0 where unknown */
	unsigned int minor;
	enum eb_cpu cpu;
	bool iommu;		     /* has the kernel any IOMMU group? */
	bool no_remapping;	     /* of interrupts; read where there is a plan */
	bool no_menu;		     /* no firmware setup: a virtual machine */
	struct eb_range framebuffer; /* by screen_info; end 0 where there is none */
	int boot_display;	     /* the console's card, or EB_NO_FUNCTION */
	enum eb_boot_by boot_by;
};

/* Read the facts below ROOT, all but those of eb_machine_read_iommu(). What is not there
 * stays unknown. */
void eb_machine_read(int root, struct eb_machine *machine);

/* Read the CPU's maker, whether this is a virtual machine, and whether there is an IOMMU:
 * what matters where a function is in no IOMMU group. */
void eb_machine_read_iommu(int root, struct eb_machine *machine);

/* A parameter of vfio_iommu_type1: do guests open cards whose interrupts are not
 * remapped?
 */
#define EB_MACHINE_UNSAFE "sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts"

/* Read whether interrupts are remapped, by which chips they have (arch/x86/kernel/apic/
 * io_apic.c, ioapic_ir_chip); whether that matters is known once vfio_iommu_type1 is
 * loaded. */
void eb_machine_read_remapping(int root, struct eb_machine *machine);

/* Find the console's card among the display controllers of PCI, in this order:
 *  - a platform framebuffer is below it (its parent since 6.9,
 *    drivers/firmware/sysfb.c sysfb_parent_dev);
 *  - screen_info's framebuffer lies in one of its BARs;
 *  - boot_vga, which class 0x0300 alone has (drivers/pci/vgaarb.c). */
void eb_machine_find_boot_display(struct eb_machine *machine, const struct eb_pci *pci);

/* Does screen_info's framebuffer lie in a memory BAR of D's function? */
bool eb_machine_draws_on(const struct eb_machine *machine, const struct eb_detail *d);

/* Read the framebuffer, of VESA what is visible of it, of the LEN first bytes of struct
 * boot_params, which begins with struct screen_info (include/uapi/linux/screen_info.h).
 * False where it has none. */
bool eb_machine_read_screen(const unsigned char *data, size_t len, struct eb_range *out);

/* Read "6.12.5-amd64" as major 6 and minor 12; 0 and 0 where it is no such text. */
void eb_machine_read_release(const char *release, unsigned int *major,
			     unsigned int *minor);

#endif
