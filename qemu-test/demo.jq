# SPDX-License-Identifier: GPL-2.0-or-later
# What qemu-test/demo shows of the facts of the default machine.
def functions: .devices[] | select(.address | test("^0000:00:0[567]"));
def kind: if .class | startswith("0x03") then "display" else "audio  " end;
def named: .address | test("^0000:00:0[56]");
def verdict: ([functions | .driver == (if named then "vfio-pci" else "bochs-drm" end)] | all) and
	(.vfio | length > 0 and all(.mmap == "ok"));

def cards: functions |
	"\(if .driver == "vfio-pci" then "claimed" else "host" end)|" +
	"\(.address)  \(kind)  \(.id)  \(if named then "named    " else "not named" end)" +
	"  ->  \(.driver // "no driver")" +
	(if .driver == "vfio-pci" then "" else "  (the host keeps it)" end);

# "[    4.892351] text" to its time.
def time: capture("^\\[ *(?<t>[0-9.]+)\\]").t | tonumber | . * 100 | round / 100;
def first_line(pattern): first(.kernel_log[] | select(test(pattern))) // null;
def last_line(pattern): last(.kernel_log[] | select(test(pattern))) // null;

def race:
	last_line("earlybind: .*bound to vfio-pci") as $bound |
	first_line("bochs-drm|\\[drm\\]") as $driver |
	"vfio-pci had the named cards   \($bound | if . then "\(time) s after the kernel started" else "never" end)",
	"the first graphics driver came \($driver | if . then "\(time) s (bochs-drm, for the third card)" else "never" end)";

def client:
	([.vfio[] | select(.mmap == "ok")] | length) as $mapped |
	"a VFIO client in the guest mapped \($mapped) of the \(.vfio | length) BARs of the claimed functions",
	(.vfio[] | select(.mmap != "ok") | "\(.address) BAR \(.region): \(.mmap)");

def logged: .kernel_log[] | select(contains("earlybind: "));
