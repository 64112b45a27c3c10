# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# What a guest writes down of the booted machine, into the directory $facts. Run by busybox in
# the guest of qemu-test/boot, and by a release's own shell in that of qemu-test/journey.

# The answer of `cat`, or "-": a value that is not there must not shift the others.
value()
{
	text=-
	[ ! -r "$1" ] || read -r text <"$1"
	echo "${text:--}"
}

link()
{
	target=$(readlink "$1") || target=-
	echo "${target##*/}"
}

# One line a PCI function: address class vendor device driver override group
devices()
{
	for path in /sys/bus/pci/devices/*; do
		echo "${path##*/} $(value "$path/class") $(value "$path/vendor")" \
			"$(value "$path/device") $(link "$path/driver")" \
			"$(value "$path/driver_override") $(link "$path/iommu_group")"
	done
}

# One line a framebuffer of the firmware's: device driver
framebuffers()
{
	for path in /sys/bus/platform/devices/*-framebuffer.*; do
		[ ! -e "$path" ] || echo "${path##*/} $(link "$path/driver")"
	done
}

checks()
{
	uname -r >"$facts/kernel"
	cat /proc/cmdline >"$facts/cmdline"
	devices >"$facts/devices"
	framebuffers >"$facts/framebuffers"
	vfio-client >"$facts/vfio"
	cp /run/earlybind/* "$facts/"
	dmesg >"$facts/kernel_log"
	cat /dev/vcs1 >"$facts/screen"
}
