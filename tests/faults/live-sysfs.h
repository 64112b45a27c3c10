/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A directory that answers writes as the kernel's sysfs does: a machine's tree, in which
 * drivers bind, let go and are loaded. */
#ifndef EARLYBIND_TESTS_LIVE_SYSFS_H
#define EARLYBIND_TESTS_LIVE_SYSFS_H

#include <stdbool.h>
#include <stddef.h>

#define LIVE_FUNCTIONS 64
#define LIVE_PATH      512
#define LIVE_NAME      64

struct live_function {
	char addr[16];	     /* 0000:01:00.0 */
	char dir[LIVE_PATH]; /* sys/devices/pci0000:00/..., below the root */
	char own[LIVE_NAME]; /* the driver that it had at first and binds to; "" for none
			      */
};

struct live {
	char root[LIVE_PATH];
	const char
		*refuses; /* addresses that vfio-pci does not bind, by blanks; or NULL */
	struct live_function function[LIVE_FUNCTIONS];
	unsigned int count;
};

/* Which functions are there below live->root? Aborts where that cannot be read. */
void live_read(struct live *live);

/* What write() of LEN bytes TEXT to PATH, below the root, returns: LEN or negative errno.
 * The tree shows what follows. */
long live_write(struct live *live, const char *path, const char *text, size_t len);

/* What finit_module() of the module file PATH returns. */
long live_load(struct live *live, const char *path);

/* The function whose device lock a write of TEXT to PATH takes, or a read where TEXT is
 * NULL: its index, or -1. */
int live_locks(const struct live *live, const char *path, const char *text);

/* May a read of PATH wait for a lock? */
bool live_may_wait(const char *path);

/* The index of the function at ADDR, or -1. */
int live_find(const struct live *live, const char *addr);

/* The driver and the driver_override of a function now; "" for none. */
void live_driver(const struct live *live, unsigned int function, char name[LIVE_NAME]);
void live_override(const struct live *live, unsigned int function, char name[LIVE_NAME]);

/* All that is below the root, one line for each file, link and directory, sorted. Left
 * out are run/, the modules and vfio-pci's driver, and what the words of BUT name: of an
 * address the driver, the override and the power, of a path the file. The caller frees
 * it. */
char *live_state(const struct live *live, const char *but);

#endif
