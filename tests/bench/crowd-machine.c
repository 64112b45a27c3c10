// SPDX-License-Identifier: GPL-2.0-or-later
/* crowd-machine COUNT DIR: makes a machine of COUNT functions, thrown by dice, below DIR,
 * and prints the addresses of three cards that can be claimed and the id of one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crowd-tree.h"
#include "tree.h"

#define WANTED 3

static struct crowd crowd;

static bool is_plain(const struct part *part)
{
	return part->class == VGA && !part->virtual_function && !part->port &&
	       !part->vfs && !part->override && part->group > 0 && !part->boot_vga &&
	       !part->framebuffer && part->at[strlen(part->at) - 1] == '0';
}

/* The first functions that can be claimed; how many there are of them, at most WANTED. */
static int find_cards(const struct part *cards[WANTED])
{
	unsigned int i;
	int found = 0;

	for (i = 0; i < crowd.count && found < WANTED; i++)
		if (is_plain(&crowd.part[i]))
			cards[found++] = &crowd.part[i];
	return found;
}

static int make(const char *dir)
{
	char path[] = "/tmp/crowd-machine-XXXXXX", err[EB_TREE_ERR_MAX];
	int fd = mkstemp(path), bad;
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

	if (!file) {
		perror(path);
		return 1;
	}
	crowd_write(&crowd, file, CROWD_MODALIAS | CROWD_NUMBERS);
	fclose(file);
	bad = eb_tree_make(path, dir, err, sizeof(err)) < 0;
	if (bad)
		fprintf(stderr, "crowd-machine: %s\n", err);
	unlink(path);
	return bad;
}

int main(int argc, char **argv)
{
	const struct part *card[WANTED];
	struct dice dice = {.state = 1};
	unsigned int count;

	if (argc != 3 || (count = (unsigned int)atoi(argv[1])) == 0) {
		fputs("usage: crowd-machine COUNT DIR\n", stderr);
		return 2;
	}
	do {
		crowd_throw(&crowd, &dice, count);
		crowd_make_real(&crowd);
	} while (crowd.count < count || crowd.count > count + count / 8 ||
		 find_cards(card) < WANTED);
	printf("%s,%s,%s %04x:%04x %u\n", card[0]->at, card[1]->at, card[2]->at,
	       card[0]->vendor, card[0]->device, crowd.count);
	return make(argv[2]);
}
