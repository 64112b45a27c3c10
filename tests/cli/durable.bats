#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# After a power failure the disk has what was flushed. So each file that is renamed was flushed
# before, its directory after that and before the next step, and what the loader's tools wrote
# before the state says that it is done: looked up in the system calls.

load after
load boots

setup_file()
{
	after_setup_file
	strace -o /dev/null true 2>/dev/null || skip "no ptrace here"
	command -v busybox >/dev/null || skip "no busybox; run qemu-test/setup unit"
}

# trace COMMAND...: its calls, with the paths of descriptors
trace()
{
	TRACE=$BATS_TEST_TMPDIR/trace
	ASAN_OPTIONS=detect_leaks=0:exitcode=99 as_root strace -y -o "$TRACE" \
		-e trace=write,pwrite64,fsync,syncfs,renameat,unlinkat,mkdirat,ftruncate,wait4 \
		"$EARLYBIND" --root "$M" --pci-ids /dev/null "$@" </dev/null >/dev/null
}

# flushed [TRACE]: what in it is not; a file's own flush, and that of its directory
flushed()
{
	awk -v root="$(realpath "$M")" '
		function path(at) { match($0, "<" root "[^>]*>"); return substr($0, RSTART + 1, RLENGTH - 2) }
		function name(n, part) { split($0, part, "\""); return part[n] }
		# Only the lock is for this run alone.
		/earlybind\.lock/ { next }
		# What failed changed nothing.
		/ = -1 / { next }
		# A run before this one may have left it; nobody reads it.
		/^unlinkat/ && /earlybind-new"/ { next }
		/^(renameat|unlinkat|mkdirat|wait4|p?write)/ && waits && !/^write\([12]</ {
			print "before " waits " was flushed: " $0; bad = 1; waits = ""
		}
		/^p?write/ && index($0, "<" root "/") { dirty[path()] = 1; writes++ }
		/^fsync/ { delete dirty[path()]; if (path() == waits) waits = ""; syncs++ }
		/^syncfs/ { tool = 0 }
		# bootctl writes to the firmware.
		/0-earlybind-try.conf/ { bootctl = 1 }
		/^wait4/ { tool = !bootctl }
		/^renameat/ {
			from = path() "/" name(2)
			if (from in dirty) { print "not flushed: " $0; bad = 1 }
			if (tool && /"enabled"/ && state) { print "the tool was not flushed: " $0; bad = 1 }
			renames++
		}
		/^unlinkat/ && /"enabled"/ && tool { print "the tool was not flushed: " $0; bad = 1 }
		/^(renameat|unlinkat|mkdirat)/ { waits = path() }
		/^renameat/ && /"enabled"/ { state = 1 }
		END {
			if (waits) { print "never flushed: " waits; bad = 1 }
			for (file in dirty) { print "never flushed: " file; bad = 1 }
			if (syncs < 5) { print "only " syncs + 0 " flushes"; bad = 1 }
			exit bad
		}' "$1"
}

# steps: all that changes something, on this machine
steps()
{
	for step in "$@"; do
		# shellcheck disable=SC2086
		trace $step
		flushed "$TRACE" || {
			echo "by $step"
			return 1
		}
		[ "$step" != 'enable --try 0b:00' ] || reboot
	done
}

@test "GRUB: enable, another, a trial, keep, disable" {
	on_machine nvidia-twins BOOT_IMAGE=/boot/vmlinuz-6 root=UUID=1 ro quiet
	boots_by_grub
	grub_tries
	steps 'enable 0a:00,-0b:00' 'enable --yes all' 'enable --try 0b:00' keep disable
	grep -q 'syncfs([0-9]*<.*/boot/grub/grub.cfg>' "$TRACE"
}

@test "systemd-boot: enable, another, a trial, keep, disable" {
	on_machine nvidia-twins 'initrd=\id\initrd root=UUID=1 ro quiet'
	boots_by_systemd 'root=UUID=1 ro quiet'
	systemd_tries
	steps 'enable 0a:00,-0b:00' 'enable --yes all' 'enable --try 0b:00' keep disable
	grep -q 'syncfs([0-9]*<.*/boot/efi/loader/entries/' "$TRACE"
}

@test "Proxmox: enable, another, disable" {
	on_machine nvidia-twins 'initrd=\EFI\proxmox\initrd root=ZFS=rpool/ROOT/pve-1 boot=zfs'
	boots_by_proxmox
	steps 'enable 0a:00,-0b:00' 'enable --yes all' disable
}

@test "the look at the calls finds what is not flushed" {
	on_machine nvidia-twins BOOT_IMAGE=/boot/vmlinuz-6 root=UUID=1 ro quiet
	boots_by_grub
	trace enable 0b:00
	flushed "$TRACE"
	for gone in "fsync([0-9]*<[^>]*/etc/default/grub.d>" "fsync([0-9]*<[^>]*/grub.cfg.earlybind-new>" \
		"fsync([0-9]*<[^>]*/var/lib/earlybind>" syncfs; do
		grep -q "$gone" "$TRACE"
		grep -v "$gone" "$TRACE" >"$TRACE.less"
		run flushed "$TRACE.less"
		[ "$status" = 1 ]
	done
}
