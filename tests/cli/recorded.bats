#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# earlybind diagnose of machines that people asked for help with in public: the problem that the
# thread was about, with what cured it, and nothing else.

load after

setup_file()
{
	after_setup_file
}

# finds NAME CODES [CODE FILTER...]: on the machine NAME diagnose finds these problems beside that
# it has not bound the cards, and of the one of CODE each jq FILTER holds
finds()
{
	local filter

	machine "$1"
	ask diagnose --json
	[ "$(jq -r '[.items[].code | select(. != "not-ours")] | join(" ")' <<<"$output")" = "$2" ] || {
		jq . <<<"$output"
		return 1
	}
	for filter in "${@:4}"; do
		jq -e --arg c "$3" '[.items[] | select(.code == $c)][0] | '"$filter" <<<"$output" || {
			echo "not: $filter"
			jq . <<<"$output"
			return 1
		}
	done
}

@test "BOOTFB in a BAR: only initcall_blacklist=sysfb_init frees it" {
	local needs='(.remedy | contains("boot with initcall_blacklist=sysfb_init"))'

	finds cezanne-bootfb 'cant-reserve display-in-use video-off needless-argument' cant-reserve "$needs" \
		'.evidence[0] | contains("BOOTFB has 0xd0000000-0xd07e8fff")'
	finds cezanne-bootfb 'cant-reserve display-in-use video-off needless-argument' display-in-use "$needs"
	finds gtx1080-bootfb 'cant-reserve display-in-use needless-argument' cant-reserve "$needs"
	jq -e 'any(.items[].evidence[]; contains("video=simplefb:off: does nothing on this kernel"))' <<<"$output"
}

@test "BOOTFB in a BAR, and a kernel on which that argument does nothing" {
	finds talos-simpledrm 'cant-reserve display-in-use video-off needless-argument' cant-reserve \
		'.remedy | contains("has no effect on this kernel: make another card the primary display")' \
		'.remedy | contains("a kernel without SYSFB_SIMPLEFB")'
}

@test "BARs without an address in a virtual machine, which has no firmware setup" {
	finds kata-guest 'bar-unassigned bar-unassigned bar-unassigned' bar-unassigned \
		'.remedy == "add pci=realloc"' '.evidence[0] | contains("BAR 0: no space for")'
}

@test "BARs without an address behind a hot-plug port, which the kernel log alone tells of" {
	finds darp6-egpu 'bar-unassigned bar-unassigned bar-unassigned bar-unassigned' bar-unassigned \
		'.remedy | startswith("add pci=realloc or pci=hpmmiosize=")'
	[ "$(jq -r '[.items[].remedy | select(contains("Above 4G"))] | length' <<<"$output")" = 0 ]
}

@test "BARs without an address on a board, whose device tree has the windows" {
	finds orangepi-3050 'bar-unassigned bar-unassigned' bar-unassigned '.remedy | contains("device tree")' \
		'.remedy | contains("realloc") or contains("Above 4G") | not'
	ask plan vfio.gpus=01:00
	says 1 'in the board'"'"'s device tree [bar-unassigned]'
}

@test "a board that has neither a firmware setup nor an IOMMU for PCI" {
	machine pi5-xe
	ask plan vfio.gpus=all
	says 1 'its device tree and its kernel must let an IOMMU, if it has one, handle PCI [no-iommu]'
	silent SMMU
	silent 'Above 4G'
	ask list
	says 1 'No card can be claimed: this board has no firmware setup'
	echo quiet vfio.gpus=0001:03:00 >"$M/proc/cmdline"
	ask diagnose
	says 1 'Fix: this board has no firmware setup: its device tree'
	silent SMMU
	silent 'Above 4G'
}

@test "memory of the firmware: no guest can open the card" {
	finds b650-ivmd rmrr rmrr '.evidence | length == 2' '.remedy | contains("Pre-boot DMA Protection")'
	finds rmrr-server rmrr rmrr '.evidence | length == 1'
	machine b650-ivmd
	ask plan 01:00
	says 1 'firmware uses memory (RMRR)' '[rmrr]'
}

@test "a card that does not wake up" {
	finds d3cold power-state power-state '.evidence | length == 1' \
		'.remedy | contains("earlybind.power=on") and contains("pcie_aspm=off")'
}

@test "a card that does not wake up, by a policy of ASPM or below its own driver" {
	finds b70-aspm power-state power-state '.evidence | length == 2' \
		'.remedy | contains("pcie_aspm=off in the place of pcie_aspm.policy=")'
	finds d3-resume power-state power-state '.evidence[0] | contains("after resume; giving up")'
}

@test "a card that does not come back from a reset" {
	finds wx7100-reset reset-trouble reset-trouble '.evidence | length == 1' '.remedy | contains("vendor-reset")'
}

@test "a card that a function-level reset does not suit, but a reset of its bus" {
	finds hailo-flr reset-trouble reset-trouble '.text | contains("function-level reset")' \
		'.remedy | contains("echo bus > /sys/bus/pci/devices/0000:01:00.0/reset_method")'
}

@test "a card that has left its bus" {
	finds rtx2080ti-gone 'removed needless-argument' removed '.severity == "error"' '.address == "0000:0a:00.0"' \
		'.remedy | contains("power the machine off") and contains("pcie_aspm=off")'
}

@test "a card that is gone after a reset, and was not asleep" {
	finds renesas-reset power-state power-state '.text | contains("while it was awake")' \
		'.evidence | length == 1' '.remedy | contains("power=on") or contains("aspm") | not'
}

@test "a card that hangs, of which the IOMMU tells without a domain" {
	finds hd7790-iotlb 'reset-trouble needless-argument' reset-trouble '.address == "0000:06:00.0"' \
		'.evidence | length == 1' '.remedy | contains("earlybind.power=on")'
}

@test "a function of the card that a built-in driver has" {
	finds rtx2070-usb 'group-not-viable needless-argument' group-not-viable \
		'.evidence == ["0000:26:00.2 (10de:1ad8): xhci_hcd"]' \
		'.remedy | contains("earlybind enable \u0027vfio.gpus=26:00\u0027")'
	ask plan 26:00
	says 0 'USB 10de:1ad8 xhci_hcd would be claimed'
}

@test "a function that is no card, in a group with others of its slot" {
	finds x58-usb 'group-not-viable no-reset' group-not-viable '.evidence | length == 3' \
		'.remedy | contains("'"'vfio.gpus=00:1d.0,00:1d.1,00:1d.2,00:1d.7 earlybind.nongpu=allow'"'")' \
		'.remedy | contains("slot") or contains("card") | not'
	finds x58-usb 'group-not-viable no-reset' no-reset '.remedy | contains("its bus") | not'
}

@test "a BAR of 8 GiB for which there is no window" {
	finds z97-realloc bar-unassigned bar-unassigned '.remedy | contains("pci=realloc")'
}

@test "no problem: interrupts that are not remapped, where that is allowed" {
	finds kgpe-d16 ''
	[ "$status" = 0 ]
	ask plan 02:00
	says 0
	silent interrupts
}

@test "a ROM that cannot be read" {
	finds rom-unreadable rom-signature rom-signature '.severity == "info"' '.remedy | contains("romfile=")'
	jq -e '[.items[] | select(.code == "not-ours") | .text | endswith("ids of vfio-pci")] == [true, true]' \
		<<<"$output"
}

@test "no problem: VF BARs, I/O ports, and BARs that found room in the end" {
	finds qubes-5070 io-bar io-bar '.severity == "info"'
	[ "$status" = 0 ]
	finds egpu-tb5 ''
	[ "$status" = 0 ]
}
