/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attributes that the kernel reads with a lock held, which a stuck driver may have. */
#ifndef EARLYBIND_LOCKED_H
#define EARLYBIND_LOCKED_H

#include <stddef.h>
#include <sys/types.h>

/* Who reads them on this machine, in bounded time. */
struct eb_locked {
	void *ctx;
	/* Like eb_sysfs_read(), of the file PATH below the root that CTX knows; also
	 * -ETIMEDOUT where the kernel has not answered in time. */
	int (*read)(void *ctx, const char *path, char *buf, size_t size);
};

#endif
