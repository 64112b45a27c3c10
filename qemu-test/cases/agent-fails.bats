#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# An agent that dies, and one that leaves a process behind which only SIGKILL ends, and what
# hangs in the kernel not even that: the boot goes on, and the host has its cards.
load lib
load agent-fails

@test "each was run, before any graphics driver" {
	both '.cmdline | contains("vfio.gpus=00:05")'
	both '(.kernel_log | map(test("earlybind: (dies|leaves)")) | index(true)) <
		(.kernel_log | map(test("bochs-drm|\\[drm\\]")) | index(true))'
}

@test "the guest has reached its end, and each card has its driver" {
	both '[driver("05.0"), driver("06.0"), driver("07.0")] | all(. == "bochs-drm")'
	both '.report == null and ([.devices[] | .override] | all(. == null))'
}

@test "the boot did not wait for what was left behind" {
	# systemd would give it 90 s.
	[ "$(ended leaves)" -lt $(($(ended dies) + 60)) ]
}
