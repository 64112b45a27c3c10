# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# What a case of qemu-test/journeys can do. The caller has set release, initramfs, loader, case,
# secure, work, disk (that the machine boots from), deb and results, and has a function finish, which
# ends it when a boot did not reach its end.

# How often a boot may hang before it counts as ours.
MAX_HANGS=2
TIMEOUT=1800
WORDS=$(cat "$TOP/qemu-test/words.jq")

boots=0
boot_names=
all_hangs=0
failures=0
typing=

firmware_arguments()
{
	[ "$loader" != grub-pc ] || return 0
	if [ -n "$secure" ]; then
		uefi_arguments ms
	else
		uefi_arguments plain
	fi
}

# An old processor of Intel's: a user's way to the IOMMU of this machine, and no drivers for
# features that an emulation is slow with.
processor()
{
	case "$ACCEL" in
	tcg) echo '-accel tcg -cpu Nehalem' ;;
	kvm) echo "$accel" ;;
	esac
}

# What the guest finds on the second disk: its part of the harness, the step, the package.
pack_step()
{
	rm -rf "$work/in"
	mkdir -p "$work/in"
	cp "$TOP/qemu-test/journey-guest/guest.sh" "$TOP/qemu-test/guest/facts.sh" "$work/in/"
	cp "$deb" "$work/in/earlybind.deb"
	cp "$work/vfio-client" "$work/in/"
	cp "$1" "$work/in/step"
	[ ! -d "$work/more" ] || cp -R "$work/more/." "$work/in/"
	tar -C "$work/in" -cf "$work/in.tar" .
	truncate -s %512 "$work/in.tar"
	rm -f "$work/out.tar"
	truncate -s 64M "$work/out.tar"
}

# machine: runs the emulator once on $disk
machine()
{
	# shellcheck disable=SC2046,SC2086 # lists of words
	run_qemu qemu-system-x86_64 -pidfile "$work/qemu.pid" -nodefaults -no-user-config -no-reboot -display none -vga none \
		-M "q35,kernel-irqchip=split,sata=off${secure:+,smm=on}" $(processor) \
		-smp "$CPUS" -m 1024 $(firmware_arguments) -device intel-iommu,intremap=on \
		-drive "if=none,id=root,format=qcow2,cache=${cache:-unsafe},file=$disk" \
		-device virtio-blk-pci,drive=root,addr=1a.0,serial=root,bootindex=1 \
		-drive "if=none,id=in,format=raw,readonly=on,file=$work/in.tar" \
		-device virtio-blk-pci,drive=in,addr=1b.0,serial=journey-in \
		-drive "if=none,id=out,format=raw,file=$work/out.tar" \
		-device virtio-blk-pci,drive=out,addr=1c.0,serial=journey-out \
		-device virtio-rng-pci,addr=1d.0 -chardev "file,id=console,path=$log,append=on" \
		-serial chardev:console -chardev "pipe,id=monitor,path=$work/monitor" -mon monitor \
		${more_disks:-} ${cards:-$DEFAULT_CARDS}
}

