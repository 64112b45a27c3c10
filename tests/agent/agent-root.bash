# SPDX-License-Identifier: GPL-2.0-or-later
# What the tests of the agent share: a machine below a directory, and the agent in it.
# shellcheck shell=bash

load ../support/root

setup()
{
	cd "$BATS_TEST_DIRNAME/../.."
	AGENT=${AGENT:-build/klibc/earlybind-agent}
	EARLYBIND=${EARLYBIND:-build/asan/earlybind}
	MKTREE=${MKTREE:-build/asan/tests/mktree}
	for program in "$AGENT" "$EARLYBIND" "$MKTREE"; do
		[ -x "$program" ] || skip "$program is not built"
	done
	place=$BATS_TEST_TMPDIR
	# In memory, where programs may be there.
	if place=$(mktemp -d -p /dev/shm 2>/dev/null) && cp "$AGENT" "$place/try"; then
		"$place/try" --help >/dev/null || place=$BATS_TEST_TMPDIR
	fi
	root=$place/root
	report=$root/run/earlybind/report.json
}

teardown()
{
	case ${place:-} in
	/dev/shm/?*) rm -rf "$place" ;;
	esac
}

# machine NAME [CMDLINE]: below $root, with a /run, and with CMDLINE in the place of its own.
machine()
{
	rm -rf "$root"
	"$MKTREE" "tests/machines/$1.tree" "$root"
	mkdir -p "$root/run"
	[ $# -eq 1 ] || printf '%s\n' "$2" >"$root/proc/cmdline"
}

# Everything below $root but the report: type, mode, target and content.
everything()
{
	(
		cd "$root"
		find . -path ./run/earlybind -prune -o -printf '%p %y %m %l\n'
		find . -path ./run/earlybind -prune -o -type f -print0 | xargs -0 sha256sum
	) | LC_ALL=C sort
}

can_trace()
{
	command -v strace >/dev/null || skip "strace is not installed"
	strace -o "$place/true" true 2>/dev/null || skip "strace may not trace here"
}

# in_root: the agent as at boot, with / at $root, run by the command $under if there is one. The
# files below sys are plain ones, which take what is written and do nothing.
in_root()
{
	cp "$AGENT" "$root/agent"
	# shellcheck disable=SC2086 # words
	as_root_in "$place" ${under:-} chroot "$root" /agent
}
