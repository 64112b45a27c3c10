// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of a kernel that refuses, lies, hangs or loses a device at unbind and bind. */
#include <errno.h>
#include <string.h>

#include "fake-scene.h"
#include "unit.h"

#define UNBIND	 "05:00.0/driver/unbind=05:00.0 "
#define TRIED	 SCENE_HOLD_05 SCENE_LOAD SCENE_BIND("05:00.0")
#define CLEARED	 "05:00.0/driver_override=\\n "
#define RETURNED .override = "- vfio-pci", .driver = "nouveau vfio-pci"
#define FAILED	 .result = "failed claimed"
#define TIMEOUT	 .result = "timeout claimed"

static void unbind_fails(void **state)
{
	static const struct scene scenes[] = {
		{
			.name = "its driver does not let go",
			SCENE_CARD_HELD,
			.fault = {{"05:00.0/driver/unbind=05:00.0", FAKE_FAILS, -EBUSY}},
			.trace = SCENE_HOLD_05 SCENE_LOAD UNBIND SCENE_RETURN("05:00.0"),
			FAILED,
			RETURNED,
			.findings = "unbind-failed@05:00.0 handed-back@05:00.0",
		},
		{
			.name = "its driver says that it let go",
			SCENE_CARD_HELD,
			.fault = {{"05:00.0/driver/unbind=05:00.0", FAKE_LIES}},
			.trace = SCENE_HOLD_05 SCENE_LOAD UNBIND SCENE_BIND("05:00.0")
				SCENE_RETURN("05:00.0"),
			FAILED,
			RETURNED,
			.findings = "bind-failed@05:00.0 handed-back@05:00.0",
		},
		{
			.name = "its driver let go by itself just then",
			SCENE_CARD_HELD,
			.fault = {{"05:00.0/driver/unbind=05:00.0", FAKE_DOES, -ENOENT}},
			.trace = SCENE_HOLD_05 SCENE_LOAD UNBIND SCENE_BIND("05:00.0"),
			.result = "claimed claimed",
			.driver = "vfio-pci vfio-pci",
			.override = "vfio-pci vfio-pci",
		},
		{
			.name = "unbinding hangs",
			SCENE_CARD_HELD,
			.fault = {{"05:00.0/driver/unbind=05:00.0", FAKE_HANGS}},
			.trace = SCENE_HOLD_05 SCENE_LOAD UNBIND,
			TIMEOUT,
			.driver = "nouveau vfio-pci",
			.override = "vfio-pci vfio-pci",
			.findings = "timeout@05:00.0",
		},
		{
			.name = "the device goes while it is unbound",
			SCENE_CARD_HELD,
			.fault = {{"05:00.0/driver/unbind=05:00.0", FAKE_VANISHES}},
			.trace = SCENE_HOLD_05 SCENE_LOAD UNBIND SCENE_BIND("05:00.0")
				CLEARED,
			FAILED,
			.driver = "nouveau vfio-pci",
			.override = "vfio-pci vfio-pci",
			.findings = "bind-failed@05:00.0",
		},
	};

	(void)state;
	SCENES_PLAY(scenes);
}

#define BIND_OP "drivers/vfio-pci/bind=05:00.0"

static void bind_fails(void **state)
{
	static const struct scene scenes[] = {
		{
			.name = "no IOMMU group",
			.device = {{.addr = "0000:05:00.0",
				    .own = "nouveau",
				    .no_group = true},
				   {"0000:05:00.1"}},
			.trace = TRIED SCENE_RETURN("05:00.0"),
			FAILED,
			RETURNED,
			.findings = "bind-failed@05:00.0 handed-back@05:00.0",
		},
		{
			.name = "virtual functions came on",
			.device = {{.addr = "0000:05:00.0",
				    .own = "nouveau",
				    .has_vfs = true},
				   {"0000:05:00.1"}},
			.trace = TRIED SCENE_RETURN("05:00.0"),
			FAILED,
			RETURNED,
			.findings = "bind-failed@05:00.0 handed-back@05:00.0",
		},
		{
			.name = "it says well and binds nothing",
			SCENE_CARD,
			.vfio_there = true,
			.fault = {{BIND_OP, FAKE_LIES}},
			.trace = TRIED SCENE_RETURN("05:00.0") SCENE_BIND("05:00.1"),
			FAILED,
			RETURNED,
			.findings = "bind-failed@05:00.0 handed-back@05:00.0",
		},
		{
			.name = "it says well, and another driver was faster",
			SCENE_CARD,
			.vfio_there = true,
			.fault = {{BIND_OP, FAKE_STEALS}},
			.trace = TRIED SCENE_RETURN("05:00.0") SCENE_BIND("05:00.1"),
			FAILED,
			.driver = "thief vfio-pci",
			.override = "- vfio-pci",
			.findings = "bind-failed@05:00.0 handed-back@05:00.0",
		},
		{
			.name = "it says EBUSY and has bound it: only the link counts",
			SCENE_CARD,
			.vfio_there = true,
			.fault = {{BIND_OP, FAKE_DOES, -EBUSY}},
			.trace = TRIED SCENE_BIND("05:00.1"),
			.result = "claimed claimed",
			.driver = "vfio-pci vfio-pci",
			.override = "vfio-pci vfio-pci",
		},
		{
			.name = "somebody changed the override",
			SCENE_CARD,
			.vfio_there = true,
			.fault = {{BIND_OP, FAKE_FAILS, -ENODEV}},
			.hold_failed = true,
			.trace = TRIED SCENE_BIND("05:00.1"),
			FAILED,
			.driver = "- vfio-pci",
			.override = "vfio-pci vfio-pci",
			.findings = "bind-failed@05:00.0 still-held@05:00.0",
		},
		{
			.name = "binding hangs: the other card is served",
			.device = {{.addr = "0000:05:00.0", .probe_hangs = true},
				   {"0000:05:00.1"}},
			.vfio_there = true,
			.trace = TRIED SCENE_BIND("05:00.1"),
			TIMEOUT,
			.driver = "- vfio-pci",
			.override = "vfio-pci vfio-pci",
			.findings = "timeout@05:00.0",
		},
		{
			.name = "the device goes: there is nothing to give back",
			SCENE_CARD,
			.vfio_there = true,
			.fault = {{BIND_OP, FAKE_VANISHES}},
			.trace = TRIED CLEARED SCENE_BIND("05:00.1"),
			FAILED,
			.driver = "- vfio-pci",
			.override = "vfio-pci vfio-pci",
			.findings = "bind-failed@05:00.0",
		},
	};

	(void)state;
	SCENES_PLAY(scenes);
}

