// SPDX-License-Identifier: GPL-2.0-or-later
/* What the kernel log says of functions: BARs without room, and refusals later on. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <earlybind/klog.h>
#include <earlybind/sysfs.h>

/* More records than a kernel log of 1 MiB holds. */
#define MAX_RECORDS 20000

/* Words of drivers/pci/setup-res.c and setup-bus.c, 5.10 to 7.2: no address for a BAR. */
static const struct eb_klog_phrase no_room[] = {
	{"no space", EB_KLOG_NO_ROOM, false},
	{"failed to assign", EB_KLOG_NO_ROOM, false},
	{"can't assign", EB_KLOG_NO_ROOM, false},
	{"can't claim", EB_KLOG_NO_ROOM, false},
	{"no compatible bridge window", EB_KLOG_NO_ROOM, false},
	{"address conflict", EB_KLOG_NO_ROOM, false},
	{"can't enable device", EB_KLOG_NO_ROOM, false},
	{NULL, EB_KLOG_NO_ROOM, false},
};

/* The first word of TEXT that is an address, "0000:05:00.0:" as a driver core message
 * begins its line. */
static bool find_address(const char *text, struct eb_addr *addr)
{
	int words;

	for (words = 0; words < 4; words++) {
		size_t len = strcspn(text, " ");

		if (len > 0 &&
		    eb_addr_parse(text, len - (text[len - 1] == ':'), addr) == 0)
			return true;
		text += len;
		if (*text == '\0')
			return false;
		text++;
	}
	return false;
}

/* The BAR that TEXT names. BARs of virtual functions are 7 to 12, in newer kernels
 * "VF BAR 0" (drivers/pci/pci.c, pci_resource_name). */
static uint8_t find_bar(const char *text)
{
	const char *bar = strstr(text, "BAR ");

	if (!bar || bar[4] < '0' || bar[4] > '6' || (bar[5] >= '0' && bar[5] <= '9') ||
	    (bar - text >= 3 && memcmp(bar - 3, "VF ", 3) == 0))
		return EB_NO_BAR;
	return (uint8_t)(bar[4] - '0');
}

static const struct eb_klog_phrase *find_phrase(const struct eb_klog_phrase *phrase,
						const char *text)
{
	for (; phrase && phrase->text; phrase++)
		if (strstr(text, phrase->text) && (!phrase->vfio || strstr(text, "vfio")))
			return phrase;
	return NULL;
}

bool eb_klog_parse(const char *record, const struct eb_klog_phrase *more,
		   struct eb_klog_line *line, struct eb_addr *addr)
{
	const struct eb_klog_phrase *phrase;
	const char *text = strchr(record, ';');

	if (!text || !find_address(++text, addr))
		return false;
	phrase = find_phrase(more, text);
	if (!phrase)
		phrase = find_phrase(no_room, text);
	if (!phrase || phrase->kind == EB_KLOG_NONE)
		return false;
	line->kind = phrase->kind;
	line->bar = find_bar(text);
	snprintf(line->text, sizeof(line->text), "%.*s", EB_KLOG_TEXT - 1, text);
	return true;
}

struct reader {
	const struct eb_pci *pci;
	const struct eb_klog_phrase *more;
	struct eb_klog *klog;
	unsigned int records;
};

/* Is there a line that says the same already? "can't reserve" comes with every try. */
static bool known(const struct eb_klog *klog, const struct eb_klog_line *line)
{
	unsigned int i;

	for (i = 0; i < klog->count; i++)
		if (klog->line[i].function == line->function &&
		    klog->line[i].bar == line->bar && klog->line[i].kind == line->kind)
			return true;
	return false;
}

static int see_record(void *ctx, const char *record)
{
	struct reader *reader = ctx;
	struct eb_klog *klog = reader->klog;
	struct eb_klog_line line;
	struct eb_addr addr;
	int function;

	if (++reader->records > MAX_RECORDS)
		return 1;
	if (!eb_klog_parse(record, reader->more, &line, &addr))
		return 0;
	function = eb_pci_find(reader->pci, &addr);
	if (function < 0 || !eb_pci_detail(reader->pci, (unsigned int)function))
		return 0;
	line.function = (int16_t)function;
	if (known(klog, &line))
		return 0;
	if (klog->count < EB_MAX_KLOG)
		klog->line[klog->count++] = line;
	else
		klog->left_out++;
	return 0;
}

int eb_klog_open(int root, struct eb_klog *klog)
{
	klog->count = klog->left_out = 0;
	klog->file = eb_sysfs_open(root, "dev/kmsg", O_RDONLY);
	klog->open = klog->file >= 0;
	return klog->open ? 0 : klog->file;
}

int eb_klog_read_on(const struct eb_pci *pci, const struct eb_klog_phrase *more,
		    struct eb_klog *klog)
{
	struct reader reader = {.pci = pci, .more = more, .klog = klog};
	int got = klog->open ? eb_sysfs_read_lines(klog->file, see_record, &reader) : 0;

	return got < 0 ? got : 0;
}

void eb_klog_close(struct eb_klog *klog)
{
	if (klog->open)
		close(klog->file);
	klog->open = false;
}

int eb_klog_read(int root, const struct eb_pci *pci, const struct eb_klog_phrase *more,
		 struct eb_klog *klog)
{
	int err = eb_klog_open(root, klog);

	if (!err)
		err = eb_klog_read_on(pci, more, klog);
	eb_klog_close(klog);
	return err;
}
