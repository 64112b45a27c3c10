#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The pages keep up with the code: what a user can meet has its entry.

setup()
{
	cd "$BATS_TEST_DIRNAME/.."
	EARLYBIND=${EARLYBIND:-build/host/earlybind}
}

# Is each line of standard input in FILE, as grep finds it with these OPTIONS? And are there
# as many of them as expected? If not, it is this test that has lost its way.
#   in_file FILE LEAST [OPTIONS]
in_file()
{
	local file=$1 least=$2 count=0 bad=0 line
	shift 2
	while read -r line; do
		count=$((count + 1))
		grep -qF "$@" -e "$line" "$file" || {
			echo "not there: $line"
			bad=1
		}
	done
	[ "$count" -ge "$least" ] || {
		echo "only $count to look for, $least or more are expected"
		bad=1
	}
	return "$bad"
}

# A page's source with its words as the reader sees them, and of that the lines in bold that
# entries begin with.
page()
{
	sed 's/\\-/-/g; s/\\f[BIR]//g; s/\\(aq/'\''/g' "man/$1"
}

has_entry()
{
	page "$1" | sed -n 's/^\.\(B\|BI\|BR\) //p' | tr -d '"' | tr -s ' ' >"$BATS_TEST_TMPDIR/$1"
	in_file "$BATS_TEST_TMPDIR/$1" "$2" -x
}

# "code (severity)" of each finding.
codes()
{
	sed -n 's/^	CODE([A-Z_]*, "\([a-z-]*\)", \([A-Z]*\)).*/\1 (\L\2)/p' lib/finding.c
}

@test "these tests notice what is not there" {
	run has_entry vfio.gpus.7 1 <<<'no-such-code (error)'
	[ "$output" = 'not there: no-such-code (error)' ]
	run in_file README.md 1 </dev/null
	[ "$status" = 1 ]
}

@test "vfio.gpus(7) has an entry for each finding, with its severity" {
	codes | has_entry vfio.gpus.7 "$(grep -c '^	EB_FIND_' include/earlybind/finding.h)"
}

@test "vfio.gpus(7) has no entry for a finding that does not exist" {
	codes >"$BATS_TEST_TMPDIR/codes"
	page vfio.gpus.7 | sed -n 's/^\.BR \(.*\) " \((error)\|(warning)\|(info)\)"$/\1 \2/p' |
		in_file "$BATS_TEST_TMPDIR/codes" 30 -x
}

@test "vfio.gpus(7) has an entry for each option, with its values" {
	{
		sed -n 's/^	{"\(earlybind\.[a-z_]*\)", "\([a-z0-9]*\)", "\([a-z0-9]*\)",.*/\1=\2|\3/p' \
			lib/option.c
		echo 'earlybind.timeout= SECONDS'
	} | has_entry vfio.gpus.7 6
}

@test "vfio.gpus(7) has every word of the list" {
	sed -n 's/^	{"\([a-z]*\)", EB_SELECT_.*/"\1"/p' lib/selector.c | in_file man/vfio.gpus.7 7
}

@test "earlybind-report(5) has an entry for every field of report.json" {
	sed -n 's/.*\(put_text\|put_id\|eb_json_key\)(&\?json, "\([a-z_]*\)".*/\2 (/p' \
		lib/report.c | sort -u >"$BATS_TEST_TMPDIR/keys"
	page earlybind-report.5 | sed -n 's/^\.BR \([a-z_]*\) " (.*)"/\1 (/p' >"$BATS_TEST_TMPDIR/page"
	in_file "$BATS_TEST_TMPDIR/page" 29 -x <"$BATS_TEST_TMPDIR/keys"
	in_file "$BATS_TEST_TMPDIR/keys" 29 -x <"$BATS_TEST_TMPDIR/page"
}

@test "earlybind-report(5) has every result, time and remedy" {
	{
		sed -n '/^const char \*eb_.*(enum/,/^}/s/.*return "\(.*\)";/\1/p' lib/conflict.c lib/plan.c
		sed -n '/REMEDY(NONE/d; s/^	REMEDY([A-Z0-9_]*, "\([a-z0-9-]*\)",.*/\1/p' lib/remedy.c
	} | sort -u | has_entry earlybind-report.5 \
		$((7 + $(grep -c '^	EB_REMEDY_' include/earlybind/remedy.h) - 1))
}

