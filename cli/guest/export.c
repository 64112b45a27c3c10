// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind export: claimed cards as the text that goes into a guest's configuration. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "export.h"

static const struct eb_export_format formats[] = {
	{"libvirt", "<!-- ", " -->", true, eb_export_libvirt},
	{"qemu", "# ", "", true, eb_export_qemu},
	{"proxmox", "# ", "", false, eb_export_proxmox},
	{"kubevirt", "# ", "", false, eb_export_kubevirt},
};
#define FORMATS (sizeof(formats) / sizeof(formats[0]))

/* The format that is asked for, or NULL and it was said. */
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
		eb_cli_error("nothing is claimed, as this boot's command line has no "
			     "vfio.gpus=; earlybind list shows the argument for each "
			     "card, and once it has booted with one, export has it");
	else
		eb_cli_error("there is no %s/%s to tell what was claimed; earlybind "
			     "status tells why that may be",
			     cli->root_path, EB_REPORT_JSON);
	return EB_EXIT_LOOK;
}

/* Say what was asked for and is wanted here, and cannot be exported. How many. */
static unsigned int say_missing(const struct eb_export *export)
{
	const struct eb_now *now = &export->now;
	unsigned int i, count = 0;

	for (i = 0; i < now->count; i++) {
		const struct eb_now_device *device = &now->device[i];
		const char *address = device->boot->address;

		if (eb_state_on_vfio(device->state) || !eb_export_wants(export, device))
			continue;
		count++;
		if (device->state == EB_STATE_REMOVED)
			eb_cli_error("%s is left out: it was there at boot and is no "
				     "longer, see earlybind status",
				     address);
		else if (device->state == EB_STATE_PLANNED)
			eb_cli_error("%s is left out: this boot was a dry run; take "
				     "earlybind.dryrun=1 away and reboot",
				     address);
		else
			eb_cli_error("%s is left out: %s has it, and not vfio-pci; "
				     "earlybind diagnose tells why and what to do",
				     address,
				     device->driver ? device->driver : "no driver");
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
			eb_cli_error("nothing was claimed in this boot; earlybind status "
				     "has more");
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
	struct eb_boot *boot = calloc(1, sizeof(*boot));
	const char *why;
	int err, code;

	if (!boot) {
		eb_cli_error("out of memory");
		return EB_EXIT_USAGE;
	}
	err = eb_boot_read(cli->root, boot, &why);
	if (err == -ENOENT) {
		code = without_report(cli);
	} else if (err < 0) {
		eb_cli_error("%s/%s cannot be read: %s", cli->root_path, EB_REPORT_JSON,
			     why);
		code = EB_EXIT_USAGE;
	} else {
		eb_now_look(cli, boot, &export->now);
		code = print(export);
	}
	eb_boot_free(boot);
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
	.help = "Prints the text that gives the claimed cards to a guest. --format is one of\n"
		"\n"
		"  libvirt   <hostdev> elements for <devices> in the XML of a guest\n"
		"  qemu      -device options\n"
		"  proxmox   hostpci lines of a VM's configuration\n"
		"  kubevirt  permittedHostDevices of the KubeVirt resource\n"
		"\n"
		"An address such as 05:00 is that of a card, 05:00.0 of a function alone; without\n"
		"one there are all cards that were claimed at boot. Nothing is changed.\n"
		"\n"
		"Exit status: 0, or 1 when there is nothing to export or something that was asked\n"
		"for at boot is left out, which is said; 2 when something cannot be read.\n",
	.run = run,
};
