#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What is dracut's alone in its images: host-only or not, the user's options, without systemd.
load ../lib
load ../hook

IMAGE_KINDS='stock noagent options hostonly shell'

@test "a host-only image has all of it, though this machine uses none of it" {
	if grep -qi 'turning off host-only' "$IMAGES/hostonly/log"; then
		skip 'dracut makes no host-only image where it cannot mount'
	fi
	comes_first hostonly
	[ "$(needed hostonly | wc -w)" -eq "$(needed stock | wc -w)" ]
	[ "$(needed hostonly | wc -l)" -eq 2 ]
	warns hostonly
	# As any host-only image it has the user's modprobe.d as it is.
	grep -q '^blacklist bochs$' "$IMAGES/hostonly/modprobe.d/user.conf"
	[ ! -e "$IMAGES/hostonly/modprobe.d/earlybind.conf" ]
}

@test "any other has the options of the modules that the agent loads, and no more" {
	run -0 cat "$IMAGES/options/modprobe.d/earlybind.conf"
	[ "$output" = $'options vfio-pci   disable_vga=1\n  options vfio_iommu_type1 allow_unsafe_interrupts=1' ]
	[ ! -e "$IMAGES/options/modprobe.d/user.conf" ]
	[ ! -e "$IMAGES/stock/modprobe.d/earlybind.conf" ]
}

@test "with systemd there is the unit and no hook, without it the hook and no unit" {
	grep -q '/systemd/system/sysinit.target.wants/earlybind.service$' "$IMAGES/stock/files"
	refute_in "$IMAGES/stock/files" 'hooks/.*earlybind'
	grep -q '/hooks/cmdline/00-earlybind.sh$' "$IMAGES/shell/files"
	refute_in "$IMAGES/shell/files" earlybind.service
	comes_first shell
}

@test "without the agent nothing of it is in the image" {
	refute_in "$IMAGES/noagent/files" earlybind
	refute_in "$IMAGES/noagent/order" earlybind
}
