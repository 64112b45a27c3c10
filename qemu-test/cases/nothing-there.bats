#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# An address where there is nothing: the finding lists the display cards there are.
load lib

setup_file()
{
	boot_guest --append 'vfio.gpus=00:09'
}

@test "the finding names the item and every display card" {
	facts 'any(.report.findings[]; .severity == "error" and (.text | contains("00:09") and
		contains("00:05.0") and contains("00:06.0") and contains("00:07.0")))'
}

@test "nothing is claimed and every card has its driver" {
	facts '.report.devices == [] and .vfio == []'
	facts '[.devices[] | .override] | all(. == null)'
	facts '[driver("05.0"), driver("06.0"), driver("07.0")] | all(. == "bochs-drm")'
}
