/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text of bounded length: build it piece by piece, and print it as JSON. */
#ifndef EARLYBIND_TEXT_H
#define EARLYBIND_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Text in a buffer of the caller's. It always ends in a NUL; what does not fit is
 * cut off and remembered. */
struct eb_text {
	char *buf;
	size_t size; /* of the buffer, at least 1 */
	size_t len;
	bool cut;
};

/* Part of a longer text that somebody else keeps. Not NUL-terminated. */
struct eb_slice {
	const char *at;
	size_t len;
};

struct eb_text eb_text_on(char *buf, size_t size);

/* Add to TEXT, which is of one line: a control character comes as '?'. */
__attribute__((format(printf, 2, 3))) void eb_text_add(struct eb_text *text,
						       const char *format, ...);

/* Add SLICE with every byte that is not printable ASCII as '?'. */
void eb_text_add_slice(struct eb_text *text, struct eb_slice slice);

/* The same of at most MAX bytes, then "...". */
void eb_text_add_cut(struct eb_text *text, struct eb_slice slice, size_t max);

/* The Nth text, from 0, of LIST, in which each ends in a NUL. N is not beyond its last.
 */
const char *eb_text_nth(const char *list, unsigned int n);

/* Name of errno value ERR (0 or above) such as "EBUSY", or "error 123". Returns OUT
 * or a constant. */
const char *eb_text_errno(int err, char out[16]);

#endif
