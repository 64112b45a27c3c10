// SPDX-License-Identifier: GPL-2.0-or-later
/* Configuration of older recipes: files that list modules, and the kernel's command line.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <earlybind/cmdline.h>
#include <earlybind/sysfs.h>

#include "files.h"
#include "old-recipes-modprobe.h"
#include "old-recipes-scripts.h"
#include "old-recipes.h"
#include "screen.h"

/* modprobe's names have '-' and '_' alike. */
static void use_underscores(char *name)
{
	for (; *name; name++)
		if (*name == '-')
			*name = '_';
}

/* --- files that list modules --- */

struct lists {
	const struct eb_cli *cli;
	struct eb_problems *problems;
	bool in_use;
	bool virqfd; /* has this kernel vfio_virqfd? */
};

static void see_module(struct lists *lists, const char *name, const char *where)
{
	static const char *const ours[] = {"vfio", "vfio_pci", "vfio_iommu_type1",
					   "vfio_virqfd"};
	size_t i;

	for (i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (strcmp(name, ours[i]) == 0)
			break;
	if (i == sizeof(ours) / sizeof(ours[0]))
		return;
	if (strcmp(name, "vfio_virqfd") == 0 && !lists->virqfd)
		eb_problems_gather(
			lists->problems, EB_PROBLEM_MISSING_MODULE,
			"vfio_virqfd is listed to be loaded at boot, but this "
			"kernel does not have it: it is part of vfio since Linux "
			"6.2, and systemd-modules-load.service fails",
			where);
	else if (!lists->in_use)
		eb_problems_gather(
			lists->problems, EB_PROBLEM_NEEDLESS_MODULE,
			"files list modules that earlybind loads itself, and that "
			"its hook puts into the initramfs: the lines are no longer needed",
			where);
}

static void see_lines(struct lists *lists, const char *path, const char *text)
{
	unsigned int number;
	size_t len;

	for (number = 1; *text; number++) {
		char name[64], where[EB_MAX_PATH + 80];

		len = strspn(text, " \t");
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(text + len, " \t\n#"),
			 text + len);
		use_underscores(name);
		snprintf(where, sizeof(where), "/%s:%u: %s", path, number, name);
		see_module(lists, name, where);
		len = strcspn(text, "\n");
		text += len + (text[len] == '\n');
	}
}

static void see_file(struct lists *lists, const char *path, bool listed)
{
	char *text;
	int err = eb_files_read(lists->cli->root, path, &text);

	if (err == 0) {
		see_lines(lists, path, text);
		free(text);
	} else if (listed || err != -ENOENT) {
		eb_problems_unreadable(lists->problems, "leftovers", path, err);
	}
}

static void see_listed(void *ctx, const char *path)
{
	struct lists *lists = ctx;
	char target[EB_MAX_PATH];

	/* Debian's modules-load.d/modules.conf is a link to /etc/modules. */
	if (eb_sysfs_readlink(lists->cli->root, path, target, sizeof(target)) > 0 &&
	    (strcmp(target, "../modules") == 0 || strcmp(target, "/etc/modules") == 0))
		return;
	see_file(lists, path, true);
}

static int see_virqfd(void *ctx, const char *line)
{
	bool *found = ctx;

	*found = *found || strstr(line, "vfio_virqfd.ko") ||
		 strstr(line, "vfio-virqfd.ko");
	return *found;
}

/* By the kernel's own lists of modules; where they cannot be read, by its version. */
static bool has_virqfd(const struct eb_cli *cli)
{
	const struct eb_machine *machine = &cli->survey->machine;
	char path[EB_MAX_PATH];
	bool found = false;

	snprintf(path, sizeof(path), "lib/modules/%s/modules.dep", machine->release);
	if (eb_sysfs_lines(cli->root, path, see_virqfd, &found) < 0)
		return machine->major < 6 || (machine->major == 6 && machine->minor < 2);
	snprintf(path, sizeof(path), "lib/modules/%s/modules.builtin", machine->release);
	eb_sysfs_lines(cli->root, path, see_virqfd, &found);
	return found;
}

