// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of looking at a machine: what is read of whom, and what is said where it fails.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <earlybind/survey.h>

#include "fake-place.h"
#include "unit.h"

static struct eb_survey survey;

static void look(struct place *place, const char *arguments)
{
	survey.locked = place_locked(place);
	eb_survey_request_text(&survey, arguments);
	eb_survey_machine(&survey, place->root);
}

/* The codes of the findings, with a blank after each. */
static const char *codes(void)
{
	static char buf[512];
	struct eb_text text = eb_text_on(buf, sizeof(buf));
	unsigned int i;

	for (i = 0; i < survey.findings.count; i++)
		eb_text_add(&text, "%s ", eb_finding_name(survey.findings.list[i].code));
	return buf;
}

static const char *words_of(enum eb_code code)
{
	unsigned int i;

	for (i = 0; i < survey.findings.count; i++)
		if (survey.findings.list[i].code == code)
			return survey.findings.list[i].text;
	fail_msg("no finding %s among '%s'", eb_finding_name(code), codes());
	return "";
}

static void says_what_cannot_be_read(void **state)
{
	struct place *place = *state;

	survey.whole = true;
	look(place, "vfio.gpus=none");
	assert_string_equal(codes(), "scan switched-off scan ");
	assert_string_equal(survey.findings.list[0].text,
			    "/sys/bus/pci/devices cannot be read (ENOENT)");
	assert_string_equal(survey.findings.list[2].text,
			    "/proc/iomem cannot be read (ENOENT)");
	/* Nothing is missed where nothing is asked. */
	look(place, "quiet");
	assert_string_equal(codes(), "scan ");
	survey.whole = false;
	look(place, "vfio.gpus=none");
	assert_string_equal(codes(), "switched-off ");
	look(place, "vfio.gpus=05:00");
	assert_string_equal(codes(), "scan no-match ");
	place_add_machine(place, "no-iommu");
	look(place, "vfio.gpus=none");
	assert_string_equal(codes(), "switched-off ");
}

static void begins_anew_each_time(void **state)
{
	struct place *place = *state;

	place_add_machine(place, "seed");
	survey.conflicts.count = survey.conflicts.left_out = 7;
	survey.conflicts.hidden = true;
	survey.whole = true;
	look(place, "vfio.gpus=0b:00,zz");
	assert_int_equal(survey.conflicts.count, 1);
	assert_int_equal(survey.conflicts.left_out, 0);
	assert_false(survey.conflicts.hidden);
	look(place, "vfio.gpus=0b:00");
	assert_null(strstr(codes(), "bad-item"));
	assert_int_equal(survey.conflicts.count, 1);
	assert_string_equal(survey.framebuffers.list[0].device, "efi-framebuffer.0");
	assert_string_equal(survey.framebuffers.console[0], "vtcon1");
	survey.whole = false;
}

/* The kernel of this machine never evicts the framebuffer. */
static void foretells_and_looks_again(void **state)
{
	struct place *place = *state;

	place_add_machine(place, "seed");
	look(place, "vfio.gpus=0b:00");
	assert_null(strstr(codes(), "bar-held"));
	eb_survey_predict(&survey, place->root);
	assert_non_null(strstr(words_of(EB_FIND_BAR_HELD), "0000:0b:00.0"));
	look(place, "vfio.gpus=0b:00");
	eb_survey_after(&survey, place->root);
	assert_non_null(strstr(words_of(EB_FIND_BAR_HELD), "0000:0b:00.0"));
	assert_int_equal(survey.conflicts.count, 2);
	assert_int_equal(survey.conflicts.list[0].when, EB_BEFORE);
	assert_int_equal(survey.conflicts.list[1].when, EB_AFTER);
	/* Gone meanwhile. */
	look(place, "vfio.gpus=0b:00");
	place_write(place, "proc/iomem", "e0000000-efffffff : 0000:0b:00.0\n", 33);
	eb_survey_after(&survey, place->root);
	assert_null(strstr(codes(), "bar-held"));
}

static void has_the_kernel_logs_word(void **state)
{
	place_add_machine(*state, "bar-unassigned");
	look(*state, "vfio.gpus=01:00");
	eb_survey_predict(&survey, ((struct place *)*state)->root);
	assert_non_null(strstr(words_of(EB_FIND_BAR_UNASSIGNED), "no space for [mem"));
}

#define ZEROS "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
#define BAR_0 "0x00000000f1000000 0x00000000f1ffffff 0x0000000000040200\n"
#define PORTS "0x000000000000e000 0x000000000000e07f 0x0000000000040101\n"
#define BAR_1 "0x0000004000000000 0x0000004007ffffff 0x000000000014220c\n"

/* The kernel log is read when it may tell of a BAR of a planned function, and then each
 * BAR that it gave up is explained, also one of which `resource` shows nothing. */
