// SPDX-License-Identifier: GPL-2.0-or-later
// What libkmod needs of FILE: reading, through one mapping of the whole file.
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "stream.h"

struct kmod_stream {
	char *data;
	size_t size;
	size_t at;
};

/* Takes over FD if that goes well. */
struct kmod_stream *kmod_stream_on(int fd)
{
	struct kmod_stream *stream = malloc(sizeof(*stream));
	struct stat st;

	if (!stream)
		return NULL;
	stream->at = stream->size = 0;
	if (fstat(fd, &st) < 0)
		goto out;
	if (st.st_size > 0) {
		stream->size = (size_t)st.st_size;
		stream->data = mmap(NULL, stream->size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (stream->data == MAP_FAILED)
			goto out;
	}
	close(fd);
	return stream;
out:
	free(stream);
	return NULL;
}

struct kmod_stream *kmod_stream_open(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct kmod_stream *stream = fd < 0 ? NULL : kmod_stream_on(fd);

	if (fd >= 0 && !stream)
		close(fd);
	return stream;
}

int kmod_stream_close(struct kmod_stream *stream)
{
	if (stream->size)
		munmap(stream->data, stream->size);
	free(stream);
	return 0;
}

int kmod_stream_getc(struct kmod_stream *stream)
{
	return stream->at < stream->size ? (unsigned char)stream->data[stream->at++] : -1;
}

size_t kmod_stream_read(void *data, size_t size, size_t count, struct kmod_stream *stream)
{
	size_t left = (stream->size - stream->at) / size;

	if (count > left)
		count = left;
	if (count)
		memcpy(data, stream->data + stream->at, count * size);
	stream->at += count * size;
	return count;
}

int kmod_stream_seek(struct kmod_stream *stream, size_t at)
{
	if (at > stream->size)
		return -1;
	stream->at = at;
	return 0;
}
