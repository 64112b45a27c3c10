/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What libkmod calls of its shared/hash.h, where the contracts are. */
#ifndef EARLYBIND_KLIBC_HASH_H
#define EARLYBIND_KLIBC_HASH_H

struct hash;

struct hash *hash_new(unsigned int buckets, void (*free_value)(void *value));
void hash_free(struct hash *hash);
int hash_add(struct hash *hash, const char *key, const void *value);
int hash_del(struct hash *hash, const char *key);
void *hash_find(const struct hash *hash, const char *key);

#endif
