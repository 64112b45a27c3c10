/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `earlybind export`: claimed cards as configuration of guests, and its formats. */
#ifndef EARLYBIND_CLI_EXPORT_H
#define EARLYBIND_CLI_EXPORT_H

#include "report-compare.h"
#include "terminal.h"

/* A function of a claimed card. */
struct eb_export_function {
	unsigned int function; /* index into the survey's PCI functions */
	unsigned int guest;    /* the function that it is in the guest */
};

/* Functions that make one device of the guest: those of one slot, as the host has them.
 * What has a slot of its own there, as behind a switch on the card, has one in the
 * guest too; a virtual function is always a device of its own. */
struct eb_export_device {
	unsigned int card; /* first function of its card */
	bool first;	   /* is it the first device of that card? */
	bool whole;	   /* is it all that the host's slot holds? */
	unsigned int count;
	struct eb_export_function function[8];
};

struct eb_export {
	const struct eb_cli *cli;
	const struct eb_pci *pci;
	const struct eb_export_format *format;
	struct eb_term term;
	struct eb_comparison now;
	bool wanted[EB_MAX_FUNCTIONS]; /* by the addresses on the command line */
	unsigned int devices;
	struct eb_export_device device[EB_MAX_DEVICES];
};

struct eb_export_format {
	const char *name;
	const char *comment; /* what a comment begins with */
	const char *end;     /* and ends with */
	bool places;	     /* does its text say which function is which in the guest? */
	void (*print)(struct eb_export *export);
};

/* Mark in EXPORT what the addresses that follow the command name, or all where there is
 * none. 0, or the exit status when one cannot be exported, after an error
 * message. */
int eb_export_want(struct eb_export *export);

/* Is DEVICE of the report wanted, also where it is no longer there? */
bool eb_export_wants(const struct eb_export *export, const struct eb_compared *device);

/* Make devices of what is wanted and on vfio-pci. */
void eb_export_choose(struct eb_export *export);

/* Is FUNCTION exported? */
bool eb_export_has(const struct eb_export *export, unsigned int function);

/* Print a line of comment after INDENT blanks, in the format's own form. */
__attribute__((format(printf, 3, 4))) void eb_export_comment(struct eb_export *export,
							     unsigned int indent,
							     const char *format, ...);

/* Print what DEVICE is, and what of its card or slot is missing, as comments. */
void eb_export_describe(struct eb_export *export, const struct eb_export_device *device,
			unsigned int indent);

void eb_export_libvirt(struct eb_export *export);
void eb_export_qemu(struct eb_export *export);
void eb_export_proxmox(struct eb_export *export);
void eb_export_kubevirt(struct eb_export *export);

#endif
