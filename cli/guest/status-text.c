// SPDX-License-Identifier: GPL-2.0-or-later
/* earlybind status for a person: a row for each function, and the sum. */
#include <string.h>

#include "form.h"
#include "status.h"
#include "terminal.h"

/* What has become of DEVICE, as half a sentence. */
static void describe(const struct eb_now_device *device, struct eb_text *text)
{
	const struct eb_boot_device *boot = device->boot;

	switch (device->state) {
	case EB_STATE_KEPT:
		eb_text_add(text, "claimed, still on vfio-pci");
		if (device->reset_known)
			eb_text_add(text, "; resets by %s",
				    device->reset[0] ? device->reset
						     : "no way of its own");
		return;
	case EB_STATE_SINCE:
		eb_text_add(text, "on vfio-pci now; at boot: %s", boot->result);
		break;
	case EB_STATE_LOST:
		eb_text_add(text, "claimed, then lost %s%s",
			    device->driver ? "to " : "and without a driver",
			    device->driver ? device->driver : "");
		return;
	case EB_STATE_REMOVED:
		eb_text_add(text, "%s, and no longer there", boot->result);
		if (device->function != EB_NO_FUNCTION)
			eb_text_add(text, ": another device has its address");
		return;
	case EB_STATE_NOT_CLAIMED:
		eb_text_add(text, "not claimed, %s has it: %s",
			    device->driver ? device->driver : "no driver", boot->result);
		break;
	case EB_STATE_PLANNED:
		eb_text_add(text, "would have been claimed, but for the dry run");
		return;
	}
	if (boot->reason)
		eb_text_add(text, ", %s", boot->reason);
}

struct columns {
	unsigned int address;
	unsigned int kind;
};

static struct columns measure(const struct eb_cli *cli, const struct eb_now *now)
{
	struct columns columns = {0, 0};
	char address[EB_ADDR_TEXT];
	unsigned int i;

	for (i = 0; i < now->count; i++) {
		const struct eb_now_device *d = &now->device[i];
		size_t len = strlen(eb_form_address(&d->boot->addr, address));

		if (len > columns.address)
			columns.address = (unsigned int)len;
		if (d->function == EB_NO_FUNCTION)
			continue;
		len = strlen(eb_names_kind(&cli->survey->pci, (unsigned int)d->function));
		if (len > columns.kind)
			columns.kind = (unsigned int)len;
	}
	return columns;
}

static void print_row(const struct eb_cli *cli, struct eb_term *term,
		      const struct columns *columns, const struct eb_now_device *device)
{
	char line[EB_FINDING_TEXT], address[EB_ADDR_TEXT];
	struct eb_text text = eb_text_on(line, sizeof(line));

	describe(device, &text);
	eb_term_print(term, "%-*s  %-*s  %-9.9s  ", (int)columns->address,
		      eb_form_address(&device->boot->addr, address), (int)columns->kind,
		      device->function == EB_NO_FUNCTION
			      ? ""
			      : eb_names_kind(&cli->survey->pci,
					      (unsigned int)device->function),
		      device->boot->id);
	eb_term_style(term,
		      eb_state_is_well(device->state) ? EB_STYLE_GOOD : EB_STYLE_BAD);
	eb_term_wrap(term, term->column, line);
	eb_term_style(term, EB_STYLE_PLAIN);
	eb_term_print(term, "\n");
}

static void print_arguments(const struct eb_boot *boot, struct eb_term *term)
{
	unsigned int i;

	eb_term_print(term, "Booted with");
	for (i = 0; i < boot->arguments; i++) {
		eb_term_print(term, " ");
		eb_term_style(term, EB_STYLE_TYPE);
		eb_term_wrap(term, 4, boot->argument[i]);
		eb_term_style(term, EB_STYLE_PLAIN);
	}
	eb_term_print(term, "\n");
}

static void print_sum(const struct eb_status *status, struct eb_term *term)
{
	const struct eb_now *now = &status->now;

	if (now->count)
		eb_term_print(
			term,
			"\n%u of %u functions that were asked for %s on vfio-pci.\n",
			status->on_vfio, now->count, status->on_vfio == 1 ? "is" : "are");
	else
		eb_term_print(term, "Nothing that is here was asked for, and nothing "
				    "was claimed.\n");
	if (status->errors)
		eb_term_print(term, "The report of the boot has %u error%s.\n",
			      status->errors, status->errors == 1 ? "" : "s");
	if (status->blocking)
		eb_term_print(term, "%u BAR%s held by something else after the boot.\n",
			      status->blocking,
			      status->blocking == 1 ? " was" : "s were");
	if (!status->well)
		eb_term_print(term, "earlybind diagnose tells what it means and what to "
				    "do.\n");
}

int eb_status_text(const struct eb_cli *cli, const struct eb_status *status)
{
	struct eb_term term = eb_term_on(stdout);
	struct columns columns = measure(cli, &status->now);
	unsigned int i;

	if (!status->asked)
		eb_term_print(&term,
			      "This boot's command line has no vfio.gpus=: no card was "
			      "asked for.\n"
			      "earlybind list shows the argument for each card.\n");
	/* Why it is missing where one was asked for was said as an error. */
	if (!status->report)
		return eb_term_end(&term);
	print_arguments(&status->boot, &term);
	if (status->now.count)
		eb_term_print(&term, "\n");
	for (i = 0; i < status->now.count; i++)
		print_row(cli, &term, &columns, &status->now.device[i]);
	print_sum(status, &term);
	return eb_term_end(&term);
}
