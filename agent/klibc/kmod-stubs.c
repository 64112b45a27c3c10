// SPDX-License-Identifier: GPL-2.0-or-later
// Stands in for parts of libkmod that are never called: libkmod-elf.c, which only a
// forced load (ignore versions) would use, and searching a mapped index.
#include <errno.h>
#include <stddef.h>
#include <sys/types.h>

struct kmod_elf;

struct kmod_elf *kmod_elf_new(const void *memory, off_t size);
void kmod_elf_unref(struct kmod_elf *elf);
const void *kmod_elf_get_memory(const struct kmod_elf *elf);
int kmod_elf_strip_section(struct kmod_elf *elf, const char *section);
int kmod_elf_strip_vermagic(struct kmod_elf *elf);
const void *kmod_elf_strip(const struct kmod_elf *elf, unsigned int flags);

struct kmod_elf *kmod_elf_new(const void *memory, off_t size)
{
	(void)memory;
	(void)size;
	errno = ENOSYS;
	return NULL;
}

void kmod_elf_unref(struct kmod_elf *elf)
{
	(void)elf;
}

const void *kmod_elf_get_memory(const struct kmod_elf *elf)
{
	(void)elf;
	return NULL;
}

/* kmod up to 33. */
int kmod_elf_strip_section(struct kmod_elf *elf, const char *section)
{
	(void)elf;
	(void)section;
	return -ENOSYS;
}

int kmod_elf_strip_vermagic(struct kmod_elf *elf)
{
	(void)elf;
	return -ENOSYS;
}

/* kmod from 34 on. */
const void *kmod_elf_strip(const struct kmod_elf *elf, unsigned int flags)
{
	(void)elf;
	(void)flags;
	errno = ENOSYS;
	return NULL;
}

/* Of libkmod-index.c the half that searches a mapped index (Makefile). */
char *kmod_no_index_search(const void *index, const char *key);
void kmod_no_index_close(void *index);

char *kmod_no_index_search(const void *index, const char *key)
{
	(void)index;
	(void)key;
	return NULL;
}

void kmod_no_index_close(void *index)
{
	(void)index;
}
