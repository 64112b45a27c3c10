#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The agent itself, on machines made of tree files: what it opens, writes and says.

load agent-root
load ../support/refute

# traced FILE: the agent on $root, with what it opens, makes and renames in FILE.
traced()
{
	can_trace
	strace -f -o "$1" -e trace=open,openat,creat,mkdir,mkdirat,unlink,unlinkat,rename,renameat \
		"$AGENT" --root "$root"
}

@test "--root DIR: a report, and nothing else below DIR changes" {
	for tree in tests/machines/*.tree; do
		name=${tree##*/}
		echo "$name"
		machine "${name%.tree}"
		[ -n "$(grep -o 'vfio\.gpus=' "$root/proc/cmdline")" ] ||
			echo 'vfio.gpus=all' >"$root/proc/cmdline"
		everything >"$place/before"
		"$AGENT" --root "$root" >"$place/said"
		everything >"$place/after"
		diff "$place/before" "$place/after"
		[ "$(ls "$root/run/earlybind")" = "boot.log
report.json" ]
		jq -e '.schema == 1 and .dryrun and (.devices | type) == "array"' "$report"
	done
}

@test "--root DIR: without such a directory it says so" {
	run "$AGENT" --root "$place/nowhere"
	[ "$status" = 0 ]
	[ "$output" = "$place/nowhere: no such directory" ]
}

@test "--root DIR: a dry run does not call for what was not given to go" {
	machine seed vfio.gpus=05:00
	"$AGENT" --root "$root" >/dev/null
	jq -e '.findings[] | select(.code == "dry-run") | .text ==
		"a dry run, by earlybind.dryrun=1 or --root: nothing was changed"' "$report"
}

# What a report and a plan say alike. Of conflicts those of functions without a driver, as in the
# initramfs: a plan is for the next boot, not for now (cli/next-conflicts.c). And what helps a BAR
# without an address on this machine only the command says (cli/remedies.c).
alike()
{
	jq -S '[.devices[] | select(.driver_before | . != null and . != "vfio-pci").address] as $driven |
		(.conflicts[] | select(.owner == "unassigned").remedy) = "realloc" |
		.devices, [.conflicts[] | select(.address | IN($driven[]) | not)]' "$1"
}

@test "--root DIR: what the agent plans is what the command plans" {
	for tree in tests/machines/*.tree; do
		name=${tree##*/}
		for argument in 'vfio.gpus=all' 'vfio.gpus=secondary' 'vfio.gpus=nvidia,-01:00' \
			'vfio.gpus=boot earlybind.fb=release'; do
			echo "$name $argument"
			machine "${name%.tree}" "$argument"
			"$AGENT" --root "$root" >/dev/null
			"$EARLYBIND" --root "$root" plan --json "$argument" \
				>"$place/plan" || [ $? = 1 ]
			diff <(alike "$report") <(alike "$place/plan")
		done
	done
}

@test "--root DIR: it says how it went on standard output, at most eight lines" {
	machine seed 'vfio.gpus=05:00,0b:00'
	run "$AGENT" --root "$root"
	[ "$status" = 0 ]
	[[ "${lines[0]}" = '<4>earlybind: 0000:0b:00.0: would be bound to vfio-pci (had no driver), '* ]]
	[[ "${lines[0]}" = *' but a guest cannot use BAR 0: efifb occupies '* ]]
	[ "${lines[1]}" = '<5>earlybind: 0000:05:00.0: would be bound to vfio-pci (had no driver)' ]
	[ "${#lines[@]}" = 4 ]
	machine busted 'vfio.gpus=x,y,z,all,0000:ff:1f,e'
	run "$AGENT" --root "$root"
	[ "${#lines[@]}" = 8 ]
	rm -r "$root/run"
	: >"$root/run"
	run "$AGENT" --root "$root"
	[ "$status" = 0 ]
	[[ "${lines[0]}" = '<3>earlybind: /run/earlybind: the report could not be written: ENOTDIR' ]]
	[ "${#lines[@]}" = 8 ]
}

@test "a command line that cannot be read is said" {
	machine seed vfio.gpus=05:00
	rm "$root/proc/cmdline"
	mkdir "$root/proc/cmdline"
	run "$AGENT" --root "$root"
	[ "$status" = 0 ]
	[ "$output" = '<3>earlybind: /proc/cmdline cannot be read, nothing was claimed: error 21' ]
	[ ! -e "$report" ]
}

