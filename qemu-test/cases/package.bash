# SPDX-License-Identifier: GPL-2.0-or-later
# What package.bats asks of the steps.

setup_file()
{
	export LIFE="$BATS_FILE_TMPDIR"
	"$TOP/qemu-test/package-life" "$LIFE"
	IN_IMAGE='earlybind-agent$'
	export IN_IMAGE
}

# same STEP STEP WHAT...: is that what it was?
same()
{
	for what in "${@:3}"; do
		diff "$LIFE/$1/$what" "$LIFE/$2/$what"
	done
}
