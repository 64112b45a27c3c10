# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests of the earlybind command: the command, and machines to look at.

cli_setup_file()
{
	local build=$BATS_TEST_DIRNAME/../../build/asan

	# As `make unit` builds them, unless it says otherwise.
	MKTREE=$(realpath "${MKTREE:-$build/tests/mktree}")
	EARLYBIND=$(realpath "${EARLYBIND:-$build/earlybind}")
	export MKTREE EARLYBIND LC_ALL=C
	export ASAN_OPTIONS=detect_leaks=1:exitcode=99 UBSAN_OPTIONS=print_stacktrace=1
	unset NO_COLOR POSIXLY_CORRECT
	cd "$BATS_TEST_DIRNAME/.." || return 1
	for tree in machines/*.tree; do
		"$MKTREE" "$tree" "$BATS_FILE_TMPDIR/$(basename "$tree" .tree)" || return 1
	done
}

# machine NAME: where the machine of machines/NAME.tree is
machine()
{
	echo "$BATS_FILE_TMPDIR/$1"
}

# The command, with the names that tests/pci.ids has.
earlybind()
{
	"$EARLYBIND" --pci-ids "$BATS_TEST_DIRNAME"/../support/pci.ids "$@"
}

# says STATUS TEXT COMMAND...: it ends with STATUS and its output has TEXT
says()
{
	local want=$1 text=$2

	shift 2
	run "$@"
	[ "$status" -eq "$want" ] && [[ $output == *"$text"* ]] || {
		echo "$*: status $status, expected $want and '$text':"
		echo "$output"
		return 1
	}
}

# on_terminal COLUMNS TERM COMMAND...: its output on a terminal
on_terminal()
{
	local columns=$1 term=$2

	shift 2
	TERM=$term script -qec "stty cols $columns -onlcr; $(printf '%q ' "$@")" /dev/null
}
