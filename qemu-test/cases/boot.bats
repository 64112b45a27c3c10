#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# qemu-test/boot itself: usage, and a guest that does not reach its end.
load lib

@test "--help goes to standard output, exit 0" {
	run -0 "$BOOT" --help
	[[ "$output" == *"--firmware bios|uefi"* ]]
}

@test "an unknown release lists the known ones, exit 2" {
	run -2 "$BOOT" --release potato
	[[ "$output" == *"'potato'"*bookworm* ]]
}

@test "wrong usage is exit 2 and names the word" {
	run -2 "$BOOT" --no-such-option
	[[ "$output" == *"'--no-such-option'"* ]]
	run -2 "$BOOT" --firmware coreboot
	run -2 "$BOOT" --image nosuch
	run -2 "$BOOT" --initramfs lunatics
	run -2 "$BOOT" --timeout soon
	run -2 "$BOOT" --append
}

@test "a guest that does not reach its end is exit 1, with valid facts and its log" {
	run -1 "$BOOT" --facts "$BATS_TEST_TMPDIR/f.json" --append "$STUCK"
	[[ "$output" == *"did not reach its end"*"$STUCK_SAYS"* ]]
	[ "$(jq .devices "$BATS_TEST_TMPDIR/f.json")" = "[]" ]
}

@test "a guest that hangs is killed in time, exit 1" {
	run -1 "$BOOT" --facts /dev/null --timeout 2
	[[ "$output" == *"killed after 2 s"* ]]
}

@test "a guest that is silent before /init is switched off and on again, once" {
	SILENCE=5 run -1 "$BOOT" --facts /dev/null -- -S
	[ "$(grep -c 'switched off and on again' <<<"$output")" = 1 ]
	[[ "$output" == *"did not reach its end"* ]]
}
