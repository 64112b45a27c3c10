#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# `secondary` is every display card but the console's, which the kernel knows.
load lib

setup_file()
{
	boot_guest --append 'vfio.gpus=secondary'
	export ALL="$BATS_FILE_TMPDIR/all.json"
	"$BOOT" --facts "$ALL" --firmware uefi --append 'vfio.gpus=all,-boot' -- \
		-device bochs-display,addr=05.0 -device bochs-display,addr=06.0
}

@test "the console's card stays with the host, with all its functions" {
	facts 'driver("05.0") == "bochs-drm" and override("05.1") == null'
}

@test "the others are claimed" {
	facts 'driver("06.0") == "vfio-pci" and driver("07.0") == "vfio-pci"'
	facts '.report.devices | length == 2 and all(.boot_display | not)'
}

@test "without a VGA card screen_info tells, under UEFI" {
	facts 'driver("05.0") == "bochs-drm" and driver("06.0") == "vfio-pci"' "$ALL"
	facts 'mapped("06.0") == ["ok", "ok"]' "$ALL"
}

@test "the console is on the card that stayed" {
	facts 'any(.kernel_log[]; contains("0000:00:05.0: [drm] fb0"))' "$ALL"
}
