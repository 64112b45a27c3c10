# SPDX-License-Identifier: GPL-2.0-or-later
# What hook.bats asks of the images.

# To the modprobe of Debian 11 a kernel with modules in zstd has none.
ZST=zst
NO_ZSTD='cannot unpack'
if [ "${RELEASE:-}" = bullseye ]; then
	ZST=
	NO_ZSTD='modprobe does not know'
fi

setup_file()
{
	export IMAGES="$BATS_FILE_TMPDIR"
	"$TOP/qemu-test/hook-images" "$IMAGES"
}

# The one warning of an image has these words; without words there is none.
warns()
{
	[ "$(grep -c '^W: earlybind: kernel ' "$IMAGES/$1/log")" -eq $(($# > 1)) ]
	[ $# -eq 1 ] || grep '^W: earlybind' "$IMAGES/$1/log" | grep -qF "$2"
}

# The files of vfio-pci and vfio_iommu_type1 and of all they need, as depmod has them.
needed()
{
	sed -n '/\/vfio\(-pci\|_iommu_type1\)\.ko:/s/: / /p' "$IMAGES/$1/modules.dep"
}
