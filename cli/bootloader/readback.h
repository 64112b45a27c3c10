/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the boot loader will in fact hand to the kernels: all entries, word by word. */
#ifndef EARLYBIND_CLI_READBACK_H
#define EARLYBIND_CLI_READBACK_H

#include "loader.h"

struct eb_readback {
	bool known;	      /* false: why not */
	unsigned int entries; /* that start a kernel */
	unsigned int with;    /* of them, with all of the words that were looked for */
	unsigned int ours;    /* of them, with any argument of ours */
	unsigned int initrds; /* systemd-boot: of them, with an initrd line */
	/* Of GRUB: has the first entry the words? Of systemd-boot, which may have entries
	 * of others too: are there as many with them as there are kernels? */
	bool has;
	char where[128]; /* paths, with a slash in front */
	char why[128];
};

/* Look for WORDS in what the loader of HOW will read. */
void eb_readback(int root, const struct eb_how *how, const char *words,
		 struct eb_readback *out);

#endif
