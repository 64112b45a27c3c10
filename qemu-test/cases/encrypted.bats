#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# An encrypted root beside plymouth, console-setup, cryptsetup-initramfs and lvm2: with the
# console's card left alone its passphrase is asked for there, and typed there.
load lib

setup_file()
{
	boot_guest --image encrypted --append 'vfio.gpus=00:06'
}

image_has()
{
	grep -qE "$1" "$("$TOP/qemu-test/image" encrypted)/files"
}

@test "the image holds what the four packages put there" {
	image_has '/plymouthd$'
	image_has '/cryptsetup$'
	image_has '/lvm$'
	image_has '/scripts/init-top/keymap$'
	image_has '/setupcon$'
}

@test "earlybind comes before udev all the same" {
	facts '.order | index("/scripts/init-top/earlybind") < index("/scripts/init-top/udev")'
	facts '.order | index("/scripts/init-top/udev") != null'
}

@test "the passphrase was asked for on the console's card, and opened the root" {
	facts '.screen | contains("Please unlock disk root")'
	facts 'any(.kernel_log[]; contains("EXT4-fs (dm-0): mounted"))'
	facts 'driver("05.0") == "bochs-drm" and override("05.0") == null'
}

@test "the named card is on vfio-pci, and its memory maps" {
	facts 'driver("06.0") == "vfio-pci" and mapped("06.0") == ["ok", "ok"]'
	facts '[.report.devices[] | [.address, .result]] == [["0000:00:06.0", "claimed"]]'
}
