/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A directory of its own for a test, filled from lines of a tree file. */
#ifndef EARLYBIND_TESTS_FAKE_PLACE_H
#define EARLYBIND_TESTS_FAKE_PLACE_H

#include <stddef.h>

#include <earlybind/detail.h>

struct place {
	char dir[48]; /* its name, with a slash in front */
	char path[512];
	int root;  /* a descriptor of it */
	int files; /* that were open at the start */
};

/* Setup and teardown of a test: its state is a struct place. A test that leaves a file
 * open fails. */
int place_setup(void **state);
int place_teardown(void **state);

/* Add what TEXT says in the format of tests/machines/README.md. */
void place_add(struct place *place, const char *text);

/* Add the machine of tests/machines/NAME.tree. */
void place_add_machine(struct place *place, const char *name);

/* Write LEN bytes to PATH, in the place of what it held; make it if it is not there. */
void place_write(struct place *place, const char *path, const char *data, size_t len);

/* What PATH holds, until the next call: at most 64 KiB with a NUL added, NULL where it
 * is not there. */
const char *place_read(struct place *place, const char *path);

/* PATH with the place's directory before it, until the next call. */
const char *place_path(struct place *place, const char *path);

/* Scan the place's PCI functions into PCI, with all there is to know of each. */
void place_scan(struct place *place, struct eb_pci *pci);

/* Reads what is behind locks in the place, where a FIFO is an attribute whose lock a
 * stuck driver has: it takes too long. */
struct eb_locked place_locked(struct place *place);

/* The second half of that. */
void place_read_details(struct place *place, struct eb_pci *pci);

#endif
