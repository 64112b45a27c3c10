#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# earlybind enable, disable and show never say that something is done that is not: what the
# boot loader has decides, and what a user wrote is not lost.

load after
load boots

setup_file()
{
	after_setup_file
	command -v busybox >/dev/null || skip "no busybox; run qemu-test/setup unit"
}

setup()
{
	on_machine nvidia-twins BOOT_IMAGE=/boot/vmlinuz-6 root=UUID=1 ro quiet
	boots_by_grub
	FIRST=$(files)
}

# claims WORDS: the entries have them, and silence: none has any
claims()
{
	grep -qrF -- "$1" "$M/boot"
}

claims_nothing()
{
	[ -s "$M/boot/grub/grub.cfg" ] || [ -d "$M/boot/efi/loader/entries" ]
	if grep -rE 'vfio\.gpus|earlybind\.' "$M/boot"; then
		return 1
	fi
}

@test "rescue: a GRUB machine from a system that systemd-boot started, and the other way round" {
	do_ask enable 0b:00
	says 0 Enabled:
	grep -qx 'loader grub' "$M/var/lib/earlybind/enabled"
	grep -qx 'tool update-grub' "$M/var/lib/earlybind/enabled"
	# /proc is the rescue system's.
	has proc/cmdline 'initrd=\rescue\initrd root=LABEL=rescue'
	mkdir -p "$M/boot/efi/loader/entries"
	program usr/bin/kernel-install <<<'echo "$*" >>/tmp/ran-wrong'
	ran
	do_ask disable
	says 0 'Running update-grub' 'Disabled:'
	[ ! -e "$M/tmp/ran-wrong" ]
	claims_nothing
	on_machine nvidia-twins 'initrd=\id\initrd root=UUID=1 ro quiet'
	boots_by_systemd 'root=UUID=1 ro quiet'
	do_ask enable 0b:00
	says 0 Enabled:
	has proc/cmdline 'BOOT_IMAGE=/live/vmlinuz boot=live'
	mkdir -p "$M/boot/grub"
	echo 'linux /live root=x' >"$M/boot/grub/grub.cfg"
	program usr/sbin/update-grub <<<'echo wrong >>/tmp/ran-wrong'
	do_ask disable
	says 0 'Running kernel-install' 'Disabled:'
	[ ! -e "$M/tmp/ran-wrong" ]
	claims_nothing
}

# Puts the command and its libraries into the machine; one that is missing shows when it starts.
command_inside()
{
	cp "$EARLYBIND" "$M/bin/earlybind"
	ldd "$EARLYBIND" | grep -o '/[^ )]*' | xargs cp -L --parents -t "$M" 2>/dev/null || true
}

@test "in a chroot /proc is that of the system which started it, and the record decides" {
	[ "$(id -u)" = 0 ] || skip "the chroot is told from the first process's root, which others cannot see"
	do_ask enable 0b:00
	says 0 Enabled:
	command_inside
	program usr/bin/kernel-install <<<'echo "$*" >>/tmp/ran-wrong'
	unshare -m true || skip "nothing can be mounted here"
	# The running system was started by the other loader.
	echo 'initrd=\\rescue\\initrd root=LABEL=rescue' >"$BATS_TEST_TMPDIR/cmdline"
	run unshare -m sh -ec 'mount -t proc proc "$1/proc"
		mount --bind "$2" "$1/proc/cmdline"
		exec chroot "$1" /bin/earlybind --pci-ids /dev/null disable' - \
		"$M" "$BATS_TEST_TMPDIR/cmdline"
	says 0 'Running update-grub' 'Disabled:'
	[ ! -e "$M/tmp/ran-wrong" ]
	claims_nothing
}

@test "fewer entries than before, as a kernel is gone: what to do is said" {
	[ "$(id -u)" = 0 ] || skip "this needs a root and a process tree of its own"
	unshare -mpf true 2>/dev/null || skip "nothing can be mounted here"
	command_inside
	printf 'menuentry x {\n\tlinux\t/boot/vmlinuz-5 root=UUID=1 ro\n}\n' >>"$M/boot/grub/grub.cfg"
	FIRST=$(files)
	export ASAN_OPTIONS=detect_leaks=0:exitcode=99
	# The running system, and not one below another root: no rescue system may write it.
	run unshare -mpf sh -ec 'mount -t proc proc "$1/proc"
		exec chroot "$1" /bin/earlybind --pci-ids /dev/null enable 0b:00' - "$M" </dev/null
	says 1 'fewer entries than before: it is not used' 'was removed, run update-grub yourself' \
		'read back and are as before'
	unchanged
	do_ask enable 0b:00
	says 1 'fewer entries than before: it is not used'
	silent yourself
	unchanged
}

