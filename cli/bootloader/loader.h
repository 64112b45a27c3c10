/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The boot loaders: one table, which enable, disable, show and diagnose all use. */
#ifndef EARLYBIND_CLI_LOADER_H
#define EARLYBIND_CLI_LOADER_H

#include <stdbool.h>

#include "entries.h"

/* The files that arguments are written to. */
enum eb_place { EB_PLACE_GRUB, EB_PLACE_CMDLINE, EB_PLACES };

/* A program and its arguments; kernel-install is run once for each kernel. */
#define EB_MAX_TOOL_ARGS 5
#define EB_MAX_TOOLS	 16
#define EB_TOOL_TEXT	 512

struct eb_tool {
	unsigned int argc;
	char argv[EB_MAX_TOOL_ARGS][128];
};

/* What a boot loader needs on one machine. */
struct eb_setup {
	bool place[EB_PLACES]; /* which files are to have the arguments */
	unsigned int tools;
	unsigned int tools_left_out;
	struct eb_tool tool[EB_MAX_TOOLS]; /* what makes the loader read them */
	/* If nothing can be written: why, and what a person is to do instead, with "%s"
	 * for the arguments. Otherwise NULL. */
	const char *why;
	const char *manual;
};

/* The arguments in the loader's source files, if they can be read without running them.
 */
struct eb_source {
	bool known;
	char ours[EB_MAX_WORDS]; /* arguments of ours, "" for none */
	char where[128];	 /* paths, with a slash in front */
	char why[192];		 /* if it is not known */
};

/* The machine to detect the boot loader of. RUNNING: it is this machine, not one below
 * another root or in a chroot, so that /proc and the EFI variables belong to it. */
struct eb_host {
	int root;
	bool running;
};

struct eb_bootloader {
	const char *name;  /* in the state of enable and of --loader */
	const char *title; /* for a sentence */
	const char *edit;  /* where a person writes arguments for it */
	/* How certain is it that this one boots HOST? EB_SURE_NOT: it does not. */
	unsigned int (*detect)(const struct eb_host *host);
	/* Which files take the arguments? */
	void (*places)(int root, struct eb_setup *setup);
	/* Which programs must run then? */
	void (*tools)(int root, struct eb_setup *setup);
	/* All entries that boot Linux, as the loader will read them. */
	void (*read_back)(int root, struct eb_entries *entries);
	/* The arguments of ours in the source files of its entries. */
	void (*source)(int root, struct eb_source *source);
};

/* How certain eb_bootloader.detect is. */
#define EB_SURE_NOT	0
#define EB_SURE_SOURCE	1 /* a source file of its configuration is there */
#define EB_SURE_CONFIG	2 /* its configuration is there */
#define EB_SURE_STARTED 3 /* it booted the running system */
#define EB_SURE_ONLY	4 /* no other is possible */

extern const struct eb_bootloader eb_bootloader_grub;
extern const struct eb_bootloader eb_bootloader_systemd;
extern const struct eb_bootloader eb_bootloader_proxmox;
/* Those that a person configures; the last is for an unknown one. */
#define EB_MANUAL_LOADERS 5
extern const struct eb_bootloader eb_bootloader_manual[EB_MANUAL_LOADERS];

/* The boot loader of HOST, never NULL. If two are equally certain, OTHER is the second,
 * otherwise NULL. */
const struct eb_bootloader *eb_bootloader_find(const struct eb_host *host,
					       const struct eb_bootloader **other);

/* The one called NAME, or NULL. */
const struct eb_bootloader *eb_bootloader_named(const char *name);

/* The names that a person may choose from: "grub, systemd-boot or proxmox-boot-tool". */
const char *eb_bootloader_names(void);

/* Its places and tools on the machine below ROOT. */
void eb_bootloader_set_up(const struct eb_bootloader *loader, int root,
			  struct eb_setup *setup);

/* "etc/default/grub.d/earlybind.cfg" or "etc/kernel/cmdline"; "grub" or "cmdline". */
const char *eb_place_path(enum eb_place place);
const char *eb_place_name(enum eb_place place);

/* Add a tool; ARG ends in NULL. */
void eb_setup_add_tool(struct eb_setup *setup, const char *const arg[]);
#define EB_ARGS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* The tool as a person types it, into OUT. Returns OUT. */
const char *eb_tool_text(const struct eb_tool *tool, char out[EB_TOOL_TEXT]);

/* Does LoaderInfo, the EFI variable in which the boot loader names itself, begin with
 * NAME (The Boot Loader Interface; of GRUB since 2.12, module bli)? */
bool eb_bootloader_says(const struct eb_host *host, const char *name);

/* Does the command line of the running system have an argument NAME whose value begins
 * with START? */
bool eb_bootloader_gave(const struct eb_host *host, const char *name, const char *start);

/* Is there a line in PATH below ROOT that has WORD and is no comment? */
bool eb_bootloader_file_has(int root, const char *path, const char *word);

#endif
