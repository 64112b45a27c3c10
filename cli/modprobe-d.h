/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The administrator's configuration of modprobe: /etc/modprobe.d and the like. */
#ifndef EARLYBIND_CLI_MODPROBE_D_H
#define EARLYBIND_CLI_MODPROBE_D_H

#include <stdbool.h>

/* A line, or several that backslashes join. */
struct eb_modprobe_line {
	const char *path;    /* without a slash in front */
	unsigned int number; /* of its first line, from 1 */
	const char *command; /* "blacklist", "options", "softdep", "install", ... */
	const char *module;  /* with '_' for '-' */
	const char *rest;    /* what follows, "" for nothing */
};

/* Call SEE with each line of *.conf in /etc/modprobe.d, /run/modprobe.d and
 * /usr/local/lib/modprobe.d below ROOT that names a module, and UNREADABLE with each file
 * or directory that cannot be read, and a negative errno. Of files with one name only the
 * first counts (modprobe.d(5)). /usr/lib/modprobe.d, which packages fill, is not read. */
void eb_modprobe_each(int root,
		      void (*see)(void *ctx, const struct eb_modprobe_line *line),
		      void (*unreadable)(void *ctx, const char *path, int err),
		      void *ctx);

/* Call SEE with each line of TEXT, which is changed, of the file PATH. */
void eb_modprobe_read(char *text, const char *path,
		      void (*see)(void *ctx, const struct eb_modprobe_line *line),
		      void *ctx);

#endif
