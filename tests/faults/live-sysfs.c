// SPDX-License-Identifier: GPL-2.0-or-later
/* A directory that answers writes as the kernel's sysfs does. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "live-sysfs.h"

#define DEVICES	  "sys/bus/pci/devices"
#define DRIVERS	  "sys/bus/pci/drivers"
#define PLATFORM  "sys/bus/platform"
#define OVERRIDE  "driver_override"
#define ALL_PATHS (2 * LIVE_PATH + 2 * LIVE_NAME)

static void must(bool right, const char *what)
{
	if (right)
		return;
	perror(what);
	abort();
}

/* ROOT/DIR/NAME; without NAME where that is NULL. */
static const char *at(const struct live *live, const char *dir, const char *name,
		      char path[ALL_PATHS])
{
	int n = snprintf(path, ALL_PATHS, "%s/%s%s%s", live->root, dir, name ? "/" : "",
			 name ? name : "");

	must(n < ALL_PATHS, "path");
	return path;
}

static void put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	must(file && fputs(text, file) >= 0 && fclose(file) == 0, path);
}

static bool is_there(const struct live *live, const char *dir, const char *name)
{
	char path[ALL_PATHS];
	struct stat st;

	return lstat(at(live, dir, name, path), &st) == 0;
}

/* The last component of the link, or "". */
static void link_name(const char *path, char name[LIVE_NAME])
{
	char target[LIVE_PATH];
	ssize_t n = readlink(path, target, sizeof(target) - 1);
	const char *last;

	target[n < 0 ? 0 : n] = '\0';
	last = strrchr(target, '/');
	snprintf(name, LIVE_NAME, "%.*s", LIVE_NAME - 1, last ? last + 1 : target);
}

void live_driver(const struct live *live, unsigned int function, char name[LIVE_NAME])
{
	char path[ALL_PATHS];

	link_name(at(live, live->function[function].dir, "driver", path), name);
}

