#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Which compressed modules go into an image as they are: those that its kernel decompresses, for
# an agent that has it do so.

bats_require_minimum_version 1.5.0

setup()
{
	TOP=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	EB_ROOT=$BATS_TEST_TMPDIR/root
	EB_KERNEL=6.12.1
	EB_MODULES=$EB_ROOT/usr/lib/modules/$EB_KERNEL
	EB_UNPACKED=$BATS_TEST_TMPDIR/image/updates/earlybind
	mkdir -p "$EB_ROOT/boot" "$EB_MODULES/kernel" "$EB_ROOT/usr/lib/earlybind"
	cp "$AGENT" "$EB_ROOT/usr/lib/earlybind/earlybind-agent"
}

# config FORMAT [FILE]: as Debian 13 has it but for the format
config()
{
	printf '%s\n' CONFIG_MODULE_COMPRESS=y "CONFIG_MODULE_COMPRESS_$1=y" CONFIG_MODULE_COMPRESS_ALL=y \
		CONFIG_MODULE_DECOMPRESS=y >"$EB_ROOT/${2:-boot/config-$EB_KERNEL}"
}

# pack FILE COMMAND...: vfio and vfio-pci as modules, packed with COMMAND to files of this ending
pack()
{
	local name

	: >"$EB_MODULES/modules.dep"
	for name in vfio vfio-pci; do
		echo "$name" | "${@:2}" >"$EB_MODULES/kernel/$name.ko.$1"
	done
	echo "kernel/vfio-pci.ko.$1: kernel/vfio.ko.$1" >"$EB_MODULES/modules.dep"
}

# added: what becomes of vfio-pci: "copied" by the builder, or the files that are "unpacked"
added()
{
	rm -rf "$BATS_TEST_TMPDIR/image"
	(
		eb_image_warn() { echo "warned: $*"; }
		eb_image_module() { echo "copied $1"; }
		. "$TOP/image/contents.sh"
		eb_image_add_module vfio_pci || :
		(cd "$EB_UNPACKED" 2>/dev/null && for file in *; do echo "unpacked $file"; done) || :
	) | paste -s -d ,
}

UNPACKED='unpacked vfio-pci.ko,unpacked vfio.ko'

@test "what the kernel decompresses is copied, in each format that a kernel may have" {
	for row in 'XZ xz xz --check=crc32' 'XZ xz xz --check=none' 'ZSTD zst zstd -q' 'GZIP gz gzip'; do
		read -r format ending command <<<"$row"
		config "$format"
		# shellcheck disable=SC2086 # a command and its options
		pack "$ending" $command
		[ "$(added)" = 'copied vfio_pci' ]
	done
}

@test "the configuration is in /boot or beside the modules" {
	pack zst zstd -q
	[ "$(added)" = "$UNPACKED" ]
	config ZSTD "usr/lib/modules/$EB_KERNEL/config"
	[ "$(added)" = 'copied vfio_pci' ]
}

@test "another format than the kernel's own is unpacked" {
	config XZ
	pack zst zstd -q
	[ "$(added)" = "$UNPACKED" ]
	pack gz gzip
	[ "$(added)" = "$UNPACKED" ]
	config ZSTD
	pack xz xz --check=crc32
	[ "$(added)" = "$UNPACKED" ]
}

@test "what kernels cannot check is unpacked: xz with its own default, CRC64" {
	config XZ
	for check in crc64 sha256; do
		pack xz xz --check=$check
		[ "$(added)" = "$UNPACKED" ]
	done
}

@test "a kernel that does not decompress, or whose configuration is not there" {
	pack xz xz --check=crc32
	[ "$(added)" = "$UNPACKED" ]
	# As Debian 12 has it.
	printf '%s\n' CONFIG_MODULE_COMPRESS_NONE=y '# CONFIG_MODULE_COMPRESS_XZ is not set' \
		>"$EB_ROOT/boot/config-$EB_KERNEL"
	[ "$(added)" = "$UNPACKED" ]
	config XZ
	sed -i 's/^CONFIG_MODULE_DECOMPRESS=y/# CONFIG_MODULE_DECOMPRESS is not set/' \
		"$EB_ROOT/boot/config-$EB_KERNEL"
	[ "$(added)" = "$UNPACKED" ]
	# Of another kernel.
	config XZ boot/config-6.12.2
	[ "$(added)" = "$UNPACKED" ]
}

@test "an agent that cannot have it decompressed gets all unpacked" {
	config XZ
	pack xz xz --check=crc32
	sed -i 's|/sys/module/compression|/sys/module/compressing|' "$EB_ROOT/usr/lib/earlybind/earlybind-agent"
	[ "$(added)" = "$UNPACKED" ]
}

@test "of a module and what it needs, each goes by its own file" {
	config XZ
	pack xz xz --check=crc32
	echo vfio | xz >"$EB_MODULES/kernel/vfio.ko.xz"
	[ "$(added)" = 'copied vfio_pci,unpacked vfio.ko' ]
}

@test "a file that ends too soon is not copied but warned of" {
	config XZ
	pack xz xz --check=crc32
	truncate -s 5 "$EB_MODULES/kernel/vfio-pci.ko.xz"
	[[ "$(added)" == 'warned: cannot unpack '*vfio-pci.ko.xz* ]]
}
