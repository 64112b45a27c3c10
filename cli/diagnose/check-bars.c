// SPDX-License-Identifier: GPL-2.0-or-later
/* diagnose: who holds BARs now, and what the kernel log says since boot. */
#include <stdio.h>
#include <string.h>

#include <earlybind/judge.h>

#include "diagnose.h"

static const char *address_of(const struct eb_diagnosis *d, int function,
			      char out[EB_ADDR_TEXT])
{
	return eb_addr_print(&d->cli->survey->pci.function[function].addr, out);
}

/* Has a guest met it? Then the lines that say so are evidence of ITEM, if there is one.
 */
static bool was_met(const struct eb_diagnosis *d, int function, unsigned int bar,
		    struct eb_item *item)
{
	const struct eb_klog *klog = &d->cli->survey->klog;
	bool met = false;
	unsigned int i;

	for (i = 0; i < klog->count; i++) {
		const struct eb_klog_line *line = &klog->line[i];

		if (line->kind != EB_KLOG_RESERVE || line->function != function ||
		    line->bar != bar)
			continue;
		met = true;
		if (item)
			eb_item_seen(item, "kernel log: %s", line->text);
	}
	return met;
}

/* Does an earlier one of the list speak of the same BAR? */
static bool said_before(const struct eb_conflicts *conflicts, unsigned int index)
{
	const struct eb_conflict *c = &conflicts->list[index];
	unsigned int i;

	for (i = 0; i < index; i++)
		if (conflicts->list[i].function == c->function &&
		    conflicts->list[i].bar == c->bar && conflicts->list[i].blocks)
			return true;
	return false;
}

static void say_unassigned(struct eb_diagnosis *d, const struct eb_conflict *c)
{
	char address[EB_ADDR_TEXT];
	struct eb_item *item;

	address_of(d, c->function, address);
	item = eb_items_add_finding(&d->items, EB_FIND_BAR_UNASSIGNED, address,
				    "%s has no address for BAR %u, so a guest cannot use "
				    "it: firmware and kernel found no room",
				    address, c->bar);
	if (c->evidence >= 0)
		eb_item_seen(item, "kernel log: %s",
			     d->cli->survey->klog.line[c->evidence].text);
	eb_item_remedy(item, "%s", eb_remedy_text(c->remedy));
}

static void say_owners(const struct eb_diagnosis *d, const struct eb_conflict *c,
		       struct eb_item *item)
{
	const struct eb_survey *survey = d->cli->survey;
	const struct eb_detail *detail = eb_pci_detail(&survey->pci,
						       (unsigned int)c->function);
	char range[EB_RANGE_TEXT], bar[EB_RANGE_TEXT];
	unsigned int i;

	for (i = 0; i < survey->conflicts.count; i++) {
		const struct eb_conflict *other = &survey->conflicts.list[i];

		if (other->function == c->function && other->bar == c->bar)
			eb_item_seen(item, "/proc/iomem: %s has %s, BAR %u is %s",
				     other->owner, eb_range_print(&other->range, range),
				     c->bar,
				     eb_range_print(&detail->bar[c->bar].range, bar));
	}
}

static void say_held(struct eb_diagnosis *d, const struct eb_conflict *c)
{
	const struct eb_request *request = &d->cli->survey->request;
	bool met = was_met(d, c->function, c->bar, NULL);
	char address[EB_ADDR_TEXT];
	struct eb_item *item;

	address_of(d, c->function, address);
	if (met)
		item = eb_items_add(&d->items, EB_ITEM_CANT_RESERVE, address,
				    "a guest did not get BAR %u of %s, and %s holds it "
				    "still",
				    c->bar, address, c->owner);
	else
		item = eb_items_add_finding(&d->items, EB_FIND_BAR_HELD, address,
					    "%s holds BAR %u of %s: a guest will not get "
					    "it",
					    c->owner, c->bar, address);
	say_owners(d, c, item);
	was_met(d, c->function, c->bar, item);
	eb_item_remedy(item, "%s", eb_remedy_text(c->remedy));
	if (request->efifb_off && c->remedy != EB_REMEDY_RELEASE)
		eb_items_add_finding(&d->items, EB_FIND_VIDEO_OFF, address,
				     "video=efifb:off is given and has not helped "
				     "against %s on %s: efifb alone reads it",
				     c->owner, address);
}

