# SPDX-License-Identifier: GPL-2.0-or-later
# What preload.bats boots.

PRELOADS='rd.driver.pre=bochs,snd_hda_intel rd.modules_load=bochs,snd_hda_intel'

setup_file()
{
	boot_guest --initramfs dracut --append "vfio.gpus=00:05,00:06 $PRELOADS"
	export SHELL_FACTS="$BATS_FILE_TMPDIR/shell.json"
	"$BOOT" --initramfs dracut-shell --facts "$SHELL_FACTS" \
		--append "vfio.gpus=00:05,00:06 $PRELOADS"
}

# Of the facts of both boots.
both()
{
	facts "$1"
	facts "$1" "$SHELL_FACTS"
}
