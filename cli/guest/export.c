// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind export: claimed cards as the text that goes into a guest's configuration. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <earlybind/card.h>

#include "export.h"
#include "cards/part.h"

/* --- what all formats say in comments: which card it is, what is not with it --- */

void eb_export_comment(struct eb_export *export, unsigned int indent, const char *format,
		       ...)
{
	char *text, *at;
	va_list args;
	int n;

	va_start(args, format);
	n = vasprintf(&text, format, args);
	va_end(args);
	if (n < 0)
		return;
	/* A name has no say over where a comment ends: two dashes end one in XML
	 * (XML 1.0, 2.5), a new line does elsewhere. */
	for (at = text; *at; at++) {
		if (*at == '\n')
			*at = '?';
		if (export->format->end[0] && at[0] == '-' && at[1] == '-')
			*at = '~';
	}
	eb_term_to(&export->term, indent);
	eb_term_print(&export->term, "%s%s%s\n", export->format->comment, text,
		      export->format->end);
	free(text);
}

static void add_function(struct eb_text *text, const struct eb_pci *pci,
			 unsigned int function)
{
	const struct eb_function *f = &pci->function[function];
	char address[EB_ADDR_TEXT];

	eb_text_add(text, "%s %s %04x:%04x", eb_part_address(&f->addr, address),
		    eb_names_kind(pci, function), f->id.vendor, f->id.device);
}

/* What of DEVICE's card is not exported, though it would be claimed with it. */
static void describe_rest(struct eb_export *export, const struct eb_export_device *device,
			  unsigned int indent)
{
	const struct eb_pci *pci = export->pci;
	char buf[512];
	struct eb_text text = eb_text_on(buf, sizeof(buf));
	int i;

	for (i = eb_part_first(pci, device->card, EB_PART_FUNCTION); i != EB_NO_FUNCTION;
	     i = eb_part_next(pci, i, EB_PART_FUNCTION)) {
		const char *driver = eb_pci_driver(pci, &pci->function[i]);

		if (eb_export_has(export, (unsigned int)i))
			continue;
		eb_text_add(&text, text.len ? ", " : "");
		add_function(&text, pci, (unsigned int)i);
		eb_text_add(&text, " (%s)", driver ? driver : "no driver");
	}
	if (text.len)
		eb_export_comment(export, indent, "not exported of this card: %s", buf);
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

		if (f->group == group && !eb_card_same(pci, device->card, i) &&
		    eb_part_on_vfio(pci, i))
			eb_text_add(&text, "%s%s", text.len ? ", " : "",
				    eb_part_address(&f->addr, address));
	}
	if (text.len)
		eb_export_comment(
			export, indent,
			"in one IOMMU group with %s: a group is assigned to one "
			"guest as a whole",
			buf);
}

void eb_export_describe(struct eb_export *export, const struct eb_export_device *device,
			unsigned int indent)
{
	const struct eb_pci *pci = export->pci;
	unsigned int named = eb_part_named(pci, device->card);
	const struct eb_addr *addr = &pci->function[device->function[0].function].addr;
	char name[EB_NAME_TEXT], chip[EB_NAME_TEXT], slot[EB_ADDR_TEXT], buf[512];
	struct eb_text text = eb_text_on(buf, sizeof(buf));
	unsigned int i;

	eb_names_card(&export->cli->names, &pci->function[named].id, name, chip);
	for (i = 0; i < device->count; i++) {
		eb_text_add(&text, i ? ", " : "");
		add_function(&text, pci, device->function[i].function);
	}
	eb_export_comment(export, indent, "%s %s%s%s%s%s: %s", eb_part_slot(addr, slot),
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
				  "the guest sees function %u as function 0, which every "
				  "device must have",
				  addr->function);
}

/* --- the command --- */

static const struct eb_export_format formats[] = {
	{"libvirt", "<!-- ", " -->", true, eb_export_libvirt},
	{"qemu", "# ", "", true, eb_export_qemu},
	{"proxmox", "# ", "", false, eb_export_proxmox},
	{"kubevirt", "# ", "", false, eb_export_kubevirt},
};
#define FORMATS (sizeof(formats) / sizeof(formats[0]))

/* The format that is asked for, or NULL after an error message. */
static const struct eb_export_format *find_format(const struct eb_cli *cli)
{
	const char *names[FORMATS];
	size_t i;
	int found;

	if (!cli->format) {
		eb_cli_error("export needs --format libvirt, qemu, proxmox or kubevirt");
		return NULL;
	}
	for (i = 0; i < FORMATS; i++)
		names[i] = formats[i].name;
	found = eb_cli_find_format(cli, "export", names, FORMATS);
	return found < 0 ? NULL : &formats[found];
}

