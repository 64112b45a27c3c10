# SPDX-License-Identifier: GPL-2.0-or-later
# What conflicts.bats boots and asks.

RULES='
	def predicted: [.report.conflicts[] | select(.when == "before" and .blocks)
		| [.address, .bar]] | unique;
	def remains: [.report.conflicts[] | select(.when == "after" and .blocks)
		| [.address, .bar]] | unique;
	def observed: [.vfio[] | select(.mmap != "ok") | [.address, .region]] | unique;
	def remedies: [.report.conflicts[] | .remedy];
	def owners: [.report.conflicts[] | select(.when == "before") | .owner];
'

boot_case()
{
	"$BOOT" --firmware uefi --facts "$BATS_FILE_TMPDIR/$1" \
		--append "rd.vfio.gpus=00:05,00:06 $2" -- \
		-device "$3,addr=05.0" $4 -device bochs-display,addr=07.0
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
	wait $!
	boot_case left vfio.gpus=-00:06 bochs-display '-device VGA,addr=06.0'
}

# Of the facts of boot $1.
so()
{
	facts "$RULES $2" "$BATS_FILE_TMPDIR/$1"
}
