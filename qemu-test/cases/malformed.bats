#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A malformed item is a finding; the good items count and the machine boots.
load lib

setup_file()
{
	boot_guest --append 'vfio.gpus=00:05.9,00:06,zz:05'
}

@test "both bad items are findings that repeat them" {
	facts 'found("error"; "00:05.9") and found("error"; "zz:05")'
}

@test "the good item between them is claimed" {
	facts 'driver("06.0") == "vfio-pci" and entry("06.0").result == "claimed"'
	facts 'mapped("06.0") == ["ok", "ok"]'
}

@test "nothing else is" {
	facts 'driver("05.0") == "bochs-drm" and driver("07.0") == "bochs-drm"'
	facts '[.devices[] | select(.override != null) | .address] == ["0000:00:06.0"]'
}

@test "the kernel log says that the argument is bad" {
	facts 'logged("00:05.9")'
}
