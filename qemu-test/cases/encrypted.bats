#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# An encrypted root beside plymouth, console-setup, cryptsetup and lvm2: with the
# console's card left alone its passphrase is asked for there, and typed there.
load lib

setup_file()
{
	boot_guest --image encrypted --append 'vfio.gpus=00:06'
}

@test "the image holds what the four packages put there" {
	files="$("$TOP/qemu-test/image" encrypted)/files"
	for name in plymouthd '(systemd-)?cryptsetup' lvm setupcon; do
		grep -qE "/$name\$" "$files"
	done
}

@test "earlybind comes before udev all the same" {
	facts '.order | map(test("earlybind")) | index(true) != null'
	facts '(.order | map(test("earlybind")) | index(true)) <
		(.order | map(test("[/-]udevd?(.service)?$")) | index(true))'
}

@test "the passphrase was asked for, and typed on the guest's keyboard opened the root" {
	facts '.asked != null and (.cmdline | contains("root=/dev/mapper/root"))'
	facts 'any(.kernel_log[]; contains("EXT4-fs (dm-0): mounted"))'
}

# plymouth's own unit wipes the screen when dracut's image is left.
@test "the console's card was left alone, and showed the question" {
	facts 'driver("05.0") == "bochs-drm" and override("05.0") == null'
	[ "${INITRAMFS:-}" = dracut ] || facts '.asked as $asked | .screen | contains($asked)'
}

@test "the named card is on vfio-pci, and its memory maps" {
	facts 'driver("06.0") == "vfio-pci" and mapped("06.0") == ["ok", "ok"]'
	facts '[.report.devices[] | [.address, .result]] == [["0000:00:06.0", "claimed"]]'
}
