// SPDX-License-Identifier: GPL-2.0-or-later
/* diagnose: who else binds or unbinds a function, by the configuration that it left. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <earlybind/sysfs.h>
#include <earlybind/vfio-ids.h>

#include "files.h"
#include "modprobe-d.h"
#include "traces.h"
#include "walk.h"

struct finder {
	const struct eb_cli *cli;
	const struct eb_function *f;
	unsigned int function;
	const struct eb_trace *trace;
	struct eb_problem *p;
	struct eb_problems *problems;
	const char *what;
	const char *who; /* the first that was found */
};

/* A kind of file that tells of somebody. */
struct eb_trace {
	int kind;
	const char *who;
	const char *dir, *suffix; /* its files */
	bool (*fits)(const struct finder *finder, const char *path, const char *text);
	const char *says; /* what such a file says */
};

static void found(struct finder *finder, const char *who, const char *where,
		  const char *says)
{
	if (!finder->who)
		finder->who = who;
	eb_problem_seen(finder->p, "/%s: %s", where, says);
}

/* driverctl names its file after the function (driverctl(8), set-override). */
static bool is_named(const struct finder *finder, const char *path, const char *text)
{
	char address[EB_ADDR_TEXT];
	const char *name = strrchr(path, '/');

	(void)text;
	return name && strcmp(name + 1, eb_addr_print(&finder->f->addr, address)) == 0;
}

/* Are LEN bytes at TEXT, "0000:01:00.0", "01:00.0", or without a function, the address of
 * F or of its slot? */
static bool is_address(const char *text, size_t len, const struct eb_function *f)
{
	bool domain = memchr(text, ':', len) != memrchr(text, ':', len);
	bool slot = !memchr(text, '.', len);
	struct eb_addr addr;
	char whole[24];

	if (len > EB_ADDR_TEXT)
		return false;
	snprintf(whole, sizeof(whole), "%s%.*s%s", domain ? "" : "0000:", (int)len, text,
		 slot ? ".0" : "");
	if (eb_addr_parse(whole, strlen(whole), &addr) < 0)
		return false;
	return slot ? eb_addr_same_slot(&addr, &f->addr)
		    : eb_addr_compare(&addr, &f->addr) == 0;
}

/* "hostpci0: 0000:01:00.0;0000:01:00.1,pcie=1" or "host=01:00", of the whole card
 * (qm.conf(5)), and "map id=10de:1b80,path=0000:01:00.0" of a resource mapping. On other
 * lines there are addresses of network cards, which look alike. */
static bool has_hostpci(const struct finder *finder, const char *path, const char *text)
{
	static const char separators[] = " \t,;\n";
	const char *at = text;
	bool wanted = false, begins = true;

	(void)path;
	while (*at) {
		size_t len = strcspn(at, separators);
		const char *value = memchr(at, '=', len);

		if (begins && len)
			wanted = strncmp(at, "hostpci", 7) == 0 ||
				 strncmp(at, "map", 3) == 0;
		begins = begins && len == 0;
		value = value ? value + 1 : at;
		if (wanted && is_address(value, (size_t)(at + len - value), finder->f))
			return true;
		at += len;
		if (*at == '\n')
			begins = true;
		at += *at != '\0';
	}
	return false;
}

/* <hostdev ... managed='yes'> with the function as its source; libvirt writes it so
 * (src/conf/device_conf.c, virPCIDeviceAddressFormat). */
static bool is_managed(const struct finder *finder, const char *path, const char *text)
{
	const struct eb_addr *addr = &finder->f->addr;
	const char *at = text, *end, *managed, *source;
	char wanted[64];

	(void)path;
	snprintf(wanted, sizeof(wanted),
		 "domain='0x%04x' bus='0x%02x' slot='0x%02x' function='0x%x'",
		 addr->domain, addr->bus, addr->device, addr->function);
	for (; (at = strstr(at, "<hostdev")) != NULL; at = end) {
		end = strstr(at, "</hostdev>");
		if (!end)
			return false;
		managed = strstr(at, "managed='yes'");
		source = strstr(at, wanted);
		if (managed && managed < end && source && source < end)
			return true;
	}
	return false;
}

/* A script that unbinds or binds drivers. */
static bool is_script(const struct finder *finder, const char *path, const char *text)
{
	static const char *const words[] = {"driver_override", "/unbind",
					    "drivers_probe",   "new_id",
					    "nodedev-detach",  "nodedev-reattach"};
	size_t i;

	(void)finder;
	(void)path;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(text, words[i]))
			return true;
	return false;
}

static bool is_there(const struct finder *finder, const char *path, const char *text)
{
	(void)finder;
	(void)path;
	(void)text;
	return true;
}

#define BOTH (EB_TRACE_BINDS | EB_TRACE_TAKES)

