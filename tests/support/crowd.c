// SPDX-License-Identifier: GPL-2.0-or-later
/* Machines and requests thrown by dice. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crowd.h"

static const uint16_t vendors[] = {0x10de, 0x10de, 0x1002, 0x8086, 0x144d};

/* Where the next functions go. */
struct site {
	struct crowd *crowd;
	struct dice *dice;
	struct eb_addr addr;
	const char *above;
	uint8_t buses; /* how many of this domain are taken */
	uint16_t vendor;
	int group;
};

static struct part *add(struct site *site, uint32_t class)
{
	struct crowd *crowd = site->crowd;
	struct part *part;
	char *at, *above;

	if (crowd->count == EB_MAX_FUNCTIONS)
		return NULL;
	part = &crowd->part[crowd->count];
	at = crowd->at[crowd->count];
	above = crowd->above[crowd->count];
	crowd->count++;
	eb_addr_print(&site->addr, at);
	snprintf(above, EB_ADDR_TEXT, "%s", site->above ? site->above : "");
	*part = (struct part)PART(
		at, class, site->vendor, (uint16_t)(0x1180 + dice_roll(site->dice, 6)),
		.above = site->above ? above : NULL, .group = site->group,
		.subvendor = 0x1458, .subdevice = (uint16_t)dice_roll(site->dice, 3));
	return part;
}

static void add_quirks(struct dice *dice, struct part *part)
{
	static const char *const drivers[] = {"nouveau", "amdgpu", "snd_hda_intel",
					      "vfio-pci", "ahci"};
	static const char *const overrides[] = {"vfio-pci", "nvidia"};

	if (dice_one_in(dice, 3))
		part->driver = drivers[dice_roll(dice, 5)];
	if (dice_one_in(dice, 12))
		part->override = overrides[dice_roll(dice, 2)];
	if (dice_one_in(dice, 20))
		part->vfs = 1 + dice_roll(dice, 4);
	part->virtual_function = dice_one_in(dice, 20);
	part->port = dice_one_in(dice, 60);
	part->boot_vga = part->class == VGA && dice_one_in(dice, 6);
	part->framebuffer = dice_one_in(dice, 30);
}

/* A device of one to eight functions, a card more often than not. */
static void add_slot(struct site *site)
{
	static const uint32_t cards[] = {VGA, VGA, THREE_D, DISPLAY};
	static const uint32_t others[] = {NVME, NIC, SATA, USB, ISA};
	static const uint32_t beside[] = {AUDIO, AUDIO, USB, UCSI, VGA};
	struct dice *dice = site->dice;
	unsigned int functions = dice_one_in(dice, 20) ? 8 : 1 + dice_roll(dice, 4);
	uint32_t class = dice_one_in(dice, 3) ? others[dice_roll(dice, 5)]
					      : cards[dice_roll(dice, 4)];
	struct part *part;

	for (; functions > 0; functions--) {
		part = add(site, class);
		if (!part)
			return;
		add_quirks(dice, part);
		class = beside[dice_roll(dice, dice_one_in(dice, 10) ? 5 : 4)];
		site->addr.function++;
	}
}

/* A port at the site; what is added next sits on a new bus below it. */
static void add_port(struct site *site)
{
	struct part *part = add(site, PORT);

	if (!part)
		return;
	part->driver = dice_one_in(site->dice, 4) ? NULL : "pcieport";
	site->above = part->at;
	site->addr.bus = site->buses++;
	site->addr.device = site->addr.function = 0;
}

static void roll_group(struct site *site)
{
	if (dice_one_in(site->dice, 15))
		site->group = 0;
	else if (!dice_one_in(site->dice, 6))
		site->group = 1 + (int)site->crowd->count;
}

