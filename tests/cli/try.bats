#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# earlybind enable --try and keep: the next boot has the arguments, and the boot after it has
# not, unless they were kept in between; each is told where it is, and nothing else changes.

load after
load boots

setup_file()
{
	after_setup_file
	command -v busybox >/dev/null || skip "no busybox; run qemu-test/setup unit"
}

setup()
{
	on_machine nvidia-twins BOOT_IMAGE=/boot/vmlinuz-6 root=UUID=1 ro quiet
	boots_by_grub
	grub_tries
	BOOTS=1
	FIRST=$(files)
}

# with_systemd [CMDLINE]
with_systemd()
{
	on_machine nvidia-twins 'initrd=\id\initrd root=UUID=1 ro quiet'
	boots_by_systemd "${1:-root=UUID=1 ro quiet}"
	systemd_tries
	BOOTS=1
	FIRST=$(files)
}

# booted_with TEXT, booted_without: what this boot was given
booted_with()
{
	grep -qE -- " $1\$" "$M/proc/cmdline"
}

booted_without()
{
	refute_in "$M/proc/cmdline" 'vfio\.gpus'
}

# block_is_whole: GRUB can still read it, and the user's values are in it
block_is_whole()
{
	[ "$(stat -c %s "$M/boot/grub/grubenv")" = 1024 ]
	[ "$(head -n 1 "$M/boot/grub/grubenv")" = '# GRUB Environment Block' ]
	[ "$(in_block saved_entry)" = 'a\\\nb=c' ]
}

both_loaders()
{
	"$@"
	with_systemd
	"$@"
}

goes_by()
{
	do_ask enable --try 0b:00
	says 0 'Armed: vfio.gpus=0b:00, for the next boot alone.' \
		'in every other the' 'have no arguments of earlybind' 'earlybind keep makes it permanent'
	do_ask show
	says 1 'enabled nothing' 'trial the next boot has vfio.gpus=0b:00, and it alone' \
		'reboot to try it, and then run earlybind keep'
	reboot
	booted_with vfio.gpus=0b:00
	do_ask show
	says 1 'trial this boot tries vfio.gpus=0b:00' 'to do run earlybind keep'
	do_ask status
	says 1 'this boot tries vfio.gpus=0b:00: earlybind keep makes that permanent'
	reboot
	booted_without
	do_ask show
	says 1 'enabled nothing' 'was tried and not kept: nothing is enabled' 'earlybind disable'
	do_ask keep
	says 1 'nothing was changed' 'not the one that tries it'
	reboot
	booted_without
	do_ask disable
	says 0 'Disabled:'
	unchanged
}

@test "the next boot has it, and no boot after that" {
	both_loaders goes_by
}

is_kept()
{
	do_ask enable --try 0b:00
	reboot
	do_ask keep
	says 0 'Enabled: vfio.gpus=0b:00' 'Kept: each boot has it'
	silent 01_earlybind
	kept=$(files)
	reboot
	booted_with vfio.gpus=0b:00
	reboot
	booted_with vfio.gpus=0b:00
	do_ask show
	says 0 'enabled vfio.gpus=0b:00' 'to do nothing'
	silent trial
	do_ask keep
	says 1 'this boot is no trial'
	[ "$(files)" = "$kept" ]
	do_ask disable
	says 0
	unchanged
	do_ask enable 0b:00
	[ "$(files | grep -v grubenv)" = "$(echo "$kept" | grep -v grubenv)" ]
}

@test "kept in that boot, each boot has it, as after enable" {
	both_loaders is_kept
}

replaces()
{
	do_ask enable 0a:00,-0b:00
	says 0
	do_ask enable --try 0b:00 earlybind.fb=release
	says 0 'have vfio.gpus=0a:00,-0b:00.'
	reboot
	booted_with 'vfio.gpus=0b:00 earlybind.fb=release'
	[ "$(grep -o vfio.gpus "$M/proc/cmdline" | wc -l)" = 1 ]
	do_ask show
	says 1 'enabled vfio.gpus=0a:00,-0b:00' 'trial this boot tries vfio.gpus=0b:00 earlybind.fb=release'
	reboot
	booted_with vfio.gpus=0a:00,-0b:00
	do_ask enable --try 0b:00
	says 0
	reboot
	booted_with vfio.gpus=0b:00
	do_ask keep
	says 0
	reboot
	booted_with vfio.gpus=0b:00
	do_ask disable
	says 0
	unchanged
}

