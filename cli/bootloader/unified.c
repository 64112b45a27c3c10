// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads the command lines of unified kernel images, and whether kernel-install and ukify
 * build them. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <earlybind/sysfs.h>
#include <earlybind/text.h>

#include "files.h"
#include "loader.h"
#include "pe.h"
#include "unified.h"

#define INSTALL_CONF "etc/kernel/install.conf"

struct images {
	struct eb_entries *entries;
	int root;
	unsigned int count;
	char *text;		  /* the command line that is read */
	char addons[EB_MAX_PATH]; /* the directory of those for all images */
};

/* Add the content of a section of FD to TEXT, which has its blanks at the end cut off. A
 * newline is a blank to systemd-stub and to the kernel. */
static int add_section(int fd, const struct eb_pe_section *section, struct eb_text *text)
{
	char line[EB_CMDLINE_KEPT + 512], *newline;
	size_t len = section->size;

	if (len >= sizeof(line))
		return -EFBIG;
	if (pread(fd, line, len, section->offset) != (ssize_t)len)
		return -ENOEXEC;
	while (len > 0 && strchr(" \t\n", line[len - 1]))
		len--;
	line[len] = '\0';
	while ((newline = strchr(line, '\n')) != NULL)
		*newline = ' ';
	eb_text_add(text, "%s%s", text->len && len ? " " : "", line);
	return text->cut ? -EFBIG : 0;
}

/* Add the command line of the image PATH to TEXT, and set INITRD. 0; -ENOTUNIQ where it
 * has several; or another negative errno. */
static int read_image(int root, const char *path, struct eb_text *text, bool *initrd)
{
	int fd = eb_sysfs_open(root, path, O_RDONLY), err = -ENOMEM;
	struct eb_pe_section section = {.count = 0};
	unsigned char *head;
	ssize_t n = 0;

	if (fd < 0)
		return fd;
	head = malloc(EB_PE_HEADERS);
	if (head)
		n = pread(fd, head, EB_PE_HEADERS, 0);
	if (head)
		err = n < 0 ? -EIO : eb_pe_find(head, (size_t)n, ".cmdline", &section);
	if (err == 0)
		err = section.count > 1 ? -ENOTUNIQ : add_section(fd, &section, text);
	else if (err == -ENOENT)
		err = 0;
	*initrd = n > 0 && eb_pe_find(head, (size_t)n, ".initrd", &section) == 0;
	close(fd);
	free(head);
	return err;
}

static const char *why(int err)
{
	if (err == -ENOEXEC)
		return "it is not a whole PE image";
	return err == -ENOTUNIQ ? "it has several profiles" : eb_files_error(err);
}

static void see_addon(void *ctx, const char *path)
{
	struct images *images = ctx;
	struct eb_text text = {.buf = images->text,
			       .size = EB_CMDLINE_KEPT + 512,
			       .len = strlen(images->text)};
	bool initrd;
	int err;

	err = read_image(images->root, path, &text, &initrd);
	if (err < 0)
		eb_entries_unknown(images->entries, "/%.100s: %s", path, why(err));
}

static void see_image(void *ctx, const char *path)
{
	struct images *images = ctx;
	struct eb_text text = eb_text_on(images->text, EB_CMDLINE_KEPT + 512);
	char where[EB_ENTRY_WHERE], dir[EB_MAX_PATH];
	bool initrd = false;
	int err = read_image(images->root, path, &text, &initrd);

	images->count++;
	snprintf(where, sizeof(where), "/%.150s", path);
	if (err < 0) {
		eb_entries_unknown(
			images->entries,
			"%s is a unified kernel image whose command line is not "
			"read: %s",
			where, why(err));
		return;
	}
	/* systemd-stub(7): what these have is added to it, and to each image. */
	snprintf(dir, sizeof(dir), "%.480s.extra.d", path);
	eb_files_each(images->root, dir, ".addon.efi", see_addon, images);
	eb_files_each(images->root, images->addons, ".addon.efi", see_addon, images);
	eb_entries_add_unified(images->entries, images->root, where, images->text,
			       initrd);
}

unsigned int eb_unified_read(struct eb_entries *entries, int root, const char *dir)
{
	struct images images = {.entries = entries, .root = root};
	int n;

	images.text = calloc(1, EB_CMDLINE_KEPT + 512);
	if (!images.text) {
		eb_entries_unknown(entries, "out of memory");
		return 0;
	}
	snprintf(images.addons, sizeof(images.addons), "%.*s/loader/addons",
		 (int)(strlen(dir) - strlen("/EFI/Linux")), dir);
	n = eb_files_each(root, dir, ".efi", see_image, &images);
	if (n < 0)
		eb_entries_unknown(entries, "/%.80s: %s", dir, eb_files_error(n));
	free(images.text);
	return images.count;
}

bool eb_unified_is_built(int root)
{
	return eb_bootloader_file_has(root, INSTALL_CONF, "layout=uki") &&
	       (!eb_bootloader_file_has(root, INSTALL_CONF, "uki_generator=") ||
		eb_bootloader_file_has(root, INSTALL_CONF, "uki_generator=ukify")) &&
	       eb_files_is_there(root, "usr/lib/kernel/install.d/60-ukify.install") &&
	       eb_files_is_there(root, "usr/bin/ukify") &&
	       !eb_bootloader_file_has(root, "etc/kernel/uki.conf", "Cmdline=");
}
