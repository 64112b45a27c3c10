# SPDX-License-Identifier: GPL-2.0-or-later
# Words for what tests ask of facts; "05.0" is short for 0000:00:05.0.
def address(short): if short | contains(":") then "0000:" + short
	else "0000:00:" + short end;
def device(a): address(a) as $a | .devices[] | select(.address == $a);
def driver(a): device(a).driver;
def override(a): device(a).override;
def entry(a): address(a) as $a | .report.devices[] | select(.address == $a);
def mapped(a): address(a) as $a | [.vfio[] | select(.address == $a) | .mmap];
def logged(text): any(.kernel_log[]; contains("earlybind: ") and contains(text));
def first(pattern): .order | map(test(pattern)) | index(true);
def before(pattern): first("(^|[/-])earlybind[.a-z]*$") < first(pattern);
def before_udev: before("/udev$|^systemd-udevd");
def found(severity; text): any(.report.findings[]?;
	.severity == severity and (.text | contains(text)));

# Of the boots of a journey: what commands said, and what the boot loader would pass on.
def said(text): [.commands[] | select(.command == text)][-1];
def all_ended: .commands | length > 0 and all(.status == 0);
def digit: if . > 96 then . - 87 else . - 48 end;
def number: reduce (ascii_downcase | explode[]) as $d (0; . * 16 + ($d | digit));
# On its standard error a QEMU may only say what a finding had foretold, or earlybind(8) of the ROM
# of the console's card: the kernel gives the firmware's copy, of which UEFI leaves none
# (drivers/pci/rom.c, IORESOURCE_ROM_SHADOW).
def foretold: . as $facts | [.commands[] | select(.command | startswith("qemu_guest "))][-1].stderr
	| split("\n") | all(.[]; . as $line | . == "" or any($facts.report.findings[]?;
		.address as $address | ($address[:10] as $slot | .code == "no-reset"
			and ($line | contains("Cannot reset device \($slot).")))
		or (.code == "boot-display" and ($line
			| endswith("Cannot read device rom at \($address)")
			or startswith("Device option ROM contents are") or startswith("Skip option ROM")))));
def guest_has(a; b): foretold and ([.commands[] | select(.command | startswith("qemu_guest "))][-1]
	| [.stdout | split("\n")[] | fromjson? | .return | arrays
		| .[].devices[]? | recurse(.pci_bridge.devices[]?) | [.id.vendor, .id.device]]
	| contains([a, b | split(":") | map(number)]));
def shown: said("earlybind show --json").stdout | fromjson;
def shows(text): shown | .enabled == text and .boot_loader == text and .running == text
	and .finished and .to_do == null;
def claimed(list): . as $facts | all(list[]; . as $a | $facts | [driver($a)] == ["vfio-pci"]
	and [entry($a) | .result, .driver_before] == ["claimed", null]
	and (mapped($a) | length > 0 and all(. == "ok")));
def line(text): .kernel_log | map(contains(text)) | index(true) // infinite;
def claimed_early: line(": bound to vfio-pci") < line("Initialized bochs-drm")
	and line("Initialized bochs-drm") < infinite;
def nothing_claimed: all(.devices[]; .driver != "vfio-pci" and .override == null) and .vfio == [];
def ours: [scan("(?:rd\\.)?(?:vfio\\.gpus|earlybind\\.[a-z_]+)=[^ ]*")];
def in_recovery: test("(^| )single( |$)");
def entries_have(text): any(.entries[]; in_recovery | not)
	and all(.entries[]; ours == (if in_recovery or text == null then [] else [text] end));
