#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A kernel that decompresses modules gets them as they are. One that ends too soon is an error of
# the report, and every card has its own driver.
load lib

setup_file()
{
	export IMAGE=$("$TOP/qemu-test/image") CUT="$BATS_FILE_TMPDIR/cut.json"
	local module=$(sed -n 's|^\(kernel/.*/vfio\.ko\.xz\):.*|\1|p' "$IMAGE/modules.dep") file

	[ -n "$module" ] || { export CANNOT="this release's kernel has no compressed modules"; return; }
	file=$(sed -n "s|^\./\(.*/$module\)\$|\1|p" "$IMAGE/files")
	mkdir -p "$BATS_FILE_TMPDIR/over/${file%/*}"
	tar -xOf "$("$TOP/qemu-test/image" base)" --wildcards "*/$module" |
		head -c 9000 >"$BATS_FILE_TMPDIR/over/$file"
	boot_guest --append 'vfio.gpus=00:05,00:06'
	"$BOOT" --overlay "$BATS_FILE_TMPDIR/over" --append 'vfio.gpus=00:05,00:06' --facts "$CUT"
}

@test "the image has them compressed and nothing unpacked, and the cards are claimed" {
	[ "$(grep -c '/vfio.*\.ko\.xz$' "$IMAGE/files")" -eq 4 ]
	refute_in "$IMAGE/files" -E '/vfio[^/]*\.ko$|updates/earlybind'
	facts '[driver("05.0"), driver("05.1"), driver("06.0")] | all(. == "vfio-pci")'
	facts '[.vfio[] | .mmap] | length == 5 and all(. == "ok")'
	# Before /sys is there, the kernel itself may ask modprobe for modules (Debian 14).
	facts '.kernel_log | .[map(contains("earlybind: ")) | index(true):] |
		any(.[]; contains("Invalid ELF") or contains("decompress")) | not'
}

@test "where one is cut short, each function is returned, and the report says why" {
	facts '[driver("05.0"), driver("06.0"), driver("07.0")] | all(. == "bochs-drm")' "$CUT"
	facts '[.devices[] | .override] | all(. == null)' "$CUT"
	facts '[.report.devices[] | .result] == ["failed", "failed", "failed"]' "$CUT"
	facts 'found("error"; "loading vfio-pci failed (vfio: EINVAL); see the kernel log")' "$CUT"
	facts 'any(.kernel_log[]; contains("decompression failed"))' "$CUT"
}