static void find_modules(const struct eb_cli *cli, struct eb_problems *problems,
			 bool in_use)
{
	static const char dir[] = "etc/modules-load.d";
	struct lists lists = {cli, problems, in_use, has_virqfd(cli)};
	int count;

	see_file(&lists, "etc/modules", false);
	count = eb_files_each(cli->root, dir, ".conf", see_listed, &lists);
	if (count < 0)
		eb_problems_unreadable(problems, "leftovers", dir, count);
	see_file(&lists, "etc/initramfs-tools/modules", false);
}

/* --- the kernel's command line --- */

struct seen_log {
	bool acs_patch;	   /* the kernel has the patch for pcie_acs_override= */
	char unknown[512]; /* arguments that the kernel does not know */
};

struct arguments {
	const struct eb_cli *cli;
	struct eb_problems *problems;
	bool in_use; /* an older recipe, not earlybind, may be what claims cards */
	enum eb_screen screen;
	struct seen_log log;
};

/* Does the value contain TEXT, or equal what follows "=" in it? */
static bool value_fits(const struct eb_cmdline_arg *arg, const char *text)
{
	if (!text)
		return true;
	if (!arg->value || text[0] != '=')
		return arg->value &&
		       memmem(arg->value, arg->value_len, text, strlen(text));
	return arg->value_len == strlen(text + 1) &&
	       memcmp(arg->value, text + 1, arg->value_len) == 0;
}

static void say_needless(struct arguments *arguments, const char *where, const char *why)
{
	char line[320];

	snprintf(line, sizeof(line), "%.160s: %s", where, why);
	eb_problems_gather(arguments->problems, EB_PROBLEM_NEEDLESS_ARGUMENT,
			   "arguments on the kernel command line are no longer needed, "
			   "or unknown to this kernel",
			   line);
}

/* Does the kernel have the patch for pcie_acs_override=? 1, 0, or -1 where that is not
 * known. By its log; else by who built it: kernels of Proxmox have it, those of Debian
 * and of Ubuntu do not. */
static int has_acs_patch(const struct arguments *arguments)
{
	const char *release = arguments->cli->survey->machine.release;

	if (arguments->log.acs_patch || strstr(release, "-pve"))
		return 1;
	return strstr(arguments->log.unknown, "pcie_acs_override") ||
			       strstr(release, "-amd64") || strstr(release, "-generic")
		       ? 0
		       : -1;
}

#define ACS                                                                               \
	"pcie_acs_override makes IOMMU groups look smaller than they are: devices that "  \
	"share a path can reach each other's memory past the IOMMU, so that a guest may " \
	"reach the host's or another guest's"

static void see_acs(struct arguments *arguments, const struct eb_cmdline_arg *arg,
		    const char *where)
{
	int patch = has_acs_patch(arguments);

	(void)arg;
	if (patch == 0)
		say_needless(arguments, where,
			     "this kernel does not have that patch; groups are "
			     "unchanged");
	else
		eb_problems_gather(arguments->problems, EB_PROBLEM_ACS_OVERRIDE,
				   patch > 0 ? ACS
					     : ACS "; it is not known whether this "
						   "kernel has the patch that reads it",
				   where);
}

/* Does a p, or the plan, have CODE already? */
static bool is_known(const struct arguments *arguments, enum eb_code code)
{
	const struct eb_findings *findings = &arguments->cli->survey->findings;
	unsigned int i;

	for (i = 0; i < findings->count; i++)
		if (findings->list[i].code == code)
			return true;
	return code != EB_CODES && eb_problems_find(arguments->problems, code, NULL);
}

/* A framebuffer that the host's own card loses as well. video-off is about one that has
 * not helped. */
