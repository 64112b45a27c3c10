#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The layout: who includes whom, agent/README.md's tables of files, and that the command cannot
# write to a driver. Each check takes a directory, and is tried on a small tree that breaks it.

setup()
{
	cd "$BATS_TEST_DIRNAME/.."
	small=$BATS_TEST_TMPDIR/small
}

# files DIR: the sources, and the headers without one.
files()
{
	(
		cd "$1"
		for file in agent/*.[ch] lib/*.c include/earlybind/*.h cli/*.[ch] cli/*/*.[ch]; do
			stem=${file%.[ch]}
			[ -f "$file" ] || continue
			[ "$file" = "$stem.c" ] || [ ! -f "${stem/#include\/earlybind/lib}.c" ] ||
				continue
			echo "${file/#include\/earlybind/lib}"
		done
	) | LC_ALL=C sort
}

# edges DIR: "MODULE MODULE" for each #include of a file of ours or of libkmod. A source and its
# header are one module, lib/NAME or the like.
edges()
{
	(
		cd "$1"
		find agent lib include cli -name '*.[ch]' | sed 's/^/file /'
		grep -rHE --include='*.[ch]' '^[[:space:]]*#[[:space:]]*include' agent lib include cli
	) | awk '
		function module(path)
		{
			sub(/^include\/earlybind\//, "lib/", path)
			sub(/\.[ch]$/, "", path)
			return path
		}
		# Take "x/.." out of PATH.
		function plain(path)
		{
			while (sub(/[^\/]+\/\.\.\//, "", path))
				;
			return path
		}
		$1 == "file" { there[$2] = 1; next }
		{
			from = $0
			sub(/:.*/, "", from)
			here = from
			sub(/[^\/]*$/, "", here)
			name = $0
			gsub(/^[^<"]*[<"]|[>"].*$/, "", name)
			if (name ~ /^libkmod\//)
				print module(from), "libkmod"
			else if (("include/" name) in there)
				print module(from), module("include/" name)
			else if ($0 ~ /"/ && (plain(here name) in there))
				print module(from), module(plain(here name))
			else if ($0 ~ /"/ && ("cli/" name) in there)
				print module(from), module("cli/" name)
			else if ($0 ~ /"/)
				print module(from), "nowhere/" name
		}' | LC_ALL=C sort -u
}

# Modules that include each other, by whatever way round.
cycles()
{
	edges "$1" | tsort 2>&1 >/dev/null | sed 's/^tsort: //'
}

# Includes from a shared part to one that shares it, across, or of what is nowhere.
climbs()
{
	edges "$1" | grep -E '^lib/.* (cli|agent)/|^cli/.* agent/|^agent/.* cli/| nowhere/' || :
}

# table DIR: "FILE|MODULE MODULE ..." for each row of the tables below "### `DIR/`".
table()
{
	awk -F ' *[|] *' '
		/^### `/ { dir = $0; gsub(/^### `|`.*$/, "", dir) }
		/^## / { dir = "" }
		dir && $2 ~ /\.[ch]$/ {
			gsub(/,/, "", $4)
			print dir $2 "|" $4
		}' "$1/agent/README.md" | LC_ALL=C sort
}

# Includes of agent/ and lib/ that the table does not allow.
not_allowed()
{
	{
		table "$1"
		edges "$1"
	} | awk -F '[| ]' '
		/[|]/ {
			sub(/\.[ch]$/, "", $1)
			for (i = 2; i <= NF; i++)
				may[$1, $i] = 1
			next
		}
		/^(agent|lib)\// && $1 != $2 && $1 !~ /klibc/ {
			name = $2
			sub(/.*\//, "", name)
			if (!(($1, name) in may))
				print $1 " includes " name
		}'
}

# Calls and flags in lib/ that change a file. out.c writes to a descriptor that it is given.
changes()
{
	(
		cd "$1/lib"
		grep -nE 'O_(WRONLY|RDWR|CREAT|TRUNC|APPEND)' ./*.c
		grep -nE '(^|[^_a-z])(fopen|creat|mkdir|mknod|mkfifo|f?chmod|f?chown|f?truncate|rename|remove|unlink|link|symlink|rmdir|mount|ioctl)(at|2)?\(' ./*.c
		grep -nE '[^_a-z]p?writev?\(' ./*.c | grep -v '^./out.c:'
	) || :
}

# Functions of the agent in the program FILE.
writers()
{
	nm "$1" | grep -E ' [tT] eb_(write|step|apply|ops|worker|modules)_' || :
}

# small tree: a file of each part, which is as it should be.
small_tree()
{
	mkdir -p "$small/agent" "$small/lib" "$small/include/earlybind" "$small/cli/room"
	cd "$small"
	printf '#include <stdio.h>\n#include <earlybind/low.h>\n' >lib/low.c
	: >include/earlybind/low.h
	echo '#include <earlybind/low.h>' >include/earlybind/high.h
	echo '#include <earlybind/high.h>' >lib/high.c
	printf '#include <earlybind/high.h>\n#include "act.h"\n' >agent/act.c
	: >agent/act.h
	echo '#include "room/one.h"' >cli/main.c
	printf '#include "one.h"\n#include "two.h"\n' >cli/room/one.c
	: >cli/room/one.h
	: >cli/room/two.h
	cat >agent/README.md <<-'END'
		### `lib/`
		| low.c | what it does | nothing |
		| high.c | more | low |
		### `agent/`
		| act.c | acts | high |
		### `cli/`
		| main.c | begins |
		### `cli/room/`: a room
		| one.c | one |
		| two.h | a table |
		## The rest
		| other.c | of another table |
	END
	cd "$OLDPWD"
}

# refuses CHECK TEXT: CHECK of the small tree says TEXT.
refuses()
{
	local said
	said=$("$1" "$small")
	echo "$1: $said"
	[[ $said == *"$2"* ]]
}

@test "the small tree is as it should be" {
	small_tree
	[ "$(edges "$small" | wc -l)" = 8 ]
	for check in cycles climbs not_allowed changes; do
		said=$($check "$small")
		[ -z "$said" ]
	done
	diff <(files "$small") <(table "$small" | cut -d '|' -f 1)
}

@test "no two modules include each other" {
	[ "$(edges . | wc -l)" -gt 150 ]
	said=$(cycles .)
	echo "$said"
	[ -z "$said" ]
	small_tree
	echo '#include <earlybind/high.h>' >>"$small/lib/low.c"
	refuses cycles lib/low
	small_tree
	echo '#include "../main.h"' >>"$small/cli/room/two.h"
	: >"$small/cli/main.h"
	refuses cycles cli/main
}

@test "no include climbs: lib knows neither agent nor cli, and these not each other" {
	said=$(climbs .)
	echo "$said"
	[ -z "$said" ]
	small_tree
	echo '#include "../cli/room/one.h"' >>"$small/lib/low.c"
	refuses climbs 'lib/low cli/room/one'
	echo '#include "../../agent/act.h"' >>"$small/include/earlybind/high.h"
	refuses climbs 'lib/high agent/act'
	echo '#  include "../agent/act.h"' >>"$small/cli/main.c"
	refuses climbs 'cli/main agent/act'
	echo '#include "../cli/room/one.h"' >>"$small/agent/act.h"
	refuses climbs 'agent/act cli/room/one'
	echo '#include "gone.h"' >>"$small/cli/main.c"
	refuses climbs 'cli/main nowhere/gone.h'
}

@test "agent/README.md has exactly the files there are" {
	[ "$(files . | wc -l)" -gt 80 ]
	diff <(table . | cut -d '|' -f 1) <(files .)
	small_tree
	: >"$small/cli/room/three.c"
	run diff <(table "$small" | cut -d '|' -f 1) <(files "$small")
	[ "$status" = 1 ]
	[[ $output == *'> cli/room/three.c'* ]]
	rm "$small/cli/room/three.c" "$small/lib/low.c"
	run diff <(table "$small" | cut -d '|' -f 1) <(files "$small")
	[ "$status" = 1 ]
	[[ $output == *'< lib/low.c'* ]]
}

@test "files of agent/ and lib/ include what agent/README.md allows them" {
	said=$(not_allowed .)
	echo "$said"
	[ -z "$said" ]
	small_tree
	echo '#include <earlybind/low.h>' >>"$small/agent/act.h"
	refuses not_allowed 'agent/act includes low'
	echo '#include <libkmod/libkmod.h>' >>"$small/lib/high.c"
	refuses not_allowed 'lib/high includes libkmod'
}

@test "nothing in lib/ changes a file" {
	said=$(changes .)
	echo "$said"
	[ -z "$said" ]
	small_tree
	echo 'fd = openat(root, path, O_RDWR);' >"$small/lib/low.c"
	refuses changes O_RDWR
	echo 'n = write(fd, text, len);' >"$small/lib/low.c"
	refuses changes 'write('
	echo 'unlinkat(root, path, 0);' >"$small/lib/low.c"
	refuses changes 'unlinkat('
	echo 'n = write(fd, text, len);' >"$small/lib/out.c"
	echo 'eb_writes(x);' >"$small/lib/low.c"
	said=$(changes "$small")
	[ -z "$said" ]
}

@test "the command has nothing of the agent in it" {
	[ -x build/host/earlybind ] || skip "build/host/earlybind is not built"
	nm build/host/earlybind | grep -q ' T eb_plan_make$'
	said=$(writers build/host/earlybind)
	echo "$said"
	[ -z "$said" ]
	writers build/klibc/earlybind-agent.debug | grep -q ' T eb_write_text$'
}
