// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of reading the entries of boot menus, and of what is said of them; and of which
 * boot loader starts a machine. */
#include <stdio.h>
#include <string.h>

#include "bootloader/loader.h"
#include "fake-place.h"
#include "unit.h"

static void grub_cfg_is_read(void **state)
{
	struct place *place = *state;
	struct eb_entries entries = {.known = true, .least = 1, .first = true};
	struct eb_verdict verdict;

	place_add(place,
		  "f boot/grub/grub.cfg set timeout=5\\nmenuentry 'a' {\\n\\tlinux\\t/v "
		  "root=1 ro vfio.gpus=05:00\\n\\tinitrd /i\\n}\\nmenuentry 'b' {\\n"
		  "  linuxefi /v root=1 single\\n}\\nmenuentry m {\\n linux16 /memtest\\n"
		  "}\\nmenuentry xen {\\n multiboot2 /xen\\n module2 /v x root=1 "
		  "vfio.gpus=06:00\\n}\\n\n");
	eb_entries_read_grub(&entries, place->root, "", "boot/grub/grub.cfg");
	assert_true(entries.known);
	assert_int_equal(entries.count, 3);
	assert_string_equal(entries.entry[0].cmdline,
			    "BOOT_IMAGE=/v root=1 ro vfio.gpus=05:00");
	assert_string_equal(entries.entry[0].where, "/boot/grub/grub.cfg:3");
	assert_true(entries.entry[0].initrd);
	assert_false(entries.entry[1].initrd);
	verdict = eb_entries_judge(&entries, "vfio.gpus=05:00");
	assert_int_equal(verdict.with, 1);
	assert_int_equal(verdict.without, 1);
	assert_int_equal(verdict.wrong, 1);
	assert_false(verdict.enabled);
	assert_ptr_equal(verdict.first_wrong, &entries.entry[2]);
	assert_int_equal(verdict.longest, strlen(entries.entry[0].cmdline));
	assert_ptr_equal(eb_entries_foreign(&entries, "vfio.gpus=05:00", ""),
			 &entries.entry[2]);
	assert_null(eb_entries_foreign(&entries, "vfio.gpus=05:00", "vfio.gpus=06:00"));
	eb_entries_free(&entries);
}

/* The words of each boot but one take the place of the variable; not those of another.
 * Without the script that sets it there is no trial. */
static void a_trial_is_read_as_the_other_boots_have_it(void **state)
{
	static const struct {
		const char *script, *line, *cmdline;
		bool trial;
	} rows[] = {
		{"set earlybind_words=\"vfio.gpus=05:00 a=b\"\\n", "q $earlybind_words z",
		 "q vfio.gpus=05:00 a=b z", true},
		{"x\\nset earlybind_words=\"\"\\nset earlybind_words=\"no\"\\n",
		 "q $earlybind_words", "q ", true},
		{"\\tset earlybind_words=\"no\"\\n", "$earlybind_words", "", false},
		{"", "q $earlybind_words", "q ", false},
		{"set earlybind_words=\"no\"\\n", "q $vt_handoff", "q $vt_handoff",
		 false},
		{"set earlybind_words=\"no\"\\n", "q", "q", false},
	};
	char line[300], want[100];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct eb_entries entries = {.known = true};

		snprintf(line, sizeof(line),
			 "f g%zu %smenuentry 'a' {\\n\\tlinux\\t/v "
			 "root=1 %s\\n}\\n\n",
			 i, rows[i].script, rows[i].line);
		place_add(*state, line);
		snprintf(line, sizeof(line), "g%zu", i);
		eb_entries_read_grub(&entries, ((struct place *)*state)->root, "", line);
		assert_int_equal(entries.count, 1);
		snprintf(want, sizeof(want), "BOOT_IMAGE=/v root=1 %s", rows[i].cmdline);
		assert_string_equal(entries.entry[0].cmdline, want);
		assert_int_equal(entries.entry[0].trial, rows[i].trial);
		eb_entries_free(&entries);
	}
}

