#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What earlybind says of each machine in machines/: as expected/ has it, and sound in itself.
# `make unit UPDATE=1` rewrites expected/ and pci.ids: read the difference.

bats_require_minimum_version 1.5.0
load ../cli/cli

setup_file()
{
	[ -z "${UPDATE:-}" ] || "$BATS_TEST_DIRNAME"/../support/pick-names >"$BATS_TEST_DIRNAME"/../support/pci.ids
	cli_setup_file
}

# Each machine's name, one a line.
machines()
{
	basename -s .tree -a "$BATS_TEST_DIRNAME"/../machines/*.tree
}

# The commands whose output is kept, each with its status.
session()
{
	local root=$1 status

	shift
	for arg; do
		echo "\$ earlybind plan${arg:+ \"$arg\"}"
		status=0
		earlybind --root "$root" plan ${arg:+"$arg"} 2>&1 || status=$?
		echo "status $status"
		echo
	done
}

# expect FILE: standard input is what the file has; with UPDATE it becomes that
expect()
{
	if [ -n "${UPDATE:-}" ]; then
		mkdir -p "$BATS_TEST_DIRNAME"/../expected
		cat >"$BATS_TEST_DIRNAME/../expected/$1"
	else
		diff -u "$BATS_TEST_DIRNAME/../expected/$1" -
	fi
}

@test "list is as expected" {
	for name in $(machines); do
		earlybind --root "$(machine "$name")" list >"$BATS_TEST_TMPDIR/list" || [ $? -eq 1 ]
		expect "$name.list" <"$BATS_TEST_TMPDIR/list"
	done
}

@test "plan is as expected" {
	for name in $(machines); do
		session "$(machine "$name")" '' vfio.gpus=all vfio.gpus=secondary \
			'vfio.gpus=boot,01:00@10de:1b80 earlybind.nongpu=allow' |
			expect "$name.plan"
	done
}

@test "no machine is gone from machines/ that expected/ has" {
	for file in "$BATS_TEST_DIRNAME"/../expected/*; do
		name=${file##*/}
		[ -e "$BATS_TEST_DIRNAME/../machines/${name%.*}.tree" ]
	done
}

@test "list has 80 columns, no blank at an end of line, and ASCII alone" {
	for name in $(machines); do
		run -1 grep -nE '.{81}| $|[^ -~]' "$BATS_TEST_DIRNAME/../expected/$name.list"
		# A single word may be longer: arguments stay in one piece, to be copied.
		run -1 grep -nE '^ *[^ ]+ .{81}| $|[^ -~]' "$BATS_TEST_DIRNAME/../expected/$name.plan"
	done
}

@test "JSON is JSON, and has the cards and functions that the text has" {
	for name in $(machines); do
		root=$(machine "$name")
		earlybind --root "$root" list --json >"$BATS_TEST_TMPDIR/json" || [ $? -eq 1 ]
		list=$BATS_TEST_DIRNAME/../expected/$name.list
		[ "$(jq length "$BATS_TEST_TMPDIR/json")" -eq "$(grep -c '^[0-9a-f][0-9a-f:]*  ' "$list")" ]
		for argument in $(jq -r '.[].arguments[] // empty' "$BATS_TEST_TMPDIR/json"); do
			grep -qF " $argument" "$list"
		done
		earlybind --root "$root" plan --json vfio.gpus=all >"$BATS_TEST_TMPDIR/plan" || [ $? -eq 1 ]
		jq -e '.schema == 1 and all(.devices[]; .result | IN("planned", "refused", "claimed"))' \
			"$BATS_TEST_TMPDIR/plan"
		diff <(jq -r '.[].functions[] | select(.virtual | not).address' "$BATS_TEST_TMPDIR/json" | sort) \
			<(jq -r '.devices[].address' "$BATS_TEST_TMPDIR/plan" | sort)
	done
}

