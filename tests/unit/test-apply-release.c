// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of who has the console: with earlybind.fb=release the firmware's framebuffer goes
 * before a card does. */
#include <errno.h>
#include <string.h>

#include "fake-scene.h"
#include "unit.h"

#define DRIVER	      "sys/bus/platform/drivers/efi-framebuffer/"
#define CONSOLE	      "sys/class/vtconsole/vtcon1/bind=0 "
#define CONSOLE_AGAIN "sys/class/vtconsole/vtcon1/bind=1 "
#define UNBIND	      DRIVER "unbind=efi-framebuffer.0 "
#define REBIND	      DRIVER "bind=efi-framebuffer.0 "
#define CLAIMED                                                     \
	.result = "claimed claimed", .driver = "vfio-pci vfio-pci", \
	.override = "vfio-pci vfio-pci"

static void releases_before_vfio_has_it(void **state)
{
	static const struct scene scenes[] = {
		{
			.name = "a kernel that does not evict it",
			SCENE_CARD,
			.release_fb = true,
			.framebuffer = "0000:05:00.0",
			.trace = SCENE_HOLD_05 CONSOLE UNBIND SCENE_LOAD,
			CLAIMED,
			.findings = "released@05:00.0",
		},
		{
			.name = "a kernel that would evict it",
			SCENE_CARD,
			.release_fb = true,
			.framebuffer = "0000:05:00.0",
			.evicts = true,
			.trace = SCENE_HOLD_05 CONSOLE UNBIND SCENE_LOAD,
			CLAIMED,
			.findings = "released@05:00.0",
		},
		{
			.name = "earlybind.fb=keep",
			SCENE_CARD,
			.framebuffer = "0000:05:00.0",
			.trace = SCENE_HOLD_05 SCENE_LOAD,
			CLAIMED,
		},
		{
			.name = "unbinding its driver would not free the BAR",
			SCENE_CARD,
			.release_fb = true,
			.framebuffer = "0000:05:00.0",
			.bootfb = true,
			.trace = SCENE_HOLD_05 SCENE_LOAD,
			CLAIMED,
		},
		{
			.name = "no framebuffer",
			SCENE_CARD,
			.release_fb = true,
			.trace = SCENE_HOLD_05 SCENE_LOAD,
			CLAIMED,
		},
		{
			.name = "its driver does not let go",
			SCENE_CARD,
			.release_fb = true,
			.framebuffer = "0000:05:00.0",
			.fault = {{DRIVER "unbind=efi-framebuffer.0", FAKE_FAILS,
				   -EBUSY}},
			.trace = SCENE_HOLD_05 CONSOLE UNBIND CONSOLE_AGAIN SCENE_LOAD,
			CLAIMED,
			.findings = "release-failed@05:00.0",
		},
		{
			.name = "its driver lets go, and the answer is lost",
			SCENE_CARD,
			.release_fb = true,
			.framebuffer = "0000:05:00.0",
			.fault = {{DRIVER "unbind=efi-framebuffer.0", FAKE_DOES,
				   -ECHILD}},
			.trace = SCENE_HOLD_05 CONSOLE UNBIND SCENE_LOAD,
			CLAIMED,
			.findings = "released@05:00.0",
		},
		{
			.name = "unbinding hangs, and the console too",
			SCENE_CARD,
			.release_fb = true,
			.framebuffer = "0000:05:00.0",
			.fault = {{DRIVER "unbind=efi-framebuffer.0", FAKE_FAILS,
				   -ETIMEDOUT},
				  {"sys/class/vtconsole/vtcon1/bind=0", FAKE_FAILS,
				   -ETIMEDOUT}},
			.trace = SCENE_HOLD_05 CONSOLE UNBIND CONSOLE_AGAIN SCENE_LOAD,
			CLAIMED,
			.findings = "release-failed@05:00.0",
		},
	};

	const struct eb_findings *findings = &scene_play(&scenes[0])->survey.findings;

	(void)state;
	assert_string_equal(findings->list[0].text,
			    "0000:05:00.0 was released by efi-framebuffer.0, for "
			    "earlybind.fb=release");
	scene_play(&scenes[5]);
	assert_non_null(strstr(
		findings->list[0].text,
		"is still held by efi-framebuffer.0: unbinding it failed (EBUSY)"));
	SCENES_PLAY(scenes);
}

/* It lies on a card of the host's, or on one that could not be held. */
static void leaves_it_to_the_host(void **state)
{
	static const struct scene scenes[] = {
		{
			.name = "on a card that is refused",
			.refused = "0000:06:00.0",
			.release_fb = true,
			.framebuffer = "0000:06:00.0",
			.trace = SCENE_HOLD_05 SCENE_LOAD,
			.result = "claimed claimed refused",
			.driver = "vfio-pci vfio-pci nouveau",
			.override = "vfio-pci vfio-pci -",
		},
		{
			.name = "on a card that cannot be held",
			SCENE_CARD,
			.release_fb = true,
			.framebuffer = "0000:05:00.0",
			.fault = {{"05:00.0/driver_override=vfio-pci", FAKE_FAILS,
				   -ENOENT}},
			.trace = SCENE_HOLD_05 SCENE_LOAD,
			.result = "failed claimed",
			.driver = "- vfio-pci",
			.override = "- vfio-pci",
			.findings = "hold-failed@05:00.0",
		},
	};

	(void)state;
	SCENES_PLAY(scenes);
}

