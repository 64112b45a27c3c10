/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kernel behind struct eb_ops that reacts as the real one does, and fails on demand. */
#ifndef EARLYBIND_TESTS_FAKE_KERNEL_H
#define EARLYBIND_TESTS_FAKE_KERNEL_H

#include "ops.h"

#define FAKE_DEVICES 12
#define FAKE_FAULTS  6
#define FAKE_LINES   16

struct fake_device {
	const char *addr;   /* "0000:05:00.0" */
	const char *driver; /* what has it, NULL for none */
	const char *own;    /* the loaded driver that would take it, NULL for none */
	bool no_group;
	bool has_vfs;
	bool probe_hangs; /* vfio-pci's probe of it never ends */
	bool linked;	  /* and its link shows vfio-pci while that hangs */
	/* what happens to it */
	char override[40]; /* "" where unset */
	char control[8];
	char d3cold[8];
	bool gone;
	bool stuck; /* somebody holds its lock and will not let go */
};

enum fake_what {
	FAKE_FAILS,    /* gives ERR, nothing happens */
	FAKE_HANGS,    /* does not come back, and keeps the device's lock */
	FAKE_LIES,     /* says that all is well, nothing happens */
	FAKE_DOES,     /* gives ERR, and does what was asked for all the same */
	FAKE_VANISHES, /* the device goes just before */
	FAKE_STEALS,   /* says that all is well, and another driver has the device */
};

/* What an operation meets. An operation has a name without blanks: "load:vfio-pci",
 * "05:00.0/driver_override=vfio-pci", "drivers/vfio-pci/bind=05:00.0",
 * "read:05:00.0/driver_override", "link:05:00.0/driver"; a newline is "\n", and domain
 * 0000 is left out. */
struct fake_fault {
	const char *op; /* NULL ends a list */
	enum fake_what what;
	int err;
	unsigned int times; /* how often, 0: always */
};

struct fake_kernel {
	struct fake_device device[FAKE_DEVICES]; /* one without addr ends them */
	const struct fake_fault *fault;
	unsigned int met[FAKE_FAULTS]; /* how often each */
	bool vfio_there; /* is the driver vfio-pci there? Built in: from the start */
	bool vfio_bind;	 /* has it its file `bind`? */
	/* The device with the firmware's framebuffer, NULL for none: platform device
	 * efi-framebuffer.0 with its driver, console vtcon1. */
	const char *framebuffer;
	bool unbound; /* its driver was made to let go */
	bool evicts;  /* vfio-pci's probe makes it go, as since 6.0 */
	/* what was done */
	char trace[2048];     /* all loads and writes by name, a blank after each */
	unsigned int touched; /* operations on a device that was stuck already */
	unsigned int lines;
	struct {
		enum eb_level level;
		size_t at; /* length of the trace when it was said */
		char text[EB_LINE_TEXT];
	} line[FAKE_LINES];
};

/* The operations of KERNEL, for eb_apply_hold() and eb_apply_bind(). A path that they
 * do not know fails the test: nothing else may be written. */
struct eb_ops fake_kernel_ops(struct fake_kernel *kernel);

/* The device at ADDR, or NULL where there is none or it is gone. */
struct fake_device *fake_kernel_find(struct fake_kernel *kernel, const char *addr);

#endif
