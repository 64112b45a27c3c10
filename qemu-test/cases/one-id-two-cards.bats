#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Two cards of one id (00:06.0 and 00:07.0 are both 1234:1111, class 0x0380): the address
# decides, which ids= of vfio-pci cannot.
load lib

setup_file()
{
	boot_guest --append 'vfio.gpus=00:07'
}

@test "both cards have one id and one class" {
	facts '[device("06.0"), device("07.0") | .id + .class] | unique | length == 1'
}

@test "the named one is claimed and maps" {
	facts 'driver("07.0") == "vfio-pci" and entry("07.0").result == "claimed"'
	facts 'mapped("07.0") == ["ok", "ok"]'
}

@test "the other stays with the host" {
	facts 'driver("06.0") == "bochs-drm" and override("06.0") == null'
	facts '[.devices[] | select(.driver == "vfio-pci")] | length == 1'
	facts '.report.devices | length == 1'
}
