#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Under UEFI the firmware's framebuffer lies on a claimed BAR; Linux 6.0 and later evict it.
load lib

setup_file()
{
	need_file /usr/share/OVMF 'UEFI needs the package ovmf'
	[ -n "${CANNOT:-}" ] || boot_guest --firmware uefi --append 'rd.vfio.gpus=00:05,00:06'
}

evicted_here()
{
	jq -e '.kernel | startswith("5.") | not' "$FACTS" >/dev/null ||
		skip "before 6.0 nothing is evicted; conflicts.bats has what a client observes then"
}

@test "the machine has booted by UEFI, with a framebuffer on 00:05.0" {
	facts 'any(.kernel_log[]; contains("efi: EFI v"))'
	facts 'any(.kernel_log[]; contains("efifb: framebuffer at 0x"))'
	facts '.report.conflicts[0] | .address == "0000:00:05.0" and .bar == 0 and .owner == "efifb"'
}

@test "the named cards are on vfio-pci, the third has the host's driver" {
	facts '[driver("05.0"), driver("05.1"), driver("06.0")] | all(. == "vfio-pci")'
	facts 'driver("07.0") == "bochs-drm" and override("07.0") == null'
	facts '[.report.devices[] | .result] == ["claimed", "claimed", "claimed"]'
}

@test "every BAR of the claimed functions maps, and nobody says \"can't reserve\"" {
	evicted_here
	facts 'mapped("05.0") == ["ok", "ok"] and mapped("05.1") == ["ok"] and mapped("06.0") == ["ok", "ok"]'
	facts 'any(.kernel_log[]; contains("reserve [")) | not'
}

@test "the conflict was seen before and is gone after" {
	evicted_here
	facts '[.report.conflicts[] | select(.when == "before") | .address] == ["0000:00:05.0"]'
	facts '[.report.conflicts[] | select(.when == "after")] == []'
}