# The commands of the step as a JSON array.
commands()
{
	for at in "$work"/facts/commands/*; do
		[ -f "$at/status" ] || continue
		jq -n --rawfile command "$at/command" --rawfile stdout "$at/stdout" \
			--rawfile stderr "$at/stderr" --rawfile status "$at/status" '{
				command: ($command | rtrimstr("\n")), status: ($status | tonumber),
				stdout: $stdout, stderr: $stderr }'
	done | jq -s .
}

write_boot_facts()
{
	ended=false
	[ ! -f "$work/facts/end" ] || ended=true
	[ -f "$work/facts/entries" ] || : >"$work/facts/entries"
	print_facts /dev/null '' | jq --arg boot "$boot_name" --arg log "$log" \
		--argjson seconds "$(($(date +%s) - started))" --argjson hangs "$hangs" \
		--argjson ended "$ended" --rawfile entries "$work/facts/entries" \
		--argjson commands "$(commands)" -f "$TOP/qemu-test/journey.jq" >"$results/$boot_name.json"
	[ ! -d "$work/facts/files" ] || cp -R "$work/facts/files" "$results/$boot_name.files"
}

# The emulation of cmpxchg16b, which the kernel's allocator uses, may lose the processor's flags;
# that ends in a double fault, somewhere. With vfio in its trace, or in earlybind, it may be ours.
emulator_broke()
{
	sed -n '/PANIC: double fault/,$p' "$log" >"$work/panic"
	[ -s "$work/panic" ] && ! grep -v "Modules linked in" "$work/panic" | grep -qE "Comm: earlybind|vfio"
}

# boot NAME: switches the machine on; standard input is the step that the booted guest takes. Its
# facts are what `must` asks. A boot that hangs before anything of ours runs is repeated.
boot()
{
	boot_name=$1
	cat >"$work/step"
	pack_step "$work/step"
	boots=$((boots + 1))
	boot_names="$boot_names $boot_name"
	log="$results/$boot_name.log"
	timeout=$TIMEOUT
	hangs=0
	started=$(date +%s)
	: >"$log"
	while machine && [ -e "$work/hung" ] && [ "$hangs" -lt "$MAX_HANGS" ]; do
		hangs=$((hangs + 1))
		note "$case: $boot_name: no word from the guest for $SILENCE s, before /init: switched off and on again"
	done
	if emulator_broke; then
		hangs=$((hangs + 1))
		note "$case: $boot_name: the kernel met a double fault, with none of ours in it"
	fi
	all_hangs=$((all_hangs + hangs))
	rm -rf "$work/facts"
	read_facts "$work/out.tar"
	write_boot_facts
	echo "$case: boot $boots, $boot_name: $(jq .seconds "$results/$boot_name.json") s"
	typing=
	if ! jq -e .ended "$results/$boot_name.json" >/dev/null; then
		failed "$boot_name did not reach its end, see $log"
		tail -n 15 "$log" >&2
		finish
	fi
}

# lost_boot NAME: switches the machine on, and $typing switches it off before it has left facts
lost_boot()
{
	log="$results/$1.log"
	timeout=$TIMEOUT
	: >"$log"
	pack_step /dev/null
	machine
	[ ! -e "$work/hung" ] || all_hangs=$((all_hangs + 1))
	typing=
	echo "$case: $1: switched off"
}

failed()
{
	failures=$((failures + 1))
	echo "$case: FAILED: $*" | tee -a "$results/failures"
}

# must EXPRESSION [BOOT]: of jq, true of the facts of the last boot or of BOOT
must()
{
	facts="$results/${2:-$boot_name}.json"
	! jq -e "$WORDS $1" "$facts" >/dev/null 2>"$work/jq.err" || return 0
	failed "$boot_name: not so: $1"
	cat "$work/jq.err"
	jq -c '.cmdline, .entries, (.devices[] | select(.class | test("^0x0[34]"))), .vfio[],
		.report.findings[]?' "$facts"
	jq -r '.commands[] | "$ \(.command)  # \(.status)\n\(.stdout)\(.stderr)"' "$facts"
}

# same BOOT/FILE BOOT/FILE [REGEX]: two manifests are the same, but for lines that match
same()
{
	one="$results/${1%/*}.files/${1#*/}" two="$results/${2%/*}.files/${2#*/}"
	if [ ! -s "$one" ] || [ ! -s "$two" ]; then
		failed "no $1 or no $2"
		return
	fi
	grep -vE "${3:-^$}" "$one" >"$work/one"
	grep -vE "${3:-^$}" "$two" >"$work/two"
	diff "$work/one" "$work/two" >"$work/diff" && return 0
	failed "$1 and $2 differ"
	head -n 40 "$work/diff"
}

# until_said TEXT: waits until the guest's serial port has it
until_said()
{
	until grep -aqF "$1" "$log"; do
		sleep 0.3
	done
}

# until_menu: waits for the boot loader's menu; GRUB shows it on the serial port as well
until_menu()
{
	case "$loader" in
	systemd-boot) until_said 'Boot in' ;;
	*) until_said 'GNU GRUB' ;;
	esac
	sleep 3
}
