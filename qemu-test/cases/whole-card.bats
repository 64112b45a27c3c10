#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The machine of the README: two cards claimed whole, the third stays with the host.
load lib

setup_file()
{
	boot_guest --append 'vfio.gpus=00:05,00:06'
}

@test "every function of the named cards is on vfio-pci" {
	facts '[driver("05.0"), driver("05.1"), driver("06.0")] | all(. == "vfio-pci")'
	facts '[.devices[] | select(.driver == "vfio-pci")] | length == 3'
	facts '[.report.devices[] | .result] == ["claimed", "claimed", "claimed"]'
	facts '[.report.devices[] | .driver_before] == [null, null, null]'
}

@test "the host's card has its graphics driver and no override" {
	facts 'driver("07.0") == "bochs-drm" and override("07.0") == null'
}

@test "a VFIO client maps every BAR of the claimed functions" {
	facts 'mapped("05.0") == ["ok", "ok"]'
	facts 'mapped("05.1") == ["ok"]'
	facts 'mapped("06.0") == ["ok", "ok"]'
}

@test "the kernel log says what became of each function, before any graphics driver" {
	facts 'logged("0000:00:05.0: bound to vfio-pci") and logged("0000:00:05.1: bound to vfio-pci")'
	facts 'logged("0000:00:06.0: bound to vfio-pci")'
	facts '(.kernel_log | map(contains("bound to vfio-pci")) | rindex(true)) <
		(.kernel_log | map(test("bochs-drm|\\[drm\\]")) | index(true))'
}

@test "the image runs earlybind before udev" {
	facts before_udev
}
