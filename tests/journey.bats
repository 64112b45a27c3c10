#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What judges the boots of qemu-test/journey: each word is true of a boot as it should be, and false
# when one thing about it is wrong.

bats_require_minimum_version 1.5.0

setup()
{
	cd "$BATS_TEST_DIRNAME/.."
	good=$BATS_TEST_TMPDIR/good.json
	cat >"$good" <<-'END'
		{ "cmdline": "ro vfio.gpus=00:05",
		  "devices": [
		    { "address": "0000:00:05.0", "driver": "vfio-pci", "override": "vfio-pci" },
		    { "address": "0000:00:07.0", "driver": "bochs-drm", "override": null } ],
		  "report": { "devices": [
		    { "address": "0000:00:05.0", "result": "claimed", "driver_before": null } ] },
		  "vfio": [ { "address": "0000:00:05.0", "region": 0, "mmap": "ok" } ],
		  "kernel_log": [ "[ 3.1] earlybind: 0000:00:05.0: bound to vfio-pci",
		    "[ 5.2] [drm] Initialized bochs-drm 1.0.0 20130925 for 0000:00:07.0 on minor 0" ],
		  "entries": [ "ro vfio.gpus=00:05", "ro single", "ro vfio.gpus=00:05 quiet" ],
		  "commands": [
		    { "command": "earlybind show --json", "status": 0, "stdout":
		      "{\"enabled\":\"A\",\"boot_loader\":\"A\",\"running\":\"A\",\"finished\":true,\"to_do\":null}" },
		    { "command": "true", "status": 0, "stdout": "" } ] }
	END
}

# holds EXPRESSION [CHANGE]: is it true of the good boot, or of that after a CHANGE by jq?
holds()
{
	jq "${2:-.}" "$good" >"$BATS_TEST_TMPDIR/boot.json"
	jq -e "$(cat qemu-test/words.jq) $1" "$BATS_TEST_TMPDIR/boot.json" >/dev/null
}

# notices EXPRESSION CHANGE...: it is true of the good boot, and of none that is changed
notices()
{
	holds "$1" || { echo "not true of the good boot: $1"; return 1; }
	local expression=$1 change
	shift
	for change; do
		if holds "$expression" "$change"; then
			echo "$expression: still true after $change"
			return 1
		fi
	done
}

@test "claimed: by its driver, the report and the client" {
	notices 'claimed(["05.0"])' '.devices[0].driver = "bochs-drm"' '.devices = []' \
		'.report.devices[0].result = "failed"' '.report.devices[0].driver_before = "bochs-drm"' \
		'.report = null' '.vfio = []' '.vfio[0].mmap = "EBUSY"'
	notices 'claimed_early' '.kernel_log |= reverse' '.kernel_log = .kernel_log[:1]' \
		'.kernel_log = .kernel_log[1:]' '.kernel_log = []'
}

@test "nothing claimed: no driver, no override, nothing that a client could open" {
	good_off='.devices[0] |= (.driver = "bochs-drm" | .override = null) | .vfio = []'
	jq "$good_off" "$good" >"$good.off"
	mv "$good.off" "$good"
	notices nothing_claimed '.devices[1].driver = "vfio-pci"' '.devices[0].override = "vfio-pci"' \
		'.vfio = [{ "address": "0000:00:05.0", "region": 0, "mmap": "ok" }]'
}

@test "entries: each normal one has exactly that, and none in recovery mode" {
	notices 'entries_have("vfio.gpus=00:05")' '.entries[0] = "ro"' '.entries = []' \
		'.entries = ["ro single"]' '.entries[1] += " vfio.gpus=00:05"' \
		'.entries[2] += " earlybind.fb=release"' '.entries[2] += " rd.vfio.gpus=00:06"' \
		'.entries[0] = "ro vfio.gpus=00:05,00:06"'
	holds 'entries_have(null)' '.entries = ["ro quiet", "ro single"]'
	run ! holds 'entries_have(null)'
}

@test "commands and show: all ended well, and agree" {
	notices all_ended '.commands[1].status = 1' '.commands = []'
	for change in enabled boot_loader running to_do; do
		notices 'shows("A")' ".commands[0].stdout |= (fromjson | .$change = \"B\" | tojson)"
	done
	notices 'shows("A")' '.commands[0].stdout |= (fromjson | .finished = false | tojson)'
}

@test "guest_has: what a QEMU in the guest lists, and only what was foretold on its standard error" {
	guest='{ "command": "qemu_guest 00:05", "status": 0, "stderr": "vfio: Cannot reset device 0000:00:05.1, no available\n", "stdout": "{\"return\":[{\"devices\":[{\"id\":{\"vendor\":1,\"device\":2},\"pci_bridge\":{\"devices\":[{\"id\":{\"vendor\":4660,\"device\":4369}},{\"id\":{\"vendor\":32902,\"device\":9832}}]}}]}]}\n" }'
	found='{ "code": "no-reset", "address": "0000:00:05.0", "text": "" }'
	jq ".commands += [$guest] | .report.findings = [$found]" "$good" >"$good.more"
	mv "$good.more" "$good"
	notices 'guest_has("1234:1111"; "8086:2668")' '.commands[-1].stderr += "x"' \
		'.report.findings = []' '.report.findings[0].address = "0000:00:06.0"' \
		'.commands[-1].stdout |= sub("9832"; "9833")' '.commands[-1].stdout = ""' '.commands |= .[:2]'
}

