#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Without an argument the machine is as it was before earlybind was installed.
load lib

setup_file()
{
	export PLAIN="$BATS_FILE_TMPDIR/plain.json"
	"$BOOT" --image plain --facts "$PLAIN"
	boot_guest
}

@test "the image of the comparison has no earlybind, this one has" {
	facts '[.order[] | select(contains("earlybind"))] == []' "$PLAIN"
	facts '[.order[] | select(contains("earlybind"))] | length == 1'
}

@test "the machine of the comparison has its graphics drivers" {
	facts '[driver("05.0"), driver("06.0"), driver("07.0")] | all(. == "bochs-drm")' "$PLAIN"
}

@test "every function has the same driver, override and group in both" {
	[ "$(jq -S .devices "$PLAIN")" = "$(jq -S .devices "$FACTS")" ]
}

@test "no report, no line in the kernel log, nothing for a VFIO client" {
	facts '.report == null and .vfio == []'
	facts '[.kernel_log[] | select(contains("earlybind: "))] == []'
}