/* Without vfio-pci the card goes back to the host, and its console too. */
static void gives_it_back(void **state)
{
	static const struct scene scene = {
		.name = "no vfio-pci in the image",
		SCENE_CARD,
		.release_fb = true,
		.framebuffer = "0000:05:00.0",
		.fault = {{"load:vfio-pci", FAKE_FAILS, -ENOENT}},
		.trace = SCENE_HOLD_05 CONSOLE UNBIND
		"load:vfio-pci " SCENE_RETURN("05:00.0") SCENE_RETURN("05:00.1") REBIND,
		.result = "failed failed",
		.driver = "nouveau -",
		.override = "- -",
		.findings = "no-vfio handed-back@05:00.0 handed-back@05:00.1",
	};
	const struct scene_end *end = scene_play(&scene);

	(void)state;
	assert_false(end->kernel.unbound);
}

/* Its driver does not take the framebuffer again: that is what the host lost. */
static void says_what_it_could_not_give_back(void **state)
{
#define NOT_BACK(...)                                                                    \
	SCENE_CARD,                                                                      \
		.release_fb = true, .framebuffer = "0000:05:00.0",                       \
		.fault = {{"load:vfio-pci", FAKE_FAILS, -ENOENT},                        \
			  {DRIVER "bind=efi-framebuffer.0", __VA_ARGS__}},               \
		.trace = SCENE_HOLD_05 CONSOLE UNBIND                                    \
		"load:vfio-pci " SCENE_RETURN("05:00.0") SCENE_RETURN("05:00.1") REBIND, \
		.result = "failed failed", .driver = "nouveau -", .override = "- -"
	static const struct scene scenes[] = {
		{
			.name = "it fails",
			NOT_BACK(FAKE_FAILS, -EBUSY),
			.findings = "no-vfio handed-back@05:00.0 handed-back@05:00.1 "
				    "release-failed",
		},
		{
			.name = "it says well and does nothing",
			NOT_BACK(FAKE_LIES),
			.findings = "no-vfio handed-back@05:00.0 handed-back@05:00.1 "
				    "release-failed",
		},
		{
			.name = "it does, and the answer is lost",
			NOT_BACK(FAKE_DOES, -ECHILD),
			.findings = "no-vfio handed-back@05:00.0 handed-back@05:00.1",
		},
	};
	const struct eb_findings *findings = &scene_play(&scenes[0])->survey.findings;

	(void)state;
	assert_string_equal(
		findings->list[3].text,
		"efi-framebuffer.0 has no driver (EBUSY): the console shows nothing on it");
	SCENES_PLAY(scenes);
}

/* A text console's card takes vgacon with it: fbcon has to be away meanwhile. */
static void moves_the_consoles(void **state)
{
	static const struct scene scenes[] = {
		{
			.name = "its card is claimed",
			SCENE_CARD,
			.console = true,
			.boot = "0000:05:00.0",
			.trace = SCENE_HOLD_05 CONSOLE SCENE_LOAD CONSOLE_AGAIN,
			CLAIMED,
		},
		{
			.name = "another card is claimed",
			.refused = "0000:06:00.0",
			.console = true,
			.boot = "0000:06:00.0",
			.trace = SCENE_HOLD_05 SCENE_LOAD,
			.result = "claimed claimed refused",
			.driver = "vfio-pci vfio-pci nouveau",
			.override = "vfio-pci vfio-pci -",
		},
		{
			.name = "its card cannot be held",
			SCENE_CARD,
			.console = true,
			.boot = "0000:05:00.0",
			.fault = {{"05:00.0/driver_override=vfio-pci", FAKE_FAILS,
				   -ENOENT}},
			.trace = SCENE_HOLD_05 SCENE_LOAD,
			.result = "failed claimed",
			.driver = "- vfio-pci",
			.override = "- vfio-pci",
			.findings = "hold-failed@05:00.0",
		},
		{
			.name = "fbcon has no console",
			SCENE_CARD,
			.boot = "0000:05:00.0",
			.trace = SCENE_HOLD_05 SCENE_LOAD,
			CLAIMED,
		},
		{
			.name = "it is on the firmware's framebuffer",
			SCENE_CARD,
			.framebuffer = "0000:05:00.0",
			.boot = "0000:05:00.0",
			.trace = SCENE_HOLD_05 SCENE_LOAD,
			CLAIMED,
		},
	};

	(void)state;
	SCENES_PLAY(scenes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(releases_before_vfio_has_it),
		cmocka_unit_test(leaves_it_to_the_host),
		cmocka_unit_test(gives_it_back),
		cmocka_unit_test(says_what_it_could_not_give_back),
		cmocka_unit_test(moves_the_consoles),
	};

	return cmocka_run_group_tests_name("apply-release", tests, NULL, NULL);
}
