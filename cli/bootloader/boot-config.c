// SPDX-License-Identifier: GPL-2.0-or-later
/* What GRUB and systemd-boot are told to put on the kernel's command line. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <earlybind/cmdline.h>
#include <earlybind/sysfs.h>
#include <earlybind/text.h>

#include "boot-config.h"
#include "files.h"

#define MAX_BYTES (1U << 20)

#define DEFAULT_GRUB   "etc/default/grub"
#define KERNEL_CMDLINE "etc/kernel/cmdline"

static const char *const grub_cfgs[] = {"boot/grub/grub.cfg", "boot/grub2/grub.cfg"};
static const char *const entries[] = {"boot/loader/entries", "boot/efi/loader/entries",
				      "efi/loader/entries"};

#define LOADER_INFO \
	"sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"

#define NO_LOADER "no configuration of a boot loader that is known here"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What the loader wrote of itself into the firmware's variables, in UTF-16 after four
 * bytes of attributes (The Boot Loader Interface; of GRUB since 2.12 the module bli). */
static bool loader_says(int root, const char *name)
{
	char data[128];
	ssize_t n = eb_sysfs_read_bytes(root, LOADER_INFO, data, sizeof(data));
	size_t i;

	for (i = 0; name[i]; i++)
		if (n < 4 || (size_t)n < 4 + 2 * (i + 1) || data[4 + 2 * i] != name[i])
			return false;
	return true;
}

enum eb_loader eb_config_loader(int root, const char *text)
{
	struct eb_cmdline line = {.text = text, .len = strlen(text)};
	struct eb_cmdline_arg arg;
	size_t i;

	while (eb_cmdline_next(&line, &arg)) {
		if (eb_cmdline_named(&arg, "BOOT_IMAGE"))
			return EB_LOADER_GRUB;
		/* systemd-boot adds the path as the firmware writes it. */
		if (eb_cmdline_named(&arg, "initrd") && arg.value_len &&
		    arg.value[0] == '\\')
			return EB_LOADER_SYSTEMD;
	}
	if (loader_says(root, "systemd-boot"))
		return EB_LOADER_SYSTEMD;
	for (i = 0; i < COUNT(grub_cfgs); i++)
		if (eb_sysfs_exists(root, grub_cfgs[i]))
			return EB_LOADER_GRUB;
	for (i = 0; i < COUNT(entries); i++)
		if (eb_sysfs_exists(root, entries[i]))
			return EB_LOADER_SYSTEMD;
	return eb_sysfs_exists(root, KERNEL_CMDLINE) ? EB_LOADER_SYSTEMD
	       : eb_sysfs_exists(root, DEFAULT_GRUB) ? EB_LOADER_GRUB
						     : EB_LOADER_UNKNOWN;
}

static void add_ours(struct eb_text *out, const struct eb_cmdline_arg *arg)
{
	size_t i;

	if (!eb_cmdline_named(arg, "vfio.gpus") &&
	    !eb_cmdline_named(arg, "rd.vfio.gpus") &&
	    !eb_cmdline_prefixed(arg, "earlybind."))
		return;
	eb_text_add(out, "%s", out->len ? " " : "");
	/* '-' and '_' are the same in names. */
	for (i = 0; i < arg->name_len; i++)
		eb_text_add(out, "%c", arg->name[i] == '-' ? '_' : arg->name[i]);
	if (!arg->value)
		return;
	eb_text_add(out, "=");
	eb_text_add_slice(out, (struct eb_slice){arg->value, arg->value_len});
}

void eb_config_pick(const char *text, size_t len, struct eb_config *out)
{
	struct eb_text args = eb_text_on(out->args, sizeof(out->args));
	struct eb_cmdline line = {.text = text, .len = len};
	struct eb_cmdline_arg arg;

	while (eb_cmdline_next(&line, &arg))
		add_ours(&args, &arg);
	out->known = true;
}

void eb_config_args(const char *text, char *out, size_t size)
{
	struct eb_config *config = calloc(1, sizeof(*config));

	if (config)
		eb_config_pick(text, strlen(text), config);
	snprintf(out, size, "%s", config ? config->args : "");
	free(config);
}

__attribute__((format(printf, 2, 3))) static void unknown(struct eb_config *out,
							  const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(out->why, sizeof(out->why), format, args);
	va_end(args);
	out->known = false;
}

static void set_where(struct eb_config *out, const char *path)
{
	snprintf(out->where, sizeof(out->where), "/%.100s", path);
}

/* The whole file, to be freed, or NULL, which OUT tells of. */
static char *read_text(int root, const char *path, struct eb_config *out)
{
	size_t len;
	char *text;
	int err = eb_files_read_most(root, path, MAX_BYTES, &text, &len);

	if (err == 0)
		return text;
	unknown(out, "/%.80s: %s%s", path, strerror(-err),
		err == -EACCES ? "; run it as root" : "");
	return NULL;
}

