// SPDX-License-Identifier: GPL-2.0-or-later
/* What all formats of earlybind export say in comments: which card it is, what is not
 * with it. */
#include <stdarg.h>
#include <string.h>

#include <earlybind/card.h>

#include "export.h"
#include "form.h"
#include "part.h"

void eb_export_comment(struct eb_export *export, unsigned int indent, const char *format,
		       ...)
{
	char text[1024];
	va_list args;
	char *at;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	/* A name has no say over where a comment ends: two dashes end one in XML
	 * (XML 1.0, 2.5), a new line does elsewhere. */
	for (at = text; *at; at++) {
		if (*at == '\n')
			*at = '?';
		if (export->format->end[0] && at[0] == '-' && at[1] == '-')
			*at = '~';
	}
	eb_term_to(&export->term, indent);
	eb_term_print(&export->term, "%s", export->format->comment);
	eb_term_print(&export->term, "%s", text);
	eb_term_print(&export->term, "%s\n", export->format->end);
}

void eb_export_add_function(struct eb_text *text, const struct eb_pci *pci,
			    unsigned int function)
{
	const struct eb_function *f = &pci->function[function];
	char address[EB_ADDR_TEXT];

	eb_text_add(text, "%s %s %04x:%04x", eb_form_address(&f->addr, address),
		    eb_names_kind(pci, function), f->id.vendor, f->id.device);
}

/* What of DEVICE's card is not exported, though it would be claimed with it. */
static void describe_rest(struct eb_export *export, const struct eb_export_device *device,
			  unsigned int indent)
{
	const struct eb_pci *pci = export->pci;
	char buf[512];
	struct eb_text text = eb_text_on(buf, sizeof(buf));
	unsigned int i;

	for (i = device->card; i < pci->count; i++) {
		const char *driver = eb_pci_driver(pci, &pci->function[i]);

		if (eb_part_of(pci, device->card, i) != EB_PART_FUNCTION ||
		    eb_export_has(export, i))
			continue;
		eb_text_add(&text, text.len ? ", " : "");
		eb_export_add_function(&text, pci, i);
		eb_text_add(&text, " (%s)", driver ? driver : "no driver");
	}
	if (text.len)
		eb_export_comment(export, indent, "of this card not here: %s", buf);
}

/* Others on vfio-pci in the IOMMU groups of DEVICE's card: a group goes to one guest
 * (Documentation/driver-api/vfio.rst, "Groups, Devices, and IOMMUs"). */
static void describe_group(struct eb_export *export,
			   const struct eb_export_device *device, unsigned int indent)
{
	const struct eb_pci *pci = export->pci;
	int32_t group = pci->function[device->function[0].function].group;
	char buf[512], address[EB_ADDR_TEXT];
	struct eb_text text = eb_text_on(buf, sizeof(buf));
	unsigned int i;

	for (i = 0; i < pci->count && group != EB_NO_GROUP; i++) {
		const struct eb_function *f = &pci->function[i];
		const char *driver = eb_pci_driver(pci, f);

		if (f->group == group && !eb_card_same(pci, device->card, i) && driver &&
		    strcmp(driver, "vfio-pci") == 0)
			eb_text_add(&text, "%s%s", text.len ? ", " : "",
				    eb_form_address(&f->addr, address));
	}
	if (text.len)
		eb_export_comment(export, indent,
				  "in one IOMMU group with %s: a guest has all of it, or "
				  "none",
				  buf);
}

void eb_export_describe(struct eb_export *export, const struct eb_export_device *device,
			unsigned int indent)
{
	const struct eb_pci *pci = export->pci;
	int display = eb_card_display(pci, device->card);
	unsigned int named = display == EB_NO_FUNCTION ? device->card
						       : (unsigned int)display;
	const struct eb_addr *addr = &pci->function[device->function[0].function].addr;
	char name[EB_NAME_TEXT], chip[EB_NAME_TEXT], slot[EB_ADDR_TEXT], buf[512];
	struct eb_text text = eb_text_on(buf, sizeof(buf));
	unsigned int i;

	eb_names_card(&export->cli->names, &pci->function[named].id, name, chip);
	for (i = 0; i < device->count; i++) {
		eb_text_add(&text, i ? ", " : "");
		eb_export_add_function(&text, pci, device->function[i].function);
	}
	eb_export_comment(export, indent, "%s %s%s%s%s%s: %s", eb_form_slot(addr, slot),
			  eb_part_is_virtual(pci, device->function[0].function)
				  ? "virtual function of "
			  : device->first ? ""
					  : "also of ",
			  name, chip[0] ? " (" : "", chip, chip[0] ? ")" : "", buf);
	if (device->first && !eb_part_is_virtual(pci, device->function[0].function))
		describe_rest(export, device, indent);
	describe_group(export, device, indent);
	if (export->format->places && addr->function != 0 && device->count > 1)
		eb_export_comment(export, indent,
				  "the guest sees function %u as 0, which no device can "
				  "be without",
				  addr->function);
}
