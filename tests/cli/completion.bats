#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# completions/earlybind: what a bash makes of a line when tab is pressed.

bats_require_minimum_version 1.5.0
load after

setup_file()
{
	after_setup_file
}

setup()
{
	machine nvidia-twins
	BIN=$BATS_TEST_TMPDIR/bin
	mkdir "$BIN"
	# It answers what completion asks, and shows all else that it is called with.
	cat >"$BIN/earlybind" <<-END
		#!/bin/sh
		case " \$* " in
		*' list --format addresses ') exec '$EARLYBIND' "\$@" ;;
		esac
		printf '<<'
		printf '[%s]' "\$@"
		printf '>>\n'
	END
	chmod +x "$BIN/earlybind"
}

# words LINE: all that would complete the end of LINE, sorted, as one line
words()
{
	PATH=$BIN:$PATH bash --noprofile --norc -c '
		COMP_WORDBREAKS=" $(printf "\t\n")\"'\''@><=;|&(:"
		. "$0"
		COMP_LINE=$1 COMP_POINT=${#1}
		_earlybind earlybind "" ""
		[ ${#COMPREPLY[@]} = 0 ] || printf "%s\n" "${COMPREPLY[@]}"
	' "$BATS_TEST_DIRNAME/../../completions/earlybind" "$1" | LC_ALL=C sort -u | paste -sd' '
}

# offers LINE WORDS
offers()
{
	local got

	got=$(words "$1")
	[ "$got" = "$2" ] || {
		echo "'$1': $got"
		return 1
	}
}

# typed LINE SHOWN: LINE with its tabs, typed into a bash that has loaded bash-completion, and into
# one that has not
typed()
{
	local loader shown

	for loader in ". /usr/share/bash-completion/bash_completion" :; do
		cat >"$BATS_TEST_TMPDIR/rc" <<-END
			PATH=$BIN:\$PATH PS1='ready>' HOME=$BATS_TEST_TMPDIR
			cd '$BATS_TEST_TMPDIR'
			bind 'set enable-bracketed-paste off' 2>/dev/null
			$loader
			. '$BATS_TEST_DIRNAME/../../completions/earlybind'
		END
		shown=$("$BATS_TEST_DIRNAME/type-line" "$BATS_TEST_TMPDIR/rc" "$1")
		[ "$shown" = "$2" ] || {
			printf '%q with %s: %s\n' "$1" "$loader" "$shown"
			return 1
		}
	done
}

@test "the words of the command are those of earlybind --help" {
	run -0 "$EARLYBIND" --help
	known=$(sed -n 's/^  \([a-z]\+\) .*/\1/p' <<<"$output" | LC_ALL=C sort)
	offered=$(words 'earlybind ')
	for command in $known; do
		[[ " $offered " == *" $command "* ]]
	done
	# Each option that a command's help has is offered, and no command offers one it has not.
	for command in $known; do
		{
			"$EARLYBIND" "$command" --help | sed -n '/^Usage/,/^$/p' | grep -o -e '--[a-z-]*'
			echo --help
		} | LC_ALL=C sort >"$BATS_TEST_TMPDIR/has"
		words "earlybind $command -" | tr ' ' '\n' | diff - "$BATS_TEST_TMPDIR/has" || {
			echo "$command"
			return 1
		}
	done
}

@test "the arguments of the kernel, with their values" {
	offers 'earlybind plan earlybind.' 'earlybind.dryrun= earlybind.fb= earlybind.nongpu= earlybind.on_failure= earlybind.power= earlybind.timeout='
	sed -n 's/^	{"\(earlybind\.[a-z_]*\)", "\([a-z0-9]*\)",.*"\([a-z0-9]*\)",.*/\1 \2 \3/p' \
		<<<"$(tr -s '\n\t' ' ' <"$BATS_TEST_DIRNAME/../../lib/option.c" | sed 's/{"/\n	{"/g')" \
		>"$BATS_TEST_TMPDIR/options"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/options")" = 5 ]
	while read -r name first second; do
		offers "earlybind plan $name=" "$(printf '%s\n' "$first" "$second" | LC_ALL=C sort | paste -sd' ')"
	done <"$BATS_TEST_TMPDIR/options"
	offers 'earlybind plan vf' vfio.gpus=
	offers 'earlybind plan quiet' ''
}

@test "the cards of the machine" {
	root="--root $M"
	offers "earlybind $root plan vfio.gpus=0" '0a:00 0b:00'
	offers "earlybind plan $root vfio.gpus=" '0a:00 0b:00 all amd boot intel none nvidia secondary'
	offers "earlybind plan --root=$M rd.vfio.gpus=0b:" '00'
	offers "earlybind plan $root vfio.gpus=nvidia,-0" 'nvidia,-0a:00 nvidia,-0b:00'
	offers "earlybind plan $root vfio.gpus=0b:00@" '@10de:1e87'
	offers "earlybind plan $root vfio.gpus=all@1" '@10de:1e87'
	offers "earlybind plan $root vfio.gpus=all@10de:" '1e87'
	offers "earlybind enable $root 0" '0a:00 0b:00'
	offers "earlybind plan $root 0" ''
	offers "earlybind plan --root /nowhere vfio.gpus=0" ''
}

@test "export: the cards that are claimed" {
	offers "earlybind export --format qemu --root $M 0" ''
	on 0000:0b:00.0 vfio-pci
	offers "earlybind export --format qemu --root $M 0" '0b:00'
	offers 'earlybind export --format ' 'kubevirt libvirt proxmox qemu'
	offers 'earlybind status --format p' 'prometheus'
	offers 'earlybind list --format=a' 'addresses'
	offers 'earlybind plan --format ' ''
	offers 'earlybind ke' keep
	offers 'earlybind enable --t' --try
	offers 'earlybind enable --loader ' 'grub proxmox-boot-tool systemd-boot'
	offers 'earlybind show --loader=s' 'systemd-boot'
}

@test "bash: commands, options, values" {
	typed $'earlybind stat\t' '[status]'
	typed $'earlybind status --for\tprom\t' '[status][--format][prometheus]'
	typed $'earlybind export --format=lib\t' '[export][--format=libvirt]'
	typed $'earlybind --json dia\t' '[--json][diagnose]'
	typed $'earlybind enable --dr\t' '[enable][--dry-run]'
}

@test "bash: addresses with their colons" {
	typed "earlybind --root $M plan vfio.gpus=0b"$'\t' "[--root][$M][plan][vfio.gpus=0b:00]"
	typed "earlybind --root $M plan vfio.gpus=0b:"$'\t' "[--root][$M][plan][vfio.gpus=0b:00]"
	typed "earlybind --root $M enable 0b"$'\t' "[--root][$M][enable][0b:00]"
	typed "earlybind --root $M plan vfio.gpus=nvidia,-0b"$'\t,\tamd' \
		"[--root][$M][plan][vfio.gpus=nvidia,-0b:00,amd]"
	typed "earlybind --root $M plan vfio.gpus=0b"$'\t@\t' \
		"[--root][$M][plan][vfio.gpus=0b:00@10de:1e87]"
	typed "earlybind --root $M plan vf"$'\t0b\t' "[--root][$M][plan][vfio.gpus=0b:00]"
}

@test "bash: several arguments in quotes, which readline closes" {
	typed "earlybind --root $M plan 'vfio.gpus=0b:00 earlybind.fb=re"$'\t' \
		"[--root][$M][plan][vfio.gpus=0b:00 earlybind.fb=release]"
	typed "earlybind --root $M plan \"earlybind.fb=keep vfio.gpus=nvidia,-0b:"$'\t' \
		"[--root][$M][plan][earlybind.fb=keep vfio.gpus=nvidia,-0b:00]"
	typed "earlybind --root $M plan vfio.gpus='0b"$'\t' "[--root][$M][plan][vfio.gpus=0b:00]"
}

@test "bash: files and directories" {
	mkdir "$BATS_TEST_TMPDIR/machine one"
	: >"$BATS_TEST_TMPDIR/metrics.prom"
	typed $'earlybind status --output metr\t' '[status][--output][metrics.prom]'
	typed $'earlybind list --root mach\t' '[list][--root][machine one/]'
	typed $'earlybind list --root=mach\t' '[list][--root=machine one/]'
}

@test "bash-completion finds it by the name of the command" {
	mkdir -p "$BATS_TEST_TMPDIR/share/bash-completion/completions"
	cp "$BATS_TEST_DIRNAME/../../completions/earlybind" "$BATS_TEST_TMPDIR/share/bash-completion/completions"
	cat >"$BATS_TEST_TMPDIR/rc" <<-END
		PATH=$BIN:\$PATH PS1='ready>' XDG_DATA_HOME=$BATS_TEST_TMPDIR/share
		. /usr/share/bash-completion/bash_completion
	END
	run -0 "$BATS_TEST_DIRNAME/type-line" "$BATS_TEST_TMPDIR/rc" $'earlybind diag\t'
	[ "$output" = '[diagnose]' ]
	# Behind another command that runs it, too.
	run -0 "$BATS_TEST_DIRNAME/type-line" "$BATS_TEST_TMPDIR/rc" \
		"nice earlybind --root $M plan vfio.gpus=0b:"$'\t'
	[ "$output" = "[--root][$M][plan][vfio.gpus=0b:00]" ]
}
