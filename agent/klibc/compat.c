// SPDX-License-Identifier: GPL-2.0-or-later
// Functions that libkmod calls and klibc lacks.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "kmod-config.h"

#define MODULE_INIT_COMPRESSED_FILE 4 /* linux/module.h, from Linux 5.17 on */
#define ELF_FIRST		    0x7f

#ifdef _KLIBC_HAVE_SYSCALL_finit_module
/* finit_module() for a libkmod that does not know MODULE_INIT_COMPRESSED_FILE (Makefile).
 * The file is there where the kernel decompresses (kernel/module/decompress.c, from Linux
 * 5.17 on); it takes the flag for what is compressed alone. */
int kmod_finit_module(int fd, const char *options, int flags)
{
	char first = ELF_FIRST;

	if (access("/sys/module/compression", F_OK) == 0 &&
	    pread(fd, &first, 1, 0) == 1 && first != ELF_FIRST)
		flags |= MODULE_INIT_COMPRESSED_FILE;
	return finit_module(fd, options, flags);
}
#else
int finit_module(int fd, const char *options, int flags)
{
	(void)fd;
	(void)options;
	(void)flags;
	errno = ENOSYS;
	return -1;
}
#endif

ssize_t getdelim(char **line, size_t *size, int delimiter, FILE *in)
{
	size_t n = 0;
	int c;

	do {
		if (n + 2 > *size) {
			size_t bigger = *size ? *size * 2 : 128;
			char *p = realloc(*line, bigger);

			if (!p)
				return -1;
			*line = p;
			*size = bigger;
		}
		c = getc(in);
		if (c == EOF)
			break;
		(*line)[n++] = (char)c;
	} while (c != delimiter);
	(*line)[n] = '\0';
	return n ? (ssize_t)n : -1;
}
