# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# What earlybind needs in an initramfs, decided here for every image builder: the agent, the
# modules that it loads, the user's options for them, and what to warn about. The hooks of
# initramfs-tools, dracut and mkinitcpio source this file and only copy. It runs in dash, bash
# and busybox, and nothing in it may end the shell: a machine without claimed cards boots, a
# machine without an image does not.
#
# A hook sets, before it calls anything here,
#   EB_ROOT      the root that the image is made from: empty for this system's
#   EB_KERNEL    the version of the image's kernel
#   EB_MODULES   the directory of that kernel's modules, with modules.dep
#   EB_UNPACKED  the directory updates/earlybind among the modules of the image
# and defines
#   eb_image_warn TEXT...     shows a warning
#   eb_image_copy FROM TO     copies a program into the image
#   eb_image_module NAME      has the builder add a module and all it needs

# Where this system keeps the agent (`make install PREFIX=` rewrites this line), and where what
# runs it looks for it in the image.
EB_AGENT=/usr/lib/earlybind/earlybind-agent
EB_IN_IMAGE=/usr/lib/earlybind/earlybind-agent

# vfio_virqfd is a module of its own only before Linux 6.2.
EB_IMAGE_MODULES='vfio_pci vfio_iommu_type1 vfio_virqfd'

# eb_image_check_agent HOOK: is the agent there to be copied?
eb_image_check_agent()
{
	[ -x "$EB_ROOT$EB_AGENT" ] && return 0
	eb_image_warn "$EB_AGENT is missing: the image is built without earlybind and will bind no" \
		"card to vfio-pci. Reinstall earlybind, or remove $1."
	return 1
}

eb_image_add_agent()
{
	eb_image_copy "$EB_AGENT" "$EB_IN_IMAGE" && return 0
	eb_image_warn "cannot copy $EB_AGENT: the image will bind no card to vfio-pci."
	return 1
}

# The files of a module and of all it needs, one a line, from what depmod has found. In names
# '-' and '_' are the same. A path in modules.dep is relative to its directory, or absolute.
eb_image_files()
{
	awk -v name="$1" -v top="${EB_MODULES%/}" '
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
		}' "$EB_MODULES/modules.dep" 2>/dev/null
}

eb_image_is_builtin()
{
	sed 's|.*/||; s|\.ko.*||; s|-|_|g' "$EB_MODULES/modules.builtin" 2>/dev/null | grep -qx "$1"
}

eb_image_has()
{
	[ -n "$(eb_image_files "$1")" ] || eb_image_is_builtin "$1"
}

# busybox serves where xz-utils is not installed.
eb_image_decompress()
{
	case "$1" in
	*.xz) xz -dc "$1" 2>/dev/null || busybox unxz -c "$1" ;;
	*.zst) zstd -qdc "$1" ;;
	*.gz) gzip -dc "$1" ;;
	*) false ;;
	esac
}

# The format that the image's kernel decompresses, by its configuration: it knows one (Linux
# 5.17 and later, kernel/module/decompress.c). Nothing where none is found.
eb_image_kernel_format()
{
	local config format

	for config in "$EB_ROOT/boot/config-$EB_KERNEL" "${EB_MODULES%/}/config"; do
		grep -qx CONFIG_MODULE_DECOMPRESS=y "$config" 2>/dev/null || continue
		for format in GZIP:gz XZ:xz ZSTD:zst; do
			grep -qx "CONFIG_MODULE_COMPRESS_${format%:*}=y" "$config" || continue
			echo "${format#*:}"
			return
		done
	done
}

# Can the agent load this file as it is, by the kernel? An agent that has kernels decompress
# contains the path by which they tell that they can; one on a klibc without finit_module() has
# not. Of the checks that .xz may end with, the seventh byte, kernels have none and CRC32
# (lib/xz/xz_dec_stream.c); `make modules_install` sees to it, xz on its own takes CRC64.
eb_image_kernel_unpacks()
{
	[ "${1##*.}" = "$(eb_image_kernel_format)" ] || return 1
	grep -q /sys/module/compression "$EB_ROOT$EB_AGENT" || return 1
	case "$1" in
	*.xz) [ "$(od -An -tu1 -j7 -N1 "$1")" -le 1 ] 2>/dev/null ;;
	esac
}

# What neither the agent nor its kernel decompresses is unpacked here, as not every builder
# does: mkinitramfs does in Debian 12, and not in 11 and 13; dracut and mkinitcpio do not. depmod
# prefers updates/ to kernel/, so what is unpacked here wins over a compressed copy of the same
# module, whoever adds it and when.
eb_image_unpack()
{
	local name=${1##*/} target
	target=$EB_UNPACKED/${name%.ko.*}.ko

	[ -e "$target" ] && return 0
	mkdir -p "$EB_UNPACKED" && eb_image_decompress "$1" 2>/dev/null >"$target" && return 0
	rm -f "$target"
	eb_image_warn "cannot unpack $1: the agent will not be able to load it and will bind no card" \
		"to vfio-pci. Is the tool for this compression installed (xz-utils, zstd)?"
	return 1
}

# A module that this kernel does not have is no failure.
eb_image_add_module()
{
	local file as_is=

	for file in $(eb_image_files "$1"); do
		case "$file" in
		*.ko) as_is=1 ;;
		*)
			if eb_image_kernel_unpacks "$file"; then
				as_is=1
			else
				eb_image_unpack "$file" || return 1
			fi
			;;
		esac
	done
	[ -z "$as_is" ] || eb_image_module "$1"
}

eb_image_warn_of_missing()
{
	local unindexed

	if ! eb_image_has vfio_pci; then
		unindexed=$(find "${EB_MODULES%/}/" -name 'vfio[-_]pci.ko*' 2>/dev/null | head -n 1)
		if [ -n "$unindexed" ]; then
			eb_image_warn "$unindexed is not in modules.dep: cards named by vfio.gpus= will" \
				"keep their drivers. Run depmod; if that does not help, this system's" \
				"kmod cannot read that compression."
		else
			eb_image_warn "no vfio-pci, neither as a module nor built in: cards named by" \
				"vfio.gpus= will keep their drivers. Use a kernel with CONFIG_VFIO_PCI."
		fi
	elif ! eb_image_has vfio_iommu_type1; then
		eb_image_warn "no vfio_iommu_type1, neither as a module nor built in: no virtual" \
			"machine will be able to open a claimed card. Use a kernel with" \
			"CONFIG_VFIO_IOMMU_TYPE1."
	fi
}

eb_image_add_modules()
{
	local module

	eb_image_warn_of_missing
	for module in $EB_IMAGE_MODULES; do
		eb_image_add_module "$module" || break
	done
	return 0
}

# eb_image_options FILE...: the lines of these files of modprobe.d that set options of the
# modules that the agent loads
eb_image_options()
{
	cat "$@" 2>/dev/null | sed -e ':join' -e '/\\$/{N;s/\\\n//;bjoin' -e '}' |
		grep -E '^[[:space:]]*options[[:space:]]+(vfio|irqbypass)'
}
