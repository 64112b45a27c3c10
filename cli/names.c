// SPDX-License-Identifier: GPL-2.0-or-later
/* Names of cards for people, from pci.ids by libpci, made short. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <earlybind/card.h>
#include <pci/pci.h>

#include <earlybind/text.h>

#include "names.h"
#include "terminal.h"

/* libpci reports a list that it cannot parse in this way, and must not get back. */
__attribute__((noreturn, format(printf, 1, 2))) static void stop(char *message, ...)
{
	struct eb_term term = eb_term_on(stderr);
	char text[256];
	va_list args;

	va_start(args, message);
	vsnprintf(text, sizeof(text), message, args);
	va_end(args);
	eb_term_print(&term,
		      "earlybind: the list of names is damaged: %s; name another with "
		      "--pci-ids, or /dev/null for none\n",
		      text);
	exit(2); /* EB_EXIT_USAGE of cli.h, which includes names.h */
}

__attribute__((format(printf, 1, 2))) static void ignore(char *message, ...)
{
	(void)message;
}

int eb_names_open(struct eb_names *names, const char *file)
{
	if (file && access(file, R_OK) < 0)
		return -errno;
	names->pci = pci_alloc();
	names->pci->error = stop;
	names->pci->warning = ignore;
	names->pci->debug = ignore;
	/* Not the cache of answers from the network in the user's home. */
	names->pci->id_lookup_mode = file ? PCI_LOOKUP_NO_HWDB : 0;
	if (!file)
		return 0;
	pci_set_name_list_path(names->pci, strdup(file), 1);
	return 0;
}

void eb_names_close(struct eb_names *names)
{
	pci_cleanup(names->pci);
}

void eb_names_vendor(const struct eb_names *names, uint16_t vendor,
		     char out[EB_NAME_TEXT])
{
	const char *name = pci_lookup_name(names->pci, out, EB_NAME_TEXT,
					   PCI_LOOKUP_VENDOR | PCI_LOOKUP_NO_NUMBERS,
					   vendor);

	if (!name)
		out[0] = '\0';
}

void eb_names_device(const struct eb_names *names, const struct eb_id *id,
		     char out[EB_NAME_TEXT])
{
	const char *name = pci_lookup_name(names->pci, out, EB_NAME_TEXT,
					   PCI_LOOKUP_DEVICE | PCI_LOOKUP_NO_NUMBERS,
					   id->vendor, id->device);

	if (!name)
		out[0] = '\0';
}

/* "Advanced Micro Devices, Inc. [AMD/ATI]", "GK104 [GeForce GTX 760]": what stands in
 * the brackets at the end, and its length; NULL without such. */
static const char *in_brackets(const char *name, size_t *len)
{
	const char *open = strrchr(name, '[');
	size_t all = strlen(name);

	if (!open || open == name || name[all - 1] != ']')
		return NULL;
	*len = (size_t)(name + all - open) - 2;
	return *len ? open + 1 : NULL;
}

/* Words for the legal form of a company. */
static bool is_filler(const char *word)
{
	static const char *const fillers[] = {
		"Corporation",	"Corp.",   "Corp",    "Incorporation",
		"Incorporated", "Inc.",	   "Inc",     "Ltd.",
		"Ltd",		"Limited", "Company", "Co.",
		"Co",		"LLC",	   "GmbH",    "AG",
	};
	size_t i;

	for (i = 0; i < sizeof(fillers) / sizeof(fillers[0]); i++)
		if (strcmp(word, fillers[i]) == 0)
			return true;
	return false;
}

static void cut_at(char *text, const char *mark)
{
	char *found = strstr(text, mark);

	if (found && found != text)
		*found = '\0';
}

