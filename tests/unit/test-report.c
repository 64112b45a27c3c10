// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of report.json: its fields, its values, odd bytes, and saving all or nothing. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <json-c/json.h>

#include <earlybind/json.h>
#include <earlybind/survey.h>

#include "fake-place.h"
#include "tree.h"
#include "unit.h"
#include "write.h"

static struct eb_survey survey;

/* The survey of the machine NAME with CMDLINE; what follows would be the agent's. */
static struct eb_report look(struct place *place, const char *name, const char *cmdline)
{
	struct eb_report report;

	place_add_machine(place, name);
	place_add(place, "d run\n");
	place_write(place, "proc/cmdline", cmdline, strlen(cmdline));
	assert_int_equal(eb_survey_request(&survey, place->root), 0);
	survey.locked = place_locked(place);
	eb_survey_machine(&survey, place->root);
	report = eb_survey_report(&survey);
	report.held_us = 1234;
	report.elapsed_us = 5678;
	return report;
}

/* The saved report, as a reader gets it. */
static struct json_object *read_back(struct place *place)
{
	struct json_object *object = json_tokener_parse(
		place_read(place, EB_REPORT_JSON));

	assert_non_null(object);
	return object;
}

static struct json_object *get(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;

	if (!json_object_object_get_ex(object, key, &value))
		fail_msg("no field %s", key);
	return value;
}

static struct json_object *nth(struct json_object *object, const char *list, size_t i)
{
	struct json_object *value = json_object_array_get_idx(get(object, list), i);

	if (!value)
		fail_msg("%s has no number %zu", list, i);
	return value;
}

/* The fields of an object in their order, with a letter each for what they hold:
 * string, int, bool, array, null. */
static const char *fields(struct json_object *object)
{
	static char buf[512];
	struct eb_text text = eb_text_on(buf, sizeof(buf));

	json_object_object_foreach(object, key, value)
	{
		static const char letters[] = "nb?ioas";

		eb_text_add(&text, "%s%s:%c", text.len ? " " : "", key,
			    letters[json_object_get_type(value)]);
	}
	return buf;
}

static const char *text_of(struct json_object *object, const char *key)
{
	return json_object_get_string(get(object, key));
}

static void has_the_fields_that_are_promised(void **state)
{
	struct eb_report report = look(*state, "seed",
				       "vfio.gpus=05:00,0b:00,07:00 earlybind.x=1");
	struct json_object *json, *device;

	assert_int_equal(eb_write_report(&report, ((struct place *)*state)->root), 0);
	json = read_back(*state);
	assert_string_equal(
		fields(json),
		"schema:i earlybind:s kernel:s argument:a dryrun:b elapsed_us:i "
		"held_us:i devices:a conflicts:a findings:a");
	assert_int_equal(json_object_get_int(get(json, "schema")), 1);
	assert_string_equal(text_of(json, "earlybind"), EB_VERSION);
	assert_string_equal(text_of(json, "kernel"), "5.11.22-7-pve");
	assert_int_equal(json_object_get_int(get(json, "held_us")), 1234);
	assert_int_equal(json_object_get_int(get(json, "elapsed_us")), 5678);
	assert_int_equal(json_object_array_length(get(json, "argument")), 2);
	assert_int_equal(json_object_array_length(get(json, "devices")), 4);
	device = nth(json, "devices", 0);
	assert_string_equal(
		fields(device),
		"address:s class:s id:s subsystem:s selected_by:s iommu_group:i "
		"boot_display:b driver_before:n driver_after:n result:s "
		"reason:n");
	assert_string_equal(text_of(device, "address"), "0000:05:00.0");
	assert_string_equal(text_of(device, "class"), "0x030000");
	assert_string_equal(text_of(device, "id"), "10de:1187");
	assert_string_equal(text_of(device, "subsystem"), "1458:3612");
	assert_string_equal(text_of(device, "selected_by"), "05:00");
	assert_int_equal(json_object_get_int(get(device, "iommu_group")), 10);
	assert_string_equal(text_of(device, "result"), "planned");
	assert_true(
		json_object_get_boolean(get(nth(json, "devices", 2), "boot_display")));
	assert_string_equal(fields(nth(json, "conflicts", 0)),
			    "address:s bar:i range:s owner:s when:s blocks:b remedy:s");
	assert_string_equal(text_of(nth(json, "conflicts", 0), "range"),
			    "0xe0000000-0xe07e8fff");
	assert_string_equal(text_of(nth(json, "conflicts", 0), "when"), "before");
	assert_string_equal(fields(nth(json, "findings", 0)),
			    "code:s severity:s address:n text:s");
	assert_string_equal(text_of(nth(json, "findings", 0), "code"), "unknown-option");
	json_object_put(json);
}

