/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a plan does to the machine, as a table of calls: real, dry run, or a fake. */
#ifndef EARLYBIND_AGENT_OPS_H
#define EARLYBIND_AGENT_OPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <earlybind/locked.h>
#include <earlybind/report.h>

#include "modules.h"
#include "worker.h"

/* All paths are below the root. Every call but link(), exists() and say() may reach a
 * kernel that blocks; it then returns -ETIMEDOUT after earlybind.timeout, and after
 * EB_MAX_LATE of these -ECANCELED, and is not tried. -ECHILD: no answer came, and it may
 * be done or not. */
struct eb_ops {
	void *ctx;
	/* Write TEXT to a file in one write. 0 or negative errno. */
	int (*write)(void *ctx, const char *path, const char *text);
	/* Read a file, its last newline taken off, NUL at the end. Length or -errno. */
	int (*read)(void *ctx, const char *path, char *buf, size_t size);
	/* Clear the driver_override PATH and read it back. 0, -EIO where it is still set,
	 * or negative errno. Where there is no worker and no call was late, which would
	 * have to wait for a lock, we do it ourselves: no override is to be left behind.
	 */
	int (*clear)(void *ctx, const char *path);
	/* Last component of a symbolic link. Length, or -ENOENT where there is none. */
	int (*link)(void *ctx, const char *path, char *name, size_t size);
	bool (*exists)(void *ctx, const char *path);
	/* Load a module with its dependencies. 0 when it is there, built in or loaded;
	 * -ENOENT when the image has none of that name; CULPRIT is the one that failed.
	 */
	int (*load)(void *ctx, const char *module, char *culprit, size_t size);
	/* One line for the kernel log. */
	void (*say)(void *ctx, enum eb_level level, const char *text);
};

/* The effects on the live machine. A static one of these is main's. */
struct eb_real {
	int root;
	unsigned int timeout; /* seconds */
	int kmsg;	      /* descriptor of /dev/kmsg, or -1 */
	unsigned int said;    /* lines so far */
	unsigned int late;    /* calls that were given up */
	struct eb_worker worker;
	struct eb_modules modules; /* the worker's */
};

/* The kernel log drops lines beyond ten in five seconds of one writer
 * (kernel/printk/printk.c, devkmsg_write); ours stay below that. */
#define EB_MAX_LINES 8

/* After this many timeouts, of the scan's reads too, all other calls fail at once: the
 * boot never waits longer than this many times earlybind.timeout. */
#define EB_MAX_LATE 8

struct eb_ops eb_ops_real(struct eb_real *real);

/* Its reading, for the survey: -ETIMEDOUT also where it is not tried any more. */
struct eb_locked eb_ops_locked(struct eb_real *real);

/* Write one line to the kernel log, if there is room for it. */
void eb_ops_say(struct eb_real *real, enum eb_level level, const char *text);

#endif
