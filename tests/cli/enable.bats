#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# earlybind enable, disable and show: each boot loader, each file before and after, what is
# refused, what goes wrong on the way, and that it can be stopped at every step.

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
	FIRST=$(files)
}

# words TEXT: the drop-in adds exactly this
words()
{
	[ "$(tail -n 1 "$M/$DROP_IN")" = \
		"GRUB_CMDLINE_LINUX_DEFAULT=\"\$GRUB_CMDLINE_LINUX_DEFAULT $1\"" ]
}

@test "--with-remedy: what frees a BAR that unbinding does not, with its price" {
	local remedy=initcall_blacklist=sysfb_init

	do_ask enable --with-remedy 0b:00
	says 0 'Remedy: none is needed, and none is written.'
	words vfio.gpus=0b:00
	on_machine already-claimed BOOT_IMAGE=/boot/vmlinuz-6 root=UUID=1 ro quiet
	boots_by_grub
	FIRST=$(files)
	do_ask enable --yes 01:00 earlybind.fb=release
	says 0 'Remedy: the firmware'"'"'s framebuffer stays on 0000:01:00.0' "only $remedy prevents it" \
		'--with-remedy writes that too' 'no screen of this machine shows the boot'
	words 'vfio.gpus=01:00 earlybind.fb=release'
	do_ask enable --yes --with-remedy 01:00
	says 0 "$remedy is written too" 'Its price: no screen of this machine shows the boot' '1 of 2 entries'
	words "vfio.gpus=01:00 $remedy"
	grep -q "vfio.gpus=01:00 $remedy$" "$M/boot/grub/grub.cfg"
	# In the next boot there is no framebuffer that would need it.
	sed -i '/BOOTFB/d' "$M/proc/iomem"
	do_ask enable --yes 01:00,02:00
	says 0 "$remedy was written by the last enable, and is kept"
	words "vfio.gpus=01:00,02:00 $remedy"
	do_ask disable
	says 0 'claims no card'
	run grep -r sysfb_init "$M/boot" "$M/etc"
	[ "$status" = 1 ]
	[ "$(files)" = "$FIRST" ]
}

@test "GRUB: enable writes a drop-in, has it read, and disable restores all" {
	do_ask enable 0b:00
	says 0 'To be claimed: 0b:00' 'Enabled: vfio.gpus=0b:00, in /etc/default/grub.d/earlybind.cfg' \
		'1 of 2 entries in /boot/grub/grub.cfg has it' 'Now reboot.' 'vfio.gpus=none'
	words vfio.gpus=0b:00
	head -n 3 "$M/$DROP_IN" | grep -q 'earlybind disable'
	head -n 3 "$M/$DROP_IN" | grep -q 'recovery mode'
	grep -q 'root=UUID=1 ro console=ttyS0 quiet splash vfio.gpus=0b:00$' "$M/boot/grub/grub.cfg"
	[ "$(grep -c vfio "$M/boot/grub/grub.cfg")" = 1 ]
	[ "$(ran)" = 1 ]
	do_ask disable
	says 0 'Removed: /etc/default/grub.d/earlybind.cfg' 'none of 2 entries' 'claims no card'
	[ "$(ran)" = 1 ]
	unchanged
}

@test "the guarded form is a hint, and what was asked is written" {
	do_ask enable 0b:00
	says 0 'Hint:' 'vfio.gpus=0b:00@10de:1e87'
	words vfio.gpus=0b:00
	do_ask enable 0b:00@10de:1e87
	says 0
	silent Hint:
	words vfio.gpus=0b:00@10de:1e87
}

@test "a second time it changes nothing and runs nothing, except for a loader that does not have it" {
	do_ask enable 0b:00 earlybind.fb=release
	says 0
	after=$(files)
	ran
	do_ask enable earlybind.fb=release 0b:00
	says 0 'Enabled: earlybind.fb=release vfio.gpus=0b:00'
	do_ask enable 0b:00 earlybind.fb=release
	ran
	do_ask enable '0b:00 earlybind.fb=release'
	says 0 'is already enabled; nothing was changed'
	[ "$(ran)" = 0 ]
	diff <(echo "$after") <(files)
	sed -i 's/ vfio.gpus=[^ ]*//' "$M/boot/grub/grub.cfg"
	do_ask enable 0b:00 earlybind.fb=release
	says 0 'Running update-grub' 'Enabled:'
	[ "$(ran)" = 1 ]
	diff <(echo "$after") <(files)
}

@test "another argument takes the place of the one before; disable goes back to the first" {
	do_ask enable 0b:00
	do_ask enable -- 0a:00,-0b:00 earlybind.on_failure=hold
	says 0 'Enabled: vfio.gpus=0a:00,-0b:00 earlybind.on_failure=hold'
	words 'vfio.gpus=0a:00,-0b:00 earlybind.on_failure=hold'
	[ "$(grep -o 'vfio.gpus=' "$M/boot/grub/grub.cfg" | wc -l)" = 1 ]
	do_ask disable
	says 0
	unchanged
}

@test "with nothing enabled disable does nothing, and says so" {
	do_ask disable
	says 0 'Nothing is enabled'
	[ "$(ran)" = 0 ]
	unchanged
}

