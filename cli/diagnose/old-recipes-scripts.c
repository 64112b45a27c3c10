// SPDX-License-Identifier: GPL-2.0-or-later
/* Cron jobs, units and hooks of older recipes that remove a card and rescan its bus, to
 * get the firmware's framebuffer off it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <earlybind/card.h>
#include <earlybind/sysfs.h>

#include "files.h"
#include "old-recipes-scripts.h"
#include "walk.h"

struct scripts {
	const struct eb_cli *cli;
	struct eb_problems *problems;
	bool started; /* this file was named by another */
};

/* Is WORD written to, or its path named, on a line of TEXT that is no comment? */
static bool has_path(const char *text, const char *word)
{
	const char *at, *line;

	for (at = text; (at = strstr(at, word)) != NULL; at += strlen(word)) {
		for (line = at; line > text && line[-1] != '\n'; line--)
			;
		line += strspn(line, " \t");
		if (*line != '#')
			return true;
	}
	return false;
}

bool eb_old_scripts_removes(const char *text)
{
	return has_path(text, "/remove") && has_path(text, "pci") &&
	       has_path(text, "rescan");
}

/* Is FUNCTION of a graphics card, or a bridge above one? */
static bool is_at_card(const struct eb_pci *pci, unsigned int function)
{
	unsigned int i;
	int at;

	for (i = 0; i < pci->count; i++)
		if (eb_pci_is_display(&pci->function[i]))
			for (at = (int)i; at != EB_NO_FUNCTION;
			     at = pci->function[at].parent)
				if (at == (int)function || eb_card_same(pci, i, function))
					return true;
	return false;
}

/* What is removed at AT, the end of ".../devices/0000:01:00.0" with or without
 * backslashes: is it, or may it be, at a graphics card? */
static bool may_be_card(const struct scripts *scripts, const char *text, const char *at)
{
	const struct eb_pci *pci = &scripts->cli->survey->pci;
	const char *begin = at;
	char address[EB_ADDR_TEXT];
	struct eb_addr addr;
	size_t len = 0;
	int function;

	while (begin > text && begin[-1] != '/' && begin[-1] != '\n')
		begin--;
	for (; begin < at; begin++)
		if (*begin != '\\' && len + 1 < sizeof(address))
			address[len++] = *begin;
	if (eb_addr_parse(address, len, &addr) < 0)
		return true;
	function = eb_pci_find(pci, &addr);
	return function < 0 || is_at_card(pci, (unsigned int)function);
}

/* May a graphics card be among what TEXT removes? */
static bool removes_card(const struct scripts *scripts, const char *text)
{
	const char *at;

	for (at = text; (at = strstr(at, "/remove")) != NULL; at += strlen("/remove"))
		if (may_be_card(scripts, text, at))
			return true;
	return false;
}

static void see_file(void *ctx, const char *path);

/* The files that TEXT names by absolute paths, as a crontab and a unit name what they
 * start: those in places of scripts, and of them no others again. */
static void see_started(struct scripts *scripts, const char *text)
{
	static const char *const places[] = {
		"/root/", "/usr/local/", "/opt/",      "/home/",    "/etc/", "/var/lib/",
		"/bin/",  "/sbin/",	 "/usr/sbin/", "/usr/bin/", "/mnt/"};
	struct scripts inner = *scripts;
	const char *at;
	size_t i, len;

	inner.started = true;
	for (at = text; (at = strchr(at, '/')) != NULL; at += len) {
		char path[EB_MAX_PATH];

		len = strcspn(at, " \t\n\"';&|)`");
		if (at > text && !strchr(" \t\n=@-!:;&|(`\"'", at[-1]))
			continue;
		for (i = 0; i < sizeof(places) / sizeof(places[0]); i++)
			if (strncmp(at, places[i], strlen(places[i])) == 0 &&
			    len < sizeof(path)) {
				snprintf(path, sizeof(path), "%.*s", (int)len - 1,
					 at + 1);
				see_file(&inner, path);
			}
	}
}

static void see_file(void *ctx, const char *path)
{
	struct scripts *scripts = ctx;
	char where[EB_MAX_PATH + 64];
	char *text;
	int err = eb_files_read(scripts->cli->root, path, &text);

	/* A program, a directory, or what a job names that is not there. */
	if (err == -ENOENT || err == -EISDIR || err == -EILSEQ || err == -EFBIG ||
	    err == -ENOTDIR)
		return;
	if (err < 0) {
		eb_problems_unreadable(scripts->problems, "leftovers", path, err);
		return;
	}
	snprintf(where, sizeof(where), "/%s: removes a PCI device and rescans", path);
	if (eb_old_scripts_removes(text) && removes_card(scripts, text))
		eb_problems_gather(
			scripts->problems, EB_PROBLEM_REMOVE_RESCAN,
			"a script removes a card and rescans the bus: the firmware's "
			"framebuffer keeps a pointer to the removed device, which the "
			"kernel follows when the next graphics driver loads and may "
			"crash by; the card also loses its driver_override, and its BARs "
			"may move",
			where);
	else if (!scripts->started)
		see_started(scripts, text);
	free(text);
}

void eb_old_scripts_find(const struct eb_cli *cli, struct eb_problems *problems)
{
	static const struct {
		const char *dir, *suffix;
	} places[] = {
		{"etc/cron.d", ""},
		{"etc/cron.hourly", ""},
		{"etc/cron.daily", ""},
		{"var/spool/cron", ""},
		{"etc/systemd/system", ".service"},
		{"usr/local/lib/systemd/system", ".service"},
		{"etc/udev/rules.d", ".rules"},
		{"etc/libvirt/hooks", ""},
		{"var/lib/vz/snippets", ""},
		{"etc/initramfs-tools/scripts", ""},
	};
	static const char *const files[] = {"etc/crontab", "etc/rc.local"};
	struct scripts scripts = {.cli = cli, .problems = problems};
	size_t i;
	int count;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		see_file(&scripts, files[i]);
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		/* Links to units are in directories of what wants them. */
		count = (places[i].suffix[0] ? eb_files_each : eb_walk_files)(
			cli->root, places[i].dir, places[i].suffix, see_file, &scripts);
		if (count < 0)
			eb_problems_unreadable(problems, "leftovers", places[i].dir,
					       count);
	}
}
