# SPDX-License-Identifier: GPL-2.0-or-later
# Throws COUNT lines of guest/claims.c by SEED, for the functions FUNCTIONS of which the slots
# SLOTS and the ids IDS may be named. (Park, Miller: minimal standard, 1988.)

function roll(sides) { state = (state * 16807) % 2147483647; return state % sides }

function pick(list,   words, n) { n = split(list, words, " "); return words[1 + roll(n)] }

function item(   text) {
	text = pick("all boot secondary nvidia amd intel none slot slot slot function function id id")
	if (text == "slot") text = pick(slots) (roll(3) ? "" : "@" pick(ids))
	else if (text == "function") { text = pick(functions); if (roll(2)) sub(/^0000:/, "", text) }
	else if (text == "id") text = pick(ids)
	else if (text == "none") return roll(3) ? "all" : text
	return (roll(4) ? "" : "-") text
}

BEGIN {
	state = seed % 2147483646 + 1
	for (i = 0; i < 20; i++) roll(2)
	n = split(functions, list, " ")
	for (number = 1; number <= count; number++) {
		fresh = number == 1 || roll(12) == 0
		line = fresh ? "vfio-pci=unload" : ""
		wedge = !fresh && roll(8) == 0 ? 1 + roll(n) : 0
		for (i = 1; i <= n; i++) {
			how = pick("own own own none none other vfio")
			if (fresh && how == "vfio") how = "own"
			if (i == wedge) how = "stuck"
			line = line " " list[i] "=" how
		}
		line = line "|quiet earlybind.timeout=" (wedge ? 15 : 100)
		if (roll(3) == 0) line = line " earlybind.nongpu=allow"
		if (roll(8) == 0 && !wedge) line = line " earlybind.dryrun=1"
		if (roll(4) == 0) line = line " earlybind.power=on"
		if (roll(4) == 0) line = line " earlybind.fb=release"
		if (roll(4) == 0) line = line " earlybind.on_failure=hold"
		line = line (roll(4) ? " vfio.gpus=" : " rd.vfio.gpus=") item()
		for (i = roll(4); i > 0; i--) line = line "," item()
		print line
	}
}
