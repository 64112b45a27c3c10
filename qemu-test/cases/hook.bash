# SPDX-License-Identifier: GPL-2.0-or-later
# What hook.bats and dracut/hook.bats ask of the images.

# To the depmod of Debian 11 a kernel with modules in zstd has none.
ZST=zst
NO_ZSTD='cannot unpack'
if [ "${RELEASE:-}" = bullseye ]; then
	ZST=
	NO_ZSTD='is not in modules.dep'
fi
# Kernels from Debian 13 on decompress what their own build has packed: .ko.xz with CRC32. What
# xz makes by itself, as in the other kinds, they do not.
case "${RELEASE:-}" in
trixie | forky) STOCK='kernel/.*\.ko\.xz' ;;
*) STOCK='kernel/.*\.ko' ;;
esac

setup_file()
{
	export IMAGES="$BATS_FILE_TMPDIR"
	# shellcheck disable=SC2086 # a list of words
	"$TOP/qemu-test/hook-images" "$IMAGES" ${IMAGE_KINDS:-}
}

# The one warning of an image has these words; without words there is none.
warns()
{
	[ "$(grep -cE "$WARNING" "$IMAGES/$1/log")" -eq $(($# > 1)) ]
	[ $# -eq 1 ] || grep -E "$WARNING" "$IMAGES/$1/log" | grep -qF "$2"
}

# In the order of an image, earlybind is there once and comes before udev.
comes_first()
{
	awk '/(^|[\/-])earlybind[.a-z]*$/ { ours = NR; count++ }
		/\/udev$|^systemd-udevd/ { if (!udev) udev = NR }
		END { exit !(count == 1 && udev && ours < udev) }' "$IMAGES/$1/order"
}

# has KIND PATTERN: both modules and all they need are in the image, by names like PATTERN
has()
{
	[ "$(needed "$1" | wc -l)" -eq 2 ]
	for module in $(needed "$1"); do
		[[ "$module" =~ ^($2)$ ]]
		grep -q "/$module\$" "$IMAGES/$1/files"
	done
}

# The files of vfio-pci and vfio_iommu_type1 and of all they need, as depmod has them.
needed()
{
	sed -n '/\/vfio\(-pci\|_iommu_type1\)\.ko\(\.xz\)\?:/s/: / /p' "$IMAGES/$1/modules.dep"
}