@test "what is no argument of ours is refused, named, and nothing is written" {
	for bad in quiet intel_iommu=on 'vfio.gpus=0b:00 quiet' 'vfio.gpus="0b:00"' \
		'vfio.gpus=0b:00;reboot' 'vfio.gpus=$(reboot)' 'vfio.gpus=`reboot`' "a'b" \
		$'0b:00\nquiet' '0b:00.*' 'vfio.gpus=\' ''; do
		do_ask enable "$bad"
		says 2 'nothing was written'
		unchanged
	done
	do_ask enable quiet
	says 2 "'quiet' is not understood at offset 0" '0000:0b:00.0 (10de:1e87)'
	do_ask enable intel_iommu=on
	says 2 "'intel_iommu=on' is neither"
	do_ask enable earlybind.fb=release
	says 2 'no card'
	do_ask enable
	says 2 'earlybind enable 05:00'
}

@test "what would claim nothing, or is not understood, is refused unless it is forced" {
	do_ask enable 21:00
	says 1 'would claim nothing here' '--force' 'no-match' '0000:0a:00.0'
	do_ask enable 0b:00@10de:1187
	says 1 'would claim nothing here'
	do_ask enable 0b:00 earlybind.fb=later
	says 1 'not all of it is understood' bad-value
	do_ask enable vfio.gpus=0b:00,x
	says 1 'not all of it is understood' bad-item
	do_ask enable 0b:00 earlybind.colour=red
	says 1 unknown-option
	[ "$(ran)" = 0 ]
	unchanged
	do_ask enable --force 21:00
	says 0 'is written anyway' 'Enabled:'
	words vfio.gpus=21:00
}

@test "a dry run shows files and tools and changes nothing" {
	do_ask enable --dry-run 0b:00
	says 0 '--- /dev/null' '+++ /etc/default/grub.d/earlybind.cfg' \
		'+GRUB_CMDLINE_LINUX_DEFAULT="$GRUB_CMDLINE_LINUX_DEFAULT vfio.gpus=0b:00"' \
		'Would run: update-grub' 'nothing was changed'
	unchanged
	do_ask enable 0b:00
	after=$(files)
	do_ask disable --dry-run
	says 0 '--- /etc/default/grub.d/earlybind.cfg' '-GRUB_CMDLINE_LINUX_DEFAULT'
	diff <(echo "$after") <(files)
}

@test "arguments added manually are named, and enable adds nothing to them" {
	has etc/default/grub '# vfio.gpus=0a:00' 'GRUB_CMDLINE_LINUX_DEFAULT="quiet vfio.gpus=0a:00"'
	FIRST=$(files)
	do_ask enable 0b:00
	says 1 "'vfio.gpus=0a:00' is in $M/etc/default/grub:2" 'added manually'
	unchanged
	do_ask enable 0a:00
	says 1 'does not have it: run update-grub'
	in_machine update-grub
	FIRST=$(files)
	do_ask enable 0a:00
	says 0 'is already enabled, manually in /etc/default/grub:2'
	unchanged
	do_ask disable
	says 1 'has nothing enabled here' "/boot/grub/grub.cfg:2 has 'vfio.gpus=0a:00'" '/etc/default/grub:2'
	unchanged
}

@test "a drop-in of somebody else's with our name is not ours to write over" {
	has $DROP_IN 'GRUB_CMDLINE_LINUX_DEFAULT="$GRUB_CMDLINE_LINUX_DEFAULT vfio.gpus=0a:00"'
	FIRST=$(files)
	do_ask enable 0b:00
	says 1 'earlybind.cfg:1' 'added manually'
	unchanged
}

@test "a GRUB that reads no drop-ins: the text and the place, and nothing is written" {
	sed -i '/grub.d/d' "$M/usr/sbin/grub-mkconfig"
	FIRST=$(files)
	do_ask enable 0b:00
	says 1 'does not read /etc/default/grub.d' 'add "vfio.gpus=0b:00" to GRUB_CMDLINE_LINUX_DEFAULT' \
		update-grub
	unchanged
}

@test "update-grub fails: its words are shown, and all is as it was" {
	: >"$M/tmp/fails"
	do_ask enable 0b:00
	says 1 'failed with status 7' '| no space left for grub.cfg' \
		'read back and are as before'
	unchanged
	rm "$M/tmp/fails"
	do_ask enable 0b:00
	after=$(files)
	: >"$M/tmp/fails"
	do_ask enable 0a:00
	says 1
	diff <(echo "$after") <(files)
	do_ask disable
	says 1 'files are restored' 'left to run' 'update-grub' 'earlybind disable again'
	[ ! -e "$M/$DROP_IN" ]
	rm "$M/tmp/fails"
	do_ask disable
	says 0
	unchanged
}

@test "what the loader has is read back: a tool that does nothing is not believed" {
	: >"$M/tmp/deaf"
	do_ask enable 0b:00
	says 1 '/boot/grub/grub.cfg does not have it' 'read back and are as before'
	unchanged
	rm "$M/tmp/deaf"
	has etc/default/grub.d/zz.cfg 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"'
	FIRST=$(files)
	do_ask enable 0b:00
	says 1 '/etc/default/grub.d/zz.cfg sets GRUB_CMDLINE_LINUX_DEFAULT after' 'read back and are as before'
	diff <(echo "$FIRST" | grep -v grub.cfg) <(files | grep -v grub.cfg)
	refute_in "$M/boot/grub/grub.cfg" vfio
}

