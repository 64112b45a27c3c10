# SPDX-License-Identifier: GPL-2.0-or-later
# Turns what the guest collected into the one object of facts. Texts come as variables.
def lines: split("\n") | map(select(. != ""));
def rows: lines | map(split(" "));
def known: if . == "-" or . == "(null)" then null else . end;
def hex4: ltrimstr("0x");

{
	release: $release,
	initramfs: $initramfs,
	kernel: ($kernel | rtrimstr("\n")),
	cmdline: ($cmdline | rtrimstr("\n")),
	order: ($order | lines),
	devices: ($devices | rows | map({
		address: .[0],
		class: .[1],
		id: "\(.[2] | hex4):\(.[3] | hex4)",
		driver: (.[4] | known),
		override: (.[5] | known),
		group: (.[6] | known | if . then tonumber else . end)
	})),
	framebuffers: ($framebuffers | rows | map({ device: .[0], driver: (.[1] | known) })),
	report: (if $report == "" then null else $report | fromjson end),
	vfio: ($vfio | rows | map({ address: .[0], region: (.[1] | tonumber), mmap: .[2] })),
	asked: (if $asked == "" then null else $asked end),
	screen: ($screen | gsub(" +"; " ")),
	kernel_log: ($kernel_log | split("\n") | if last == "" then .[:-1] else . end)
}
