/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What boot loaders are told to put on the kernel's command line. */
#ifndef EARLYBIND_CLI_BOOT_CONFIG_H
#define EARLYBIND_CLI_BOOT_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

/* As many as the kernel takes on x86. */
#define EB_MAX_CONFIG_ARGS 2048

/* The arguments of ours that one place has, "" for none, and where that is. */
struct eb_config {
	bool known;
	char args[EB_MAX_CONFIG_ARGS]; /* "vfio.gpus=05:00 earlybind.fb=release" */
	char where[128];	       /* a path, with a slash in front */
	char why[128];		       /* where it is not known */
};

/* Which loader started this boot? */
enum eb_loader { EB_LOADER_UNKNOWN, EB_LOADER_GRUB, EB_LOADER_SYSTEMD };

/* By COMMAND LINE TEXT, and by what is installed below ROOT. */
enum eb_loader eb_config_loader(int root, const char *text);

/* Pick our arguments out of the LEN bytes of command line TEXT. */
void eb_config_pick(const char *text, size_t len, struct eb_config *out);

/* The same into OUT of SIZE bytes, "" for none. */
void eb_config_args(const char *text, char *out, size_t size);

/* What a person wrote, in /etc/default/grub and grub.d, or in /etc/kernel/cmdline. */
void eb_config_source(int root, enum eb_loader loader, struct eb_config *out);

/* What the loader will read: grub.cfg, or the entry of RELEASE. */
void eb_config_generated(int root, enum eb_loader loader, const char *release,
			 struct eb_config *out);

/* Take the assignments to GRUB_CMDLINE_LINUX and GRUB_CMDLINE_LINUX_DEFAULT in TEXT, as a
 * shell would: quotes, escapes, and the two variables' own values. */
struct eb_grub_defaults {
	char all[EB_MAX_CONFIG_ARGS];	   /* GRUB_CMDLINE_LINUX */
	char normal[EB_MAX_CONFIG_ARGS];   /* GRUB_CMDLINE_LINUX_DEFAULT */
	char line[2 * EB_MAX_CONFIG_ARGS]; /* both, as GRUB joins them */
	bool computed;			   /* by something that only a shell can tell */
};

void eb_grub_defaults_read(const char *text, struct eb_grub_defaults *defaults);

#endif