@test "with something enabled: the trial takes its place for that boot, and it comes back" {
	both_loaders replaces
}

taken_away()
{
	do_ask enable --try 0b:00
	do_ask disable
	says 0 'Disabled:'
	unchanged
	reboot
	booted_without
	do_ask enable --try 0b:00
	do_ask enable 0a:00,-0b:00
	says 0 'Enabled: vfio.gpus=0a:00,-0b:00'
	reboot
	booted_with vfio.gpus=0a:00,-0b:00
	do_ask show
	says 0
	silent trial
	do_ask disable
	unchanged
}

@test "disable takes an armed trial away, and so does enable" {
	both_loaders taken_away
}

@test "a second time it says so; other arguments take its place" {
	do_ask enable --try 0b:00
	says 0
	armed=$(files)
	ran
	do_ask enable --try 0b:00
	says 0 'Armed:'
	[ "$(ran)" = 0 ]
	[ "$(files)" = "$armed" ]
	# Armed, but without a place in the entries.
	sed -i 's/ $earlybind_words//' "$M/boot/grub/grub.cfg"
	do_ask enable --try 0b:00
	says 0 'Running update-grub' 'Armed:'
	[ "$(files)" = "$armed" ]
	do_ask enable --try 0a:00,-0b:00
	says 0
	reboot
	booted_with vfio.gpus=0a:00,-0b:00
	# Over, and once more.
	reboot
	booted_without
	do_ask enable --try 0a:00,-0b:00
	says 0 'Armed:'
	reboot
	booted_with vfio.gpus=0a:00,-0b:00
	do_ask disable
	says 0
	unchanged
}

@test "only the boot that was the trial can be kept" {
	do_ask keep
	says 1 'nothing was changed: this boot is no trial'
	do_ask enable --try 0b:00
	do_ask keep
	says 1 'nothing was changed' 'the next boot has vfio.gpus=0b:00, and it alone'
	# The arguments typed in this very boot do not make it that.
	has proc/cmdline 'BOOT_IMAGE=/boot/vmlinuz-6 vfio.gpus=0b:00'
	do_ask keep
	says 1 'nothing was changed'
	# GRUB could not write, or another system was chosen.
	has $BOOT_ID other
	do_ask keep
	says 1 'this boot did not take it'
	do_ask show
	says 1 'another entry was chosen, or the boot loader could not clear its variable'
	# At the menu it was turned off.
	reboot vfio.gpus=none
	do_ask keep
	says 1 'was tried and not kept'
	do_ask keep 0b:00
	says 2 'keep takes no argument'
	do_ask disable
	unchanged
}

@test "GRUB: the recovery entry is without it, and its variable is named in the entries alone" {
	do_ask enable --try 0b:00
	[ "$(grep -c '\$earlybind_words' "$M/boot/grub/grub.cfg")" = 1 ]
	grep -q 'quiet splash $earlybind_words$' "$M/boot/grub/grub.cfg"
	sed -n '/recovery/,/}/p' "$M/boot/grub/grub.cfg" >"$BATS_TEST_TMPDIR/recovery"
	refute_in "$BATS_TEST_TMPDIR/recovery" earlybind
	[ "$(in_block earlybind_next)" = vfio.gpus=0b:00 ]
	block_is_whole
	# Emptied on the disk before it is used: the order of the script.
	awk '/set earlybind_next=$/ { a = NR } /save_env/ { b = NR } /load_env/ { c = NR }
		/set earlybind_words="\$\{/ { d = NR }
		END { exit !(a && a < b && b < c && c < d) }' "$M/boot/grub/grub.cfg"
	reboot
	block_is_whole
	do_ask disable
	block_is_whole
	unchanged
}

