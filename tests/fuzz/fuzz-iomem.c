// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzz /proc/iomem: single lines, and a scan of all of it for a small machine. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <earlybind/conflict.h>
#include <earlybind/sysfs.h>

#include "machine-builder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct part parts[] = {
	PART("00:02.0", VGA, 0x8086, 0x3e92, .bar = {0xc0000000, 0xcfffffff}),
	PART("01:00.0", VGA, 0x10de, 0x1e84, .driver = "nouveau",
	     .bar = {0xe0000000, 0xe0ffffff}),
	PART("02:00.0", DISPLAY, 0x1002, 0x73bf, .driver = "vfio-pci",
	     .bar = {0x6800000000, 0x6bffffffff}),
	{0},
};
static struct eb_survey survey;

static void expect(int right)
{
	if (!right)
		abort();
}

static void check_line(const char *line, size_t len)
{
	char *copy = malloc(len + 1);
	struct eb_iomem read;

	memcpy(copy, line, len);
	copy[len] = '\0';
	if (eb_conflict_read_line(copy, &read) == 0) {
		expect(read.range.start <= read.range.end);
		expect(read.name >= copy && read.name <= copy + len);
	}
	free(copy);
}

/* In memory: on a disk, each new content would be written out. */
static char dir[] = "/dev/shm/fuzz-iomem-XXXXXX";

static int root = -1;

static void remove_dir(void)
{
	unlinkat(root, "proc/iomem", 0);
	unlinkat(root, "proc", AT_REMOVEDIR);
	rmdir(dir);
}

/* A root directory with a proc/iomem of DATA: one for the whole run. */
static int root_with(const uint8_t *data, size_t size)
{
	int fd;

	if (root < 0) {
		expect(mkdtemp(dir) != NULL && atexit(remove_dir) == 0);
		root = eb_sysfs_root(dir);
		expect(root >= 0 && mkdirat(root, "proc", 0755) == 0);
	}
	fd = openat(root, "proc/iomem", O_WRONLY | O_CREAT | O_TRUNC, 0644);
	expect(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	close(fd);
	return root;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	unsigned int i;
	size_t start, end;

	for (start = 0; start < size; start = end + 1) {
		for (end = start; end < size && text[end] != '\n'; end++)
			;
		check_line(text + start, end - start);
	}
	if (survey.pci.count == 0)
		build_plan(&survey, parts, "");
	survey.machine.major = size % 2 ? 5 : 6;
	survey.machine.framebuffer = (struct eb_range){0xc0000000, 0xc0ffffff};
	survey.conflicts.count = survey.conflicts.left_out = 0;
	expect(eb_conflict_scan(root_with(data, size), &survey.pci, &survey.machine,
				&survey.klog, EB_BEFORE, &survey.conflicts) == 0);
	expect(survey.conflicts.count <= EB_MAX_CONFLICTS);
	for (i = 0; i < survey.conflicts.count; i++) {
		const struct eb_conflict *c = &survey.conflicts.list[i];

		expect(c->function >= 0 && c->function < (int)survey.pci.count);
		expect(c->bar < EB_ROM_BAR &&
		       strnlen(c->owner, EB_OWNER_NAME) < EB_OWNER_NAME);
		expect(c->range.start <= c->range.end);
		expect(eb_addr_overlap(&c->range, &parts[c->function].bar));
	}
	return 0;
}
