#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The package's maintainer scripts, on a machine that boots by GRUB: what they remove, and what
# a user wrote.

bats_require_minimum_version 1.5.0
load after
load boots

DROP_IN=etc/default/grub.d/earlybind.cfg
STATE=var/lib/earlybind

setup_file()
{
	after_setup_file
}

setup()
{
	local applet

	on_machine nvidia-twins 'quiet'
	boots_by_grub
	for applet in awk find grep head rmdir sed; do
		ln -sf busybox "$M/bin/$applet"
	done
	cp "$BATS_TEST_DIRNAME"/../../debian/earlybind.postrm "$M/postrm"
	cp "$BATS_TEST_DIRNAME"/../../debian/earlybind.prerm "$M/prerm"
}

# enabled [LINE...]: as enable leaves it, with more lines at the drop-in's end
enabled()
{
	has "$DROP_IN" '# Written by `earlybind enable`, which `earlybind disable` removes again.' \
		'# A comment.' 'GRUB_CMDLINE_LINUX_DEFAULT="$GRUB_CMDLINE_LINUX_DEFAULT vfio.gpus=0b:00@10de:1e87"' \
		"$@"
	has "$STATE/enabled" 'earlybind 2' 'words vfio.gpus=0b:00@10de:1e87' 'loader GRUB' \
		'tool update-grub' 'grub new' finished
	has "$STATE/grub.after" x
	in_machine update-grub >/dev/null
	rm "$M/tmp/ran"
}

# script NAME ARGUMENT: one of the maintainer scripts, as dpkg runs it
script()
{
	run in_machine sh "/$1" "$2"
	echo "$output"
	[ "$status" = 0 ]
}

@test "purge removes what enable wrote, and GRUB reads it" {
	enabled
	grep -q vfio.gpus "$M/boot/grub/grub.cfg"
	has run/earlybind.lock ''
	has run/earlybind/boot.log 'of this boot'
	script postrm remove
	[ "$(ls "$M/run")" = earlybind ]
	[ -e "$M/$DROP_IN" ]
	script postrm purge
	[ "$(ls "$M/run")" = '' ]
	[ ! -e "$M/$DROP_IN" ]
	[ ! -e "$M/$STATE" ]
	refute_in "$M/boot/grub/grub.cfg" vfio.gpus
	[ "$(ran)" = 1 ]
	# A second time it has nothing to do.
	script postrm purge
	[ "$output" = '' ]
	[ "$(ran)" = 0 ]
}

@test "purge leaves a drop-in that is not as enable writes it, and says so" {
	has etc/default/grub.local 'GRUB_TIMEOUT=3'
	for line in 'GRUB_TIMEOUT=1' 'GRUB_CMDLINE_LINUX_DEFAULT="$GRUB_CMDLINE_LINUX_DEFAULT quiet"' \
		'. /etc/default/grub.local' 'export A'; do
		echo "$line"
		enabled "$line"
		before=$(cat "$M/$DROP_IN")
		script postrm purge
		[[ $output == *"/$DROP_IN stays"*"run update-grub"* ]]
		[ "$(cat "$M/$DROP_IN")" = "$before" ]
	done
}

@test "purge leaves a drop-in of somebody else's that mentions our command" {
	has "$DROP_IN" '# earlybind disable does not touch this file, I wrote it' \
		'GRUB_CMDLINE_LINUX_DEFAULT="$GRUB_CMDLINE_LINUX_DEFAULT vfio.gpus=0a:00"'
	before=$(cat "$M/$DROP_IN")
	script postrm purge
	[[ $output == *"/$DROP_IN stays"* ]]
	[ "$(cat "$M/$DROP_IN")" = "$before" ]
	# A link to a file that is ours is the user's too.
	enabled
	mv "$M/$DROP_IN" "$M/etc/default/mine"
	ln -s ../mine "$M/$DROP_IN"
	script postrm purge
	[ -L "$M/$DROP_IN" ]
	[ -s "$M/etc/default/mine" ]
}

@test "purge leaves what a user wrote, whoever saved it and when" {
	enabled
	has "$STATE/saved/earlybind.cfg.1" 'of the user'
	has "$STATE/saved/earlybind.cfg.2" 'of the user, later'
	has "$STATE/grub.changed" 'of the user, by 0.1.0'
	script postrm purge
	[[ $output == *"/$STATE stays"* ]]
	[ "$(cd "$M/$STATE" && find . -type f | sort | tr '\n' ' ')" = \
		'./grub.changed ./saved/earlybind.cfg.1 ./saved/earlybind.cfg.2 ' ]
	grep -qx 'of the user' "$M/$STATE/saved/earlybind.cfg.1"
	[ "$(ran)" = 1 ]
	# Of that there is nothing to disable.
	program usr/bin/earlybind <<<'echo "$*" >>/tmp/ran'
	script prerm remove
	[ "$(ran)" = 0 ]
}

@test "purge removes the directory of drop-ins only where enable made it, and it is empty" {
	enabled
	script postrm purge
	[ -d "$M/etc/default/grub.d" ]
	enabled
	sed -i 's/^grub new$/grub new made-dir/' "$M/$STATE/enabled"
	has etc/default/grub.d/other.cfg 'GRUB_TIMEOUT=2'
	script postrm purge
	[ -e "$M/etc/default/grub.d/other.cfg" ]
	enabled
	sed -i 's/^grub new$/grub new made-dir/' "$M/$STATE/enabled"
	rm "$M/etc/default/grub.d/other.cfg"
	script postrm purge
	[ ! -e "$M/etc/default/grub.d" ]
}

@test "purge goes on where GRUB fails, and says what to run" {
	enabled
	: >"$M/tmp/fails"
	script postrm purge
	[[ $output == *'no space left'*'update-grub failed. Run it again'* ]]
	[ ! -e "$M/$DROP_IN" ]
	[ ! -e "$M/$STATE" ]
}

@test "removal disables, and says how to enable it again" {
	enabled
	program usr/bin/earlybind <<'END'
echo "$*" >>/tmp/ran
[ "$1" != show ] || echo 'enabled       vfio.gpus=0b:00@10de:1e87'
END
	script prerm remove
	[ "$output" = 'To enable it again, install earlybind and run: earlybind enable vfio.gpus=0b:00@10de:1e87' ]
	[ "$(ran)" = 2 ]
	script prerm upgrade
	[ "$(ran)" = 0 ]
}

@test "removal goes on where disable fails, says what to do, and keeps the state for it" {
	enabled
	program usr/bin/earlybind <<'END'
[ "$1" != show ] || echo 'enabled       nothing'
[ "$1" != disable ] || { echo 'update-grub failed with status 7' >&2; exit 1; }
END
	script prerm remove
	[[ $output == *'status 7'*"'earlybind disable' failed"*'install earlybind again and run: earlybind disable' ]]
	[[ $output != *'To enable it again'* ]]
	[ -e "$M/$STATE/enabled" ]
	# The same where the command does not even start, as in a chroot without its libraries.
	rm "$M/usr/bin/earlybind"
	script prerm remove
	[[ $output == *"'earlybind disable' failed"* ]]
	[ -e "$M/$STATE/enabled" ]
}