@test "earlybind(8) has every option and command of earlybind --help" {
	"$EARLYBIND" --help >"$BATS_TEST_TMPDIR/help"
	page earlybind.8 >"$BATS_TEST_TMPDIR/page"
	grep -o -e '--[a-z-]*' "$BATS_TEST_TMPDIR/help" | sort -u |
		in_file "$BATS_TEST_TMPDIR/page" 4 -w
	sed -n 's/^  \([a-z]\+\) .*/.SS earlybind \1/p' "$BATS_TEST_TMPDIR/help" |
		in_file "$BATS_TEST_TMPDIR/page" 1
}

@test "earlybind(8) has an entry for each state of earlybind status" {
	sed -n 's/.*\[EB_STATE_[A-Z_]*\] = {"\([a-z-]*\)",.*/\1/p' cli/report-compare.c |
		has_entry earlybind.8 "$(grep -c '^	EB_STATE_' cli/report-compare.h)"
}

# "code (severity)" of each item that diagnose has of its own.
items()
{
	tr -s '\n\t' '  ' <cli/diagnose/problem-codes.c | grep -o '\[EB_PROBLEM_[A-Z_]*\] = {"[a-z-]*", EB_[A-Z]*' |
		sed 's/.*{"\(.*\)", EB_\([A-Z]*\)/\1 (\L\2)/'
}

@test "earlybind(8) has an entry for each code of earlybind diagnose, with its severity" {
	items | has_entry earlybind.8 "$(grep -c '^	EB_PROBLEM_[A-Z_]*\( = EB_CODES\)\?,' cli/diagnose/problems.h)"
}

@test "earlybind(8) has no entry for a code that does not exist" {
	{
		items
		codes
	} >"$BATS_TEST_TMPDIR/codes"
	page earlybind.8 | sed -n 's/^\.BR \(.*\) " \((error)\|(warning)\|(info)\)"$/\1 \2/p' |
		in_file "$BATS_TEST_TMPDIR/codes" 15 -x
}

@test "every code of diagnose and of the report has a remedy" {
	tr -s '\n\t' '  ' <cli/diagnose/problem-codes.c | grep -o '\[EB_FIND_[A-Z_]*\] = "' |
		sort -u >"$BATS_TEST_TMPDIR/remedies"
	sed -n 's/^	\(EB_FIND_[A-Z_]*\),/[\1] = "/p' include/earlybind/finding.h |
		in_file "$BATS_TEST_TMPDIR/remedies" 30 -x
}

@test "earlybind(8) has each check of earlybind diagnose" {
	page earlybind.8 | sed -n '/^\.SH DIAGNOSE/,/^\.SH JSON/s/^\.BR //p' | tr -d '",' |
		tr -s ' ' '\n' | sort -u >"$BATS_TEST_TMPDIR/words"
	tr -s '\n\t' '  ' <<<"$(cat cli/diagnose/*.c)" |
		grep -oE 'eb_problems_(not_checked|unreadable|checked|probe)\([^"]*"[a-z-]*"' |
		sed 's/.*"\(.*\)"/\1/' |
		sort -u | in_file "$BATS_TEST_TMPDIR/words" 13 -x
}

@test "earlybind(8) has an entry for each metric, and for no other" {
	grep -oh 'earlybind_[a-z_]*' tests/expected/*.prometheus | sort -u >"$BATS_TEST_TMPDIR/metrics"
	page earlybind.8 | sed -n 's/^\.B \(earlybind_[a-z_]*\).*/\1/p' >"$BATS_TEST_TMPDIR/page"
	in_file "$BATS_TEST_TMPDIR/page" 10 -x <"$BATS_TEST_TMPDIR/metrics"
	in_file "$BATS_TEST_TMPDIR/metrics" 10 -x <"$BATS_TEST_TMPDIR/page"
	grep -oh 'TYPE earlybind_[a-z_]*\|head(term, "earlybind_[a-z_]*\|metric(&term, "earlybind_[a-z_]*' \
		cli/guest/status-prometheus.c | grep -o 'earlybind_.*' |
		in_file "$BATS_TEST_TMPDIR/page" 10 -x
}