@test "GRUB: where it cannot write its block, --try says so and what there is; nothing is written" {
	for why in 'lvm ext2' 'diskfilter ext2' 'cryptodisk ext2' ' btrfs' ' zfs' ' f2fs' ' '; do
		grub_tries "${why% *}" "${why##* }"
		program usr/sbin/grub-probe <<-END
			case \$1 in
			--target=abstraction) echo "${why% *}" ;;
			--target=fs) echo "${why##* }" ;;
			esac
		END
		FIRST=$(files)
		do_ask enable --try 0b:00
		says 1 'nothing was written: one boot alone cannot be arranged here: /boot/grub/grubenv' \
			'add vfio.gpus=0b:00 to the kernel command line at the boot menu' 'press e'
		unchanged
	done
	grub_tries
	program usr/sbin/grub-probe <<<'echo "cannot find a device" >&2; exit 1'
	FIRST=$(files)
	do_ask enable --try 0b:00
	says 1 'grub-probe cannot tell'
	unchanged
	rm "$M/boot/grub/grubenv"
	FIRST=$(files)
	do_ask enable --try 0b:00
	says 1 '/boot/grub/grubenv' 'No such file' 'grub-editenv /boot/grub/grubenv create makes it'
	unchanged
	echo x >"$M/boot/grub/grubenv"
	FIRST=$(files)
	do_ask enable --try 0b:00
	says 1 'is not GRUB'
	unchanged
}

@test "GRUB: a block without room, a tool that fails, a drop-in that overrides: all is as before" {
	filling=$(printf 'x=%0980d' 0)
	{
		printf '# GRUB Environment Block\n%s\n' "$filling"
		printf '%01024d' 0 | tr 0 '#'
	} | head -c 1024 >"$M/boot/grub/grubenv"
	FIRST=$(files)
	do_ask enable --try 0b:00
	says 1 'grubenv cannot be written: No space left' 'read back and are as before'
	unchanged
	grub_tries
	FIRST=$(files)
	: >"$M/tmp/fails"
	do_ask enable --try 0b:00
	says 1 'failed with status 7' 'read back and are as before'
	unchanged
	rm "$M/tmp/fails"
	: >"$M/tmp/deaf"
	do_ask enable --try 0b:00
	says 1 'does not have it' 'read back and are as before'
	unchanged
	rm "$M/tmp/deaf"
	has etc/default/grub.d/zz.cfg 'GRUB_CMDLINE_LINUX_DEFAULT=quiet'
	FIRST=$(files)
	do_ask enable --try 0b:00
	says 1 'zz.cfg sets GRUB_CMDLINE_LINUX_DEFAULT after' 'read back and are as before'
	unchanged
}

@test "GRUB: armed, and disabled, is what grub.cfg says" {
	do_ask enable --try 0b:00
	# A script that grub-mkconfig does not run prints nothing.
	chmod -x "$M/etc/grub.d/01_earlybind"
	do_ask enable --try 0a:00,-0b:00
	says 1 'grub.cfg does not have what /etc/grub.d/01_earlybind prints' 'executable' 'as before'
	silent Armed:
	chmod +x "$M/etc/grub.d/01_earlybind"
	do_ask enable --try 0a:00,-0b:00
	says 0 Armed:
	rm "$M/etc/grub.d/01_earlybind"
	in_machine update-grub
	do_ask show
	says 1 'whether the next boot has' '/boot/grub/grub.cfg does not have the script of the trial'
	do_ask enable --try 0b:00
	says 0 'Running update-grub' Armed:
	# It is taken away by other means, before it was booted.
	sed -i 's/^earlybind_next=.*/x=aaaaaaaaaaaaaaaaaaaaaaaaaaaa/' "$M/boot/grub/grubenv"
	do_ask show
	says 1 'was armed, and the boot loader does not have it any more'
	silent 'tried and not kept'
	grub_tries
	# A tool that fails leaves the script in grub.cfg.
	do_ask enable --try 0b:00
	: >"$M/tmp/fails"
	do_ask disable
	says 1 'failed with status 7' 'grub.cfg still has the script of the trial' \
		"left to run in $M: update-grub" 'not disabled yet'
	silent Disabled:
	rm "$M/tmp/fails"
	do_ask disable
	says 0 Disabled:
	unchanged
}

