#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The programs that run the tests: a summary that drops something would hide it.

setup()
{
	cd "$BATS_TEST_DIRNAME/.."
	export CHECK_LOGS=$BATS_TEST_TMPDIR/logs MAKE=$BATS_TEST_TMPDIR/make
	cat >"$MAKE" <<-'END'
		#!/bin/sh
		case "$*" in
		*check-dracut*)
			echo 'dracut-bookworm: 1 passed, 0 failed, 0 skipped'
			echo 'dracut: 2 passed, 0 failed, 3 skipped'
			;;
		*unit*)
			echo 'unit: test-x: 5 tests passed'
			echo 'unit: 5 passed, 0 failed, 1 skipped'
			echo 'cli: 4 passed, 0 failed, 56 skipped'
			;;
		*check-matrix*) echo 'matrix: 7 passed, 0 failed' ;;
		esac
		[ ! -e "${0%/*}/fails" ]
	END
	chmod 755 "$MAKE"
}

@test "run-parts: the last line adds up the skips of all parts" {
	run tests/support/run-parts check-all units dracut matrix
	echo "$output"
	[ "$status" = 0 ]
	[ "${lines[-1]}" = 'check-all: 19 passed, 0 failed, 60 skipped' ]
}

@test "run-parts: a part that fails without a count is a failure, and so is an unknown one" {
	: >"$BATS_TEST_TMPDIR/fails"
	run tests/support/run-parts check units
	echo "$output"
	[ "$status" != 0 ]
	[ "${lines[-1]}" = 'check: 9 passed, 1 failed, 57 skipped' ]
	[[ $output == *'check: not passed: units'* ]]
	run tests/support/run-parts check nonsense
	[ "$status" != 0 ]
}

# clean COMMAND...: without what this bats has in its environment for itself
clean()
{
	env -i PATH=/usr/local/bin:/usr/bin:/bin "$@"
}

@test "run-bats: skips are counted, and a file that does not come to its tests is a failure" {
	printf '@test "%s" { %s; }\n' a true b 'skip "why"' >"$BATS_TEST_TMPDIR/a.bats"
	run clean tests/support/run-bats name "$BATS_TEST_TMPDIR/a.bats"
	echo "$output"
	[ "$status" = 0 ]
	[ "${lines[-1]}" = 'name: 1 passed, 0 failed, 1 skipped' ]
	echo 'setup_file() { false; }' >>"$BATS_TEST_TMPDIR/a.bats"
	run clean tests/support/run-bats name "$BATS_TEST_TMPDIR/a.bats"
	echo "$output"
	[ "$status" != 0 ]
}

@test "run: unit tests that were skipped are counted" {
	printf '%s\n' '#!/bin/sh' 'echo "[  PASSED  ] 3 test(s)."' 'echo "[  SKIPPED ] 2 test(s), listed below:"' \
		>"$BATS_TEST_TMPDIR/test-x"
	chmod 755 "$BATS_TEST_TMPDIR/test-x"
	run tests/support/run "$BATS_TEST_TMPDIR/test-x"
	[ "$status" = 0 ]
	[ "${lines[-1]}" = 'unit: 3 passed, 0 failed, 2 skipped' ]
}
