// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind export --format kubevirt: permittedHostDevices, a resource for each model of
 * function. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "export.h"
#include "cards/part.h"

/* The name after the "/" has at most 63 characters in Kubernetes; kubelet makes a socket
 * of the whole, whose path has 107 (virt-handler, device-manager/pci_device.go). */
#define MOST_NAME 40

static const struct eb_id *id_of(const struct eb_export *export, unsigned int function)
{
	return &export->pci->function[function].id;
}

static bool same_id(const struct eb_id *a, const struct eb_id *b)
{
	return a->vendor == b->vendor && a->device == b->device;
}

/* The domain of the vendor, or one that is nobody's. */
static void add_domain(struct eb_text *text, uint16_t vendor)
{
	static const struct {
		uint16_t vendor;
		const char *domain;
	} vendors[] = {
		{0x10de, "nvidia.com"},
		{0x1002, "amd.com"},
		{0x8086, "intel.com"},
	};
	size_t i;

	for (i = 0; i < sizeof(vendors) / sizeof(vendors[0]); i++) {
		if (vendors[i].vendor != vendor)
			continue;
		eb_text_add(text, "%s/", vendors[i].domain);
		return;
	}
	eb_text_add(text, "pci-%04x.local/", vendor);
}

/* A name of letters, digits and single "_" that begins and ends in the first two. It ends
 * in the device's id: names of two models may be alike. */
static void add_name(struct eb_text *text, const struct eb_names *names,
		     const struct eb_id *id)
{
	char name[EB_NAME_TEXT], plain[MOST_NAME + 1];
	size_t len = 0, i;

	eb_names_device(names, id, name);
	for (i = 0; name[i] && len < MOST_NAME; i++) {
		if (isalnum((unsigned char)name[i]) && isascii((unsigned char)name[i]))
			plain[len++] = name[i];
		else if (len > 0 && plain[len - 1] != '_')
			plain[len++] = '_';
	}
	while (len > 0 && plain[len - 1] == '_')
		len--;
	plain[len] = '\0';
	eb_text_add(text, "%s%s%04x", plain, len ? "_" : "", id->device);
}

/* Others of the same id, that are not exported: KubeVirt takes what is on vfio-pci. */
static void describe_others(struct eb_export *export, const struct eb_id *id)
{
	const struct eb_pci *pci = export->pci;
	char address[EB_ADDR_TEXT];
	unsigned int i;

	for (i = 0; i < pci->count; i++) {
		if (!same_id(&pci->function[i].id, id) || eb_export_has(export, i))
			continue;
		eb_part_address(&pci->function[i].addr, address);
		if (eb_part_on_vfio(pci, i))
			eb_export_comment(export, 6,
					  "%s, also on vfio-pci, has this id too",
					  address);
		else
			eb_export_comment(export, 6,
					  "%s has this id too, but is not on vfio-pci",
					  address);
	}
}

/* All functions of the id of FUNCTION, which is the first of them. */
static void print_resource(struct eb_export *export, unsigned int function)
{
	const struct eb_pci *pci = export->pci;
	const struct eb_id *id = id_of(export, function);
	char buf[512], name[128];
	struct eb_text text = eb_text_on(buf, sizeof(buf));
	unsigned int i, j;

	for (i = 0; i < export->devices; i++) {
		for (j = 0; j < export->device[i].count; j++) {
			unsigned int other = export->device[i].function[j].function;
			char address[EB_ADDR_TEXT];

			if (same_id(id_of(export, other), id))
				eb_text_add(&text, "%s%s", text.len ? ", " : "",
					    eb_part_address(&pci->function[other].addr,
							    address));
		}
	}
	eb_export_comment(export, 6, "%s: %s", eb_names_kind(pci, function), buf);
	describe_others(export, id);
	text = eb_text_on(name, sizeof(name));
	add_domain(&text, id->vendor);
	add_name(&text, &export->cli->names, id);
	eb_term_print(&export->term,
		      "      - pciVendorSelector: \"%04X:%04X\"\n"
		      "        resourceName: \"%s\"\n",
		      id->vendor, id->device, name);
}

static bool seen(const struct eb_export *export, unsigned int device,
		 unsigned int function)
{
	const struct eb_id *id = id_of(
		export, export->device[device].function[function].function);
	unsigned int i, j;

	for (i = 0; i <= device; i++)
		for (j = 0; j < export->device[i].count; j++) {
			if (i == device && j == function)
				return false;
			if (same_id(id_of(export, export->device[i].function[j].function),
				    id))
				return true;
		}
	return false;
}

/* Are there two cards of a model, and more to each than one function? */
static bool has_twins(const struct eb_export *export)
{
	unsigned int i, j;

	for (i = 0; i < export->devices; i++) {
		const struct eb_export_device *a = &export->device[i];

		for (j = 0; j < i && a->count > 1; j++) {
			const struct eb_export_device *b = &export->device[j];

			if (same_id(id_of(export, a->function[0].function),
				    id_of(export, b->function[0].function)))
				return true;
		}
	}
	return false;
}

void eb_export_kubevirt(struct eb_export *export)
{
	unsigned int i, j;

	eb_export_comment(export, 0,
			  "For the KubeVirt resource: kubectl -n kubevirt edit kubevirt "
			  "kubevirt");
	eb_export_comment(
		export, 0,
		"KubeVirt selects by id, and only what is on vfio-pci. Change the "
		"names as you like; a guest");
	eb_export_comment(
		export, 0,
		"requests each by deviceName in spec.domain.devices: hostDevices "
		"or gpus");
	for (i = 0; i < export->devices; i++)
		eb_export_describe(export, &export->device[i], 0);
	if (has_twins(export))
		eb_export_comment(
			export, 0,
			"Cards of one model: KubeVirt may assign the graphics of "
			"one and the audio of another to a guest");
	eb_term_print(&export->term, "spec:\n"
				     "  configuration:\n"
				     "    permittedHostDevices:\n"
				     "      pciHostDevices:\n");
	for (i = 0; i < export->devices; i++)
		for (j = 0; j < export->device[i].count; j++)
			if (!seen(export, i, j))
				print_resource(export,
					       export->device[i].function[j].function);
}
