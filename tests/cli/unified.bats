#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Unified kernel images: kernel-install and ukify build them from /etc/kernel/cmdline, and what
# is inside is read back. Where others build them, the text to add.

load after
load boots

setup_file()
{
	after_setup_file
	command -v busybox >/dev/null || skip "no busybox; run qemu-test/setup unit"
}

setup()
{
	on_machine nvidia-twins root=UUID=1 ro quiet
	boots_by_uki
	FIRST=$(files)
	IMAGES=$M/boot/efi/EFI/Linux
}

# inside: the command line of the newer image
inside()
{
	tail -c +513 "$IMAGES/id-6.1.0-2-amd64.efi" | head -c 512 | tr -d '\0'
}

@test "enable has them built and reads them back, and disable restores them" {
	[ "$(inside)" = 'root=UUID=1 ro quiet ' ]
	do_ask enable 0b:00
	says 0 'Enabled: vfio.gpus=0b:00, in /etc/kernel/cmdline' '2 of 2 entries in'
	[ "$(inside)" = 'root=UUID=1 ro quiet vfio.gpus=0b:00 ' ]
	do_ask show
	says 1 'boot loader vfio.gpus=0b:00 in /boot/efi/EFI/Linux/id-6.1.0-1-amd64.efi' reboot
	do_ask enable 0b:00
	says 0 'already enabled'
	do_ask disable
	says 0 'none of 2 entries'
	unchanged
}

@test "what is inside decides: a builder that keeps the old line, one that fails, a broken image" {
	: >"$M/tmp/deaf"
	do_ask enable 0b:00
	says 1 'does not have it' 'read back and are as before'
	unchanged
	rm "$M/tmp/deaf"
	: >"$M/tmp/fails"
	do_ask enable 0b:00
	says 1 'failed with status 3' 'read back and are as before'
	unchanged
	rm "$M/tmp/fails"
	do_ask enable 0b:00
	: >"$M/tmp/deaf"
	sed -i "s/^line=.*/&; line='root=UUID=1 vfio.gpus=0b:00'/; s/^\[ ! -e .tmp.deaf.*//" "$M/usr/bin/kernel-install"
	do_ask disable
	says 1 "id-6.1.0-1-amd64.efi still has 'vfio.gpus=0b:00'" 'not disabled yet'
	head -c 300 "$IMAGES/id-6.1.0-1-amd64.efi" >"$IMAGES/cut.efi"
	head -c 100 "$IMAGES/id-6.1.0-1-amd64.efi" >"$IMAGES/id-6.1.0-1-amd64.efi"
	do_ask show
	says 1 'boot loader not known' 'is not read: it is not a whole PE image'
}

@test "an add-on that has arguments of ours is found, and two profiles are not guessed at" {
	mkdir "$IMAGES/id-6.1.0-2-amd64.efi.extra.d"
	sed 's/root=UUID=1 ro quiet /vfio.gpus=0a:00,-0b:00/; s/\.cmdline\x15/.cmdline\x16/' \
		"$IMAGES/id-6.1.0-2-amd64.efi" >"$IMAGES/id-6.1.0-2-amd64.efi.extra.d/x.addon.efi"
	FIRST=$(files)
	do_ask enable 0b:00
	says 1 'nothing was written' 'id-6.1.0-2-amd64.efi has '"'vfio.gpus=0a:00"
	unchanged
	rm -r "$IMAGES/id-6.1.0-2-amd64.efi.extra.d"
	sed -i 's/\.initrd\x00/.cmdline/' "$IMAGES/id-6.1.0-2-amd64.efi"
	do_ask show
	says 0 'boot loader not known' 'it has several profiles'
}

@test "an add-on for all images counts, and a newline in a command line is a blank" {
	mkdir -p "$M/boot/efi/loader/addons"
	sed 's/root=UUID=1 ro quiet /vfio.gpus=0a:00,-0b:00/; s/\.cmdline\x15/.cmdline\x16/' \
		"$IMAGES/id-6.1.0-2-amd64.efi" >"$M/boot/efi/loader/addons/x.addon.efi"
	FIRST=$(files)
	do_ask enable 0b:00
	says 1 'nothing was written' 'id-6.1.0-1-amd64.efi has '"'vfio.gpus=0a:00"
	unchanged
	rm -r "$M/boot/efi/loader/addons"
	# Other tools copy /etc/kernel/cmdline as it is.
	sed -i 's/^line=.*/line=$(cat <\/etc\/kernel\/cmdline; echo " ")/' "$M/usr/bin/kernel-install"
	printf 'root=UUID=1 ro\nquiet\n' >"$M/$CMDLINE"
	for kernel in 6.1.0-1-amd64 6.1.0-2-amd64; do
		in_machine kernel-install add $kernel /boot/vmlinuz-$kernel
	done
	FIRST=$(files)
	do_ask enable 0b:00
	says 0 Enabled:
	do_ask disable
	says 0 Disabled:
	unchanged
}

@test "where another builds them, or one boot is to be tried, there is the text to add" {
	do_ask enable --try 0b:00
	says 1 'a unified kernel image has its command line inside' 'press e'
	unchanged
	for change in 'echo uki_generator=dracut >>etc/kernel/install.conf' 'rm usr/bin/ukify' \
		'echo Cmdline=@/etc/x >etc/kernel/uki.conf' 'echo layout=bls >etc/kernel/install.conf'; do
		boots_by_uki
		(cd "$M" && eval "$change")
		FIRST=$(files)
		do_ask enable 0b:00
		says 1 'boots a unified kernel image' 'add "vfio.gpus=0b:00" to /etc/kernel/cmdline'
		unchanged
		rm -f "$M/etc/kernel/uki.conf"
	done
}
