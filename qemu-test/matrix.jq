# SPDX-License-Identifier: GPL-2.0-or-later
# The verdict on one boot of the matrix: "passed|failed PREDICTED OBSERVED REASON". PREDICTED is
# "none", "BAR0:blocks", or "BAR0:" and what makes it go; OBSERVED is "ok" or "BAR0:EBUSY".
def card: "0000:00:05.0";
def usb: "0000:00:05.2";
def host: "0000:00:07.0";
def device(a): .devices[] | select(.address == a);
def text(none): if . == [] then none else map("BAR\(.)") | join(",") end;

def conflicts(when): [.report.conflicts[]? | select(.address == card and .when == when)];
def blocking(when): conflicts(when) | map(select(.blocks) | .bar) | unique;
def predicted: conflicts("before")
	| map("\(.bar):\(if .blocks then "blocks" else .remedy end)") | unique | text("none");

def client: [.vfio[] | select(.address == card)];
def refused: client | map(select(.mmap != "ok") | .region) | unique;
def observed: client | map(select(.mmap != "ok") | "\(.region):\(.mmap)") | text("ok");
def unreserved: [.kernel_log[] | select(contains(card) and contains("reserve [mem"))
	| capture("BAR (?<bar>[0-9])").bar | tonumber] | unique;

# Its is the first one, with the console on it, where the firmware's has gone. A vesafb that could
# not reserve its memory stays, and is in nobody's way.
def stays: refused != [] or any(.framebuffers[]; .driver != null);
def framebuffer: (if stays then "[0-9]+" else "0" end) as $number
	| any(.kernel_log[]; contains(host) and test("fb\($number): .*frame buffer device"));

# A framebuffer of the firmware's without its driver, while a BAR is refused: dark for nothing.
def dark: refused != [] and any(.framebuffers[]; .driver == null);
def released: any(.report.findings[]?; .code == "released");
# Of a built kernel: the xhci that a driver has had since before the initramfs.
def early: [.report.devices[]? | select(.address == usb) | .driver_before, .driver_after];

def faults:
	(if device(card).driver != "vfio-pci" then "the card is not on vfio-pci" else empty end),
	(if client == [] or refused == [-1] then
		"the client could not open the card" else empty end),
	(if blocking("before") != refused then "wrongly predicted" else empty end),
	(if blocking("after") != refused then
		"after binding the report says " + (blocking("after") | text("none")) else empty end),
	(if unreserved != refused then
		"the kernel cannot reserve " + (unreserved | text("none")) else empty end),
	(if dark then "the framebuffer's driver was unbound for nothing" else empty end),
	(if released and refused != [] then "the report says that it is released" else empty end),
	(if device(usb) and early != ["xhci_hcd", "vfio-pci"] then
		"the xhci went from " + (early | map(. // "no driver") | join(" to ")) else empty end),
	(if device(host).driver != "bochs-drm" then
		"the host's card has not its driver" else empty end),
	(if framebuffer then empty else "the host's card has no framebuffer and console" end);

[faults] as $faults
| (if $faults == [] then "passed" else "failed" end)
	+ " \(predicted) \(observed) \($faults | join("; "))"
| rtrimstr(" ")
