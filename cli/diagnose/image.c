// SPDX-License-Identifier: GPL-2.0-or-later
/* What an initramfs contains, by the names of its files and the order of its scripts:
 * unpacked with the distribution's own tool, or listed by tests/capture. */
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <earlybind/sysfs.h>

#include "files.h"
#include "image.h"
#include "run.h"

#define ORDER "scripts/init-top/ORDER"
#define UNIT  "systemd/system/earlybind.service"
#define FILES "files" /* the directory of those that were unpacked */

/* A large image on a slow machine takes 20 s. */
#define SECONDS 120

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), n = strlen(end);

	return len >= n && strcmp(text + len - n, end) == 0 &&
	       (len == n || text[len - n - 1] == '/');
}

/* Is the file of this NAME the module STEM, "vfio_pci"? In file names '-' and '_' are the
 * same. */
static void see_module(const char *name, const char *stem, struct eb_image_module *module)
{
	for (; *stem; stem++, name++)
		if (*name != *stem && !(*stem == '_' && *name == '-'))
			return;
	module->plain = module->plain || strcmp(name, ".ko") == 0;
	module->xz = module->xz || strcmp(name, ".ko.xz") == 0;
	module->zst = module->zst || strcmp(name, ".ko.zst") == 0;
	module->gz = module->gz || strcmp(name, ".ko.gz") == 0;
}

/* Is the hook NAME, "01-parse-kernel.sh", the one called STEM? */
static bool is_hook(const char *name, const char *stem)
{
	size_t len = strlen(stem);

	name = strchr(name, '-');
	return name && strncmp(name + 1, stem, len) == 0 &&
	       strcmp(name + 1 + len, ".sh") == 0;
}

static void see_hook(struct eb_image_dracut *dracut, const char *name)
{
	if (is_hook(name, "earlybind"))
		snprintf(dracut->hook, sizeof(dracut->hook), "%s", name);
	if (is_hook(name, "parse-kernel"))
		snprintf(dracut->preloads, sizeof(dracut->preloads), "%s", name);
}

void eb_image_see_path(struct eb_image *image, const char *path)
{
	const struct {
		const char *end;
		bool *flag;
	} files[] = {
		{"usr/lib/earlybind/earlybind-agent", &image->agent},
		{"scripts/init-top/earlybind", &image->script},
		{"lib/dracut/build-parameter.txt", &image->is_dracut},
		{"squash-root.img", &image->squashed},
		{"squashfs-root.img", &image->squashed},
		{"erofs-root.img", &image->squashed},
		{UNIT, &image->dracut.unit},
		{"systemd/system/sysinit.target.wants/earlybind.service",
		 &image->dracut.wanted},
	};
	const char *name = strrchr(path, '/');
	size_t i;

	name = name ? name + 1 : path;
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (ends_with(path, files[i].end))
			*files[i].flag = true;
	if (strstr(path, "/hooks/cmdline/"))
		see_hook(&image->dracut, name);
	see_module(name, "vfio_pci", &image->vfio_pci);
	see_module(name, "vfio_iommu_type1", &image->type1);
}

/* Does LINE, such as '/scripts/init-top/udev "$@"', run SCRIPT? */
static bool runs(const char *line, const char *script)
{
	size_t len = strlen(script);
	const char *at = strstr(line, "/init-top/");

	if (!at)
		return false;
	at += strlen("/init-top/");
	return strncmp(at, script, len) == 0 && (at[len] == ' ' || at[len] == '\0');
}

