#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# An address that names no graphics card, as when a disk was added: refused, unless allowed.
load lib

DEVICES='-device VGA,addr=05.0 -device e1000e,addr=06.0,romfile='

setup_file()
{
	# shellcheck disable=SC2086 # a list of words
	boot_guest --append 'vfio.gpus=00:06' -- $DEVICES
	export ALLOWED="$BATS_FILE_TMPDIR/allowed.json"
	# shellcheck disable=SC2086
	"$BOOT" --facts "$ALLOWED" --append 'vfio.gpus=00:06 earlybind.nongpu=allow' -- $DEVICES
}

@test "a network card is refused and stays as it is" {
	facts 'driver("06.0") != "vfio-pci" and override("06.0") == null'
	facts 'entry("06.0").result == "refused" and (entry("06.0").reason | length > 0)'
}

@test "the finding names it, the way out and the display cards there are" {
	facts '.report.findings[] | select(.code == "not-display") |
		.address == "0000:00:06.0" and (.text | contains("earlybind.nongpu=allow")
		and contains("0000:00:05.0 (1234:1111)"))'
	facts 'logged("0000:00:06.0: not claimed")'
}

@test "with earlybind.nongpu=allow it is claimed and maps" {
	facts 'driver("06.0") == "vfio-pci" and (mapped("06.0") | length > 0 and all(. == "ok"))' \
		"$ALLOWED"
	facts 'driver("05.0") == "bochs-drm"' "$ALLOWED"
}
