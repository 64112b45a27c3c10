// SPDX-License-Identifier: GPL-2.0-or-later
/* Standard output into a file that is there whole or not at all. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "output.h"

static int fail(const struct eb_output *output, int err)
{
	eb_cli_error("--output '%s': %s", output->path, strerror(err));
	return EB_EXIT_USAGE;
}

/* A name of its own in the same directory. What collects *.prom passes it over. */
static int open_temporary(struct eb_output *output)
{
	size_t size = strlen(output->path) + sizeof(".XXXXXX");
	int fd;

	output->temporary = malloc(size);
	if (!output->temporary)
		return -ENOMEM;
	snprintf(output->temporary, size, "%s.XXXXXX", output->path);
	fd = mkstemp(output->temporary);
	if (fd < 0) {
		int err = -errno;

		free(output->temporary);
		output->temporary = NULL;
		return err;
	}
	return fd;
}

int eb_output_begin(struct eb_output *output, const char *path)
{
	struct stat there;
	int fd, err;

	*output = (struct eb_output){.path = path};
	if (!path)
		return 0;
	/* What takes its name would replace a device such as /dev/null for good. */
	if (lstat(path, &there) == 0 && !S_ISREG(there.st_mode)) {
		eb_cli_error("--output '%s' is no file of its own; it takes one that may "
			     "be replaced, and without --output all is printed",
			     path);
		return EB_EXIT_USAGE;
	}
	fd = open_temporary(output);
	if (fd < 0)
		return fail(output, -fd);
	if (fchmod(fd, 0644) == 0 && dup2(fd, STDOUT_FILENO) >= 0) {
		close(fd);
		return 0;
	}
	err = errno;
	close(fd);
	eb_output_end(output, false);
	return fail(output, err);
}

int eb_output_end(struct eb_output *output, bool keep)
{
	int err = 0;

	if (!output->temporary)
		return 0;
	if (keep &&
	    (fsync(STDOUT_FILENO) < 0 || rename(output->temporary, output->path) < 0))
		err = errno;
	if (!keep || err)
		unlink(output->temporary);
	free(output->temporary);
	output->temporary = NULL;
	return err ? fail(output, err) : 0;
}
