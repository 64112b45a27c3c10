/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Members of a JSON object: a key with its value. */
#ifndef EARLYBIND_CLI_JSON_PUT_H
#define EARLYBIND_CLI_JSON_PUT_H

#include <earlybind/json.h>

/* TEXT may be NULL, which is null. */
static inline void eb_json_put_text(struct eb_json *json, const char *key,
				    const char *text)
{
	eb_json_key(json, key);
	eb_json_string(json, text);
}

static inline void eb_json_put_number(struct eb_json *json, const char *key,
				      uint64_t value)
{
	eb_json_key(json, key);
	eb_json_number(json, value);
}

static inline void eb_json_put_bool(struct eb_json *json, const char *key, bool value)
{
	eb_json_key(json, key);
	eb_json_bool(json, value);
}

/* Begin an array or an object: BRACKET is '[' or '{'. eb_json_close() ends it. */
static inline void eb_json_put_open(struct eb_json *json, const char *key, char bracket)
{
	eb_json_key(json, key);
	eb_json_open(json, bracket);
}

#endif
