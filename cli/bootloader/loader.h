/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The boot loaders: one table, by which enable, disable, show and diagnose all go. */
#ifndef EARLYBIND_CLI_LOADER_H
#define EARLYBIND_CLI_LOADER_H

#include <stdbool.h>
#include <sys/types.h>

#include "entries.h"

/* The files that arguments are written to. */
enum eb_place { EB_PLACE_GRUB, EB_PLACE_CMDLINE, EB_PLACE_SCRIPT, EB_PLACES };

/* A program and its arguments; with one kernel-install for each kernel. */
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
	/* Where the first tool can be made to write another file with -o: that one, and
	 * the one that the loader reads. Else NULL. */
	const char *staged, *installed;
	/* Where nothing can be written: why, and what a person does instead, of which
	 * "%s" is what to add. Else NULL. */
	const char *why;
	const char *manual;
};

/* What a person wrote for the loader to read, as far as it is known without running it.
 */
struct eb_source {
	bool known;
	char ours[EB_MAX_WORDS]; /* arguments of ours, "" for none */
	char where[128];	 /* paths, with a slash in front */
	char why[192];		 /* where it is not known */
};

/* The machine that a loader is looked for on. RUNNING: it is the one that we run on, and
 * not one below another root or in a chroot, so that /proc and EFI variables are its own.
 */
struct eb_host {
	int root;
	bool running;
};

struct eb_trial_kind; /* trial.h */

struct eb_bootloader {
	const char *name;  /* in the state of enable and of --loader */
	const char *title; /* for a sentence */
	const char *edit;  /* where a person writes arguments for it */
	/* Of one that earlybind cannot configure: a file that only it has; see struct
	 * eb_setup for the others. */
	const char *sign, *why, *manual;
	/* How sure is it that this one starts HOST? 0: it does not. */
	unsigned int (*detect)(const struct eb_bootloader *loader,
			       const struct eb_host *host);
	/* Which files take the arguments? */
	void (*places)(const struct eb_bootloader *loader, int root,
		       struct eb_setup *setup);
	/* Which programs must run then? */
	void (*tools)(int root, struct eb_setup *setup);
	/* All entries that start Linux, as the loader will read them. */
	void (*read_back)(int root, struct eb_entries *entries);
	/* What the places will make of it; not for those that write nothing. */
	void (*source)(int root, struct eb_source *source);
	/* How it gives arguments to one boot, or NULL where earlybind cannot arrange it.
	 */
	const struct eb_trial_kind *trial;
};

/* How sure eb_bootloader.detect is. */
#define EB_SURE_NOT	0
#define EB_SURE_SOURCE	1 /* a file that would be its source is there */
#define EB_SURE_CONFIG	2 /* its configuration is there */
#define EB_SURE_STARTED 3 /* it has started the running system */
#define EB_SURE_ONLY	4 /* nothing else can be it */

extern const struct eb_bootloader eb_bootloader_grub;
extern const struct eb_bootloader eb_bootloader_systemd;
extern const struct eb_bootloader eb_bootloader_proxmox;
/* The boot loader of HOST: never NULL. Where two are equally sure, OTHER is the second,
 * else NULL. */
const struct eb_bootloader *eb_bootloader_find(const struct eb_host *host,
					       const struct eb_bootloader **other);

/* The one called NAME, or NULL. */
const struct eb_bootloader *eb_bootloader_named(const char *name);

/* The names that a person may choose from: "grub, systemd-boot or proxmox-boot-tool". */
const char *eb_bootloader_names(void);

/* Its places and tools on the machine below ROOT. */
void eb_bootloader_set_up(const struct eb_bootloader *loader, int root,
			  struct eb_setup *setup);

/* "etc/default/grub.d/earlybind.cfg", "etc/kernel/cmdline" or "etc/grub.d/01_earlybind",
 * which grub-mkconfig runs; "grub", "cmdline" or "script"; 0644, or 0755 of the last. */
const char *eb_place_path(enum eb_place place);
const char *eb_place_name(enum eb_place place);
mode_t eb_place_mode(enum eb_place place);

/* Add a tool; ARG ends in NULL. */
void eb_setup_add_tool(struct eb_setup *setup, const char *const arg[]);
#define EB_ARGS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* The tool as a person types it, into OUT. Returns OUT. */
const char *eb_tool_text(const struct eb_tool *tool, char out[EB_TOOL_TEXT]);

/* Does LoaderInfo, what the running loader wrote of itself into the firmware's variables,
 * begin with NAME (The Boot Loader Interface; of GRUB since 2.12, module bli)? */
bool eb_bootloader_says(const struct eb_host *host, const char *name);

/* The firmware's variable NAME that systemd-boot and GRUB keep (The Boot Loader
 * Interface), below ROOT, into OUT of SIZE bytes. False where it is not there, or is not
 * ASCII. */
bool eb_bootloader_variable(int root, const char *name, char *out, size_t size);

/* Has the command line of the running system an argument NAME whose value begins with
 * START? */
bool eb_bootloader_gave(const struct eb_host *host, const char *name, const char *start);

/* Is there a line in PATH below ROOT that has WORD and is no comment? */
bool eb_bootloader_file_has(int root, const char *path, const char *word);

#endif