/* The first line of a file; "" where there is none. */
static void first_line(const char *path, char line[LIVE_NAME])
{
	FILE *file = fopen(path, "r");

	line[0] = '\0';
	if (!file)
		return;
	if (!fgets(line, LIVE_NAME, file))
		line[0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	fclose(file);
}

void live_override(const struct live *live, unsigned int function, char name[LIVE_NAME])
{
	char path[ALL_PATHS];

	first_line(at(live, live->function[function].dir, OVERRIDE, path), name);
	if (strcmp(name, "(null)") == 0)
		name[0] = '\0';
}

int live_find(const struct live *live, const char *addr)
{
	unsigned int i;

	for (i = 0; i < live->count; i++)
		if (strcmp(live->function[i].addr, addr) == 0)
			return (int)i;
	return -1;
}

void live_read(struct live *live)
{
	char path[ALL_PATHS], target[LIVE_PATH];
	struct dirent *entry;
	DIR *dir = opendir(at(live, DEVICES, NULL, path));

	must(dir != NULL, DEVICES);
	live->count = 0;
	while ((entry = readdir(dir)) != NULL) {
		struct live_function *f = &live->function[live->count];
		ssize_t n;

		if (entry->d_name[0] == '.')
			continue;
		must(live->count < LIVE_FUNCTIONS, "too many functions");
		n = readlink(at(live, DEVICES, entry->d_name, path), target,
			     sizeof(target) - 1);
		must(n > 9 && strncmp(target, "../../../", 9) == 0, path);
		target[n] = '\0';
		snprintf(f->addr, sizeof(f->addr), "%.*s", (int)sizeof(f->addr) - 1,
			 entry->d_name);
		snprintf(f->dir, sizeof(f->dir), "sys/%.*s", LIVE_PATH - 5, target + 9);
		live_driver(live, live->count++, f->own);
	}
	closedir(dir);
}

/* Is WORD one of LIST, with blanks between them? */
static bool named(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (; list && *list; list += strcspn(list, " ")) {
		list += strspn(list, " ");
		if (strncmp(list, word, len) == 0 && strcspn(list, " ") == len)
			return true;
	}
	return false;
}

/* really_probe() of a driver that matches. */
static int probe(struct live *live, unsigned int function, const char *driver)
{
	const struct live_function *f = &live->function[function];
	char path[ALL_PATHS], target[LIVE_PATH];

	if (strcmp(driver, "vfio-pci") == 0 && named(live->refuses, f->addr))
		return -EBUSY;
	snprintf(target, sizeof(target), "/" DRIVERS "/%s", driver);
	must(symlink(target, at(live, f->dir, "driver", path)) == 0, path);
	return 0;
}

/* Does DRIVER match (drivers/pci/pci-driver.c, pci_match_device)? With an override only
 * that driver does. */
static bool matches(const struct live *live, unsigned int function, const char *driver)
{
	char override[LIVE_NAME];

	live_override(live, function, override);
	return strcmp(override[0] ? override : live->function[function].own, driver) == 0;
}

/* device_attach(): success whether a driver was found or not (drivers/base/bus.c,
 * drivers_probe_store). */
static void attach(struct live *live, unsigned int function)
{
	char driver[LIVE_NAME];

	live_driver(live, function, driver);
	if (driver[0])
		return;
	live_override(live, function, driver);
	if (!driver[0])
		snprintf(driver, sizeof(driver), "%s", live->function[function].own);
	if (driver[0] && is_there(live, DRIVERS, driver))
		probe(live, function, driver);
}

/* drivers/base/bus.c, bind_store and unbind_store. */
static int bind_or_unbind(struct live *live, unsigned int function, const char *driver,
			  bool bind)
{
	char path[ALL_PATHS], has[LIVE_NAME];

	live_driver(live, function, has);
	if (!bind) {
		if (strcmp(has, driver) != 0)
			return -ENODEV;
		must(unlink(at(live, live->function[function].dir, "driver", path)) == 0,
		     path);
		return 0;
	}
	if (!matches(live, function, driver))
		return -ENODEV;
	return has[0] ? -EBUSY : probe(live, function, driver);
}

/* The framebuffer's driver: sys/bus/platform/drivers/DRIVER/bind. */
static int platform(struct live *live, const char *driver, const char *file,
		    const char *device)
{
	char path[ALL_PATHS], has[LIVE_NAME], target[LIVE_PATH], dir[LIVE_PATH];

	snprintf(dir, sizeof(dir), PLATFORM "/devices/%s", device);
	link_name(at(live, dir, "driver", path), has);
	if (strcmp(file, "unbind") == 0)
		return strcmp(has, driver) == 0 && unlink(path) == 0 ? 0 : -ENODEV;
	if (has[0] || !is_there(live, dir, NULL))
		return -ENODEV;
	snprintf(target, sizeof(target), "/" PLATFORM "/drivers/%s", driver);
	return symlink(target, path) == 0 ? 0 : -errno;
}

/* PATH as DIR/DRIVER/FILE; false where it is not of that form. */
static bool split(const char *path, const char *dir, char driver[LIVE_NAME],
		  char file[LIVE_NAME])
{
	size_t len = strlen(dir);

	return strncmp(path, dir, len) == 0 && path[len] == '/' &&
	       sscanf(path + len + 1, "%63[^/]/%63[^/]", driver, file) == 2;
}

static int write_text(struct live *live, const char *path, const char *text)
{
	char driver[LIVE_NAME], file[LIVE_NAME], full[ALL_PATHS], line[LIVE_NAME + 1];
	const char *name = strrchr(path, '/');
	int function = live_find(live, text);

	if (split(path, DRIVERS, driver, file)) {
		if (strcmp(file, "bind") != 0 && strcmp(file, "unbind") != 0)
			return -EACCES;
		return function < 0 ? -ENODEV
				    : bind_or_unbind(live, (unsigned int)function, driver,
						     strcmp(file, "bind") == 0);
	}
	if (strcmp(path, "sys/bus/pci/drivers_probe") == 0) {
		if (function < 0)
			return -ENODEV;
		attach(live, (unsigned int)function);
		return 0;
	}
	if (split(path, PLATFORM "/drivers", driver, file))
		return platform(live, driver, file, text);
	/* drivers/base/driver.c, driver_set_override: an empty line clears it. */
	snprintf(line, sizeof(line), "%.*s\n", LIVE_NAME - 1,
		 name && strcmp(name + 1, OVERRIDE) == 0 && !text[0] ? "(null)" : text);
	put(at(live, path, NULL, full), line);
	return 0;
}

long live_write(struct live *live, const char *path, const char *text, size_t len)
{
	char copy[LIVE_NAME];
	int err;

	if (len == 0)
		return 0;
	if (len >= sizeof(copy))
		return -EINVAL;
	memcpy(copy, text, len);
	copy[len] = '\0';
	copy[strcspn(copy, "\n")] = '\0';
	err = write_text(live, path, copy);
	return err ? err : (long)len;
}

/* A driver registers, and binds what matches it and has none (driver_attach). */
static void register_vfio(struct live *live)
{
	char path[ALL_PATHS], driver[LIVE_NAME];
	unsigned int i;

	must(mkdir(at(live, DRIVERS, "vfio-pci", path), 0755) == 0, path);
	put(at(live, DRIVERS "/vfio-pci", "bind", path), "");
	put(at(live, DRIVERS "/vfio-pci", "unbind", path), "");
	for (i = 0; i < live->count; i++) {
		live_override(live, i, driver);
		if (strcmp(driver, "vfio-pci") == 0)
			attach(live, i);
	}
}

long live_load(struct live *live, const char *path)
{
	char name[LIVE_NAME], dir[LIVE_PATH], full[ALL_PATHS];
	const char *last = strrchr(path, '/');
	char *c;

	snprintf(name, sizeof(name), "%.*s", LIVE_NAME - 1, last ? last + 1 : path);
	name[strcspn(name, ".")] = '\0';
	for (c = name; *c; c++)
		*c = *c == '-' ? '_' : *c;
	if (is_there(live, "sys/module", name))
		return -EEXIST;
	snprintf(dir, sizeof(dir), "sys/module/%s", name);
	must(mkdir(at(live, dir, NULL, full), 0755) == 0, full);
	put(at(live, dir, "initstate", full), "live\n");
	if (strcmp(name, "vfio_pci") == 0)
		register_vfio(live);
	return 0;
}

bool live_may_wait(const char *path)
{
	const char *name = strrchr(path, '/');

	/* drivers/pci/pci-sysfs.c, driver_override_show; drivers/tty/vt/vt.c, show_bind
	 */
	return name && (strcmp(name + 1, OVERRIDE) == 0 ||
			(strncmp(path, "sys/class/vtconsole/", 20) == 0 &&
			 strcmp(name + 1, "bind") == 0));
}

int live_locks(const struct live *live, const char *path, const char *text)
{
	const char *name = strrchr(path, '/');
	char addr[16] = "";
	unsigned int i;

	if (text && strcspn(text, "\n") < sizeof(addr))
		snprintf(addr, sizeof(addr), "%.*s", (int)strcspn(text, "\n"), text);
	for (i = 0; i < live->count; i++) {
		size_t len = strlen(live->function[i].dir);

		if (strncmp(path, live->function[i].dir, len) == 0 && path[len] == '/' &&
		    name && strcmp(name + 1, OVERRIDE) == 0)
			return (int)i;
		if (strcmp(live->function[i].addr, addr) == 0)
			return (int)i;
	}
	return -1;
}

/* --- the state as text --- */

struct state {
	const struct live *live;
	const char *but;
	char **line;
	size_t lines, room;
};

static void add_line(struct state *state, char *line)
{
	if (state->lines == state->room) {
		state->room = state->room * 2 + 64;
		state->line = realloc(state->line, state->room * sizeof(*state->line));
	}
	must(line && state->line, "memory");
	state->line[state->lines++] = line;
}

/* Belongs PATH to what the agent may change of the functions in BUT? */
static bool may_change(const struct state *state, const char *path)
{
	unsigned int i;

	for (i = 0; i < state->live->count; i++) {
		const struct live_function *f = &state->live->function[i];
		size_t len = strlen(f->dir);

		if (named(state->but, f->addr) && strncmp(path, f->dir, len) == 0 &&
		    (strcmp(path + len, "/driver") == 0 ||
		     strcmp(path + len, "/" OVERRIDE) == 0 ||
		     strncmp(path + len, "/power/", 7) == 0 ||
		     strcmp(path + len, "/d3cold_allowed") == 0))
			return true;
	}
	return strncmp(path, "sys/module/", 11) == 0 ||
	       strncmp(path, DRIVERS "/vfio-pci", sizeof(DRIVERS "/vfio-pci") - 1) == 0 ||
	       strcmp(path, "run") == 0 || strcmp(path, "sys/module") == 0 ||
	       named(state->but, path);
}

static void walk(struct state *state, const char *path);

static void walk_dir(struct state *state, const char *path, const char *full)
{
	DIR *dir = opendir(full);
	struct dirent *entry;
	char below[LIVE_PATH];

	must(dir != NULL, full);
	while ((entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		must(snprintf(below, sizeof(below), "%s%s%s", path, path[0] ? "/" : "",
			      entry->d_name) < LIVE_PATH,
		     "path");
		if (!may_change(state, below))
			walk(state, below);
	}
	closedir(dir);
}

static void walk(struct state *state, const char *path)
{
	char full[ALL_PATHS], text[4096], *line = NULL;
	struct stat st;
	ssize_t n = 0;

	must(lstat(at(state->live, path, NULL, full), &st) == 0, full);
	if (S_ISLNK(st.st_mode)) {
		n = readlink(full, text, sizeof(text) - 1);
	} else if (S_ISREG(st.st_mode)) {
		int fd = open(full, O_RDONLY);

		n = read(fd, text, sizeof(text) - 1);
		close(fd);
	}
	text[n < 0 ? 0 : n] = '\0';
	if (asprintf(&line, "%o %s %s", st.st_mode, path, text) < 0)
		line = NULL;
	add_line(state, line);
	if (S_ISDIR(st.st_mode))
		walk_dir(state, path, full);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char *live_state(const struct live *live, const char *but)
{
	struct state state = {.live = live, .but = but};
	size_t i, size = 0;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);

	must(out != NULL, "memory");
	walk(&state, "");
	qsort(state.line, state.lines, sizeof(*state.line), by_text);
	for (i = 0; i < state.lines; i++) {
		fprintf(out, "%s\n", state.line[i]);
		free(state.line[i]);
	}
	free(state.line);
	fclose(out);
	return text;
}
