#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A card of two functions behind a PCI Express root port, at bus 01.
load lib

setup_file()
{
	boot_guest --append 'vfio.gpus=01:00' -- -device pcie-root-port,id=rp,chassis=1,addr=05.0 \
		-device bochs-display,bus=rp,addr=00.0,multifunction=on \
		-device intel-hda,bus=rp,addr=00.1 -device VGA,addr=06.0
}

@test "both functions behind the port are claimed" {
	facts 'driver("01:00.0") == "vfio-pci" and driver("01:00.1") == "vfio-pci"'
	facts '[.report.devices[] | .result] == ["claimed", "claimed"]'
}

@test "the port keeps its driver and the card at bus 00 its own" {
	facts 'driver("05.0") == "pcieport" and override("05.0") == null'
	facts 'driver("06.0") == "bochs-drm" and override("06.0") == null'
}

@test "a VFIO client maps the card" {
	facts 'mapped("01:00.0") == ["ok", "ok"] and mapped("01:00.1") == ["ok"]'
}
