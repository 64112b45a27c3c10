// SPDX-License-Identifier: GPL-2.0-or-later
// Functions that libkmod calls and klibc lacks.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <klibc/havesyscall.h>
#include "kmod-config.h"

#ifndef _KLIBC_HAVE_SYSCALL_finit_module
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
