// SPDX-License-Identifier: GPL-2.0-or-later
/* Read the machine's PCI functions from /sys/bus/pci/devices. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <earlybind/attribute.h>
#include <earlybind/pci.h>
#include <earlybind/sysfs.h>

/* The name's index in the table of drivers. Its last place serves all the names that
 * find no room; no machine has been seen to have that many drivers at work. */
static uint8_t driver_index(struct eb_pci *pci, const char *name)
{
	unsigned int i;

	for (i = 1; i < pci->drivers; i++)
		if (strncmp(pci->driver[i], name, EB_DRIVER_NAME - 1) == 0)
			return (uint8_t)i;
	if (i == EB_MAX_DRIVERS)
		return EB_MAX_DRIVERS - 1;
	if (i == EB_MAX_DRIVERS - 1)
		name = "(another driver)";
	snprintf(pci->driver[i], EB_DRIVER_NAME, "%.*s", EB_DRIVER_NAME - 1, name);
	pci->drivers++;
	return (uint8_t)i;
}

/* The link of a function in /sys/bus/pci/devices says what bridge it is behind:
 * ../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0. Negative errno of the link. */
static int read_above(int root, struct eb_function *f)
{
	char path[EB_ATTRIBUTE_PATH], target[EB_MAX_PATH];
	ssize_t n;

	eb_attribute_path(path, &f->addr, "");
	path[strlen(path) - 1] = '\0';
	n = eb_sysfs_readlink(root, path, target, sizeof(target));
	if (n < 0)
		return (int)n;
	f->has_above = eb_addr_parse_above(target, &f->above) == 0;
	return 0;
}

int eb_pci_read_modalias(const char *modalias, struct eb_function *function)
{
	static const struct {
		char prefix[6];
		unsigned char digits;
	} fields[] = {{"pci:v", 8}, {"d", 8},  {"sv", 8}, {"sd", 8},
		      {"bc", 2},    {"sc", 2}, {"i", 2}};
	uint64_t value[7];
	int i;

	for (i = 0; i < 7; i++) {
		size_t len = strlen(fields[i].prefix);
		int digits = fields[i].digits;

		if (strncmp(modalias, fields[i].prefix, len) != 0)
			return -EINVAL;
		modalias += len;
		/* The letter that follows may be a hex digit. */
		if (eb_addr_read_hex(modalias, strnlen(modalias, (size_t)digits), digits,
				     digits, &value[i]) < 0 ||
		    value[i] > 0xffff)
			return -EINVAL;
		modalias += digits;
	}
	if (*modalias)
		return -EINVAL;
	function->id = (struct eb_id){(uint16_t)value[0], (uint16_t)value[1]};
	function->subsystem = (struct eb_id){(uint16_t)value[2], (uint16_t)value[3]};
	function->class = (uint32_t)(value[4] << 16 | value[5] << 8 | value[6]);
	return 0;
}

/* Without modalias, as in a tree that was captured without it. */
static int read_ids(int root, struct eb_function *f)
{
	static const char *const names[] = {"vendor", "device", "subsystem_vendor",
					    "subsystem_device"};
	uint16_t *ids[] = {&f->id.vendor, &f->id.device, &f->subsystem.vendor,
			   &f->subsystem.device};
	uint32_t value;
	int i, err = eb_attribute_hex(root, &f->addr, "class", 6, &f->class);

	for (i = 0; i < 4 && !err; i++) {
		err = eb_attribute_hex(root, &f->addr, names[i], 4, &value);
		if (!err)
			*ids[i] = (uint16_t)value;
		else if (i >= 2)
			err = 0;
	}
	return err;
}

/* Only type 1 and 2 headers have it (drivers/pci/pci-sysfs.c,
 * pci_bridge_attrs_are_visible); config space is better not read, since that wakes a
 * sleeping device. */
static void read_port(int root, struct eb_function *f)
{
	char path[EB_ATTRIBUTE_PATH];

	eb_attribute_path(path, &f->addr, "secondary_bus_number");
	f->port = eb_sysfs_exists(root, path);
	f->bridge = f->port || f->class >> 16 == 0x06;
}

/* What a bridge or a display controller is must be known before cards are; of others it
 * is read with the links. */
static bool port_is_early(const struct eb_function *f)
{
	return f->class >> 16 == 0x06 || eb_pci_is_display(f);
}

/* modalias is a print of fields of struct pci_dev and takes no lock, from 5.10 to 7.2
 * (drivers/pci/pci-sysfs.c, modalias_show). */
static int read_function(int root, struct eb_function *f)
{
	char text[64];
	int err = eb_attribute_text(root, &f->addr, "modalias", text, sizeof(text));

	if (err < 0 || eb_pci_read_modalias(text, f) < 0)
		err = read_ids(root, f);
	if (err < 0)
		return err;
	if (port_is_early(f))
		read_port(root, f);
	return 0;
}

void eb_pci_read_links(int root, struct eb_pci *pci, unsigned int function)
{
	struct eb_function *f = &pci->function[function];
	char path[EB_ATTRIBUTE_PATH], name[EB_MAX_PATH];
	uint32_t group;
	ssize_t n;

	if (f->linked)
		return;
	f->linked = true;
	eb_attribute_path(path, &f->addr, "iommu_group");
	n = eb_sysfs_link_name(root, path, name, sizeof(name));
	if (n > 0 && eb_addr_read_decimal(name, (size_t)n, INT32_MAX, &group) == 0)
		f->group = (int32_t)group;
	eb_attribute_path(path, &f->addr, "driver");
	if (eb_sysfs_link_name(root, path, name, sizeof(name)) > 0)
		f->driver = driver_index(pci, name);
	if (!port_is_early(f))
		read_port(root, f);
}

