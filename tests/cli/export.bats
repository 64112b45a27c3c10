#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# earlybind export: what goes into the configuration of a guest, as its consumers read it.

bats_require_minimum_version 1.5.0
load after
load export

setup_file()
{
	after_setup_file
}

teardown()
{
	stop_libvirtd
}

# All formats of the machine, to be read in review.
as_expected()
{
	local format

	for format in libvirt qemu proxmox kubevirt; do
		echo "# $format"
		ask_names export --format $format || return 1
	done >"$BATS_TEST_TMPDIR/said"
	expect "$1.export" <"$BATS_TEST_TMPDIR/said"
}

@test "the text is as expected" {
	each as_expected
}

valid()
{
	text libvirt
	guest "$TEXT" >"$BATS_TEST_TMPDIR/guest.xml"
	run -0 virt-xml-validate "$BATS_TEST_TMPDIR/guest.xml" domain
}

@test "libvirt: its schema takes the elements" {
	each valid
	sed -i 's/managed=/manages=/' "$BATS_TEST_TMPDIR/guest.xml"
	run ! virt-xml-validate "$BATS_TEST_TMPDIR/guest.xml" domain
}

defined()
{
	valid
	# Where the other user can read it.
	cp "$BATS_TEST_TMPDIR/guest.xml" "$LIBVIRT"
	virsh define "$LIBVIRT/guest.xml" || return 1
	virsh dumpxml guest >"$BATS_TEST_TMPDIR/dump.xml"
	virsh undefine guest
	placed "$BATS_TEST_TMPDIR/guest.xml" | tee "$BATS_TEST_TMPDIR/wanted"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/wanted")" = \
		"$(jq '[.devices[] | select(.result == "claimed")] | length' "$M/run/earlybind/report.json")" ]
	placed "$BATS_TEST_TMPDIR/dump.xml" | diff "$BATS_TEST_TMPDIR/wanted" -
	# Each bus that is named is a root port's.
	grep -o "bus='0x1[0-9a-f]'" "$TEXT" | sort -u | tr -d "bus='" | while read -r bus; do
		grep -q "type='pci' index='$((bus))' model='pcie-root-port'" "$BATS_TEST_TMPDIR/dump.xml"
	done
}

@test "libvirt: a guest is defined with them, and they are where they should be" {
	start_libvirtd
	each defined
	# It would say if two were in one place.
	sed -i "s/bus='0x11' slot='0x00' function='0x0'/bus='0x10' slot='0x00' function='0x0'/" \
		"$LIBVIRT/guest.xml"
	run ! virsh define "$LIBVIRT/guest.xml"
	[[ $output == *'double use of PCI Address'* ]]
}

@test "libvirt: no name ends a comment" {
	claim seed vfio.gpus=05:00
	printf '10de  A -- B\n\t1187  C --> <x> --- [&D-]\n' >"$M/ids"
	"$EARLYBIND" --root "$M" --pci-ids "$M/ids" export --format libvirt >"$BATS_TEST_TMPDIR/text"
	guest "$BATS_TEST_TMPDIR/text" >"$BATS_TEST_TMPDIR/guest.xml"
	run -0 virt-xml-validate "$BATS_TEST_TMPDIR/guest.xml" domain
	[ "$(placed "$BATS_TEST_TMPDIR/guest.xml" | wc -l)" = 2 ]
	grep -q 'C ~-> <x> ~~-' "$BATS_TEST_TMPDIR/text"
}

# qemu OPTION...: a guest that never runs; it reads its monitor's commands from standard input
qemu()
{
	timeout 60 qemu-system-x86_64 -machine q35,accel=tcg -nodefaults -display none -S -monitor stdio "$@"
}

# The text as a shell reads it: pasted behind a command.
pasted()
{
	text qemu
	grep -v '^#' "$TEXT" >"$BATS_TEST_TMPDIR/options"
	{
		echo 'set -- \'
		cat "$BATS_TEST_TMPDIR/options"
		echo 'printf "%s\n" "$@"'
	} >"$BATS_TEST_TMPDIR/paste"
	dash "$BATS_TEST_TMPDIR/paste" >"$BATS_TEST_TMPDIR/words"
	mapfile -t WORDS <"$BATS_TEST_TMPDIR/words"
	[ "${#WORDS[@]}" = $((2 * $(wc -l <"$BATS_TEST_TMPDIR/options"))) ]
}

