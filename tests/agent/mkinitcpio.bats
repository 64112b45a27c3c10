#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The hooks of mkinitcpio against a stand-in, on a kernel whose modules are made here.

bats_require_minimum_version 1.5.0
load agent-root
load mkinitcpio
load ../support/refute

# module NAME DEFINES [NEEDS]: a file that depmod takes for a module
module()
{
	local stem=$K/kernel/$1

	{
		echo "const char info[] __attribute__((section(\".modinfo\"), used)) =" \
			"\"name=${1##*/}\\0depends=${3:-}\";"
		echo "asm(\".section __ksymtab_strings,\\\"a\\\"\\n.string \\\"$2\\\"\\n\");"
		[ -z "${3:-}" ] || printf 'extern int of_%s;\nint *uses_%s = &of_%s;\n' "$3" "$3" "$3"
	} >"$stem.c"
	gcc -c -o "$stem.ko" "$stem.c"
	rm "$stem.c"
	zstd -q --rm "$stem.ko"
}

setup_file()
{
	export TOP KERNEL_TREE="$BATS_FILE_TMPDIR/modules"
	TOP=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	K=$KERNEL_TREE/lib/modules/6.9.1-arch
	mkdir -p "$K/kernel"
	module vfio of_vfio
	module vfio-pci of_vfio_pci vfio
	module vfio_iommu_type1 of_type1 vfio
	module loop of_loop
	touch "$K"/modules.builtin "$K"/modules.builtin.modinfo
	printf 'kernel/%s.ko\n' vfio vfio-pci vfio_iommu_type1 loop >"$K/modules.order"
	depmod -b "$KERNEL_TREE" 6.9.1-arch
}

# place: as `make install` and other packages do, with a udev that notes when it starts
place()
{
	local hooks=$R/ours other=$R/other

	mkdir -p "$hooks/install" "$hooks/hooks" "$other/install" "$other/hooks"
	cp -R "$KERNEL_TREE" "$R/modules"
	K=$R/modules/lib/modules/6.9.1-arch
	AT=$R/earlybind-agent
	cp "$AGENT" "$AT"
	sed "s|^EB_AGENT=.*|EB_AGENT=$AT|" "$TOP/image/contents.sh" >"$R/image-contents"
	sed "s|^CONTENTS=.*|CONTENTS=$R/image-contents|; s|^UNIT=.*|UNIT=$TOP/dracut/50earlybind/earlybind.service|" \
		"$TOP/mkinitcpio/install/earlybind" >"$hooks/install/earlybind"
	sed -i "s|^OPTIONS=.*|OPTIONS=$R/modprobe.d|" "$hooks/install/earlybind"
	cp "$TOP/mkinitcpio/hooks/earlybind" "$hooks/hooks/earlybind"
	echo 'build() { add_runscript; }' >"$other/install/udev"
	printf '%s\n' '#!/usr/bin/ash' 'run_earlyhook() {' \
		'	[ ! -e /run/earlybind/report.json ] || echo earlybind >>/run/steps' \
		'	echo udevd >>/run/steps' '}' >"$other/hooks/udev"
	HOOK_DIRS=("$hooks" "$other")
}

# make_image HOOK...: what it says in $output
make_image()
{
	R=$BATS_TEST_TMPDIR/mkinitcpio
	[ -d "$R" ] || { mkdir "$R" && place; }
	run mkinitcpio "$@"
	echo "$output"
	[ "$status" -eq "${want:-0}" ]
}

# The files that the agent would load for a module.
needs()
{
	modprobe -d "$R/image" -S 6.9.1-arch --ignore-install --show-depends "$1"
}

@test "the image has the agent, and vfio and all it needs unpacked" {
	make_image earlybind udev
	[ "$output" = '' ]
	cmp "$AGENT" "$R/image/usr/lib/earlybind/earlybind-agent"
	[ -x "$R/image/usr/lib/earlybind/earlybind-agent" ]
	for name in vfio_pci vfio_iommu_type1; do
		run -0 needs $name
		[ "${#lines[@]}" -eq 2 ]
		for line in "${lines[@]}"; do
			[[ $line == *"/6.9.1-arch/updates/earlybind/"*.ko* && $line != *.ko.zst* ]]
		done
	done
	# No module that nobody asked for.
	run -1 needs loop
}

@test "what the kernel decompresses is added as it is" {
	R=$BATS_TEST_TMPDIR/mkinitcpio
	mkdir "$R"
	place
	printf 'CONFIG_MODULE_%s=y\n' COMPRESS_ZSTD DECOMPRESS >"$K/config"
	make_image earlybind udev
	[ "$output" = '' ]
	for name in vfio_pci vfio_iommu_type1; do
		run -0 needs $name
		[ "$(grep -c '/6.9.1-arch/kernel/.*\.ko\.zst *$' <<<"$output")" -eq 2 ]
	done
	[ ! -e "$R/image/usr/lib/modules/6.9.1-arch/updates" ]
}

@test "with MODULES_DECOMPRESS=yes the same" {
	MODULES_DECOMPRESS=yes make_image earlybind udev
	run -0 needs vfio_pci
	[[ $output == *vfio-pci.ko* && $output != *.zst* ]]
}

@test "modules that are not compressed are added as they are" {
	R=$BATS_TEST_TMPDIR/mkinitcpio
	mkdir "$R"
	place
	find "$K" -name '*.zst' -exec zstd -q -d --rm {} +
	depmod -b "$R/modules" 6.9.1-arch
	make_image earlybind udev
	run -0 needs vfio_pci
	[[ $output == *kernel/vfio-pci.ko* ]]
	[ ! -e "$R/image/usr/lib/modules/6.9.1-arch/updates" ]
}

