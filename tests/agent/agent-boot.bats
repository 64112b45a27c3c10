#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The agent as at boot, with / in a directory whose files take what is written and do
# nothing, or block for ever: the boot goes on, and how much memory that takes.

load agent-root

@test "an image without vfio-pci: all is given back, and said" {
	machine seed 'vfio.gpus=05:00'
	in_root
	cat "$report"
	[ "$(jq -r '[.devices[].result] | join(" ")' "$report")" = "failed failed" ]
	jq -e '[.findings[].code] | index("no-vfio")' "$report"
	jq -e '.held_us <= .elapsed_us and (.dryrun | not)' "$report"
	grep -q '^<5>earlybind: holding 2 functions, loading vfio-pci$' "$root/dev/kmsg"
	grep -q '^<3>earlybind: vfio-pci is neither in the initramfs' "$root/dev/kmsg"
	# A newline went over the override.
	[ "$(head -n 1 "$root/sys/bus/pci/devices/0000:05:00.0/driver_override")" = "" ]
	# The other card was not touched.
	grep -qx '(null)' "$root/sys/bus/pci/devices/0000:0b:00.0/driver_override"
}

@test "a driver that takes an address and does nothing: only the link counts" {
	machine seed 'vfio.gpus=05:00 earlybind.on_failure=hold'
	mkdir -p "$root/sys/bus/pci/drivers/vfio-pci"
	: >"$root/sys/bus/pci/drivers/vfio-pci/bind"
	in_root
	[ "$(jq -r '[.devices[].reason] | join(" ")' "$report")" = \
		"binding vfio-pci: EIO binding vfio-pci: EIO" ]
	jq -e '[.findings[].code] | index("still-held")' "$report"
	grep -q '0000:05:00.[01]' "$root/sys/bus/pci/drivers/vfio-pci/bind"
	grep -q '^vfio-pci' "$root/sys/bus/pci/devices/0000:05:00.0/driver_override"
}

@test "binding blocks: the boot goes on in time, and the others are served" {
	machine seed 'vfio.gpus=05:00 earlybind.timeout=1'
	mkdir -p "$root/sys/bus/pci/drivers/vfio-pci"
	mkfifo "$root/sys/bus/pci/drivers/vfio-pci/bind"
	SECONDS=0
	in_root
	[ "$SECONDS" -le 5 ]
	[ "$(jq -r '[.devices[].result] | join(" ")' "$report")" = "timeout timeout" ]
	[ "$(jq -r '[.findings[].code] | join(" ")' "$report")" != "" ]
	jq -e '[.findings[] | select(.code == "timeout")] | length == 2' "$report"
}

# A read blocks where strace holds it up: a FIFO is not read at all.
@test "looking at a function blocks: the boot goes on in time, and the others are served" {
	machine seed 'vfio.gpus=05:00,0b:00 earlybind.timeout=1'
	can_trace
	under="strace -f -o $place/trace -e trace=openat -e inject=openat:delay_enter=8000000
		-P sys/bus/pci/devices/0000:05:00.0/driver_override"
	in_root
	cat "$report"
	jq -e '.elapsed_us > 900000 and .elapsed_us < 5000000' "$report"
	[ "$(jq -r '[.devices[].result] | join(" ")' "$report")" = \
		"timeout timeout failed failed" ]
	jq -e '[.findings[] | select(.code == "timeout") | .address] ==
		["0000:05:00.0", "0000:05:00.1"]' "$report"
	grep -q '^<3>earlybind: ' "$root/dev/kmsg"
}

@test "no argument: nothing is read but the command line, nothing is written" {
	machine seed 'quiet'
	mv "$root/proc/cmdline" "$place"
	rm -r "$root/proc" "$root/sys"
	mkdir "$root/proc"
	mv "$place/cmdline" "$root/proc"
	before=$(sha256sum "$root/dev/kmsg")
	in_root
	[ ! -e "$root/run/earlybind" ]
	[ "$(sha256sum "$root/dev/kmsg")" = "$before" ]
}

