// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of giving back what did not end on vfio-pci. */
#include <errno.h>
#include <string.h>

#include "fake-scene.h"
#include "unit.h"

#define TRIED	SCENE_HOLD_05 SCENE_LOAD SCENE_BIND("05:00.0")
#define CLEARED "05:00.0/driver_override=\\n "
#define PROBE	"drivers_probe=05:00.0 "
#define UNBIND	"05:00.0/driver/unbind=05:00.0 "
#define NOT_BOUND(...)                                  \
	.vfio_there = true, .result = "failed claimed", \
	.fault = {{"drivers/vfio-pci/bind=05:00.0", FAKE_FAILS, -EINVAL}, ##__VA_ARGS__}

/* Binding 05:00.0 fails, and giving it back meets what the scene says. */
static void return_fails(void **state)
{
	static const struct scene scenes[] = {
		{
			.name = "no driver of its own is loaded",
			.device = {{"0000:05:00.0"}, {"0000:05:00.1"}},
			NOT_BOUND(),
			.trace = TRIED SCENE_RETURN("05:00.0") SCENE_BIND("05:00.1"),
			.driver = "- vfio-pci",
			.override = "- vfio-pci",
			.findings = "bind-failed@05:00.0 handed-back@05:00.0",
		},
		{
			.name = "drivers_probe fails",
			SCENE_CARD,
			NOT_BOUND({"drivers_probe=05:00.0", FAKE_FAILS, -EIO}),
			.trace = TRIED SCENE_RETURN("05:00.0")
				PROBE PROBE SCENE_BIND("05:00.1"),
			.driver = "- vfio-pci",
			.override = "- vfio-pci",
			.findings = "bind-failed@05:00.0 handed-back@05:00.0",
		},
		{
			.name = "drivers_probe hangs",
			SCENE_CARD,
			NOT_BOUND({"drivers_probe=05:00.0", FAKE_HANGS}),
			.trace = TRIED SCENE_RETURN("05:00.0") SCENE_BIND("05:00.1"),
			.driver = "- vfio-pci",
			.override = "- vfio-pci",
			.findings = "bind-failed@05:00.0 timeout@05:00.0",
		},
		{
			.name = "the override cannot be cleared",
			SCENE_CARD,
			NOT_BOUND({"05:00.0/driver_override=\\n", FAKE_FAILS, -EIO}),
			.trace = TRIED CLEARED CLEARED CLEARED SCENE_BIND("05:00.1"),
			.driver = "- vfio-pci",
			.override = "vfio-pci vfio-pci",
			.findings = "bind-failed@05:00.0 still-held@05:00.0",
		},
		{
			.name = "the override is cleared at the third try",
			SCENE_CARD,
			NOT_BOUND({"05:00.0/driver_override=\\n", FAKE_FAILS, -EIO, 2}),
			.trace = TRIED CLEARED CLEARED SCENE_RETURN("05:00.0")
				SCENE_BIND("05:00.1"),
			.driver = "nouveau vfio-pci",
			.override = "- vfio-pci",
			.findings = "bind-failed@05:00.0 handed-back@05:00.0",
		},
		{
			.name = "the override is cleared, and the answer is lost",
			SCENE_CARD,
			NOT_BOUND({"05:00.0/driver_override=\\n", FAKE_DOES, -ECHILD}),
			.trace = TRIED SCENE_RETURN("05:00.0") SCENE_BIND("05:00.1"),
			.driver = "nouveau vfio-pci",
			.override = "- vfio-pci",
			.findings = "bind-failed@05:00.0 handed-back@05:00.0",
		},
		{
			.name = "drivers_probe fails once",
			SCENE_CARD,
			NOT_BOUND({"drivers_probe=05:00.0", FAKE_FAILS, -EIO, 1}),
			.trace = TRIED SCENE_RETURN("05:00.0")
				PROBE SCENE_BIND("05:00.1"),
			.driver = "nouveau vfio-pci",
			.override = "- vfio-pci",
			.findings = "bind-failed@05:00.0 handed-back@05:00.0",
		},
		{
			.name = "clearing the override says well and does nothing",
			SCENE_CARD,
			NOT_BOUND({"05:00.0/driver_override=\\n", FAKE_LIES}),
			.trace = TRIED CLEARED CLEARED CLEARED SCENE_BIND("05:00.1"),
			.driver = "- vfio-pci",
			.override = "vfio-pci vfio-pci",
			.findings = "bind-failed@05:00.0 still-held@05:00.0",
		},
		{
			.name = "clearing the override hangs",
			SCENE_CARD,
			NOT_BOUND({"05:00.0/driver_override=\\n", FAKE_HANGS}),
			.trace = TRIED CLEARED SCENE_BIND("05:00.1"),
			.driver = "- vfio-pci",
			.override = "vfio-pci vfio-pci",
			.findings = "bind-failed@05:00.0 still-held@05:00.0",
		},
	};

	(void)state;
	SCENES_PLAY(scenes);
}

/* vfio-pci binds after all, and that is seen by the last look alone: before the override
 * is cleared, or after it. Nothing of what was found before holds then. */
static void findings_follow_the_last_look(void **state)
{
	static const struct scene scenes[] = {
		{
			.name = "seen when it is to be given back",
			SCENE_CARD,
			.vfio_there = true,
			.fault = {{"drivers/vfio-pci/bind=05:00.0", FAKE_DOES, -EIO},
				  {"link:05:00.0/driver", FAKE_FAILS, -ENOENT, 2}},
			.trace = TRIED SCENE_BIND("05:00.1"),
			.result = "claimed claimed",
			.driver = "vfio-pci vfio-pci",
			.override = "vfio-pci vfio-pci",
		},
		{
			.name = "seen when it was given back",
			SCENE_CARD,
			.vfio_there = true,
			.fault = {{"drivers/vfio-pci/bind=05:00.0", FAKE_DOES, -EIO},
				  {"link:05:00.0/driver", FAKE_FAILS, -ENOENT, 3}},
			.trace = TRIED SCENE_RETURN("05:00.0") SCENE_BIND("05:00.1"),
			.result = "claimed claimed",
			.driver = "vfio-pci vfio-pci",
			.override = "- vfio-pci",
		},
	};
	const struct scene_end *end = scene_play(&scenes[1]);

	(void)state;
	assert_string_equal(end->survey.plan.device[0].reason, "");
	SCENES_PLAY(scenes);
}

static const struct eb_finding *find(const struct scene_end *end, enum eb_code code)
{
	unsigned int i;

	for (i = 0; i < end->survey.findings.count; i++)
		if (end->survey.findings.list[i].code == code)
			return &end->survey.findings.list[i];
	fail_msg("no finding %s", eb_finding_name(code));
	return NULL;
}

static void says_who_has_it_now(void **state)
{
	static const struct scene scenes[] = {
		{
			.name = "given back to its driver",
			SCENE_CARD,
			NOT_BOUND(),
			.trace = TRIED SCENE_RETURN("05:00.0") SCENE_BIND("05:00.1"),
			.driver = "nouveau vfio-pci",
			.override = "- vfio-pci",
			.findings = "bind-failed@05:00.0 handed-back@05:00.0",
		},
		{
			.name = "kept without one",
			SCENE_CARD,
			.hold_failed = true,
			NOT_BOUND(),
			.trace = TRIED SCENE_BIND("05:00.1"),
			.driver = "- vfio-pci",
			.override = "vfio-pci vfio-pci",
			.findings = "bind-failed@05:00.0 still-held@05:00.0",
		},
	};
	const struct scene_end *end = scene_play(&scenes[0]);

	(void)state;
	assert_string_equal(find(end, EB_FIND_HANDED_BACK)->text,
			    "0000:05:00.0 was returned to nouveau");
	assert_string_equal(end->survey.plan.device[0].reason,
			    "binding vfio-pci: EINVAL");
	assert_string_equal(end->survey.plan.device[0].after, "nouveau");
	assert_false(end->survey.plan.device[0].held);
	end = scene_play(&scenes[1]);
	assert_non_null(strstr(find(end, EB_FIND_STILL_HELD)->text,
			       "echo 0000:05:00.0 > /sys/bus/pci/drivers_probe"));
	assert_true(end->survey.plan.device[0].held);
}

/* It was unbound from a driver that is loaded: no loading will bind it again. */
static void says_that_its_driver_did_not_bind_again(void **state)
{
	static const struct scene scenes[] = {
		{
			.name = "drivers_probe fails",
			SCENE_CARD_HELD,
			NOT_BOUND({"drivers_probe=05:00.0", FAKE_FAILS, -EIO}),
			.trace = SCENE_HOLD_05 SCENE_LOAD UNBIND SCENE_BIND("05:00.0")
				SCENE_RETURN("05:00.0") PROBE PROBE SCENE_BIND("05:00.1"),
			.driver = "- vfio-pci",
			.override = "- vfio-pci",
			.findings = "bind-failed@05:00.0 handed-back@05:00.0",
		},
		{
			.name = "its driver does not take it",
			.device = {{.addr = "0000:05:00.0", .driver = "nouveau"},
				   {"0000:05:00.1"}},
			NOT_BOUND(),
			.trace = SCENE_HOLD_05 SCENE_LOAD UNBIND SCENE_BIND("05:00.0")
				SCENE_RETURN("05:00.0") SCENE_BIND("05:00.1"),
			.driver = "- vfio-pci",
			.override = "- vfio-pci",
			.findings = "bind-failed@05:00.0 handed-back@05:00.0",
		},
	};
	const struct scene_end *end = scene_play(&scenes[0]);

	(void)state;
	assert_string_equal(find(end, EB_FIND_HANDED_BACK)->text,
			    "0000:05:00.0 was returned, but no driver was seen to bind "
			    "(EIO); to try again: echo 0000:05:00.0 > "
			    "/sys/bus/pci/drivers_probe");
	end = scene_play(&scenes[1]);
	assert_non_null(strstr(find(end, EB_FIND_HANDED_BACK)->text,
			       "no driver was seen to bind (ENODEV)"));
}

static void says_what_hung_and_how_long(void **state)
{
	static const struct scene scene = {
		.name = "binding hangs",
		.device = {{.addr = "0000:05:00.0", .probe_hangs = true},
			   {"0000:05:00.1"}},
		.vfio_there = true,
		.trace = TRIED SCENE_BIND("05:00.1"),
		.result = "timeout claimed",
		.driver = "- vfio-pci",
		.override = "vfio-pci vfio-pci",
		.findings = "timeout@05:00.0",
	};
	const struct scene_end *end = scene_play(&scene);

	(void)state;
	assert_string_equal(end->survey.plan.device[0].reason,
			    "binding vfio-pci took longer than 7 seconds");
	assert_non_null(strstr(find(end, EB_FIND_TIMEOUT)->text,
			       "driver_override may stay vfio-pci"));
	assert_int_equal(end->kernel.line[1].level, EB_LEVEL_ERR);
	assert_string_equal(end->kernel.line[1].text,
			    "0000:05:00.0: given up: binding vfio-pci took longer than 7 "
			    "seconds");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(return_fails),
		cmocka_unit_test(findings_follow_the_last_look),
		cmocka_unit_test(says_who_has_it_now),
		cmocka_unit_test(says_that_its_driver_did_not_bind_again),
		cmocka_unit_test(says_what_hung_and_how_long),
	};

	return cmocka_run_group_tests_name("apply-return", tests, NULL, NULL);
}
