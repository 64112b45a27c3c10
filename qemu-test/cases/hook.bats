#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What the hook puts into the image for every kind of kernel, and that it never fails.
load lib
load hook

@test "every image is built and runs earlybind before udev" {
	[ "$(cat "$IMAGES"/*/status | sort -u)" = 0 ]
	for kind in stock xz zst gz listed late builtin notype1 nounxz nozstd; do
		comes_first "$kind"
	done
}

@test "the modules of the release's kernel are there as they are" {
	has stock "$STOCK"
	refute_in "$IMAGES/stock/files" updates/earlybind
	warns stock
}

@test "what its kernel does not decompress is unpacked, also where others add it compressed" {
	for kind in xz $ZST listed late nounxz; do
		grep -q /usr/lib/earlybind/earlybind-agent "$IMAGES/$kind/files"
		has "$kind" '.*\.ko'
		warns "$kind"
	done
}

@test "a kernel with vfio built in needs no module and no warning" {
	grep -q /usr/lib/earlybind/earlybind-agent "$IMAGES/builtin/files"
	refute_in "$IMAGES/builtin/files" vfio
	warns builtin
}

@test "what cannot work is warned of once, and the image is built" {
	warns notype1 'no vfio_iommu_type1'
	warns nozstd "$NO_ZSTD"
	warns gz 'is not in modules.dep'
	warns noagent 'earlybind-agent is missing'
	refute_in "$IMAGES/noagent/files" -E 'vfio|earlybind-agent'
}
