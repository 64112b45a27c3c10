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

# judge: claims.awk of the two claims below, in which WAS is now NOW.
judge()
{
	sed "s/$1/$2/" >"$BATS_TEST_TMPDIR/lines" <<-'END'
		function 0000:00:05.0 0x030000 1234:1111 1 1
		function 0000:00:05.1 0x040300 8086:2668 1 -
		function 0000:00:06.0 0x020000 8086:10d3 2 -
		begin 1 quiet vfio.gpus=boot,00:06
		before 0000:00:05.0 bochs-drm (null)
		before 0000:00:05.1 - (null)
		before 0000:00:06.0 e1000e (null)
		status 0
		after 0000:00:05.0 vfio-pci vfio-pci
		after 0000:00:05.1 vfio-pci vfio-pci
		after 0000:00:06.0 e1000e (null)
		device 0000:00:05.0 claimed
		device 0000:00:05.1 claimed
		device 0000:00:06.0 refused
		begin 2 quiet earlybind.nongpu=allow vfio.gpus=all,-1234:1111@10de:0001,8086:10d3
		before 0000:00:05.0 - (null)
		before 0000:00:05.1 - another-tool
		before 0000:00:06.0 e1000e (null)
		status 0
		after 0000:00:05.0 - (null)
		after 0000:00:05.1 - another-tool
		after 0000:00:06.0 vfio-pci vfio-pci
		device 0000:00:06.0 claimed
		end 2
	END
	run awk -v wanted=2 -f qemu-test/claims.awk "$BATS_TEST_TMPDIR/lines"
	echo "$output"
}

@test "claims: the judge knows what should have been claimed" {
	judge none none
	[ "$status" = 0 ]
	[ "${lines[-1]}" = "claims: 2 passed, 0 failed, 0 skipped" ]
	while read -r was now; do
		echo "$was is now $now"
		judge "$was" "${now//@/ }"
		[ "$status" = 1 ]
		[[ ${lines[-1]} =~ \ [1-9]\ failed, ]]
	done <<-'END'
		after.*05.1.vfio-pci after@0000:00:05.1@-
		vfio-pci.vfio-pci$ vfio-pci@(null)
		06.0.refused 06.0@claimed
		status.0 status@9
		end.2 end@1
		after.*another-tool after@0000:00:05.1@-@(null)
		vfio.gpus=boot vfio.gpus=none
		-1234:1111@10de:0001, 10de:1e87,
	END
}

@test "claims: the same seed throws the same lines, another one others" {
	throw() { awk -v seed="$1" -v count=20 -v functions='0000:00:05.0 0000:00:05.1' -v slots=00:05 -v ids=1234:1111 -f qemu-test/claims-list.awk; }
	[ "$(throw 1 | wc -l)" = 20 ]
	[ "$(throw 1)" = "$(throw 1)" ]
	[ "$(throw 1)" != "$(throw 2)" ]
}