@test "a bare -- of init's before ours is noticed" {
	has etc/default/grub 'GRUB_CMDLINE_LINUX_DEFAULT="quiet -- 3"'
	do_ask enable 0b:00
	says 1 'does not have it' 'bare --'
	[ ! -e "$M/$DROP_IN" ]
}

@test "a drop-in that was edited is removed, and saved" {
	do_ask enable 0b:00
	echo GRUB_TIMEOUT=1 >>"$M/$DROP_IN"
	do_ask show
	says 0 'changed since enable' || says 1 'changed since enable'
	do_ask disable
	says 0 'had been changed since enable' 'saved as /var/lib/earlybind/saved/earlybind.cfg.1'
	grep -q GRUB_TIMEOUT=1 "$M/var/lib/earlybind/saved/earlybind.cfg.1"
	[ "$(ls "$M/var/lib/earlybind")" = saved ]
	rm -r "$M/var/lib/earlybind"
	unchanged
}

@test "without /var/lib/earlybind disable knows its own drop-in" {
	do_ask enable 0b:00
	rm -r "$M/var/lib/earlybind"
	do_ask disable
	says 0 'Removed: /etc/default/grub.d/earlybind.cfg'
	unchanged
}

@test "directories that enable made go again" {
	rmdir "$M/etc/default/grub.d"
	FIRST=$(files)
	do_ask enable 0b:00
	says 0
	do_ask disable
	says 0
	unchanged
}

@test "Intel, the IOMMU off: its argument comes along, and goes with it" {
	on_machine no-iommu BOOT_IMAGE=/boot/vmlinuz-6 root=UUID=1 ro
	boots_by_grub
	FIRST=$(files)
	card=$("$EARLYBIND" --root "$M" list --json | jq -r '.[-1].arguments.plain')
	sed -i 's/AuthenticAMD/GenuineIntel/' "$M/proc/cpuinfo"
	do_ask enable --yes "$card"
	says 0 'once the IOMMU is on' 'IOMMU: it is off. intel_iommu=on is written along with it' 'VT-d' \
		'share a group with the cards is not known until it is on'
	words "$card intel_iommu=on"
	# After the reboot it is on, by our own argument, which must not get lost.
	has proc/cmdline "BOOT_IMAGE=/boot/vmlinuz-6 root=UUID=1 ro $card intel_iommu=on"
	mkdir -p "$M/sys/kernel/iommu_groups/0"
	do_ask enable --yes --force "$card" earlybind.power=on
	says 0
	words "$card earlybind.power=on intel_iommu=on"
	do_ask show
	says 1 "enabled $card earlybind.power=on" 'with intel_iommu=on'
	do_ask show --json
	jq -e --arg c "$card earlybind.power=on" '.enabled == $c and .with == "intel_iommu=on"' <<<"$output"
	do_ask disable
	says 0
	unchanged
}

@test "Intel: the argument is not written a second time, and not believed to be enough" {
	on_machine no-iommu BOOT_IMAGE=/boot/vmlinuz-6 root=UUID=1 ro intel_iommu=on
	boots_by_grub
	has etc/default/grub 'GRUB_CMDLINE_LINUX_DEFAULT="quiet intel_iommu=on"'
	card=$("$EARLYBIND" --root "$M" list --json | jq -r '.[-1].arguments.plain')
	sed -i 's/AuthenticAMD/GenuineIntel/' "$M/proc/cpuinfo"
	do_ask enable --yes "$card"
	says 0 'though this boot has intel_iommu=on' 'enable VT-d in the firmware setup'
	words "$card"
}

@test "AMD, the IOMMU off: no argument is needed, and the firmware's switch is named" {
	on_machine no-iommu BOOT_IMAGE=/boot/vmlinuz-6 root=UUID=1 ro
	boots_by_grub
	card=$("$EARLYBIND" --root "$M" list --json | jq -r '.[-1].arguments.plain')
	sed -i 's/GenuineIntel/AuthenticAMD/' "$M/proc/cpuinfo"
	do_ask enable --yes "$card"
	says 0 'AMD needs no argument' AMD-Vi
	words "$card"
}

