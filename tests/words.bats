#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What a person reads is plain English with the field's terms: none of the phrases below is in the
# pages, in the strings of the programs, in the hooks or in the completions.

setup()
{
	cd "$BATS_TEST_DIRNAME/.."
}

# Each line: an extended regular expression without regard to case, a sentence that it must
# find, what to write instead.
phrases()
{
	cat <<'END'
\bgiv(e|es|en|ing)\b([^.;:]|\.[^ ]){0,100}\bto (the driver )?vfio-pci ## gives the cards that vfio.gpus= names to vfio-pci ## binds to vfio-pci
\bgiv(e|es|ing) (it|them|the cards?|claimed cards|cards)( back)? to\b ## libvirt gives it to a guest ## binds to, passes through to
\bhand(s|ed|ing)? (it|them|the cards?|(it |them )?(back|over|to))\b ## the boot loader will hand to the kernel ## passes, returns
\banew\b ## build the image anew ## rebuild the initramfs
\bmend(s|ed|ing)?\b ## mend the item ## fix
\blook(s|ed|ing)? again\b ## mend these and look again ## run again
\bforet(ell|ells|elling|old)\b ## the conflicts that the report foretells ## predicted
\bmet\b|\b(will|would) meet\b ## a guest will meet "BAR 0: can't reserve" ## observed, fails with
\b(sit|sits|sat|sitting) on\b ## efifb sits on BAR 0 ## occupies, holds
\bheaviest\b ## the heaviest first ## most severe first
\bnothing stands in (the|its|a guest's) way\b ## Nothing stands in the way ## No problems found
\bas far as\b ## nothing stands in the way, as far as was looked ## say what was checked
\balready so\b ## Already so: this boot has it ## X is already enabled
\bwhat [^.]{1,60} would do says\b ## what it would do says: earlybind plan ## to see what X would do, run earlybind plan X
\b(which|that) is none\b ## there is 8086:1234, which is none ## found 8086:1234, which is not a display controller
\b(has|have|had)( not)? got\b|\bis got\b ## grub.cfg has not got it ## does not have
\b(is|are|was|were|be|been) told of\b ## the boot loader is told of it ## is updated
\bof which\b ## of which the groups are not known ## whose
\bby hand\b ## written by hand ## written by someone else, manually, edited
\b(earlybind|enable|kernel)('s|s) (own )?words\b|\bwords of (earlybind|enable|the kernel|ours)\b ## only enable's own words were replaced ## arguments
\b(is|are|was|were) kept (as|in) / ## what was there is kept in /var/lib/earlybind ## saved
END
}

# phrase WHICH LINE: the WHICHth part of a line of the table
phrase()
{
	awk -F ' ## ' -v which="$1" '{ print $which }' <<<"$2"
}

pages()
{
	ls README.md CONTRIBUTING.md */README.md agent/*/README.md tests/*/README.md \
		debian/control debian/README.source man/*.[1-8]
}

programs()
{
	ls agent/*.c agent/*.h lib/*.c include/earlybind/*.h cli/*.c cli/*.h cli/*/*.c cli/*/*.h
}

scripts()
{
	ls initramfs-tools/hooks/* initramfs-tools/scripts/*/* dracut/*/*.sh dracut/*/*.service \
		mkinitcpio/install/* mkinitcpio/hooks/* completions/* debian/earlybind.p* qemu-test/demo
	[ ! -d image ] || find image -type f
}

# no_phrase LEAST LIST: is there none in the files that LIST prints, and at least so much to
# read in them? Each hit with its file, its line and what to write.
no_phrase()
{
	local text=$BATS_TEST_TMPDIR/text line bad=0

	"$2" >"$BATS_TEST_TMPDIR/files"
	xargs tests/support/prose <"$BATS_TEST_TMPDIR/files" >"$text"
	[ "$(wc -l <"$text")" -ge "$1" ] || {
		echo "only $(wc -l <"$text") pieces of text, $1 or more are expected"
		return 1
	}
	while IFS= read -r line; do
		grep -iE -e "$(phrase 1 "$line")" "$text" >"$BATS_TEST_TMPDIR/hits" || continue
		bad=1
		while IFS= read -r hit; do
			printf '%s: "%s" (write: %s)\n' "$(cut -d : -f 1,2 <<<"$hit")" \
				"$(cut -d ' ' -f 2- <<<"$hit" | grep -ioE -m 1 -e ".{0,30}$(phrase 1 "$line").{0,20}")" \
				"$(phrase 3 "$line")"
		done <"$BATS_TEST_TMPDIR/hits"
	done < <(phrases)
	return "$bad"
}

@test "each pattern finds its example" {
	bad=0
	[ "$(phrases | wc -l)" -ge 20 ]
	while IFS= read -r line; do
		[ -n "$(phrase 3 "$line")" ]
		grep -qiE -e "$(phrase 1 "$line")" <<<"$(phrase 2 "$line")" || {
			echo "does not find its example: $line"
			bad=1
		}
	done < <(phrases)
	[ "$bad" = 0 ]
}

@test "no pattern finds what is to be written instead" {
	cat >"$BATS_TEST_TMPDIR/good" <<-'END'
		earlybind binds the card to vfio-pci. Rebuild the initramfs. Fix it and run again.
		Predicted and observed conflicts: efifb occupies BAR 0. Most severe first.
		No problems found in: report, devices. vfio.gpus=0b:00 is already enabled.
		To see what 0b:00 would do, run earlybind plan 0b:00.
		found 8086:1234, which is not a display controller; it gives the same result twice
		The record of enable is kept. Returned to its driver. On the other hand, it is recommended.
		passed through to a guest; given as an argument to the kernel
	END
	while IFS= read -r line; do
		run grep -iE -e "$(phrase 1 "$line")" "$BATS_TEST_TMPDIR/good"
		echo "$line: $output"
		[ "$status" = 1 ]
	done < <(phrases)
}

@test "a phrase is found across line breaks, and comments of code are not read" {
	cd "$BATS_TEST_TMPDIR"
	cat >a.c <<-'END'
		#include "mend.h"
		/* mend this
		 * "and that" */
		static const char quote = '"'; // mend "it"
		static const char *const text = "efifb sits " /* not
			for long */ "on \"BAR 0\":\n"
						"build";
		static const char *const other = "anew";
	END
	printf '%s\n' '.\" mend' .TP '.BR sits ,' '.BR "some thing" ,' 'on \-' '.B BAR 0' .PP end >b.8
	printf '%s\n' 'It sits' '**on** it.' '' '| a | sits |' '| b | on |' >c.md
	printf '%s\n' '# mend it' 'warn "it sits \' '	on it"' '' 'exit 0' >d.sh
	run "$BATS_TEST_DIRNAME/support/prose" a.c b.8 c.md d.sh
	diff - <(echo "$output") <<-'END'
		a.c:5: efifb sits on "BAR 0": build
		a.c:8: anew
		b.8:3: sits, some thing, on - BAR 0
		b.8:8: end
		c.md:1: It sits **on** it.
		c.md:4: | a | sits |
		c.md:5: | b | on |
		d.sh:2: warn it sits on it
		d.sh:5: exit 0
	END
	[ "$status" = 0 ]
	run "$BATS_TEST_DIRNAME/support/prose" a.c there-is-none.c
	[ "$status" = 2 ]
}

@test "a phrase in a file is reported with file, line and what to write" {
	echo 'The card: efifb sits on it.' >"$BATS_TEST_TMPDIR/x.md"
	one()
	{
		echo "$BATS_TEST_TMPDIR/x.md"
	}
	run no_phrase 1 one
	[ "$status" = 1 ]
	[[ $output == *'x.md:1: "The card: efifb sits on it." (write: occupies, holds)' ]]
	run no_phrase 2 one
	[ "$status" = 1 ]
	[[ $output == 'only 1 pieces of text, 2 or more are expected' ]]
}

@test "README, CONTRIBUTING, the other pages and the man pages are in plain English" {
	no_phrase 500 pages
}

@test "the messages of the command and of the agent are in plain English" {
	no_phrase 1000 programs
}

@test "the hooks, the boot scripts and the completions are in plain English" {
	no_phrase 50 scripts
}
