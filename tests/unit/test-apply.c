// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of carrying a plan out on a kernel that does what it is asked. */
#include <errno.h>
#include <string.h>

#include "fake-scene.h"
#include "unit.h"

#define ALL_CLAIMED                                                                  \
	.result = "claimed claimed claimed", .driver = "vfio-pci vfio-pci vfio-pci", \
	.override = "vfio-pci vfio-pci vfio-pci"

static void holds_loads_binds_verifies(void **state)
{
	static const struct scene scenes[] = {
		{
			.name = "two cards: loading binds what has no driver",
			.trace = SCENE_HOLD SCENE_LOAD SCENE_UNBIND SCENE_BIND("06:00.0"),
			ALL_CLAIMED,
		},
		{
			.name = "built in: nothing binds by itself",
			.vfio_there = true,
			.trace = SCENE_HOLD SCENE_LOAD SCENE_BIND("05:00.0")
				SCENE_BIND("05:00.1") SCENE_UNBIND SCENE_BIND("06:00.0"),
			ALL_CLAIMED,
		},
		{
			.name = "built in, and no module of that name in the image",
			.vfio_there = true,
			.fault = {{"load:vfio-pci", FAKE_FAILS, -ENOENT},
				  {"load:vfio_virqfd", FAKE_FAILS, -ENOENT}},
			.trace = SCENE_HOLD SCENE_LOAD SCENE_BIND("05:00.0")
				SCENE_BIND("05:00.1") SCENE_UNBIND SCENE_BIND("06:00.0"),
			ALL_CLAIMED,
		},
		{
			.name = "no vfio_virqfd, as since 6.2",
			.fault = {{"load:vfio_virqfd", FAKE_FAILS, -ENOENT}},
			.trace = SCENE_HOLD SCENE_LOAD SCENE_UNBIND SCENE_BIND("06:00.0"),
			ALL_CLAIMED,
		},
		{
			.name = "vfio_virqfd is there and fails",
			.fault = {{"load:vfio_virqfd", FAKE_FAILS, -EINVAL}},
			.trace = SCENE_HOLD SCENE_LOAD SCENE_UNBIND SCENE_BIND("06:00.0"),
			ALL_CLAIMED,
			.findings = "load-failed",
		},
		{
			.name = "no vfio_iommu_type1: claimed, and said",
			.fault = {{"load:vfio_iommu_type1", FAKE_FAILS, -ENOENT}},
			.trace = SCENE_HOLD SCENE_LOAD SCENE_UNBIND SCENE_BIND("06:00.0"),
			ALL_CLAIMED,
			.findings = "no-vfio",
		},
	};

	(void)state;
	SCENES_PLAY(scenes);
}

static void leaves_alone_what_is_not_planned(void **state)
{
	static const struct scene scenes[] = {
		{
			.name = "one is refused",
			.refused = "0000:06:00.0",
			.trace = SCENE_HOLD_05 SCENE_LOAD,
			.result = "claimed claimed refused",
			.driver = "vfio-pci vfio-pci nouveau",
			.override = "vfio-pci vfio-pci -",
		},
		{
			.name = "all are refused: nothing is even loaded",
			.device = {{.addr = "0000:05:00.0"}},
			.refused = "0000:05:00.0",
			.trace = "",
			.result = "refused",
			.driver = "-",
			.override = "-",
		},
		{
			.name = "one is on vfio-pci already",
			.device = {{.addr = "0000:05:00.0", .driver = "vfio-pci"},
				   {.addr = "0000:05:00.1"}},
			.trace = "05:00.1/driver_override=vfio-pci " SCENE_LOAD,
			.result = "claimed claimed",
			.driver = "vfio-pci vfio-pci",
			.override = "- vfio-pci",
		},
		{
			.name = "all are on vfio-pci already",
			.device = {{.addr = "0000:05:00.0", .driver = "vfio-pci"}},
			.trace = "",
			.result = "claimed",
			.driver = "vfio-pci",
			.override = "-",
		},
	};

	(void)state;
	SCENES_PLAY(scenes);
}

#define AWAKE(addr) addr "/power/control=on " addr "/d3cold_allowed=0 "
#define TWO                                    \
	{                                      \
		{.addr = "0000:05:00.0"},      \
		{                              \
			.addr = "0000:05:00.1" \
		}                              \
	}
#define TWO_CLAIMED                                                 \
	.result = "claimed claimed", .driver = "vfio-pci vfio-pci", \
	.override = "vfio-pci vfio-pci"

