/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walk a kernel command line by the kernel's own quoting rules. */
#ifndef EARLYBIND_CMDLINE_H
#define EARLYBIND_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>

/* COMMAND_LINE_SIZE is 2048 on x86 and arm64, 4096 on some others, and may have
 * bootconfig's text before it; what is longer than this is a finding. */
#define EB_MAX_CMDLINE 8192

/* COMMAND_LINE_SIZE of x86 without its NUL: a line of this length or more may have been
 * cut (arch/x86/kernel/setup.c, strscpy() into command_line). */
#define EB_WHOLE_CMDLINE 2047

struct eb_cmdline {
	const char *text;
	size_t len;
	size_t at; /* where the next argument is looked for */
};

/* One argument, as slices of the text. The value is without the quotes that the
 * kernel takes off: those around the value or around the whole argument. */
struct eb_cmdline_arg {
	const char *name;
	size_t name_len;
	const char *value; /* NULL for an argument without '=' */
	size_t value_len;
};

/* The next argument before a bare "--": 1 and ARG, or 0 at the end. What follows
 * lib/cmdline.c next_arg() and kernel/params.c parse_args() (6.1) in all. */
int eb_cmdline_next(struct eb_cmdline *line, struct eb_cmdline_arg *arg);

/* Is ARG's name NAME, with '-' and '_' the same (kernel/params.c, parameqn)? */
bool eb_cmdline_named(const struct eb_cmdline_arg *arg, const char *name);

/* Does ARG's name begin with PREFIX, with '-' and '_' the same? */
bool eb_cmdline_prefixed(const struct eb_cmdline_arg *arg, const char *prefix);

#endif
