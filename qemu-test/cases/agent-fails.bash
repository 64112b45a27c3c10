# SPDX-License-Identifier: GPL-2.0-or-later
# What agent-fails.bats boots and asks.

# boot_with NAME LINE: with this program in the place of the agent
boot_with()
{
	local agent=$BATS_FILE_TMPDIR/$1/usr/lib/earlybind/earlybind-agent

	mkdir -p "${agent%/*}"
	printf '#!/bin/sh\necho "<5>earlybind: %s" >/dev/kmsg\n%s\n' "$1" "$2" >"$agent"
	chmod 755 "$agent"
	"$BOOT" --overlay "$BATS_FILE_TMPDIR/$1" --facts "$BATS_FILE_TMPDIR/$1.json" \
		--append vfio.gpus=00:05
}

setup_file()
{
	boot_with dies 'kill -SEGV $$'
	boot_with leaves "sh -c 'kill -STOP \$\$' & exit 0"
}

# Of the facts of both boots.
both()
{
	facts "$1" "$BATS_FILE_TMPDIR/dies.json"
	facts "$1" "$BATS_FILE_TMPDIR/leaves.json"
}

# When the kernel log of boot $1 ends, in seconds.
ended()
{
	jq '.kernel_log[-1] | capture("^\\[ *(?<t>[0-9]+)").t | tonumber' "$BATS_FILE_TMPDIR/$1.json"
}