static void keeps_power_on(void **state)
{
	static const struct scene scenes[] = {
		{
			.name = "power=on, after binding, which sets it to auto",
			.device = TWO,
			.power_on = true,
			.trace = SCENE_HOLD_05 SCENE_LOAD AWAKE("05:00.0")
				AWAKE("05:00.1"),
			TWO_CLAIMED,
		},
		{
			.name = "power=on, a kernel without d3cold_allowed",
			.device = TWO,
			.power_on = true,
			.fault = {{"05:00.0/d3cold_allowed=0", FAKE_FAILS, -ENOENT}},
			.trace = SCENE_HOLD_05 SCENE_LOAD AWAKE("05:00.0")
				AWAKE("05:00.1"),
			TWO_CLAIMED,
		},
		{
			.name = "power=on, the kernel does not take it",
			.device = TWO,
			.power_on = true,
			.fault = {{"05:00.0/power/control=on", FAKE_LIES},
				  {"05:00.1/power/control=on", FAKE_HANGS}},
			.trace = SCENE_HOLD_05 SCENE_LOAD "05:00.0/power/control=on "
							  "05:00.1/power/control=on ",
			TWO_CLAIMED,
			.findings = "power-failed@05:00.0 power-failed@05:00.1",
		},
		{
			.name = "power=on, on vfio-pci already",
			.device = {{.addr = "0000:05:00.0", .driver = "vfio-pci"}},
			.power_on = true,
			.trace = AWAKE("05:00.0"),
			.result = "claimed",
			.driver = "vfio-pci",
			.override = "-",
		},
	};
	const struct scene_end *end = scene_play(&scenes[0]);

	(void)state;
	assert_string_equal(end->kernel.device[0].control, "on");
	assert_string_equal(end->kernel.device[1].d3cold, "0");
	SCENES_PLAY(scenes);
}

static void announces_before_the_screen_goes_dark(void **state)
{
	static const struct scene scene = {
		.name = "the console's card",
		.boot = "0000:06:00.0",
		.trace = SCENE_HOLD SCENE_LOAD SCENE_UNBIND SCENE_BIND("06:00.0"),
		ALL_CLAIMED,
	};
	static const struct scene other = {
		.name = "the console's card is refused",
		.boot = "0000:06:00.0",
		.refused = "0000:06:00.0",
		.trace = SCENE_HOLD_05 SCENE_LOAD,
		.result = "claimed claimed refused",
		.driver = "vfio-pci vfio-pci nouveau",
		.override = "vfio-pci vfio-pci -",
	};
	const struct fake_kernel *kernel = &scene_play(&scene)->kernel;

	(void)state;
	assert_int_equal(kernel->lines, 2 + 3);
	assert_string_equal(kernel->line[0].text,
			    "holding 3 functions, loading vfio-pci");
	assert_int_equal(kernel->line[0].at, strlen(SCENE_HOLD));
	assert_int_equal(kernel->line[1].at, strlen(SCENE_HOLD));
	assert_int_equal(kernel->line[1].level, EB_LEVEL_WARNING);
	assert_non_null(
		strstr(kernel->line[1].text, "0000:06:00.0: binding the console's card"));
	assert_non_null(strstr(kernel->line[1].text, "vfio.gpus=none"));
	kernel = &scene_play(&other)->kernel;
	assert_int_equal(kernel->lines, 1 + 3);
	assert_null(strstr(kernel->line[1].text, "console"));
}

static void says_eight_lines_at_most(void **state)
{
	static const struct scene scene = {
		.name = "twelve functions",
		.device = {{"0000:05:00.0"},
			   {"0000:05:00.1"},
			   {"0000:05:00.2"},
			   {"0000:05:00.3"},
			   {"0000:05:00.4"},
			   {"0000:05:00.5"},
			   {"0000:05:00.6"},
			   {"0000:05:00.7"},
			   {"0000:06:00.0"},
			   {"0000:06:00.1"},
			   {"0000:06:00.2"},
			   {"0000:06:00.3"}},
		.boot = "0000:05:00.0",
		.fault = {{"load:vfio-pci", FAKE_FAILS, -EINVAL}},
		.hold_failed = true,
		.trace = SCENE_HOLD_05
		"05:00.2/driver_override=vfio-pci 05:00.3/driver_override=vfio-pci "
		"05:00.4/driver_override=vfio-pci 05:00.5/driver_override=vfio-pci "
		"05:00.6/driver_override=vfio-pci 05:00.7/driver_override=vfio-pci "
		"06:00.0/driver_override=vfio-pci 06:00.1/driver_override=vfio-pci "
		"06:00.2/driver_override=vfio-pci 06:00.3/driver_override=vfio-pci "
		"load:vfio-pci ",
		.result =
			"failed failed failed failed failed failed failed failed failed "
			"failed failed failed",
		.driver = "- - - - - - - - - - - -",
		.override = "vfio-pci vfio-pci vfio-pci vfio-pci vfio-pci vfio-pci "
			    "vfio-pci vfio-pci vfio-pci vfio-pci vfio-pci vfio-pci",
		.findings = "load-failed still-held@05:00.0 still-held@05:00.1 "
			    "still-held@05:00.2 still-held@05:00.3 still-held@05:00.4 "
			    "still-held@05:00.5 still-held@05:00.6 still-held@05:00.7 "
			    "still-held@06:00.0 still-held@06:00.1 still-held@06:00.2 "
			    "still-held@06:00.3",
	};
	const struct fake_kernel *kernel = &scene_play(&scene)->kernel;

	(void)state;
	assert_int_equal(kernel->lines, EB_MAX_LINES);
	assert_non_null(strstr(kernel->line[2].text, "loading vfio-pci failed"));
	assert_string_equal(kernel->line[EB_MAX_LINES - 1].text,
			    "8 more lines are in /run/earlybind/boot.log");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds_loads_binds_verifies),
		cmocka_unit_test(leaves_alone_what_is_not_planned),
		cmocka_unit_test(keeps_power_on),
		cmocka_unit_test(announces_before_the_screen_goes_dark),
		cmocka_unit_test(says_eight_lines_at_most),
	};

	return cmocka_run_group_tests_name("apply", tests, NULL, NULL);
}
