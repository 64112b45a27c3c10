// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of what is found in an initramfs, and that nothing of it is left behind. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "diagnose/image.h"
#include "unit.h"

static void files_are_known_by_their_paths(void **state)
{
	static const struct {
		/* a, s, p: plain, X, Z, G: packed, t, T: .xz; of dracut d, u, w, h, l, q
		 */
		const char *path, *found;
	} rows[] = {
		{"usr/lib/earlybind/earlybind-agent", "a"},
		{"/early/main/usr/lib/earlybind/earlybind-agent", "a"},
		{"usr/lib/earlybind/earlybind-agent.old", ""},
		{"earlybind-agent", ""},
		{"scripts/init-top/earlybind", "s"},
		{"xscripts/init-top/earlybind", ""},
		{"scripts/init-premount/earlybind", ""},
		{"usr/lib/modules/6.1/kernel/drivers/vfio/pci/vfio-pci.ko", "p"},
		{"lib/modules/6.1/updates/vfio_pci.ko", "p"},
		{"vfio-pci.ko.xz", "X"},
		{"lib/vfio-pci.ko.zst", "Z"},
		{"lib/vfio-pci.ko.gz", "G"},
		{"lib/vfio-pci.ko.bz2", ""},
		{"lib/vfio-pci-core.ko", ""},
		{"lib/vfio-pci.kox", ""},
		{"lib/vfio-pci", ""},
		{"lib/vfio_iommu_type1.ko", "t"},
		{"lib/vfio-iommu-type1.ko.xz", "T"},
		{"lib/vfio_iommu_type2.ko", ""},
		{"usr/lib/dracut/build-parameter.txt", "d"},
		{"usr/lib/dracut/modules.txt", ""},
		{"./usr/lib/systemd/system/earlybind.service", "u"},
		{"lib/systemd/system/sysinit.target.wants/earlybind.service", "w"},
		{"lib/systemd/system/basic.target.wants/earlybind.service", ""},
		{"var/lib/dracut/hooks/cmdline/00-earlybind.sh", "h"},
		{"lib/dracut/hooks/cmdline/5-earlybind.sh", "h"},
		{"lib/dracut/hooks/cmdline/00-earlybind", ""},
		{"lib/dracut/hooks/cmdline/earlybind.sh", ""},
		{"lib/dracut/hooks/cmdline/00-earlybind.sh.old", ""},
		{"lib/dracut/hooks/pre-udev/00-earlybind.sh", ""},
		{"lib/dracut/hooks/cmdline/01-parse-kernel.sh", "l"},
		{"squash-root.img", "q"},
		{"squashfs-root.img", "q"},
		{"erofs-root.img", "q"},
		{"", ""},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		struct eb_image image = {0};
		char found[16];

		ROW(rows[i].path);
		eb_image_see_path(&image, rows[i].path);
		snprintf(found, sizeof(found), "%s%s%s%s%s%s%s%s%s%s%s%s%s%s",
			 image.agent ? "a" : "", image.script ? "s" : "",
			 image.vfio_pci.plain ? "p" : "", image.vfio_pci.xz ? "X" : "",
			 image.vfio_pci.zst ? "Z" : "", image.vfio_pci.gz ? "G" : "",
			 image.type1.plain ? "t" : "", image.type1.xz ? "T" : "",
			 image.is_dracut ? "d" : "", image.dracut.unit ? "u" : "",
			 image.dracut.wanted ? "w" : "", image.dracut.hook[0] ? "h" : "",
			 image.dracut.preloads[0] ? "l" : "", image.squashed ? "q" : "");
		assert_string_equal(found, rows[i].found);
	}
}

static void the_order_counts_scripts_alone(void **state)
{
	static const char *const lines[] = {
		"/scripts/init-top/all_generic_ide \"$@\"",
		"[ -e /conf/param.conf ] && . /conf/param.conf",
		"/scripts/init-top/earlybind-late \"$@\"",
		"/scripts/init-top/earlybind \"$@\"",
		"/scripts/init-top/udev",
		"/scripts/init-top/earlybind \"$@\"",
	};
	struct eb_image image = {0};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(lines); i++)
		eb_image_see_order(&image, lines[i]);
	assert_int_equal(image.scripts, 5);
	assert_int_equal(image.earlybind, 3);
	assert_int_equal(image.udev, 4);
}