/* What hangs at one root port: a device, or a switch with one to three of them. */
static void add_branch(struct site *site)
{
	unsigned int i, arms = 1 + dice_roll(site->dice, 3);
	struct site arm;

	site->vendor = vendors[dice_roll(site->dice, 5)];
	roll_group(site);
	add_port(site);
	if (!dice_one_in(site->dice, 3)) {
		add_slot(site);
		return;
	}
	add_port(site);
	for (i = 0; i < arms; i++) {
		arm = *site;
		arm.addr.device = (uint8_t)i;
		roll_group(&arm);
		add_port(&arm);
		add_slot(&arm);
		site->buses = arm.buses;
	}
}

/* All of one domain, from its root bus on. */
static void add_domain(struct site *site, uint32_t domain, unsigned int count)
{
	uint8_t device, function, ports;

	site->buses = 1;
	for (device = 0; device < 32 && site->crowd->count < count; device++) {
		ports = dice_one_in(site->dice, 4)
				? 0
				: (uint8_t)(1 + dice_roll(site->dice, 8));
		for (function = 0; function < ports && site->buses < 0xf0; function++) {
			site->above = NULL;
			site->addr = (struct eb_addr){domain, 0, device, function};
			add_branch(site);
		}
		if (ports)
			continue;
		site->above = NULL;
		site->addr = (struct eb_addr){domain, 0, device, 0};
		site->vendor = vendors[dice_roll(site->dice, 5)];
		roll_group(site);
		add_slot(site);
	}
}

static int by_address(const void *a, const void *b)
{
	struct eb_addr left, right;
	const struct part *one = a, *other = b;

	eb_addr_parse(one->at, strlen(one->at), &left);
	eb_addr_parse(other->at, strlen(other->at), &right);
	return eb_addr_compare(&left, &right);
}

void crowd_throw(struct crowd *crowd, struct dice *dice, unsigned int count)
{
	struct site site = {.crowd = crowd, .dice = dice};
	uint32_t domain;

	crowd->count = 0;
	for (domain = 0; crowd->count < count;
	     domain += dice_one_in(dice, 4) ? 0x10000 : 1)
		add_domain(&site, domain, count);
	qsort(crowd->part, crowd->count, sizeof(crowd->part[0]), by_address);
	crowd->part[crowd->count] = (struct part){0};
}

/* The path to FUNCTION from the port above its topmost bridge but UP. */
static void roll_path(struct eb_selector *s, struct dice *dice, const struct eb_pci *pci,
		      int function)
{
	uint8_t i, depth = 0;
	int at;

	for (at = function; pci->function[at].parent != EB_NO_FUNCTION && depth < 8;
	     at = pci->function[at].parent)
		depth++;
	s->kind = EB_SELECT_PATH;
	s->steps = depth;
	s->step_whole = dice_one_in(dice, 2);
	for (i = depth; i > 0; i--) {
		s->step[i - 1] = (struct eb_step){pci->function[function].addr.device,
						  pci->function[function].addr.function};
		function = pci->function[function].parent;
	}
	s->addr = pci->function[function].addr;
	if (depth == 0)
		s->kind = EB_SELECT_FUNCTION;
}

const char *crowd_item(const struct eb_pci *pci, struct dice *dice)
{
	static char text[EB_SELECTOR_TEXT];
	struct eb_selector s = dice_selector(dice);
	int function = (int)dice_roll(dice, pci->count);
	const struct eb_function *f = &pci->function[function];

	/* A few of any kind, which mostly name nothing; words of that kind name much. */
	if (!dice_one_in(dice, 8)) {
		memset(&s, 0, sizeof(s));
		s.exclude = dice_one_in(dice, 5);
		s.has_guard = dice_one_in(dice, 8);
		s.guard = f->id;
		s.addr = f->addr;
		s.id = f->id;
		switch (dice_roll(dice, 4)) {
		case 0:
			s.kind = EB_SELECT_CARD;
			s.addr.function = 0;
			break;
		case 1:
			s.kind = EB_SELECT_FUNCTION;
			break;
		case 2:
			s.kind = EB_SELECT_ID;
			s.has_subsystem = dice_one_in(dice, 3);
			s.subsystem = (struct eb_id){0x1458, 1};
			break;
		case 3:
			roll_path(&s, dice, pci, function);
			break;
		}
	}
	return eb_selector_print(&s, text);
}
