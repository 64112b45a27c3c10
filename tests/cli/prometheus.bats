#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# earlybind status --format prometheus, and --output.

bats_require_minimum_version 1.5.0
load after

setup_file()
{
	after_setup_file
}

setup()
{
	machine already-claimed
	PROM=$BATS_TEST_TMPDIR/earlybind.prom
}

# metrics STATUS: ask for them; they are in PROM, and promtool has nothing against them
metrics()
{
	local tool

	tool=$(command -v promtool || echo "$BATS_TEST_DIRNAME/../../build/promtool/promtool")
	[ -x "$tool" ] || skip 'no promtool; qemu-test/setup unit fetches it'
	run -"$1" --separate-stderr ask_plain status --format prometheus
	printf '%s\n' "$output" >"$PROM"
	run -0 "$tool" check metrics <"$PROM"
	[ -z "$output" ]
}

ask_plain()
{
	"$EARLYBIND" --root "$M" --pci-ids /dev/null "$@"
}

# has LINE...: each is one of PROM
has()
{
	local line

	for line; do
		grep -qFx -e "$line" "$PROM" || {
			echo "not there: $line"
			cat "$PROM"
			return 1
		}
	done
}

@test "the metrics are as expected, and promtool takes them" {
	metrics 1
	sed "s/version=\"[^\"]*\"/version=\"VERSION\"/" "$PROM" >"$BATS_TEST_TMPDIR/said"
	expect already-claimed.prometheus <"$BATS_TEST_TMPDIR/said"
}

@test "promtool would find fault" {
	metrics 1
	sed 's/^earlybind_well 1*0*$/&x/' "$PROM" >"$BATS_TEST_TMPDIR/bad"
	run ! "$(command -v promtool || echo "$BATS_TEST_DIRNAME/../../build/promtool/promtool")" \
		check metrics <"$BATS_TEST_TMPDIR/bad"
}

@test "all is well" {
	quiet_report
	metrics 0
	has 'earlybind_well 1' 'earlybind_claimed_functions 4' 'earlybind_failed_functions 0' \
		'earlybind_conflicts_blocking 0'
	refute_in "$PROM" earlybind_findings
}

@test "what is counted is what is now, not at boot" {
	on 0000:01:00.1 snd_hda_intel
	gone 0000:02:00.1
	report '.devices[2] += {result: "failed", reason: "x"}'
	metrics 1
	has 'earlybind_claimed_functions 2' 'earlybind_failed_functions 2' \
		'earlybind_functions{state="lost"} 1' 'earlybind_functions{state="removed"} 1' \
		'earlybind_functions{state="claimed-since"} 1' 'earlybind_functions{state="kept"} 1' \
		'earlybind_function_on_vfio_pci{address="0000:01:00.1",id="10de:10f0"} 0' \
		'earlybind_function_on_vfio_pci{address="0000:02:00.0",id="10de:1b80"} 1'
}

@test "findings are counted by code and severity" {
	report '.findings += [.findings[1], {code: "bar-held", severity: "error", text: ""}]'
	metrics 1
	has 'earlybind_findings{code="bar-held",severity="warning"} 2' \
		'earlybind_findings{code="bar-held",severity="error"} 1' \
		'earlybind_findings{code="boot-display",severity="warning"} 1'
}

@test "what the report says stays inside its label" {
	report '.findings[0].code = "a\"b\\c\nd\u001b[1m\u00e9" | .kernel = "6\"} 2\n"'
	metrics 1
	has 'earlybind_findings{code="a\"b\\c?d?[1m??",severity="warning"} 1'
	grep -F 'kernel="6\"} 2?"} 1' "$PROM"
}

@test "a boot without vfio.gpus= is well, and has its metrics" {
	rm "$M/run/earlybind/report.json"
	echo quiet >"$M/proc/cmdline"
	metrics 0
	has 'earlybind_well 1' 'earlybind_asked 0' 'earlybind_report_present 0' \
		'earlybind_claimed_functions 0' 'earlybind_functions{state="kept"} 0'
	[ "$stderr" = '' ]
}

