# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Machines that boot by this loader or that, below $M, for the tests of enable: the machine
# of a tree, with stand-ins for the loader's own programs, which run by chroot.

load ../support/root

# What enable writes.
DROP_IN=etc/default/grub.d/earlybind.cfg
CMDLINE=etc/kernel/cmdline

# has PATH LINE...: a file of the machine
has()
{
	mkdir -p "$M/$(dirname "$1")"
	printf '%s\n' "${@:2}" >"$M/$1"
}

# program PATH: one of the machine's, a shell script, the rest of which is standard input
program()
{
	mkdir -p "$M/$(dirname "$1")"
	{
		echo '#!/bin/sh'
		cat
	} >"$M/$1"
	chmod 755 "$M/$1"
}

# on_machine NAME CMDLINE...: $M, with that command line and a shell
on_machine()
{
	local applet

	M=$BATS_TEST_TMPDIR/m
	rm -rf "$M"
	"$MKTREE" "$BATS_TEST_DIRNAME/../machines/$1.tree" "$M"
	printf '%s\n' "${*:2}" >"$M/proc/cmdline"
	mkdir -p "$M/bin" "$M/boot" "$M/etc" "$M/tmp" "$M/var/lib" "$M/dev" "$M/run"
	# A test leaves a word there while root's programs run.
	chmod 777 "$M/tmp"
	add_busybox "$M"
	for applet in sh cat mv rm ls kill sleep tr grep; do
		ln -s busybox "$M/bin/$applet"
	done
	: >"$M/dev/null"
}