# In the place of each card one that QEMU emulates: it has to come where the card would.
substituted()
{
	pasted
	printf 'info qtree\nquit\n' | qemu "${WORDS[@]/#vfio-pci,host=*([0-9a-f:.]),/pci-testdev,}" \
		>"$BATS_TEST_TMPDIR/qtree" || return 1
	sed -n 's/^ *bus: \(earlybind[0-9]*\).*/\1/p; s/^ *addr = \(00\.[0-7]\).*/\1/p
		s/^ *multifunction = \(.*\)/\1/p; s/^ *dev: \(pci-testdev\).*/\1/p' \
		"$BATS_TEST_TMPDIR/qtree" |
		awk '/^earlybind/ { bus = $0 } /testdev/ { dev = 1 } /^00/ { addr = $0 }
			/^(true|false)/ && dev { print bus, addr, $0; dev = 0 }' |
		sort >"$BATS_TEST_TMPDIR/there"
	sed -n 's/.*vfio-pci.*,bus=\([^,]*\),addr=\([^, ]*\)\(,multifunction=on\)\?.*/\1 \2 \3/p' \
		"$BATS_TEST_TMPDIR/options" | sed 's/,multi.*/true/; s/ $/ false/' |
		sort | diff - "$BATS_TEST_TMPDIR/there"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/there")" = \
		"$(jq '[.devices[] | select(.result == "claimed")] | length' "$M/run/earlybind/report.json")" ]
}

@test "qemu: emulated cards in their place come where they should" {
	shopt -s extglob
	each substituted
}