static void a_unit_says_what_it_comes_before(void **state)
{
	static const struct {
		const char *line;
		bool udev, loader;
	} rows[] = {
		{"Before=systemd-udevd.service", true, false},
		{"Before=a.service systemd-modules-load.service", false, true},
		{"Before=systemd-modules-load.service systemd-udevd.service", true, true},
		{"Before=xsystemd-udevd.service systemd-udevd.servicex", false, false},
		{"After=systemd-udevd.service", false, false},
		{"# Before=systemd-udevd.service", false, false},
		{"Before=", false, false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		struct eb_image image = {0};

		ROW(rows[i].line);
		eb_image_see_order(&image, rows[i].line);
		assert_int_equal(image.dracut.before_udev, rows[i].udev);
		assert_int_equal(image.dracut.before_loader, rows[i].loader);
		assert_int_equal(image.scripts, 0);
	}
}

static void write_tool(const char *path, const char *body)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fprintf(file, "#!/bin/sh\n%s\n", body);
	fchmod(fileno(file), 0700);
	fclose(file);
}

/* A program that does BODY with the directory in $3, as unmkinitramfs has it. */
static char *tool(const char *body)
{
	static char path[] = "/tmp/earlybind-tool.XXXXXX";
	FILE *file;
	int fd;

	memcpy(path + strlen(path) - 6, "XXXXXX", 6);
	fd = mkstemp(path);
	assert_true(fd >= 0);
	file = fdopen(fd, "w");
	fprintf(file, "#!/bin/sh\n"
		      "[ \"$1\" = -- ] && [ -e \"$2\" ] && echo \"$3\" >\"$0.dir\"\n"
		      "cd \"$3\" || exit 9\n");
	fprintf(file, "%s\n", body);
	fchmod(fd, 0700);
	fclose(file);
	return path;
}

/* Something to unpack, which the tools above do not read. */
static const char *image_file(void)
{
	static const char path[] = "/tmp/earlybind-image";
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fclose(file);
	return path;
}

/* Is the directory gone that the tool was told of? Removes the tool as well. */
static bool is_gone(const char *path)
{
	char note[64], dir[64] = "";
	FILE *file;

	snprintf(note, sizeof(note), "%s.dir", path);
	file = fopen(note, "r");
	assert_non_null(file);
	assert_non_null(fgets(dir, sizeof(dir), file));
	fclose(file);
	dir[strcspn(dir, "\n")] = '\0';
	assert_memory_equal(dir, "/var/tmp/earlybind.", 19);
	dir[strlen("/var/tmp/earlybind.XXXXXX")] = '\0';
	unlink(note);
	unlink(path);
	return access(dir, F_OK) < 0 && errno == ENOENT;
}

static void an_image_is_unpacked_and_removed(void **state)
{
	const char *path = tool(
		"mkdir -p main/scripts/init-top main/usr/lib/earlybind early\n"
		"cd main; >usr/lib/earlybind/earlybind-agent\n"
		"printf '/scripts/init-top/earlybind\\n"
		"/scripts/init-top/udev\\n' >scripts/init-top/ORDER\n"
		">scripts/init-top/earlybind; >vfio-pci.ko\n"
		"ln -s / everything; mkdir -m 0 closed; mkfifo pipe");
	struct eb_image image;
	const char *why;

	(void)state;
	assert_int_equal(eb_image_unpack(path, image_file(), &image, &why), 0);
	assert_true(is_gone(path));
	assert_true(image.agent && image.script && image.vfio_pci.plain);
	assert_false(image.type1.plain);
	assert_int_equal(image.earlybind, 1);
	assert_int_equal(image.udev, 2);
}

/* lsinitrd unpacks to where it is, which its 3cpio wants to be empty, and keeps its own
 * things in TMPDIR. */