/* There is no report. What to do before there is something to export. */
static int without_report(const struct eb_cli *cli)
{
	bool known = eb_survey_request(cli->survey, cli->root) == 0;

	if (known && !cli->survey->request.asked)
		eb_cli_error("nothing is claimed: this boot's command line has no "
			     "vfio.gpus=; earlybind list shows the argument for each "
			     "card; add one, reboot, and run export again");
	else
		eb_cli_error("there is no %s/%s, which records what was claimed; run "
			     "earlybind status for the likely cause",
			     cli->root_path, EB_REPORT_JSON);
	return EB_EXIT_LOOK;
}

/* Say what was asked for and is wanted here, and cannot be exported. How many. */
static unsigned int say_missing(const struct eb_export *export)
{
	const struct eb_comparison *now = &export->now;
	unsigned int i, count = 0;

	for (i = 0; i < now->count; i++) {
		const struct eb_compared *device = &now->device[i];
		const char *address = device->boot->address;

		if (eb_compare_on_vfio(device->state) || !eb_export_wants(export, device))
			continue;
		count++;
		if (device->state == EB_STATE_REMOVED)
			eb_cli_error("%s is left out: it was present at boot and is gone "
				     "now; see earlybind status",
				     address);
		else if (device->state == EB_STATE_PLANNED)
			eb_cli_error("%s is left out: this boot was a dry run; remove "
				     "earlybind.dryrun=1 and reboot",
				     address);
		else
			eb_cli_error("%s is left out: %s%s, not to vfio-pci; earlybind "
				     "diagnose explains why and what to do",
				     address,
				     device->driver ? "it is bound to "
						    : "it is bound to no driver",
				     device->driver ? device->driver : "");
	}
	return count;
}

static int print(struct eb_export *export)
{
	unsigned int missing;
	int code = eb_export_want(export);

	if (code)
		return code;
	eb_export_choose(export);
	missing = say_missing(export);
	if (export->devices == 0) {
		if (!missing)
			eb_cli_error("nothing was claimed in this boot; run earlybind "
				     "status for details");
		return EB_EXIT_LOOK;
	}
	export->term = eb_term_on(stdout);
	export->format->print(export);
	return eb_cli_end(eb_term_end(&export->term),
			  missing ? EB_EXIT_LOOK : EB_EXIT_WELL);
}

static int read_and_print(struct eb_export *export)
{
	const struct eb_cli *cli = export->cli;
	struct eb_boot_report *boot = calloc(1, sizeof(*boot));
	const char *why;
	int err, code;

	if (!boot) {
		eb_cli_error("out of memory");
		return EB_EXIT_USAGE;
	}
	err = eb_report_read(cli->root, boot, &why);
	if (err == -ENOENT) {
		code = without_report(cli);
	} else if (err < 0) {
		eb_cli_error("%s/%s cannot be read: %s", cli->root_path, EB_REPORT_JSON,
			     why);
		code = EB_EXIT_USAGE;
	} else {
		eb_compare_report(cli, boot, &export->now);
		code = print(export);
	}
	eb_report_free(boot);
	free(boot);
	return code;
}

static int run(struct eb_cli *cli)
{
	const struct eb_export_format *format = find_format(cli);
	struct eb_export *export;
	int code;

	if (!format || eb_cli_check_machine(cli))
		return EB_EXIT_USAGE;
	export = calloc(1, sizeof(*export));
	if (!export) {
		eb_cli_error("out of memory");
		return EB_EXIT_USAGE;
	}
	export->cli = cli;
	export->pci = &cli->survey->pci;
	export->format = format;
	code = read_and_print(export);
	free(export);
	return code;
}

const struct eb_command eb_command_export = {
	.name = "export",
	.args = "[ADDR]...",
	.options = "--format NAME",
	.summary = "claimed cards for a guest's configuration",
	.help = "Prints the configuration that assigns the claimed cards to a guest. --format is\n"
		"one of\n"
		"\n"
		"  libvirt   <hostdev> elements for <devices> in the XML of a guest\n"
		"  qemu      -device options\n"
		"  proxmox   hostpci lines of a VM's configuration\n"
		"  kubevirt  permittedHostDevices of the KubeVirt resource\n"
		"\n"
		"An address such as 05:00 names a card, 05:00.0 a single function; without one,\n"
		"all cards that were claimed at boot are exported. Nothing is changed.\n"
		"\n"
		"Exit status: 0, or 1 when there is nothing to export or when something that was\n"
		"asked for at boot is left out; 2 when something cannot be read.\n",
	.run = run,
};