/* The driver link cannot be read, for a moment or at all. */
static void reads_the_driver_again(void **state)
{
	static const struct scene scenes[] = {
		{
			.name = "twice it cannot be read",
			SCENE_CARD_HELD,
			.fault = {{"link:05:00.0/driver", FAKE_FAILS, -ENOMEM, 2}},
			.trace = SCENE_HOLD_05 SCENE_LOAD UNBIND SCENE_BIND("05:00.0"),
			.result = "claimed claimed",
			.driver = "vfio-pci vfio-pci",
			.override = "vfio-pci vfio-pci",
		},
		{
			.name = "never can it be read: vfio-pci may have it, and keeps it",
			SCENE_CARD,
			.vfio_there = true,
			.fault = {{"link:05:00.0/driver", FAKE_FAILS, -ENOMEM}},
			.trace = TRIED SCENE_BIND("05:00.1"),
			FAILED,
			.driver = "vfio-pci vfio-pci",
			.override = "vfio-pci vfio-pci",
			.findings = "bind-failed@05:00.0 still-held@05:00.0",
		},
		{
			.name = "it is on vfio-pci already: nothing else is known",
			.device = {{.addr = "0000:05:00.0", .driver = "vfio-pci"}},
			.fault = {{"link:05:00.0/driver", FAKE_FAILS, -ENOMEM}},
			.trace = "",
			.result = "claimed",
			.driver = "vfio-pci",
			.override = "-",
		},
	};
	const struct eb_device *device = scene_play(&scenes[1])->survey.plan.device;

	(void)state;
	assert_string_equal(device->reason, "reading which driver it has: ENOMEM");
	SCENES_PLAY(scenes);
}

static void an_uncertain_bind_is_read_back(void **state)
{
	static const struct scene scenes[] = {
		{
			.name = "unbound, and the answer is lost",
			SCENE_CARD_HELD,
			.fault = {{"05:00.0/driver/unbind=05:00.0", FAKE_DOES, -ECHILD}},
			.trace = SCENE_HOLD_05 SCENE_LOAD UNBIND SCENE_BIND("05:00.0"),
			.result = "claimed claimed",
			.driver = "vfio-pci vfio-pci",
			.override = "vfio-pci vfio-pci",
		},
		{
			.name = "bound, and the answer is lost",
			SCENE_CARD,
			.vfio_there = true,
			.fault = {{BIND_OP, FAKE_DOES, -ECHILD}},
			.trace = TRIED SCENE_BIND("05:00.1"),
			.result = "claimed claimed",
			.driver = "vfio-pci vfio-pci",
			.override = "vfio-pci vfio-pci",
		},
		{
			.name = "the worker dies before it is bound",
			SCENE_CARD,
			.vfio_there = true,
			.fault = {{BIND_OP, FAKE_FAILS, -ECHILD}},
			.trace = TRIED SCENE_RETURN("05:00.0") SCENE_BIND("05:00.1"),
			FAILED,
			RETURNED,
			.findings = "bind-failed@05:00.0 handed-back@05:00.0",
		},
		{
			.name = "too many were late: it is not tried any more, and named",
			SCENE_CARD,
			.vfio_there = true,
			.fault = {{BIND_OP, FAKE_FAILS, -ECANCELED}},
			.trace = TRIED SCENE_BIND("05:00.1"),
			TIMEOUT,
			.driver = "- vfio-pci",
			.override = "vfio-pci vfio-pci",
			.findings = "timeout@05:00.0",
		},
	};
	const struct scene_end *end;

	(void)state;
	SCENES_PLAY(scenes);
	end = scene_play(&scenes[3]);
	assert_string_equal(end->survey.plan.device[0].reason,
			    "binding vfio-pci was not tried after 8 timeouts");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unbind_fails),
		cmocka_unit_test(bind_fails),
		cmocka_unit_test(reads_the_driver_again),
		cmocka_unit_test(an_uncertain_bind_is_read_back),
	};

	return cmocka_run_group_tests_name("apply-bind", tests, NULL, NULL);
}