struct drop_ins {
	int root;
	struct eb_grub_defaults *defaults;
	struct eb_config *out;
	bool failed;
};

static void see_drop_in(void *ctx, const char *path)
{
	struct drop_ins *drop_ins = ctx;
	char *text = read_text(drop_ins->root, path, drop_ins->out);

	if (!text) {
		drop_ins->failed = true;
		return;
	}
	eb_grub_defaults_read(text, drop_ins->defaults);
	free(text);
}

static void read_grub_defaults(int root, struct eb_grub_defaults *defaults,
			       struct eb_config *out)
{
	struct drop_ins drop_ins = {.root = root, .defaults = defaults, .out = out};
	int n;

	if (eb_sysfs_exists(root, DEFAULT_GRUB))
		see_drop_in(&drop_ins, DEFAULT_GRUB);
	n = eb_files_each(root, DEFAULT_GRUB ".d", ".cfg", see_drop_in, &drop_ins);
	set_where(out, n > 0 ? DEFAULT_GRUB " and grub.d" : DEFAULT_GRUB);
	if (drop_ins.failed)
		return;
	if (n == 0 && !eb_sysfs_exists(root, DEFAULT_GRUB)) {
		unknown(out, "there is no /%s", DEFAULT_GRUB);
		return;
	}
	if (defaults->computed || n < 0) {
		unknown(out, "%s computes its values", out->where);
		return;
	}
	n = snprintf(defaults->line, sizeof(defaults->line), "%s %s", defaults->all,
		     defaults->normal);
	eb_config_pick(defaults->line, (size_t)n, out);
}

void eb_config_source(int root, enum eb_loader loader, struct eb_config *out)
{
	struct eb_grub_defaults *defaults;
	char *text;

	memset(out, 0, sizeof(*out));
	unknown(out, NO_LOADER);
	if (loader == EB_LOADER_GRUB) {
		defaults = calloc(1, sizeof(*defaults));
		if (!defaults)
			return;
		read_grub_defaults(root, defaults, out);
		free(defaults);
	} else if (loader == EB_LOADER_SYSTEMD) {
		set_where(out, KERNEL_CMDLINE);
		text = read_text(root, KERNEL_CMDLINE, out);
		if (text)
			eb_config_pick(text, strcspn(text, "\n"), out);
		free(text);
	}
}

/* The first line of TEXT whose first word is WORD, after that word; or NULL. */
static const char *find_line(const char *text, const char *word)
{
	size_t len = strlen(word);

	while (*text) {
		text += strspn(text, " \t\n");
		if (strncmp(text, word, len) == 0 && strchr(" \t", text[len]) &&
		    text[len])
			return text + len;
		text += strcspn(text, "\n");
	}
	return NULL;
}

static void pick_line(const char *line, struct eb_config *out)
{
	eb_config_pick(line, strcspn(line, "\n"), out);
}

static void read_grub_cfg(int root, const char *path, struct eb_config *out)
{
	char *text = read_text(root, path, out);
	const char *line;

	if (!text)
		return;
	set_where(out, path);
	line = find_line(text, "linux");
	if (line)
		pick_line(line, out);
	else
		unknown(out, "/%s has no line that starts a kernel", path);
	free(text);
}

struct seeker {
	int root;
	const char *release;
	bool found; /* the entry of the release */
	struct eb_config *out;
};

static void see_entry(void *ctx, const char *path)
{
	struct seeker *seeker = ctx;
	char *text = seeker->found ? NULL : read_text(seeker->root, path, seeker->out);
	const char *line = text ? find_line(text, "options") : NULL;

	if (line) {
		seeker->found = seeker->release[0] && strstr(text, seeker->release);
		set_where(seeker->out, path);
		pick_line(line, seeker->out);
	}
	free(text);
}

void eb_config_generated(int root, enum eb_loader loader, const char *release,
			 struct eb_config *out)
{
	struct seeker seeker = {.root = root, .release = release, .out = out};
	size_t i;

	memset(out, 0, sizeof(*out));
	if (loader == EB_LOADER_UNKNOWN) {
		unknown(out, NO_LOADER);
	} else if (loader == EB_LOADER_GRUB) {
		unknown(out, "there is no /%s", grub_cfgs[0]);
		for (i = 0; i < COUNT(grub_cfgs); i++)
			if (eb_sysfs_exists(root, grub_cfgs[i])) {
				read_grub_cfg(root, grub_cfgs[i], out);
				return;
			}
	} else {
		unknown(out, "no entries of systemd-boot are to be seen");
		for (i = 0; i < COUNT(entries) && !out->known; i++)
			eb_files_each(root, entries[i], ".conf", see_entry, &seeker);
	}
}