/* Is UNIT one of the words of LINE? */
static bool names(const char *line, const char *unit)
{
	size_t len = strlen(unit);
	const char *at;

	for (at = strstr(line, unit); at; at = strstr(at + 1, unit))
		if ((at[-1] == ' ' || at[-1] == '=') &&
		    (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

static void see_before(struct eb_image_dracut *dracut, const char *line)
{
	dracut->before_udev = dracut->before_udev || names(line, "systemd-udevd.service");
	dracut->before_loader = dracut->before_loader ||
				names(line, "systemd-modules-load.service");
}

void eb_image_see_order(struct eb_image *image, const char *line)
{
	if (strcmp(line, "[Unit]") == 0)
		image->dracut.readable = true;
	if (strncmp(line, "Before=", 7) == 0)
		see_before(&image->dracut, line);
	/* Between the scripts it sources what they have set (/conf/param.conf). */
	if (line[0] != '/')
		return;
	image->scripts++;
	if (!image->earlybind && runs(line, "earlybind"))
		image->earlybind = image->scripts;
	if (!image->udev && runs(line, "udev"))
		image->udev = image->scripts;
}

static int see_file_line(void *ctx, const char *line)
{
	eb_image_see_path(ctx, line);
	return 0;
}

static int see_order_line(void *ctx, const char *line)
{
	eb_image_see_order(ctx, line);
	return 0;
}

int eb_image_read_captured(int root, const char *file, struct eb_image *image)
{
	char path[EB_MAX_PATH];
	int err;

	*image = (struct eb_image){0};
	snprintf(path, sizeof(path), "%s.files", file);
	err = eb_sysfs_lines(root, path, see_file_line, image);
	if (err < 0)
		return err;
	snprintf(path, sizeof(path), "%s.order", file);
	eb_sysfs_lines(root, path, see_order_line, image);
	return 0;
}

/* --- unpacking --- */

const char *eb_image_tool(void)
{
	/* The first unpacks dracut's images as well; where dracut is installed, it is
	 * missing. */
	static const char *const tools[] = {"/usr/bin/unmkinitramfs",
					    "/bin/unmkinitramfs", "/usr/bin/lsinitrd",
					    "/bin/lsinitrd"};
	size_t i;

	for (i = 0; i < sizeof(tools) / sizeof(tools[0]); i++)
		if (access(tools[i], X_OK) == 0)
			return tools[i];
	return NULL;
}

/* Note the file PATH of what is unpacked in TOP, whose name has LEN characters. */
static void see_unpacked(struct eb_image *image, int top, size_t len, const char *path)
{
	const char *below = path + len + 1;

	eb_image_see_path(image, path + len);
	if (ends_with(below, ORDER) || ends_with(below, UNIT))
		eb_sysfs_lines(top, below, see_order_line, image);
}

/* Note all files below DIR, which TOP is, in IMAGE, and remove DIR. */
static int read_and_remove(char *dir, int top, struct eb_image *image)
{
	char *const paths[] = {dir, NULL};
	FTS *fts = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, NULL);
	FTSENT *entry;

	if (!fts)
		return -errno;
	while ((entry = fts_read(fts)) != NULL) {
		if (entry->fts_info == FTS_D)
			continue;
		/* Other users than root cannot read a closed directory. */
		if (entry->fts_info == FTS_DP || entry->fts_info == FTS_DNR) {
			rmdir(entry->fts_path);
			continue;
		}
		see_unpacked(image, top, strlen(dir), entry->fts_path);
		unlink(entry->fts_path);
	}
	fts_close(fts);
	return 0;
}

/* Run TOOL so that it unpacks FILE into DIR/files, where it starts. It keeps temporary
 * files elsewhere: lsinitrd of dracut 112 runs 3cpio, which wants an empty directory.
 */
static void unpack(const char *tool, const char *file, const char *dir, int into,
		   struct eb_run_end *end)
{
	const char *name = strrchr(tool, '/');
	bool is_dracut = name && strcmp(name, "/lsinitrd") == 0;
	char tmpdir[64], target[64];
	const char *const by_dracut[] = {"env", tmpdir, tool, "--unpack",
					 "--",	file,	NULL};
	const char *const by_other[] = {"env", tmpdir, tool, "--", file, target, NULL};
	const struct eb_run run = {.argv = is_dracut ? by_dracut : by_other,
				   .root = -1,
				   .dir = into,
				   .seconds = SECONDS,
				   .notice = "earlybind: unpacking the initramfs ..."};

	snprintf(tmpdir, sizeof(tmpdir), "TMPDIR=%s", dir);
	snprintf(target, sizeof(target), "%s/" FILES, dir);
	eb_run(&run, end);
}

static int unpack_and_read(const char *tool, const char *file, struct eb_image *image,
			   struct eb_run_end *end)
{
	char dir[] = "/var/tmp/earlybind.XXXXXX";
	int top, into, err, removed;

	if (!mkdtemp(dir))
		return -errno;
	top = eb_sysfs_root(dir);
	if (top < 0) {
		rmdir(dir);
		return top;
	}
	mkdirat(top, FILES, 0700);
	into = openat(top, FILES, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	err = into < 0 ? -errno : 0;
	if (!err) {
		unpack(tool, file, dir, into, end);
		close(into);
	}
	removed = read_and_remove(dir, top, image);
	close(top);
	return err ? err : removed;
}

/* Can FILE be unpacked at all? A FIFO in its place would make the tool wait. */
static int check_file(const char *file)
{
	int root = eb_sysfs_root("/"), fd;

	if (root < 0)
		return root;
	fd = eb_sysfs_open(root, file, O_RDONLY);
	close(root);
	if (fd >= 0)
		close(fd);
	return fd < 0 ? fd : 0;
}

int eb_image_unpack(const char *tool, const char *file, struct eb_image *image,
		    const char **why)
{
	struct eb_run_end end = {.how = EB_RUN_NOT_STARTED};
	sigset_t endings, mask;
	int err = check_file(file);

	*image = (struct eb_image){0};
	*why = eb_files_error(err);
	if (err < 0)
		return err;
	/* A signal that would end us has to wait until the directory is removed. */
	sigemptyset(&endings);
	sigaddset(&endings, SIGINT);
	sigaddset(&endings, SIGTERM);
	sigaddset(&endings, SIGHUP);
	sigprocmask(SIG_BLOCK, &endings, &mask);
	err = unpack_and_read(tool, file, image, &end);
	if (end.interrupted)
		raise(end.interrupted);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	*why = err < 0 ? "no directory could be made below /var/tmp to unpack it"
	       : end.how == EB_RUN_TIMED_OUT ? "unpacking it took too long"
					     : "it could not be unpacked";
	if (err < 0)
		return err;
	if (end.how == EB_RUN_TIMED_OUT)
		return -ETIMEDOUT;
	return end.how == EB_RUN_EXITED && end.value == 0 ? 0 : -EIO;
}
