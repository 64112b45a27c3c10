# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests of what the command says after boot: machines with a report, changed a bit.

load ../support/refute

after_setup_file()
{
	: "${MKTREE:?the program of tests/mktree.c}" "${EARLYBIND:?the command}"
	MKTREE=$(realpath "$MKTREE") EARLYBIND=$(realpath "$EARLYBIND")
	export MKTREE EARLYBIND LC_ALL=C
	export ASAN_OPTIONS=detect_leaks=1:exitcode=99 UBSAN_OPTIONS=print_stacktrace=1
}

# machine NAME: a fresh machine of machines/NAME.tree, M
machine()
{
	M=$BATS_TEST_TMPDIR/$1
	rm -rf "$M"
	"$MKTREE" "$BATS_TEST_DIRNAME/../machines/$1.tree" "$M"
}

# ask COMMAND...: earlybind on that machine, with no names of cards
ask()
{
	run "$EARLYBIND" --root "$M" --pci-ids /dev/null "$@"
}

# says STATUS TEXT...: the last `run` ended so, and its output has each TEXT, whatever its
# lines
says()
{
	local want=$1 flat text

	shift
	flat=$(echo "$output" | tr -s ' \n' ' ')
	for text; do
		[[ $flat == *"$text"* ]] || want="no '$text'"
	done
	[ "$status" = "$want" ] || {
		echo "status $status, expected $want"
		echo "$output"
		return 1
	}
}

# silent TEXT: the last output does not have it
silent()
{
	case $(echo "$output" | tr -s ' \n' ' ') in
	*"$1"*)
		echo "unwanted: $1"
		echo "$output"
		return 1
		;;
	esac
}

# device ADDRESS: where it is in M
device()
{
	echo "$M/sys/bus/pci/devices/$1"
}

# on ADDRESS [DRIVER]: give the function to another driver, or to none
on()
{
	local link

	link=$(realpath "$(device "$1")")/driver
	rm -f "$link"
	[ -z "${2:-}" ] || ln -s "../../../../bus/pci/drivers/$2" "$link"
	[ "${2:-}" = vfio-pci ] || echo '(null)' >"${link%/*}/driver_override"
}

# gone ADDRESS: unplug the function
gone()
{
	rm -r "$(realpath "$(device "$1")")"
	rm "$(device "$1")"
}

# report FILTER: change the report by a jq filter
report()
{
	jq "$1" "$M/run/earlybind/report.json" >"$M/report"
	mv "$M/report" "$M/run/earlybind/report.json"
}

# quiet_report: a report that has nothing to say but what was claimed
quiet_report()
{
	report '.conflicts = [] | .findings = []'
}

# log TEXT: one more record of the kernel log
log()
{
	echo "3,2000,99000000,-;$1" >>"$M/dev/kmsg"
}

# expect FILE: standard input is what expected/FILE has; with UPDATE it becomes that
expect()
{
	if [ -n "${UPDATE:-}" ]; then
		mkdir -p "$BATS_TEST_DIRNAME"/../expected
		cat >"$BATS_TEST_DIRNAME/../expected/$1"
	else
		diff -u "$BATS_TEST_DIRNAME/../expected/$1" -
	fi
}