@test "each argument of list chooses the functions of its card, no more and no fewer" {
	for name in $(machines); do
		root=$(machine "$name")
		earlybind --root "$root" list --json >"$BATS_TEST_TMPDIR/json" || [ $? -eq 1 ]
		jq -r '.[] | (.arguments[] // empty) + " " + ([.functions[] | select(.left_to_host | not).address] | sort | join(" "))' \
			"$BATS_TEST_TMPDIR/json" >"$BATS_TEST_TMPDIR/arguments"
		while read -r argument _; do
			earlybind --root "$root" plan --json "$argument" || [ $? -eq 1 ]
		done <"$BATS_TEST_TMPDIR/arguments" >"$BATS_TEST_TMPDIR/plans"
		jq -r '.argument[0] + " " + ([.devices[].address] | sort | join(" "))' \
			"$BATS_TEST_TMPDIR/plans" | diff "$BATS_TEST_TMPDIR/arguments" -
	done
}

@test "a machine beyond every limit is shown as far as it goes, and that is said" {
	root=$BATS_TEST_TMPDIR/large
	awk 'BEGIN {
		print "f sys/devices/card/class 0x030000\\n"
		print "f sys/devices/card/vendor 0x10de\\n"
		print "f sys/devices/card/device 0x1187\\n"
		print "d sys/kernel/iommu_groups/0"
		for (i = 0; i < 4200; i++)
			printf("l sys/bus/pci/devices/0000:%02x:%02x.%x ../../../devices/card\n",
				i / 256, i / 8 % 32, i % 8)
	}' >"$root.tree"
	"$MKTREE" "$root.tree" "$root"
	cd "$BATS_TEST_TMPDIR"
	earlybind --root large list >list || [ $? -eq 1 ]
	grep -q '^104 PCI functions beyond the first 4096 were not read' list
	earlybind --root large plan vfio.gpus=all >plan || [ $? -eq 1 ]
	grep -q '\[limit\]$' plan
	earlybind --root large list --json >list.json || [ $? -eq 1 ]
	jq -e '[.[].functions[]] | length == 4096' list.json
	earlybind --root large plan --json vfio.gpus=all >plan.json || [ $? -eq 1 ]
	jq -e '.devices | length == 256' plan.json
}

# many COUNT: a machine of so many functions, every eighth a display controller, each slot with
# a group of its own
many()
{
	awk -v count="$1" 'function device(name, class, group) {
		printf("f sys/devices/%s/class 0x%s\\n\n", name, class)
		printf("f sys/devices/%s/vendor 0x10de\\n\n", name)
		printf("f sys/devices/%s/device 0x1187\\n\n", name)
		printf("l sys/devices/%s/iommu_group ../../kernel/iommu_groups/%d\n", name, group)
	}
	BEGIN {
		print "d sys/kernel/iommu_groups/0"
		for (i = 0; i < count; i++) {
			slot = int(i / 8)
			if (i % 8 == 0) {
				device("vga" slot, "030000", slot)
				device("other" slot, "0c0330", slot)
			}
			printf("l sys/bus/pci/devices/0000:%02x:%02x.%x ../../../devices/%s%d\n",
				i / 256, slot % 32, i % 8, i % 8 ? "other" : "vga", slot)
		}
	}'
}

@test "list: four times as many functions take at most five times as many instructions" {
	command -v valgrind >/dev/null || skip 'valgrind is not installed'
	# Below the sanitizers it would count their instructions.
	host=$BATS_TEST_DIRNAME/../../build/host/earlybind
	[ -x "$host" ] || skip 'build/host/earlybind is not there: make builds it'
	cd "$BATS_TEST_TMPDIR"
	for count in 1024 4096; do
		many $count >tree
		"$MKTREE" tree $count
	done
	for format in text json addresses; do
		for count in 1024 4096; do
			valgrind --tool=callgrind --callgrind-out-file=/dev/null "$host" --root $count \
				--pci-ids /dev/null list --format $format >out 2>err || [ $? = 1 ]
			[ "$(wc -l <out)" -ge $((count / 8)) ]
			sed -n 's/.*Collected : //p' err
		done >counted
		echo "# list --format $format:" $(<counted) 'instructions' >&3
		{ read -r small && read -r large; } <counted
		[ "$large" -le $((5 * small)) ]
	done
}
