// SPDX-License-Identifier: GPL-2.0-or-later
// vsnprintf() of the conversions that are used, in the place of klibc's, which has 2.4
// KB.
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* As much as fits goes to BUF; LEN counts all of it. */
struct print {
	char *buf;
	size_t size;
	size_t len;
	const char *format; /* what is left of it */
	va_list args;
};

static void put(struct print *out, char c)
{
	if (out->len < out->size)
		out->buf[out->len] = c;
	out->len++;
}

/* Each argument has eight bytes, whatever its type (the System V ABI of x86-64). */
__attribute__((noinline)) static long next(struct print *out)
{
	return va_arg(out->args, long);
}

/* The bytes from TEXT to END, at least WIDTH with FILL before them. */
static void put_padded(struct print *out, const char *text, const char *end, long width,
		       char fill)
{
	for (; width > end - text; width--)
		put(out, fill);
	while (text < end)
		put(out, *text++);
}

static void convert(struct print *out)
{
	const char *format = out->format;
	char number[24], *const end = number + sizeof(number), *at = end;
	char fill = *format == '0' ? '0' : ' ', kind;
	size_t most = (size_t)-1;
	long width = 0, value;
	unsigned long left, base = 10;
	bool wide = false;

	while (*format >= '0' && *format <= '9')
		width = width * 10 + *format++ - '0';
	if (format[0] == '.' && format[1] == '*') {
		most = (size_t)next(out);
		format += 2;
	}
	for (; *format == 'l' || *format == 'z'; format++)
		wide = true;
	kind = *format++;
	out->format = format;
	if (!kind || !strchr("sdux", kind)) {
		out->format -= !kind;
		put(out, '%');
		return;
	}
	value = next(out);
	if (kind == 's') {
		put_padded(out, (const char *)value,
			   (const char *)value + strnlen((const char *)value, most),
			   width, fill);
		return;
	}
	if (!wide)
		value = kind == 'd' ? (int)value : (long)(unsigned int)value;
	left = (unsigned long)value;
	if (kind == 'd' && value < 0) {
		put(out, '-');
		left = -left;
	}
	if (kind == 'x')
		base = 16;
	do {
		*--at = "0123456789abcdef"[left % base];
		left /= base;
	} while (left);
	put_padded(out, at, end, width, fill);
}

/* %s %d %u %x and %%. The flag 0, a width, of %s a precision of *, the sizes l, ll and z.
 * tests/agent/agent.bats looks for others in the program. */
int vsnprintf(char *buf, size_t size, const char *format, va_list args)
{
	struct print out = {.buf = buf, .size = size ? size - 1 : 0, .format = format};

	va_copy(out.args, args);
	while (*out.format) {
		if (*out.format++ == '%')
			convert(&out);
		else
			put(&out, out.format[-1]);
	}
	va_end(out.args);
	if (size)
		buf[out.len < out.size ? out.len : out.size] = '\0';
	return (int)out.len;
}

_Static_assert(sizeof(long) == sizeof(long long) && sizeof(long) == sizeof(void *),
	       "all of 64 bits");
