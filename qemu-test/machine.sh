# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# The emulated machine, for what boots one: its firmware, its cards, and how it is watched. The
# caller has set work, a directory of its own, and log, the file that the serial port writes to.

# The emulation itself hangs now and then, in the firmware, in GRUB or early in the kernel, or has
# the kernel panic there. Nothing of ours has run by then.
: "${SILENCE:=150}"
INIT='Run /init as init process'

# QEMU runs in the background so that a signal reaches the shell at once.
qemu=
typist=
watcher=

stop_machine()
{
	[ -z "$typist" ] || kill "$typist" 2>/dev/null || :
	[ -z "$watcher" ] || kill "$watcher" 2>/dev/null || :
	[ -z "$qemu" ] || kill "$qemu" 2>/dev/null || :
}

# Sets accel, by ACCEL and CPUS of the environment.
choose_processor()
{
	# shellcheck disable=SC2034 # for the caller
	case "${ACCEL:=tcg}" in
	# Page tables of four levels: each that an emulation has to walk costs.
	tcg) accel='-accel tcg -cpu max,la57=off' ;;
	kvm) accel='-accel kvm -cpu host' ;;
	*) usage_error "ACCEL is tcg or kvm, not '$ACCEL'" ;;
	esac
	case "${CPUS:=2}" in 1 | 2) ;; *) usage_error "CPUS is 1 or 2, not '$CPUS'" ;; esac
}

# uefi_arguments plain|ms: ms is a firmware with Microsoft's keys that enforces Secure Boot. The
# variables that it has stored before stay.
uefi_arguments()
{
	kind=
	[ "$1" = plain ] || kind=.$1
	for suffix in _4M ''; do
		code="/usr/share/OVMF/OVMF_CODE$suffix$kind.fd"
		[ ! -f "$code" ] || break
	done
	[ -f "$code" ] || die "OVMF is not installed; run qemu-test/setup"
	[ -f "$work/vars.fd" ] || cp "/usr/share/OVMF/OVMF_VARS$suffix$kind.fd" "$work/vars.fd"
	echo "-drive if=pflash,format=raw,readonly=on,file=$code" \
		"-drive if=pflash,format=raw,file=$work/vars.fd"
	[ -z "$kind" ] || echo '-global driver=cfi.pflash01,property=secure,value=on'
}

# A card with an audio function beside it, another, and one that the host keeps.
DEFAULT_CARDS='-device VGA,addr=05.0,multifunction=on -device intel-hda,addr=05.1
	-device bochs-display,addr=06.0 -device bochs-display,addr=07.0'

# For `-chardev pipe,id=monitor,path=$work/monitor -mon monitor`
make_monitor()
{
	mkfifo "$work/monitor.in" "$work/monitor.out"
}

# Presses keys by QEMU's monitor: press KEY...
press()
{
	for key; do
		echo "sendkey $key" >&3
		sleep 0.2
	done
}

# Switches a guest off that is silent before /init, and leaves a file that says so; and one whose
# kernel has panicked and stands still, which kernel/panic.c says where it does not reboot.
watch_for_hang()
{
	size=0 silent=0
	until grep -aq "$INIT" "$log"; do
		sleep 5
		silent=$((silent + 5))
		[ "$(wc -c <"$log")" = "$size" ] || silent=0
		size=$(wc -c <"$log")
		if [ "$silent" -ge "$SILENCE" ]; then
			: >"$work/hung"
			kill "$qemu"
			return
		fi
	done
	until grep -aqF 'end Kernel panic' "$log"; do
		sleep 5
	done
	kill "$qemu"
}

# run_qemu COMMAND...: sets status. The function $typing, if there is one, runs beside it.
run_qemu()
{
	rm -f "$work/hung"
	timeout -k 5 "$timeout" "$@" >>"$log" 2>&1 &
	qemu=$!
	watch_for_hang >"$work/watcher" 2>&1 3>&- &
	watcher=$!
	if [ -n "${typing:-}" ]; then
		{ exec 3<>"$work/monitor.in" 4<>"$work/monitor.out" && $typing; } &
		typist=$!
	fi
	status=0
	wait "$qemu" || status=$?
	kill "$watcher" 2>/dev/null || :
	[ -z "$typist" ] || kill "$typist" 2>/dev/null || :
	qemu=
	watcher=
	typist=
}

# Whatever fails, the facts are to be written first.
bad=0
die_later()
{
	note "$*"
	bad=1
}

# The guest wrote them as an archive; without one it did not get that far.
read_facts()
{
	tar -C "$work" -xf "$1" 2>/dev/null || :
	mkdir -p "$work/facts"
	for name in kernel cmdline devices framebuffers vfio kernel_log screen report.json; do
		[ -f "$work/facts/$name" ] || : >"$work/facts/$name"
	done
	if ! jq -e . "$work/facts/report.json" >/dev/null 2>&1; then
		[ ! -s "$work/facts/report.json" ] || die_later "the guest's report.json is not JSON"
		: >"$work/facts/report.json"
	fi
}

# print_facts ORDER ASKED: as one object; ORDER is a file, ASKED the question that was answered.
print_facts()
{
	jq -n --arg release "$release" --arg initramfs "$initramfs" \
		--rawfile order "$1" --rawfile kernel "$work/facts/kernel" \
		--rawfile cmdline "$work/facts/cmdline" --rawfile devices "$work/facts/devices" \
		--rawfile framebuffers "$work/facts/framebuffers" \
		--rawfile report "$work/facts/report.json" --rawfile vfio "$work/facts/vfio" \
		--rawfile kernel_log "$work/facts/kernel_log" \
		--rawfile screen "$work/facts/screen" --arg asked "$2" -f "$TOP/qemu-test/facts.jq"
}
