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
 * ../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0 */
static void read_above(int root, struct eb_function *f)
{
	char path[EB_ATTRIBUTE_PATH], target[EB_MAX_PATH], *last, *above;

	eb_attribute_path(path, &f->addr, "");
	path[strlen(path) - 1] = '\0';
	if (eb_sysfs_readlink(root, path, target, sizeof(target)) < 0)
		return;
	last = strrchr(target, '/');
	if (!last)
		return;
	*last = '\0';
	above = strrchr(target, '/');
	if (above && eb_addr_parse(above + 1, strlen(above + 1), &f->above) == 0)
		f->has_above = true;
}

static int read_function(int root, struct eb_pci *pci, struct eb_function *f)
{
	uint32_t vendor, device, group;
	char path[EB_ATTRIBUTE_PATH], name[EB_MAX_PATH];
	ssize_t n;
	int err;

	err = eb_attribute_hex(root, &f->addr, "class", 6, &f->class);
	if (!err)
		err = eb_attribute_hex(root, &f->addr, "vendor", 4, &vendor);
	if (!err)
		err = eb_attribute_hex(root, &f->addr, "device", 4, &device);
	if (err)
		return err;
	f->id = (struct eb_id){(uint16_t)vendor, (uint16_t)device};
	read_above(root, f);

	eb_attribute_path(path, &f->addr, "iommu_group");
	n = eb_sysfs_link_name(root, path, name, sizeof(name));
	if (n > 0 && eb_addr_read_decimal(name, (size_t)n, INT32_MAX, &group) == 0)
		f->group = (int32_t)group;
	eb_attribute_path(path, &f->addr, "driver");
	if (eb_sysfs_link_name(root, path, name, sizeof(name)) > 0)
		f->driver = driver_index(pci, name);

	/* Only type 1 and 2 headers have it (drivers/pci/pci-sysfs.c,
	 * pci_bridge_attrs_are_visible); config space is better not read, since that
	 * wakes a sleeping device. */
	eb_attribute_path(path, &f->addr, "secondary_bus_number");
	f->port = eb_sysfs_exists(root, path);
	f->bridge = f->port || f->class >> 16 == 0x06;
	return 0;
}

static int see_function(void *ctx, const char *name)
{
	struct eb_pci *pci = ctx;
	struct eb_function *f = &pci->function[pci->count];
	struct eb_addr addr;

	if (eb_addr_parse(name, strlen(name), &addr) < 0)
		return 0;
	if (pci->count == EB_MAX_FUNCTIONS) {
		pci->left_out++;
		return 0;
	}
	*f = (struct eb_function){.addr = addr,
				  .group = EB_NO_GROUP,
				  .parent = EB_NO_FUNCTION,
				  .detail = -1,
				  .card = EB_NO_FUNCTION,
				  .display = EB_NO_FUNCTION};
	pci->count++;
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

int eb_pci_scan(int root, struct eb_pci *pci)
{
	unsigned int i, kept = 0;
	int err;

	pci->count = pci->left_out = 0;
	pci->details = pci->details_left_out = 0;
	pci->drivers = 1;
	err = eb_sysfs_list(root, EB_PCI_DEVICES, see_function, pci);
	if (err)
		return err;
	for (i = 0; i < pci->count; i++) {
		struct eb_function f = pci->function[i];

		if (read_function(root, pci, &f) == 0)
			pci->function[kept++] = f;
	}
	pci->count = kept;
	qsort(pci->function, pci->count, sizeof(pci->function[0]), compare);
	for (i = 0; i < pci->count; i++) {
		struct eb_function *f = &pci->function[i];

		if (f->has_above)
			f->parent = (int16_t)eb_pci_find(pci, &f->above);
	}
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
