#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# enable --try and keep are killed at each of their calls that changes a directory or flushes a
# file: the boot after the next has nothing of it, and the next run completes it.

load ../cli/after
load ../cli/boots

setup_file()
{
	after_setup_file
	strace -o /dev/null true 2>/dev/null || skip "no ptrace here"
	command -v busybox >/dev/null || skip "no busybox; run qemu-test/setup unit"
}

setup()
{
	on_machine nvidia-twins BOOT_IMAGE=/boot/vmlinuz-6 root=UUID=1 ro quiet
	boots_by_grub
	grub_tries
	BOOTS=1
	FIRST=$(files)
}

# with_systemd [CMDLINE]
with_systemd()
{
	on_machine nvidia-twins 'initrd=\id\initrd root=UUID=1 ro quiet'
	boots_by_systemd "${1:-root=UUID=1 ro quiet}"
	systemd_tries
	BOOTS=1
	FIRST=$(files)
}

# steps COMMAND...: how many calls it makes that change a directory or overwrite a file
CALLS=renameat,unlinkat,mkdirat,fsync

killed()
{
	as_root strace -o /dev/null -e "inject=$CALLS:signal=KILL:when=$1" \
		"$EARLYBIND" --root "$M" --pci-ids /dev/null "${@:2}" </dev/null >/dev/null 2>&1 || true
}

steps()
{
	as_root strace -o "$BATS_TEST_TMPDIR/trace" -e "trace=$CALLS" \
		"$EARLYBIND" --root "$M" --pci-ids /dev/null "$@" </dev/null >/dev/null 2>&1
	grep -c '^[a-z]*(' "$BATS_TEST_TMPDIR/trace"
}

# to_the_trial: a machine in the boot that tries it
to_the_trial()
{
	do_ask disable
	has $BOOT_ID boot-1
	has proc/cmdline 'BOOT_IMAGE=/boot/vmlinuz-6 root=UUID=1 ro quiet'
	do_ask enable --try 0b:00
	[ "$status" = 0 ]
	reboot
}

stopped()
{
	count=$(steps enable --try 0b:00)
	armed=$(files)
	[ "$count" -gt 6 ]
	do_ask disable
	unchanged
	for ((step = 1; step <= count; step++)); do
		killed $step enable --try 0b:00
		# It comes in one boot, or in none.
		reboot
		reboot
		refute_in "$M/proc/cmdline" 'vfio\.gpus'
		has $BOOT_ID boot-1
		do_ask enable --try 0b:00
		says 0
		do_ask show
		says 1 'trial the next boot has'
		do_ask disable
		says 0
		unchanged
	done
	to_the_trial
	count=$(steps keep)
	kept=$(files)
	echo "# try: $((step - 1)) calls, keep: $count" >&3
	[ "$count" -gt 6 ]
	for ((step = 1; step <= count; step++)); do
		to_the_trial
		killed $step keep
		case $((step % 2)) in
		0) do_ask keep ;;
		1) do_ask enable 0b:00 ;;
		esac
		[ "$status" = 0 ] || says 1 'this boot is no trial'
		# Copies of the trial's file may be left until disable.
		diff <(echo "$kept" | grep -v /script) <(files | grep -v /script)
		do_ask disable
		says 0
		unchanged
	done
}

@test "--try and keep, stopped at any step" {
	stopped
	with_systemd
	stopped
}