static void loader_entries_are_read(void **state)
{
	struct place *place = *state;
	struct eb_entries entries = {.known = true}, again = {.known = true};

	place_add(place,
		  "f e/a.conf title a\\noptions root=1 a\\noptions  b\\nlinux /v\\n"
		  "initrd /i\\n\n"
		  "f e/b.conf title b\\nefi /shell.efi\\noptions vfio.gpus=all\\n\n"
		  "f e/c.txt linux /v\\noptions vfio.gpus=all\\n\n");
	assert_int_equal(eb_entries_read_bls(&entries, place->root, "", "e"), 1);
	assert_string_equal(entries.entry[0].cmdline, "root=1 a b");
	assert_true(entries.entry[0].initrd);
	assert_int_equal(entries.entry[0].added, strlen("initrd /i") + 1);
	eb_entries_read_bls(&again, place->root, "", "e");
	assert_true(eb_entries_same(&entries, &again));
	assert_null(eb_entries_lost(&entries, &again));
	again.entry[0].initrd = false;
	assert_false(eb_entries_same(&entries, &again));
	assert_non_null(strstr(eb_entries_lost(&entries, &again), "initrd"));
	again.known = false;
	assert_false(eb_entries_same(&entries, &again));
	eb_entries_free(&again);
	assert_non_null(strstr(eb_entries_lost(&entries, &again), "fewer"));
	/* What a tool made of them is undone. */
	place_write(place, "e/a.conf", "broken\n", 7);
	assert_int_equal(eb_entries_write_back(&entries), 0);
	eb_entries_read_bls(&again, place->root, "", "e");
	again.known = true;
	assert_true(eb_entries_same(&entries, &again));
	eb_entries_free(&again);
	eb_entries_free(&entries);
}

static void what_cannot_be_read_is_not_known(void **state)
{
	struct place *place = *state;
	struct eb_entries entries = {.known = true};

	place_add(place, "d e/x.conf\nf g no line of a kernel\\n\n");
	eb_entries_read_bls(&entries, place->root, "", "e");
	assert_false(entries.known);
	assert_string_equal(entries.why, "/e/x.conf: it is a directory");
	eb_entries_free(&entries);
	entries.known = true;
	eb_entries_read_grub(&entries, place->root, "", "g");
	assert_false(entries.known);
	assert_string_equal(entries.why, "/g has no line that starts Linux");
	eb_entries_free(&entries);
}

#define INFO "sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"

/* What runs here tells of this system alone. */
static void a_loader_is_found(void **state)
{
	static const char info[] = "\6\0\0\0s\0y\0s\0t\0e\0m\0d\0-\0b\0o\0o\0t\0 \0";
	static const struct {
		const char *cmdline, *files;
		bool info;
		const char *running, *elsewhere, *other;
	} rows[] = {
		{"root=1", "", false, "unknown", "unknown", NULL},
		{"root=1", "d etc/kernel\nf etc/kernel/cmdline x\n", false,
		 "systemd-boot", "systemd-boot", NULL},
		{"root=1", "f etc/default/grub x\n", false, "grub", "grub", NULL},
		{"BOOT_IMAGE=/v root=1", "d boot/efi/loader/entries\n", false, "grub",
		 "systemd-boot", NULL},
		{"initrd=\\\\x root=1", "f boot/grub/grub.cfg x\n", false, "systemd-boot",
		 "grub", NULL},
		{"root=1", "f boot/grub/grub.cfg x\nd efi/loader/entries\n", true,
		 "systemd-boot", "grub", "systemd-boot"},
		{"BOOT_IMAGE=/v root=1", "f etc/default/u-boot x\n", false, "u-boot-menu",
		 "u-boot-menu", NULL},
		{"BOOT_IMAGE=/v root=1",
		 "f etc/default/u-boot x\nf boot/grub/grub.cfg x\n", false, "grub",
		 "grub", NULL},
		{"BOOT_IMAGE=/v root=1",
		 "f usr/sbin/proxmox-boot-tool x\nf etc/kernel/proxmox-boot-uuids # x\\nA-B"
		 "\\n\n",
		 false, "proxmox-boot-tool", "proxmox-boot-tool", NULL},
	};
	const struct eb_bootloader *other;
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		char line[256];
		struct eb_host host = {.running = true};
		struct place *place;

		ROW(rows[i].cmdline);
		assert_int_equal(place_teardown(state), 0);
		assert_int_equal(place_setup(state), 0);
		place = *state;
		host.root = place->root;
		snprintf(line, sizeof(line), "f proc/cmdline %s\\n\n", rows[i].cmdline);
		place_add(place, line);
		place_add(place, rows[i].files);
		if (rows[i].info) {
			place_add(place, "f " INFO " x\n");
			place_write(place, INFO, info, sizeof(info) - 1);
		}
		assert_string_equal(eb_bootloader_find(&host, &other)->name,
				    rows[i].running);
		assert_null(other);
		host.running = false;
		assert_string_equal(eb_bootloader_find(&host, &other)->name,
				    rows[i].elsewhere);
		if (rows[i].other)
			assert_string_equal(other->name, rows[i].other);
		else
			assert_null(other);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_setup, place_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(grub_cfg_is_read),
		TEST(a_trial_is_read_as_the_other_boots_have_it),
		TEST(loader_entries_are_read),
		TEST(what_cannot_be_read_is_not_known),
		TEST(a_loader_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
