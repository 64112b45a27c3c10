#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A console in text mode whose card is claimed, and another claimed card whose driver was loaded
# before and has given the console a framebuffer: both go, and the kernel still has a console to
# write to, see move_consoles() in agent/apply.c.
load lib

setup_file()
{
	local over="$BATS_FILE_TMPDIR/over/scripts/init-top" image

	[ "${INITRAMFS:-initramfs-tools}" = initramfs-tools ] ||
		{ export CANNOT='the driver is loaded by a boot script of initramfs-tools'; return; }
	image=$("$TOP/qemu-test/image")
	mkdir -p "$over"
	{
		echo 'modprobe "$(cat /sys/bus/pci/devices/0000:00:06.0/modalias)"'
		sed 's/$/ "$@"/' "$image/order"
	} >"$over/ORDER"
	boot_guest --overlay "$BATS_FILE_TMPDIR/over" \
		--append 'console=tty0 console=ttyS0 vfio.gpus=00:05,00:06' -- \
		-device ati-vga,addr=05.0 -device bochs-display,addr=06.0 -device bochs-display,addr=07.0
}

@test "the console was on the other card's framebuffer, and both cards are claimed" {
	facts 'line("frame buffer device") < line("earlybind: holding 2 functions")'
	facts 'line("earlybind: holding 2 functions") < infinite'
	facts '[entry("05.0"), entry("06.0") | .driver_before] == [null, "bochs-drm"]'
	facts '[driver("05.0"), driver("06.0"), driver("07.0")] == ["vfio-pci", "vfio-pci", "bochs-drm"]'
}

@test "the kernel log has no line of a kernel that failed" {
	facts 'any(.kernel_log[]; test("BUG:|Oops|WARNING:")) | not'
	facts 'logged("0000:00:06.0: bound to vfio-pci")'
}
