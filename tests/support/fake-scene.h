/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One plan carried out on the fake kernel, and what must come of it. */
#ifndef EARLYBIND_TESTS_FAKE_SCENE_H
#define EARLYBIND_TESTS_FAKE_SCENE_H

#include <earlybind/survey.h>

#include "fake-kernel.h"

/* Lists are texts with blanks between their words. Devices come in the order of the
 * kernel's. */
struct scene {
	const char *name;
	/* None: a card 05:00.0 and 05:00.1 without drivers and a card 06:00.0 that the
	 * host's nouveau has. */
	struct fake_device device[FAKE_DEVICES];
	struct fake_fault fault[FAKE_FAULTS];
	const char *refused; /* address of a device that the plan refuses */
	const char *boot;    /* address of the console's card */
	bool hold_failed;
	bool power_on;
	bool vfio_there; /* built in */
	bool release_fb;
	const char *framebuffer; /* address of the device that it lies on */
	bool console;		 /* in text mode, on a card's framebuffer */
	bool bootfb;		 /* its platform device has the range itself */
	bool evicts;		 /* see fake-kernel.h */
	/* what must come out */
	const char *trace;    /* what is written and loaded, see fake-kernel.h */
	const char *result;   /* of each device */
	const char *driver;   /* of each device, "-" for none, as the kernel has it */
	const char *override; /* the same */
	const char *findings; /* "CODE@BB:DD.F", or "CODE" of no device */
	unsigned int touched; /* writes to a device that nobody could know to be stuck */
};

/* The traces that most scenes have in common. */
#define SCENE_HOLD_05                       \
	"05:00.0/driver_override=vfio-pci " \
	"05:00.1/driver_override=vfio-pci "
#define SCENE_HOLD	   SCENE_HOLD_05 "06:00.0/driver_override=vfio-pci "
#define SCENE_LOAD	   "load:vfio-pci load:vfio_iommu_type1 load:vfio_virqfd "
#define SCENE_UNBIND	   "06:00.0/driver/unbind=06:00.0 "
#define SCENE_BIND(addr)   "drivers/vfio-pci/bind=" addr " "
#define SCENE_RETURN(addr) addr "/driver_override=\\n drivers_probe=" addr " "

/* A card of two functions, of which the first has a driver of its own to go back to;
 * the same with that driver on it. */
#define SCENE_CARD \
	.device = {{.addr = "0000:05:00.0", .own = "nouveau"}, {"0000:05:00.1"}}
#define SCENE_CARD_HELD \
	.device = {{"0000:05:00.0", "nouveau", "nouveau"}, {"0000:05:00.1"}}

struct scene_end {
	struct fake_kernel kernel;
	struct eb_survey survey;
};

/* Carry SCENE out and compare. Holds of every scene besides: all holds come before the
 * first load, a refused device is not touched, nothing more is tried on a stuck device,
 * what the plan says of the driver is what the kernel has, and with the report's lines
 * the kernel log gets at most EB_MAX_LINES. Returns how it ended, until the next call. */
const struct scene_end *scene_play(const struct scene *scene);

/* All scenes of an array. */
#define SCENES_PLAY(scenes) scene_play_all(scenes, COUNT(scenes))
void scene_play_all(const struct scene *scene, size_t count);

#endif
