#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The earlybind command: options, exit statuses, errors, terminals.

bats_require_minimum_version 1.5.0
load cli

setup_file()
{
	cli_setup_file
}

setup()
{
	seed=$(machine seed)
}

@test "help and version go to standard output" {
	for args in --help -h '--help plan' 'list --help' 'status --help' 'diagnose -h' 'export -h'; do
		# shellcheck disable=SC2086 # words
		earlybind $args >"$BATS_TEST_TMPDIR/out"
		grep -q '^Usage: earlybind ' "$BATS_TEST_TMPDIR/out"
		[ "$(wc -L <"$BATS_TEST_TMPDIR/out")" -le 80 ]
	done
	says 0 'earlybind plan [ARG]' earlybind plan --help
	says 0 'vfio.gpus(7)' earlybind --help
	[[ $(earlybind --version) =~ ^earlybind\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
	says 0 'earlybind ' earlybind list --version
}

@test "wrong use is named, with the way out" {
	says 2 'Usage: earlybind' earlybind
	says 2 "no command 'liist'; did you mean 'list'?" earlybind liist
	says 2 "no command 'paln'; did you mean 'plan'?" earlybind paln
	says 2 "no command 'frobnicate'; see earlybind --help" earlybind frobnicate
	says 2 "no option '--jsn'; see" earlybind list --jsn
	says 2 "no option '-x'; see" earlybind -x list
	says 2 "no option '-x'; see" earlybind list --json -xh
	says 2 "option '--root' needs a value" earlybind list --root
	says 2 "earlybind plan 'vfio.gpus=05:00'" earlybind list vfio.gpus=05:00
	says 2 "earlybind plan 'vfio.gpus=05:00 earlybind.fb=release'" \
		earlybind plan vfio.gpus=05:00 earlybind.fb=release
	says 0 'Plan for: vfio.gpus=0b:00' earlybind --root "$(machine nvidia-twins)" plan 0b:00
	says 0 'Plan for: vfio.gpus=nvidia,-0a:00' earlybind --root "$(machine nvidia-twins)" plan nvidia,-0a:00
	says 2 "did you mean 'vfio.gpus=05:00'?" earlybind plan 'vfio.gpu=05:00 earlybind.fb=release'
	says 2 "'quiet' is not understood at offset 0" earlybind plan 'quiet splash'
	says 2 "there is no card: name one by its address" earlybind plan ''
	says 2 "'--' ends the kernel's arguments" earlybind plan -- '-- vfio.gpus=05:00'
	says 2 "write it in one word, such as nvidia,-0b:00" earlybind plan nvidia -0b:00
	says 2 "the arguments have more than 2047 bytes" \
		earlybind plan "05:00$(printf ',05:00%.0s' {1..400})"
}

@test "plan: a wrong list is answered with the offset, the reason, what was meant, and the cards" {
	cards='display cards: 0000:05:00.0 (10de:1187), 0000:0b:00.0 (1002:7300)'
	while IFS='|' read -r arg text; do
		says 2 "$text" earlybind plan --root "$seed" "$arg"
		[[ $output == *"$cards"* ]]
	done <<-'EOF'
		0b:00.8|'0b:00.8' is not understood at offset 6: a function is one digit, 0 to 7; did you mean '0b:00'?
		05:00,0b:00.8|at offset 12: a function is one digit, 0 to 7; did you mean '0b:00'?
		b:00|'b:00' is not understood at offset 0: a bus is two hex digits; did you mean '0b:00'?
		0x10de:0x1e87|'0x10de:0x1e87' is not understood at offset 0: write hex digits without 0x; did you mean '10de:1e87'?
		NVIDIA|'NVIDIA' is not understood at offset 0: not an address, an id, or one of
		NVIDIA|did you mean 'nvidia'?
		nvidea|did you mean 'nvidia'?
		RTX 3090|'RTX' is not understood at offset 0: not an address, an id,
		RTX 3090|a card is named by its address (05:00) or id (10de:1187), not by its model
		0b:00, 0a:00|'0b:00,' ends with a comma: write a list without blanks, such as 0b:00,0a:00
		0b:00,,05:00|at offset 6: the item is empty: take out the comma
		vfio.gpu=0b:00|there is no argument 'vfio.gpu'; did you mean 'vfio.gpus=0b:00'?
		VFIO.GPUS=0b:00|there is no argument 'VFIO.GPUS'; did you mean 'vfio.gpus=0b:00'?
		RD.vfio.gpus=0b:00|did you mean 'rd.vfio.gpus=0b:00'?
		quiet=1|'quiet=1' is neither a list of cards (05:00, or nvidia,-0b:00) nor an argument
	EOF
	says 0 'Plan for: vfio.gpus=nvidia,-0b:00' earlybind plan --root "$seed" 'nvidia -0b:00'
	says 1 '[bad-item]' earlybind plan --root "$seed" vfio.gpus=05:00,0b:00.8
	says 0 '1 function would be claimed' earlybind plan --root "$seed" 'quiet vfio.gpus=05:00.0'
}

@test "an error is on standard error alone" {
	for args in '' 'lits' 'plan 05' 'list --root /nowhere' 'plan --json 05'; do
		# shellcheck disable=SC2086 # words
		[ -z "$(earlybind $args 2>/dev/null)" ]
	done
}

@test "a machine that cannot be read is an error" {
	says 2 "--root '/nowhere': No such file" earlybind list --root /nowhere
	says 2 "--root '': No such file" earlybind list --root ''
	says 2 "--root '$EARLYBIND': Not a directory" earlybind plan --root "$EARLYBIND"
	mkdir "$BATS_TEST_TMPDIR/empty"
	says 2 "empty/sys/bus/pci/devices cannot be read: No such file or directory; --root" \
		earlybind list --root "$BATS_TEST_TMPDIR/empty"
	says 2 'empty/sys/bus/pci/devices cannot be read' \
		earlybind plan --json --root "$BATS_TEST_TMPDIR/empty" vfio.gpus=all
	says 2 'empty/proc/cmdline cannot be read: No such file or directory; give the argument' \
		earlybind plan --root "$BATS_TEST_TMPDIR/empty"
}

@test "a machine is read whole without openat2, and while files are renamed" {
	strace -o /dev/null true 2>/dev/null || skip 'strace is not installed, or may not trace here'
	cp -a "$seed" "$BATS_TEST_TMPDIR/seed"
	ln -sfn .. "$BATS_TEST_TMPDIR/seed/sys/bus/pci/devices/0000:05:00.0/iommu_group"
	earlybind --root "$BATS_TEST_TMPDIR/seed" plan vfio.gpus=all >"$BATS_TEST_TMPDIR/new" || [ $? -eq 1 ]
	for error in ENOSYS EAGAIN EAGAIN:when=1+3; do
		ASAN_OPTIONS=detect_leaks=0 strace -qq -o /dev/null -e "inject=openat2:error=$error" \
			"$EARLYBIND" --pci-ids "$BATS_TEST_DIRNAME"/../support/pci.ids \
			--root "$BATS_TEST_TMPDIR/seed" plan vfio.gpus=all >"$BATS_TEST_TMPDIR/old" || [ $? -eq 1 ]
		cmp "$BATS_TEST_TMPDIR/new" "$BATS_TEST_TMPDIR/old"
	done
}

@test "options count before and after the command" {
	earlybind --json --root "$seed" list >"$BATS_TEST_TMPDIR/before"
	earlybind list --root "$seed" --json >"$BATS_TEST_TMPDIR/after"
	earlybind --root="$seed" list --json >"$BATS_TEST_TMPDIR/around"
	jq -e 'length == 2' "$BATS_TEST_TMPDIR/before"
	cmp "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after"
	cmp "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/around"
}

@test "options count after the command in a POSIX environment too" {
	POSIXLY_CORRECT=1 earlybind list --root "$seed" --json >"$BATS_TEST_TMPDIR/after"
	jq -e 'length == 2' "$BATS_TEST_TMPDIR/after"
}

@test "an option that takes no value says so" {
	for option in json force yes dry-run help version; do
		says 2 "option '--$option' takes no value; see earlybind --help" \
			earlybind list "--$option=yes"
	done
}

@test "a message is printed whole, however long" {
	long=$(printf 'x%.0s' {1..5000})
	says 2 "no command '$long'; see" earlybind "$long"
}

@test "list: the status says whether cards can be claimed here at all" {
	says 0 'IOMMU on' earlybind list --root "$seed"
	says 1 'add intel_iommu=on' earlybind list --root "$(machine no-iommu)"
	mkdir -p "$BATS_TEST_TMPDIR/none/sys/bus/pci/devices"
	says 1 'There is no graphics card here' earlybind list --root "$BATS_TEST_TMPDIR/none"
	says 1 '[]' earlybind list --json --root "$BATS_TEST_TMPDIR/none"
}

@test "list: addresses alone, for scripts" {
	says 0 $'05:00 10de:1187 free\n0b:00 1002:7300 free' earlybind list --root "$seed" --format addresses
	# The sound of this card sits in a slot apart, and the card's id guards it.
	says 0 $'03:00 8086:56a0 free\n04:00 8086:56a0 free' \
		earlybind list --root "$(machine intel-arc)" --format addresses
	says 0 '00:02 8086:a780 claimed' earlybind list --root "$(machine sriov)" --format addresses
	says 2 "list has no --format 'adresses', only text, json, addresses; did you mean 'addresses'?" \
		earlybind list --format adresses
}

@test "list: an IOMMU argument that did not help is not advised again" {
	cp -a "$(machine no-iommu)" "$BATS_TEST_TMPDIR/given"
	echo 'quiet intel_iommu=on' >"$BATS_TEST_TMPDIR/given/proc/cmdline"
	for command in list 'plan vfio.gpus=01:00'; do
		# shellcheck disable=SC2086 # words
		says 1 'intel_iommu=on is given, so enable' earlybind --root "$BATS_TEST_TMPDIR/given" $command
	done
}

@test "plan: the status says whether anything is to be looked at" {
	twins=$(machine nvidia-twins)
	says 0 '4 functions would be claimed.' earlybind plan --root "$twins" vfio.gpus=0b:00
	says 1 '[boot-display]' earlybind plan --root "$twins" vfio.gpus=0a:00
	says 1 '[no-match]' earlybind plan --root "$twins" vfio.gpus=0c:00
	says 1 '[bad-value]' earlybind plan --root "$twins" 'vfio.gpus=0b:00 earlybind.fb=x'
	says 0 '[switched-off]' earlybind plan --root "$twins" vfio.gpus=none
	says 0 '[dry-run]' earlybind plan --root "$twins" 'vfio.gpus=0b:00 earlybind.dryrun=1'
	says 1 'This has no vfio.gpus=' earlybind plan --root "$twins" earlybind.fb=release
}

@test "plan: a framebuffer on a BAR is said, and whether it goes" {
	says 1 'efifb occupies BAR 0 and stays there: a guest cannot use the BAR' \
		earlybind plan --root "$seed" vfio.gpus=0b:00
	says 1 'efifb occupies BAR 0; earlybind.fb=release removes it' \
		earlybind plan --root "$seed" 'vfio.gpus=0b:00 earlybind.fb=release'
}

@test "plan: nothing asked for on the running command line is well" {
	cp -a "$seed" "$BATS_TEST_TMPDIR/plain"
	echo 'quiet vfio-pci.ids=1002:7300' >"$BATS_TEST_TMPDIR/plain/proc/cmdline"
	says 0 'has no vfio.gpus=: no card is asked for' \
		earlybind plan --root "$BATS_TEST_TMPDIR/plain"
	earlybind plan --json --root "$BATS_TEST_TMPDIR/plain" |
		jq -e '.argument == [] and .devices == [] and .findings == []'
}

@test "names are numbers without pci.ids, and a spoiled list is an error" {
	says 0 '05:00  card 10de:1187' "$EARLYBIND" list --root "$seed" --pci-ids /dev/null
	says 2 "--pci-ids '/nowhere': No such file" "$EARLYBIND" list --pci-ids /nowhere
	printf '10de  NVIDIA\n\t\t\t\tzzzz\n' >"$BATS_TEST_TMPDIR/spoiled"
	says 2 'the list of names is damaged: ' \
		"$EARLYBIND" list --root "$seed" --pci-ids "$BATS_TEST_TMPDIR/spoiled"
}

# named VENDOR DEVICE BOARD HEADING: how seed's first card is called with these names
named()
{
	printf '10de  %s\n\t1187  %s\n1458  %s\n' "$1" "$2" "$3" >"$BATS_TEST_TMPDIR/ids"
	says 0 "05:00  $4"$'\n' "$EARLYBIND" list --root "$seed" --pci-ids "$BATS_TEST_TMPDIR/ids"
}

@test "a card is called as on its box, as far as there is room" {
	named 'NVIDIA Corporation' 'GH100[H100 80GB]' Dell 'NVIDIA H100 80GB (GH100), by Dell'
	named 'Advanced Micro Devices, Inc. [AMD/ATI]' 'Fiji [R9]' 'Acer Incorporated [ALI]' \
		'AMD R9 (Fiji), by Acer'
	named 'ASPEED Technology, Inc.' 'ASPEED Graphics Family' 'Tul Corporation / PowerColor' \
		'ASPEED Graphics Family, by Tul'
	named Inc. '[Nexsis] One' 'ZOTAC International (MCO) Ltd.' \
		'Inc. [Nexsis] One, by ZOTAC International'
	named 'NVIDIA Corporation' 'GK104 []' Co. 'NVIDIA GK104 [], by Co.'
	long='GeForce 1234567890 1234567890 1234567890 1234567890 1234567'
	named NVIDIA "GK104 [$long]" Dell "NVIDIA $long"
	named NVIDIA "GK104 [$long 890]" Dell "NVIDIA $long 890"
	named NVIDIA "GK104 [$long 890123456]" Dell "NVIDIA $long 890..."
}

@test "colour is for a terminal that wants it" {
	escape=$'\033'
	for command in list plan; do
		[[ $(earlybind $command --root "$seed") != *$escape* ]]
		run on_terminal 80 xterm "$EARLYBIND" --root "$seed" $command
		[[ $output == *$escape* ]]
		run on_terminal 80 dumb "$EARLYBIND" --root "$seed" $command
		[[ $output != *$escape* ]]
		NO_COLOR=1 run on_terminal 80 xterm "$EARLYBIND" --root "$seed" $command
		[[ $output != *$escape* ]]
		NO_COLOR='' run on_terminal 80 xterm "$EARLYBIND" --root "$seed" $command
		[[ $output == *$escape* ]]
	done
}

@test "a terminal sees the same text, as wide as it is" {
	ids=$BATS_TEST_DIRNAME/../support/pci.ids
	for command in list plan; do
		on_terminal 80 dumb "$EARLYBIND" --pci-ids "$ids" --root "$seed" $command >"$BATS_TEST_TMPDIR/80" || :
		earlybind --root "$seed" $command >"$BATS_TEST_TMPDIR/file" || :
		cmp "$BATS_TEST_TMPDIR/80" "$BATS_TEST_TMPDIR/file"
		on_terminal 64 dumb "$EARLYBIND" --root "$seed" $command >"$BATS_TEST_TMPDIR/64" || :
		[ "$(wc -L <"$BATS_TEST_TMPDIR/64")" -le 64 ]
		on_terminal 10 dumb "$EARLYBIND" --root "$seed" $command >"$BATS_TEST_TMPDIR/10" || :
		[ -s "$BATS_TEST_TMPDIR/10" ]
	done
}

@test "what the machine says does not reach the terminal as control bytes" {
	evil=$BATS_TEST_TMPDIR/evil
	cp -a "$(machine no-iommu)" "$evil"
	device=$(realpath "$evil/sys/bus/pci/devices/0000:01:00.0")
	ln -sfn $'../../../bus/pci/drivers/bad\033[31m\x9b1m\r' "$device/driver"
	printf 'other\033]0;title\007' >"$device/driver_override"
	printf 'vfio.gpus=01:00,\033[2J,all earlybind.\033[1m=\x9b5m' >"$evil/proc/cmdline"
	printf '6.1\033[7m' >"$evil/proc/sys/kernel/osrelease"
	printf '1002  A\033MD\n\t683d  Card\007 [Radeon\xc2\x9b]\n' >"$evil/pci.ids"
	for command in list plan 'list --json' 'plan --json'; do
		# shellcheck disable=SC2086 # words
		"$EARLYBIND" --root "$evil" --pci-ids "$evil/pci.ids" $command \
			>"$BATS_TEST_TMPDIR/out" || [ $? -eq 1 ]
		[ -s "$BATS_TEST_TMPDIR/out" ]
		run -1 grep '[^ -~]' "$BATS_TEST_TMPDIR/out"
	done
	says 2 "no command '?[31mx'" earlybind $'\033[31mx'
}

@test "a full disk is an error of every command" {
	after=$(machine already-claimed)
	for command in --help --version 'plan --help' list 'list --json' 'list --format addresses' \
		plan 'plan --json' 'diagnose --json' show 'show --json' 'enable --dry-run 0b:00' \
		'disable --dry-run' "diagnose --root $after" "status --root $after" \
		"status --json --root $after" "status --format prometheus --root $after" \
		"export --format qemu --root $after"; do
		run bash -c "$EARLYBIND --root $seed $command 2>&1 >/dev/full"
		[ "$status" -eq 2 ] && [[ $output == *'standard output: '* ]] || {
			echo "$command: status $status"
			echo "$output"
			return 1
		}
	done
}