@test "a trial that fails leaves the one that was armed" {
	do_ask enable --try 0b:00
	says 0
	armed=$(files)
	: >"$M/tmp/fails"
	do_ask enable 0a:00,-0b:00
	says 1 'read back and are as before'
	[ "$(files)" = "$armed" ]
	with_systemd
	do_ask enable --try 0b:00
	armed=$(files)
	: >"$M/tmp/fails"
	do_ask enable 0a:00,-0b:00
	says 1 'failed with status 3' 'read back and are as before'
	diff <(echo "$armed") <(files)
	do_ask enable --try 0a:00,-0b:00
	says 0 Armed:
	reboot
	booted_with vfio.gpus=0a:00,-0b:00
}

@test "systemd-boot: the entry is a copy, sorts last, and is not counted among the others" {
	with_systemd
	entries=$M/boot/efi/loader/entries
	do_ask enable --try 0b:00
	says 0 'the 2 entries in /boot/efi/loader/entries have no arguments'
	refute_in "$entries/0-earlybind-try.conf" '^(sort-key|version|machine-id)'
	grep -qx 'options root=UUID=1 ro quiet vfio.gpus=0b:00' "$entries/0-earlybind-try.conf"
	grep -qx 'linux /boot/vmlinuz-6.1.0-1-amd64' "$entries/0-earlybind-try.conf"
	grep -qx 'initrd /boot/initrd.img-6.1.0-1-amd64' "$entries/0-earlybind-try.conf"
	[ "$(ran)" = 0 ]
	reboot
	do_ask keep
	says 0 '2 of 2 entries'
	[ ! -e "$entries/0-earlybind-try.conf" ]
	do_ask disable
	says 0
	unchanged
}

@test "systemd-boot: the copy is of the entry that started this system" {
	with_systemd
	entries=$M/boot/efi/loader/entries
	has proc/sys/kernel/osrelease 6.1.0-2-amd64
	# Another system on the same ESP has that kernel too.
	has boot/efi/loader/entries/a-6.1.0-2-amd64.conf 'linux /a/6.1.0-2-amd64/linux' \
		'initrd /a/6.1.0-2-amd64/initrd' 'options root=UUID=2'
	utf16 id-6.1.0-2-amd64.conf >"$M/$EFIVARS/LoaderEntrySelected-$LOADER"
	do_ask enable --try 0b:00
	says 0 Armed:
	grep -qx 'options root=UUID=1 ro quiet vfio.gpus=0b:00' "$entries/0-earlybind-try.conf"
	grep -qx 'linux /boot/vmlinuz-6.1.0-2-amd64' "$entries/0-earlybind-try.conf"
	# In a trial itself its kernel decides.
	rm "$entries/a-6.1.0-2-amd64.conf"
	utf16 0-earlybind-try.conf >"$M/$EFIVARS/LoaderEntrySelected-$LOADER"
	do_ask enable --try 0a:00,-0b:00
	says 0 Armed:
	grep -qx 'linux /boot/vmlinuz-6.1.0-2-amd64' "$entries/0-earlybind-try.conf"
	do_ask disable
	says 0
	unchanged
}

@test "systemd-boot without /etc/kernel/cmdline: kernels get nothing of the tried boot" {
	with_systemd
	rm "$M/$CMDLINE"
	FIRST=$(files)
	options='root=UUID=1 ro quiet'
	do_ask enable --try 0b:00
	says 0 Armed: 'there was no /etc/kernel/cmdline'
	[ "$(cat "$M/$CMDLINE")" = "$options" ]
	do_ask disable
	says 0 Disabled:
	unchanged
	do_ask enable --try 0b:00
	reboot
	booted_with vfio.gpus=0b:00
	for kernel in 6.1.0-1-amd64 6.1.0-2-amd64; do
		in_machine kernel-install add $kernel /boot/vmlinuz-$kernel /boot/initrd.img-$kernel
	done
	reboot
	booted_without
	do_ask disable
	says 0 Disabled:
	unchanged
	# In the tried boot, too, disable leaves nothing in the entries.
	do_ask enable --try 0b:00
	reboot
	ran
	do_ask disable
	says 0 'was created by enable and stays' Disabled:
	[ "$(ran)" = 0 ]
	reboot
	booted_without
	# What keep writes, disable takes away again: also what goes with it.
	on_machine no-iommu 'initrd=\id\initrd root=UUID=1 ro quiet'
	boots_by_systemd
	systemd_tries
	BOOTS=1
	FIRST=$(files)
	card=$("$EARLYBIND" --root "$M" list --json | jq -r '.[-1].arguments.plain')
	sed -i 's/AuthenticAMD/GenuineIntel/' "$M/proc/cpuinfo"
	do_ask enable --try "$card"
	says 0 "$card intel_iommu=on"
	reboot
	do_ask keep
	says 0 Kept:
	[ "$(cat "$M/$CMDLINE")" = "$options $card intel_iommu=on" ]
	has proc/cmdline "$options"
	do_ask disable
	says 0 Disabled:
	unchanged
}

