// SPDX-License-Identifier: GPL-2.0-or-later
/* What subcommands share: errors, the check of the machine, misspelt names. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <earlybind/sysfs.h>

#include "cli.h"
#include "run.h"
#include "terminal.h"

/* Words up to this long are compared. */
#define WORD 32

void eb_cli_error(const char *format, ...)
{
	struct eb_term term = eb_term_on(stderr);
	char *text, *end;
	va_list args;
	int n;

	va_start(args, format);
	n = vasprintf(&text, format, args);
	va_end(args);
	if (n < 0)
		return;
	while ((end = strchr(text, '\n')) != NULL)
		*end = '?';
	eb_term_print(&term, "earlybind: %s\n", text);
	free(text);
}

bool eb_cli_is_live(const struct eb_cli *cli)
{
	return cli->root_path[0] == '\0' || strcmp(cli->root_path, "/") == 0;
}

static int read_locked(void *ctx, const char *path, char *buf, size_t size)
{
	const struct eb_cli *cli = ctx;

	if (!eb_cli_is_live(cli))
		return (int)eb_sysfs_read(cli->root, path, buf, size);
	return eb_run_read(cli->root, path, buf, size, EB_DEFAULT_TIMEOUT);
}

struct eb_locked eb_cli_locked(struct eb_cli *cli)
{
	return (struct eb_locked){.ctx = cli, .read = read_locked};
}

static int see_any(void *ctx, const char *name)
{
	(void)ctx;
	(void)name;
	return 1;
}

int eb_cli_check_machine(const struct eb_cli *cli)
{
	int err = eb_sysfs_list(cli->root, "sys/bus/pci/devices", see_any, NULL);

	if (err >= 0)
		return 0;
	eb_cli_error("%s/sys/bus/pci/devices cannot be read: %s; %s", cli->root_path,
		     strerror(-err),
		     cli->root_path[0]
			     ? "--root needs a directory with a machine's sys and proc"
			     : "a machine with PCI and with /sys mounted is needed");
	return EB_EXIT_USAGE;
}

int eb_cli_end(int err, int status)
{
	if (err == 0)
		return status;
	eb_cli_error("standard output: %s", strerror(-err));
	return EB_EXIT_USAGE;
}

/* How many letters must be added, dropped, changed or swapped with the next to make A
 * of B. */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int row[3][WORD + 1] = {{0}};
	size_t i, j, len = strlen(b);

	for (j = 0; j <= len; j++)
		row[1][j] = (unsigned int)j;
	for (i = 1; a[i - 1]; i++) {
		row[2][0] = (unsigned int)i;
		for (j = 1; j <= len; j++) {
			unsigned int best = row[1][j - 1] + (a[i - 1] != b[j - 1]);

			if (row[1][j] + 1 < best)
				best = row[1][j] + 1;
			if (row[2][j - 1] + 1 < best)
				best = row[2][j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && row[0][j - 2] + 1 < best)
				best = row[0][j - 2] + 1;
			row[2][j] = best;
		}
		memcpy(row[0], row[1], sizeof(row[0]));
		memcpy(row[1], row[2], sizeof(row[1]));
	}
	return row[1][len];
}

const char *eb_cli_nearest(const char *word, const char *const *words, size_t count)
{
	const char *nearest = NULL;
	size_t best = 3, i;

	if (strlen(word) > WORD)
		return NULL;
	for (i = 0; i < count; i++) {
		size_t far = distance(word, words[i]);

		/* With half of its letters changed it is another word. */
		if (far < best && far * 2 < strlen(words[i])) {
			best = far;
			nearest = words[i];
		}
	}
	return nearest;
}

int eb_cli_find_format(const struct eb_cli *cli, const char *command,
		       const char *const *names, size_t count)
{
	const char *name = cli->format ? cli->format : cli->json ? "json" : names[0];
	char list[128];
	struct eb_text text = eb_text_on(list, sizeof(list));
	const char *nearest;
	size_t i;

	if (cli->json && strcmp(name, "json") != 0) {
		eb_cli_error("--json and --format %s exclude each other", name);
		return -1;
	}
	for (i = 0; i < count; i++) {
		if (strcmp(name, names[i]) == 0)
			return (int)i;
		eb_text_add(&text, "%s%s", i ? ", " : "", names[i]);
	}
	nearest = eb_cli_nearest(name, names, count);
	eb_cli_error("%s has no --format '%s', only %s%s%s%s", command, name, list,
		     nearest ? "; did you mean '" : "", nearest ? nearest : "",
		     nearest ? "'?" : "");
	return -1;
}

void eb_cli_request_text(struct eb_cli *cli, const char *text)
{
	static struct eb_request here;
	struct eb_request *request = &cli->survey->request;
	bool known = eb_survey_request(cli->survey, cli->root) == 0;

	here = *request;
	eb_survey_request_text(cli->survey, text);
	if (!known)
		return;
	cli->efifb_goes = request->efifb_off && !here.efifb_off;
	cli->sysfb_goes = request->sysfb_off && !here.sysfb_off;
	request->iommu_off |= here.iommu_off;
	request->intel_iommu_on |= here.intel_iommu_on;
	request->efifb_off |= here.efifb_off;
	request->sysfb_off |= here.sysfb_off;
	request->nomodeset |= here.nomodeset;
	if (request->vfio_ids == 0) {
		request->vfio_ids = here.vfio_ids;
		memcpy(request->vfio_id, here.vfio_id, sizeof(here.vfio_id));
	}
}