static void say_framebuffer(struct arguments *arguments, const char *where)
{
	if (!is_known(arguments, EB_FIND_VIDEO_OFF))
		eb_problems_gather(
			arguments->problems, EB_PROBLEM_FRAMEBUFFER_OFF,
			"the firmware's framebuffer is switched off for all cards: the "
			"host loses its own early screen, too, and only efifb reads "
			"video=efifb:off, not what newer kernels have in its place",
			where);
}

/* Where BOOTFB stays when its driver is unbound, this is what helps. */
static void see_sysfb(struct arguments *arguments, const struct eb_cmdline_arg *arg,
		      const char *where)
{
	(void)arg;
	if (!arguments->in_use && arguments->screen != EB_SCREEN_SIMPLE)
		say_framebuffer(arguments, where);
}

/* A driver reads its own name at the start of the value, and no other (drivers/video/
 * cmdline.c, video_get_options; before 6.5 drivers/video/fbdev/core/fb_cmdline.c).
 * simpledrm, efidrm and vesadrm read none, and simplefb is not what efifb's kernels have.
 */
static void see_video(struct arguments *arguments, const struct eb_cmdline_arg *arg,
		      const char *where)
{
	static const char simple[] = "simplefb:off";
	bool is_simple = arg->value_len >= sizeof(simple) - 1 &&
			 strncmp(arg->value, simple, sizeof(simple) - 1) == 0;

	/* It has not helped, which is said already. */
	if (is_known(arguments, EB_FIND_VIDEO_OFF) &&
	    strncmp(arg->value, "efifb", 5) == 0)
		return;
	if (memchr(arg->value, ',', arg->value_len))
		say_needless(arguments, where,
			     "of several names in one video= only the first counts");
	if (arguments->screen == EB_SCREEN_SIMPLE)
		say_needless(arguments, where,
			     "does nothing on this kernel: the framebuffer is "
			     "simple-framebuffer's, whose driver does not read it");
	else if (arguments->screen == EB_SCREEN_DRM)
		say_needless(
			arguments, where,
			"does nothing on this kernel: efidrm and vesadrm, which have "
			"the firmware's framebuffer, do not read it");
	else if (is_simple && arguments->screen == EB_SCREEN_DRIVER)
		say_needless(arguments, where,
			     "does nothing on this kernel, which has efifb and vesafb in "
			     "the place of simplefb");
	else if (!arguments->in_use)
		say_framebuffer(arguments, where);
}

static void see_blacklist(struct arguments *arguments, const struct eb_cmdline_arg *arg,
			  const char *where)
{
	size_t at, end;
	char name[64];

	for (at = 0; !arguments->in_use && arg->value && at < arg->value_len;
	     at = end + 1) {
		for (end = at; end < arg->value_len && arg->value[end] != ','; end++)
			;
		snprintf(name, sizeof(name), "%.*s", (int)(end - at), arg->value + at);
		use_underscores(name);
		eb_old_modprobe_blacklist(arguments->cli, arguments->problems, name,
					  where);
	}
}

/* Does the host keep a display card that a driver could drive? */
static bool keeps_card(const struct eb_survey *survey)
{
	unsigned int i;

	for (i = 0; i < survey->pci.count; i++)
		if (eb_pci_is_display(&survey->pci.function[i]) &&
		    !eb_plan_takes(&survey->plan, (int)i))
			return true;
	return false;
}

static void see_nomodeset(struct arguments *arguments, const struct eb_cmdline_arg *arg,
			  const char *where)
{
	if (arg->value)
		return;
	if (keeps_card(arguments->cli->survey))
		eb_problems_gather(arguments->problems, EB_PROBLEM_MODESET_OFF,
				   "nomodeset keeps the graphics drivers of the host's "
				   "own card from working",
				   where);
	else if (!arguments->in_use)
		say_needless(arguments, where, "the host keeps no card");
}

/* An argument either has its own function, or is needless, unless a finding has said more
 * of it. */
