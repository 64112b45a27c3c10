#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Module of dracut: puts the earlybind agent and the vfio modules into the image, and has the
# agent run before udev and before anything that loads a driver. It only copies, and it never
# fails the build of an image: a machine without claimed cards boots, a machine without an
# image does not.
# dracut sources this file and has set what is not set here: initdir, kernel, srcmods, ...
# shellcheck disable=SC2154

# Where this system keeps the agent (`make install PREFIX=` rewrites this line), and where
# what runs it looks for it in the image.
AGENT=/usr/lib/earlybind/earlybind-agent
IN_IMAGE=/usr/lib/earlybind/earlybind-agent

earlybind_warn() {
	dwarn "earlybind: kernel $kernel: $*"
}

# dracut asks this for each image, host-only or not. 1 leaves the module out.
check() {
	# An image that only mounts something for the running system.
	[[ ${mount_needs-} ]] && return 1
	[[ -x ${dracutsysrootdir-}$AGENT ]] && return 0
	earlybind_warn "$AGENT is missing: the image is built without earlybind and will claim" \
		"no card. Install earlybind again, or remove $moddir."
	return 1
}

depends() {
	return 0
}

# The files of a module and of all it needs, from what depmod has found, one a line. In names
# '-' and '_' are the same. A path is relative to srcmods, or absolute.
earlybind_files() {
	awk -v name="$1" -v top="${srcmods%/}" '
		{
			file = $1
			sub(/:$/, "", file)
			stem = file
			sub(/.*\//, "", stem)
			sub(/\.ko.*/, "", stem)
			gsub(/-/, "_", stem)
			if (stem != name)
				next
			for (i = NF; i >= 1; i--) {
				path = i == 1 ? file : $i
				print path ~ /^\// ? path : top "/" path
			}
			exit
		}' "$srcmods/modules.dep" 2>/dev/null
}

earlybind_is_builtin() {
	sed 's|.*/||; s|\.ko.*||; s|-|_|g' "$srcmods/modules.builtin" 2>/dev/null | grep -qx "$1"
}

# busybox serves where xz-utils is not installed.
earlybind_unpack() {
	case "$1" in
	*.xz) xz -dc "$1" 2>/dev/null || busybox unxz -c "$1" ;;
	*.zst) zstd -qdc "$1" ;;
	*.gz) gzip -dc "$1" ;;
	*) false ;;
	esac
}

# The agent reads modules as they are, and dracut leaves them compressed. depmod prefers
# updates/ to kernel/, so what is unpacked here wins over a compressed copy of the same
# module, whoever adds it.
earlybind_add_unpacked() {
	local dir=$initdir/lib/modules/$kernel/updates/earlybind name=${1##*/}
	local target=$dir/${name%.ko.*}.ko

	[[ -e $target ]] && return 0
	mkdir -p "$dir" && earlybind_unpack "$1" 2>/dev/null >"$target" && return 0
	rm -f "$target"
	earlybind_warn "cannot unpack $1: the agent will not be able to load it and will claim" \
		"no card. Is the tool for this compression installed (xz-utils, zstd)?"
	return 1
}

# Not there for this kernel is no failure.
earlybind_add_module() {
	local file plain=

	for file in $(earlybind_files "$1"); do
		case "$file" in
		*.ko) plain=1 ;;
		*) earlybind_add_unpacked "$file" || return 1 ;;
		esac
	done
	# This machine may not have loaded them yet, so host-only has no say in it.
	[[ -z $plain ]] || hostonly='' instmods "$1"
}

earlybind_has() {
	[[ -n $(earlybind_files "$1") ]] || earlybind_is_builtin "$1"
}

earlybind_warn_of_missing() {
	local unread way_out="Use a kernel that has it (CONFIG_VFIO_PCI)."

	if ! earlybind_has vfio_pci; then
		unread=$(find "${srcmods%/}/" -name 'vfio[-_]pci.ko*' 2>/dev/null | head -n 1)
		[[ -z $unread ]] || way_out="Can this depmod read its compression, and was it run?"
		earlybind_warn "${unread:+depmod does not know $unread, so it }has no vfio-pci," \
			"neither as a module nor built in: cards named by vfio.gpus= will stay" \
			"with their drivers. $way_out"
	elif ! earlybind_has vfio_iommu_type1; then
		earlybind_warn "has no vfio_iommu_type1, neither as a module nor built in: no" \
			"virtual machine will be able to open a claimed card. Use a kernel that" \
			"has it (CONFIG_VFIO_IOMMU_TYPE1)."
	fi
}

installkernel() {
	local module

	earlybind_warn_of_missing
	# vfio_virqfd is a module of its own only before Linux 6.2.
	for module in vfio_pci vfio_iommu_type1 vfio_virqfd; do
		earlybind_add_module "$module" || break
	done
	# dracut takes a failure here for its own.
	return 0
}

# A host-only image has the whole of /etc/modprobe.d; any other has nothing of it, and then
# what a user has set for the modules that the agent loads.
earlybind_options() {
	cat "${dracutsysrootdir-}"/etc/modprobe.d/*.conf 2>/dev/null |
		sed -e ':join' -e '/\\$/{N;s/\\\n//;bjoin' -e '}' |
		grep -E '^[[:space:]]*options[[:space:]]+(vfio|irqbypass)'
}

install() {
	local options

	if ! inst_simple "$AGENT" "$IN_IMAGE"; then
		earlybind_warn "cannot copy $AGENT: the image will claim no card"
		return 0
	fi
	if [[ -z ${hostonly-} ]] && options=$(earlybind_options); then
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
