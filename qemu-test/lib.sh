# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# What the scripts of the test machine share. The caller has set TOP, the root of the tree.

CACHE="$TOP/build/qemu"

# An ordinary user's login shell has no sbin, where mke2fs and chroot are.
PATH="$PATH:/usr/sbin:/sbin"
export PATH

# Debian releases that the test machine knows. To add one, name it here.
RELEASES="bookworm bullseye trixie forky"
DEFAULT_RELEASE="${RELEASE:-bookworm}"

# Those with another kernel, which are releases of the test machine as well: the kernel of the
# release's backports, and kernels that qemu-test/kernel builds, KIND-VERSION.
BACKPORTS="trixie-backports"
KERNELS="simplefb-6.1 simplefb-6.12 builtin-6.12 efidrm-7"
ALL_RELEASES="$RELEASES $BACKPORTS $KERNELS"

kernel_about()
{
	case "$1" in
	simplefb-*) echo "the firmware's framebuffer is simpledrm's, xhci is built in, as in Ubuntu" ;;
	builtin-*) echo "the same with vfio-pci built in" ;;
	efidrm-*) echo "the firmware's framebuffer is efidrm's or vesadrm's, xhci is built in" ;;
	esac
}

# The Debian release that a release of the test machine is, but for its kernel.
debian_of()
{
	case "$1" in
	*-backports) echo "${1%-backports}" ;;
	*-6.1) echo bookworm ;;
	*-6.12) echo trixie ;;
	*-7) echo forky ;;
	*) echo "$1" ;;
	esac
}

is_built()
{
	case " $KERNELS " in *" $1 "*) ;; *) return 1 ;; esac
}

# What makes the initramfs. dracut-shell is dracut without systemd in the image.
INITRAMFSES="initramfs-tools dracut dracut-shell"
DEFAULT_INITRAMFS="${INITRAMFS:-initramfs-tools}"

# What the disk image of a release holds besides Debian's essential packages. busybox-static
# is one of the two that initramfs-tools recommends; the guest's root takes it from here. Of
# what dracut recommends: strip, which it runs over the image, and systemd. Then what our
# package depends on, and what a caller wants beside these: each set has a base of its own.
packages()
{
	kernel=linux-image-amd64
	case "$2" in *-backports) kernel="$kernel/$2" ;; esac
	case "$1" in
	initramfs-tools) tool=initramfs-tools ;;
	dracut*) tool=dracut,binutils,systemd-sysv ;;
	esac
	echo "$kernel,$tool,udev,kmod,zstd,xz-utils,busybox-static,libjson-c5,libpci3,pci.ids${MORE_PACKAGES:+,$MORE_PACKAGES}"
}

# What the package is built with, and for a locale that sorts otherwise.
BUILD_PACKAGES=$("$TOP/qemu-test/setup" --list deb | paste -s -d ,),locales

# What a kernel is built with, see qemu-test/kernel.
KERNEL_PACKAGES=$("$TOP/qemu-test/setup" --list kernel | paste -s -d ,)

# What a new user has before the first command of the README.
FRESH_PACKAGES=ca-certificates,git,make,passwd,sudo

# What a machine with an encrypted root has in its image besides, all with drivers or boot
# scripts of their own.
encrypted_packages()
{
	echo plymouth,console-setup,lvm2
	case "$2" in
	initramfs-tools) echo cryptsetup-initramfs ;;
	*)
		echo cryptsetup
		[ "$1" != trixie ] || echo systemd-cryptsetup
		;;
	esac
}

# The boot loaders of qemu-test/journey.
LOADERS="grub-efi grub-pc systemd-boot"

check_loader()
{
	case " $LOADERS " in
	*" $1 "*) ;;
	*) usage_error "unknown boot loader '$1'; known are: $LOADERS" ;;
	esac
}

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
	case " $ALL_RELEASES " in
	*" $1 "*) ;;
	*) usage_error "unknown release '$1'; known are: $ALL_RELEASES" ;;
	esac
}

check_initramfs()
{
	case " $INITRAMFSES " in
	*" $1 "*) ;;
	*) usage_error "unknown initramfs '$1'; known are: $INITRAMFSES" ;;
	esac
}

# Where the things of a release and a kind of initramfs are kept.
cache_of()
{
	case "$2" in
	initramfs-tools) echo "$CACHE/$1" ;;
	*) echo "$CACHE/$1-dracut" ;;
	esac
}

need_tools()
{
	for tool; do
		command -v "$tool" >/dev/null ||
			die "$tool is not installed; run qemu-test/setup"
	done
}

# A short name for the contents of these files and, by standard input, of this text.
key_of()
{
	cat - "$@" | sha256sum | cut -c 1-12
}

# Without --map-auto first: unshare of util-linux 2.38 leaves its helper behind, waiting
# for ever, where the kernel grants no namespace.
user_namespaces()
{
	unshare --user true && unshare --user --map-root-user --map-auto true
} >/dev/null 2>&1 3>&- 9>&-

# How this user gets root's powers: a container's or a chroot's user may have no namespaces.
root_by()
{
	if [ "$(id -u)" = 0 ]; then
		echo root
	elif user_namespaces; then
		echo userns
	elif command -v sudo >/dev/null; then
		note "no user namespaces here, sudo has to make the image"
		echo sudo
	else
		die "making an image needs root, or user namespaces and the package uidmap"
	fi
}

# Before the first as_root: SUDO is what root's commands start with outside of namespaces.
need_root()
{
	[ -z "${ROOT_BY:-}" ] || return 0
	ROOT_BY=$(root_by)
	SUDO=
	[ "$ROOT_BY" != sudo ] || SUDO=sudo
}

can_mount()
{
	[ "$ROOT_BY" = userns ] || $SUDO unshare --mount true 2>/dev/null
}

# Runs a command that may own other users' files and, where that can be had, mount.
as_root()
{
	if [ "$ROOT_BY" = userns ]; then
		unshare --user --map-root-user --map-auto --mount --pid --fork --kill-child -- "$@"
	elif can_mount; then
		$SUDO unshare --mount --pid --fork --kill-child -- "$@"
	else
		$SUDO "$@"
	fi
}

# as_root_for DIRECTORY COMMAND...: as_root, and afterwards all in DIRECTORY is this user's, who
# has to read and to remove it.
as_root_for()
{
	made_in=$1
	made_status=0
	shift
	as_root "$@" || made_status=$?
	[ "$ROOT_BY" != sudo ] || sudo chown -R "$(id -u):$(id -g)" "$made_in"
	return "$made_status"
}

# Under the lock of the directory $1, one in it with a temporary name is what a killed run has left.
sweep()
{
	for left in "$1"/*.??????; do
		[ ! -d "$left" ] || { need_root && as_root rm -rf --one-file-system "$left"; }
	done
}