@test "no PCI device in /sys: whether the IOMMU is on is not known" {
	rm -r "$M"/sys/bus/pci/devices/* "$M/sys/kernel/iommu_groups"
	do_ask enable --yes --force 0b:00
	says 0 'IOMMU: whether it is on is not known' 'no PCI device can be read'
	silent 'it is off'
}

@test "the last card with a screen: nobody to be asked is a no, --yes is a yes" {
	do_ask enable all
	says 1 'has no display card left' 'earlybind disable over the network' \
		'nobody can be asked' --yes
	unchanged
	do_ask enable all --yes
	says 0 'Enabled: vfio.gpus=all'
	do_ask enable all
	says 0 'is already enabled'
}

@test "the last card with a screen: on a terminal it asks" {
	for answer in '' n N no; do
		run on_terminal "$answer" enable all
		says 1 'Claim 0000:0a:00.0 anyway [y/N]?' 'nothing was written'
		unchanged
	done
	run on_terminal y enable all
	says 0 'Enabled: vfio.gpus=all'
	words vfio.gpus=all
}

# on_terminal ANSWER COMMAND...: earlybind with somebody at the terminal
on_terminal()
{
	echo "$1" | TERM=dumb as_root script -qec \
		"stty -onlcr; $(printf '%q ' "$EARLYBIND" --root "$M" --pci-ids /dev/null "${@:2}")" \
		/dev/null
}

@test "the console's card, with another that stays: a note and no question" {
	do_ask enable 0a:00
	says 0 '0000:0b:00.0 stays with the host' 'Enabled:'
}

@test "systemd-boot: words of /etc/kernel/cmdline alone, an entry for each kernel" {
	on_machine nvidia-twins 'initrd=\id\initrd root=UUID=1 ro quiet'
	boots_by_systemd 'root=UUID=1  ro	quiet'
	chmod 600 "$M/$CMDLINE"
	FIRST=$(files)
	do_ask enable 0b:00
	says 0 'in /etc/kernel/cmdline' '2 of 2 entries in /boot/efi/loader/entries have it'
	[ "$(cat "$M/$CMDLINE")" = 'root=UUID=1  ro	quiet vfio.gpus=0b:00' ]
	[ "$(stat -c %a "$M/$CMDLINE")" = 600 ]
	[ "$(ran)" = 2 ]
	grep -q '^initrd /boot/initrd.img-6.1.0-1-amd64' "$M"/boot/efi/loader/entries/*-1-amd64.conf
	do_ask enable 0b:00
	says 0 'is already enabled'
	do_ask enable 0b:00 earlybind.timeout=20
	[ "$(cat "$M/$CMDLINE")" = 'root=UUID=1  ro	quiet vfio.gpus=0b:00 earlybind.timeout=20' ]
	do_ask disable
	says 0 'Restored: /etc/kernel/cmdline' 'none of 2 entries'
	unchanged
}

@test "below another root what runs here tells nothing: two loaders are asked for by name" {
	on_machine nvidia-twins root=UUID=1 ro quiet
	boots_by_grub
	boots_by_systemd 'root=UUID=1 ro quiet'
	guid=4a67b082-0a4c-41cf-b6c7-440b29bb8c4f
	mkdir -p "$M/sys/firmware/efi/efivars"
	printf '\6\0\0\0s\0y\0s\0t\0e\0m\0d\0-\0b\0o\0o\0t\0 \0002\0' >"$M/sys/firmware/efi/efivars/LoaderInfo-$guid"
	FIRST=$(files)
	do_ask enable --dry-run 0b:00
	says 1 'both GRUB and systemd-boot are configured' '--loader grub or --loader systemd-boot'
	do_ask enable --dry-run 0b:00 --loader systemd-boot
	says 0 'Would run: kernel-install add'
	do_ask enable --dry-run 0b:00 --loader=grub
	says 0 'Would run: update-grub'
	do_ask enable --dry-run 0b:00 --loader lilo
	says 2 "no boot loader 'lilo'" 'grub, systemd-boot or proxmox-boot-tool'
	unchanged
	do_ask enable 0b:00 --loader systemd-boot
	says 0 'in /etc/kernel/cmdline'
	do_ask disable
	says 0 'Restored: /etc/kernel/cmdline'
	unchanged
}

@test "copies are no more readable than what they are of" {
	on_machine nvidia-twins 'initrd=\id\initrd root=UUID=1 ro quiet'
	boots_by_systemd 'root=UUID=1 ro quiet'
	chmod 640 "$M/$CMDLINE"
	do_ask enable 0b:00
	says 0
	[ "$(stat -c %a "$M"/var/lib/earlybind/cmdline.before "$M"/var/lib/earlybind/cmdline.after)" = $'600\n600' ]
	[ "$(stat -c %a "$M/$CMDLINE")" = 640 ]
}

@test "a tool that leaves a process behind is not waited for" {
	sed -i 's|^exec|sleep 30 \&\nexec|' "$M/usr/sbin/update-grub"
	SECONDS=0
	do_ask enable 0b:00
	says 0 Enabled:
	[ "$SECONDS" -lt 20 ]
}

@test "systemd-boot: a command line without newline, with more lines, or with a bare --" {
	on_machine nvidia-twins 'initrd=\id\initrd root=UUID=1 ro quiet'
	boots_by_systemd 'x'
	for line in 'root=1 ro' 'root=1 ro\n' 'root=1 ro\r\n' 'root=1 ro \n\nquiet\n' '\nroot=1\n' \
		'root=1 -- 3\n' 'a="b c" -- 3' ''; do
		# shellcheck disable=SC2059
		printf "$line" >"$M/$CMDLINE"
		for kernel in 6.1.0-1-amd64 6.1.0-2-amd64; do
			in_machine kernel-install add $kernel /boot/vmlinuz-$kernel \
				/boot/initrd.img-$kernel
		done
		FIRST=$(files)
		do_ask enable 0b:00
		says 0 Enabled:
		do_ask disable
		says 0
		unchanged
	done
}

@test "systemd-boot: an entry written manually is read as the loader reads it" {
	on_machine nvidia-twins 'initrd=\id\initrd root=UUID=1 ro quiet'
	boots_by_systemd 'root=UUID=1 ro quiet'
	for line in 'options\troot=UUID=1\noptions\tvfio.gpus=0a:00' '  options root=UUID=1 vfio.gpus=0a:00'; do
		# shellcheck disable=SC2059
		printf "title x\n\tlinux\t/y\n$line\n" >"$M/boot/efi/loader/entries/x.conf"
		FIRST=$(files)
		do_ask enable 0b:00
		says 1 'nothing was written' "x.conf has 'vfio.gpus=0a:00'" 'remove it there' \
			'if that entry is another system' 'run earlybind disable in that one'
		silent 'grep -r'
		unchanged
	done
}

@test "systemd-boot: an ESP that is found in two places has its entries once" {
	on_machine nvidia-twins 'initrd=\id\initrd root=UUID=1 ro quiet'
	boots_by_systemd 'root=UUID=1 ro quiet'
	ln -s boot/efi "$M/efi"
	FIRST=$(files)
	do_ask enable 0b:00
	says 0 'Enabled:' '2 of 2 entries in /boot/efi/loader/entries have it'
	do_ask disable
	says 0 'none of 2 entries'
	unchanged
	# One of two kernels has no entry: what the other has does not count twice.
	sed -i 's|^set -e$|[ "$2" != 6.1.0-2-amd64 ] \|\| exit 0\nset -e|' "$M/usr/bin/kernel-install"
	rm "$M/boot/efi/loader/entries/id-6.1.0-2-amd64.conf"
	FIRST=$(files)
	do_ask enable 0b:00
	says 1 'not every kernel in /boot has an entry' 'as before'
	unchanged
}

@test "systemd-boot: a file that was changed since loses only enable's arguments" {
	on_machine nvidia-twins 'initrd=\id\initrd root=UUID=1 ro quiet'
	boots_by_systemd 'root=UUID=1 ro quiet'
	do_ask enable 0b:00
	has $CMDLINE 'root=UUID=2 ro vfio.gpus=0b:00 debug'
	do_ask disable
	says 0 'had been changed since enable' "only enable's arguments were removed"
	[ "$(cat "$M/$CMDLINE")" = 'root=UUID=2 ro debug' ]
	[ "$(ls "$M/var/lib/earlybind")" = saved ]
	do_ask enable 0b:00
	has $CMDLINE 'root=UUID=3 ro vfio.gpus=0b:00'
	do_ask enable 0a:00
	says 0 'saved as /var/lib/earlybind/saved/cmdline.2'
	[ "$(cat "$M/$CMDLINE")" = 'root=UUID=3 ro vfio.gpus=0a:00' ]
	do_ask disable
	[ "$(cat "$M/$CMDLINE")" = 'root=UUID=3 ro' ]
}

@test "systemd-boot without /etc/kernel/cmdline: it is created from what was used without it" {
	on_machine nvidia-twins 'initrd=\id\initrd root=UUID=1 ro vfio.gpus=none quiet'
	boots_by_systemd
	sed -i 's/ vfio.gpus=none//' "$M"/boot/efi/loader/entries/*
	has proc/cmdline 'initrd=\id\initrd root=UUID=1 ro quiet'
	FIRST=$(files)
	do_ask enable 0b:00
	says 0 'there was no /etc/kernel/cmdline'
	[ "$(cat "$M/$CMDLINE")" = 'root=UUID=1 ro quiet vfio.gpus=0b:00' ]
	do_ask disable
	says 0 'Removed: /etc/kernel/cmdline'
	unchanged
	# As long as this boot has them, the file stays: its words would come back.
	do_ask enable 0b:00
	has proc/cmdline 'initrd=\id\initrd root=UUID=1 ro quiet vfio.gpus=0b:00'
	do_ask enable 0b:00
	says 0 'is already enabled'
	do_ask disable
	says 0 'was created by enable and stays'
	[ "$(cat "$M/$CMDLINE")" = 'root=UUID=1 ro quiet' ]
	cat "$M"/boot/efi/loader/entries/* >"$BATS_TEST_TMPDIR/entries"
	refute_in "$BATS_TEST_TMPDIR/entries" vfio
	rm "$M/$CMDLINE"
	has usr/lib/kernel/cmdline 'root=UUID=7 ro'
	do_ask enable 0b:00
	says 0
	[ "$(cat "$M/$CMDLINE")" = 'root=UUID=7 ro vfio.gpus=0b:00' ]
}

@test "systemd-boot: what fails for the second kernel is taken back for the first" {
	on_machine nvidia-twins 'initrd=\id\initrd root=UUID=1 ro quiet'
	boots_by_systemd 'root=UUID=1 ro quiet'
	FIRST=$(files)
	: >"$M/tmp/fails"
	do_ask enable 0b:00
	says 1 'kernel-install add 6.1.0-2-amd64' 'failed with status 3'
	unchanged
	rm "$M/tmp/fails"
	: >"$M/tmp/no-initrd"
	do_ask enable 0b:00
	says 1 'has lost its initrd'
	[ "$(cat "$M/$CMDLINE")" = 'root=UUID=1 ro quiet' ]
}

@test "Proxmox: both files, one tool, and the partition is read back" {
	on_machine nvidia-twins 'initrd=\EFI\proxmox\initrd root=ZFS=rpool/ROOT/pve-1 boot=zfs'
	boots_by_proxmox
	FIRST=$(files)
	do_ask enable 0b:00
	says 0 'in /etc/default/grub.d/earlybind.cfg' 'in /etc/kernel/cmdline' \
		'2 of 3 entries in partition C0DE-CAFE:/grub/grub.cfg and partition C0DE-CAFE:/loader/entries'
	words vfio.gpus=0b:00
	[ "$(cat "$M/$CMDLINE")" = 'root=ZFS=rpool/ROOT/pve-1 boot=zfs vfio.gpus=0b:00' ]
	[ "$(cat "$M/tmp/ran")" = refresh ]
	do_ask show
	says 1 'boot loader vfio.gpus=0b:00 in partition C0DE-CAFE' 'reboot'
	do_ask disable
	says 0 'none of 3 entries'
	unchanged
	: >"$M/tmp/fails"
	do_ask enable 0b:00
	says 1 'failed with status 2' 'read back and are as before'
	unchanged
}

@test "Proxmox: a partition that cannot be read is no success, for enable and disable" {
	on_machine nvidia-twins 'initrd=\EFI\proxmox\initrd root=ZFS=rpool/ROOT/pve-1 boot=zfs'
	boots_by_proxmox
	rm -r "$ESP"
	FIRST=$(files)
	do_ask enable 0b:00
	says 1 'could not be read back: partition C0DE-CAFE cannot be read' 'before you reboot'
	words vfio.gpus=0b:00
	do_ask enable 0b:00
	says 1 'could not be read back'
	do_ask show
	says 1 'boot loader not known: partition C0DE-CAFE'
	do_ask disable
	says 1 'could not be read back' 'not disabled yet'
	[ -e "$M/var/lib/earlybind/enabled" ]
	mkdir -p "$ESP/grub" "$ESP/loader/entries"
	do_ask disable
	says 0 'none of 3 entries'
	unchanged
}

@test "proxmox-boot-tool that is not in use is not run" {
	boots_by_proxmox
	has etc/kernel/proxmox-boot-uuids '# none'
	do_ask enable 0b:00
	says 0 'Running update-grub' 'in /etc/default/grub.d/earlybind.cfg'
	silent /etc/kernel/cmdline
}

@test "another loader: the text and the place, nothing is written" {
	for file in boot/refind_linux.conf boot/extlinux/extlinux.conf etc/default/u-boot \
		boot/firmware/cmdline.txt; do
		on_machine nvidia-twins BOOT_IMAGE=/boot/vmlinuz-6 root=UUID=1
		has $file x
		FIRST=$(files)
		do_ask enable 0b:00
		says 1 'nothing was written' '"vfio.gpus=0b:00"' "/$file"
		unchanged
	done
	# As it was told to do.
	has proc/cmdline BOOT_IMAGE=/boot/vmlinuz-6 root=UUID=1 vfio.gpus=0b:00
	sed -i 'N;s/\n/ /;N;s/\n/ /' "$M/proc/cmdline"
	do_ask enable 0b:00
	says 0 'is in effect in this boot'
	on_machine nvidia-twins root=UUID=1
	FIRST=$(files)
	do_ask enable 0b:00
	says 1 'no boot loader that earlybind knows'
	unchanged
	on_machine nvidia-twins 'initrd=\id\initrd root=UUID=1'
	boots_by_systemd x
	mkdir -p "$M/boot/efi/EFI/Linux"
	: >"$M/boot/efi/EFI/Linux/debian-6.1.efi"
	FIRST=$(files)
	do_ask enable 0b:00
	says 1 'unified kernel image'
	unchanged
}

@test "a root without the tools: written, not in force, and what to run there" {
	rm "$M/bin/sh"
	do_ask enable 0b:00
	says 1 'could not be started' "left to run in $M: update-grub"
	words vfio.gpus=0b:00
	ln -s busybox "$M/bin/sh"
	do_ask enable 0b:00
	says 0 'Enabled:'
	rm "$M/bin/sh"
	do_ask disable
	says 1 'still has' "left to run in $M: update-grub"
	[ ! -e "$M/$DROP_IN" ]
	ln -s busybox "$M/bin/sh"
	do_ask disable
	says 0
	unchanged
}

@test "a rescue system's disable needs nothing of the machine but its files" {
	do_ask enable 0b:00
	rm -r "$M/sys" "$M/proc"
	do_ask disable
	says 0 'none of 2 entries'
	unchanged
}

@test "a link in the place of a file is refused, and what it leads to is left alone" {
	on_machine nvidia-twins 'initrd=\id\initrd root=UUID=1 ro quiet'
	boots_by_systemd 'root=UUID=1 ro quiet'
	echo mine >"$BATS_TEST_TMPDIR/outside"
	ln -sf "$BATS_TEST_TMPDIR/outside" "$M/$CMDLINE"
	do_ask enable 0b:00
	says 2 'is a symbolic link'
	[ "$(cat "$BATS_TEST_TMPDIR/outside")" = mine ]
	# A directory that is a link leads to a place below the root.
	rm "$M/$CMDLINE"
	mkdir -p "$M/lib"
	rm -rf "$M/var/lib"
	ln -s /lib "$M/var/lib"
	has $CMDLINE 'root=UUID=1 ro quiet'
	do_ask enable 0b:00
	says 0
	[ -e "$M/lib/earlybind/enabled" ]
	[ ! -e /lib/earlybind/enabled ]
}

@test "an ordinary user is told so before anything else, and may try" {
	[ "$(id -u)" = 0 ] || skip "is run as root of a namespace"
	for command in 'enable 05:00' disable; do
		# shellcheck disable=SC2086
		run setpriv --reuid 65534 --clear-groups "$EARLYBIND" $command
		says 2 'must be run by root: sudo earlybind'
	done
}

@test "show: nothing, what is enabled, what differs and what to do" {
	do_ask show
	says 0 'enabled nothing' "boot loader no arguments of earlybind in /boot/grub/grub.cfg" 'to do nothing'
	do_ask enable 0b:00
	do_ask show
	says 1 'enabled vfio.gpus=0b:00' 'in /etc/default/grub.d/earlybind.cfg' \
		'boot loader vfio.gpus=0b:00 in /boot/grub/grub.cfg' "this boot no arguments of earlybind" \
		'to do reboot for it to take effect'
	has proc/cmdline 'BOOT_IMAGE=/boot/vmlinuz-6 root=UUID=1 ro quiet vfio.gpus=0b:00'
	do_ask show
	says 0 'to do nothing'
	do_ask show --json
	[ "$status" = 0 ]
	jq -e '.schema == 1 and .enabled == "vfio.gpus=0b:00" and .finished and
		.files == [{"path": "/etc/default/grub.d/earlybind.cfg", "edited": false}] and
		.boot_loader == .running and .running == .enabled and .to_do == null and
		.by_hand == null' <<<"$output"
	sed -i 's/ vfio.gpus=[^ ]*//' "$M/boot/grub/grub.cfg"
	do_ask show
	says 1 'run update-grub'
	in_machine update-grub
	has etc/default/grub 'GRUB_CMDLINE_LINUX="vfio.gpus=0a:00"'
	do_ask show
	says 1 'manual vfio.gpus=0a:00 in /etc/default/grub:1' 'remove vfio.gpus=0a:00 from /etc/default/grub:1'
}

