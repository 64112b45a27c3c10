# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# A base system to work in, for what runs by as_root. The caller has set root, the directory,
# base, the archive, top, of this tree, initramfs, and for an image kernel.

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

# The release's trigger rebuilds the images that exist. This one is older than any.
pretend_image()
{
	touch -d @0 "$root/boot/initrd.img-$1"
}

# Puts the kernel of the directory $1 in the place of the release's, as its package would.
replace_kernel()
{
	rm -rf "$root"/lib/modules/* "$root"/boot/*
	tar -C "$root/usr" -xf "$1/modules.tar" --no-same-owner
	cp "$1/vmlinuz" "$root/boot/vmlinuz-$(ls "$root/lib/modules")"
	cp "$1/config" "$root/boot/config-$(ls "$root/lib/modules")"
}

install_deb()
{
	cp "$1" "$root/tmp/package.deb"
	in_root dpkg -i /tmp/package.deb
	rm "$root/tmp/package.deb"
}

# No modules but those that a hook asks for: a smaller image is built sooner.
minimal_image()
{
	if [ "$initramfs" = initramfs-tools ]; then
		sed -i 's/^MODULES=.*/MODULES=list/' "$root/etc/initramfs-tools/initramfs.conf"
	else
		printf '%s\n' 'drivers=" ext4 "' 'compress=cat' >"$root/etc/dracut.conf.d/minimal.conf"
	fi
}

# dracut compresses at zstd's level 15: half of the user time that an image takes (21.7 s, 10.9 s).
quick_image()
{
	[ "$initramfs" = initramfs-tools ] ||
		echo 'compress="zstd -1"' >"$root/etc/dracut.conf.d/quick.conf"
}

# The drivers of QEMU's cards in the image, as the host's are in a user's: so udev in the image
# loads a graphics driver for each card as early as any machine does.
host_graphics()
{
	if [ "$initramfs" = initramfs-tools ]; then
		install -m 755 "$top/qemu-test/host-graphics" "$root/etc/initramfs-tools/hooks/"
		return
	fi
	# Since Debian 14 an image is for the machine that it was built on alone.
	printf '%s\n' 'add_drivers+=" bochs cirrus qxl virtio-gpu snd-hda-intel "' 'hostonly=no' \
		>"$root/etc/dracut.conf.d/host-graphics.conf"
	[ "$initramfs" = dracut ] || echo 'omit_dracutmodules+=" systemd "' \
		>"$root/etc/dracut.conf.d/shell.conf"
}

# What boots an encrypted root: initramfs-tools goes by crypttab, dracut by the command line,
# see qemu-test/boot.
encrypted_root()
{
	if [ "$initramfs" = initramfs-tools ]; then
		echo 'root /dev/disk/by-id/virtio-encrypted none luks,initramfs' >"$root/etc/crypttab"
	else
		echo 'add_dracutmodules+=" crypt lvm plymouth i18n "' \
			>"$root/etc/dracut.conf.d/encrypted.conf"
	fi
}

# Makes /boot/initrd.img-$kernel in the way in which a kernel's package has it made.
make_initrd()
{
	if [ "$initramfs" = initramfs-tools ]; then
		in_root update-initramfs -c -k "$kernel"
	else
		in_root /etc/kernel/postinst.d/dracut "$kernel"
	fi
}

# Unpacks the image $1 to /tmp/image and sets main, where that is from outside. An image with
# microcode before the rest unpacks to a directory more.
unpack_image()
{
	rm -rf "$root/tmp/image"
	main="$root/tmp/image"
	if [ "$initramfs" = initramfs-tools ]; then
		in_root unmkinitramfs "$1" /tmp/image
		[ ! -d "$main/main" ] || main="$main/main"
	else
		mkdir "$main"
		in_root sh -c "cd /tmp/image && lsinitrd --unpack '$1'"
	fi
}

# The Before= and After= of all units in the image, as "EARLIER LATER". A unit name may come
# with several files, and /etc is part of it.
unit_order()
{
	find "$main/usr/lib/systemd/system" "$main/etc/systemd/system" -type f 2>/dev/null |
		while read -r file; do
			unit=${file##*/}
			case "$file" in *.d/*.conf) unit=${file%.d/*} unit=${unit##*/} ;; esac
			sed -n "s/^Before=//p" "$file" | tr ' ' '\n' | sed "s/^/$unit /"
			sed -n "s/^After=//p" "$file" | tr ' ' '\n' | sed "s/\$/ $unit/"
		done | awk 'NF == 2'
}

# The services of the image in an order that proves something: first each that systemd need
# not run after earlybind's, then earlybind's, then those that have to wait for it.
systemd_order()
{
	unit_order | awk '
		{ earlier[NR] = $1; later[NR] = $2; units[$1]; units[$2] }
		END {
			if ("earlybind.service" in units)
				after["earlybind.service"]
			do {
				more = 0
				for (i = 1; i <= NR; i++)
					if (earlier[i] in after && !(later[i] in after)) {
						after[later[i]]
						more = 1
					}
			} while (more)
			for (unit in units)
				if (unit ~ /\.service$/)
					print unit == "earlybind.service" ? 1 : unit in after ? 2 : 0, unit
		}' | sort | cut -d ' ' -f 2
}

# What runs in the image $main up to udev, in order, one a line: with initramfs-tools the
# init-top scripts, with dracut the hooks that its init runs before it starts udevd, with
# systemd the services. earlybind of a service that nothing pulls in does not run.
read_order()
{
	if [ "$initramfs" = initramfs-tools ]; then
		awk '$1 ~ "^/scripts/" { print $1 }' "$main/scripts/init-top/ORDER"
	elif [ -e "$main/usr/lib/systemd/system/systemd-udevd.service" ]; then
		if [ -L "$main/usr/lib/systemd/system/sysinit.target.wants/earlybind.service" ]; then
			systemd_order
		else
			systemd_order | grep -v '^earlybind'
		fi
	else
		(cd "$main/lib/dracut" && ls -d hooks/cmdline/*.sh hooks/pre-udev/*.sh 2>/dev/null)
		echo systemd-udevd
	fi
}

# Writes what the image $1 holds to the directory $2: order, files, modules.dep.
read_image()
{
	unpack_image "$1"
	read_order >"$2/order"
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
