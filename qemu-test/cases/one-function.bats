#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# One function of a card: the other keeps its driver, and with it the group is not viable.
load lib

setup_file()
{
	boot_guest --append 'vfio.gpus=00:05.1'
}

@test "only the named function is claimed" {
	facts 'driver("05.1") == "vfio-pci" and entry("05.1").result == "claimed"'
	facts 'driver("05.0") == "bochs-drm" and override("05.0") == null'
	facts '.report.devices | length == 1'
}

@test "the report foresees that the group cannot be opened" {
	facts 'device("05.0").group == device("05.1").group'
	facts 'found("warning"; "0000:00:05.0")'
}

@test "a VFIO client is refused for that reason" {
	facts 'mapped("05.1") == ["EPERM"]'
}