@test "disable says Disabled only of entries that it has read back" {
	do_ask enable 0b:00
	rm "$M/usr/sbin/grub-mkconfig"
	for ((i = 0; i < 2; i++)); do
		do_ask disable
		says 1 "/boot/grub/grub.cfg:2 still has 'vfio.gpus=0b:00'" 'left to run' 'not disabled yet'
		silent Disabled:
		[ -e "$M/var/lib/earlybind/enabled" ]
	done
	boots_by_grub
	do_ask disable
	says 0 'Disabled:'
	claims_nothing
}

@test "disable: a tool that changes nothing is not believed, a second time neither" {
	do_ask enable 0b:00
	: >"$M/tmp/deaf"
	for ((i = 0; i < 2; i++)); do
		do_ask disable
		says 1 'still has' 'not disabled yet'
		silent 'Nothing is enabled'
	done
	rm "$M/tmp/deaf"
	do_ask disable
	says 0 Disabled:
	unchanged
}

@test "disable: systemd-boot with a unified image, without kernels, with an entry that cannot be read" {
	on_machine nvidia-twins 'initrd=\id\initrd root=UUID=1 ro quiet'
	boots_by_systemd 'root=UUID=1 ro quiet'
	FIRST=$(files)
	do_ask enable 0b:00
	mkdir -p "$M/boot/efi/EFI/Linux"
	: >"$M/boot/efi/EFI/Linux/debian.efi"
	do_ask disable
	says 1 '/boot/efi/EFI/Linux/debian.efi is a unified kernel image' 'not disabled yet'
	rm -r "$M/boot/efi/EFI"
	do_ask enable 0b:00
	says 0
	mkdir "$M/aside"
	mv "$M"/boot/vmlinuz-* "$M/aside"
	do_ask disable
	says 1 'still has' 'not disabled yet'
	mv "$M"/aside/* "$M/boot"
	do_ask disable
	says 0 Disabled:
	do_ask enable 0b:00
	says 0
	mkdir "$M/boot/efi/loader/entries/odd.conf"
	do_ask disable
	says 1 'odd.conf: it is a directory' 'not disabled yet'
	rmdir "$M/boot/efi/loader/entries/odd.conf"
	do_ask disable
	says 0 Disabled:
	rmdir "$M/aside"
	unchanged
}

@test "disable: an error while the entries are read is no success" {
	strace -o /dev/null true 2>/dev/null || skip "no ptrace here"
	export ASAN_OPTIONS=detect_leaks=0:exitcode=99
	do_ask enable 0b:00
	run as_root strace -o /dev/null -P "$M/boot/grub/grub.cfg" -e inject=read:error=EIO \
		"$EARLYBIND" --root "$M" --pci-ids /dev/null disable </dev/null
	says 1 'grub.cfg: Input/output error' 'not disabled yet'
	[ -e "$M/var/lib/earlybind/enabled" ]
	do_ask disable
	says 0
	unchanged
}

@test "words from a link, a sourced file, a variable, another script are found" {
	mv "$M/etc/default/grub" "$M/etc/grub.real"
	ln -s ../grub.real "$M/etc/default/grub"
	echo 'GRUB_CMDLINE_LINUX="vfio.gpus=0a:00"' >>"$M/etc/grub.real"
	in_machine update-grub
	FIRST=$(files)
	do_ask enable 0b:00
	says 1 "'vfio.gpus=0a:00' is in $M/etc/default/grub:4 already"
	unchanged
	# Also before update-grub has read them.
	boots_by_grub
	has etc/default/grub.local 'GRUB_CMDLINE_LINUX="vfio.gpus=0a:00"'
	has etc/default/grub '. /etc/default/grub.local'
	in_machine update-grub
	FIRST=$(files)
	do_ask enable 0b:00
	says 1 "/boot/grub/grub.cfg:2 has 'vfio.gpus=0a:00', which enable did not write" 'grep -r vfio.gpus /etc'
	unchanged
	do_ask disable
	says 1 "has 'vfio.gpus=0a:00'"
	# It is not in grub.cfg yet, and comes with enable's own update-grub.
	has etc/default/grub 'GRUB_CMDLINE_LINUX="quiet"'
	in_machine update-grub
	has etc/default/grub '. /etc/default/grub.local'
	FIRST=$(files)
	do_ask enable 0b:00
	says 1 "which is not what enable wrote" 'read back and are as before'
	unchanged
	has etc/default/grub 'G=vfio.gpus=0a:00' 'GRUB_CMDLINE_LINUX="$G"'
	in_machine update-grub
	FIRST=$(files)
	do_ask enable 0b:00
	says 1 "'vfio.gpus=0a:00' is in $M/etc/default/grub:1 already"
	unchanged
	has etc/default/grub 'GRUB_CMDLINE_LINUX=quiet'
	has etc/grub.d/40_custom '#!/bin/sh' 'echo linux /x root=1 vfio.gpus=0a:00'
	FIRST=$(files)
	do_ask enable 0b:00
	says 1 '/etc/grub.d/40_custom:2 already'
	unchanged
}

@test "arguments added manually are shown whole, and reported as already enabled" {
	has etc/default/grub 'GRUB_CMDLINE_LINUX_DEFAULT="vfio.gpus=0b:00 earlybind.fb=release quiet splash"'
	in_machine update-grub
	FIRST=$(files)
	do_ask enable 0a:00
	says 1 "'vfio.gpus=0b:00 earlybind.fb=release' is in"
	do_ask enable 0b:00 earlybind.fb=release
	says 0 'vfio.gpus=0b:00 earlybind.fb=release is already enabled, manually in /etc/default/grub:1'
	do_ask show
	says 1 'manual vfio.gpus=0b:00 earlybind.fb=release in /etc/default/grub:1'
	unchanged
}

@test "as before is said of what was read: with -- or an open quote in the line, and lost initrds" {
	for line in 'quiet -- splash' 'quiet x=\"a'; do
		has etc/default/grub "GRUB_CMDLINE_LINUX_DEFAULT=\"$line\""
		in_machine update-grub
		FIRST=$(files)
		do_ask enable 0b:00
		says 1 'does not have it' 'read back and are as before'
		unchanged
		claims_nothing
	done
	on_machine nvidia-twins 'initrd=\id\initrd root=UUID=1 ro quiet'
	boots_by_systemd 'root=UUID=1 ro quiet'
	FIRST=$(files)
	: >"$M/tmp/no-initrd"
	do_ask enable 0b:00
	says 1 'has lost its initrd' 'read back and are as before'
	unchanged
}

@test "a tool that writes fewer entries than before: they are put back" {
	do_ask enable 0b:00
	enabled=$(cat "$M/boot/grub/grub.cfg")
	sed -i 's|^set -e$|set -e; echo "menuentry x {" >/boot/grub/grub.cfg; exit 0|' "$M/usr/sbin/grub-mkconfig"
	do_ask disable
	says 1 'fewer entries than before' 'put back as it was' 'left to run' 'not disabled yet'
	[ "$(cat "$M/boot/grub/grub.cfg")" = "$enabled" ]
	boots_by_grub
	do_ask disable
	says 0 Disabled:
	FIRST=$(files)
	sed -i 's|^set -e$|set -e; echo "menuentry x {" >/boot/grub/grub.cfg; exit 0|' "$M/usr/sbin/grub-mkconfig"
	do_ask enable 0b:00
	says 1 'fewer entries than before' 'read back and are as before'
	unchanged
}

@test "fewer entries than before, in a grub.cfg that is a link: they are put back" {
	mv "$M/boot/grub/grub.cfg" "$M/boot/real.cfg"
	ln -s ../real.cfg "$M/boot/grub/grub.cfg"
	FIRST=$(files)
	cp "$M/usr/sbin/grub-mkconfig" "$M/aside"
	sed -i 's|^set -e$|set -e; echo "menuentry x {" >/boot/grub/grub.cfg; exit 0|' "$M/usr/sbin/grub-mkconfig"
	do_ask enable 0b:00
	says 1 'fewer entries than before' 'read back and are as before'
	unchanged
	mv "$M/aside" "$M/usr/sbin/grub-mkconfig"
	do_ask enable 0b:00
	says 0 Enabled:
	[ -L "$M/boot/grub/grub.cfg" ]
	sed -i 's|^set -e$|set -e; echo "menuentry x {" >/boot/grub/grub.cfg; exit 0|' "$M/usr/sbin/grub-mkconfig"
	do_ask disable
	says 1 'fewer entries than before' 'put back as it was' 'not disabled yet'
	claims 'vfio.gpus=0b:00'
	boots_by_grub
	do_ask disable
	says 0 Disabled:
	# Of a menu that is there and empty the tool makes a new one.
	do_ask enable 0b:00
	says 0
	echo x >"$M/boot/grub/grub.cfg"
	do_ask disable
	says 0 Disabled:
}

# mkconfig_names_nothing: grub-mkconfig over a disk that it cannot name, as a loop device or a
# rescue system's: it writes a configuration without entries, and exits with 0
mkconfig_names_nothing()
{
	sed -i 's,^	echo "menuentry.*Linux. {",	[ -e /tmp/names ] || { echo set timeout=5; exit 0; }; echo "menuentry x {",' \
		"$M/usr/sbin/grub-mkconfig"
	sed -i 's|^} >$out.new|) >$out.new|; s|^{$|(|' "$M/usr/sbin/grub-mkconfig"
}

@test "rescue: a configuration without entries is never put in place, not for an instant" {
	do_ask enable 0b:00
	enabled=$(cat "$M/boot/grub/grub.cfg")
	mkconfig_names_nothing
	in_machine grub-mkconfig -o /tmp/cfg
	[ -e "$M/tmp/cfg" ]
	refute_in "$M/tmp/cfg" vmlinuz
	inode=$(stat -c %i "$M/boot/grub/grub.cfg")
	for ((i = 0; i < 2; i++)); do
		do_ask disable
		says 1 'wrote a new /boot/grub/grub.cfg, but it has fewer entries than before: it is not used' \
			"/boot/grub/grub.cfg:2 still has 'vfio.gpus=0b:00'" \
			"mount them first: for d in dev proc sys; do mount --rbind /\$d $M/\$d; done" \
			'not disabled yet' 'vfio.gpus=none added at its boot menu'
		silent Disabled:
		silent 'left to run'
		[ "$(cat "$M/boot/grub/grub.cfg")" = "$enabled" ]
		[ "$(stat -c %i "$M/boot/grub/grub.cfg")" = "$inode" ]
		[ "$(ls "$M/boot/grub")" = grub.cfg ]
	done
	# In the system itself, where it can.
	: >"$M/tmp/names"
	do_ask disable
	says 0 Disabled:
	rm "$M/tmp/names"
	FIRST=$(files)
	do_ask enable 0b:00
	says 1 'fewer entries than before' 'nothing was enabled' 'read back and are as before'
	unchanged
}

@test "rescue: a configuration with another root= is not put in place" {
	do_ask enable 0b:00
	enabled=$(cat "$M/boot/grub/grub.cfg")
	# Without /dev/disk/by-uuid grub-mkconfig takes the name that the disk has there.
	sed -i 's,root=UUID=1,root=/dev/sdb2,' "$M/usr/sbin/grub-mkconfig"
	do_ask disable
	says 1 'but an entry has a root= that none had before: it is not used' 'not disabled yet' \
		'vfio.gpus=none added at its boot menu'
	silent 'left to run'
	silent Disabled:
	[ "$(cat "$M/boot/grub/grub.cfg")" = "$enabled" ]
	sed -i 's,root=/dev/sdb2,root=UUID=1,' "$M/usr/sbin/grub-mkconfig"
	do_ask disable
	says 0 Disabled:
	unchanged
	# What is no text is not taken for nothing.
	sed -i 's|^cat $out.new.*|printf "linux \\000" >$out|' "$M/usr/sbin/grub-mkconfig"
	do_ask enable 0b:00
	says 1 'wrote a new /boot/grub/grub.cfg, but it is not text: it is not used' 'as before'
	unchanged
}

@test "rescue: systemd-boot, where kernel-install cannot run, is missing, or removes entries" {
	on_machine nvidia-twins 'initrd=\id\initrd root=UUID=1 ro quiet'
	boots_by_systemd 'root=UUID=1 ro quiet'
	FIRST=$(files)
	do_ask enable 0b:00
	entries=$(cat "$M"/boot/efi/loader/entries/*)
	rm "$M/bin/sh"
	do_ask disable
	says 1 'could not be started' 'still has' "left to run in $M: kernel-install add" 'not disabled yet'
	ln -s busybox "$M/bin/sh"
	mv "$M/usr/bin/kernel-install" "$M/usr/bin/aside"
	do_ask disable
	says 1 'could not be started' 'still has' 'not disabled yet' 'its boot menu'
	program usr/bin/kernel-install <<<'rm -f /boot/efi/loader/entries/*'
	do_ask disable
	says 1 'fewer entries than before' 'put back as it was' 'not disabled yet'
	[ "$(cat "$M"/boot/efi/loader/entries/*)" = "$entries" ]
	mv "$M/usr/bin/aside" "$M/usr/bin/kernel-install"
	do_ask disable
	says 0 Disabled:
	unchanged
}

# options: what the entries of systemd-boot have
options()
{
	sed -n 's/^options //p' "$M"/boot/efi/loader/entries/*.conf | sort -u
}

@test "rescue: the entries never get the rescue system's command line" {
	rescue='BOOT_IMAGE=/live/vmlinuz boot=live root=LABEL=rescue'
	on_machine nvidia-twins 'initrd=\id\initrd root=UUID=1 ro quiet'
	boots_by_systemd
	FIRST=$(files)
	# kernel-install takes /proc/cmdline where there is no /etc/kernel/cmdline.
	do_ask enable 0b:00
	says 0 'there was no /etc/kernel/cmdline' Enabled:
	has proc/cmdline "$rescue"
	do_ask disable
	says 0 'Removed: /etc/kernel/cmdline' Disabled:
	[ "$(options)" = 'root=UUID=1 ro quiet' ]
	unchanged
	do_ask enable 0b:00
	says 0 Enabled:
	[ "$(options)" = 'root=UUID=1 ro quiet vfio.gpus=0b:00' ]
	# A tool that fails leaves the file for the next run.
	: >"$M/tmp/fails"
	do_ask disable
	says 1 'still has' 'not disabled yet'
	silent Removed:
	[ "$(cat "$M/$CMDLINE")" = 'root=UUID=1 ro quiet' ]
	rm "$M/tmp/fails"
	do_ask disable
	says 0 Disabled:
	unchanged
	# The file that enable wrote was removed manually.
	do_ask enable 0b:00
	rm "$M/$CMDLINE"
	do_ask disable
	says 0 Disabled:
	[ "$(options)" = 'root=UUID=1 ro quiet' ]
	unchanged
	# Whose are they, where they differ?
	do_ask enable 0b:00
	rm "$M/$CMDLINE"
	has boot/efi/loader/entries/other.conf 'linux /other' 'options root=UUID=2'
	do_ask disable
	says 1 'there is no' '/etc/kernel/cmdline' 'still has' 'not disabled yet'
	[ "$(options)" = "$(printf 'root=UUID=1 ro quiet vfio.gpus=0b:00\nroot=UUID=2')" ]
	do_ask enable 0b:00
	says 2 'the boot entries differ or cannot be read' 'write it to that file first'
	has $CMDLINE 'root=UUID=1 ro quiet'
	do_ask disable
	says 0 Disabled:
	[ "$(options)" = "$(printf 'root=UUID=1 ro quiet\nroot=UUID=2')" ]
}

@test "rescue: a boot partition that is not mounted is noticed" {
	on_machine nvidia-twins 'initrd=\id\initrd root=UUID=1 ro quiet'
	boots_by_systemd 'root=UUID=1 ro quiet'
	FIRST=$(files)
	# kernel-install then takes /boot itself.
	ln -sf busybox "$M/bin/mkdir"
	sed -i 's|^{$|E=/boot/efi; [ -d $E/loader ] \|\| { E=/boot; mkdir -p $E/loader/entries; }; {|
		s|>"/boot/efi/loader|>"$E/loader|' "$M/usr/bin/kernel-install"
	do_ask enable 0b:00
	says 0 Enabled:
	mv "$M/boot/efi" "$M/aside"
	mkdir "$M/boot/efi"
	for ((i = 0; i < 2; i++)); do
		do_ask disable
		says 1 'there are no boot entries of systemd-boot' 'mount the file systems' 'not disabled yet'
		silent Disabled:
		[ ! -e "$M/boot/loader" ]
	done
	rmdir "$M/boot/efi"
	mv "$M/aside" "$M/boot/efi"
	do_ask disable
	says 0 Disabled:
	unchanged
	mv "$M/boot/efi" "$M/aside"
	mkdir "$M/boot/efi"
	do_ask enable --loader systemd-boot 0b:00
	says 1 'nothing was written: no entries of systemd-boot were found; mount'
	rmdir "$M/boot/efi"
	mv "$M/aside" "$M/boot/efi"
	unchanged
	on_machine nvidia-twins BOOT_IMAGE=/boot/vmlinuz-6 root=UUID=1 ro quiet
	boots_by_grub
	FIRST=$(files)
	do_ask enable 0b:00
	says 0
	mv "$M/boot/grub/grub.cfg" "$M/aside"
	do_ask disable
	says 1 'there are no boot entries of GRUB' 'not disabled yet'
	mv "$M/aside" "$M/boot/grub/grub.cfg"
	do_ask disable
	says 0 Disabled:
	unchanged
}

@test "the record stays until the entries are as before" {
	strace -o /dev/null true 2>/dev/null || skip "no ptrace here"
	export ASAN_OPTIONS=detect_leaks=0:exitcode=99
	on_machine nvidia-twins 'initrd=\id\initrd root=UUID=1 ro quiet'
	boots_by_systemd 'root=UUID=1 ro quiet'
	# The ESP becomes read-only after the first entry was written.
	sed -i 's|^set -e$|[ ! -e /tmp/broken ] \|\| exit 5\nset -e|
		s|^\[ ! -e /tmp/fails .*|[ ! -e /tmp/fails ] \|\| [ "$2" != 6.1.0-2-amd64 ] \|\| { : >/tmp/broken; exit 3; }|' \
		"$M/usr/bin/kernel-install"
	FIRST=$(files)
	: >"$M/tmp/fails"
	run as_root strace -o /dev/null -P "$M/boot/efi/loader/entries" \
		-e inject=openat,renameat,unlinkat:error=EROFS \
		"$EARLYBIND" --root "$M" --pci-ids /dev/null enable 0b:00 </dev/null
	says 1 'it is not certain that the boot entries are as before: they differ' \
		"left to run in $M: kernel-install" 'run earlybind disable'
	[ "$(options)" = "$(printf 'root=UUID=1 ro quiet\nroot=UUID=1 ro quiet vfio.gpus=0b:00')" ]
	rm "$M"/tmp/broken "$M"/tmp/fails
	do_ask show
	says 1 'was interrupted'
	do_ask disable
	says 0 Disabled:
	unchanged
	# It is killed while it takes all back.
	for ((step = 1; step <= 20; step++)); do
		: >"$M/tmp/fails"
		as_root strace -o /dev/null -e "inject=renameat,unlinkat:signal=KILL:when=$step" \
			"$EARLYBIND" --root "$M" --pci-ids /dev/null enable 0b:00 </dev/null >/dev/null 2>&1 || true
		rm -f "$M"/tmp/broken "$M"/tmp/fails
		do_ask disable
		says 0
		unchanged
	done
}

@test "a machine that changed its loader: the one before loses the arguments too" {
	boots_by_systemd 'root=UUID=1 ro quiet'
	grub_tries
	FIRST=$(files)
	do_ask enable --loader grub 0b:00
	says 0
	do_ask enable --loader systemd-boot 0b:00
	says 0 'Running update-grub' 'Enabled: vfio.gpus=0b:00, in /etc/kernel/cmdline'
	refute_in "$M/boot/grub/grub.cfg" vfio
	do_ask disable
	says 0 Disabled:
	claims_nothing
	unchanged
	do_ask enable --loader systemd-boot 0b:00
	do_ask enable --loader grub 0b:00
	says 0 'Running kernel-install'
	[ "$(options)" = 'root=UUID=1 ro quiet' ]
	: >"$M/tmp/deaf"
	do_ask disable --loader systemd-boot
	says 1 "GRUB, which enable used before, still has 'vfio.gpus=0b:00' in /boot/grub/grub.cfg:2" \
		"left to run in $M: update-grub" 'not disabled yet'
	silent Disabled:
	rm "$M/tmp/deaf"
	do_ask disable --loader systemd-boot
	says 0 Disabled:
	claims_nothing
	unchanged
	# Where that fails, or is interrupted, the next run knows of it.
	do_ask enable --loader grub 0b:00
	: >"$M/tmp/deaf"
	do_ask enable --loader systemd-boot 0b:00
	says 1 "GRUB, which enable used before, still has 'vfio.gpus=0b:00'" \
		'the entries of systemd-boot are as they should be' 'run the same command again'
	do_ask enable --loader systemd-boot 0b:00
	says 1 'GRUB, which enable used before'
	do_ask disable
	says 1 'GRUB, which enable used before' 'not disabled yet'
	rm "$M/tmp/deaf"
	do_ask disable
	says 0 Disabled:
	claims_nothing
	unchanged
	do_ask enable --loader grub 0b:00
	sed -i 's|^exec|[ ! -e /tmp/dies ] \|\| kill -9 $PPID\nexec|' "$M/usr/sbin/update-grub"
	: >"$M/tmp/dies"
	do_ask enable --loader systemd-boot 0b:00
	rm "$M/tmp/dies"
	do_ask enable --loader systemd-boot 0b:00
	says 0 'Running update-grub' Enabled:
	refute_in "$M/boot/grub/grub.cfg" vfio
	do_ask disable
	says 0
	unchanged
	# Its trial ends as well.
	do_ask enable --try --loader grub 0b:00
	do_ask enable --loader systemd-boot 0b:00
	says 0 Enabled:
	refute_in "$M/boot/grub/grub.cfg" earlybind
	do_ask disable
	says 0
	unchanged
	# It is gone.
	do_ask enable --loader grub 0b:00
	rm -r "$M/boot/grub" "$M/usr/sbin/update-grub" "$M/usr/sbin/grub-mkconfig"
	do_ask disable --loader systemd-boot
	says 0 Disabled:
	[ ! -e "$M/$DROP_IN" ]
}

@test "standard input, output and error output closed: all of it is done" {
	for closed in 0 1 2 '0 1' '1 2' '0 1 2'; do
		close=
		for fd in $closed; do close="$close $fd>&-"; done
		run as_root bash -c "\"\$@\" $close" - "$EARLYBIND" --root "$M" --pci-ids /dev/null enable 0b:00
		[ "$status" = 0 ]
		claims 'vfio.gpus=0b:00'
		[ -s "$M/$DROP_IN" ]
		run as_root bash -c "\"\$@\" $close" - "$EARLYBIND" --root "$M" --pci-ids /dev/null disable
		[ "$status" = 0 ]
		unchanged
	done
}

@test "a command line that the kernel would cut is refused, before and after the tool" {
	long=$(printf ',0000:0b:00@10de:1e87%.0s' $(seq 95))
	do_ask enable "0b:00$long"
	says 1 'nothing was written' 'the kernel keeps 2047'
	unchanged
	# Room is counted in the entry, with what stands there already.
	has etc/default/grub "GRUB_CMDLINE_LINUX_DEFAULT=\"$(printf 'a%.0s' $(seq 1985))\""
	in_machine update-grub
	FIRST=$(files)
	do_ask enable 0b:00,0b:00,0b:00,0b:00
	says 1 'the kernel keeps 2047'
	unchanged
	sed -i 's|^{$|GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"\n{|' \
		"$M/usr/sbin/grub-mkconfig"
	do_ask enable 0b:00
	says 1 'bytes long; the kernel keeps 2047' 'read back and are as before'
	unchanged
}

@test "what a user wrote into the drop-in is saved each time, under a new name" {
	for ((i = 1; i <= 3; i++)); do
		do_ask enable 0b:00
		says 0
		echo "GRUB_TIMEOUT=$i" >>"$M/$DROP_IN"
		do_ask disable
		says 0 "saved as /var/lib/earlybind/saved/earlybind.cfg.$i"
	done
	for ((i = 1; i <= 3; i++)); do
		grep -qx "GRUB_TIMEOUT=$i" "$M/var/lib/earlybind/saved/earlybind.cfg.$i"
	done
	# The same content once more takes no new name.
	do_ask enable 0b:00
	echo GRUB_TIMEOUT=2 >>"$M/$DROP_IN"
	do_ask disable
	says 0 'saved/earlybind.cfg.2'
	[ "$(ls "$M/var/lib/earlybind/saved" | wc -l)" = 3 ]
	# A drop-in of ours with more in it, whose record is lost.
	do_ask enable 0b:00
	echo GRUB_TIMEOUT=9 >>"$M/$DROP_IN"
	rm "$M/var/lib/earlybind/enabled"
	do_ask disable
	says 0 'saved/earlybind.cfg.4'
	grep -qx GRUB_TIMEOUT=9 "$M/var/lib/earlybind/saved/earlybind.cfg.4"
	claims_nothing
}

@test "a drop-in that was edited or removed: what show advises works" {
	do_ask enable 0b:00
	sed -i 's/vfio.gpus=0b:00/vfio.gpus=0a:00/' "$M/$DROP_IN"
	in_machine update-grub
	do_ask show
	says 1 'changed since enable' 'run earlybind enable vfio.gpus=0b:00 again'
	do_ask enable vfio.gpus=0b:00
	says 0 'Enabled: vfio.gpus=0b:00' 'saved as /var/lib/earlybind/saved/earlybind.cfg.1'
	grep -q 'vfio.gpus=0a:00' "$M/var/lib/earlybind/saved/earlybind.cfg.1"
	# The same words in another file, too, are not ours.
	sed -i 's/vfio.gpus=0b:00/vfio.gpus=0a:00/' "$M/$DROP_IN"
	has etc/default/grub.local 'GRUB_CMDLINE_LINUX="vfio.gpus=0a:00"'
	echo '. /etc/default/grub.local' >>"$M/etc/default/grub"
	in_machine update-grub
	do_ask enable 0b:00
	says 1 'nothing was'
	sed -i '$d' "$M/etc/default/grub"
	in_machine update-grub
	do_ask enable 0b:00
	says 0 Enabled:
	rm "$M/$DROP_IN"
	do_ask show
	says 1 'in /etc/default/grub.d/earlybind.cfg, removed since enable' \
		'a file that enable wrote was removed: run earlybind enable vfio.gpus=0b:00 again'
	do_ask enable vfio.gpus=0b:00
	says 0 Enabled:
	rm "$M/$DROP_IN"
	do_ask disable
	says 0 Disabled:
	claims_nothing
}

@test "an empty grub.d of a user's stays, whatever stat says of it" {
	strace -o /dev/null true 2>/dev/null || skip "no ptrace here"
	export ASAN_OPTIONS=detect_leaks=0:exitcode=99
	run as_root strace -o /dev/null -P "$M/etc/default/grub.d" -e inject=openat2:error=EIO:when=1 \
		"$EARLYBIND" --root "$M" --pci-ids /dev/null enable 0b:00 </dev/null
	do_ask disable
	[ -d "$M/etc/default/grub.d" ]
	unchanged
}

@test "disable calls nothing removed that is there" {
	strace -o /dev/null true 2>/dev/null || skip "no ptrace here"
	export ASAN_OPTIONS=detect_leaks=0:exitcode=99
	do_ask enable 0b:00
	run as_root strace -o /dev/null -P "$M/etc/default/grub.d" -e inject=unlinkat:error=EROFS \
		"$EARLYBIND" --root "$M" --pci-ids /dev/null disable </dev/null
	says 1 'earlybind.cfg cannot be written: Read-only file system' 'not disabled yet'
	silent Removed:
	[ -e "$M/$DROP_IN" ]
	do_ask disable
	says 0 "Removed: /$DROP_IN" Disabled:
	unchanged
	grub_tries
	FIRST=$(files)
	do_ask enable --try 0b:00
	run as_root strace -o /dev/null -P "$M/boot/grub/grubenv" -e inject=write:error=EROFS \
		"$EARLYBIND" --root "$M" --pci-ids /dev/null disable </dev/null
	says 1 'grubenv cannot be written: Read-only file system' 'not disabled yet'
	silent Removed:
	do_ask disable
	says 0 Disabled:
	unchanged
}

@test "disable works where /var is full or read-only" {
	strace -o /dev/null true 2>/dev/null || skip "no ptrace here"
	export ASAN_OPTIONS=detect_leaks=0:exitcode=99
	do_ask enable 0b:00
	run as_root strace -o /dev/null -P "$M/var/lib/earlybind" -P "$M/var/lib" \
		-e inject=unlinkat,openat,renameat,mkdirat:error=EROFS \
		"$EARLYBIND" --root "$M" --pci-ids /dev/null disable </dev/null
	claims_nothing
	[ ! -e "$M/$DROP_IN" ]
	says 1 'var/lib/earlybind/enabled cannot be written: Read-only file system' 'only that record is left'
	do_ask disable
	says 0
	unchanged
	# Content of a user's that finds no place in /var is saved beside the file.
	do_ask enable 0b:00
	echo GRUB_TIMEOUT=7 >>"$M/$DROP_IN"
	run as_root strace -o /dev/null -P "$M/var/lib/earlybind" -P "$M/var/lib" \
		-P "$M/var/lib/earlybind/saved" -e inject=openat,mkdirat,renameat:error=ENOSPC \
		"$EARLYBIND" --root "$M" --pci-ids /dev/null disable </dev/null
	says 0 'saved as /etc/default/grub.d/earlybind.cfg.saved.1'
	grep -qx GRUB_TIMEOUT=7 "$M/$DROP_IN.saved.1"
	claims_nothing
}

@test "a lock that any user can take does not stop enable" {
	flock "$M/etc" sleep 30 3>&- &
	holder=$!
	flock "$M" sleep 30 3>&- &
	do_ask enable 0b:00
	says 0 Enabled:
	kill $holder %2
	[ ! -e "$M/run/earlybind.lock" ]
}

@test "only y and yes are a yes" {
	for answer in yikes yy 'y es' 1 Yesterday; do
		run as_root bash -c "echo '$answer' | TERM=dumb script -qec \"stty -onlcr; '$EARLYBIND' --root '$M' --pci-ids /dev/null enable all\" /dev/null"
		says 1 'nothing was written'
		unchanged
	done
	run as_root bash -c "echo Yes | TERM=dumb script -qec \"stty -onlcr; '$EARLYBIND' --root '$M' --pci-ids /dev/null enable all\" /dev/null"
	says 0 Enabled:
}

@test "SIGTERM while the tool runs ends the tool, and all is put back" {
	sed -i 's|^exec|: >/tmp/started; sleep 20; : >/tmp/went-on\nexec|' "$M/usr/sbin/update-grub"
	for signal in TERM INT HUP; do
		rm -f "$M/tmp/started"
		SECONDS=0
		as_root bash -c 'env --default-signal "$1" --root "$2" --pci-ids /dev/null enable 0b:00 \
				>"$3" 2>&1 </dev/null &
			for ((i = 0; i < 100; i++)); do
				[ ! -e "$2/tmp/started" ] || break
				sleep 0.1
			done
			kill -'$signal' $!
			wait $! || true' - "$EARLYBIND" "$M" "$BATS_TEST_TMPDIR/out" 3>&-
		[ "$SECONDS" -lt 15 ]
		grep -q 'was interrupted by signal' "$BATS_TEST_TMPDIR/out"
		grep -q 'read back and are as before' "$BATS_TEST_TMPDIR/out"
		[ ! -e "$M/tmp/went-on" ]
		unchanged
	done
}

@test "show: a long line comes whole, and the tool is advised only where it helps" {
	long=vfio.gpus=0b:00$(printf ',0000:0b:00@10de:1e87%.0s' $(seq 70))
	do_ask enable "$long"
	says 0
	do_ask show
	[[ $output == *"$long"* ]]
	do_ask disable
	do_ask enable 0b:00
	has etc/default/grub.d/zz.cfg 'GRUB_CMDLINE_LINUX_DEFAULT=quiet'
	in_machine update-grub
	do_ask show
	says 1 '$GRUB_CMDLINE_LINUX_DEFAULT in /etc/default/grub.d/zz.cfg, which overrides'
	silent 'run update-grub'
	rm "$M/etc/default/grub.d/zz.cfg"
	do_ask show
	says 1 'run update-grub'
}
