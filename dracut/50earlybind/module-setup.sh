#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Module of dracut: puts into the image what earlybind needs there, and has the agent run before
# udev and before anything that loads a driver. It only copies, and it never fails the build of
# an image.
# dracut sources this file and has set what is not set here: initdir, kernel, srcmods, ...
# shellcheck disable=SC2034,SC2154

# What goes into an image (`make install PREFIX=` rewrites this line).
CONTENTS=/usr/lib/earlybind/image-contents

EB_ROOT=${dracutsysrootdir-}
EB_KERNEL=${kernel-}
EB_MODULES=${srcmods-}
EB_UNPACKED=${initdir-}/lib/modules/$EB_KERNEL/updates/earlybind

eb_image_warn() {
	dwarn "earlybind: kernel $EB_KERNEL: $*"
}

eb_image_copy() {
	inst_simple "$1" "$2"
}

# This machine may not have loaded them yet, so host-only has no say in it.
eb_image_module() {
	hostonly='' instmods "$1"
}

if [[ -r $EB_ROOT$CONTENTS ]]; then
	# shellcheck source=image/contents.sh
	. "$EB_ROOT$CONTENTS"
fi

# dracut asks this for each image, host-only or not. 1 leaves the module out.
check() {
	# An image that only mounts something for the running system.
	[[ ${mount_needs-} ]] && return 1
	if [[ ! -r $EB_ROOT$CONTENTS ]]; then
		eb_image_warn "$CONTENTS is missing: the image is built without earlybind and will" \
			"bind no card to vfio-pci. Reinstall earlybind, or remove $moddir."
		return 1
	fi
	eb_image_check_agent "$moddir"
}

depends() {
	return 0
}

# dracut takes a failure here for its own.
installkernel() {
	eb_image_add_modules
	return 0
}

install() {
	local options

	eb_image_add_agent || return 0
	# A host-only image has the whole of /etc/modprobe.d, any other has nothing of it.
	if [[ -z ${hostonly-} ]] &&
		options=$(eb_image_options "$EB_ROOT"/etc/modprobe.d/*.conf); then
		mkdir -p "$initdir/etc/modprobe.d"
		echo "$options" >"$initdir/etc/modprobe.d/earlybind.conf"
	fi
	# systemd starts udevd and what loads modules at the same time, so an order is needed that
	# it keeps; without it dracut's own init loads the first drivers in hook cmdline 01.
	if dracut_module_included systemd; then
		inst_simple "$moddir/earlybind.service" "$systemdsystemunitdir/earlybind.service"
		mkdir -p "$initdir$systemdsystemunitdir/sysinit.target.wants"
		ln -sfn ../earlybind.service \
			"$initdir$systemdsystemunitdir/sysinit.target.wants/earlybind.service"
	else
		inst_hook cmdline 00 "$moddir/earlybind.sh"
	fi
	return 0
}
