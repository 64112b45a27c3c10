// SPDX-License-Identifier: GPL-2.0-or-later
/* The report as lines for people: boot.log, and the few for the kernel log. */
#include <stdio.h>
#include <string.h>

#include <earlybind/out.h>
#include <earlybind/remedy.h>
#include <earlybind/report.h>

void eb_report_device_line(const struct eb_report *report, const struct eb_device *device,
			   struct eb_text *line)
{
	const struct eb_function *f = &report->pci->function[device->function];
	const char *before = eb_pci_driver(report->pci, f);
	char addr[EB_ADDR_TEXT];

	eb_text_add(line, "%s: ", eb_addr_print(&f->addr, addr));
	switch (device->result) {
	case EB_RESULT_PLANNED:
		eb_text_add(line, "would be bound to vfio-pci");
		break;
	case EB_RESULT_CLAIMED:
		eb_text_add(line, "bound to vfio-pci");
		break;
	case EB_RESULT_REFUSED:
		eb_text_add(line, "not claimed");
		break;
	case EB_RESULT_FAILED:
		eb_text_add(line, "not bound to vfio-pci");
		break;
	case EB_RESULT_TIMEOUT:
		eb_text_add(line, "given up");
		break;
	}
	if (device->result == EB_RESULT_CLAIMED || device->result == EB_RESULT_PLANNED) {
		if (before && strcmp(before, "vfio-pci") == 0)
			eb_text_add(line, " (was already)");
		else if (before)
			eb_text_add(line, " (was %s)", before);
		else
			eb_text_add(line, " (had no driver)");
		return;
	}
	if (device->after_known && device->after[0])
		eb_text_add(line, ", has driver %s", device->after);
	eb_text_add(line, ": %s", device->reason);
}

/* The first thing that still blocks a BAR of DEVICE, or NULL. */
static const struct eb_conflict *remaining(const struct eb_report *report,
					   const struct eb_device *device)
{
	enum eb_when when = device->result == EB_RESULT_PLANNED ? EB_BEFORE : EB_AFTER;
	unsigned int i;

	for (i = 0; i < report->conflicts->count; i++) {
		const struct eb_conflict *c = &report->conflicts->list[i];

		if (c->function == device->function && c->when == when && c->blocks)
			return c;
	}
	return NULL;
}

static enum eb_level level_of(const struct eb_report *report,
			      const struct eb_device *device)
{
	switch (device->result) {
	case EB_RESULT_REFUSED:
	case EB_RESULT_FAILED:
	case EB_RESULT_TIMEOUT:
		return EB_LEVEL_ERR;
	case EB_RESULT_PLANNED:
	case EB_RESULT_CLAIMED:
		return remaining(report, device) ? EB_LEVEL_WARNING : EB_LEVEL_NOTICE;
	}
	return EB_LEVEL_ERR;
}

/* Lines that are said, and those for which there was no room. */
struct teller {
	const struct eb_report *report;
	void (*say)(void *ctx, enum eb_level level, const char *line);
	void *ctx;
	unsigned int room; /* for how many lines */
	unsigned int left_out;
};

static void tell(struct teller *t, enum eb_level level, const char *text)
{
	if (t->room > 0) {
		t->room--;
		t->say(t->ctx, level, text);
	} else {
		t->left_out++;
	}
}

/* "efifb occupies RANGE", or that there is no address. */
static void add_owner(struct eb_text *text, const struct eb_conflict *c)
{
	char range[EB_RANGE_TEXT];

	if (strcmp(c->owner, EB_OWNER_UNASSIGNED) == 0)
		eb_text_add(text, "it has no address");
	else
		eb_text_add(text, "%s occupies %s", c->owner,
			    eb_addr_print_range(&c->range, range));
}

static void tell_device(struct teller *t, const struct eb_device *device,
			enum eb_level level)
{
	const struct eb_conflict *c = remaining(t->report, device);
	char line[EB_LINE_TEXT];
	struct eb_text text = eb_text_on(line, sizeof(line));

	eb_report_device_line(t->report, device, &text);
	if (level == EB_LEVEL_WARNING && c) {
		eb_text_add(&text, ", but a guest cannot use BAR %u: ", c->bar);
		add_owner(&text, c);
	}
	tell(t, level, line);
}

static void tell_devices(struct teller *t, enum eb_level level)
{
	unsigned int i;

	for (i = 0; i < t->report->plan->count; i++)
		if (level_of(t->report, &t->report->plan->device[i]) == level)
			tell_device(t, &t->report->plan->device[i], level);
}