@test "show: words from a boot loader that is not known are to be changed there" {
	on_machine nvidia-twins 'root=UUID=1 ro quiet vfio.gpus=0b:00'
	do_ask show
	says 1 'boot loader not known' "this boot vfio.gpus=0b:00" 'to do' 'change them there'
}

@test "leftovers of an older recipe are listed at the end, and left alone" {
	has etc/modprobe.d/blacklist.conf 'blacklist nouveau' 'blacklist radeon'
	has etc/modules vfio vfio_virqfd
	FIRST=$(files)
	do_ask enable 0b:00
	says 0 'Left from an older setup' 'harmful: 0000:0a:00.0' 'blacklist.conf:1: blacklist nouveau' \
		'[driver-blacklisted]' '/etc/modules:2: vfio_virqfd' 'no longer needed:' 'blacklist.conf:2: blacklist radeon'
	do_ask disable
	unchanged
}

@test "an initramfs without the agent is told of" {
	has boot/initrd.img-6.12.57+deb13-amd64.files usr/bin/sh
	do_ask enable 0b:00
	says 0 'Image:' 'does not contain earlybind' 'update-initramfs -u'
}

@test "options that a command has not are refused" {
	for try in 'list --force' 'disable --yes' 'enable 0b:00 --json' 'plan --dry-run'; do
		# shellcheck disable=SC2086
		do_ask $try
		says 2 'has no --'
	done
	unchanged
}

