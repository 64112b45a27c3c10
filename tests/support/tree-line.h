/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One line of a tree file: kind, path and what follows, checked and without escapes. */
#ifndef EB_TESTS_TREE_LINE_H
#define EB_TESTS_TREE_LINE_H

#include "tree.h"

struct eb_tree_line {
	char kind; /* 'd', 'f' or 'l'; '#' for a comment or an empty line */
	char path[EB_TREE_PATH_MAX];
	const char *pos; /* content or link target, as written in the file */
	const char *end;
};

/*
 * Parse the line from pos up to end (its newline); it must outlive *line. Of an 'f' line
 * the content, of an 'l' line the target remains to be taken. Returns 0, or -EINVAL,
 * -E2BIG or -ENAMETOOLONG with the reason in *why.
 */
int eb_tree_line_parse(struct eb_tree_line *line, const char *pos, const char *end,
		       const char **why);

/*
 * Take the next byte of the content; line->pos == line->end says that there is none.
 * Returns it, 0 to 255, or -EINVAL with the reason in *why.
 */
int eb_tree_line_byte(struct eb_tree_line *line, const char **why);

/*
 * Take the target of an 'l' line into target, EB_TREE_PATH_MAX bytes. A target may climb
 * with leading ".." as far as the root of the tree and goes down from there, so that no
 * link, nor a chain of them, leads out. Returns 0, or -EINVAL or -ENAMETOOLONG with the
 * reason in *why.
 */
int eb_tree_line_target(struct eb_tree_line *line, char *target, const char **why);

#endif
