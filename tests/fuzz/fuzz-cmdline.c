// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzz the walk of a command line against a model that marks its text up in place, as
 * the kernel does (lib/cmdline.c next_arg, kernel/params.c parse_args). */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <earlybind/cmdline.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int is_blank(char c)
{
	return (c && strchr(" \t\n\v\f\r", c)) || (unsigned char)c == 0xa0;
}

/* Cut the argument at AT into NAME and VALUE (NULL without '=') by putting NULs into the
 * text; returns where the next one may begin. */
static char *model_next(char *at, char **name, char **value)
{
	char *opening = *at == '"' ? at++ : NULL, *p, *equals = NULL;
	int quotes = opening ? 1 : 0;

	for (p = at; *p && (quotes % 2 || !is_blank(*p)); p++) {
		quotes += *p == '"';
		if (*p == '=' && p > at && !equals)
			equals = p;
	}
	*name = at;
	*value = NULL;
	if (*p)
		*p++ = '\0';
	if (equals) {
		*equals = '\0';
		*value = equals + 1;
	}
	/* one closing quote, of the value's own or of the whole argument */
	if (opening || (equals && **value == '"')) {
		char *last = equals ? *value : *name;

		last += strlen(last);
		if (equals && **value == '"')
			(*value)++;
		if (last > at && last[-1] == '"')
			last[-1] = '\0';
	}
	return p;
}

static void expect(int right)
{
	if (!right)
		abort();
}

static void compare(char *text, size_t len)
{
	char *copy = calloc(1, len + 1), *at = copy, *name, *value;
	struct eb_cmdline line = {.text = text, .len = len};
	struct eb_cmdline_arg arg;

	memcpy(copy, text, len);
	for (;;) {
		while (is_blank(*at))
			at++;
		if (!*at)
			break;
		at = model_next(at, &name, &value);
		if (!value && strcmp(name, "--") == 0)
			break;
		expect(eb_cmdline_next(&line, &arg) == 1);
		expect(arg.name_len == strlen(name));
		expect(memcmp(arg.name, name, arg.name_len) == 0);
		expect(!arg.value == !value);
		expect(!value || (arg.value_len == strlen(value) &&
				  memcmp(arg.value, value, arg.value_len) == 0));
	}
	expect(eb_cmdline_next(&line, &arg) == 0);
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t len = strnlen((const char *)data, size);
	char *text = malloc(len ? len : 1);

	memcpy(text, data, len);
	compare(text, len);
	free(text);
	return 0;
}
