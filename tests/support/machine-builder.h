/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Machines as tables of PCI functions, and a command line carried through to the plan. */
#ifndef EB_TESTS_MACHINE_BUILDER_H
#define EB_TESTS_MACHINE_BUILDER_H

#include <earlybind/survey.h>

/* Classes of functions. */
#define VGA	0x030000
#define THREE_D 0x030200
#define DISPLAY 0x038000
#define AUDIO	0x040300
#define USB	0x0c0330
#define UCSI	0x0c8000
#define SATA	0x010601
#define NVME	0x010802
#define NIC	0x020000
#define HOST	0x060000
#define ISA	0x060100
#define PORT	0x060400 /* a function of this class has a header of type 1 */

/* A PCI function. A table of them is in the order of addresses and ends with one that
 * has no address. */
struct part {
	const char *at; /* "05:00.0", with a domain where it is not 0000 */
	uint32_t class;
	uint16_t vendor, device;
	const char *above;  /* the bridge that it sits behind */
	int group;	    /* IOMMU group, 0 for none */
	const char *driver; /* NULL for none */
	uint16_t subvendor, subdevice;
	const char *override;
	uint32_t vfs;
	bool boot_vga;
	bool virtual_function;
	bool no_reset;	     /* it cannot be reset by itself */
	bool framebuffer;    /* a platform framebuffer sits below it */
	struct eb_range bar; /* BAR 0, of memory */
	bool port;	     /* a header of type 1 without the class of a bridge */
};

/* PART("05:00.0", VGA, 0x10de, 0x1187, .group = 3) */
#define PART(at_, class_, vendor_, device_, ...)                     \
	{                                                            \
		.at = (at_), .class = (class_), .vendor = (vendor_), \
		.device = (device_), __VA_ARGS__                     \
	}

/* Put the functions of PARTS into PCI and group them to cards. Aborts on a table that
 * makes no machine. */
void build_pci(struct eb_pci *pci, const struct part *parts);

/* Add a detail to each function that WANTED says yes to, as eb_detail_read() does.
 */
void build_details(struct eb_pci *pci, const struct part *parts,
		   const struct eb_request *request);

/* Build the machine of PARTS in SURVEY, and read CMDLINE and choose by it. */
void build_choice(struct eb_survey *survey, const struct part *parts,
		  const char *cmdline);

/* Build the machine of PARTS in SURVEY, and read and plan CMDLINE for it. What else
 * SURVEY's machine says, of CPU, IOMMU and framebuffer, is left as it is. */
void build_plan(struct eb_survey *survey, const struct part *parts, const char *cmdline);

/* The same with a request that is read already. */
void build_plan_again(struct eb_survey *survey, const struct part *parts);

/* What came of it, as text in a static buffer of each function's own. */

/* "05:00.0 05:00.1": the functions that CHOICE has, by address. */
const char *chosen_text(const struct eb_survey *survey);
/* The same of the functions that the plan means to claim. */
const char *planned_text(const struct eb_survey *survey);
/* "05:00.0 planned, 00:17.0 refused": all of the plan. */
const char *results_text(const struct eb_survey *survey);
/* "no-match guard": the codes of the findings, in their order. */
const char *codes_text(const struct eb_survey *survey);

/* The first finding of CODE, or NULL. */
const struct eb_finding *find_code(const struct eb_survey *survey, enum eb_code code);

#endif