# Whatever stood there, and whatever is asked for: what GRUB's shell makes of it is the old
# value and our words.
@test "a shell reads the old value and our words, for any of both" {
	good=(0b:00 10de:1e87 earlybind.fb=release 0a:00,-0b:00)
	words=(0b:00 vfio.gpus=nvidia,-0a:00 rd.vfio.gpus=00:03.1/00 10de:1e87:1458:37a7
		earlybind.fb=release EARLYBIND.x=1 0b:00@10de:1e87 'earlybind.a-b=c_d' '0b:00"' "0b:00'"
		'vfio.gpus=$HOME' 'earlybind.x=`id`' 'earlybind.x=a\b' $'earlybind.x=a\nb' 'earlybind.x=a b'
		'earlybind.x=a&b' 'earlybind.x=a|b' 'earlybind.x={a,b}' 'earlybind.x=~' 'earlybind.x=*'
		'earlybind.x=a#b' 'earlybind.x=!!' 'earlybind.x=%s' $'earlybind.x=\xc3\xa4' '-0a:00')
	olds=("'quiet'" '""' "'a  b '" '"x=\"a b\""' "'\$HOME \`id\`'" '"a\\b"' "'*'")
	RANDOM=${SEED:-7}
	carried=0
	for ((i = 0; i < 120; i++)); do
		has etc/default/grub "GRUB_CMDLINE_LINUX_DEFAULT=${olds[RANDOM % ${#olds[@]}]}"
		do_ask disable
		do_ask enable --force --yes -- 0b:00 "${good[RANDOM % ${#good[@]}]}" \
			"${words[RANDOM % ${#words[@]}]}"
		[ -e "$M/$DROP_IN" ] || {
			says 2 'nothing was written'
			continue
		}
		carried=$((carried + 1))
		want=$(sed -n 's/^words //p' "$M/var/lib/earlybind/enabled")
		old=$(cd "$M/etc/default" && sh -c '. ./grub; printf "%s\n" "$GRUB_CMDLINE_LINUX_DEFAULT"')
		new=$(cd "$M/etc/default" && sh -c '. ./grub; . ./grub.d/earlybind.cfg
			printf "%s\n" "$GRUB_CMDLINE_LINUX_DEFAULT"')
		[ "$new" = "$old $want" ] || {
			echo "seed ${SEED:-7}: '$old' and '$want' gave '$new'"
			return 1
		}
	done
	[ "$carried" -gt 20 ]
	[ "$carried" -lt 120 ]
}

# with_fault FAULT COMMAND...: a system call of it fails, as on a full or read-only disk
with_fault()
{
	run as_root strace -o /dev/null -e "inject=$1" \
		"$EARLYBIND" --root "$M" --pci-ids /dev/null "${@:2}" </dev/null
}

@test "a full or read-only disk: the error is named, and nothing is half done" {
	strace -o /dev/null true 2>/dev/null || skip "no ptrace here"
	export ASAN_OPTIONS=detect_leaks=0:exitcode=99
	for fault in fsync:error=ENOSPC renameat:error=EROFS mkdirat:error=EROFS \
		fsync:error=EIO:when=4; do
		with_fault $fault enable 0b:00
		says 1 'cannot be written' 'read back and are as before'
		unchanged
	done
	with_fault unlinkat:error=EROFS:when=1 disable
	says 0 'Nothing is enabled'
	do_ask enable 0b:00
	with_fault unlinkat:error=EROFS disable
	says 1 'earlybind.cfg cannot be written: Read-only file system'
	do_ask disable
	says 0
	unchanged
}

@test "a disk that fails at any flush, from then on: what is said is so, and disable restores" {
	strace -o /dev/null true 2>/dev/null || skip "no ptrace here"
	export ASAN_OPTIONS=detect_leaks=0:exitcode=99
	for ((n = 1; n < 40; n++)); do
		with_fault fsync:error=EIO:when=$n+ enable 0b:00
		[ "$status" != 0 ] || break
		says 1 'Input/output error'
		case $output in
		*'read back and are as before'*) unchanged ;;
		*'could not be recorded'*) grep -q 'vfio.gpus=0b:00$' "$M/boot/grub/grub.cfg" ;;
		*) says 1 'not everything could be restored' ;;
		esac
		do_ask disable
		says 0
		unchanged
	done
	[ "$n" -gt 6 ]
	[ "$n" -lt 40 ]
}

