/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The entries of a boot menu: what each hands to its kernel, read from the loader's
 * files. */
#ifndef EARLYBIND_CLI_ENTRIES_H
#define EARLYBIND_CLI_ENTRIES_H

#include <stdbool.h>
#include <stddef.h>

#include "cmdline-edit.h"

#define EB_ENTRY_WHERE 192

/* x86 keeps 2,047 bytes (COMMAND_LINE_SIZE, arch/x86/include/asm/setup.h). */
#define EB_CMDLINE_KEPT 2047

struct eb_entry {
	char kernel[128]; /* the path of its kernel, as the loader has it */
	char *cmdline;	  /* what the kernel is given */
	size_t added;	  /* bytes that the loader adds to it */
	bool initrd;	  /* has it an initrd? */
	bool own_file;	  /* of the Boot Loader Specification, type 1 */
	bool unified;	  /* is it a unified kernel image, with all of that inside? */
	bool trial; /* does it take arguments for one boot? CMDLINE has the others */
	char where[EB_ENTRY_WHERE]; /* "/boot/grub/grub.cfg:12" */
};

/* A file that entries were read from. */
struct eb_entry_file {
	int root; /* the directory that PATH is below: the machine's or a partition's */
	char *path;
	char *text; /* NULL of a unified kernel image */
};

struct eb_entries {
	bool known;		    /* were all files read? */
	char where[EB_ENTRY_WHERE]; /* paths, with a slash in front */
	char why[256];		    /* where they were not */
	unsigned int least;	    /* so many must have what was enabled */
	bool first;		    /* the first must have it */
	unsigned int count;
	struct eb_entry *entry;
	unsigned int files;
	struct eb_entry_file *file;
	int roots[8]; /* of partitions that were opened to read them */
	unsigned int opened;
};

/* Of entries, compared with what they should have. */
struct eb_verdict {
	unsigned int with;    /* have it, and nothing else of ours */
	unsigned int without; /* have nothing of ours */
	unsigned int wrong;   /* have anything else of ours */
	const struct eb_entry *first_wrong;
	bool enabled;	/* all is as enable wants it */
	size_t longest; /* bytes of the longest command line */
};

/* Judge ENTRIES by WORDS, "" for nothing. */
struct eb_verdict eb_entries_judge(const struct eb_entries *entries, const char *words);

/* The entry that the next boot takes if nobody chooses: the first where that is known,
 * else the one of the kernel RELEASE, else the first. NULL where there is none. */
const struct eb_entry *eb_entries_next(const struct eb_entries *entries,
				       const char *release);

/* The first entry with an argument of ours that is neither in WORDS nor in OLDER, or
 * NULL. */
const struct eb_entry *eb_entries_foreign(const struct eb_entries *entries,
					  const char *words, const char *older);

/* Do A and B, both known, have the same entries: each with the same command line, and
 * with an initrd where it had one? */
bool eb_entries_same(const struct eb_entries *a, const struct eb_entries *b);

/* Has AFTER fewer entries than BEFORE, or an entry without its initrd? What was lost, as
 * half a sentence, or NULL. */
const char *eb_entries_lost(const struct eb_entries *before,
			    const struct eb_entries *after);

/* Has an entry of AFTER a root= that none of BEFORE has? The same. */
const char *eb_entries_moved(const struct eb_entries *before,
			     const struct eb_entries *after);

/* Give each file that ENTRIES were read from its content again, where it has another one
 * now. 0 or negative errno of the first that could not be written; -ENOTSUP for a unified
 * kernel image, which only its tool can build again. */
int eb_entries_write_back(const struct eb_entries *entries);

void eb_entries_free(struct eb_entries *entries);

/* --- for those who read them --- */

/* Say why they are not known, the first time. */
__attribute__((format(printf, 2, 3))) void eb_entries_unknown(struct eb_entries *entries,
							      const char *format, ...);

/* Read PATH, of grub.cfg's format, below ROOT; NAME is what people call ROOT, "" for the
 * machine's. */
void eb_entries_read_grub(struct eb_entries *entries, int root, const char *name,
			  const char *path);

/* Read all entries in the directory DIR (Boot Loader Specification, type 1), but for that
 * of a trial. How many. */
unsigned int eb_entries_read_bls(struct eb_entries *entries, int root, const char *name,
				 const char *dir);

/* Add an entry for the unified kernel image WHERE, "/PATH" below ROOT. */
void eb_entries_add_unified(struct eb_entries *entries, int root, const char *where,
			    const char *cmdline, bool initrd);

#endif
