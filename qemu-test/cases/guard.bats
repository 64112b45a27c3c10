#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A guard that does not hold claims nothing; one that holds does. The quiet twin and the
# plain argument add up, quotes are the kernel's, an exclusion comes last.
load lib

setup_file()
{
	boot_guest --append 'rd.vfio.gpus="00:05@10de:1187,00:06@1234:1111" vfio_gpus=all' \
		--append 'vfio.gpus=00:07,-00:07'
}

@test "the card that is another one than expected stays with the host" {
	facts 'driver("05.0") == "bochs-drm" and override("05.0") == null'
	facts 'found("error"; "10de:1187") and found("error"; "found 1234:1111")'
	facts '.report.findings[] | select(.code == "guard") | .address == "0000:00:05.0"'
}

@test "the card that is the expected one is claimed, by the item that names it" {
	facts 'driver("06.0") == "vfio-pci" and mapped("06.0") == ["ok", "ok"]'
	facts 'entry("06.0").selected_by == "00:06@1234:1111"'
}

@test "what is named and taken out again stays with the host" {
	facts 'driver("07.0") == "bochs-drm"'
	facts '.report.devices | map(.address) == ["0000:00:06.0"]'
}

@test "the report repeats the arguments without their quotes" {
	facts '.report.argument == ["rd.vfio.gpus=00:05@10de:1187,00:06@1234:1111",
		"vfio.gpus=00:07,-00:07"]'
}
