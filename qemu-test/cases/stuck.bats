#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Real drivers that hang with a device's lock held: one in its probe; in a second boot one in its
# remove and, for another card, vfio-pci in its bind. They go on when the guest's root is reached,
# which takes two minutes more: udev waits for them, too.
load lib
load stuck

@test "the boot went on, within eight timeouts, while they hung" {
	of probe 'any(.kernel_log[]; contains("stuck: told to go on, 1 hanging"))'
	of late 'any(.kernel_log[]; contains("stuck: told to go on, 2 hanging"))'
	of probe '.report.elapsed_us | . >= 2000000 and . < 16000000'
	of late '.report.elapsed_us | . >= 4000000 and . < 16000000'
}

@test "stuck in probe: that card is given up, all others are claimed" {
	of probe '[entry("08.0") | .result, .driver_after] == ["timeout", "stuck"]'
	of probe '[driver("05.0"), driver("05.1"), driver("06.0")] | all(. == "vfio-pci")'
	of probe 'found("error"; "0000:00:08.0 is not claimed: reading its driver_override took longer")'
	of probe 'logged("0000:00:08.0: given up")'
}

@test "stuck in remove: given up, and what may be left is named" {
	of late '[entry("08.0") | .result, .driver_before] == ["timeout", "stuck"]'
	of late 'found("error"; "0000:00:08.0 was given up: unbinding its driver took longer than 2 seconds")'
	of late 'any(.report.findings[]; .address == "0000:00:08.0" and
		(.text | contains("driver_override may stay vfio-pci")))'
	of late 'override("08.0") == "vfio-pci"'
}

@test "vfio-pci stuck in bind: that card is given up, all others are claimed" {
	of late 'entry("06.0") | .result == "timeout" and
		.reason == "binding vfio-pci took longer than 2 seconds"'
	of late 'found("error"; "0000:00:06.0 was given up") and override("06.0") == "vfio-pci"'
	of late '[driver("05.0"), driver("05.1")] | all(. == "vfio-pci")'
	of late '[entry("05.0"), entry("05.1") | .result] == ["claimed", "claimed"]'
}