static struct eb_function *place_for(struct eb_pci *pci, const struct eb_addr *addr)
{
	struct eb_function *f = &pci->function[pci->count];

	if (pci->count == EB_MAX_FUNCTIONS)
		return NULL;
	*f = (struct eb_function){.addr = *addr,
				  .group = EB_NO_GROUP,
				  .parent = EB_NO_FUNCTION,
				  .detail = -1,
				  .card = EB_NO_FUNCTION,
				  .display = EB_NO_FUNCTION};
	return f;
}

int eb_pci_add(int root, struct eb_pci *pci, const struct eb_addr *addr)
{
	struct eb_function *f = place_for(pci, addr);
	int err;

	if (!f)
		return -ENOSPC;
	/* In a tree a function may be a directory in the place of a link. */
	err = read_above(root, f);
	if (err != -ENOENT)
		err = read_function(root, f);
	return err ? err : (int)pci->count++;
}

static int see_function(void *ctx, const char *name)
{
	struct eb_pci *pci = ctx;
	struct eb_addr addr;

	if (eb_addr_parse(name, strlen(name), &addr) < 0)
		return 0;
	if (place_for(pci, &addr))
		pci->count++;
	else
		pci->left_out++;
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct eb_function *left = a, *right = b;

	return eb_addr_compare(&left->addr, &right->addr);
}

int eb_pci_find(const struct eb_pci *pci, const struct eb_addr *addr)
{
	const struct eb_function key = {.addr = *addr}, *found;

	found = bsearch(&key, pci->function, pci->count, sizeof(key), compare);
	return found ? (int)(found - pci->function) : EB_NO_FUNCTION;
}

void eb_pci_clear(struct eb_pci *pci)
{
	pci->count = pci->left_out = 0;
	pci->details = pci->details_left_out = 0;
	pci->drivers = 1;
}

static void sort(struct eb_pci *pci)
{
	qsort(pci->function, pci->count, sizeof(pci->function[0]), compare);
}

static void find_parents(struct eb_pci *pci)
{
	unsigned int i;

	for (i = 0; i < pci->count; i++) {
		struct eb_function *f = &pci->function[i];

		if (f->has_above)
			f->parent = (int16_t)eb_pci_find(pci, &f->above);
	}
}

void eb_pci_order(struct eb_pci *pci)
{
	sort(pci);
	find_parents(pci);
}

int eb_pci_scan(int root, struct eb_pci *pci, bool links)
{
	unsigned int i, kept = 0;
	int err;

	eb_pci_clear(pci);
	err = eb_sysfs_list(root, EB_PCI_DEVICES, see_function, pci);
	if (err)
		return err;
	sort(pci);
	for (i = 0; i < pci->count; i++) {
		const struct eb_function *last = kept ? &pci->function[kept - 1] : NULL;
		struct eb_function *f = &pci->function[kept];

		*f = pci->function[i];
		if (read_function(root, f) < 0)
			continue;
		/* All functions of a bus are behind the same bridge. */
		if (last && last->addr.domain == f->addr.domain &&
		    last->addr.bus == f->addr.bus) {
			f->above = last->above;
			f->has_above = last->has_above;
		} else {
			read_above(root, f);
		}
		if (links)
			eb_pci_read_links(root, pci, kept);
		kept++;
	}
	pci->count = kept;
	find_parents(pci);
	return 0;
}

bool eb_pci_is_display(const struct eb_function *function)
{
	return function->class >> 16 == 0x03;
}

const char *eb_pci_driver(const struct eb_pci *pci, const struct eb_function *function)
{
	return function->driver == EB_NO_DRIVER ? NULL : pci->driver[function->driver];
}

const struct eb_detail *eb_pci_detail(const struct eb_pci *pci, unsigned int function)
{
	int detail = pci->function[function].detail;

	return detail < 0 ? NULL : &pci->detail[detail];
}

/* One field of a resource line: "0x" and hex digits. How long it is, or -EINVAL. */
static int read_field(const char *text, uint64_t *value)
{
	int n;

	if (text[0] != '0' || text[1] != 'x')
		return -EINVAL;
	n = eb_addr_read_hex(text + 2, strlen(text + 2), 1, 16, value);
	return n < 0 ? n : n + 2;
}

int eb_pci_read_bar(const char *line, struct eb_bar *bar)
{
	uint64_t value[3];
	int i, n;

	for (i = 0; i < 3; i++) {
		n = read_field(line, &value[i]);
		if (n < 0 || line[n] != (i < 2 ? ' ' : '\0'))
			return -EINVAL;
		line += n + 1;
	}
	*bar = (struct eb_bar){.range = {value[0], value[1]}, .flags = value[2]};
	return 0;
}

bool eb_pci_bar_placed(const struct eb_bar *bar)
{
	return (bar->flags & (EB_RESOURCE_IO | EB_RESOURCE_MEM)) &&
	       !(bar->flags & (EB_RESOURCE_DISABLED | EB_RESOURCE_UNSET)) &&
	       bar->range.start > 0 && bar->range.end > bar->range.start;
}
