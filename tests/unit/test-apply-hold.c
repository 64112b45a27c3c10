// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of a plan whose devices cannot be held, or whose driver cannot be loaded. */
#include <errno.h>
#include <string.h>

#include "fake-scene.h"
#include "unit.h"

static void hold_fails(void **state)
{
	static const struct scene scenes[] = {
		{
			.name = "a kernel without driver_override",
			SCENE_CARD,
			.fault = {{"05:00.0/driver_override=vfio-pci", FAKE_FAILS,
				   -ENOENT}},
			.trace = SCENE_HOLD_05 SCENE_LOAD,
			.result = "failed claimed",
			.driver = "- vfio-pci",
			.override = "- vfio-pci",
			.findings = "hold-failed@05:00.0",
		},
		{
			.name = "driver_override says well and stays as it is",
			SCENE_CARD,
			.fault = {{"05:00.0/driver_override=vfio-pci", FAKE_LIES}},
			.trace = "05:00.0/driver_override=vfio-pci " SCENE_RETURN(
				"05:00.0") "05:00.1/driver_override=vfio-pci " SCENE_LOAD,
			.result = "failed claimed",
			.driver = "nouveau vfio-pci",
			.override = "- vfio-pci",
			.findings = "hold-failed@05:00.0 handed-back@05:00.0",
		},
		{
			.name = "the device goes before it is held",
			SCENE_CARD,
			.fault = {{"05:00.0/driver_override=vfio-pci", FAKE_VANISHES}},
			.trace = SCENE_HOLD_05 SCENE_LOAD,
			.result = "failed claimed",
			.driver = "- vfio-pci",
			.override = "- vfio-pci",
			.findings = "hold-failed@05:00.0",
		},
		{
			.name = "holding hangs",
			SCENE_CARD,
			.fault = {{"05:00.0/driver_override=vfio-pci", FAKE_HANGS}},
			.trace = SCENE_HOLD_05 SCENE_LOAD,
			.result = "timeout claimed",
			.driver = "- vfio-pci",
			.override = "- vfio-pci",
			.findings = "timeout@05:00.0",
		},
		{
			.name = "reading it back hangs",
			SCENE_CARD_HELD,
			.fault = {{"read:05:00.0/driver_override", FAKE_HANGS}},
			.trace = SCENE_HOLD_05 SCENE_LOAD,
			.result = "timeout claimed",
			.driver = "nouveau vfio-pci",
			.override = "vfio-pci vfio-pci",
			.findings = "timeout@05:00.0",
		},
	};

	(void)state;
	SCENES_PLAY(scenes);
}

/* The worker died, or its answer was lost: the write may be done or not. */
static void an_uncertain_hold_counts_as_done(void **state)
{
	static const struct scene scenes[] = {
		{
			.name = "the answer is lost: it reads back as done",
			SCENE_CARD,
			.fault = {{"05:00.0/driver_override=vfio-pci", FAKE_DOES,
				   -ECHILD}},
			.trace = SCENE_HOLD_05 SCENE_LOAD,
			.result = "claimed claimed",
			.driver = "vfio-pci vfio-pci",
			.override = "vfio-pci vfio-pci",
		},
		{
			.name = "the worker died before the write",
			SCENE_CARD,
			.fault = {{"05:00.0/driver_override=vfio-pci", FAKE_FAILS,
				   -ECHILD}},
			.trace = "05:00.0/driver_override=vfio-pci " SCENE_RETURN(
				"05:00.0") "05:00.1/driver_override=vfio-pci " SCENE_LOAD,
			.result = "failed claimed",
			.driver = "nouveau vfio-pci",
			.override = "- vfio-pci",
			.findings = "hold-failed@05:00.0 handed-back@05:00.0",
		},
		{
			.name = "done, but it cannot be read back: binding tells",
			SCENE_CARD,
			.fault = {{"05:00.0/driver_override=vfio-pci", FAKE_DOES,
				   -ECHILD},
				  {"read:05:00.0/driver_override", FAKE_FAILS, -ENOMEM}},
			.trace = SCENE_HOLD_05 SCENE_LOAD,
			.result = "claimed claimed",
			.driver = "vfio-pci vfio-pci",
			.override = "vfio-pci vfio-pci",
		},
		{
			.name = "not done, and it cannot be read back: binding tells",
			SCENE_CARD,
			.fault = {{"05:00.0/driver_override=vfio-pci", FAKE_FAILS,
				   -ECHILD},
				  {"read:05:00.0/driver_override", FAKE_FAILS, -ENOMEM,
				   1}},
			.trace = SCENE_HOLD_05 SCENE_LOAD SCENE_BIND("05:00.0")
				SCENE_RETURN("05:00.0"),
			.result = "failed claimed",
			.driver = "nouveau vfio-pci",
			.override = "- vfio-pci",
			.findings = "bind-failed@05:00.0 handed-back@05:00.0",
		},
	};

	(void)state;
	SCENES_PLAY(scenes);
}

