#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# enable and disable with the release's own update-grub and kernel-install. Nothing is booted.
load lib

setup_file()
{
	export AT="$BATS_FILE_TMPDIR"
	"$TOP/qemu-test/boot-loaders" "$AT"
}

# The kernel lines of GRUB that begin its entries, those in recovery mode left out.
normal()
{
	grep '^[[:blank:]]*linux[[:blank:]]' "$AT/grub.$1" | grep -v ' single'
}

@test "update-grub: each normal entry has it, and none in recovery mode" {
	[ "$(normal enabled | wc -l)" -ge 1 ]
	[ "$(normal enabled | grep -c 'quiet splash vfio.gpus=0b:00@10de:1e87\( init=.*\)\?$')" = "$(normal enabled | wc -l)" ]
	[ "$(normal other | grep -c 'quiet splash vfio.gpus=0b:00 earlybind.fb=release\( init=.*\)\?$')" = "$(normal other | wc -l)" ]
	refute_in "$AT/grub.enabled" ' single.*vfio'
	refute_in "$AT/grub.log" -e status -e earlybind:
}

@test "kernel-install: the entry has it, and its initrd" {
	grep -q '^options *root=UUID=1 ro quiet vfio.gpus=0b:00@10de:1e87\( systemd.machine_id=.*\)\?$' "$AT/systemd.enabled"
	grep -q '^initrd .*initrd.img-' "$AT/systemd.enabled"
	refute_in "$AT/systemd.log" -e status -e earlybind:
}

@test "a second enable changes nothing, and disable leaves all as it was" {
	for loader in grub systemd; do
		diff "$AT/$loader.enabled" "$AT/$loader.again"
		diff "$AT/$loader.first" "$AT/$loader.disabled"
		[ "$(grep -c 'already enabled' "$AT/$loader.log")" = 1 ]
	done
}
