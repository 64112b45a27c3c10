// SPDX-License-Identifier: GPL-2.0-or-later
/* Read the machine's PCI functions from /sys/bus/pci/devices. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <earlybind/card.h>
#include <earlybind/pci.h>
#include <earlybind/sysfs.h>

#define DEVICES "sys/bus/pci/devices"

/* "sys/bus/pci/devices/ADDRESS/NAME" */
#define ATTRIBUTE_PATH (sizeof(DEVICES) + EB_ADDR_TEXT + 40)

static void attribute_path(char path[ATTRIBUTE_PATH], const struct eb_addr *addr,
			   const char *name)
{
	char text[EB_ADDR_TEXT];

	snprintf(path, ATTRIBUTE_PATH, DEVICES "/%s/%s", eb_addr_print(addr, text), name);
}

static int read_text(int root, const struct eb_addr *addr, const char *name, char *buf,
		     size_t size)
{
	char path[ATTRIBUTE_PATH];

	attribute_path(path, addr, name);
	return (int)eb_sysfs_read(root, path, buf, size);
}

/* An attribute such as "0x10de", at most MAX digits. */
static int read_hex(int root, const struct eb_addr *addr, const char *name, int max,
		    uint32_t *value)
{
	char text[16];
	uint64_t number;
	int n = read_text(root, addr, name, text, sizeof(text));

	if (n < 0)
		return n;
	if (n < 3 || text[0] != '0' || text[1] != 'x' ||
	    eb_hex_read(text + 2, (size_t)n - 2, 1, max, &number) != n - 2)
		return -EINVAL;
	*value = (uint32_t)number;
	return 0;
}

static int read_decimal(int root, const struct eb_addr *addr, const char *name,
			uint32_t *value)
{
	char text[16];
	int n = read_text(root, addr, name, text, sizeof(text));

	return n < 0 ? n : eb_decimal_read(text, (size_t)n, UINT32_MAX, value);
}

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

/* The link of a function in /sys/bus/pci/devices says what it sits behind:
 * ../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0 */
static void read_above(int root, struct eb_function *f)
{
	char path[ATTRIBUTE_PATH], target[EB_MAX_PATH], *last, *above;

	attribute_path(path, &f->addr, "");
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
	char path[ATTRIBUTE_PATH], name[EB_MAX_PATH];
	ssize_t n;
	int err;

	err = read_hex(root, &f->addr, "class", 6, &f->class);
	if (!err)
		err = read_hex(root, &f->addr, "vendor", 4, &vendor);
	if (!err)
		err = read_hex(root, &f->addr, "device", 4, &device);
	if (err)
		return err;
	f->id = (struct eb_id){(uint16_t)vendor, (uint16_t)device};
	read_above(root, f);

	attribute_path(path, &f->addr, "iommu_group");
	n = eb_sysfs_link_name(root, path, name, sizeof(name));
	if (n > 0 && eb_decimal_read(name, (size_t)n, INT32_MAX, &group) == 0)
		f->group = (int32_t)group;
	attribute_path(path, &f->addr, "driver");
	if (eb_sysfs_link_name(root, path, name, sizeof(name)) > 0)
		f->driver = driver_index(pci, name);

	/* Only type 1 and 2 headers have it (drivers/pci/pci-sysfs.c,
	 * pci_bridge_attrs_are_visible); config space is better not read, since that
	 * wakes a sleeping device. */
	attribute_path(path, &f->addr, "secondary_bus_number");
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
	err = eb_sysfs_list(root, DEVICES, see_function, pci);
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
	eb_card_group(pci);
	return 0;
}

/* Where the next line of a function's `resource` goes. */
struct bars {
	struct eb_bar *bar;
	unsigned int count;
};

static int see_bar(void *ctx, const char *line)
{
	struct bars *bars = ctx;

	if (eb_pci_read_bar(line, &bars->bar[bars->count]) < 0)
		bars->bar[bars->count] = (struct eb_bar){{0, 0}, 0};
	return ++bars->count == EB_BARS;
}

static int see_framebuffer(void *ctx, const char *name)
{
	bool *found = ctx;

	/* simple-framebuffer.0, efi-framebuffer.0, vesa-framebuffer.0 */
	*found = strstr(name, "-framebuffer.") != NULL;
	return *found;
}

static void read_detail(int root, const struct eb_function *f, struct eb_detail *d)
{
	struct bars bars = {.bar = d->bar};
	char path[ATTRIBUTE_PATH];
	uint32_t value;
	int n;

	if (read_hex(root, &f->addr, "subsystem_vendor", 4, &value) == 0)
		d->subsystem.vendor = (uint16_t)value;
	if (read_hex(root, &f->addr, "subsystem_device", 4, &value) == 0)
		d->subsystem.device = (uint16_t)value;
	if (read_decimal(root, &f->addr, "boot_vga", &value) == 0)
		d->boot_vga = value == 1;
	if (read_decimal(root, &f->addr, "sriov_numvfs", &value) == 0)
		d->vfs = value;
	/* Both are there where the kernel knows a way (drivers/pci/pci-sysfs.c); the
	 * first one cannot be read, the second came with 5.15. */
	attribute_path(path, &f->addr, "reset");
	d->reset = eb_sysfs_exists(root, path);
	attribute_path(path, &f->addr, "reset_method");
	d->reset = d->reset || eb_sysfs_exists(root, path);
	attribute_path(path, &f->addr, "physfn");
	d->virtual_function = eb_sysfs_exists(root, path);
	n = read_text(root, &f->addr, "driver_override", d->override,
		      sizeof(d->override));
	/* One that is too long is another tool's all the same. */
	if (n == -E2BIG)
		d->override[sizeof(d->override) - 1] = '\0';
	else if (n < 0 || strcmp(d->override, "(null)") == 0)
		d->override[0] = '\0';
	attribute_path(path, &f->addr, "resource");
	eb_sysfs_lines(root, path, see_bar, &bars);
	attribute_path(path, &f->addr, "");
	eb_sysfs_list(root, path, see_framebuffer, &d->framebuffer);
}

void eb_pci_read_details(int root, struct eb_pci *pci,
			 bool (*wanted)(const void *ctx, const struct eb_pci *pci,
					unsigned int function),
			 const void *ctx)
{
	unsigned int i;

	for (i = 0; i < pci->count; i++) {
		struct eb_function *f = &pci->function[i];

		if (f->bridge || f->detail >= 0 || !wanted(ctx, pci, i))
			continue;
		if (pci->details == EB_MAX_DETAILS) {
			pci->details_left_out++;
			continue;
		}
		f->detail = (int16_t)pci->details++;
		pci->detail[f->detail] = (struct eb_detail){.function = (int16_t)i};
		read_detail(root, f, &pci->detail[f->detail]);
	}
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
	n = eb_hex_read(text + 2, strlen(text + 2), 1, 16, value);
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
