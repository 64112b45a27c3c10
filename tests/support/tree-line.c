// SPDX-License-Identifier: GPL-2.0-or-later
/* Parses one line of a tree file (tests/machines/README.md); touches nothing. */
#include <errno.h>
#include <string.h>

#include "tree-line.h"

static int line_refuse(const char **why, int error, const char *reason)
{
	*why = reason;
	return error;
}

static int line_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Take what follows a backslash. Returns the byte, or -EINVAL. */
static int line_take_escape(struct eb_tree_line *line)
{
	int high, low;

	if (line->pos == line->end)
		return -EINVAL;
	switch (*line->pos++) {
	case 'n':
		return '\n';
	case 't':
		return '\t';
	case '\\':
		return '\\';
	case 'x':
		break;
	default:
		return -EINVAL;
	}
	if (line->end - line->pos < 2)
		return -EINVAL;
	high = line_hex_digit(line->pos[0]);
	low = line_hex_digit(line->pos[1]);
	if (high < 0 || low < 0)
		return -EINVAL;
	line->pos += 2;
	return high * 16 + low;
}

int eb_tree_line_byte(struct eb_tree_line *line, const char **why)
{
	unsigned char c = (unsigned char)*line->pos++;
	int byte;

	/* a plain control character would not be seen by who reads or edits the file */
	if (c < ' ' || c == 0x7f)
		return line_refuse(why, -EINVAL, "control character, write it as \\xHH");
	if (c != '\\')
		return c;
	byte = line_take_escape(line);
	if (byte < 0)
		return line_refuse(why, byte, "escape is none of \\n \\t \\\\ \\xHH");
	return byte;
}

/* Take up to the byte `stop`, or to the end of the line, into buf. */
static int line_take_word(struct eb_tree_line *line, char stop, char *buf,
			  const char **why)
{
	size_t len = 0;
	int byte;

	while (line->pos < line->end && *line->pos != stop) {
		byte = eb_tree_line_byte(line, why);
		if (byte < 0)
			return byte;
		if (byte == 0)
			return line_refuse(why, -EINVAL, "NUL in a path");
		if (len + 1 == EB_TREE_PATH_MAX)
			return line_refuse(why, -ENAMETOOLONG, "path too long");
		buf[len++] = (char)byte;
	}
	buf[len] = '\0';
	return 0;
}

/* Only a/b/c is a path: nothing absolute, empty, "." or "..", nor a slash at the end. */
static int line_check_path(const char *path, const char **why)
{
	size_t len;

	if (*path == '/')
		return line_refuse(why, -EINVAL, "path starts with a slash");
	for (;;) {
		len = strcspn(path, "/");
		if (len == 0)
			return line_refuse(why, -EINVAL, "path has an empty part");
		if (path[0] == '.' && (len == 1 || (len == 2 && path[1] == '.')))
			return line_refuse(why, -EINVAL, "path has a . or .. part");
		if (path[len] == '\0')
			return 0;
		path += len + 1;
	}
}

int eb_tree_line_parse(struct eb_tree_line *line, const char *pos, const char *end,
		       const char **why)
{
	int error;

	if (end - pos > EB_TREE_LINE_MAX)
		return line_refuse(why, -E2BIG, "line too long");
	line->kind = '#';
	line->pos = pos;
	line->end = end;
	if (pos == end || *pos == '#')
		return 0;
	if (!memchr("dfl", *pos, 3) || end - pos < 3 || pos[1] != ' ')
		return line_refuse(why, -EINVAL, "not a d, f, l or # line");
	line->kind = *pos;
	line->pos += 2;
	error = line_take_word(line, ' ', line->path, why);
	if (!error)
		error = line_check_path(line->path, why);
	if (error)
		return error;
	if (line->pos < end)
		line->pos++; /* the one blank that ends the path */
	if (line->kind == 'd' && line->pos < end)
		return line_refuse(why, -EINVAL, "text after the path of a directory");
	return 0;
}

int eb_tree_line_target(struct eb_tree_line *line, char *target, const char **why)
{
	const char *slash;
	int depth = 0;
	int error;

	/* control characters are refused, so this takes all of the line */
	error = line_take_word(line, '\n', target, why);
	if (error)
		return error;
	/* nothing is made through a link, so the depth of a path is its real depth */
	for (slash = strchr(line->path, '/'); slash; slash = strchr(slash + 1, '/'))
		depth++;
	while (strncmp(target, "../", 3) == 0 && depth-- > 0)
		target += 3;
	if (strcmp(target, "..") == 0 && depth > 0)
		return 0;
	if (line_check_path(target, why))
		return line_refuse(why, -EINVAL,
				   "link target is no path inside the tree");
	return 0;
}
