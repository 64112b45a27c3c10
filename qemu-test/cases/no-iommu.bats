#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Without an IOMMU nothing is claimed: the cards stay usable, and the report says how to
# switch it on for the CPU that QEMU shows.
load lib

setup_file()
{
	boot_guest --no-iommu --append 'vfio.gpus=00:05,00:06'
}

@test "there is no IOMMU group" {
	facts '[.devices[] | .group] | all(. == null)'
}

@test "every card has the host's driver and no override" {
	facts '[driver("05.0"), driver("06.0"), driver("07.0")] | all(. == "bochs-drm")'
	facts '[.devices[] | .override] | all(. == null)'
	facts '.vfio == []'
}

@test "the report refuses each function and tells how to switch the IOMMU on" {
	facts '[.report.devices[] | .result] == ["refused", "refused", "refused"]'
	facts 'found("error"; "the IOMMU is off") and found("error"; "for this virtual machine")'
}

@test "the kernel log says so" {
	facts 'logged("IOMMU")'
}