@test "a missing or broken report has its metrics, and its error" {
	rm "$M/run/earlybind/report.json"
	metrics 1
	has 'earlybind_well 0' 'earlybind_asked 1' 'earlybind_report_present 0'
	echo '{"schema": 1, "earlybind": "9", "kernel": "6", "argument": ["x"], "devices": [1]}' \
		>"$M/run/earlybind/report.json"
	metrics 2
	has 'earlybind_well 0' 'earlybind_asked 1' 'earlybind_report_present 0' \
		'earlybind_claimed_functions 0'
	rm "$M/run/earlybind/report.json" "$M/proc/cmdline"
	metrics 2
	has 'earlybind_well 0' 'earlybind_report_present 0'
}

@test "--output writes the whole file, for status 1 too, and anybody may read it" {
	umask 077
	echo old >"$PROM"
	chmod 600 "$PROM"
	run -1 ask_plain status --format prometheus --output "$PROM"
	[ -z "$output" ]
	[ "$(stat -c %a "$PROM")" = 644 ]
	run -1 --separate-stderr ask_plain status --format prometheus
	[ "$output" = "$(cat "$PROM")" ]
	run -1 ask_plain status --json --output "$BATS_TEST_TMPDIR/json"
	jq -e '.report' "$BATS_TEST_TMPDIR/json"
	run -1 ask_plain status --output "$BATS_TEST_TMPDIR/text"
	grep -q '4 of 4 functions' "$BATS_TEST_TMPDIR/text"
	[ "$(ls "$BATS_TEST_TMPDIR" | grep -c '\.prom')" = 1 ]
}

@test "--output: what cannot be written leaves the old file, and nothing beside it" {
	dir=$BATS_TEST_TMPDIR/out
	mkdir "$dir"
	echo old >"$dir/text"
	run -2 ask_plain status --output "$dir/none/text"
	[[ $output == *"--output '$dir/none/text': No such file or directory"* ]]
	echo '{' >"$M/run/earlybind/report.json"
	run -2 ask_plain status --output "$dir/text"
	[ "$(cat "$dir/text")" = old ]
	[ "$(ls -A "$dir")" = text ]
}

@test "--output: a signal at any moment leaves the old file or the new one, and nothing beside it" {
	strace -o /dev/null true 2>/dev/null || skip 'strace is not installed, or may not trace here'
	dir=$BATS_TEST_TMPDIR/out
	mkdir "$dir"
	ask_plain status --output "$dir/new" || [ $? = 1 ]
	mv "$dir/new" "$BATS_TEST_TMPDIR/new"
	for at in readlinkat:when=5 openat2:when={5,15,20} getdents64:when=1 write:when=1 \
		fchmod:when=1 fsync:when=1 rename:when=1; do
		for signal in TERM INT HUP; do
			echo old >"$dir/text"
			# A leak cannot be looked for in a process that is traced.
			ASAN_OPTIONS=detect_leaks=0 run strace -o "$BATS_TEST_TMPDIR/trace" \
				-e "inject=$at:signal=$signal" \
				"$EARLYBIND" --root "$M" --pci-ids /dev/null status --output "$dir/text"
			grep -q "^--- SIG$signal" "$BATS_TEST_TMPDIR/trace"
			[ "$(ls -A "$dir")" = text ]
			[ "$(cat "$dir/text")" = old ] || cmp "$dir/text" "$BATS_TEST_TMPDIR/new"
		done
	done
}

@test "--output replaces no device, link or directory" {
	dir=$BATS_TEST_TMPDIR/out
	mkdir -p "$dir/sub"
	mkfifo "$dir/fifo"
	ln -s nowhere "$dir/link"
	for name in sub fifo link; do
		run -2 ask_plain status --output "$dir/$name"
		[[ $output == *"--output '$dir/$name' is not a regular file"* ]]
	done
	[ -p "$dir/fifo" ] && [ -L "$dir/link" ] && [ -d "$dir/sub" ]
}

@test "forms that do not exist, or not together" {
	run -2 ask_plain status --format xml
	[[ $output == *"status has no --format 'xml', only text, json, prometheus"* ]]
	run -2 ask_plain status --json --format prometheus
	[[ $output == *'exclude each other'* ]]
	run -2 ask_plain diagnose --format json
	[[ $output == *'diagnose has no --format'* ]]
	run -2 ask_plain plan --output x vfio.gpus=all
	[[ $output == *'plan has no --output'* ]]
	run -1 --separate-stderr ask_plain status --format json
	json=$output
	run -1 --separate-stderr ask_plain status --json --format json
	[ "$output" = "$json" ]
	run -1 --separate-stderr ask_plain status --format text
	[[ $output == 'Booted with '* ]]
}