static void tells_each_result(void **state)
{
	static const struct {
		enum eb_result result;
		bool known;
		const char *after, *reason;
		const char *fields; /* the end of them */
	} cases[] = {
		{EB_RESULT_PLANNED, false, "", "", "driver_after:n result:s reason:n"},
		{EB_RESULT_CLAIMED, true, "vfio-pci", "",
		 "driver_after:s result:s reason:n"},
		{EB_RESULT_FAILED, true, "", "why", "driver_after:n result:s reason:s"},
		{EB_RESULT_TIMEOUT, true, "nouveau", "why",
		 "driver_after:s result:s reason:s"},
		{EB_RESULT_REFUSED, false, "", "why", "driver_after:n result:s reason:s"},
	};
	struct eb_report report = look(*state, "seed", "vfio.gpus=0b:00.0");
	size_t i;

	eb_survey_after(&survey, ((struct place *)*state)->root);
	for (i = 0; i < COUNT(cases); i++) {
		struct eb_device *device = &survey.plan.device[0];
		struct json_object *json;
		const char *end;

		ROW(eb_plan_result_name(cases[i].result));
		device->result = cases[i].result;
		device->after_known = cases[i].known;
		snprintf(device->after, sizeof(device->after), "%s", cases[i].after);
		snprintf(device->reason, sizeof(device->reason), "%s", cases[i].reason);
		assert_int_equal(eb_write_report(&report, ((struct place *)*state)->root),
				 0);
		json = read_back(*state);
		end = strstr(fields(nth(json, "devices", 0)), "driver_after");
		assert_string_equal(end, cases[i].fields);
		assert_string_equal(text_of(nth(json, "devices", 0), "result"),
				    eb_plan_result_name(cases[i].result));
		/* Before and after of what was claimed; else before, or nothing. */
		assert_int_equal(json_object_array_length(get(json, "conflicts")),
				 cases[i].result == EB_RESULT_CLAIMED	? 2
				 : cases[i].result == EB_RESULT_REFUSED ? 0
									: 1);
		json_object_put(json);
	}
}

static void stays_utf8_whatever_is_asked(void **state)
{
	struct eb_report report = look(
		*state, "seed",
		"vfio.gpus=\xff\xfe\\\"a b\",05:00 earlybind.\x01=\xc3\xa9\xed\xa0\x80\x7f "
		"rd.vfio.gpus=\"0b:00,\xe2\x82\"");
	struct json_object *json;
	const char *text;
	size_t len, step;

	assert_int_equal(eb_write_report(&report, ((struct place *)*state)->root), 0);
	text = place_read(*state, EB_REPORT_JSON);
	for (len = strlen(text); len; text += step, len -= step) {
		step = eb_json_utf8(text, len);
		assert_true(step > 0);
		assert_true(text[0] == '\n' || (unsigned char)text[0] >= 0x20);
	}
	json = read_back(*state);
	assert_string_equal(json_object_get_string(nth(json, "argument", 2)),
			    "rd.vfio.gpus=0b:00,\xef\xbf\xbd\xef\xbf\xbd");
	assert_int_equal(json_object_array_length(get(json, "devices")), 4);
	json_object_put(json);
}

static void limit_files_to(rlim_t bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void saves_all_or_nothing(void **state)
{
	struct eb_report report = look(*state, "seed", "vfio.gpus=05:00");
	struct place *place = *state;
	struct stat st;
	mode_t mask = umask(077);

	assert_int_equal(eb_write_report(&report, place->root), 0);
	umask(mask);
	assert_int_equal(stat(place_path(place, EB_REPORT_JSON), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	assert_int_equal(stat(place_path(place, EB_REPORT_DIR), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0755);
	place_write(place, EB_REPORT_JSON, "old", 3);
	signal(SIGXFSZ, SIG_IGN);
	limit_files_to(600);
	assert_int_equal(eb_write_report(&report, place->root), -EFBIG);
	limit_files_to(RLIM_INFINITY);
	assert_string_equal(place_read(place, EB_REPORT_JSON), "old");
	assert_null(place_read(place, EB_REPORT_JSON ".new"));
	assert_int_equal(eb_write_report(&report, place->root), 0);
	assert_null(place_read(place, EB_REPORT_JSON ".new"));
	assert_null(place_read(place, EB_REPORT_LOG ".new"));
	assert_non_null(place_read(place, EB_REPORT_LOG));
	json_object_put(read_back(place));
}

static void says_where_it_cannot_save(void **state)
{
	struct eb_report report = look(*state, "seed", "vfio.gpus=05:00");
	struct place *place = *state;

	assert_int_equal(unlinkat(place->root, "run", AT_REMOVEDIR), 0);
	place_add(place, "f run a file\n");
	assert_int_equal(eb_write_report(&report, place->root), -ENOTDIR);
}

static void writes_through_no_link(void **state)
{
	struct eb_report report = look(*state, "seed", "vfio.gpus=05:00");
	struct place *place = *state;
	const char *const links[] = {"l run elsewhere\n",
				     "d run\nl run/earlybind ../elsewhere\n"};
	size_t i;

	place_add(place, "d elsewhere\nd elsewhere/earlybind\nf victim as it was\n"
			 "d run/earlybind\n"
			 "l run/earlybind/report.json.new ../../victim\n"
			 "l run/earlybind/boot.log ../../victim\n");
	assert_int_equal(eb_write_report(&report, place->root), 0);
	json_object_put(read_back(place));
	assert_string_equal(place_read(place, "victim"), "as it was");
	assert_int_equal(eb_tree_remove(place_path(place, "run")), 0);
	for (i = 0; i < COUNT(links); i++) {
		ROW(links[i]);
		place_add(place, links[i]);
		assert_int_equal(eb_write_report(&report, place->root), -ENOTDIR);
		assert_null(place_read(place, "elsewhere/report.json"));
		assert_null(place_read(place, "elsewhere/earlybind/report.json"));
		if (i == 0)
			assert_int_equal(unlinkat(place->root, "run", 0), 0);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_setup, place_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(has_the_fields_that_are_promised), TEST(tells_each_result),
		TEST(stays_utf8_whatever_is_asked),	TEST(saves_all_or_nothing),
		TEST(says_where_it_cannot_save),	TEST(writes_through_no_link),
	};

	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
