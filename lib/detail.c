// SPDX-License-Identifier: GPL-2.0-or-later
/* Read more of the functions that may be claimed. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <earlybind/attribute.h>
#include <earlybind/detail.h>
#include <earlybind/sysfs.h>

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

static void read_detail(int root, const struct eb_function *f, struct eb_detail *d)
{
	struct bars bars = {.bar = d->bar};
	char path[EB_ATTRIBUTE_PATH];
	uint32_t value;

	/* Both are there where the kernel knows a way (drivers/pci/pci-sysfs.c); the
	 * first one cannot be read, the second came with 5.15. */
	eb_attribute_path(path, &f->addr, "reset");
	d->reset = eb_sysfs_exists(root, path);
	eb_attribute_path(path, &f->addr, "reset_method");
	d->reset = d->reset || eb_sysfs_exists(root, path);
	eb_attribute_path(path, &f->addr, "physfn");
	d->virtual_function = eb_sysfs_exists(root, path);
	eb_attribute_path(path, &f->addr, "resource");
	eb_sysfs_lines(root, path, see_bar, &bars);
	/* Other classes have none (drivers/pci/pci-sysfs.c, pci_dev_attrs_are_visible).
	 */
	if (eb_pci_is_display(f) &&
	    eb_attribute_decimal(root, &f->addr, "boot_vga", &value) == 0)
		d->boot_vga = value == 1;
}

void eb_detail_read(int root, struct eb_pci *pci,
		    bool (*wanted)(const void *ctx, const struct eb_pci *pci,
				   unsigned int function),
		    const void *ctx)
{
	unsigned int i;

	for (i = 0; i < pci->count; i++) {
		struct eb_function *f = &pci->function[i];

		if (f->bridge || f->detail >= 0 || !wanted(ctx, pci, i))
			continue;
		eb_pci_read_links(root, pci, i);
		if (f->bridge)
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

void eb_detail_read_locked(const struct eb_locked *locked, struct eb_pci *pci,
			   unsigned int function)
{
	const struct eb_function *f = &pci->function[function];
	char path[EB_ATTRIBUTE_PATH], text[EB_DRIVER_NAME];
	struct eb_detail *d;
	uint32_t vfs;
	int n;

	if (f->detail < 0)
		return;
	d = &pci->detail[f->detail];
	eb_attribute_path(path, &f->addr, "driver_override");
	n = locked->read(locked->ctx, path, text, sizeof(text));
	d->stuck = n == -ETIMEDOUT;
	if (d->stuck)
		return;
	/* One that is too long is another tool's, too. */
	if (n == -E2BIG)
		text[sizeof(text) - 1] = '\0';
	else if (n < 0 || strcmp(text, "(null)") == 0)
		text[0] = '\0';
	memcpy(d->override, text, sizeof(d->override));
	eb_attribute_path(path, &f->addr, "sriov_numvfs");
	n = locked->read(locked->ctx, path, text, sizeof(text));
	d->stuck = n == -ETIMEDOUT;
	if (n >= 0 && eb_addr_read_decimal(text, (size_t)n, UINT32_MAX, &vfs) == 0)
		d->vfs = vfs;
}

/* "0xSTART 0xEND direct", not "direct-relaxable" (drivers/iommu/iommu.c,
 * iommu_group_show_resv_regions). */
static int see_region(void *ctx, const char *line)
{
	const char *type = strrchr(line, ' ');
	bool *direct = ctx;

	*direct = type && strcmp(type, " direct") == 0;
	return *direct;
}

void eb_detail_read_more(int root, struct eb_pci *pci, unsigned int function)
{
	const struct eb_function *f = &pci->function[function];
	char path[EB_ATTRIBUTE_PATH], text[8];
	struct eb_detail *d;

	if (f->detail < 0)
		return;
	d = &pci->detail[f->detail];
	d->bus_reset = eb_attribute_text(root, &f->addr, "reset_method", text,
					 sizeof(text)) == 3 &&
		       strcmp(text, "bus") == 0;
	snprintf(path, sizeof(path), "sys/kernel/iommu_groups/%d/reserved_regions",
		 (int)f->group);
	eb_sysfs_lines(root, path, see_region, &d->direct);
}