# A tree of so many functions from 0000:10:00.0 on; every sixteenth is a display controller.
many_functions()
{
	local n kind address class
	for kind in vga other; do
		[ $kind = vga ] && class=0x030000 || class=0x0c0330
		printf "f sys/devices/$kind/%s\n" "class $class\n" 'vendor 0x10de\n' \
			'device 0x1187\n' 'driver_override (null)\n'
		printf 'f sys/devices/%s/resource ' "$kind"
		for n in 0 1 2 3 4 5 6; do
			printf '0x%016x 0x%016x 0x0000000000040200\\n' $((n * 65536 + 65536)) \
				$((n * 65536 + 131071))
		done
		printf "\nl sys/devices/$kind/%s" 'iommu_group ../../kernel/iommu_groups/7' \
			'driver ../../bus/pci/drivers/nouveau'
		echo
	done
	for ((n = 0; n < $1; n++)); do
		[ $((n % 16)) = 0 ] && kind=vga || kind=other
		printf -v address '0000:%02x:%02x.%x' $((16 + n / 256)) $((n / 8 % 32)) $((n % 8))
		echo "l sys/bus/pci/devices/$address ../../../devices/$kind"
	done
	echo 'd sys/kernel/iommu_groups/7'
	echo 'd run'
	echo 'f proc/iomem 00000000-00000fff : Reserved\n00010000-0001ffff : efifb\n'
	echo 'f proc/cmdline vfio.gpus=all,-10de:ffff,0000:10:1f\n'
}

# child_of PID: a child that is still there after half a second; others come and go.
child_of()
{
	local child=none last=
	while [ -z "$child" ] || [ "$child" != "$last" ]; do
		sleep 0.5
		kill -0 "$1" || return
		last=$child
		child=$(grep -slx "PPid:[^0-9]*$1" /proc/[0-9]*/status || :)
	done
	child=${child#/proc/}
	echo "${child%/status}"
}

# peak_of PID: its peak resident memory in KiB.
peak_of()
{
	sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$1/status"
}

# The agent itself, and a child that reads for it. strace holds the agent up where it ends, and
# the child where it opens an attribute of a console, when the plan is made.
@test "4096 functions take less than 1 MiB and five seconds" {
	many_functions 4096 >"$place/tree"
	"$MKTREE" "$place/tree" "$root"
	"$AGENT" --root "$root" >"$place/said"
	elapsed=$(jq .elapsed_us "$report")
	jq -e '.devices | length == 256' "$report"
	[ "$(wc -l <"$place/said")" = 8 ]
	[ "$elapsed" -lt 5000000 ]
	can_trace

	rm -r "$root/run/earlybind"
	strace -o "$place/trace" -e trace=exit,exit_group -e inject=exit,exit_group:delay_enter=4000000 \
		"$AGENT" --root "$root" >"$place/said" 3>&- &
	agent=$(child_of $!)
	until [ -s "$root/run/earlybind/boot.log" ]; do
		kill -0 "$agent"
	done
	self=$(peak_of "$agent")
	wait $!

	mkdir -p "$root/sys/class/vtconsole/vtcon0"
	echo '(M) frame buffer device' >"$root/sys/class/vtconsole/vtcon0/name"
	echo 1 >"$root/sys/class/vtconsole/vtcon0/bind"
	echo 'vfio.gpus=all earlybind.fb=release earlybind.timeout=100' >"$root/proc/cmdline"
	strace -f --seccomp-bpf -o "$place/trace" -e trace=openat -e inject=openat:delay_enter=4000000 \
		-P sys/class/vtconsole/vtcon0/bind "$AGENT" --root "$root" >"$place/said" 3>&- &
	child=$(peak_of "$(child_of "$(child_of $!)")")
	wait $!

	echo "# 4096 functions: $elapsed us; at most $child KiB resident to look," \
		"$self KiB to report" >&3
	# Most of the child's pages are the agent's own.
	[ "$child" -lt 1024 ] && [ "$child" -gt 100 ]
	[ "$self" -lt 1024 ] && [ "$self" -gt 100 ]
}
