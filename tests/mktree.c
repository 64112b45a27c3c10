// SPDX-License-Identifier: GPL-2.0-or-later
/* mktree FILE DIR: makes the machine of a tree file below DIR, for tests in shell. */
#include <stdio.h>

#include "tree.h"

int main(int argc, char **argv)
{
	char err[EB_TREE_ERR_MAX];

	if (argc != 3) {
		fputs("usage: mktree FILE DIR\n", stderr);
		return 2;
	}
	if (eb_tree_make(argv[1], argv[2], err, sizeof(err)) < 0) {
		fprintf(stderr, "mktree: %s\n", err);
		return 1;
	}
	return 0;
}
