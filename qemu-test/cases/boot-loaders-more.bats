#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A trial, a rescue and a unified image with the release's own tools. Nothing is booted.
load lib

setup_file()
{
	export AT="$BATS_FILE_TMPDIR"
	"$TOP/qemu-test/boot-loaders" --more "$AT"
}

@test "enable --try and keep: update-grub takes the variable, and then the arguments" {
	grep '^[[:blank:]]*linux[[:blank:]]' "$AT/grub.tried" | grep -v ' single' >"$AT/normal"
	[ "$(grep -c 'quiet splash $earlybind_words\( init=.*\)\?$' "$AT/normal")" = "$(wc -l <"$AT/normal")" ]
	grep -qx 'earlybind_next=vfio.gpus=0b:00@10de:1e87' "$AT/grub.block"
	diff <(grep vmlinuz "$AT/grub.kept") <(grep vmlinuz "$AT/grub-rescue.enabled")
	refute_in "$AT/grub.log" -e status -e earlybind:
	diff "$AT/grub.first" "$AT/grub.back"
}

@test "rescue: grub-mkconfig that writes no entries is noticed, and grub.cfg stays" {
	refute_in "$AT/grub-rescue.empty" vmlinuz
	grep -q 'disable: status 1' "$AT/grub-rescue.log"
	grep -q 'it has fewer entries than before: it is not used' "$AT/grub-rescue.log"
	diff <(grep vmlinuz "$AT/grub-rescue.enabled") <(grep vmlinuz "$AT/grub-rescue.kept")
	diff "$AT/grub.first" "$AT/grub-rescue.disabled"
}

@test "ukify: the image has it inside" {
	[ -e "$AT/unified.log" ] || skip "this release has no ukify"
	grep -q '^root=UUID=1 ro quiet vfio.gpus=0b:00@10de:1e87' "$AT/unified.enabled"
	diff "$AT/unified.enabled" "$AT/unified.again"
	diff "$AT/unified.first" "$AT/unified.disabled"
	refute_in "$AT/unified.log" -e status -e earlybind:
}
