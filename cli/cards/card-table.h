/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cards on a terminal: a heading each, and a row for each function. */
#ifndef EARLYBIND_CLI_CARD_TABLE_H
#define EARLYBIND_CLI_CARD_TABLE_H

#include <earlybind/survey.h>

#include "names.h"
#include "terminal.h"

/* Where rows begin, and what stands between their columns. */
#define EB_CARD_TABLE_INDENT 2

struct eb_card_table {
	const struct eb_survey *survey;
	const struct eb_names *names;
	struct eb_term *term;
	/* Widths of columns. */
	unsigned int address;
	unsigned int kind;
	unsigned int driver;
};

/* Make the columns wide enough for a row of FUNCTION. */
void eb_card_table_fit(struct eb_card_table *table, unsigned int function);

/* The line above the card whose first function is CARD: its slot, its name as far as
 * there is room, and what marks it: the console, claimed. */
void eb_card_table_heading(const struct eb_card_table *table, unsigned int card);

/* Address, kind, id and driver of FUNCTION, without the end of its line. */
void eb_card_table_row(const struct eb_card_table *table, unsigned int function);

/* Go to the column after such a row. */
void eb_card_table_go_on(const struct eb_card_table *table);

/* What shows that the console is on the boot display, as half a sentence. */
const char *eb_card_table_boot_by(enum eb_boot_by by);

#endif
