/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text for a person: colour, columns, wrapping, and no byte that a terminal obeys. */
#ifndef EARLYBIND_CLI_TERM_H
#define EARLYBIND_CLI_TERM_H

#include <stdbool.h>
#include <stdio.h>

/* Width where there is no terminal to ask, and the bounds of what is asked. */
#define EB_TERM_WIDTH 80
#define EB_TERM_LEAST 40
#define EB_TERM_MOST  100

/* What a piece of text is, which decides its colour. */
enum eb_style {
	EB_STYLE_PLAIN,
	EB_STYLE_HEAD,	/* names the thing that the lines below are about */
	EB_STYLE_QUIET, /* may be passed over */
	EB_STYLE_GOOD,
	EB_STYLE_WARN,
	EB_STYLE_BAD,
	EB_STYLE_TYPE, /* to be typed as it stands */
};

struct eb_term {
	FILE *out;
	bool colour;
	unsigned int width;
	unsigned int column; /* where the next character goes, from 0 */
	bool after_blank;    /* was the last one a blank? */
};

/* Write to OUT: in colour and as wide as it is where OUT is a terminal; without colour
 * when NO_COLOR is set (https://no-color.org) or TERM is dumb. */
struct eb_term eb_term_on(FILE *out);

/* Print. Every byte but printable ASCII and newline becomes '?': names and command
 * lines come from the machine, and what they hold must not reach a terminal. */
__attribute__((format(printf, 2, 3))) void eb_term_print(struct eb_term *term,
							 const char *format, ...);

/* What follows is of STYLE. */
void eb_term_style(struct eb_term *term, enum eb_style style);

/* Print in STYLE, and go on plain. */
__attribute__((format(printf, 3, 4))) void eb_term_styled(struct eb_term *term,
							  enum eb_style style,
							  const char *format, ...);

/* Fill with blanks up to COLUMN; past it already, no blank is written. */
void eb_term_to(struct eb_term *term, unsigned int column);

/* Print TEXT word by word from here on, with a blank before it if need be, and begin
 * further lines at column INDENT. A word longer than a line is not broken: it may be
 * there to be copied. */
void eb_term_wrap(struct eb_term *term, unsigned int indent, const char *text);

/* The same in STYLE, of one paragraph, and end its line. */
__attribute__((format(printf, 4, 5))) void eb_term_paragraph(struct eb_term *term,
							     enum eb_style style,
							     unsigned int indent,
							     const char *format, ...);

/* Flush. 0, or negative errno when something could not be written. */
int eb_term_end(struct eb_term *term);

#endif
