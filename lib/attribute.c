// SPDX-License-Identifier: GPL-2.0-or-later
/* Read one attribute of a PCI function. */
#include <errno.h>
#include <string.h>

#include <earlybind/attribute.h>
#include <earlybind/sysfs.h>

void eb_attribute_path(char path[EB_ATTRIBUTE_PATH], const struct eb_addr *addr,
		       const char *name)
{
	size_t len = sizeof(EB_PCI_DEVICES);

	memcpy(path, EB_PCI_DEVICES "/", len);
	eb_addr_print(addr, path + len);
	len += strlen(path + len);
	path[len++] = '/';
	while (*name && len < EB_ATTRIBUTE_PATH - 1)
		path[len++] = *name++;
	path[len] = '\0';
}

int eb_attribute_text(int root, const struct eb_addr *addr, const char *name, char *buf,
		      size_t size)
{
	char path[EB_ATTRIBUTE_PATH];

	eb_attribute_path(path, addr, name);
	return (int)eb_sysfs_read(root, path, buf, size);
}

/* An attribute such as "0x10de", at most MAX digits. */
int eb_attribute_hex(int root, const struct eb_addr *addr, const char *name, int max,
		     uint32_t *value)
{
	char text[16];
	uint64_t number;
	int n = eb_attribute_text(root, addr, name, text, sizeof(text));

	if (n < 0)
		return n;
	if (n < 3 || text[0] != '0' || text[1] != 'x' ||
	    eb_addr_read_hex(text + 2, (size_t)n - 2, 1, max, &number) != n - 2)
		return -EINVAL;
	*value = (uint32_t)number;
	return 0;
}

int eb_attribute_decimal(int root, const struct eb_addr *addr, const char *name,
			 uint32_t *value)
{
	char text[16];
	int n = eb_attribute_text(root, addr, name, text, sizeof(text));

	return n < 0 ? n : eb_addr_read_decimal(text, (size_t)n, UINT32_MAX, value);
}
