# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# A base system to work in, for what runs by as_root. The caller has set root, the directory,
# and base, the archive.

# Some hooks look at /proc and all want /dev/null; without mounts the nodes of the base
# system's archive have to do.
unpack_base()
{
	mkdir -p "$root/dev" "$root/proc"
	if mount --rbind /dev "$root/dev" 2>/dev/null; then
		tar -C "$root" -xpf "$base" --numeric-owner --exclude ./dev
	else
		tar -C "$root" -xpf "$base" --numeric-owner
	fi
	mount -t proc proc "$root/proc" 2>/dev/null ||
		mount --rbind /proc "$root/proc" 2>/dev/null || :
}

in_root()
{
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C chroot "$root" "$@"
}

# The release's trigger makes anew the images that are there. This one is older than any.
pretend_image()
{
	touch -d @0 "$root/boot/initrd.img-$1"
}

install_deb()
{
	cp "$1" "$root/tmp/package.deb"
	in_root dpkg -i /tmp/package.deb
	rm "$root/tmp/package.deb"
}

# Writes what the image $1 holds to the directory $2: order (the init-top scripts), files,
# modules.dep. An image with microcode before the rest unpacks to a directory more.
read_image()
{
	rm -rf "$root/tmp/image"
	in_root unmkinitramfs "$1" /tmp/image
	main="$root/tmp/image"
	[ ! -d "$main/main" ] || main="$main/main"
	awk '$1 ~ "^/scripts/" { print $1 }' "$main/scripts/init-top/ORDER" >"$2/order"
	(cd "$main" && find . ! -type d | sort) >"$2/files"
	cp "$main"/lib/modules/*/modules.dep "$2/modules.dep"
}

# Lazily, because in a user namespace what lies below /dev cannot be unmounted on its own.
remove_root()
{
	umount -l "$root/proc" 2>/dev/null || :
	umount -l "$root/dev" 2>/dev/null || :
	rm -rf --one-file-system "$root"
}
