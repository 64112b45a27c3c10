/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Standard output into a file that is there whole or not at all. */
#ifndef EARLYBIND_CLI_OUTPUT_H
#define EARLYBIND_CLI_OUTPUT_H

#include <stdbool.h>

struct eb_output {
	const char *path; /* NULL: standard output stays what it is */
	char *temporary;  /* the name that the file has until it is whole */
};

/* Let standard output go to a new file beside PATH, mode 0644 whatever the umask; NULL
 * lets it be. 0, or EB_EXIT_USAGE and it was said. */
int eb_output_begin(struct eb_output *output, const char *path);

/* Give the file its name, or with KEEP false remove it and let PATH be what it was.
 * 0, or EB_EXIT_USAGE and it was said. */
int eb_output_end(struct eb_output *output, bool keep);

#endif
