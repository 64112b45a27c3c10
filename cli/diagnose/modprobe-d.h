/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a person told modprobe: the lines of /etc/modprobe.d and its like. */
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
 * /usr/local/lib/modprobe.d below ROOT that names a module; of files with one name the
 * first alone counts (modprobe.d(5)). What packages put into /usr/lib is not a person's
 * doing. */
void eb_modprobe_each(int root,
		      void (*see)(void *ctx, const struct eb_modprobe_line *line),
		      void *ctx);

/* The same of TEXT, which is changed. */
void eb_modprobe_read(char *text, const char *path,
		      void (*see)(void *ctx, const struct eb_modprobe_line *line),
		      void *ctx);

#endif
