// SPDX-License-Identifier: GPL-2.0-or-later
/* A list of items, and of what was looked at for them. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "items.h"

static struct eb_item *new_item(struct eb_items *items, const char *code,
				enum eb_severity severity, const char *address)
{
	struct eb_item *item = &items->spare;

	if (items->count < EB_MAX_ITEMS)
		item = &items->list[items->count++];
	else
		items->left_out++;
	memset(item, 0, sizeof(*item));
	item->code = code;
	item->severity = severity;
	if (address)
		snprintf(item->address, sizeof(item->address), "%s", address);
	return item;
}

struct eb_item *eb_items_add(struct eb_items *items, enum eb_item_code code,
			     const char *address, const char *format, ...)
{
	struct eb_item *item = new_item(items, eb_item_code_name(code),
					eb_item_code_severity(code), address);
	va_list args;

	va_start(args, format);
	vsnprintf(item->text, sizeof(item->text), format, args);
	va_end(args);
	eb_item_remedy(item, "%s", eb_item_code_remedy(code));
	return item;
}

struct eb_item *eb_items_add_finding(struct eb_items *items, enum eb_code code,
				     const char *address, const char *format, ...)
{
	struct eb_item *item = new_item(items, eb_code_name(code), eb_code_severity(code),
					address);
	va_list args;

	va_start(args, format);
	vsnprintf(item->text, sizeof(item->text), format, args);
	va_end(args);
	eb_item_remedy(item, "%s", eb_finding_remedy(code));
	return item;
}

static enum eb_severity severity_of(const char *name)
{
	if (strcmp(name, eb_severity_name(EB_INFO)) == 0)
		return EB_INFO;
	return strcmp(name, eb_severity_name(EB_WARNING)) == 0 ? EB_WARNING : EB_ERROR;
}

struct eb_item *eb_items_add_reported(struct eb_items *items, const char *code,
				      const char *severity, const char *address,
				      const char *text)
{
	struct eb_item *item = new_item(items, code, severity_of(severity), address);
	int i;

	snprintf(item->text, sizeof(item->text), "%s", text);
	eb_item_remedy(item, "see vfio.gpus(7)");
	for (i = 0; i < EB_CODES; i++)
		if (strcmp(code, eb_code_name((enum eb_code)i)) == 0)
			eb_item_remedy(item, "%s", eb_finding_remedy((enum eb_code)i));
	return item;
}

void eb_item_seen(struct eb_item *item, const char *format, ...)
{
	va_list args;

	if (item->evidence == EB_MAX_EVIDENCE) {
		item->evidence_left_out++;
		return;
	}
	va_start(args, format);
	vsnprintf(item->seen[item->evidence++], EB_FINDING_TEXT, format, args);
	va_end(args);
}

void eb_item_remedy(struct eb_item *item, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(item->remedy, sizeof(item->remedy), format, args);
	va_end(args);
}

struct eb_item *eb_items_find(struct eb_items *items, const char *code,
			      const char *address)
{
	unsigned int i;

	for (i = 0; i < items->count; i++)
		if (strcmp(items->list[i].code, code) == 0 &&
		    (!address || strcmp(items->list[i].address, address) == 0))
			return &items->list[i];
	return NULL;
}

void eb_items_checked(struct eb_items *items, const char *what)
{
	if (items->checked < EB_MAX_CHECKS)
		items->check[items->checked++] = what;
}

void eb_items_not_checked(struct eb_items *items, const char *what, const char *format,
			  ...)
{
	struct eb_not_checked *not_checked;
	va_list args;

	if (items->not_checked == EB_MAX_CHECKS)
		return;
	not_checked = &items->not_check[items->not_checked++];
	not_checked->what = what;
	va_start(args, format);
	vsnprintf(not_checked->why, sizeof(not_checked->why), format, args);
	va_end(args);
}

void eb_items_sort(struct eb_items *items)
{
	unsigned int i, j;

	/* By insertion: few, and equals stay in their order. */
	for (i = 1; i < items->count; i++) {
		items->spare = items->list[i];
		for (j = i; j > 0 && items->list[j - 1].severity > items->spare.severity;
		     j--)
			items->list[j] = items->list[j - 1];
		items->list[j] = items->spare;
	}
}

unsigned int eb_items_count(const struct eb_items *items, enum eb_severity severity)
{
	unsigned int i, count = 0;

	for (i = 0; i < items->count; i++)
		count += items->list[i].severity == severity;
	return count;
}
