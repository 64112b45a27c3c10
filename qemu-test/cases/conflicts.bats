#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The firmware's framebuffer on a claimed BAR: what the report predicts is what a client
# observes. `make check-matrix` has more cards, firmwares and releases.
load lib
load conflicts

@test "in each boot the client observes what was predicted, and what the report has after" {
	for boot in keep release off vga both left; do
		so "$boot" 'predicted == observed and remains == observed'
		so "$boot" 'any(.kernel_log[]; contains("reserve [mem") and contains("BAR")) == (observed != [])'
		so "$boot" '[.report.devices[] | .result] | all(. == "claimed")'
	done
}

@test "a bochs-display's BAR 0 cannot be mapped below the framebuffer" {
	so keep 'observed == [["0000:00:05.0", 0]] and owners == ["efifb"]'
}

@test "with earlybind.fb=release it can, a VGA card's too" {
	so release 'observed == [] and owners == ["efifb"] and found("info"; "was released by")'
	so vga 'observed == [] and owners == ["efifb"]'
}

@test "with video=efifb:off there is no conflict" {
	so off 'observed == [] and .report.conflicts == []'
}

@test "Linux 6.1 evicts it from a bochs-display when the default VGA card is bound, by whomever" {
	so keep '.kernel | startswith("6.1.")' >/dev/null || skip "this release has another kernel"
	so both 'observed == [] and remedies == ["evicted"]'
	so left 'observed == [] and (remedies | unique) == ["host-driver"] and driver("06.0") == "bochs-drm"'
}

@test "the host's card has its driver and a framebuffer in each boot" {
	for boot in keep release off vga both left; do
		so "$boot" 'driver("07.0") == "bochs-drm"'
		so "$boot" 'any(.kernel_log[]; test("0000:00:07.0: .*fb[0-9]: .*frame buffer device"))'
	done
}