# boots_by_grub: as on Debian. /tmp/fails makes the tool fail, /tmp/deaf makes it leave
# grub.cfg as it is.
boots_by_grub()
{
	has etc/default/grub 'GRUB_TIMEOUT=5' 'GRUB_CMDLINE_LINUX_DEFAULT="quiet splash"' \
		'GRUB_CMDLINE_LINUX="console=ttyS0"'
	mkdir -p "$M/boot/grub" "$M/etc/default/grub.d" "$M/etc/grub.d"
	program usr/sbin/grub-mkconfig <<'END'
set -e
out=/boot/grub/grub.cfg
while [ $# -gt 0 ]; do
	[ "$1" != -o ] || out=$2
	shift
done
echo "Generating grub configuration file ..."
[ ! -e /tmp/dies ] || kill -9 $PPID
[ ! -e /tmp/fails ] || { echo "no space left for grub.cfg" >&2; exit 7; }
[ ! -e /tmp/deaf ] || exit 0
. /etc/default/grub
for x in /etc/default/grub.d/*.cfg; do
	[ ! -e "$x" ] || . "$x"
done
{
	for x in /etc/grub.d/*; do
		[ ! -x "$x" ] || "$x"
	done
	echo "menuentry 'Debian GNU/Linux' {"
	echo "	linux	/boot/vmlinuz-6 root=UUID=1 ro $GRUB_CMDLINE_LINUX $GRUB_CMDLINE_LINUX_DEFAULT"
	echo "}"
	echo "menuentry 'Debian GNU/Linux (recovery mode)' {"
	echo "	linux	/boot/vmlinuz-6 root=UUID=1 ro single $GRUB_CMDLINE_LINUX"
	echo "}"
	echo "menuentry 'memtest' {"
	echo "	linux	/boot/memtest86+x64.bin"
	echo "}"
} >$out.new
cat $out.new >$out
rm $out.new
echo done >>/tmp/ran
END
	program usr/sbin/update-grub <<'END'
exec grub-mkconfig -o /boot/grub/grub.cfg "$@"
END
	in_machine update-grub >/dev/null
	rm "$M/tmp/ran"
}

# grub_tries [ABSTRACTION [FS]]: GRUB has an environment block, on such a file system
grub_tries()
{
	{
		printf '# GRUB Environment Block\nsaved_entry=a\\\\\\nb=c\n'
		head -c 1024 /dev/zero | tr '\0' '#'
	} | head -c 1024 >"$M/boot/grub/grubenv"
	program usr/sbin/grub-probe <<END
case \$1 in
--target=abstraction) echo "${1:-}" ;;
--target=fs) echo "${2:-ext2}" ;;
*) exit 1 ;;
esac
END
	has $BOOT_ID boot-1
}

# systemd_tries: systemd-boot has started the machine, and bootctl sets its variables
systemd_tries()
{
	mkdir -p "$M/$EFIVARS"
	utf16 'systemd-boot 252' >"$M/$EFIVARS/LoaderInfo-$LOADER"
	program usr/bin/bootctl <<END
[ ! -e /tmp/no-variable ] || { echo "no EFI variables" >&2; exit 1; }
[ "\$1" = set-oneshot ] || exit 1
v=/$EFIVARS/LoaderEntryOneShot-$LOADER
if [ -z "\$2" ]; then rm -f \$v; exit; fi
{
	printf '\\007\\000\\000\\000'
	echo "\$2" | sed 's/./&\\n/g' | while read -r c; do
		[ -z "\$c" ] || printf '%s\\000' "\$c"
	done
	printf '\\000\\000'
} >\$v
END
	ln -sf busybox "$M/bin/sed"
	has $BOOT_ID boot-1
}

EFIVARS=sys/firmware/efi/efivars
LOADER=4a67b082-0a4c-41cf-b6c7-440b29bb8c4f
BOOT_ID=proc/sys/kernel/random/boot_id

# utf16 TEXT: as an EFI variable has it
utf16()
{
	printf '\007\000\000\000'
	printf '%s' "$1" | iconv -t UTF-16LE
	printf '\000\000'
}

# in_block NAME: the value of GRUB's variable
in_block()
{
	sed -n "s/^$1=//p" "$M/boot/grub/grubenv"
}

# reboot [WORDS]: the first entry is booted, with WORDS typed at the end of its line. GRUB and
# systemd-boot clear what is for one boot before they use it.
reboot()
{
	local line words next entry

	BOOTS=$((${BOOTS:-1} + 1))
	if [ -d "$M/boot/efi/loader" ]; then
		entry=$M/boot/efi/loader/entries/id-6.1.0-2-amd64.conf
		next=$M/$EFIVARS/LoaderEntryOneShot-$LOADER
		if [ -e "$next" ]; then
			words=$M/boot/efi/loader/entries/$(tail -c +5 "$next" | tr -d '\0')
			[ ! -e "$words" ] || entry=$words
			rm "$next"
		fi
		line="initrd=\\x $(sed -n 's/^options //p' "$entry")"
	else
		line=$(sed -n 's/^\tlinux\t/BOOT_IMAGE=/p' "$M/boot/grub/grub.cfg" | head -n 1)
		words=$(sed -n 's/^set earlybind_words="\(.*\)"$/\1/p' "$M/boot/grub/grub.cfg")
		next=$(in_block earlybind_next)
		if grep -q '^if \[ "${earlybind_next}" \]; then$' "$M/boot/grub/grub.cfg" &&
			[ -n "$next" ]; then
			sed -i "s/^earlybind_next=.*/earlybind_next=/; \$s/\$/$(echo "$next" | tr -c '\n' '#')/" \
				"$M/boot/grub/grubenv"
			words=$next
		fi
		line=${line//\$earlybind_words/$words}
	fi
	has $BOOT_ID "boot-$BOOTS"
	echo "$line${1:+ $1}" | tr -s ' ' | sed 's/ $//' >"$M/proc/cmdline"
}

# boots_by_systemd [CMDLINE]: two kernels, entries on the ESP, and kernel-install, which
# takes the command line as systemd's 90-loaderentry.install does. CMDLINE is
# /etc/kernel/cmdline, which else is not there.
boots_by_systemd()
{
	local kernel

	[ $# -eq 0 ] || has etc/kernel/cmdline "$1"
	mkdir -p "$M/boot/efi/loader/entries" "$M/etc"
	for kernel in 6.1.0-1-amd64 6.1.0-2-amd64; do
		: >"$M/boot/vmlinuz-$kernel"
		: >"$M/boot/initrd.img-$kernel"
	done
	program usr/bin/kernel-install <<'END'
set -e
[ ! -e /tmp/fails ] || [ "$2" != 6.1.0-2-amd64 ] || exit 3
[ -e "$3" ]
if [ -f /etc/kernel/cmdline ]; then
	options=$(tr -s ' \t\n' ' ' </etc/kernel/cmdline)
elif [ -f /usr/lib/kernel/cmdline ]; then
	options=$(tr -s ' \t\n' ' ' </usr/lib/kernel/cmdline)
else
	options=$(tr -s ' \t\n' '\n' </proc/cmdline | grep -ve '^BOOT_IMAGE=' -e '^initrd=' | tr '\n' ' ')
fi
{
	echo "title Debian"
	echo "version $2"
	echo "options ${options% }"
	echo "linux $3"
	[ -z "$4" ] || [ -e /tmp/no-initrd ] || echo "initrd $4"
} >"/boot/efi/loader/entries/id-$2.conf"
echo "$*" >>/tmp/ran
END
	for kernel in 6.1.0-1-amd64 6.1.0-2-amd64; do
		in_machine kernel-install add "$kernel" "/boot/vmlinuz-$kernel" \
			"/boot/initrd.img-$kernel"
	done
	rm "$M/tmp/ran"
}

# boots_by_proxmox: proxmox-boot-tool, which keeps GRUB for legacy BIOS and systemd-boot on one
# partition. It is a directory here, as on a captured machine.
boots_by_proxmox()
{
	boots_by_grub
	has etc/kernel/proxmox-boot-uuids '# kept by proxmox-boot-tool' 'C0DE-CAFE'
	has etc/kernel/cmdline 'root=ZFS=rpool/ROOT/pve-1 boot=zfs'
	ESP=$M/dev/disk/by-uuid/C0DE-CAFE
	mkdir -p "$ESP/grub" "$ESP/loader/entries"
	program usr/sbin/proxmox-boot-tool <<'END'
[ ! -e /tmp/fails ] || { echo "no ESP" >&2; exit 2; }
esp=/dev/disk/by-uuid/C0DE-CAFE
if [ -d $esp ]; then
	update-grub >/dev/null
	cat /boot/grub/grub.cfg >$esp/grub/grub.cfg
	{
		echo "title Proxmox VE"
		echo "options $(cat /etc/kernel/cmdline)"
		echo "linux /EFI/proxmox/6.8/vmlinuz"
		echo "initrd /EFI/proxmox/6.8/initrd"
	} >$esp/loader/entries/proxmox-6.8.conf
	rm -f /tmp/ran
fi
echo "$*" >>/tmp/ran
END
	in_machine proxmox-boot-tool refresh
	rm "$M/tmp/ran"
}

# in_machine COMMAND...: by chroot
in_machine()
{
	PATH=/usr/sbin:/usr/bin:/sbin:/bin as_root chroot "$M" "$@"
}

# as_root COMMAND...: as root, or as root of a namespace of its own
as_root()
{
	as_root_in "$M" "$@"
}

# files: every file of the machine that a change may touch, with its mode and content
files()
{
	(
		cd "$M" || exit 1
		find etc var boot -printf '%p %y %m %U %l\n'
		find etc var boot -type f -print0 | xargs -0 sha256sum
	) | LC_ALL=C sort
}

# ran: how often the loader's tools ran since the last time
ran()
{
	local count=0

	[ ! -e "$M/tmp/ran" ] || count=$(wc -l <"$M/tmp/ran")
	rm -f "$M/tmp/ran"
	echo "$count"
}

# do_ask COMMAND...: earlybind on the machine, as root, with nobody to be asked
do_ask()
{
	run as_root "$EARLYBIND" --root "$M" --pci-ids /dev/null "$@" </dev/null
}

# unchanged: the machine's files are as they were in FIRST
unchanged()
{
	diff <(echo "$FIRST") <(files)
}

# boots_by_uki [CMDLINE]: the same machine with unified kernel images, which its kernel-install
# and ukify build from /etc/kernel/cmdline
boots_by_uki()
{
	local kernel

	has etc/kernel/cmdline "${1:-root=UUID=1 ro quiet}"
	has etc/kernel/install.conf '# of the system' layout=uki
	has usr/lib/kernel/install.d/60-ukify.install '#!/bin/sh'
	has usr/bin/ukify '#!/bin/sh'
	mkdir -p "$M/boot/efi/EFI/Linux"
	for kernel in 6.1.0-1-amd64 6.1.0-2-amd64; do
		: >"$M/boot/vmlinuz-$kernel"
		: >"$M/boot/initrd.img-$kernel"
	done
	ln -sf busybox "$M/bin/wc"
	ln -sf busybox "$M/bin/dd"
	ln -sf busybox "$M/bin/printf"
	program usr/bin/kernel-install <<'END'
[ ! -e /tmp/fails ] || exit 3
line=$(tr -s ' \t\n' ' ' </etc/kernel/cmdline)
[ ! -e /tmp/deaf ] || line='root=UUID=1 ro quiet '
# le32 NUMBER: as four bytes
le32()
{
	printf "\\$(printf %o $(($1 & 255)))\\$(printf %o $(($1 >> 8 & 255)))\\$(printf %o $(($1 >> 16 & 255)))\\000"
}
zeros()
{
	dd if=/dev/zero bs=1 count=$1 2>/dev/null
}
# section NAME SIZE OFFSET
section()
{
	printf %s "$1"
	zeros $((8 - ${#1}))
	le32 $2
	le32 0
	le32 512
	le32 $3
	zeros 16
}
if [ ! -e /dev/zero ]; then exit 4; fi
{
	printf MZ
	zeros 58
	le32 64
	printf 'PE\000\000\144\206\002\000'
	zeros 12
	printf '\000\000\000\000'
	section .cmdline ${#line} 512
	section .initrd 4 1024
	zeros 344
	printf %s "$line"
	zeros $((512 - ${#line}))
	printf init
	zeros 508
} >"/boot/efi/EFI/Linux/id-$2.efi"
echo "$*" >>/tmp/ran
END
	[ -e "$M/dev/zero" ] || head -c 65536 /dev/zero >"$M/dev/zero"
	for kernel in 6.1.0-1-amd64 6.1.0-2-amd64; do
		in_machine kernel-install add "$kernel" "/boot/vmlinuz-$kernel" \
			"/boot/initrd.img-$kernel"
	done
	rm "$M/tmp/ran"
}
