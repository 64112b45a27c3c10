# SPDX-License-Identifier: GPL-2.0-or-later
# What stuck.bats boots and asks.

# An agent that starts when the parameters of stuck.ko $2 have a device hang, as a host's driver
# may that was loaded before; a module that hangs in its init would not come back.
overlay()
{
	local over=$BATS_FILE_TMPDIR/$1 agent=usr/lib/earlybind/earlybind-agent

	mkdir -p "$over/${agent%/*}"
	cp "$MODULE" "$over/stuck.ko"
	cp "$TOP/build/klibc/earlybind-agent" "$over/${agent%/*}/real"
	printf '%s\n' '#!/bin/sh' "/usr/sbin/insmod /stuck.ko $2 &" \
		"until [ \"\$(cat /sys/module/stuck/parameters/hanging)\" = $3 ] && [ -e $4 ]; do :; done" \
		"exec /${agent%/*}/real" >"$over/$agent"
	chmod 755 "$over/$agent"
}

# boot_stuck NAME PARAMETERS HANGING FILE: the facts are in NAME.json
boot_stuck()
{
	overlay "$@"
	"$BOOT" --overlay "$BATS_FILE_TMPDIR/$1" --facts "$BATS_FILE_TMPDIR/$1.json" \
		--append 'vfio.gpus=00:05,00:06,00:08 earlybind.timeout=2' -- \
		-device VGA,addr=05.0,multifunction=on -device intel-hda,addr=05.1 \
		-device bochs-display,addr=06.0 -device ati-vga,addr=08.0
}

setup_file()
{
	if [ "${RELEASE:-bookworm}" != bookworm ]; then
		export CANNOT="it takes a compiler and headers, and is done on Debian 12 alone"
	elif ! MODULE=$("$TOP/qemu-test/stuck"); then
		export CANNOT="no module that hangs: does the archive have headers of this kernel?"
	fi
	[ -z "${CANNOT:-}" ] || return 0
	boot_stuck probe probe=0000:00:08.0 1 /sys/bus/pci/drivers/stuck
	boot_stuck late 'remove=0000:00:08.0 bind=0000:00:06.0' 0 /sys/bus/pci/drivers/stuck/0000:00:08.0
}

# Of the facts of one boot.
of()
{
	facts "$2" "$BATS_FILE_TMPDIR/$1.json"
}