# A stand-in for qemu-test/journey: passes but for the boot loaders that it fails, skips or hangs on.
stand_in()
{
	export JOURNEY=$BATS_TEST_TMPDIR/journey JOURNEY_RESULTS=$BATS_TEST_TMPDIR/results JOURNEY_SEED=7
	export RAN=$BATS_TEST_TMPDIR/ran
	cat >"$JOURNEY" <<-'END'
		#!/bin/sh
		[ "$1" != --key ] || { cat "$RAN.key"; exit; }
		echo "$*" >>"$RAN"
		case "$*" in *grub-pc*) exit 1 ;; *systemd-boot*) exit 77 ;; esac
		while [ "$1" != --facts ]; do shift; done
		echo "{ \"boots\": [ {}, {} ], \"hangs\": 1, \"seconds\": 90, \"key\": \"$(cat "$RAN.key")\" }" >"$2"
		[ ! -e "$RAN.hang" ] || { rm "$RAN.hang"; exit 1; }
	END
	chmod 755 "$JOURNEY"
	echo one >"$RAN.key"
}

@test "check-journeys: a table, and each failed or skipped case counts" {
	stand_in
	run qemu-test/check-journeys bookworm enable
	echo "$output"
	[ "$status" = 1 ]
	[ "${lines[-1]}" = 'journeys: 1 passed, 1 failed, 1 skipped' ]
	[ "${lines[-2]}" = 'journeys: seed 7, 1 hangs of the emulator' ]
	[[ $output == *'| enable      | bookworm | grub-efi        | passed  |     2 |     1 |      90 |'* ]]
	run qemu-test/check-journeys bookworm enable grub-efi
	[ "$status" = 0 ]
	run qemu-test/check-journeys bookworm systemd-boot enable
	[ "$status" = 1 ]
	run qemu-test/check-journeys nonsense
	[ "$status" = 2 ]
	run qemu-test/check-journeys --jobs 0
	[ "$status" = 2 ]
}

@test "check-journeys: a case that failed where the emulator hung is run once more" {
	stand_in
	: >"$RAN.hang"
	run qemu-test/check-journeys bookworm enable grub-efi
	echo "$output"
	[ "$status" = 0 ]
	[ "$(wc -l <"$RAN")" = 2 ]
	[ "${lines[-2]}" = 'journeys: seed 7, 2 hangs of the emulator' ]
}

@test "check-journeys --resume: runs what has not passed, or not as the tree is now" {
	stand_in
	run qemu-test/check-journeys bookworm enable grub-efi grub-pc
	[ "$(wc -l <"$RAN")" = 2 ]
	run qemu-test/check-journeys --resume bookworm enable grub-efi grub-pc
	[ "$(wc -l <"$RAN")" = 3 ]
	[ "${lines[-1]}" = 'journeys: 1 passed, 1 failed, 0 skipped' ]
	echo two >"$RAN.key"
	run qemu-test/check-journeys --resume bookworm enable grub-efi grub-pc
	[ "$(wc -l <"$RAN")" = 5 ]
}

# A guest's log with a kernel that ended in $1, in the program $2.
panic_log()
{
	printf '%s\n' "[ 1.0] Run /init as init process" "[ 2.0] vfio-pci 0000:00:05.0: enabling device" \
		"[ 9.0] $1" "[ 9.1] CPU: 0 PID: 542 Comm: $2 Not tainted" \
		"[ 9.2] Modules linked in: vfio_pci vfio bochs" \
		"[ 9.3] ---[ end Kernel panic - not syncing: Fatal exception in interrupt ]---" >"$log"
}

@test "a double fault of the kernel is the emulator's, but for one with vfio or earlybind in it" {
	work=$BATS_TEST_TMPDIR log=$BATS_TEST_TMPDIR/log TOP=$PWD
	. qemu-test/journey.sh
	fault='traps: PANIC: double fault, error_code: 0x0'
	panic_log "$fault" dracut
	emulator_broke
	panic_log "$fault" earlybind-agent
	run ! emulator_broke
	panic_log 'Oops: general protection fault' dracut
	run ! emulator_broke
	panic_log "$fault" dracut
	echo '[ 9.3]  vfio_pci_core_enable+0x12/0x80' >>"$log"
	run ! emulator_broke
}

@test "a machine whose kernel has panicked is switched off, and is not taken for a hang" {
	work=$BATS_TEST_TMPDIR log=$BATS_TEST_TMPDIR/log timeout=60
	. qemu-test/machine.sh
	panic_log 'Oops: general protection fault' dracut
	SECONDS=0
	run_qemu sleep 50
	[ "$SECONDS" -lt 30 ]
	[ "$status" != 0 ]
	[ ! -e "$work/hung" ]
}
