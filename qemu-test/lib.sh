# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# What the scripts of the test machine share. The caller has set TOP, the root of the tree.

CACHE="$TOP/build/qemu"

# Debian releases that the test machine knows. To add one, name it here.
RELEASES="bookworm bullseye trixie"

# What the disk image of a release holds besides Debian's essential packages. busybox-static
# is one of the two that initramfs-tools recommends; the guest's root takes it from here.
PACKAGES="linux-image-amd64,initramfs-tools,udev,kmod,zstd,xz-utils,busybox-static"

note()
{
	echo "${0##*/}: $*" >&2
}

die()
{
	note "$*"
	exit 1
}

usage_error()
{
	note "$*"
	note "--help tells more"
	exit 2
}

check_release()
{
	case " $RELEASES " in
	*" $1 "*) ;;
	*) usage_error "unknown release '$1'; known are: $RELEASES" ;;
	esac
}

need_tools()
{
	for tool; do
		command -v "$tool" >/dev/null ||
			die "$tool is not installed; run qemu-test/setup vm"
	done
}

# A short name for the contents of these files and, by standard input, of this text.
key_of()
{
	cat - "$@" | sha256sum | cut -c 1-12
}

# Runs a command that may own other users' files and mount: as root, or with user
# namespaces, or as root of a container that has neither.
as_root()
{
	if [ "$(id -u)" != 0 ]; then
		unshare --user --map-root-user --map-auto --mount --pid --fork --kill-child -- "$@"
	elif unshare --mount true 2>/dev/null; then
		unshare --mount --pid --fork --kill-child -- "$@"
	else
		"$@"
	fi
}