@test "earlybind(8) has every form of --format" {
	page earlybind.8 | sed 's/ [,:]$//' >"$BATS_TEST_TMPDIR/page"
	sed -n 's/^static const char \*const formats\[\] = {\(.*\)};/\1/p' cli/*.c cli/*/*.c |
		tr -d '" ' | tr ',' '\n' | sed 's/^/.BR /' | in_file "$BATS_TEST_TMPDIR/page" 6 -x
	sed -n 's/^	{"\([a-z]*\)", ".*, eb_export_.*/.B \1/p' cli/guest/export.c |
		in_file "$BATS_TEST_TMPDIR/page" 4 -x
}

@test "the rules for alerts in earlybind(8) are such" {
	tool=$(command -v promtool || echo build/promtool/promtool)
	[ -x "$tool" ] || skip 'no promtool; qemu-test/setup unit fetches it'
	page earlybind.8 | sed -n '/^groups:/,/^\.EE/p' | sed '$d' >"$BATS_TEST_TMPDIR/rules.yml"
	run "$tool" check rules "$BATS_TEST_TMPDIR/rules.yml"
	[ "$status" = 0 ]
	[[ $output == *'SUCCESS: 5 rules found'* ]]
}

@test "earlybind(8) has every field of --json" {
	page earlybind.8 >"$BATS_TEST_TMPDIR/page"
	sed -n 's/.*\(put_[a-z]*\|eb_json_key\)(&\?json, "\([a-z_]*\)".*/\2/p' cli/*.c cli/*/*.c |
		sort -u | in_file "$BATS_TEST_TMPDIR/page" 25 -w
}

@test "agent/README.md has every limit, with its value" {
	sed -n 's/^#define \(EB_MAX_[A-Z_]*\)[[:blank:]]*\([0-9]\+\)$/`\1` \2/p' \
		include/earlybind/*.h agent/*.h | in_file agent/README.md 13
}

# Lines that cannot fail, or that pass where the file is missing.
no_proof()
{
	grep -n -e '^[[:blank:]]*! ' -e 'run ! grep' -e '\[ -z "$(grep .*[^ |]")" \]' "$@" /dev/null
}

@test "no test has a line that cannot fail: a negation in its middle, grep on no file" {
	printf '%s\n' '@test "x" {' '	! grep x file' '	true' '}' >"$BATS_TEST_TMPDIR/bad"
	printf '%s\n' '	run ! grep -q x "$FILE"' >>"$BATS_TEST_TMPDIR/bad"
	printf '%s\n' '	[ -z "$(grep -e x "$FILE")" ]' >>"$BATS_TEST_TMPDIR/bad"
	[ "$(no_proof "$BATS_TEST_TMPDIR/bad" | wc -l)" = 3 ]
	# What is to be used instead is in tests/support/refute.bash.
	run no_proof $(git ls-files '*.bats' '*.bash' | grep -vx tests/docs.bats)
	echo "$output"
	[ "$output" = '' ]
	[ "$status" = 1 ]
}

@test "refute_in fails where the line is there, and where the file has nothing to show" {
	load support/refute
	echo word >"$BATS_TEST_TMPDIR/file"
	: >"$BATS_TEST_TMPDIR/empty"
	mkdir "$BATS_TEST_TMPDIR/directory"
	refute_in "$BATS_TEST_TMPDIR/file" -q other
	for bad in file empty missing directory; do
		run refute_in "$BATS_TEST_TMPDIR/$bad" word
		echo "$bad: $output"
		[ "$status" = 1 ]
	done
	cp "$BATS_TEST_TMPDIR/file" "$BATS_TEST_TMPDIR/directory"
	refute_in "$BATS_TEST_TMPDIR/directory" other
	run refute_in "$BATS_TEST_TMPDIR/directory" word
	[ "$status" = 1 ]
	run refute_in "$BATS_TEST_TMPDIR/file" '\('
	[ "$status" = 1 ]
}

@test "CONTRIBUTING.md has at most 60 lines" {
	[ "$(wc -l <CONTRIBUTING.md)" -le 60 ]
}

@test "what the pages link to is there" {
	for file in README.md CONTRIBUTING.md agent/README.md; do
		grep -o ']([^)#]*)' "$file" | tr -d '])(' | while read -r target; do
			[ -e "$(dirname "$file")/$target" ] || {
				echo "$file: $target is not there"
				exit 1
			}
		done
	done
}

@test "the man pages are of this version" {
	version=$(sed -n 's/^VERSION := //p' Makefile)
	for page in man/*; do
		echo "$page"
		grep -q "^\.TH .*\"earlybind $version\"" "$page"
	done
}