# It knows each option, and then misses the card, which this machine has not.
refused()
{
	local i

	pasted
	for ((i = 1; i < ${#WORDS[@]}; i += 2)); do
		[[ ${WORDS[i]} == vfio-pci,* ]] || continue
		run -1 qemu "${WORDS[@]:0:i-1}" -device "${WORDS[i]}" </dev/null
		[[ $output == *"no such host device"* || $output == *"no iommu_group found"* ]] || {
			echo "$output"
			return 1
		}
		return 0
	done
	return 1
}

@test "qemu: its vfio-pci knows each of the options" {
	each refused
	run -1 qemu -device vfio-pci,host=0000:05:00.0,multifunktion=on </dev/null
	[[ $output != *"no such host device"* ]]
}

# The grammar is that of qm.conf(5): hostpci[n]: [host=]<HOSTPCIID[;HOSTPCIID2...]> [,pcie=<1|0>].
well_formed()
{
	local id='[0-9a-f]{4,}:[0-9a-f]{2}:[01][0-9a-f](\.[0-7])?' lines

	text proxmox
	lines=$(grep -vc '^#' "$TEXT")
	[ "$lines" -gt 0 ]
	[ "$(grep -cE "^hostpci([0-9]|1[0-5]): $id(;$id)*,pcie=1\$" "$TEXT")" = "$lines" ]
	[ "$(sed -n 's/^hostpci\([0-9]*\):.*/\1/p' "$TEXT")" = "$(seq 0 $((lines - 1)))" ]
}

@test "proxmox: lines by the grammar of qm.conf(5)" {
	each well_formed
}

@test "proxmox: a slot stands for all of its functions, and only where all are claimed" {
	claim nvidia-twins vfio.gpus=0b:00
	text proxmox
	grep -qFx 'hostpci0: 0000:0b:00,pcie=1' "$TEXT"
	on 0000:0b:00.2 xhci_hcd
	run -1 --separate-stderr ask_names export --format proxmox
	[[ $output == *$'\nhostpci0: 0000:0b:00.0;0000:0b:00.1;0000:0b:00.3,pcie=1' ]]
	text proxmox 0b:00.1
	grep -qFx 'hostpci0: 0000:0b:00.1,pcie=1' "$TEXT"
}

@test "proxmox: a virtual machine takes 16 devices, the next is another's" {
	claim server-8-accel vfio.gpus=nvidia
	# The same eight once more, at other addresses, and once again.
	for copy in 1 2; do
		for link in "$M"/sys/bus/pci/devices/*; do
			[ -e "$link/iommu_group" ] && [ "$(cat "$link/vendor")" = 0x10de ] || continue
			address=$copy${link##*/}
			cp -a "$(realpath "$link")" "$M/sys/devices/${address#1}"
			mv "$M/sys/devices/${address#1}" "$M/sys/devices/$copy${link##*/0}"
			ln -s "../../../devices/$copy${link##*/0}" "$M/sys/bus/pci/devices/$copy${link##*/0}"
		done
	done
	report '.devices |= [., map(.address |= "1" + .[1:]), map(.address |= "2" + .[1:])] |
		.devices |= flatten'
	text proxmox
	[ "$(grep -c '^hostpci' "$TEXT")" = 24 ]
	[ "$(grep -c '^hostpci7:' "$TEXT")" = 2 ]
	[ "$(grep -c '^hostpci15:' "$TEXT")" = 1 ]
	grep -q 'for another VM, as one has at most 16' "$TEXT"
}

# The fields of KubeVirt's PermittedHostDevices, and Kubernetes' rules for names of resources.
schema()
{
	text kubevirt
	python3 - "$TEXT" <<-'END'
		import re, sys, yaml

		spec = yaml.safe_load(open(sys.argv[1]))
		assert list(spec) == ["spec"], spec
		assert list(spec["spec"]) == ["configuration"]
		permitted = spec["spec"]["configuration"]["permittedHostDevices"]
		assert list(permitted) == ["pciHostDevices"]
		devices = permitted["pciHostDevices"]
		assert devices
		label = r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"
		for device in devices:
		    assert set(device) == {"pciVendorSelector", "resourceName"}, device
		    assert re.fullmatch(r"[0-9A-F]{4}:[0-9A-F]{4}", device["pciVendorSelector"])
		    domain, name = device["resourceName"].split("/")
		    assert re.fullmatch(rf"{label}(\.{label})+", domain), domain
		    assert "kubernetes.io" not in domain
		    assert len(name) <= 63 and re.fullmatch(r"[A-Za-z0-9]([-_.A-Za-z0-9]*[A-Za-z0-9])?", name), name
		    path = f"/var/lib/kubelet/device-plugins/kubevirt-{domain}-{name}.sock"
		    assert len(path) <= 107, path
		for key in "pciVendorSelector", "resourceName":
		    assert len({d[key] for d in devices}) == len(devices), key
		print(*sorted(d["pciVendorSelector"].lower() for d in devices))
	END
}

permits()
{
	schema
	[ "$(schema)" = "$(jq -r '[.devices[] | select(.result == "claimed") | .id] | unique | join(" ")' \
		"$M/run/earlybind/report.json")" ]
}

@test "kubevirt: fields, names and ids, each once" {
	each permits
}

@test "kubevirt: a name for each id, however cards are called" {
	claim nvidia-twins vfio.gpus=0b:00
	printf '10de  N\n\t1e87  One [~Two~]\n\t10f8  One (two)\n\t1ad8  %0200d\n\t1ad9  \xc3\xa9\n' 7 >"$M/ids"
	"$EARLYBIND" --root "$M" --pci-ids "$M/ids" export --format kubevirt >"$BATS_TEST_TMPDIR/own"
	ask_names() { cat "$BATS_TEST_TMPDIR/own"; }
	[ "$(schema | wc -w)" = 4 ]
	grep -q '"nvidia.com/One_Two_1e87"' "$BATS_TEST_TMPDIR/own"
	grep -q '"nvidia.com/1ad9"' "$BATS_TEST_TMPDIR/own"
}

@test "kubevirt: says which others of the id it would take" {
	claim nvidia-twins vfio.gpus=0b:00
	text kubevirt
	grep -q '0a:00.0 has this id too, but is not on vfio-pci' "$TEXT"
	on 0000:0a:00.0 vfio-pci
	text kubevirt
	grep -q '0a:00.0, also on vfio-pci, has this id too' "$TEXT"
	refute_in "$TEXT" 'Cards of one model'
	claim nvidia-twins vfio.gpus=all
	text kubevirt
	grep -q 'Cards of one model: KubeVirt may assign' "$TEXT"
}

@test "a card that shares its IOMMU group with another says so" {
	machine already-claimed
	text libvirt 01:00
	grep -qF 'in one IOMMU group with 02:00.0, 02:00.1: a group is assigned to one guest as a whole' "$TEXT"
	claim nvidia-twins vfio.gpus=all
	text libvirt
	refute_in "$TEXT" 'IOMMU group'
}

@test "addresses take out cards, and functions" {
	claim nvidia-twins vfio.gpus=all
	text qemu 0b:00
	[ "$(grep -c 'vfio-pci,host=0000:0b:00' "$TEXT")" = 4 ]
	refute_in "$TEXT" 'host=0000:0a'
	text qemu 0000:0a:00 0b:00.0
	[ "$(grep -c 'vfio-pci,host=' "$TEXT")" = 5 ]
	grep -q 'host=0000:0b:00.0,bus=earlybind1,addr=00.0$' "$TEXT"
	claim intel-arc vfio.gpus=03:00,04:00
	text qemu 03:00
	[ "$(grep -c 'vfio-pci,host=' "$TEXT")" = 2 ]
}

@test "functions without function 0: the first becomes it, and that is said" {
	claim nvidia-twins vfio.gpus=0b:00
	text qemu 0b:00.1 0b:00.3
	grep -q 'host=0000:0b:00.1,bus=earlybind0,addr=00.0,multifunction=on ' "$TEXT"
	grep -q 'host=0000:0b:00.3,bus=earlybind0,addr=00.3$' "$TEXT"
	grep -q 'the guest sees function 1 as function 0' "$TEXT"
	grep -q 'not exported of this card: 0b:00.0 graphics 10de:1e87 (vfio-pci), 0b:00.2 USB' "$TEXT"
}

@test "what was lost is left out, said, and status 1" {
	claim nvidia-twins vfio.gpus=all
	on 0000:0b:00.1 snd_hda_intel
	gone 0000:0a:00.3
	run -1 --separate-stderr ask_names export --format qemu
	[ "$(grep -c 'vfio-pci,host=' <<<"$output")" = 6 ]
	[[ $output == *'not exported of this card: 0b:00.1 audio 10de:10f8 (snd_hda_intel)'* ]]
	[[ $stderr == *'0000:0b:00.1 is left out: it is bound to snd_hda_intel, not to vfio-pci'* ]]
	[[ $stderr == *'0000:0a:00.3 is left out: it was present at boot'* ]]
	run -1 --separate-stderr ask_names export --format qemu 0b:00
	[[ $stderr != *0a:00.3* ]]
	run -0 ask_names export --format qemu 0b:00.0
	run -1 ask_names export --format qemu 0a:00.3
	[[ $output == *'0000:0a:00.3 is left out'* ]]
}

@test "an address that was not claimed: what it is, and what to do; nothing is printed" {
	claim seed vfio.gpus=05:00
	run -1 --separate-stderr ask_names export --format qemu 05:00 0b:00
	[ -z "$output" ]
	[[ $stderr == *'0b:00 (AMD Radeon R9 FURY / NANO Series, 1002:7300) is not claimed but bound to no driver; earlybind enable 0b:00 and a reboot claim it'* ]]
	on 0000:0b:00.0 vfio-pci
	run -1 ask_names export --format qemu 0b:00
	[[ $output == *'was not claimed by earlybind: something else bound it to vfio-pci'* ]]
	run -1 ask_names export --format qemu 00:00.0
	[[ $output == *'00:00.0 is not a graphics card but '* ]]
	run -2 ask_names export --format qemu 77:00
	[[ $output == *'there is nothing at 77:00; earlybind list'* ]]
	for wrong in nvidia -05:00 05:00@10de:1187 10de:1187 05:0 ''; do
		run -2 ask_names export --format qemu -- "$wrong"
		[[ $output == *"'$wrong' is not an address; write 05:00"* ]]
	done
	run -2 ask_names export --format qemu vfio.gpus=05:00
	[[ $output == *'export takes the address alone: 05:00'* ]]
}

@test "before there is something to export, what to do" {
	machine seed
	echo quiet >"$M/proc/cmdline"
	run -1 ask_names export --format qemu
	[[ $output == *'has no vfio.gpus='*'earlybind list'* ]]
	echo vfio.gpus=05:00 >"$M/proc/cmdline"
	run -1 ask_names export --format qemu
	[[ $output == *'report.json, which records what was claimed; run earlybind status'* ]]
	claim seed vfio.gpus=05:00
	report '.devices = []'
	run -1 ask_names export --format qemu
	[[ $output == *'nothing was claimed in this boot'* ]]
	claim seed vfio.gpus=05:00
	report '.devices |= map(.result = "planned")'
	on 0000:05:00.0
	on 0000:05:00.1
	run -1 ask_names export --format qemu
	[[ $output == *'this boot was a dry run; remove earlybind.dryrun=1'* ]]
	echo '{' >"$M/run/earlybind/report.json"
	run -2 ask_names export --format qemu
	[[ $output == *'report.json cannot be read: it ends in the middle'* ]]
}

@test "wrong use is named" {
	claim seed vfio.gpus=05:00
	run -2 ask_names export
	[[ $output == *'export needs --format libvirt, qemu, proxmox or kubevirt'* ]]
	run -2 ask_names export --format libvrt
	[[ $output == *"export has no --format 'libvrt', only "*"did you mean 'libvirt'?"* ]]
	run -2 ask_names export --json --format qemu
	[[ $output == *'export has no --json'* ]]
	run -2 bash -c "'$EARLYBIND' --root '$M' export --format qemu >/dev/full"
	[[ $output == *'standard output: No space left on device'* ]]
}