/* Errors that no device's line can tell. */
static bool told_apart(const struct eb_report *report, const struct eb_finding *finding)
{
	unsigned int i;

	if (eb_finding_severity(finding->code) != EB_ERROR)
		return false;
	for (i = 0; finding->has_addr && i < report->plan->count; i++) {
		const struct eb_device *device = &report->plan->device[i];

		if (eb_addr_compare(&report->pci->function[device->function].addr,
				    &finding->addr) == 0)
			return false;
	}
	return true;
}

static void tell_all(struct teller *t)
{
	unsigned int i;

	for (i = 0; i < t->report->findings->count; i++)
		if (told_apart(t->report, &t->report->findings->list[i]))
			tell(t, EB_LEVEL_ERR, t->report->findings->list[i].text);
	tell_devices(t, EB_LEVEL_ERR);
	tell_devices(t, EB_LEVEL_WARNING);
	tell_devices(t, EB_LEVEL_NOTICE);
}

void eb_report_say(const struct eb_report *report,
		   void (*say)(void *ctx, enum eb_level level, const char *line),
		   void *ctx, unsigned int lines)
{
	struct teller t = {.report = report, .say = say, .ctx = ctx};
	char line[EB_LINE_TEXT];
	struct eb_text text;

	if (lines == 0)
		return;
	/* Without room, to count them; then the last line may have to be for the rest. */
	tell_all(&t);
	t.room = t.left_out > lines ? lines - 1 : lines;
	t.left_out = 0;
	tell_all(&t);
	if (t.left_out == 0)
		return;
	text = eb_text_on(line, sizeof(line));
	eb_text_add(&text, "%u more lines are in /" EB_REPORT_LOG, t.left_out);
	say(ctx, EB_LEVEL_WARNING, line);
}

static void put_line(struct eb_out *out, const char *prefix, const char *text)
{
	eb_out_text(out, prefix);
	eb_out_text(out, text);
	eb_out_text(out, "\n");
}

static void put_conflicts(const struct eb_report *report, struct eb_out *out)
{
	char line[EB_FINDING_TEXT], addr[EB_ADDR_TEXT];
	unsigned int i;

	for (i = 0; i < report->conflicts->count; i++) {
		const struct eb_conflict *c = &report->conflicts->list[i];
		struct eb_text text = eb_text_on(line, sizeof(line));

		if (!eb_report_has_conflict(report, c))
			continue;
		eb_text_add(&text, "%s: BAR %u %s binding: ",
			    eb_addr_print(&report->pci->function[c->function].addr, addr),
			    c->bar, eb_conflict_when(c->when));
		add_owner(&text, c);
		eb_text_add(&text, ", which %s",
			    c->blocks ? "blocks it; " : "does not block it: ");
		eb_text_add(&text, "%s",
			    c->remedy == EB_REMEDY_RELEASE && !c->blocks
				    ? "earlybind.fb=release frees it"
				    : eb_remedy_text(c->remedy));
		put_line(out, "conflict: ", line);
	}
}

int eb_report_text(const struct eb_report *report, int fd)
{
	struct eb_out out = eb_out_on(fd);
	char line[EB_FINDING_TEXT];
	struct eb_text text = eb_text_on(line, sizeof(line));
	unsigned int i;

	eb_text_add(&text,
		    "earlybind %s, kernel %s%s: held after %u us, done after %u us",
		    EB_VERSION, report->machine->release,
		    report->request->options.dryrun ? ", dry run" : "",
		    (unsigned int)report->held_us, (unsigned int)report->elapsed_us);
	put_line(&out, "", line);
	for (i = 0; i < report->plan->count; i++) {
		text = eb_text_on(line, sizeof(line));
		eb_report_device_line(report, &report->plan->device[i], &text);
		put_line(&out, "", line);
	}
	put_conflicts(report, &out);
	for (i = 0; i < report->findings->count; i++) {
		const struct eb_finding *finding = &report->findings->list[i];

		text = eb_text_on(line, 64);
		eb_text_add(&text, "%s %s: ",
			    eb_finding_severity_name(eb_finding_severity(finding->code)),
			    eb_finding_name(finding->code));
		put_line(&out, line, finding->text);
	}
	if (report->plan->count == 0 && report->findings->count == 0)
		put_line(&out, "", "nothing was selected, nothing was claimed");
	return eb_out_end(&out);
}