static void an_image_of_dracut_is_unpacked_and_removed(void **state)
{
	static const char unit[] = "[Unit]\nBefore=systemd-udevd.service\n"
				   "Before=systemd-modules-load.service\n";
	char dir[] = "/tmp/earlybind-test.XXXXXX", path[64], body[512];
	struct eb_image image;
	const char *why;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/lsinitrd", dir);
	snprintf(body, sizeof(body),
		 "pwd >\"$0.dir\"; [ \"$1 $2\" = '--unpack --' ] && [ -e \"$3\" ] && "
		 "mkdir \"$TMPDIR/lsinitrd.1\" && [ -z \"$(ls -A)\" ] || exit 9\n"
		 "case $TMPDIR in /var/tmp/earlybind.*) ;; *) exit 8 ;; esac\n"
		 "mkdir -p usr/lib/dracut usr/lib/systemd/system\n"
		 ">usr/lib/dracut/build-parameter.txt\n"
		 "printf '%s' >usr/lib/systemd/system/earlybind.service",
		 unit);
	write_tool(path, body);
	assert_int_equal(eb_image_unpack(path, image_file(), &image, &why), 0);
	assert_true(is_gone(path));
	rmdir(dir);
	assert_true(image.is_dracut && image.dracut.unit && !image.dracut.wanted);
	assert_true(image.dracut.before_udev && image.dracut.before_loader);
}

static void an_image_that_cannot_be_unpacked(void **state)
{
	const char *path = tool("mkdir half; exit 3");
	struct eb_image image;
	const char *why;

	(void)state;
	assert_int_equal(eb_image_unpack(path, image_file(), &image, &why), -EIO);
	assert_string_equal(why, "it could not be unpacked");
	assert_true(is_gone(path));
	assert_int_equal(eb_image_unpack("/no/such/tool", image_file(), &image, &why),
			 -EIO);
	assert_int_equal(eb_image_unpack("/no/such/tool", "/no/such", &image, &why),
			 -ENOENT);
	assert_string_equal(why, "No such file or directory");
}

static void a_signal_leaves_nothing_behind(void **state)
{
	char *path = tool("mkdir half; kill -INT $PPID; sleep 100");
	struct eb_image image;
	const char *why;
	int status;
	pid_t child = fork();

	(void)state;
	if (child == 0) {
		/* A shell's background job begins with it ignored. */
		signal(SIGINT, SIG_DFL);
		eb_image_unpack(path, image_file(), &image, &why);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(is_gone(path));
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGINT);
}

/* The tool runs as root: it must not find its programs where the caller's PATH says. */
static void the_callers_path_is_not_used(void **state)
{
	const char *path = tool("case $PATH in /usr/local/sbin:*) ;; *) exit 7 ;; esac");
	char *before = strdup(getenv("PATH"));
	struct eb_image image;
	const char *why;

	(void)state;
	setenv("PATH", "/tmp/evil", 1);
	assert_int_equal(eb_image_unpack(path, image_file(), &image, &why), 0);
	setenv("PATH", before, 1);
	free(before);
	assert_true(is_gone(path));
}

/* The tool has ended well; what it unpacked is being read and removed. */
static void a_signal_while_reading_leaves_nothing_behind(void **state)
{
	char *path = tool("mkdir -p a b c d; cd a; seq 20000 | xargs touch\n"
			  "(sleep 0.05; kill -TERM $PPID) >/dev/null 2>&1 &");
	struct eb_image image;
	const char *why;
	int status;
	pid_t child = fork();

	(void)state;
	if (child == 0) {
		signal(SIGTERM, SIG_DFL);
		eb_image_unpack(path, image_file(), &image, &why);
		pause();
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(is_gone(path));
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGTERM);
}

static void what_is_no_file_is_not_unpacked(void **state)
{
	char path[] = "/tmp/earlybind-fifo.XXXXXX";
	struct eb_image image;
	const char *why;

	(void)state;
	assert_non_null(mkdtemp(path));
	assert_int_equal(eb_image_unpack("/bin/false", path, &image, &why), -EISDIR);
	rmdir(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(eb_image_unpack("/bin/false", path, &image, &why), -ENXIO);
	unlink(path);
	assert_string_equal(why, "it is not a regular file");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_known_by_their_paths),
		cmocka_unit_test(the_order_counts_scripts_alone),
		cmocka_unit_test(a_unit_says_what_it_comes_before),
		cmocka_unit_test(an_image_is_unpacked_and_removed),
		cmocka_unit_test(an_image_of_dracut_is_unpacked_and_removed),
		cmocka_unit_test(an_image_that_cannot_be_unpacked),
		cmocka_unit_test(a_signal_leaves_nothing_behind),
		cmocka_unit_test(the_callers_path_is_not_used),
		cmocka_unit_test(a_signal_while_reading_leaves_nothing_behind),
		cmocka_unit_test(what_is_no_file_is_not_unpacked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
