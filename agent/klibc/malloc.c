// SPDX-License-Identifier: GPL-2.0-or-later
// malloc() for a program that soon ends: from one piece of memory, and only what was
// taken last is given back. klibc's has five times the code.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Address space; the kernel adds a page when it is touched first. */
#define ROOM ((size_t)16 << 20)

/* What precedes the memory, as malloc() aligns it. */
struct block {
	size_t size;
	size_t unused;
};

static char *at, *end;

void *malloc(size_t size)
{
	struct block *block;

	if (!at) {
		void *room = mmap(NULL, ROOM, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

		if (room == MAP_FAILED)
			return NULL;
		at = room;
		end = at + ROOM;
	}
	if (size > ROOM || size + sizeof(*block) + 15 > (size_t)(end - at)) {
		errno = ENOMEM;
		return NULL;
	}
	block = (struct block *)at;
	block->size = (size + 15) & ~(size_t)15;
	at = (char *)(block + 1) + block->size;
	return block + 1;
}

void free(void *data)
{
	struct block *block = data;

	if (block && (char *)block + block[-1].size == at)
		at = (char *)(block - 1);
}

void *realloc(void *data, size_t size)
{
	const struct block *block = data;
	void *other = malloc(size);

	if (other && block)
		memcpy(other, block, block[-1].size < size ? block[-1].size : size);
	return other;
}

_Static_assert(sizeof(struct block) == 16, "data are aligned as their block");
