#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# diagnose finds in the release's own image, by the release's own unmkinitramfs or lsinitrd, all
# that it looks for there. Nothing is booted.
load lib

setup_file()
{
	export AT="$BATS_FILE_TMPDIR"
	"$TOP/qemu-test/diagnose-image" "$AT"
	cat "$AT/log"
}

@test "the image and its order are checked, and nothing is missing" {
	jq -e '.checked | contains(["report", "image", "image-order"])' "$AT/diagnose.json"
	jq -e '[.items[] | select(.code | startswith("image"))] == []' "$AT/diagnose.json"
	jq -e '[.not_checked[].what | select(startswith("image"))] == []' "$AT/diagnose.json"
}

@test "what was unpacked is gone" {
	[ -f "$AT/left" ] && [ ! -s "$AT/left" ]
}
