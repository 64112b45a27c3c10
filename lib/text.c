// SPDX-License-Identifier: GPL-2.0-or-later
/* Text of bounded length, and names of error numbers. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <earlybind/text.h>

struct eb_text eb_text_on(char *buf, size_t size)
{
	buf[0] = '\0';
	return (struct eb_text){.buf = buf, .size = size};
}

void eb_text_add(struct eb_text *text, const char *format, ...)
{
	size_t left = text->size - text->len;
	char *at = text->buf + text->len;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(at, left, format, args);
	va_end(args);
	if (n < 0)
		return;
	if ((size_t)n >= left) {
		text->cut = true;
		text->len = text->size - 1;
	} else {
		text->len += (size_t)n;
	}
	/* No name from a captured tree shall move a terminal's cursor. */
	for (; *at; at++)
		if ((unsigned char)*at < ' ' || *at == '\x7f')
			*at = '?';
}

void eb_text_add_slice(struct eb_text *text, struct eb_slice slice)
{
	size_t i;

	for (i = 0; i < slice.len; i++) {
		if (text->len + 1 >= text->size) {
			text->cut = true;
			return;
		}
		text->buf[text->len++] = slice.at[i] >= ' ' && slice.at[i] <= '~'
						 ? slice.at[i]
						 : '?';
		text->buf[text->len] = '\0';
	}
}

void eb_text_add_cut(struct eb_text *text, struct eb_slice slice, size_t max)
{
	bool longer = slice.len > max;

	if (longer)
		slice.len = max;
	eb_text_add_slice(text, slice);
	if (longer)
		eb_text_add(text, "...");
}

const char *eb_text_nth(const char *list, unsigned int n)
{
	while (n-- > 0)
		list += strlen(list) + 1;
	return list;
}

/* What the kernel's PCI, driver core and module code return, and open(). */
#define ERRORS(E)                       \
	E(EACCES, "EACCES")             \
	E(EAGAIN, "EAGAIN")             \
	E(EBUSY, "EBUSY")               \
	E(ECANCELED, "ECANCELED")       \
	E(ECHILD, "ECHILD")             \
	E(EEXIST, "EEXIST")             \
	E(EFAULT, "EFAULT")             \
	E(EINVAL, "EINVAL")             \
	E(EIO, "EIO")                   \
	E(ELIBACC, "ELIBACC")           \
	E(ELOOP, "ELOOP")               \
	E(ENODEV, "ENODEV")             \
	E(ENOENT, "ENOENT")             \
	E(ENOEXEC, "ENOEXEC")           \
	E(ENOMEM, "ENOMEM")             \
	E(ENOSPC, "ENOSPC")             \
	E(ENOSYS, "ENOSYS")             \
	E(ENOTDIR, "ENOTDIR")           \
	E(EPERM, "EPERM")               \
	E(EROFS, "EROFS")               \
	E(ETIMEDOUT, "ETIMEDOUT")       \
	E(EKEYREJECTED, "EKEYREJECTED") \
	E(EOPNOTSUPP, "EOPNOTSUPP")

#define VALUE(err, name) err,
#define NAME(err, name)	 name "\0"

const char *eb_text_errno(int err, char out[16])
{
	static const unsigned char values[] = {ERRORS(VALUE)};
	static const char names[] = ERRORS(NAME);
	unsigned int i;

	for (i = 0; i < sizeof(values); i++)
		if (values[i] == err)
			return eb_text_nth(names, i);
	snprintf(out, 16, "error %d", err);
	return out;
}
