#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# enable and disable are killed at each of their system calls that writes, and at random
# moments: each file is then the old one or the new one, and the next run completes it.

load ../cli/after
load ../cli/boots

CALLS=openat,write,fchown,fchmod,fsync,close,renameat,unlinkat,mkdirat,flock,clone,wait4

setup_file()
{
	after_setup_file
	strace -o /dev/null true 2>/dev/null || skip "no ptrace here"
}

setup()
{
	on_machine nvidia-twins 'initrd=\EFI\proxmox\initrd root=ZFS=rpool/ROOT/pve-1 boot=zfs'
	boots_by_proxmox
	FIRST=$(files)
	do_ask disable
	do_ask enable 0b:00
	[ "$status" = 0 ]
	ENABLED=$(files)
	NEW_DROP_IN=$(cat "$M/$DROP_IN")
	NEW_CMDLINE=$(cat "$M/$CMDLINE")
	NEW_GRUB_CFG=$(cat "$M/boot/grub/grub.cfg")
	do_ask disable
	[ "$status" = 0 ]
	OLD_CMDLINE=$(cat "$M/$CMDLINE")
	OLD_GRUB_CFG=$(cat "$M/boot/grub/grub.cfg")
	diff <(echo "$FIRST") <(files)
}

command_line()
{
	as_root "$@" "$EARLYBIND" --root "$M" --pci-ids /dev/null "${asked[@]}" </dev/null \
		>/dev/null 2>&1
}

# alone: what a program of the machine had started ends by itself when the program is killed
alone()
{
	local i

	for ((i = 0; i < 600; i++)); do
		[ -n "$(find /proc/[0-9]*/root -maxdepth 0 -lname "$M" 2>/dev/null)" ] || return 0
		sleep 0.05
	done
	return 1
}

# old_or_new: each file that is written is whole, and one of both
old_or_new()
{
	[ ! -e "$M/$DROP_IN" ] || [ "$(cat "$M/$DROP_IN")" = "$NEW_DROP_IN" ]
	case $(cat "$M/$CMDLINE") in "$OLD_CMDLINE" | "$NEW_CMDLINE") ;; *) return 1 ;; esac
	case $(cat "$M/boot/grub/grub.cfg") in "$OLD_GRUB_CFG" | "$NEW_GRUB_CFG") ;; *) return 1 ;; esac
}

# completed N: after a kill, by turns: disable goes back, enable goes on
completed()
{
	alone
	old_or_new
	if [ $(($1 % 2)) = 0 ]; then
		do_ask enable 0b:00
		[ "$status" = 0 ]
		diff <(echo "$ENABLED") <(files)
	fi
	do_ask disable
	[ "$status" = 0 ]
	diff <(echo "$FIRST") <(files)
}

# calls: how many of them the command makes
calls()
{
	command_line strace -o "$BATS_TEST_TMPDIR/trace" -e "trace=$CALLS"
	grep -c '^[a-z0-9]*(' "$BATS_TEST_TMPDIR/trace"
}

@test "enable, killed at each system call" {
	asked=(enable 0b:00)
	count=$(calls)
	do_ask disable
	[ "$count" -gt 60 ]
	for ((n = 1; n <= count; n++)); do
		command_line strace -o /dev/null -e "inject=$CALLS:signal=KILL:when=$n" || true
		completed $n
	done
	echo "# enable: killed at $count system calls" >&3
}

@test "disable, killed at each system call" {
	do_ask enable 0b:00
	asked=(disable)
	count=$(calls)
	[ "$count" -gt 30 ]
	for ((n = 1; n <= count; n++)); do
		do_ask enable 0b:00
		[ "$status" = 0 ]
		command_line strace -o /dev/null -e "inject=$CALLS:signal=KILL:when=$n" || true
		completed $n
	done
	echo "# disable: killed at $count system calls" >&3
}

@test "killed at random moments" {
	RANDOM=${SEED:-11}
	echo "# seed ${SEED:-11}" >&3
	for ((n = 1; n <= ${KILLS:-290}; n++)); do
		asked=(enable 0b:00)
		if [ $((RANDOM % 2)) = 0 ]; then
			do_ask enable 0b:00
			asked=(disable)
		fi
		command_line timeout -s KILL 0.$(printf '%03d' $((RANDOM % 350))) || true
		completed $n
	done
	echo "# killed $((n - 1)) times" >&3
}