static void scan(struct eb_diagnosis *d)
{
	struct eb_survey *survey = d->cli->survey;
	struct eb_conflicts *conflicts = &survey->conflicts;
	int err = eb_conflict_scan(d->cli->root, &survey->pci, &survey->machine,
				   &survey->klog, EB_AFTER, conflicts);
	unsigned int i;

	/* What cannot be read hides as much as what reads as zeros. */
	conflicts->hidden = conflicts->hidden || err < 0;
	eb_judge_conflicts(&survey->request, &survey->pci, &survey->machine, &survey->plan,
			EB_AFTER, conflicts);
	for (i = 0; i < conflicts->count; i++) {
		const struct eb_conflict *c = &conflicts->list[i];

		if (!c->blocks || !eb_plan_takes(&survey->plan, c->function) ||
		    said_before(conflicts, i))
			continue;
		if (strcmp(c->owner, EB_OWNER_UNASSIGNED) == 0)
			say_unassigned(d, c);
		else
			say_held(d, c);
	}
	if (conflicts->hidden)
		eb_items_not_checked(&d->items, "bars",
				     "/proc/iomem shows no addresses; run it as root");
	else
		eb_items_checked(&d->items, "bars");
}

/* Is LINE, or another of the same BAR, evidence already? */
static bool was_said(const struct eb_diagnosis *d, const struct eb_klog_line *line)
{
	const char *code = eb_item_code_name(EB_ITEM_CANT_RESERVE);
	char address[EB_ADDR_TEXT], bar[16];
	unsigned int i;

	address_of(d, line->function, address);
	snprintf(bar, sizeof(bar), "BAR %u of ", line->bar);
	for (i = 0; i < d->items.count; i++) {
		const struct eb_item *item = &d->items.list[i];

		if (strcmp(item->code, code) == 0 &&
		    strcmp(item->address, address) == 0 && strstr(item->text, bar))
			return true;
	}
	return false;
}

/* A guest was refused a BAR that, as far as is known, nobody holds now. */
static void say_refused(struct eb_diagnosis *d, const struct eb_klog_line *line)
{
	bool hidden = d->cli->survey->conflicts.hidden;
	char address[EB_ADDR_TEXT];
	struct eb_item *item;

	if (was_said(d, line))
		return;
	address_of(d, line->function, address);
	item = eb_items_add(&d->items, EB_ITEM_CANT_RESERVE, address,
			    "a guest did not get BAR %u of %s since boot; %s", line->bar,
			    address,
			    hidden ? "who holds it is not known" : "nobody holds it now");
	was_met(d, line->function, line->bar, item);
	if (hidden)
		eb_item_remedy(item, "run earlybind diagnose as root");
}

/* One item of CODE for a function, with each line as evidence. */
static void say_line(struct eb_diagnosis *d, enum eb_item_code code,
		     const struct eb_klog_line *line, const char *what)
{
	char address[EB_ADDR_TEXT];
	struct eb_item *item;

	address_of(d, line->function, address);
	item = eb_items_find(&d->items, eb_item_code_name(code), address);
	if (!item)
		item = eb_items_add(&d->items, code, address, "%s %s", address, what);
	eb_item_seen(item, "kernel log: %s", line->text);
}

static void see_line(struct eb_diagnosis *d, const struct eb_klog_line *line)
{
	bool claimed = eb_plan_takes(&d->cli->survey->plan, line->function);

	if (!eb_plan_find(&d->cli->survey->plan, line->function))
		return;
	switch (line->kind) {
	case EB_KLOG_NO_ROOM:
		break; /* evidence of BARs without an address */
	case EB_KLOG_RESERVE:
		if (claimed && line->bar != EB_NO_BAR)
			say_refused(d, line);
		break;
	case EB_KLOG_PROBE:
		if (!claimed && strstr(line->text, "vfio"))
			say_line(d, EB_ITEM_PROBE_FAILED, line,
				 strstr(line->text, "error -22")
					 ? "was not taken by vfio-pci: it is in no IOMMU "
					   "group, or vfio-pci denies it"
					 : "was not taken by vfio-pci");
		break;
	case EB_KLOG_POWER:
		say_line(d, EB_ITEM_POWER_STATE, line,
			 "did not wake from its sleep (D3)");
		break;
	case EB_KLOG_RESET:
		say_line(d, EB_ITEM_RESET_TROUBLE, line,
			 "did not come back well from a reset");
		break;
	}
}

void eb_check_bars(struct eb_diagnosis *d)
{
	struct eb_klog *klog = &d->cli->survey->klog;
	int err = eb_klog_read(d->cli->root, &d->cli->survey->pci, klog);
	unsigned int i;

	scan(d);
	for (i = 0; i < klog->count; i++)
		see_line(d, &klog->line[i]);
	if (err < 0)
		eb_items_not_checked(&d->items, "kernel-log",
				     "/dev/kmsg cannot be read: %s; run it as root",
				     strerror(-err));
	else if (klog->left_out)
		eb_items_not_checked(&d->items, "kernel-log",
				     "%u more lines on these functions than are kept; "
				     "see dmesg",
				     klog->left_out);
	else
		eb_items_checked(&d->items, "kernel-log");
}
