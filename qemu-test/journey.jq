# SPDX-License-Identifier: GPL-2.0-or-later
# Adds to the facts of one boot what a journey knows of it.
. + {
	boot: $boot,
	log: $log,
	seconds: $seconds,
	hangs: $hangs,
	ended: $ended,
	entries: ($entries | split("\n") | map(select(. != ""))),
	commands: $commands
}