@test "what fails twice is tried a third time, and what fails leaves nothing half written" {
	can_trace
	for call in open read fstat mkdirat renameat umask; do
		for fault in error=EINTR error=ENOMEM; do
			echo "$call $fault"
			machine seed vfio.gpus=05:00
			strace -f -o "$place/trace" -e "inject=$call:$fault:when=1..2" \
				"$AGENT" --root "$root" >"$place/said"
			grep -q INJECTED "$place/trace"
			jq -e '.devices | length == 2' "$report"
			[ "$(ls "$root/run/earlybind")" = "boot.log
report.json" ]
		done
	done
	machine seed vfio.gpus=05:00
	strace -f -o "$place/trace" -e "inject=renameat:error=ENOMEM" \
		"$AGENT" --root "$root" >"$place/said"
	grep 'the report could not be written: ENOMEM' "$place/said"
	[ -z "$(ls "$root/run/earlybind")" ]
}

@test "without an argument: few system calls, few instructions" {
	can_trace
	machine seed 'quiet splash'
	strace -f -o "$place/trace" "$AGENT" --root "$root"
	cat "$place/trace"
	# With execve() and exit(); --root has two more than a boot.
	[ "$(grep -c '(' "$place/trace")" -le 13 ]
	command -v valgrind >/dev/null || skip "valgrind is not installed"
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "$AGENT" --root "$root" \
		2>"$place/counted"
	count=$(sed -n 's/^==[0-9]*== Collected : //p' "$place/counted")
	echo "$count instructions"
	[ "$count" -gt 1000 ]
	[ "$count" -lt 150000 ]
}

# agent/klibc/print.c has not all of printf().
@test "its formats have no conversion that its vsnprintf() does not know" {
	LC_ALL=C readelf -p .rodata "$AGENT" | grep -a '^ *\[' | grep -ao '%[^a-zA-Z%]*[hlzjt]*.' |
		sort -u >"$place/conversions"
	cat "$place/conversions"
	for known in %s %.\*s %d %u %04x %lx; do
		grep -qx -e "$known" "$place/conversions"
	done
	refute_in "$place/conversions" -v -x '%\(\.\*s\|s\|0\?[1-9]*\(l\|z\)*[dux]\)'
}

@test "whatever it is given, it exits 0" {
	mkdir "$root"
	for arguments in "--root $root" "--root $root/none" "--root" "--help" "a b c" "--root a b"; do
		echo "$arguments"
		# shellcheck disable=SC2086 # words
		"$AGENT" $arguments
	done
	mkdir "$root/proc"
	head -c 20000 /dev/urandom >"$root/proc/cmdline"
	"$AGENT" --root "$root"
	printf 'vfio.gpus=all' >"$root/proc/cmdline"
	"$AGENT" --root "$root"
}

@test "without an argument it opens nothing below /sys and writes nothing" {
	machine seed 'quiet splash earlybind.fb=release vfio-pci.ids=10de:1187'
	everything >"$place/before"
	traced "$place/trace"
	cat "$place/trace"
	grep -q '"proc/cmdline"' "$place/trace"
	refute_in "$place/trace" -e '"sys' -e '"dev' -e O_WRONLY -e O_RDWR -e mkdir
	everything | diff "$place/before" -
	[ ! -e "$root/run/earlybind" ]
}

@test "a dry run opens nothing for writing but its report" {
	machine seed 'vfio.gpus=all earlybind.fb=release earlybind.dryrun=1'
	traced "$place/trace" >/dev/null
	grep -q '"sys/bus/pci/devices' "$place/trace"
	grep -e O_WRONLY -e O_RDWR -e mkdir -e rename -e unlink "$place/trace" |
		grep -o '"[^,)]*' | sort -u >"$place/names"
	printf '"%s"\n' boot.log boot.log.new earlybind report.json report.json.new run |
		diff - "$place/names"
}

# A tree is whoever's made it, and root may look at it.
@test "--root DIR: nothing is written through a link" {
	for link in report.json.new report.json boot.log.new boot.log; do
		machine seed vfio.gpus=05:00
		mkdir "$root/run/earlybind"
		echo 'as it was' >"$place/victim"
		ln -s "$place/victim" "$root/run/earlybind/$link"
		"$AGENT" --root "$root"
		[ "$(cat "$place/victim")" = 'as it was' ]
		[ ! -L "$report" ]
		jq -e '.dryrun' "$report"
	done
	for link in run run/earlybind; do
		machine seed vfio.gpus=05:00
		rm -rf "$place/elsewhere"
		mkdir -p "$place/elsewhere/earlybind"
		[ "$link" = run/earlybind ] || rmdir "$root/run"
		ln -s "$place/elsewhere" "$root/$link"
		"$AGENT" --root "$root" >"$place/said"
		grep 'the report could not be written' "$place/said"
		[ "$(find "$place/elsewhere" -type f | wc -l)" = 0 ]
	done
	# Nor over what is somebody's by another name.
	machine seed vfio.gpus=05:00
	mkdir "$root/run/earlybind"
	ln "$place/victim" "$root/run/earlybind/report.json.new"
	"$AGENT" --root "$root"
	[ "$(cat "$place/victim")" = 'as it was' ]
}

@test "--root DIR: root reads nothing outside of DIR" {
	[ "$(id -u)" = 0 ] || skip "only root may chroot"
	machine seed
	echo 'vfio.gpus=05:00' >"$place/cmdline"
	ln -sf "$place/cmdline" "$root/proc/cmdline"
	"$AGENT" --root "$root"
	[ ! -e "$report" ]
	# A link of the tree's own leads to what the tree has there.
	echo 'vfio.gpus=05:00' >"$root/cmdline"
	ln -sf /cmdline "$root/proc/cmdline"
	"$AGENT" --root "$root"
	jq -e '.devices | length == 2' "$report"
}

@test "--root DIR: FIFOs and devices in the place of files and directories are not waited for" {
	machine seed 'vfio.gpus=all earlybind.timeout=1'
	(
		cd "$root"
		find proc sys -mindepth 1 \( -type f -o -name devices -o -name iommu_groups \) ! \
			\( -path proc/cmdline -o -path 'sys/bus/pci/devices' \)
	) >"$place/paths"
	[ "$(wc -l <"$place/paths")" -gt 50 ]
	while IFS= read -r path; do
		mv "$root/$path" "$place/kept"
		mkfifo "$root/$path"
		timeout 5 "$AGENT" --root "$root" >"$place/said" ||
			{ echo "stopped at $path" && false; }
		rm "$root/$path"
		mv "$place/kept" "$root/$path"
	done <"$place/paths"
	mv "$root/proc/cmdline" "$place/kept"
	mkfifo "$root/proc/cmdline"
	timeout 5 "$AGENT" --root "$root"
}
