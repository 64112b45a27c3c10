#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The firmware's framebuffer on a claimed BAR: what the report foretells is what a client
# meets. `make check-matrix` has more cards, firmwares and releases.
load lib

RULES='
	def foretold: [.report.conflicts[] | select(.when == "before" and .blocks)
		| [.address, .bar]] | unique;
	def remains: [.report.conflicts[] | select(.when == "after") | [.address, .bar]] | unique;
	def met: [.vfio[] | select(.mmap != "ok") | [.address, .region]] | unique;
	def remedies: [.report.conflicts[] | .remedy];
	def owners: [.report.conflicts[] | select(.when == "before") | .owner];
'

boot_case()
{
	"$BOOT" --firmware uefi --facts "$BATS_FILE_TMPDIR/$1" --append "rd.vfio.gpus=00:05,00:06 $2" \
		-- -device "$3,addr=05.0" $4 -device bochs-display,addr=07.0
}

# Two at a time.
setup_file()
{
	need_file /usr/share/OVMF 'UEFI needs the package ovmf'
	[ -z "${CANNOT:-}" ] || return 0
	boot_case keep '' bochs-display &
	boot_case release earlybind.fb=release bochs-display
	wait $!
	boot_case off video=efifb:off bochs-display &
	boot_case vga earlybind.fb=release VGA
	wait $!
	boot_case both '' bochs-display '-device VGA,addr=06.0'
}

# Of the facts of boot $1.
so()
{
	facts "$RULES $2" "$BATS_FILE_TMPDIR/$1"
}

@test "in each boot the client meets what was foretold, and what the report has after" {
	for boot in keep release off vga both; do
		so "$boot" 'foretold == met and remains == met'
		so "$boot" 'any(.kernel_log[]; contains("reserve [mem") and contains("BAR")) == (met != [])'
		so "$boot" '[.report.devices[] | .result] | all(. == "claimed")'
	done
}

@test "a bochs-display's BAR 0 cannot be mapped below the framebuffer" {
	so keep 'met == [["0000:00:05.0", 0]] and owners == ["efifb"]'
}

@test "with earlybind.fb=release it can, a VGA card's too" {
	so release 'met == [] and owners == ["efifb"] and found("info"; "is free of")'
	so vga 'met == [] and owners == ["efifb"]'
}

@test "with video=efifb:off there is no conflict" {
	so off 'met == [] and .report.conflicts == []'
}

@test "Linux 6.1 evicts it from a bochs-display when the default VGA card is claimed too" {
	so keep '.kernel | startswith("6.1.")' >/dev/null || skip "this release has another kernel"
	so both 'met == [] and remedies == ["evicted"]'
}

@test "the host's card has its driver and a framebuffer in each boot" {
	for boot in keep release off vga both; do
		so "$boot" 'driver("07.0") == "bochs-drm"'
		so "$boot" 'any(.kernel_log[]; test("0000:00:07.0: .*fb[0-9]: .*frame buffer device"))'
	done
}
