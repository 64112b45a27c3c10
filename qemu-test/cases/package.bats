#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The package's life in its release: what each step leaves of files, boot loader and image.
load lib
load package

@test "each step succeeds, and none leaves a question or a warning of dpkg's" {
	[ "$(cat "$LIFE"/*/status | sort -u)" = 0 ]
	cat "$LIFE"/*/log >"$BATS_TEST_TMPDIR/logs"
	refute_in "$BATS_TEST_TMPDIR/logs" -iE '^(dpkg: |W: )'
}

@test "installed, it is in the image before udev, and GRUB has no argument of it" {
	refute_in "$LIFE/before/image" "$IN_IMAGE"
	grep -q "$IN_IMAGE" "$LIFE/install/image"
	grep -E '(^|/)(earlybind|udev|systemd-udevd)(\.service)?$' "$LIFE/install/order" |
		head -n 1 | grep earlybind
	same before install boot
}

@test "an upgrade keeps what is enabled as it is" {
	grep -q 'linux .* vfio.gpus=05:00' "$LIFE/enable/boot"
	same enable upgrade boot image
	grep -q 'Unpacking earlybind (.*) over (0.0.1)' "$LIFE/upgrade/log"
}

@test "removed, it says what was enabled and removes it, and rebuilds the image" {
	grep -q 'To enable it again, .*: earlybind enable vfio.gpus=05:00$' "$LIFE/remove/log"
	same before remove tree boot image order
}

@test "removal goes on where GRUB cannot be configured, and says what stays" {
	grep -q 'no space left' "$LIFE/stuck/log"
	grep -q 'earlybind: .*have no effect' "$LIFE/stuck/log"
	grep -q 'vfio.gpus=05:00' "$LIFE/stuck/boot"
	same before stuck image order
}

@test "purged, nothing is left, also of what removal could not take out" {
	same before purge tree boot image
}
