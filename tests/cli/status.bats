#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# earlybind status: what has become of each function that was asked for.

load after

setup_file()
{
	after_setup_file
}

setup()
{
	machine already-claimed
	quiet_report
}

# state ADDRESS STATE DRIVER WELL: what the JSON form says of a function
state()
{
	ask status --json
	jq -e --arg a "0000:$1" --arg s "$2" --arg d "$3" \
		'.devices[] | select(.address == $a) | .state == $s and (.driver // "") == $d
		and .well == '"$4" <<<"$output" || {
		echo "$output"
		return 1
	}
}

@test "status is as expected" {
	machine already-claimed
	{
		ask status
		echo "$output"
		echo "status $status"
		on 0000:01:00.1 snd_hda_intel
		gone 0000:02:00.1
		report '.devices[2] += {result: "failed", reason: "binding: EINVAL"}'
		echo
		echo '# After one was lost, one removed, and one claimed since:'
		ask status
		echo "$output"
		echo "status $status"
	} >"$BATS_TEST_TMPDIR/said"
	expect already-claimed.status <"$BATS_TEST_TMPDIR/said"
}

@test "all is well: status 0" {
	ask status
	says 0 '4 of 4 functions that were asked for are on vfio-pci.'
	silent diagnose
	state 01:00.0 kept vfio-pci true
}

@test "a function that another driver has is lost" {
	on 0000:01:00.0 nvidia
	ask status
	says 1 '01:00.0 graphics 10de:1b80 claimed, then lost to nvidia' '3 of 4 functions' \
		'Run earlybind diagnose'
	state 01:00.0 lost nvidia false
	on 0000:01:00.0
	ask status
	says 1 'claimed, then unbound from vfio-pci'
	state 01:00.0 lost '' false
}

@test "a function that is not there is removed, and so is one that became another" {
	gone 0000:02:00.0
	ask status
	says 1 '02:00.0 10de:1b80 claimed, and no longer present'
	state 02:00.0 removed '' false
	echo 0x1b81 >"$(device 0000:01:00.0)/device"
	ask status
	says 1 '01:00.0 graphics 10de:1b80 claimed, and no longer present: another device has its address'
	state 01:00.0 removed vfio-pci false
}

@test "a function that was not claimed comes with its reason, until it is claimed" {
	on 0000:01:00.0 nouveau
	report '.devices[0] += {result: "failed", reason: "binding: EINVAL"}'
	ask status
	says 1 'not claimed, bound to nouveau: failed, binding: EINVAL'
	state 01:00.0 not-claimed nouveau false
	on 0000:01:00.0 vfio-pci
	ask status
	says 0 'on vfio-pci now; at boot: failed, binding: EINVAL' '4 of 4'
	state 01:00.0 claimed-since vfio-pci true
}

@test "a dry run claims nothing, and that is well" {
	on 0000:01:00.0 nouveau
	report '.dryrun = true | .devices |= [.[0] + {result: "planned"}]'
	ask status
	says 0 'not claimed, as this was a dry run' '0 of 1 functions'
}

@test "errors and BARs that are held are told, and the way to more" {
	report '.findings = [{code: "no-match", severity: "error", address: null, text: "x"}]'
	ask status
	says 1 'The report of the boot has 1 error.' 'Run earlybind diagnose'
	machine already-claimed
	ask status
	says 1 '1 BAR was held by something else after the boot.'
	[ "$("$EARLYBIND" --root "$M" status --json | jq -c '[.schema, .errors, .blocking]')" = '[1,0,1]' ]
}

@test "a report in which nothing was claimed" {
	report '.devices = []'
	ask status
	says 0 'No function of this machine was asked for, and none was claimed.'
}

@test "without a report it tells why that may be" {
	rm "$M/run/earlybind/report.json"
	ask status
	says 1 "no $M/run/earlybind/report.json, though vfio.gpus= is on the command line" \
		'update-initramfs -u'
	"$EARLYBIND" --root "$M" status --json 2>/dev/null >"$M/json" || [ $? = 1 ]
	jq -e '.asked and (.report | not) and .kernel == "5.15.158-2-pve" and .devices == []' "$M/json"
	rm "$M/proc/cmdline"
	ask status
	says 2 'the agent in it did not run'
	silent 'though vfio.gpus='
}

@test "a boot that asked for nothing is well, in each form" {
	rm "$M/run/earlybind/report.json"
	echo 'quiet -- vfio.gpus=all' >"$M/proc/cmdline"
	ask status
	says 0 'has no vfio.gpus=: no card was asked for' 'earlybind list'
	ask status --json
	[ "$status" = 0 ]
	jq -e '(.asked or .report | not) and .devices == [] and .argument == []' <<<"$output"
}

@test "a report that cannot be read is an error, and what is wrong with it" {
	json=$M/run/earlybind/report.json
	broken()
	{
		printf '%s' "$1" >"$json"
		ask status
		says 2 "report.json cannot be read: $2"
	}
	broken '{"schema": 1, "devices": [' 'it ends in the middle'
	broken '' 'it ends in the middle'
	broken 'schema 1' 'it is not JSON'
	broken '[]' 'it is not a report'
	broken '{"schema": 2}' 'its schema is not 1'
	broken '{"schema": 1}' 'it does not name the version'
	base='{"schema": 1, "earlybind": "0", "kernel": "6"'
	broken "$base}" 'one of its lists is missing'
	broken "$base, \"argument\": [1], \"devices\": [], \"conflicts\": [], \"findings\": []}" \
		'an entry of its lists'
	broken "$base, \"argument\": [], \"devices\": [{\"address\": \"05:00.0\", \"id\": \"\",
		\"result\": \"claimed\"}], \"conflicts\": [], \"findings\": []}" 'an entry of its lists'
	broken "$base, \"argument\": [], \"devices\": [], \"conflicts\": [null], \"findings\": []}" \
		'an entry of its lists'
	broken "$base, \"argument\": [$(yes '""' | head -33 | paste -sd,)], \"devices\": [],
		\"conflicts\": [], \"findings\": []}" 'it holds more than any agent writes'
	rm "$json"
	mkdir "$json"
	ask status
	says 2 'cannot be read: Is a directory'
}

@test "it tells how each function can be reset, where the kernel does" {
	echo 'flr bus' >"$(device 0000:01:00.0)/reset_method"
	: >"$(device 0000:01:00.1)/reset_method"
	ask status
	says 0 'still on vfio-pci; resets by flr bus' 'resets by no way of its own'
	ask status --json
	[ "$(jq -c '[.devices[].reset]' <<<"$output")" = '["flr bus","",null,null]' ]
}

@test "wrong use is status 2" {
	ask status 05:00
	says 2 'status takes no argument'
	rm -r "$M/sys/bus"
	ask status
	says 2 'sys/bus/pci/devices cannot be read'
}
