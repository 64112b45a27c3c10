// SPDX-License-Identifier: GPL-2.0-or-later
/* Text for a person: colour, columns, wrapping, and no byte that a terminal obeys. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "terminal.h"

static bool wants_colour(void)
{
	const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");

	return !(no_color && no_color[0]) && terminal && strcmp(terminal, "dumb") != 0;
}

static unsigned int width_of(int fd)
{
	struct winsize size;

	/* A serial line says 0 columns. */
	if (ioctl(fd, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
		return EB_TERM_WIDTH;
	if (size.ws_col < EB_TERM_LEAST)
		return EB_TERM_LEAST;
	return size.ws_col > EB_TERM_MOST ? EB_TERM_MOST : size.ws_col;
}

struct eb_term eb_term_on(FILE *out)
{
	bool terminal = isatty(fileno(out));

	return (struct eb_term){.out = out,
				.colour = terminal && wants_colour(),
				.width = terminal ? width_of(fileno(out))
						  : EB_TERM_WIDTH};
}

/* In pieces, as standard error has no buffer of its own. */
static void put(struct eb_term *term, const char *text, size_t len)
{
	char piece[128];
	size_t i, n = 0;

	for (i = 0; i < len; i++) {
		char c = text[i];

		term->column = c == '\n' ? 0 : term->column + 1;
		term->after_blank = c == ' ';
		piece[n++] = (c >= ' ' && c <= '~') || c == '\n' ? c : '?';
		if (n == sizeof(piece) || i + 1 == len) {
			fwrite(piece, 1, n, term->out);
			n = 0;
		}
	}
}

__attribute__((format(printf, 2, 0))) static void print_list(struct eb_term *term,
							     const char *format,
							     va_list args)
{
	char *text;
	int n = vasprintf(&text, format, args);

	if (n < 0)
		return;
	put(term, text, (size_t)n);
	free(text);
}

void eb_term_print(struct eb_term *term, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_list(term, format, args);
	va_end(args);
}

void eb_term_style(struct eb_term *term, enum eb_style style)
{
	static const char *const codes[] = {
		[EB_STYLE_PLAIN] = "\033[0m", [EB_STYLE_HEAD] = "\033[1m",
		[EB_STYLE_QUIET] = "\033[2m", [EB_STYLE_GOOD] = "\033[32m",
		[EB_STYLE_WARN] = "\033[33m", [EB_STYLE_BAD] = "\033[1;31m",
		[EB_STYLE_TYPE] = "\033[36m",
	};

	if (term->colour)
		fputs(codes[style], term->out);
}

void eb_term_styled(struct eb_term *term, enum eb_style style, const char *format, ...)
{
	va_list args;

	eb_term_style(term, style);
	va_start(args, format);
	print_list(term, format, args);
	va_end(args);
	eb_term_style(term, EB_STYLE_PLAIN);
}

void eb_term_to(struct eb_term *term, unsigned int column)
{
	while (term->column < column)
		put(term, " ", 1);
}

void eb_term_wrap(struct eb_term *term, unsigned int indent, const char *text)
{
	while (*(text += strspn(text, " "))) {
		unsigned int blank = term->column > 0 && !term->after_blank;
		size_t len = strcspn(text, " ");

		if (term->column > indent && term->column + blank + len > term->width)
			put(term, "\n", 1);
		else if (blank)
			put(term, " ", 1);
		eb_term_to(term, indent);
		put(term, text, len);
		text += len;
	}
}

void eb_term_paragraph(struct eb_term *term, enum eb_style style, unsigned int indent,
		       const char *format, ...)
{
	char *text, *at;
	va_list args;
	int n;

	va_start(args, format);
	n = vasprintf(&text, format, args);
	va_end(args);
	if (n < 0)
		return;
	for (at = text; *at; at++)
		if (*at == '\n')
			*at = '?';
	eb_term_style(term, style);
	eb_term_wrap(term, indent, text);
	eb_term_style(term, EB_STYLE_PLAIN);
	put(term, "\n", 1);
	free(text);
}

int eb_term_end(struct eb_term *term)
{
	errno = 0;
	if (fflush(term->out) == EOF || ferror(term->out))
		return errno ? -errno : -EIO;
	return 0;
}
