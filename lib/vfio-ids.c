// SPDX-License-Identifier: GPL-2.0-or-later
/* vfio-pci.ids=, by which the kernel's vfio-pci binds to devices without earlybind. */
#include <errno.h>

#include <earlybind/pci.h>
#include <earlybind/vfio-ids.h>

#define FIELDS 6

/* One field as the kernel's sscanf() reads "%x": 0x may stand before the digits. How
 * long it is, or -EINVAL. */
static int read_field(const char *text, size_t len, uint32_t *value)
{
	int prefix = len > 2 && text[0] == '0' && (text[1] | 0x20) == 'x' ? 2 : 0;
	uint64_t number;
	int n = eb_addr_read_hex(text + prefix, len - (size_t)prefix, 1, 8, &number);

	if (n < 0)
		return n;
	*value = (uint32_t)number;
	return prefix + n;
}

int eb_vfio_ids_read(struct eb_slice item, struct eb_vfio_id *out)
{
	uint32_t field[FIELDS] = {0, 0, EB_VFIO_ANY, EB_VFIO_ANY, 0, 0};
	size_t at = 0;
	int i, n;

	for (i = 0; i < FIELDS; i++) {
		n = read_field(item.at + at, item.len - at, &field[i]);
		if (n < 0)
			break;
		at += (size_t)n;
		if (at == item.len || item.at[at] != ':') {
			i++;
			break;
		}
		at++;
	}
	if (i < 2)
		return -EINVAL;
	*out = (struct eb_vfio_id){field[0], field[1], field[2],
				   field[3], field[4], field[5]};
	return 0;
}

static bool is(uint32_t wanted, uint32_t value)
{
	return wanted == EB_VFIO_ANY || wanted == value;
}

bool eb_vfio_ids_match(const struct eb_vfio_id *id, const struct eb_pci *pci,
		       unsigned int function)
{
	const struct eb_function *f = &pci->function[function];

	return is(id->vendor, f->id.vendor) && is(id->device, f->id.device) &&
	       !((id->class ^ f->class) & id->mask) &&
	       is(id->subvendor, f->subsystem.vendor) &&
	       is(id->subdevice, f->subsystem.device);
}
