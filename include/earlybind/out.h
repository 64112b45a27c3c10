/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Write to a descriptor through a small buffer; the first error is kept. */
#ifndef EARLYBIND_OUT_H
#define EARLYBIND_OUT_H

#include <stddef.h>

struct eb_out {
	int fd;
	int error; /* the first failed write, as negative errno */
	size_t used;
	char buf[512];
};

struct eb_out eb_out_on(int fd);

void eb_out_put(struct eb_out *out, const char *text, size_t len);
void eb_out_text(struct eb_out *out, const char *text);

/* Write what is still in the buffer. 0 or the first error. */
int eb_out_end(struct eb_out *out);

#endif