#define ALL_RETURNED \
	.result = "failed failed failed", .driver = "- - nouveau", .override = "- - -"
#define RETURN_ALL    SCENE_RETURN("05:00.0") SCENE_RETURN("05:00.1") SCENE_RETURN("06:00.0")
#define SAID_RETURNED "handed-back@05:00.0 handed-back@05:00.1 handed-back@06:00.0"

static void load_fails(void **state)
{
	static const struct scene scenes[] = {
		{
			.name = "an image without vfio-pci",
			.fault = {{"load:vfio-pci", FAKE_FAILS, -ENOENT}},
			.trace = SCENE_HOLD "load:vfio-pci " RETURN_ALL,
			ALL_RETURNED,
			.findings = "no-vfio " SAID_RETURNED,
		},
		{
			.name = "vfio-pci with an option that it does not know",
			.fault = {{"load:vfio-pci", FAKE_FAILS, -EINVAL}},
			.trace = SCENE_HOLD "load:vfio-pci " RETURN_ALL,
			ALL_RETURNED,
			.findings = "load-failed " SAID_RETURNED,
		},
		{
			.name = "loading hangs before the driver is there",
			.fault = {{"load:vfio-pci", FAKE_HANGS}},
			.trace = SCENE_HOLD "load:vfio-pci " RETURN_ALL,
			.result = "timeout timeout timeout",
			.driver = "- - nouveau",
			.override = "- - -",
			.findings = "timeout " SAID_RETURNED,
		},
		{
			.name = "loading says well, and there is no driver",
			.fault = {{"load:vfio-pci", FAKE_LIES}},
			.trace = SCENE_HOLD SCENE_LOAD RETURN_ALL,
			ALL_RETURNED,
			.findings = "load-failed " SAID_RETURNED,
		},
		{
			.name = "an image without vfio-pci, on_failure=hold",
			.hold_failed = true,
			.fault = {{"load:vfio-pci", FAKE_FAILS, -ENOENT}},
			/* The last one had a driver, which was not asked to let go. */
			.trace = SCENE_HOLD "load:vfio-pci " SCENE_RETURN("06:00.0"),
			.result = "failed failed failed",
			.driver = "- - nouveau",
			.override = "vfio-pci vfio-pci -",
			.findings = "no-vfio still-held@05:00.0 still-held@05:00.1 "
				    "handed-back@06:00.0",
		},
		{
			.name = "loading hangs in the probe of one: the others are served",
			.device = {{"0000:05:00.0"},
				   {.addr = "0000:05:00.1", .probe_hangs = true},
				   {"0000:06:00.0", "nouveau", "nouveau"}},
			.trace = SCENE_HOLD SCENE_LOAD SCENE_BIND(
				"05:00.1") "drivers_probe=05:00.1 " SCENE_UNBIND
				SCENE_BIND("06:00.0") "drivers_probe=06:00.0 ",
			.result = "claimed timeout claimed",
			.driver = "vfio-pci - vfio-pci",
			.override = "vfio-pci vfio-pci vfio-pci",
			.findings = "timeout timeout@05:00.1",
			.touched = 1,
		},
		{
			.name = "the same, and the link of that one is vfio-pci's already",
			.device = {{"0000:05:00.0"},
				   {.addr = "0000:05:00.1",
				    .probe_hangs = true,
				    .linked = true},
				   {"0000:06:00.0", "nouveau", "nouveau"}},
			.trace = SCENE_HOLD SCENE_LOAD SCENE_UNBIND SCENE_BIND(
				"06:00.0") "drivers_probe=06:00.0 ",
			.result = "claimed timeout claimed",
			.driver = "vfio-pci vfio-pci vfio-pci",
			.override = "vfio-pci vfio-pci vfio-pci",
			.findings = "timeout timeout@05:00.1",
			.touched = 1,
		},
		{
			.name = "loading hangs when the driver is there",
			.fault = {{"load:vfio-pci", FAKE_DOES, -ETIMEDOUT}},
			.trace = SCENE_HOLD SCENE_LOAD SCENE_UNBIND SCENE_BIND("06:00.0"),
			.result = "claimed claimed claimed",
			.driver = "vfio-pci vfio-pci vfio-pci",
			.override = "vfio-pci vfio-pci vfio-pci",
			.findings = "timeout",
		},
	};

	(void)state;
	SCENES_PLAY(scenes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hold_fails),
		cmocka_unit_test(an_uncertain_hold_counts_as_done),
		cmocka_unit_test(load_fails),
	};

	return cmocka_run_group_tests_name("apply-hold", tests, NULL, NULL);
}