@test "systemd-boot: an entry that was changed is not said to be armed" {
	with_systemd
	do_ask enable --try 0b:00
	sed -i 's/^options .*/options root=UUID=1/' "$M/boot/efi/loader/entries/0-earlybind-try.conf"
	do_ask show
	says 1 'whether the next boot has vfio.gpus=0b:00 is not known' '0-earlybind-try.conf was changed'
	do_ask enable --try 0b:00
	says 0 Armed:
	grep -q 'quiet vfio.gpus=0b:00$' "$M/boot/efi/loader/entries/0-earlybind-try.conf"
	do_ask disable
	says 0
	unchanged
}

@test "systemd-boot: without bootctl, EFI variables, or when bootctl fails" {
	with_systemd
	: >"$M/tmp/no-variable"
	do_ask enable --try 0b:00
	says 1 'bootctl set-oneshot 0-earlybind-try.conf' 'failed with status 1' 'as before'
	unchanged
	rm "$M/$EFIVARS"/LoaderInfo-*
	do_ask enable --try 0b:00
	says 1 'systemd-boot did not start the running system' 'press e'
	unchanged
	rm "$M/usr/bin/bootctl"
	FIRST=$(files)
	do_ask enable --try 0b:00
	says 1 'there is no bootctl'
	unchanged
}

@test "loaders that have no such way: said, with what there is, and nothing is written" {
	boots_by_proxmox
	FIRST=$(files)
	do_ask enable --try 0b:00
	says 1 'proxmox-boot-tool has no way to do so' 'press e'
	unchanged
	on_machine nvidia-twins BOOT_IMAGE=/boot/vmlinuz-6 root=UUID=1
	has boot/refind_linux.conf x
	FIRST=$(files)
	do_ask enable --try 0b:00
	says 1 'nothing was written'
	unchanged
}

@test "before the last card with a screen is claimed, --try is advised, and needs no question" {
	do_ask enable all
	says 1 'earlybind enable --try' '--try claims it for one boot, and --yes for good'
	unchanged
	do_ask enable --try all
	says 0 'will stay dark in the next boot' 'Armed:'
	do_ask disable
	unchanged
}

@test "systemd-boot: a dry run shows what a trial would do, and no more" {
	with_systemd
	do_ask enable --try --dry-run 0b:00
	says 0 'Would add an entry for the next boot: vfio.gpus=0b:00' 'nothing was changed'
	silent kernel-install
	unchanged
	do_ask enable --try 0b:00
	do_ask disable --dry-run
	says 0 'nothing was changed'
	silent kernel-install
	ran
	do_ask disable
	says 0 Disabled:
	silent kernel-install
	[ "$(ran)" = 0 ]
	unchanged
}

@test "a dry run of --try and of keep changes nothing" {
	do_ask enable --try --dry-run 0b:00
	says 0 '+++ /etc/grub.d/01_earlybind' '$earlybind_words' 'Would run: update-grub' 'nothing was changed'
	unchanged
	do_ask enable --try 0b:00
	reboot
	armed=$(files)
	do_ask keep --dry-run
	says 0 '--- /etc/grub.d/01_earlybind' 'nothing was changed'
	[ "$(files)" = "$armed" ]
	do_ask show --json
	jq -e '.enabled == null and .trial == "vfio.gpus=0b:00" and .trial_state == "booted" and
		.running == .trial and .boot_loader == ""' <<<"$output"
}
