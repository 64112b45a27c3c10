// SPDX-License-Identifier: GPL-2.0-or-later
/* A directory of its own for a test, filled from lines of a tree file. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <earlybind/card.h>
#include <earlybind/framebuffer.h>
#include <earlybind/sysfs.h>

#include "fake-place.h"
#include "tree.h"
#include "unit.h"

static int open_files(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	while (dir && readdir(dir))
		n++;
	if (dir)
		closedir(dir);
	return n;
}

int place_setup(void **state)
{
	static struct place place;

	/* In memory, where there is such a place: some tests make thousands of files. */
	snprintf(place.dir, sizeof(place.dir), "%s/earlybind-test-XXXXXX",
		 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	if (!mkdtemp(place.dir))
		return -1;
	place.root = open(place.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	place.files = open_files();
	*state = &place;
	return place.root < 0 ? -1 : 0;
}

int place_teardown(void **state)
{
	struct place *place = *state;

	int left = open_files() - place->files;

	close(place->root);
	if (left)
		print_error("%d files are left open\n", left);
	return eb_tree_remove(place->dir) || left;
}

static void add(struct place *place, const char *file)
{
	char err[EB_TREE_ERR_MAX] = "";

	if (eb_tree_make(file, place->dir, err, sizeof(err)) < 0)
		fail_msg("%s", err);
}

void place_add(struct place *place, const char *text)
{
	char file[] = "/tmp/earlybind-tree-XXXXXX";
	int fd = mkstemp(file);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	add(place, file);
	unlink(file);
}

void place_add_machine(struct place *place, const char *name)
{
	char file[128];

	snprintf(file, sizeof(file), "tests/machines/%s.tree", name);
	add(place, file);
}

void place_write(struct place *place, const char *path, const char *data, size_t len)
{
	int fd = open(place_path(place, path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
		      0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, len), len);
	close(fd);
}

const char *place_read(struct place *place, const char *path)
{
	static char data[65537];
	int fd = open(place_path(place, path), O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return NULL;
	n = read(fd, data, sizeof(data) - 1);
	close(fd);
	assert_true(n >= 0);
	data[n] = '\0';
	return data;
}

const char *place_path(struct place *place, const char *path)
{
	snprintf(place->path, sizeof(place->path), "%s/%s", place->dir, path);
	return place->path;
}

static bool all(const void *ctx, const struct eb_pci *pci, unsigned int function)
{
	(void)ctx;
	(void)pci;
	(void)function;
	return true;
}

static int read_locked(void *ctx, const char *path, char *buf, size_t size)
{
	struct place *place = ctx;
	int n = (int)eb_sysfs_read(place->root, path, buf, size);

	return n == -ENXIO ? -ETIMEDOUT : n;
}

struct eb_locked place_locked(struct place *place)
{
	return (struct eb_locked){.ctx = place, .read = read_locked};
}

void place_read_details(struct place *place, struct eb_pci *pci)
{
	const struct eb_locked locked = place_locked(place);
	unsigned int i;

	eb_detail_read(place->root, pci, all, NULL);
	eb_framebuffer_place(place->root, pci);
	for (i = 0; i < pci->count; i++)
		eb_detail_read_locked(&locked, pci, i);
}

void place_scan(struct place *place, struct eb_pci *pci)
{
	memset(pci, 0xa5, sizeof(*pci));
	assert_int_equal(eb_pci_scan(place->root, pci, true), 0);
	eb_card_group(pci);
	place_read_details(place, pci);
}
