// SPDX-License-Identifier: GPL-2.0-or-later
/* Text of bounded length, and names of error numbers. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

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

const char *eb_text_errno(int err, char out[16])
{
	/* What the kernel's PCI, driver core and module code return, and open(). */
	static const struct {
		unsigned char err;
		char name[15];
	} names[] = {
		{EACCES, "EACCES"},
		{EAGAIN, "EAGAIN"},
		{EBUSY, "EBUSY"},
		{ECANCELED, "ECANCELED"},
		{ECHILD, "ECHILD"},
		{EEXIST, "EEXIST"},
		{EFAULT, "EFAULT"},
		{EINVAL, "EINVAL"},
		{EIO, "EIO"},
		{ELIBACC, "ELIBACC"},
		{ELOOP, "ELOOP"},
		{ENODEV, "ENODEV"},
		{ENOENT, "ENOENT"},
		{ENOEXEC, "ENOEXEC"},
		{ENOMEM, "ENOMEM"},
		{ENOSPC, "ENOSPC"},
		{ENOSYS, "ENOSYS"},
		{ENOTDIR, "ENOTDIR"},
		{EPERM, "EPERM"},
		{EROFS, "EROFS"},
		{ETIMEDOUT, "ETIMEDOUT"},
		{EKEYREJECTED, "EKEYREJECTED"},
		{EOPNOTSUPP, "EOPNOTSUPP"},
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].err == err)
			return names[i].name;
	snprintf(out, 16, "error %d", err);
	return out;
}
