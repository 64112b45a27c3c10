/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The machine's PCI functions: class, ids, BARs, driver, group, bridge chain. */
#ifndef EARLYBIND_PCI_H
#define EARLYBIND_PCI_H

#include <earlybind/addr.h>

/* Basic data of every function, details of at most this many. Beyond a limit the scan
 * goes on and counts what was left out. */
#define EB_MAX_FUNCTIONS 4096
#define EB_MAX_DETAILS	 256
#define EB_MAX_DRIVERS	 128
/* Room for a driver's name; a longer one is cut, it is for reading only. */
#define EB_DRIVER_NAME 40

#define EB_NO_GROUP    (-1)
#define EB_NO_FUNCTION (-1)
#define EB_NO_DRIVER   0

/* Six BARs and the expansion ROM: the first lines of a function's `resource`
 * (drivers/pci/pci-sysfs.c, resource_show). */
#define EB_BARS	   7
#define EB_ROM_BAR 6

/* From include/linux/ioport.h. */
#define EB_RESOURCE_IO	     0x00000100
#define EB_RESOURCE_MEM	     0x00000200
#define EB_RESOURCE_MEM_64   0x00100000
#define EB_RESOURCE_DISABLED 0x10000000
#define EB_RESOURCE_UNSET    0x20000000

struct eb_bar {
	struct eb_range range; /* end below start: no such BAR */
	uint64_t flags;	       /* 0: no such BAR */
};

/* Data of every function. Indices are into struct eb_pci. */
struct eb_function {
	struct eb_addr addr;
	struct eb_addr above; /* the bridge that it is behind, if HAS_ABOVE */
	struct eb_id id;
	struct eb_id subsystem;
	uint32_t class;	 /* 0xCCSSPP: base class, subclass, interface */
	int32_t group;	 /* IOMMU group, or EB_NO_GROUP */
	int16_t parent;	 /* that bridge's index, or EB_NO_FUNCTION on a root bus */
	int16_t detail;	 /* index of its detail, or -1 */
	int16_t card;	 /* index of the card's first function, see card.h */
	int16_t display; /* of a card's first function: its display controller */
	int16_t next;	 /* the card's next function, or EB_NO_FUNCTION */
	uint8_t driver;	 /* index of its driver's name, or EB_NO_DRIVER */
	bool linked;	 /* were its driver and group read? */
	bool has_above;
	bool bridge; /* a class of bridge (0x06), or a port: never claimed */
	bool port;   /* header type 1 or 2: other functions may be below it */
};

/* Data of a function that may be claimed. */
struct eb_detail {
	int16_t function;
	bool boot_vga;
	bool virtual_function;
	bool framebuffer;	       /* a platform framebuffer is below it */
	bool reset;		       /* can it be reset by itself? */
	bool bus_reset;		       /* by a reset of its bus alone; read_more() */
	bool direct;		       /* its group has a direct region; read_more() */
	char override[EB_DRIVER_NAME]; /* driver_override, "" where unset */
	uint32_t vfs;		       /* sriov_numvfs */
	bool stuck; /* these two did not come in time: a driver has the device's lock */
	struct eb_bar bar[EB_BARS];
};

struct eb_pci {
	unsigned int count;
	unsigned int left_out; /* functions beyond EB_MAX_FUNCTIONS */
	unsigned int details;
	unsigned int details_left_out;
	unsigned int drivers;
	struct eb_function function[EB_MAX_FUNCTIONS]; /* by address, ascending */
	struct eb_detail detail[EB_MAX_DETAILS];
	char driver[EB_MAX_DRIVERS][EB_DRIVER_NAME];
};

/* Read MODALIAS, "pci:v000010DEd00001187sv00001458sd00003612bc03sc00i00"
 * (drivers/pci/pci-sysfs.c, modalias_show): id, subsystem and class. 0 or -EINVAL. */
int eb_pci_read_modalias(const char *modalias, struct eb_function *function);

/* Make PCI empty, which need not be zeroed. */
void eb_pci_clear(struct eb_pci *pci);

/* Read the basic data of the function at ADDR below ROOT, all but its driver and group,
 * and add it at the end. Its index, -ENOENT where there is none, -ENOSPC or another
 * negative errno. When all are added: eb_pci_order(). */
int eb_pci_add(int root, struct eb_pci *pci, const struct eb_addr *addr);

/* Sort the functions by address and find the parent of each. */
void eb_pci_order(struct eb_pci *pci);

/* Read the driver and the group of FUNCTION, unless they are known. */
void eb_pci_read_links(int root, struct eb_pci *pci, unsigned int function);

/* Read the basic data of every function below ROOT into PCI, which need not be zeroed;
 * with LINKS their drivers and groups, too. Which of them make one card is not known yet:
 * eb_card_group(). A function that vanishes while it is read is left out. 0, or the
 * negative errno of /sys/bus/pci/devices. */
int eb_pci_scan(int root, struct eb_pci *pci, bool links);

/* Index of the function at ADDR, or EB_NO_FUNCTION. */
int eb_pci_find(const struct eb_pci *pci, const struct eb_addr *addr);

/* Is its class a display controller (0x03)? VGA, 3D and display alike. */
bool eb_pci_is_display(const struct eb_function *function);

/* Name of the driver that FUNCTION has, or NULL. */
const char *eb_pci_driver(const struct eb_pci *pci, const struct eb_function *function);

/* The detail of FUNCTION, or NULL where none was read. */
const struct eb_detail *eb_pci_detail(const struct eb_pci *pci, unsigned int function);

/* Read LINE, one of a function's `resource`: "0xSTART 0xEND 0xFLAGS". 0 or -EINVAL. */
int eb_pci_read_bar(const char *line, struct eb_bar *bar);

/* Has the BAR an address? Not where it is absent, of no length, disabled or unset. */
bool eb_pci_bar_placed(const struct eb_bar *bar);

#endif