static const struct {
	const char *name;
	const char *value; /* as value_fits() takes it */
	void (*see)(struct arguments *arguments, const struct eb_cmdline_arg *arg,
		    const char *where);
	const char *needless;
	enum eb_code unless;
	bool claims; /* a recipe that is in use needs it */
} known[] = {
	{"pcie_acs_override", NULL, see_acs, NULL, EB_CODES, false},
	{"video", "fb:off", see_video, NULL, EB_CODES, false},
	{"initcall_blacklist", "sysfb_init", see_sysfb, NULL, EB_CODES, false},
	{"nofb", NULL, NULL, "does nothing: no driver of graphics reads it", EB_CODES,
	 false},
	{"vga", "=off", NULL,
	 "does nothing: it names a mode to the boot loader, and off is none", EB_CODES,
	 false},
	{"amd_iommu", "=on", NULL,
	 "the kernel knows no such value, AMD's IOMMU is on by default", EB_CODES, false},
	{"vfio-pci.ids", NULL, NULL, "vfio.gpus= needs no ids", EB_FIND_IDS_TAKE_MORE,
	 true},
	{"rd.driver.pre", "vfio", NULL, "earlybind loads vfio-pci itself", EB_CODES,
	 true},
	{"modprobe.blacklist", NULL, see_blacklist, NULL, EB_CODES, false},
	{"module_blacklist", NULL, see_blacklist, NULL, EB_CODES, false},
	{"rd.driver.blacklist", NULL, see_blacklist, NULL, EB_CODES, false},
	{"nomodeset", NULL, see_nomodeset, NULL, EB_CODES, false},
};

static void see_argument(struct arguments *arguments, const struct eb_cmdline_arg *arg)
{
	char where[256];
	size_t i;

	snprintf(where, sizeof(where), "/proc/cmdline: %.*s%s%.*s",
		 (int)(arg->name_len < 40 ? arg->name_len : 40), arg->name,
		 arg->value ? "=" : "",
		 (int)(arg->value_len < 120 ? arg->value_len : 120),
		 arg->value ? arg->value : "");
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (eb_cmdline_named(arg, known[i].name) &&
		    value_fits(arg, known[i].value)) {
			if (known[i].see)
				known[i].see(arguments, arg, where);
			else if (!is_known(arguments, known[i].unless) &&
				 !(arguments->in_use && known[i].claims))
				say_needless(arguments, where, known[i].needless);
		}
}

/* Both lines are from the first second of a boot: init/main.c, print_unknown_bootoptions
 * (since 5.14), and the patch's own pcie_acs_override_setup. */
static int see_log(void *ctx, const char *record)
{
	struct seen_log *log = ctx;
	const char *text = strchr(record, ';'), *at;

	if (!text)
		return 0;
	if (strstr(text, "PCIe ACS overrides enabled"))
		log->acs_patch = true;
	at = strstr(text, "Unknown kernel command line parameters");
	if (at)
		snprintf(log->unknown, sizeof(log->unknown), "%s", at);
	return 0;
}

static void find_arguments(const struct eb_cli *cli, struct eb_problems *problems,
			   bool in_use)
{
	struct arguments arguments = {.cli = cli,
				      .problems = problems,
				      .in_use = in_use,
				      .screen = eb_screen_find(cli)};
	struct eb_cmdline line = {0};
	struct eb_cmdline_arg arg;
	char *text;
	int err = eb_files_read(cli->root, "proc/cmdline", &text);

	if (err < 0) {
		eb_problems_unreadable(problems, "leftovers", "proc/cmdline", err);
		return;
	}
	eb_sysfs_lines(cli->root, "dev/kmsg", see_log, &arguments.log);
	line.text = text;
	line.len = strcspn(text, "\n");
	while (eb_cmdline_next(&line, &arg))
		see_argument(&arguments, &arg);
	free(text);
}

void eb_old_recipes_find(const struct eb_cli *cli, struct eb_problems *problems,
			 bool in_use)
{
	if (!in_use)
		eb_old_modprobe_find(cli, problems);
	find_modules(cli, problems, in_use);
	find_arguments(cli, problems, in_use);
	eb_old_scripts_find(cli, problems);
}
