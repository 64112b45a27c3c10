// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind status --format prometheus: metrics for node_exporter's textfile collector,
 * in the text format of Prometheus, version 0.0.4. */
#include <string.h>

#include "status.h"
#include "terminal.h"

static bool alike(const struct eb_boot_finding *a, const struct eb_boot_finding *b)
{
	return strcmp(a->code, b->code) == 0 && strcmp(a->severity, b->severity) == 0;
}

static void head(struct eb_term *term, const char *name, const char *help)
{
	eb_term_print(term, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static void metric(struct eb_term *term, const char *name, const char *help,
		   unsigned int value)
{
	head(term, name, help);
	eb_term_print(term, "%s %u\n", name, value);
}

/* Print NAME="VALUE". Bytes that are not printable ASCII come as '?', so of the three
 * that the format escapes two are left. */
static void label(struct eb_term *term, const char *name, const char *value)
{
	eb_term_print(term, "%s=\"", name);
	for (; *value; value++)
		eb_term_print(term, *value == '"' || *value == '\\' ? "\\%c" : "%c",
			      *value == '\n' ? '?' : *value);
	eb_term_print(term, "\"");
}

static void print_info(struct eb_term *term, const struct eb_status *status)
{
	head(term, "earlybind_info",
	     "Version of the command, of the agent that booted, and the kernel.");
	eb_term_print(term, "earlybind_info{");
	label(term, "version", EB_VERSION);
	eb_term_print(term, ",");
	label(term, "agent", status->report ? status->boot.version : "");
	eb_term_print(term, ",");
	label(term, "kernel", status->boot.kernel ? status->boot.kernel : "");
	eb_term_print(term, "} 1\n");
}

static void print_functions(struct eb_term *term, const struct eb_comparison *now)
{
	enum eb_state state;
	unsigned int i;

	head(term, "earlybind_functions",
	     "Functions that were asked for at boot, by what has become of them.");
	for (state = EB_STATE_KEPT; state <= EB_STATE_PLANNED; state++) {
		unsigned int count = 0;

		for (i = 0; i < now->count; i++)
			count += now->device[i].state == state;
		eb_term_print(term, "earlybind_functions{");
		label(term, "state", eb_compare_name(state));
		eb_term_print(term, "} %u\n", count);
	}
	if (now->count == 0)
		return;
	head(term, "earlybind_function_on_vfio_pci",
	     "Is this function, which was asked for at boot, on vfio-pci now?");
	for (i = 0; i < now->count; i++) {
		const struct eb_compared *device = &now->device[i];

		eb_term_print(term, "earlybind_function_on_vfio_pci{");
		label(term, "address", device->boot->address);
		eb_term_print(term, ",");
		label(term, "id", device->boot->id);
		eb_term_print(term, "} %d\n", eb_compare_on_vfio(device->state));
	}
}

/* A finding of each code and severity stands for all, at its first place. */
static void print_findings(struct eb_term *term, const struct eb_boot_report *boot)
{
	unsigned int i, j, first, count;

	if (boot->findings == 0)
		return;
	head(term, "earlybind_findings",
	     "Findings in the report of the boot, by code and severity.");
	for (i = 0; i < boot->findings; i++) {
		for (first = boot->findings, count = 0, j = 0; j < boot->findings; j++) {
			if (!alike(&boot->finding[j], &boot->finding[i]))
				continue;
			if (count++ == 0)
				first = j;
		}
		if (first != i)
			continue;
		eb_term_print(term, "earlybind_findings{");
		label(term, "code", boot->finding[i].code);
		eb_term_print(term, ",");
		label(term, "severity", boot->finding[i].severity);
		eb_term_print(term, "} %u\n", count);
	}
}

/* Asked for and not on vfio-pci, but for what a dry run left alone on purpose. */
static unsigned int failed(const struct eb_comparison *now)
{
	unsigned int i, count = 0;

	for (i = 0; i < now->count; i++)
		count += !eb_compare_is_well(now->device[i].state);
	return count;
}

int eb_status_prometheus(const struct eb_cli *cli, const struct eb_status *status)
{
	struct eb_term term = eb_term_on(stdout);

	(void)cli;
	print_info(&term, status);
	metric(&term, "earlybind_well",
	       "Is all as it should be, as earlybind status has it?", status->well);
	metric(&term, "earlybind_asked",
	       "Had the command line of this boot a vfio.gpus=?", status->asked);
	metric(&term, "earlybind_report_present",
	       "Did the agent leave a report in this boot that can be read?",
	       status->report);
	metric(&term, "earlybind_claimed_functions",
	       "Functions that were asked for and are on vfio-pci now.", status->on_vfio);
	metric(&term, "earlybind_failed_functions",
	       "Functions that were asked for and are not on vfio-pci now.",
	       failed(&status->now));
	metric(&term, "earlybind_conflicts_blocking",
	       "BARs of claimed functions that something else held after the boot.",
	       status->blocking);
	print_functions(&term, &status->now);
	print_findings(&term, &status->boot);
	return eb_term_end(&term);
}
