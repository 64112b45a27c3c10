/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a plan does to the machine, as a table of calls: real, dry run, or a fake. */
#ifndef EARLYBIND_AGENT_OPS_H
#define EARLYBIND_AGENT_OPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <earlybind/locked.h>
#include <earlybind/report.h>

/* All paths are below the root. Every call but say() may reach a kernel that
 * blocks; it then returns -ETIMEDOUT after earlybind.timeout. */
struct eb_ops {
	void *ctx;
	/* Write TEXT to a file in one write. 0 or negative errno. */
	int (*write)(void *ctx, const char *path, const char *text);
	/* Read a file, its last newline taken off, NUL at the end. Length or -errno. */
	int (*read)(void *ctx, const char *path, char *buf, size_t size);
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
};

/* The kernel log drops lines beyond ten in five seconds of one writer
 * (kernel/printk/printk.c, devkmsg_write); ours stay below that. */
#define EB_MAX_LINES 8

/* After this many timeouts all other calls fail at once: the boot never waits longer than
 * this many times earlybind.timeout. */
#define EB_MAX_LATE 8

struct eb_ops eb_ops_real(struct eb_real *real);

/* Its reading, for the survey. */
struct eb_locked eb_ops_locked(struct eb_real *real);

/* Write one line to the kernel log, if there is room for it. */
void eb_ops_say(struct eb_real *real, enum eb_level level, const char *text);

#endif