static void asks_the_kernel_log(void **state)
{
	static const struct {
		const char *what, *resource;
		int config; /* the first byte of BAR 1's register, -1 for no file */
		bool told;
	} cases[] = {
		{"nothing but zeros, registers unknown", BAR_0 ZEROS ZEROS, -1, true},
		{"nothing but zeros, a register with 64 bits", BAR_0 ZEROS ZEROS, 0x0c,
		 true},
		{"no such BAR", BAR_0 ZEROS ZEROS, 0, false},
		{"ports", BAR_0 ZEROS ZEROS, 0x01, false},
		{"not even BAR 0", ZEROS ZEROS ZEROS, 0, true},
		{"an address now", BAR_0 BAR_1 ZEROS BAR_1 ZEROS PORTS, 0x0c, false},
		{"nothing but zeros, beside a BAR with 64 bits",
		 BAR_0 ZEROS BAR_1 ZEROS PORTS ZEROS, 0, true},
		{"zeros for the higher halves alone", BAR_0 BAR_1 ZEROS BAR_1 ZEROS PORTS,
		 0, false},
	};
	struct place *place = *state;
	size_t i;

	place_add_machine(place, "bar-unassigned");
	survey.whole = false;
	for (i = 0; i < COUNT(cases); i++) {
		const char *dir = "sys/bus/pci/devices/0000:01:00.0/";
		char path[80], config[256] = {0};

		ROW(cases[i].what);
		snprintf(path, sizeof(path), "%sresource", dir);
		place_write(place, path, cases[i].resource, strlen(cases[i].resource));
		snprintf(path, sizeof(path), "%sconfig", dir);
		config[0x14] = (char)cases[i].config;
		unlink(place_path(place, path));
		if (cases[i].config >= 0)
			place_write(place, path, config, sizeof(config));
		look(place, "vfio.gpus=01:00");
		eb_survey_predict(&survey, place->root);
		assert_int_equal(survey.klog.count > 0, cases[i].told);
		assert_int_equal(strstr(codes(), "bar-unassigned") != NULL,
				 cases[i].told);
		if (cases[i].told)
			assert_non_null(strstr(words_of(EB_FIND_BAR_UNASSIGNED),
					       "no space for [mem"));
	}
}

/* The second look reads on where the first one ended. */
static void reads_on_in_the_kernel_log(void **state)
{
	static const char more[] =
		"4,9,9,-;pci 0000:01:00.0: BAR 2: no space for [mem size 0x1000]\n";
	struct place *place = *state;
	unsigned int before;
	FILE *log;

	place_add_machine(place, "bar-unassigned");
	survey.locked = place_locked(place);
	eb_survey_request_text(&survey, "vfio.gpus=01:00");
	eb_survey_look(&survey, place->root);
	eb_survey_before(&survey, place->root);
	before = survey.klog.count;
	assert_true(before > 0 && survey.klog.open);
	log = fopen(place_path(place, "dev/kmsg"), "a");
	fputs(more, log);
	fclose(log);
	eb_survey_after(&survey, place->root);
	assert_int_equal(survey.klog.count, before + 1);
	assert_int_equal(survey.klog.line[before].bar, 2);
	assert_false(survey.klog.open);
}

/* What is behind the device's lock is read of chosen functions alone, and given up in
 * time. A FIFO without a peer blocks whoever opens it, as a stuck probe does. */
static void waits_for_no_lock(void **state)
{
	const char *device = "sys/bus/pci/devices/0000:05:00.0/driver_override";
	struct place *place = *state;

	place_add_machine(place, "seed");
	place_write(place, "sys/bus/pci/devices/0000:0b:00.0/sriov_numvfs", "2\n", 2);
	assert_int_equal(unlink(place_path(place, device)), 0);
	assert_int_equal(mkfifo(place_path(place, device), 0600), 0);
	look(place, "vfio.gpus=0b:00.0 earlybind.timeout=1");
	assert_int_equal(survey.plan.count, 1);
	assert_non_null(strstr(words_of(EB_FIND_SRIOV), "0000:0b:00.0"));
	/* One timeout is enough for a card; the others are served. */
	look(place, "vfio.gpus=05:00,0b:00.1 earlybind.timeout=1");
	assert_int_equal(survey.plan.count, 3);
	assert_int_equal(survey.plan.device[0].result, EB_RESULT_TIMEOUT);
	assert_int_equal(survey.plan.device[1].result, EB_RESULT_TIMEOUT);
	assert_int_equal(survey.plan.device[2].result, EB_RESULT_PLANNED);
	assert_null(strstr(codes(), "sriov"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_setup, place_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(says_what_cannot_be_read),	  TEST(begins_anew_each_time),
		TEST(foretells_and_looks_again),  TEST(has_the_kernel_logs_word),
		TEST(waits_for_no_lock),	  TEST(asks_the_kernel_log),
		TEST(reads_on_in_the_kernel_log),
	};

	return cmocka_run_group_tests_name("survey-machine", tests, NULL, NULL);
}