# steps COMMAND...: how many calls it makes that change a directory
steps()
{
	as_root strace -o "$BATS_TEST_TMPDIR/trace" -e trace=renameat,unlinkat,mkdirat \
		"$EARLYBIND" --root "$M" --pci-ids /dev/null "$@" </dev/null >/dev/null 2>&1
	grep -c '^[a-z]*at(' "$BATS_TEST_TMPDIR/trace"
}

# killed STEP COMMAND...: it is killed when it comes to that call
killed()
{
	as_root strace -o /dev/null \
		-e "inject=renameat,unlinkat,mkdirat:signal=KILL:when=$1" \
		"$EARLYBIND" --root "$M" --pci-ids /dev/null "${@:2}" </dev/null >/dev/null 2>&1 || true
}

@test "stopped at any step, disable goes back to the beginning and enable to the end" {
	strace -o /dev/null true 2>/dev/null || skip "no ptrace here"
	on_machine nvidia-twins 'initrd=\EFI\proxmox\initrd root=ZFS=rpool/ROOT/pve-1 boot=zfs'
	boots_by_proxmox
	FIRST=$(files)
	export ASAN_OPTIONS=detect_leaks=0:exitcode=99
	count=$(steps enable 0b:00)
	enabled=$(files)
	[ "$count" -gt 6 ]
	do_ask disable
	for ((step = 1; step <= count; step++)); do
		killed $step enable 0b:00
		do_ask disable
		says 0
		unchanged
		killed $step enable 0b:00
		do_ask enable 0b:00
		says 0
		diff <(echo "$enabled") <(files)
		# Another argument, stopped, and back.
		killed $step enable 0a:00
		do_ask disable
		says 0
		unchanged
	done
	do_ask enable 0b:00
	count=$(steps disable)
	for ((step = 1; step <= count; step++)); do
		do_ask enable 0b:00
		says 0
		killed $step disable
		do_ask disable
		says 0
		unchanged
	done
}

@test "two at a time: the second is told to wait, and changes nothing" {
	sed -i 's|^exec|while [ ! -e /tmp/go ]; do sleep 0.1; done\nexec|' "$M/usr/sbin/update-grub"
	do_ask enable 0b:00 &
	for ((i = 0; i < 600; i++)); do
		[ ! -e "$M/$DROP_IN" ] || break
		sleep 0.1
	done
	do_ask enable 0a:00
	says 2 'another earlybind enable or disable'
	do_ask disable
	says 2 'another earlybind'
	: >"$M/tmp/go"
	wait
	words vfio.gpus=0b:00
	do_ask disable
	says 0
	unchanged
}

@test "killed while the tool runs: the next run brings it to its end" {
	: >"$M/tmp/dies"
	do_ask enable 0b:00
	[ "$status" -gt 2 ]
	do_ask show
	says 1 'was interrupted'
	rm "$M/tmp/dies"
	do_ask enable 0b:00
	says 0 'Enabled:'
	do_ask disable
	says 0
	unchanged
}
