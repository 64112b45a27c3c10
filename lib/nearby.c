// SPDX-License-Identifier: GPL-2.0-or-later
/* Read of the machine only what a request's addresses and paths concern. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <earlybind/attribute.h>
#include <earlybind/nearby.h>
#include <earlybind/sysfs.h>

/* With more it is better to read all in one go: adding looks for each among the others.
 */
#define MAX_NEARBY 256

struct nearby {
	int root;
	struct eb_pci *pci;
	int err;			      /* of what must be read */
	uint8_t listed[EB_MAX_FUNCTIONS / 8]; /* IOMMU groups that were listed */
	/* The step of a path that is looked for among a port's children. */
	const struct eb_step *step;
	struct eb_addr found;
};

bool eb_nearby_is_enough(const struct eb_request *request)
{
	unsigned int i;

	for (i = 0; i < request->selectors; i++)
		switch (request->selector[i].kind) {
		case EB_SELECT_NONE:
		case EB_SELECT_CARD:
		case EB_SELECT_FUNCTION:
		case EB_SELECT_PATH:
			break;
		case EB_SELECT_ID:
		case EB_SELECT_VENDOR:
		case EB_SELECT_ALL:
		case EB_SELECT_BOOT:
		case EB_SELECT_SECONDARY:
			return false;
		}
	return request->vfio_ids == 0;
}

/* The function at ADDR, read if it is not there yet. Its index or negative errno. */
static int add(struct nearby *near, const struct eb_addr *addr)
{
	unsigned int i;

	for (i = 0; i < near->pci->count; i++)
		if (eb_addr_compare(&near->pci->function[i].addr, addr) == 0)
			return (int)i;
	if (near->pci->count == MAX_NEARBY)
		near->err = -ENOSPC;
	return near->err ? near->err : eb_pci_add(near->root, near->pci, addr);
}

static void add_slot(struct nearby *near, struct eb_addr addr)
{
	for (addr.function = 0; addr.function < 8; addr.function++)
		add(near, &addr);
}

/* Call SEE with the names below the function ADDR, its children among them. */
static int list(struct nearby *near, const struct eb_addr *addr,
		int (*see)(void *ctx, const char *name))
{
	char path[EB_ATTRIBUTE_PATH];

	eb_attribute_path(path, addr, "");
	return eb_sysfs_list(near->root, path, see, near);
}

static int see_step(void *ctx, const char *name)
{
	struct nearby *near = ctx;
	struct eb_addr addr;

	if (eb_addr_parse(name, strlen(name), &addr) < 0 ||
	    addr.device != near->step->device)
		return 0;
	if (addr.function == near->step->function)
		near->found = addr;
	return addr.function == near->step->function;
}

/* Follow the path of S from its root port down, each step on a bus whose number only the
 * port knows. */
static void add_path(struct nearby *near, const struct eb_selector *s)
{
	uint8_t i;

	near->found = s->addr;
	for (i = 0; i < s->steps; i++) {
		near->step = &s->step[i];
		if (list(near, &near->found, see_step) != 1)
			return;
	}
	add_slot(near, near->found);
}

static int see_child(void *ctx, const char *name)
{
	struct nearby *near = ctx;
	struct eb_addr addr;

	if (eb_addr_parse(name, strlen(name), &addr) == 0)
		add(near, &addr);
	return 0;
}

/* The bridges above FUNCTION, and where the second of them may be the upstream port of
 * the card that the function is on, all that this one has below it. */
static void add_above(struct nearby *near, int function)
{
	const struct eb_function *f = near->pci->function, *port = NULL;
	unsigned int i, level;
	int at = function;

	for (level = 1; f[at].has_above; level++) {
		at = add(near, &f[at].above);
		if (at < 0)
			return;
		if (level == 2)
			port = &f[at];
	}
	if (!port || !port->has_above || port->id.vendor != f[function].id.vendor)
		return;
	list(near, &port->addr, see_child);
	for (i = 0; i < near->pci->count; i++)
		if (f[i].port && f[i].has_above &&
		    eb_addr_compare(&f[i].above, &port->addr) == 0)
			list(near, &f[i].addr, see_child);
}

/* Call SEE with the names of the functions in GROUP. */
static int list_group(struct nearby *near, int32_t group,
		      int (*see)(void *ctx, const char *name))
{
	char path[64];

	snprintf(path, sizeof(path), "sys/kernel/iommu_groups/%d/devices", (int)group);
	return eb_sysfs_list(near->root, path, see, near);
}

/* Is there no group of FUNCTION to list, or was it listed for one before? */
static bool was_listed(struct nearby *near, unsigned int function)
{
	int32_t group = near->pci->function[function].group;
	uint8_t bit = (uint8_t)(1 << (group & 7)), *byte;
	bool was;

	if (group == EB_NO_GROUP || group >= EB_MAX_FUNCTIONS)
		return group == EB_NO_GROUP;
	byte = &near->listed[group >> 3];
	was = *byte & bit;
	*byte |= bit;
	return was;
}

static int see_member(void *ctx, const char *name)
{
	struct nearby *near = ctx;
	struct eb_addr addr;
	int member;

	if (eb_addr_parse(name, strlen(name), &addr) < 0)
		return 0;
	member = add(near, &addr);
	if (member >= 0)
		eb_pci_read_links(near->root, near->pci, (unsigned int)member);
	return 0;
}

int eb_nearby_scan(int root, const struct eb_request *request, struct eb_pci *pci)
{
	struct nearby near = {.root = root, .pci = pci};
	unsigned int i, named;
	int err;

	eb_pci_clear(pci);
	for (i = 0; i < request->selectors; i++) {
		const struct eb_selector *s = &request->selector[i];

		if (s->kind == EB_SELECT_PATH)
			add_path(&near, s);
		else if (s->kind != EB_SELECT_NONE)
			add_slot(&near, s->addr);
	}
	named = pci->count;
	for (i = 0; i < named; i++) {
		add_above(&near, (int)i);
		eb_pci_read_links(root, pci, i);
		/* What is a card with it is all below it. */
		if (pci->function[i].port)
			near.err = -EINVAL;
	}
	for (i = 0; i < named && !near.err; i++) {
		if (was_listed(&near, i))
			continue;
		err = list_group(&near, pci->function[i].group, see_member);
		if (err < 0)
			near.err = err;
	}
	eb_pci_order(pci);
	return near.err;
}

static int see_known_member(void *ctx, const char *name)
{
	struct nearby *near = ctx;
	struct eb_addr addr;
	int member = EB_NO_FUNCTION;

	if (eb_addr_parse(name, strlen(name), &addr) == 0)
		member = eb_pci_find(near->pci, &addr);
	if (member != EB_NO_FUNCTION)
		eb_pci_read_links(near->root, near->pci, (unsigned int)member);
	return 0;
}

void eb_nearby_read_groups(int root, const struct eb_choice *choice, struct eb_pci *pci)
{
	struct nearby near = {.root = root, .pci = pci};
	unsigned int i;
	int err = 0;

	for (i = 0; i < pci->count; i++)
		if (choice->by[i] != EB_NOT_CHOSEN)
			eb_pci_read_links(root, pci, i);
	for (i = 0; i < pci->count && err >= 0; i++)
		if (choice->by[i] != EB_NOT_CHOSEN && !was_listed(&near, i))
			err = list_group(&near, pci->function[i].group, see_known_member);
	for (i = 0; i < pci->count && err < 0; i++)
		eb_pci_read_links(root, pci, i);
}
