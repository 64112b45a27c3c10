// SPDX-License-Identifier: GPL-2.0-or-later
/* Write to a descriptor through a small buffer; the first error is kept. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <earlybind/out.h>

struct eb_out eb_out_on(int fd)
{
	return (struct eb_out){.fd = fd};
}

static void flush(struct eb_out *out)
{
	size_t done = 0;

	while (!out->error && done < out->used) {
		ssize_t n = write(out->fd, out->buf + done, out->used - done);

		if (n > 0)
			done += (size_t)n;
		else if (n == 0 || errno != EINTR)
			out->error = n == 0 ? -EIO : -errno;
	}
	out->used = 0;
}

void eb_out_put(struct eb_out *out, const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (out->used == sizeof(out->buf))
			flush(out);
		out->buf[out->used++] = text[i];
	}
}

void eb_out_text(struct eb_out *out, const char *text)
{
	eb_out_put(out, text, strlen(text));
}

int eb_out_end(struct eb_out *out)
{
	flush(out);
	return out->error;
}
