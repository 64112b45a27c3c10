# SPDX-License-Identifier: GPL-2.0-or-later
# Says what each claim of qemu-test/claims should have come to, from vfio.gpus(7) alone, and
# compares. Reads lines "WORD ...", made of what guest/claims.c printed; of the report there is
# "device ADDRESS RESULT" for each device. Prints what is wrong, then "N passed, N failed".

function fail(text) { bad = bad "  " text "\n" }

function display(f) { return substr(class[f], 3, 2) == "03" }

# Whole cards: the functions of a slot.
function slot(f) { return substr(f, 1, 10) }

function shows(s,   f) {
	for (f in class)
		if (slot(f) == s && display(f))
			return 1
	return 0
}

function guarded(s, guard,   f) {
	for (f in class)
		if (slot(f) == s && display(f) && id[f] == guard)
			return 1
	return guard == ""
}

# Does ITEM, without its sign and guard, name function F itself?
function names(item, f) {
	if (item == "all") return display(f)
	if (item == "boot") return boot[f] == "1"
	if (item == "secondary") return display(f) && slot(f) != bootslot
	if (item == "nvidia") return display(f) && id[f] ~ /^10de:/
	if (item == "amd") return display(f) && id[f] ~ /^1002:/
	if (item == "intel") return display(f) && id[f] ~ /^8086:/
	if (item ~ /^....:....$/)
		return id[f] == item && (display(f) || (nongpu && !shows(slot(f))))
	if (item !~ /^[0-9a-f]+:..:/) item = "0000:" item
	if (item ~ /\.[0-7]$/) return f == item
	return slot(f) == item
}

# What the list chooses, from left to right.
function choose(list,   n, i, item, items, sign, guard, f, s, touched, one) {
	split("", chosen)
	n = split(list, items, ",")
	for (i = 1; i <= n; i++) {
		item = items[i]
		if (item == "none") { split("", chosen); continue }
		sign = sub(/^-/, "", item)
		guard = ""
		if (item ~ /@/) { guard = item; sub(/.*@/, "", guard); sub(/@.*/, "", item) }
		one = item ~ /\.[0-7]$/
		split("", touched)
		for (f in class)
			if (names(item, f))
				touched[one ? f : slot(f)] = 1
		for (f in class) {
			s = one ? f : slot(f)
			if (!(s in touched)) continue
			if (sign) delete chosen[f]
			else if (guarded(slot(f), guard)) chosen[f] = 1
		}
	}
}

# Behind one that is stuck, the functions after it in its slot are not waited for either, where
# reading driver_override takes the device's lock. Where it does not, they may be claimed, or
# refused for another tool's override.
function waits(f,   g) {
	if (driver[f] != "stuck" && (f in result) && (result[f] == "claimed" ||
	    (result[f] == "refused" && override[f] != "(null)" && override[f] != "vfio-pci")))
		return 0
	for (g in class)
		if (driver[g] == "stuck" && (g in chosen) && slot(g) == slot(f) && g <= f)
			return 1
	return 0
}

function judge(   f, want, now, list, planned) {
	if (number == 0)
		return
	list = cmdline
	sub(/.*vfio\.gpus=/, "", list)
	sub(/ .*/, "", list)
	nongpu = cmdline ~ /earlybind\.nongpu=allow/
	choose(list)
	if (status != "0") fail("exit status " status)
	for (f in class) {
		want = driver[f] " " override[f]
		planned = (f in chosen) && group[f] != "-" && (nongpu || shows(slot(f))) &&
			(override[f] == "(null)" || override[f] == "vfio-pci" || waits(f))
		if (planned && cmdline !~ /dryrun=1/ && !waits(f))
			want = "vfio-pci " (driver[f] == "vfio-pci" ? override[f] : "vfio-pci")
		if (after[f] != want) fail(f " is on " after[f] ", not " want)
		now = (f in result) ? result[f] : "-"
		if (!(f in chosen)) want = "-"
		else if (!planned) want = "refused"
		else if (waits(f)) { want = "timeout"; timeouts++ }
		else want = cmdline ~ /dryrun=1/ && driver[f] != "vfio-pci" ? "planned" : "claimed"
		if (now != want) fail(f " is reported as " now ", not " want)
		claimed += now == "claimed"
	}
	if (bad == "") passed++
	else { failed++; printf "%d: %s\n%s", number, cmdline, bad }
}

function begin() { bad = ""; status = "-"; split("", result); split("", after) }

$1 == "function" {
	class[$2] = $3; id[$2] = $4; group[$2] = $5; boot[$2] = $6
	if ($6 == "1") bootslot = slot($2)
}
$1 == "begin" { judge(); begin(); number = $2; cmdline = $0; sub(/^begin [0-9]+ /, "", cmdline) }
$1 == "before" { driver[$2] = $3; override[$2] = $4 }
$1 == "after" { after[$2] = $3 " " $4 }
$1 == "status" { status = $2 }
$1 == "device" { result[$2] = $3 }
$1 == "end" { judge(); ended = $2; number = 0 }
END {
	if (ended != wanted) { failed++; printf "%d claims of %d\n", ended, wanted }
	printf "claims: %d functions claimed, %d given up\n", claimed, timeouts
	printf "claims: %d passed, %d failed, 0 skipped\n", passed, failed
	exit failed > 0 || passed == 0 || claimed == 0
}