/* The most likely first. */
static const struct eb_trace traces[] = {
	{BOTH, "driverctl", "etc/driverctl.d", "", is_named,
	 "driverctl sets a driver for it at every boot"},
	{BOTH, "a hook script of libvirt", "etc/libvirt/hooks", "", is_script,
	 "a hook that binds and unbinds drivers"},
	{BOTH, "a hook script of a guest", "var/lib/vz/snippets", "", is_script,
	 "a hook script of Proxmox VE that binds and unbinds drivers"},
	{BOTH, "libvirt", "etc/libvirt/qemu", ".xml", is_managed,
	 "has it with managed='yes': bound to vfio-pci when this guest starts, and back "
	 "to its driver when it ends"},
	{BOTH, "libvirt", "run/libvirt/qemu", ".xml", is_managed,
	 "has it with managed='yes': bound to vfio-pci when this guest starts, and back "
	 "to its driver when it ends"},
	/* NVIDIA's GPU operator: its validations, and its driver container's root. */
	{EB_TRACE_TAKES, "a Kubernetes operator", "run/nvidia/validations", "-ready",
	 is_there, "NVIDIA's GPU operator runs here and sets the drivers of GPUs"},
	{EB_TRACE_TAKES, "a Kubernetes operator", "run/nvidia", "driver.pid", is_there,
	 "NVIDIA's GPU operator runs here and sets the drivers of GPUs"},
	{EB_TRACE_BINDS, "a Kubernetes operator", "run/nvidia/validations",
	 "vfio-pci-ready", is_there,
	 "NVIDIA's GPU operator runs here and binds GPUs for guests"},
	{EB_TRACE_BINDS, "a script of the initramfs", "etc/initramfs-tools/scripts", "",
	 is_script, "binds and unbinds drivers in the initramfs"},
	{EB_TRACE_BINDS, "Proxmox VE", "etc/pve/qemu-server", ".conf", has_hostpci,
	 "has it as hostpci: Proxmox VE binds it when this guest starts"},
	{EB_TRACE_BINDS, "Proxmox VE", "etc/pve/mapping", "pci.cfg", has_hostpci,
	 "maps it for guests: Proxmox VE binds it when one starts"},
};

static void see_file(void *ctx, const char *path)
{
	struct finder *finder = ctx;
	char *text;
	int err = eb_files_read(finder->cli->root, path, &text);

	if (err == -EISDIR || err == -ENOENT)
		return;
	if (err < 0) {
		eb_problems_unreadable(finder->problems, finder->what, path, err);
		return;
	}
	if (finder->trace->fits(finder, path, text))
		found(finder, finder->trace->who, path, finder->trace->says);
	free(text);
}

static void see_modprobe(void *ctx, const struct eb_modprobe_line *line)
{
	struct finder *finder = ctx;
	char id[12], where[EB_MAX_PATH + 16];

	snprintf(id, sizeof(id), "%04x:%04x", finder->f->id.vendor, finder->f->id.device);
	if (strcmp(line->command, "options") != 0 ||
	    strcmp(line->module, "vfio_pci") != 0 || !strcasestr(line->rest, id))
		return;
	snprintf(where, sizeof(where), "%s:%u", line->path, line->number);
	found(finder, "ids of vfio-pci", where, "vfio-pci takes it by its id");
}

static void see_unreadable(void *ctx, const char *path, int err)
{
	struct finder *finder = ctx;

	eb_problems_unreadable(finder->problems, finder->what, path, err);
}

static void find_ids(struct finder *finder)
{
	const struct eb_request *request = &finder->cli->survey->request;
	unsigned int i;

	for (i = 0; i < request->vfio_ids; i++)
		if (eb_vfio_ids_match(&request->vfio_id[i], &finder->cli->survey->pci,
				      finder->function))
			found(finder, "ids of vfio-pci", "proc/cmdline",
			      "vfio-pci.ids= takes it by its id");
	eb_modprobe_each(finder->cli->root, see_modprobe, see_unreadable, finder);
}

const char *eb_traces_find(const struct eb_cli *cli, unsigned int function,
			   enum eb_trace_kind kind, struct eb_problem *p,
			   struct eb_problems *problems, const char *what)
{
	struct finder finder = {.cli = cli,
				.f = &cli->survey->pci.function[function],
				.function = function,
				.p = p,
				.problems = problems,
				.what = what};
	size_t i;
	int count;

	if (kind == EB_TRACE_BINDS)
		find_ids(&finder);
	for (i = 0; i < sizeof(traces) / sizeof(traces[0]); i++) {
		finder.trace = &traces[i];
		if (!(traces[i].kind & (int)kind))
			continue;
		count = eb_walk_files(cli->root, traces[i].dir, traces[i].suffix,
				      see_file, &finder);
		if (count < 0)
			eb_problems_unreadable(problems, what, traces[i].dir, count);
	}
	return finder.who;
}
