// SPDX-License-Identifier: GPL-2.0-or-later
/* Write one JSON text piece by piece, through a small buffer. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <earlybind/json.h>

struct eb_json eb_json_on(int fd)
{
	return (struct eb_json){.out = eb_out_on(fd)};
}

static void new_line(struct eb_json *json)
{
	unsigned int i;

	eb_out_text(&json->out, "\n");
	for (i = 0; i < json->depth; i++)
		eb_out_text(&json->out, "  ");
}

/* What separates this value from the previous one. */
static void before_value(struct eb_json *json)
{
	if (!json->keyed) {
		if (json->comma)
			eb_out_text(&json->out, ",");
		if (json->depth)
			new_line(json);
	}
	json->keyed = false;
	json->comma = true;
}

void eb_json_open(struct eb_json *json, char bracket)
{
	before_value(json);
	eb_out_put(&json->out, &bracket, 1);
	json->depth++;
	json->comma = false;
}

void eb_json_close(struct eb_json *json, char bracket)
{
	json->depth--;
	if (json->comma)
		new_line(json);
	eb_out_put(&json->out, &bracket, 1);
	json->comma = true;
}

size_t eb_json_utf8(const char *text, size_t len)
{
	const unsigned char *t = (const unsigned char *)text;
	size_t need, i;

	if (len == 0)
		return 0;
	if (t[0] < 0x80)
		return 1;
	need = t[0] >= 0xc2 && t[0] <= 0xdf   ? 2
	       : t[0] >= 0xe0 && t[0] <= 0xef ? 3
	       : t[0] >= 0xf0 && t[0] <= 0xf4 ? 4
					      : 0;
	if (need == 0 || need > len)
		return 0;
	for (i = 1; i < need; i++)
		if ((t[i] & 0xc0) != 0x80)
			return 0;
	if ((t[0] == 0xe0 && t[1] < 0xa0) || (t[0] == 0xed && t[1] > 0x9f) ||
	    (t[0] == 0xf0 && t[1] < 0x90) || (t[0] == 0xf4 && t[1] > 0x8f))
		return 0;
	return need;
}

/* U+0080 to U+009F, which a terminal may obey as it does ESC. */
static bool is_c1(const char *text, size_t len)
{
	return len == 2 && (unsigned char)text[0] == 0xc2 &&
	       (unsigned char)text[1] < 0xa0;
}

static void put_escaped(struct eb_json *json, const char *text, size_t len)
{
	size_t i, step;
	char escape[8];

	for (i = 0; i < len; i += step) {
		unsigned char c = (unsigned char)text[i];

		step = eb_json_utf8(text + i, len - i);
		if (step == 0) {
			eb_out_text(&json->out, "\\ufffd");
			step = 1;
		} else if (c == '"' || c == '\\') {
			eb_out_put(&json->out, "\\", 1);
			eb_out_put(&json->out, text + i, 1);
		} else if (c < 0x20 || c == 0x7f || is_c1(text + i, step)) {
			snprintf(escape, sizeof(escape), "\\u%04x",
				 step == 2 ? (unsigned char)text[i + 1] : c);
			eb_out_text(&json->out, escape);
		} else {
			eb_out_put(&json->out, text + i, step);
		}
	}
}

void eb_json_key(struct eb_json *json, const char *key)
{
	before_value(json);
	eb_out_text(&json->out, "\"");
	put_escaped(json, key, strlen(key));
	eb_out_text(&json->out, "\": ");
	json->keyed = true;
}

void eb_json_string(struct eb_json *json, const char *text)
{
	if (text)
		eb_json_slices(json, &(struct eb_slice){text, strlen(text)}, 1);
	else
		eb_json_null(json);
}

void eb_json_slices(struct eb_json *json, const struct eb_slice *slice,
		    unsigned int count)
{
	unsigned int i;

	before_value(json);
	eb_out_text(&json->out, "\"");
	for (i = 0; i < count; i++)
		put_escaped(json, slice[i].at, slice[i].len);
	eb_out_text(&json->out, "\"");
}

void eb_json_number(struct eb_json *json, uint64_t value)
{
	char text[24];

	before_value(json);
	snprintf(text, sizeof(text), "%" PRIu64, value);
	eb_out_text(&json->out, text);
}

void eb_json_bool(struct eb_json *json, bool value)
{
	before_value(json);
	eb_out_text(&json->out, value ? "true" : "false");
}

void eb_json_null(struct eb_json *json)
{
	before_value(json);
	eb_out_text(&json->out, "null");
}

int eb_json_end(struct eb_json *json)
{
	eb_out_text(&json->out, "\n");
	return eb_out_end(&json->out);
}
