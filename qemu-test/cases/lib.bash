# SPDX-License-Identifier: GPL-2.0-or-later
# What the cases share. A case boots once, in setup_file, and its tests ask the facts.

bats_require_minimum_version 1.5.0

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BOOT="$TOP/qemu-test/boot"

# shellcheck source=tests/support/refute.bash
. "$TOP/tests/support/refute.bash"

WORDS=$(cat "$TOP/qemu-test/words.jq")

# Boots with these arguments of qemu-test/boot; the facts are in $FACTS.
boot_guest()
{
	export FACTS="$BATS_FILE_TMPDIR/facts.json"
	"$BOOT" --facts "$FACTS" "$@"
}

# What makes an initramfs give up, and what it says then.
STUCK=break=top
STUCK_SAYS='Spawning shell'
case "${INITRAMFS:-}" in
dracut*)
	STUCK='root=/dev/nowhere rd.timeout=3 rd.retry=2'
	STUCK_SAYS='Powering off'
	;;
esac

# How what fills the image begins a warning, for grep -E.
WARNING='^(W|dracut(\[W\])?): earlybind: kernel '

# A case that cannot run here says why, in each of its tests.
need_file()
{
	[ -e "$1" ] || export CANNOT="$1 is not there: $2"
}

setup()
{
	[ -z "${CANNOT:-}" ] || skip "$CANNOT"
}

# Fails, and shows what the facts say, unless this expression of jq is true of the facts.
facts()
{
	jq -e "$WORDS $1" "${2:-$FACTS}" >/dev/null && return 0
	echo "not so: $1"
	jq -c '.devices[] | select(.class | test("^0x0[34]"))' "${2:-$FACTS}"
	jq -c '.vfio[], .report.devices[]?, .report.findings[]?' "${2:-$FACTS}"
	jq -r '.kernel_log[] | select(contains("earlybind"))' "${2:-$FACTS}"
	return 1
}
