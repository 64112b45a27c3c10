/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What libkmod needs of FILE: reading. kmod-config.h gives these to it as stdio. */
#ifndef EARLYBIND_KLIBC_STREAM_H
#define EARLYBIND_KLIBC_STREAM_H

#include <stddef.h>

struct kmod_stream;

/* The file PATH, or FD, which then is the stream's: NULL with errno where it cannot be
 * mapped, and FD stays open. */
struct kmod_stream *kmod_stream_open(const char *path);
struct kmod_stream *kmod_stream_on(int fd);
int kmod_stream_close(struct kmod_stream *stream);

/* The next byte, or -1 (EOF) at the end. */
int kmod_stream_getc(struct kmod_stream *stream);

/* Read COUNT things of SIZE bytes, or as many as there are. Returns how many. */
size_t kmod_stream_read(void *data, size_t size, size_t count,
			struct kmod_stream *stream);

/* Go to the byte AT. -1 beyond the end. */
int kmod_stream_seek(struct kmod_stream *stream, size_t at);

#endif