void eb_names_maker(const struct eb_names *names, uint16_t vendor, char out[EB_NAME_TEXT])
{
	char full[EB_NAME_TEXT];
	const char *inside;
	char *last;
	size_t len;

	eb_names_vendor(names, vendor, full);
	snprintf(out, EB_NAME_TEXT, "%s", full);
	cut_at(out, " [");
	cut_at(out, ", ");
	cut_at(out, " / ");
	cut_at(out, " (");
	while ((last = strrchr(out, ' ')) != NULL && is_filler(last + 1))
		*last = '\0';
	/* "AMD/ATI" is better known than what it stands for, "Acer [ALI]" is not. */
	inside = in_brackets(full, &len);
	if (inside && len < strlen(out) / 2) {
		snprintf(out, EB_NAME_TEXT, "%.*s", (int)len, inside);
		cut_at(out, "/");
	}
}

/* "ASPEED Technology" and "ASPEED Graphics Family": the same first word. */
static bool begins_alike(const char *a, const char *b)
{
	size_t len = strcspn(a, " ");

	return strncmp(a, b, len) == 0 && (b[len] == ' ' || b[len] == '\0');
}

void eb_names_card(const struct eb_names *names, const struct eb_id *id,
		   char out[EB_NAME_TEXT], char chip[EB_NAME_TEXT])
{
	struct eb_text text = eb_text_on(out, EB_NAME_TEXT);
	char maker[EB_NAME_TEXT];
	const char *inside;
	size_t len;

	eb_names_maker(names, id->vendor, maker);
	eb_names_device(names, id, chip);
	inside = in_brackets(chip, &len);
	if (maker[0] && !begins_alike(maker, inside ? inside : chip))
		eb_text_add(&text, "%s ", maker);
	if (!chip[0]) {
		eb_text_add(&text, "card %04x:%04x", id->vendor, id->device);
	} else if (!inside) {
		eb_text_add(&text, "%s", chip);
		chip[0] = '\0';
	} else {
		eb_text_add(&text, "%.*s", (int)len, inside);
		len = (size_t)(inside - 1 - chip);
		while (len > 0 && chip[len - 1] == ' ')
			len--;
		chip[len] = '\0';
	}
}

/* Classes of the PCI Code and ID Assignment Specification. The first that fits counts;
 * a subclass of -1 fits all that are left. */
static const struct {
	uint8_t base;
	int16_t subclass;
	const char *kind;
} kinds[] = {
	{0x01, 0x06, "SATA"},	     {0x01, 0x08, "NVMe"},
	{0x01, -1, "storage"},	     {0x02, -1, "network"},
	{0x03, 0x00, "graphics"},    {0x03, 0x01, "graphics"},
	{0x03, 0x02, "3D graphics"}, {0x03, -1, "display"},
	{0x04, 0x00, "video"},	     {0x04, 0x01, "audio"},
	{0x04, 0x03, "audio"},	     {0x04, -1, "multimedia"},
	{0x05, -1, "memory"},	     {0x06, 0x00, "host bridge"},
	{0x06, 0x01, "ISA bridge"},  {0x06, 0x04, "PCI bridge"},
	{0x06, -1, "bridge"},	     {0x07, -1, "serial port"},
	{0x08, 0x05, "SD card"},     {0x08, 0x06, "IOMMU"},
	{0x08, -1, "system"},	     {0x09, -1, "input"},
	{0x0b, -1, "processor"},     {0x0c, 0x00, "FireWire"},
	{0x0c, 0x03, "USB"},	     {0x0c, 0x04, "Fibre Channel"},
	{0x0c, 0x05, "SMBus"},	     {0x0c, 0x06, "InfiniBand"},
	{0x0c, -1, "serial bus"},    {0x0d, -1, "wireless"},
	{0x10, -1, "encryption"},    {0x11, -1, "signals"},
	{0x12, -1, "accelerator"},
};

const char *eb_names_kind(const struct eb_pci *pci, unsigned int function)
{
	uint32_t class = pci->function[function].class;
	size_t i;

	/* On a graphics card the controller of its USB-C port is 0x0c80, any other
	 * serial bus. */
	if (class >> 8 == 0x0c80 && eb_card_has_display(pci, function))
		return "USB-C (UCSI)";
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].base == class >> 16 &&
		    (kinds[i].subclass < 0 ||
		     kinds[i].subclass == (int)(class >> 8 & 0xff)))
			return kinds[i].kind;
	return "other";
}
