#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Drivers that dracut's images load before udev: by rd.driver.pre (which force_drivers becomes)
# and by modules-load.d. earlybind comes first, with systemd in the image and without.
load ../lib
load preload

@test "the images are of both kinds" {
	facts '.initramfs == "dracut" and first("^dracut-pre-udev.service$") != null'
	facts '.initramfs == "dracut-shell" and (.order | all(contains(".service") | not))' "$SHELL_FACTS"
}

@test "with systemd it has to come before all that loads drivers" {
	facts 'before_udev and before("^systemd-modules-load.service$")'
	facts 'before("^dracut-pre-udev.service$") and before("^dracut-cmdline.service$")'
}

@test "without it is the first hook, before the one for rd.driver.pre" {
	facts 'before_udev and before("parse-kernel") and first("earlybind") == 0' "$SHELL_FACTS"
}

@test "every function of the named cards is claimed, of none with a driver before" {
	both '[driver("05.0"), driver("05.1"), driver("06.0")] | all(. == "vfio-pci")'
	both '[.report.devices[] | .driver_before] == [null, null, null]'
	both '[.vfio[] | .mmap] | length == 5 and all(. == "ok")'
}

@test "the preloads have loaded the driver, for the host's card, after that" {
	both 'driver("07.0") == "bochs-drm" and override("07.0") == null'
	both '(.kernel_log | map(contains("bound to vfio-pci")) | rindex(true)) <
		(.kernel_log | map(test("bochs-drm|\\[drm\\]")) | index(true))'
}
