#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A path below a root port, in the kernel's pci= notation, and an id: both mean the card.
load lib

setup_file()
{
	boot_guest --append 'vfio.gpus=00:05.0/00,1b36:0100:1af4:1100,00:05.0' -- \
		-device pcie-root-port,id=rp,chassis=1,addr=05.0 \
		-device bochs-display,bus=rp,addr=00.0,multifunction=on \
		-device intel-hda,bus=rp,addr=00.1 -device VGA,addr=06.0 -device qxl,addr=07.0
}

@test "the path takes the whole card behind the port" {
	facts 'driver("01:00.0") == "vfio-pci" and driver("01:00.1") == "vfio-pci"'
	facts 'entry("01:00.1").selected_by == "00:05.0/00"'
	facts 'mapped("01:00.0") == ["ok", "ok"]'
}

@test "the id with its subsystem takes that card alone" {
	facts 'driver("07.0") == "vfio-pci" and driver("06.0") == "bochs-drm"'
}

@test "the port itself is never claimed, and a finding says so" {
	facts 'driver("05.0") == "pcieport" and override("05.0") == null'
	facts '.report.findings[] | select(.code == "bridge") | .address == "0000:00:05.0"'
}
