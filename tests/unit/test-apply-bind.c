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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unbind_fails),
		cmocka_unit_test(bind_fails),
	};

	return cmocka_run_group_tests_name("apply-bind", tests, NULL, NULL);
}
