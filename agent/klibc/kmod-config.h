/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kmod's configure would find out, and the C library functions that klibc lacks. */
#ifndef EARLYBIND_KMOD_CONFIG_H
#define EARLYBIND_KMOD_CONFIG_H

#include <alloca.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/param.h>
#include <sys/types.h>
#include <time.h>
#include <klibc/havesyscall.h>

#define SYSCONFDIR		 "/etc"
#define DISTCONFDIR		 "/usr/lib"
#define MODULE_DIRECTORY	 "/lib/modules"
#define HAVE_STATIC_ASSERT	 1
#define HAVE_NORETURN		 1
#define HAVE_SECURE_GETENV	 1
#define HAVE_FINIT_MODULE	 1
#define HAVE_DECL_BASENAME	 1
#define HAVE_DECL_BE32TOH	 1
#define HAVE_DECL_STRNDUPA	 0
#define HAVE_STRUCT_STAT_ST_MTIM 1

/*
 * Logging off. kmod 30 asks `#ifdef ENABLE_LOGGING`, kmod 34 `if (ENABLE_LOGGING == 1)`:
 * an enumerator is the one answer that is "no" to both.
 */
enum { ENABLE_LOGGING = 0, ENABLE_DEBUG = 0 };

/* With logging off kmod still evaluates what it would log; klibc's table of error texts
 * is 4 KB that nobody reads. */
#define strerror(err) ((void)(err), "")
/* The same for its default logger, which is never called. */
#define fprintf(file, ...)  ((void)(file))
#define vfprintf(file, ...) ((void)(file))

/* Nothing of klibc's stdio comes into the agent but snprintf(). */
#include "stream.h"
#undef stderr
#undef getc
#undef getc_unlocked
#undef fread_unlocked
#define FILE				 struct kmod_stream
#define fopen(path, mode)		 kmod_stream_open(path)
#define fdopen(fd, mode)		 kmod_stream_on(fd)
#define fclose(stream)			 kmod_stream_close(stream)
#define getc(stream)			 kmod_stream_getc(stream)
#define getc_unlocked(stream)		 kmod_stream_getc(stream)
#define fread(data, size, count, stream) kmod_stream_read(data, size, count, stream)
#define fread_unlocked(data, size, count, stream) \
	kmod_stream_read(data, size, count, stream)
#define fseek(stream, at, from) kmod_stream_seek(stream, at)
/* The default logger's. */
#define stderr NULL
/* Only of what reads /proc/modules, which the linker drops. */
#define fgets(line, size, stream) ((void)(stream), (char *)NULL)

/* Of modprobe.d and the command line only options count (agent/modules.h): no line has
 * one of these words, and the compiler drops what would read it. */
#define KMOD_WORD_IS(word, other)                               \
	(__builtin_constant_p(__builtin_strcmp(word, other)) && \
	 !__builtin_strcmp(word, other))
#define strcmp(a, b)                                                                 \
	(KMOD_WORD_IS(b, "alias") || KMOD_WORD_IS(b, "blacklist") ||                 \
			 KMOD_WORD_IS(b, "install") || KMOD_WORD_IS(b, "remove") ||  \
			 KMOD_WORD_IS(b, "softdep") || KMOD_WORD_IS(b, "weakdep") || \
			 KMOD_WORD_IS(b, "modprobe")                                 \
		 ? 1                                                                 \
		 : (strcmp)(a, b))

#undef container_of

#ifndef MIN
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#endif

/* klibc 2.0.12 has it, 2.0.8 not: ENOSYS then makes libkmod take init_module. */
int finit_module(int fd, const char *options, int flags);
int kmod_finit_module(int fd, const char *options, int flags);
#if defined(KMOD_WITHOUT_DECOMPRESSION) && defined(_KLIBC_HAVE_SYSCALL_finit_module)
#define finit_module(fd, options, flags) kmod_finit_module(fd, options, flags)
#endif
ssize_t getdelim(char **line, size_t *size, int delimiter, FILE *in);

/* As in GNU's <string.h>: never changes its argument. */
static inline char *basename(const char *path)
{
	char *slash = strrchr(path, '/');

	return slash ? slash + 1 : (char *)path;
}

/* Only asked for KMOD_LOG; with logging off there is nothing to set. */
static inline char *secure_getenv(const char *name)
{
	(void)name;
	return NULL;
}

/* Only for relative paths, and kmod is given none. */
static inline char *get_current_dir_name(void)
{
	return NULL;
}

/* Only `modprobe --wait` needs a clock: declared to compile, dropped by the linker. */
int clock_gettime(int clock, struct timespec *now);
int clock_nanosleep(int clock, int flags, const struct timespec *until,
		    struct timespec *left);

#endif
