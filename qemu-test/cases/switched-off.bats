#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# vfio.gpus=none, typed at the boot menu behind what is configured, is the way back; and
# vfio-pci.ids= of an old recipe takes more than was asked for.
load lib

setup_file()
{
	boot_guest --append 'vfio.gpus=all earlybind.fb=release vfio.gpus=none'
	export IDS="$BATS_FILE_TMPDIR/ids.json"
	"$BOOT" --facts "$IDS" --append 'vfio.gpus=00:06 vfio-pci.ids=1234:1111'
}

@test "with none at the end every card is the host's" {
	facts '[driver("05.0"), driver("06.0"), driver("07.0")] | all(. == "bochs-drm")'
	facts '[.devices[] | .override] | all(. == null)'
}

@test "the report says that it was switched off" {
	facts '.report.devices == [] and .report.findings[0].code == "switched-off"'
}

@test "the kernel binds all cards of the id to vfio-pci" {
	facts '[driver("05.0"), driver("06.0"), driver("07.0")] | all(. == "vfio-pci")' "$IDS"
}

@test "which earlybind did not ask for, and predicted for each" {
	facts '[.report.devices[] | .address] == ["0000:00:06.0"]' "$IDS"
	facts '[.report.findings[] | select(.code == "ids-take-more") | .address] ==
		["0000:00:05.0", "0000:00:07.0"]' "$IDS"
}
