// SPDX-License-Identifier: GPL-2.0-or-later
// The table of modules by name for libkmod: a list, since the agent has fewer than ten.
// kmod's own has four times the code.
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"

struct entry {
	struct entry *next;
	const char *key;
	const void *value;
};

struct hash {
	struct entry *first;
};

struct hash *hash_new(unsigned int buckets, void (*free_value)(void *value))
{
	(void)buckets;
	(void)free_value; /* libkmod gives none */
	return calloc(1, sizeof(struct hash));
}

/* Where the entry of KEY is linked, or the end of the list. */
static struct entry **find(const struct hash *hash, const char *key)
{
	struct entry **link = (struct entry **)&hash->first;

	while (*link && strcmp((*link)->key, key) != 0)
		link = &(*link)->next;
	return link;
}

int hash_del(struct hash *hash, const char *key)
{
	struct entry **link = find(hash, key), *entry = *link;

	if (!entry)
		return -ENOENT;
	*link = entry->next;
	free(entry);
	return 0;
}

int hash_add(struct hash *hash, const char *key, const void *value)
{
	struct entry **link = find(hash, key);

	if (!*link)
		*link = calloc(1, sizeof(**link));
	if (!*link)
		return -ENOMEM;
	(*link)->key = key;
	(*link)->value = value;
	return 0;
}

void *hash_find(const struct hash *hash, const char *key)
{
	const struct entry *entry = *find(hash, key);

	return entry ? (void *)entry->value : NULL;
}

void hash_free(struct hash *hash)
{
	while (hash && hash->first)
		hash_del(hash, hash->first->key);
	free(hash);
}
