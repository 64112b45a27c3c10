# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# Runs as root in the booted guest of a journey: writes down what there is, takes the step that
# came with it, and leaves the facts on a disk. In /run/journey are earlybind.deb, step, and
# facts.sh, which qemu-test/boot has too.

here=/run/journey
facts=$here/facts
number=0

# Nothing in /run may be executed where initramfs-tools has mounted it.
tools=/tmp/journey

cd "$here" || exit
mkdir -p "$tools"
cp vfio-client "$tools/"
PATH="$tools:$PATH"
export PATH LC_ALL=C
# shellcheck source=qemu-test/guest/facts.sh
. "$here/facts.sh"

# To the serial port, by the kernel: a terminal may make its writers wait.
say()
{
	echo "journey: $*" >/dev/kmsg
}

# run COMMAND...: what it says and its exit status become facts
run()
{
	number=$((number + 1))
	at=$facts/commands/$(printf %03d "$number")
	mkdir -p "$at"
	echo "$*" >"$at/command"
	say "$*"
	run_status=0
	"$@" </dev/null >"$at/stdout" 2>"$at/stderr" || run_status=$?
	echo "$run_status" >"$at/status"
}

# What changes by itself from one boot to the next, or is made anew of the same files. dpkg's own
# files know that a package was there.
VOLATILE='^(dev|proc|sys|run|tmp|mnt|var/(log|cache|tmp)|boot/initrd\.img-.*|boot/efi/[0-9a-f]{32}/.*/initrd.*|var/lib/(dpkg|systemd/.*|private|initramfs-tools/.*)|.*random-seed|etc/(\.pwd\.lock|resolv\.conf|mtab))(/|$)'

# manifest NAME: all files with owner, mode, size and sum, in a file of that name
manifest()
{
	mkdir -p "$facts/files"
	{
		find / -xdev -printf '%P\n'
		[ ! -d /boot/efi ] || find /boot/efi -mindepth 1 -printf 'boot/efi/%P\n'
	} | LC_ALL=C sort -u | grep -vE "$VOLATILE" | sed 's|^|/|' >"$here/paths"
	xargs -d '\n' stat -c '%F %a %U:%G %N' <"$here/paths" >"$here/manifest"
	grep -E '^/(etc|boot|usr/(bin|sbin|lib/earlybind)|var/lib/earlybind)/' "$here/paths" |
		while IFS= read -r path; do
			[ ! -f "$path" ] || echo "$path"
		done | xargs -d '\n' sha256sum >>"$here/manifest"
	mv "$here/manifest" "$facts/files/$1"
}

# The names of files in the image of kernel $1 that have "earlybind" in them.
image()
{
	if command -v lsinitramfs >/dev/null; then
		lsinitramfs "/boot/initrd.img-$1"
	else
		lsinitrd "/boot/initrd.img-$1"
	fi | grep earlybind
}

# qemu_guest ADDR: a real QEMU, started with what export prints for that card, says what PCI
# devices its guest has, again and again until its firmware has found what is behind a port.
qemu_guest()
{
	{
		printf 'exec qemu-system-x86_64 -machine q35,accel=tcg -m 64 -nodefaults -display none \\\n'
		printf -- '-qmp stdio \\\n'
		earlybind export --format qemu "$1" | grep -v '^#'
	} >"$here/guest"
	# shellcheck disable=SC2094 # that is how it goes back and forth
	{
		echo '{ "execute": "qmp_capabilities" }'
		for _ in $(seq 30); do
			sleep 4
			echo '{ "execute": "query-pci" }'
			! grep -q '"bus": [1-9]' "$here/answers" || break
		done
		echo '{ "execute": "quit" }'
	} | sh "$here/guest" >"$here/answers"
	guest_status=$?
	tail -n 4 "$here/answers"
	return "$guest_status"
}

# entries_below ROOT: what the boot loader there will pass to each kernel, one entry a line
entries_below()
{
	sed -n 's/^[[:blank:]]*linux[[:blank:]]\{1,\}[^[:blank:]]*[[:blank:]]*//p' "$1/boot/grub/grub.cfg"
	sed -n 's/^options[[:blank:]]*//p' "$1"/boot/efi/loader/entries/*.conf "$1"/boot/loader/entries/*.conf
	for image in "$1"/boot/efi/EFI/Linux/*.efi; do
		[ ! -f "$image" ] || bootctl kernel-inspect "$image" | sed -n 's/^ *Cmdline: *//p'
	done
} 2>/dev/null

# Leaves the facts for the host; a step that does not come to its end does it before.
hand_over()
{
	entries_below '' >"$facts/entries"
	echo end >"$facts/end"
	sync
	tar -cf /dev/disk/by-id/virtio-journey-out -C "$here" facts
	sync
}

say begin
udevadm settle
mkdir "$facts"
(checks) 2>"$facts/errors"
if command -v earlybind >/dev/null; then
	run earlybind status
	run earlybind show --json
fi
# shellcheck source=/dev/null # what the case hands over
. "$here/step"
hand_over
say end
systemctl --no-block poweroff
