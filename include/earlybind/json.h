/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Write one JSON text piece by piece, through a small buffer. */
#ifndef EARLYBIND_JSON_H
#define EARLYBIND_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <earlybind/out.h>
#include <earlybind/text.h>

struct eb_json {
	struct eb_out out;
	unsigned int depth;
	bool comma; /* does the next value need one before it? */
	bool keyed; /* does the next value follow its key? */
};

struct eb_json eb_json_on(int fd);

/* '{' '}' '[' ']' */
void eb_json_open(struct eb_json *json, char bracket);
void eb_json_close(struct eb_json *json, char bracket);

void eb_json_key(struct eb_json *json, const char *key);

/* A string; NULL is null. Bytes that are no UTF-8 become U+FFFD. */
void eb_json_string(struct eb_json *json, const char *text);

/* The COUNT slices one after the other as one string. */
void eb_json_slices(struct eb_json *json, const struct eb_slice *slice,
		    unsigned int count);

void eb_json_number(struct eb_json *json, uint64_t value);
void eb_json_bool(struct eb_json *json, bool value);
void eb_json_null(struct eb_json *json);

/* The last newline and what is still in the buffer. 0 or the first error. */
int eb_json_end(struct eb_json *json);

/* Length of the UTF-8 sequence that TEXT, of LEN bytes, begins with; 0 where it is
 * none (RFC 3629: no surrogates, no overlong forms, nothing above U+10FFFF). */
size_t eb_json_utf8(const char *text, size_t len);

#endif