@test "for systemd there is the unit, wanted and before what loads drivers" {
	make_image earlybind
	unit=$R/image/usr/lib/systemd/system/earlybind.service
	grep -q '^Before=.*systemd-modules-load.service.* systemd-udevd.service' "$unit"
	grep -q '^DefaultDependencies=no$' "$unit"
	[ "$(readlink "$R/image/usr/lib/systemd/system/sysinit.target.wants/earlybind.service")" = \
		/usr/lib/systemd/system/earlybind.service ]
}

@test "a kernel without vfio, or without type1, gets one warning and an image" {
	make_image udev
	rm "$K"/kernel/vfio_iommu_type1.ko.zst
	depmod -b "$R/modules" 6.9.1-arch
	make_image earlybind udev
	[[ $output == *"WARNING: earlybind: kernel 6.9.1-arch: no vfio_iommu_type1"* ]]
	[ "${#lines[@]}" -eq 1 ]
	rm "$K"/kernel/vfio*
	depmod -b "$R/modules" 6.9.1-arch
	make_image earlybind udev
	[[ $output == *"kernel 6.9.1-arch: no vfio-pci"*"keep their drivers"* ]]
	[ "${#lines[@]}" -eq 1 ]
}

@test "a kernel with vfio built in needs no module and no warning" {
	make_image udev
	printf 'kernel/%s.ko\n' vfio vfio-pci vfio_iommu_type1 >"$K/modules.builtin"
	rm "$K"/kernel/vfio*
	depmod -b "$R/modules" 6.9.1-arch
	make_image earlybind udev
	[ "$output" = '' ]
	[ ! -e "$R/image/usr/lib/modules/6.9.1-arch/updates" ]
}

@test "the user's options of these modules are there, also without modconf" {
	make_image udev
	mkdir "$R/modprobe.d"
	echo 'options vfio-pci disable_vga=1' >"$R/modprobe.d/vfio.conf"
	echo 'options snd_hda_intel model=auto' >"$R/modprobe.d/sound.conf"
	make_image earlybind udev
	grep -qx 'options vfio-pci disable_vga=1' "$R/image/etc/modprobe.d/vfio.conf"
	[ ! -e "$R/image/etc/modprobe.d/sound.conf" ]
}

@test "what cannot be unpacked, or no agent, is warned of, and the image is built" {
	make_image udev
	echo broken >"$K/kernel/vfio.ko.zst"
	make_image earlybind udev
	[[ $output == *"cannot unpack"*"vfio.ko.zst"*"bind no card to vfio-pci"* ]]
	rm "$AT"
	make_image earlybind udev
	[[ $output == *"earlybind-agent is missing"* ]]
	refute_in "$R/image" -l --exclude=udev earlybind
}

@test "without the file that says what goes into an image there is a warning, and an image" {
	make_image udev
	rm "$R/image-contents"
	make_image earlybind udev
	[[ $output == *"image-contents is missing"*"remove it from HOOKS"* ]]
	[ "${#lines[@]}" -eq 1 ]
}

@test "a module that depmod does not know is named, with what to do" {
	make_image udev
	sed -i '/vfio-pci/d' "$K/modules.dep"
	make_image earlybind udev
	[[ $output == *"kernel/vfio-pci.ko.zst is not in modules.dep"*"Run depmod"* ]]
	[ "${#lines[@]}" -eq 1 ]
}

@test "busybox runs the agent before udev starts, and before MODULES are loaded" {
	make_image earlybind udev
	boot
	[ "$(tr '\n' ' ' <"$root/run/steps")" = 'earlybind udevd MODULES ' ]
	jq -e '.devices | length == 2' "$report"
}

@test "after udev in HOOKS it comes too late, and the build says so" {
	make_image udev earlybind
	[[ $output == *"earlybind comes after udev in HOOKS"*"before udev"* ]]
	boot
	[ "$(tr '\n' ' ' <"$root/run/steps")" = 'udevd MODULES ' ]
}

@test "an image whose agent is gone boots on" {
	make_image earlybind udev
	rm "$R/image/usr/lib/earlybind/earlybind-agent"
	boot
	[ "$(tr '\n' ' ' <"$root/run/steps")" = 'udevd MODULES ' ]
}

@test "what goes into an image is decided in one file, for all three builders" {
	cd "$TOP"
	grep -q vfio_iommu_type1 image/contents.sh
	for hook in initramfs-tools/hooks/earlybind dracut/50earlybind/module-setup.sh \
		mkinitcpio/install/earlybind; do
		grep -q '^	*\. .*CONTENTS"$' "$hook"
		refute_in "$hook" -E 'vfio_|irqbypass|modules\.dep|\.ko|[^_]earlybind-agent'
	done
}

@test "help tells where in HOOKS it stands" {
	. "$TOP/mkinitcpio/install/earlybind"
	run -0 help
	[[ $output == *"HOOKS=(base earlybind udev "*"With 'systemd'"* ]]
}

# boot: /init's part of the image on a machine of ours, by busybox
boot()
{
	machine seed 'vfio.gpus=05:00'
	cp -R "$R/image/." "$root/"
	add_busybox "$root"
	init_script >"$root/init"
	as_root_in "$root" chroot "$root" /bin/busybox ash /init
}
