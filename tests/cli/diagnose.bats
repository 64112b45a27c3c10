#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# earlybind diagnose: what it finds, the evidence, what is to be changed, and what it did not
# look at.

load after

setup_file()
{
	after_setup_file
}

setup()
{
	machine already-claimed
	quiet_report
	grep -v BOOTFB "$M/proc/iomem" >"$M/iomem"
	mv "$M/iomem" "$M/proc/iomem"
	: >"$M/dev/kmsg"
	for function in 0000:01:00.0 0000:01:00.1 0000:02:00.0 0000:02:00.1; do
		rm -f "$(device "$function")"/reset*
		: >"$(device "$function")/reset"
	done
	image earlybind udev
	put etc/default/grub 'GRUB_CMDLINE_LINUX_DEFAULT="quiet vfio.gpus=nvidia earlybind.fb=release"'
	put boot/grub/grub.cfg 'menuentry x {' '	linux	/boot/vmlinuz ro vfio.gpus=nvidia earlybind.fb=release'
}

# put PATH LINE...: a file of the machine
put()
{
	mkdir -p "$M/$(dirname "$1")"
	printf '%s\n' "${@:2}" >"$M/$1"
}

# image SCRIPT...: an initramfs that has all, and runs its first scripts in this order
image()
{
	local image=boot/initrd.img-5.15.158-2-pve script

	put $image.files usr/lib/earlybind/earlybind-agent scripts/init-top/earlybind \
		scripts/init-top/ORDER usr/lib/modules/5/kernel/drivers/vfio/pci/vfio-pci.ko \
		usr/lib/modules/5/updates/earlybind/vfio_iommu_type1.ko
	for script; do
		printf '/scripts/init-top/%s "$@"\n' "$script"
		echo '[ -e /conf/param.conf ] && . /conf/param.conf'
	done >"$M/$image.order"
}

# dracut_image [shell]: an initramfs that dracut has made and that has all, with systemd or not
dracut_image()
{
	local image=boot/initrd.img-5.15.158-2-pve

	rm -f "$M/$image".*
	put $image.files usr/lib/dracut/build-parameter.txt usr/lib/earlybind/earlybind-agent \
		usr/lib/modules/5/updates/earlybind/vfio-pci.ko \
		usr/lib/modules/5/updates/earlybind/vfio_iommu_type1.ko
	if [ "${1:-}" = shell ]; then
		printf 'var/lib/dracut/hooks/cmdline/%s.sh\n' 00-earlybind 01-parse-kernel 10-parse-root-opts \
			>>"$M/$image.files"
		return
	fi
	printf 'usr/lib/systemd/system/%s\n' earlybind.service sysinit.target.wants/earlybind.service \
		>>"$M/$image.files"
	cp "$BATS_TEST_DIRNAME/../../dracut/50earlybind/earlybind.service" "$M/$image.order"
}

# without TEXT: the image's files but those that have it
without()
{
	sed -i "\|$1|d" "$M"/boot/initrd.img-*.files
}

# item CODE SEVERITY ADDRESS FILTER...: diagnose --json has one such item, of which each jq
# FILTER holds; the status is that of its weight
item()
{
	local want=1 filter

	[ "$2" != info ] || want=0
	ask diagnose --json
	[ "$status" = "$want" ] || {
		echo "status $status, expected $want: $output"
		return 1
	}
	for filter in true "${@:4}"; do
		jq -e --arg c "$1" --arg s "$2" --arg a "$3" '[.items[] | select(.code == $c and
			.severity == $s and (.address // "") == $a and .text != "" and
			.remedy != null)] | length == 1 and (.[0] | '"$filter"')' \
			<<<"$output" >/dev/null || {
			echo "no $*, or not: $filter"
			jq . <<<"$output"
			return 1
		}
	done
}

# no_item CODE: the last output has no such item
no_item()
{
	jq -e --arg c "$1" 'all(.items[]; .code != $c)' <<<"$output"
}

# not_checked WHAT WHY: it says so, and not that it was checked
not_checked()
{
	ask diagnose --json
	jq -e --arg w "$1" --arg y "$2" '(.checked | index($w) == null) and
		any(.not_checked[]; .what == $w and (.why | contains($y)))' <<<"$output" || {
		jq . <<<"$output"
		return 1
	}
}

@test "a machine in order: nothing, and all was looked at" {
	ask diagnose
	says 0 'No problems found in: report, devices, bars, kernel-log, displays, iommu, groups, reset, power, image, image-order, next-boot, leftovers.'
	ask diagnose --json
	[ "$status" = 0 ]
	[ "$(jq -c '[.schema, .items, .not_checked]' <<<"$output")" = '[1,[],[]]' ]
	[ "$(jq -r '.checked | sort | join(" ")' <<<"$output")" = \
		'bars devices displays groups image image-order iommu kernel-log leftovers next-boot power report reset' ]
}

# said FILE OPTION...: add what diagnose says, and its status
said()
{
	ask diagnose "${@:2}"
	{
		echo "$output"
		echo "status $status"
	} >>"$1"
}

@test "diagnose is as expected" {
	local out=$BATS_TEST_TMPDIR/out

	for name in already-claimed seed no-iommu; do
		machine "$name"
		rm -f "$out"
		said "$out"
		[ "$name" != already-claimed ] || trouble "$out"
		expect "$name.diagnose" <"$out"
	done
}

trouble()
{
	setup
	on 0000:02:00.0 nvidia
	gone 0000:02:00.1
	log "vfio-pci 0000:01:00.0: BAR 3: can't reserve [mem 0xc0000000-0xc1ffffff 64bit pref]"
	log 'vfio-pci 0000:01:00.0: not ready 65535ms after bus reset; giving up'
	without vfio_iommu_type1
	put etc/default/grub 'GRUB_CMDLINE_LINUX="vfio.gpus=01:00"'
	{
		echo
		echo '# Nobody on a BAR any more; but one was lost and one removed, a guest met trouble,'
		echo '# the image is not whole, and the configuration was changed:'
	} >>"$1"
	said "$1"
	said "$1" --json
}

@test "the most severe come first" {
	machine already-claimed
	rm -f "$(device 0000:01:00.0)"/reset*
	ask diagnose --json
	jq -e '[.items[].severity] | . == (map(select(. == "error")) +
		map(select(. == "warning")) + map(select(. == "info"))) and
		(unique | length == 3)' <<<"$output"
}

@test "lost: another driver has it, and the way back" {
	on 0000:01:00.0 nouveau
	item lost error 0000:01:00.0 '.text | contains("is now bound to nouveau")' \
		'.evidence[0] == "its driver: nouveau; its driver_override: none"' \
		'.remedy | contains("/sys/bus/pci/drivers/nouveau/unbind")'
	on 0000:01:00.0
	echo vfio-pci >"$(device 0000:01:00.0)/driver_override"
	item lost error 0000:01:00.0 '.evidence[0] | endswith("driver_override: vfio-pci")' \
		'.remedy | contains("unbind") | not'
}

@test "removed: it is not there, or another one is" {
	gone 0000:02:00.0
	item removed error 0000:02:00.0 '.remedy | contains("/sys/bus/pci/rescan")' \
		'.evidence == ["there is no /sys/bus/pci/devices/0000:02:00.0"]'
	echo 0x1b81 >"$(device 0000:01:00.0)/device"
	item removed error 0000:01:00.0 \
		'.evidence == ["it was 10de:1b80 at boot, and is 10de:1b81 now"]'
}

@test "not-claimed and claimed-since, with what the report said" {
	report '.devices[0] += {result: "failed", reason: "binding: EINVAL"}'
	item claimed-since info 0000:01:00.0
	report '.findings = [{code: "bind-failed", severity: "error", address: "0000:01:00.0", text: "x"}]'
	item claimed-since info 0000:01:00.0 '.evidence == ["report: x"]'
	on 0000:01:00.0 nouveau
	item bind-failed error 0000:01:00.0 '.text == "x"' '.remedy | contains("EINVAL")'
	no_item not-claimed
	report '.findings = []'
	item not-claimed error 0000:01:00.0 '.text | contains("failed, binding: EINVAL")'
}

@test "a group that is not viable now" {
	group=$M/sys/kernel/iommu_groups/1/devices
	other=$(realpath "$(device 0000:00:14.0)")
	ln -sfn ../../../kernel/iommu_groups/1 "$other/iommu_group"
	ln -s "../../../../devices/pci0000:00/0000:00:14.0" "$group/0000:00:14.0"
	item group-not-viable error 0000:01:00.0 \
		'.evidence == ["0000:00:14.0 (8086:a36d): xhci_hcd"]'
	on 0000:00:14.0
	item group-held warning 0000:01:00.0 '.evidence == ["0000:00:14.0 (8086:a36d): no driver yet"]'
	on 0000:00:14.0 vfio-pci
	ask diagnose
	says 0 'No problems found in: '
}

@test "a guest that was refused a BAR, and who holds it" {
	line="vfio-pci 0000:01:00.0: BAR 3: can't reserve [mem 0xc0000000-0xc1ffffff 64bit pref]"
	log "$line"
	log "vfio-pci 0000:01:00.0: BAR 1: can't reserve [mem 0xb0000000-0xbfffffff 64bit pref]"
	ask diagnose --json
	jq -e '[.items[] | select(.code == "cant-reserve") | .text | contains("nobody holds it now")]
		== [true, true]' <<<"$output"
	: >"$M/dev/kmsg"
	log "$line"
	sed -i 's/^ *c0000000-c1ffffff : 0000:01:00.0/&\n      c1000000-c17e8fff : efifb/' "$M/proc/iomem"
	item cant-reserve error 0000:01:00.0 '.text | contains("efifb holds BAR 3")' \
		'.evidence[0] | contains("efifb has 0xc1000000-0xc17e8fff, BAR 3 is 0xc0000000-0xc1ffffff")' \
		".evidence[1] == \"kernel log: $line\""
	: >"$M/dev/kmsg"
	item bar-held warning 0000:01:00.0 '.evidence | length == 1' '.remedy != null'
	put proc/cmdline 'vfio.gpus=nvidia'
	item bar-held warning 0000:01:00.0 '.remedy == "add earlybind.fb=release"'
	sed -i 's/efifb/BOOTFB/' "$M/proc/iomem"
	put proc/cmdline 'vfio.gpus=nvidia video=efifb:off'
	item bar-held warning 0000:01:00.0 '.remedy | contains("initcall_blacklist=sysfb_init")'
	jq -e 'any(.items[]; .code == "video-off" and .address == "0000:01:00.0")' <<<"$output"
}

@test "a guest that was refused a BAR once, and has it now" {
	log "vfio-pci 0000:01:00.0: BAR 3: can't reserve [mem 0xc0000000-0xc1ffffff 64bit pref]"
	item cant-reserve error 0000:01:00.0 '.text | contains("nobody holds it now")'
	sed -i 's/^ *c0000000-c1ffffff : 0000:01:00.0/&\n      c0000000-c1ffffff : vfio-pci/' "$M/proc/iomem"
	item cant-reserve info 0000:01:00.0 '.text | contains("a guest has it now")' '.remedy | startswith("nothing")'
}

@test "addresses that are hidden are not well, and the report's own word then counts" {
	log "vfio-pci 0000:01:00.0: BAR 3: can't reserve [mem 0xc0000000-0xc1ffffff 64bit pref]"
	report '.findings = [{code: "bar-held", severity: "warning", address: "0000:01:00.0", text: "x"}] |
		.conflicts = [{address: "0000:01:00.0", bar: 3, range: "0x1-0x2", owner: "BOOTFB",
		when: "after", blocks: true, remedy: "no-sysfb"}]'
	sed -i 's/[0-9a-f]*-[0-9a-f]* :/00000000-00000000 :/' "$M/proc/iomem"
	item cant-reserve error 0000:01:00.0 '.remedy | contains("root")'
	item bar-held warning 0000:01:00.0 \
		'.evidence == ["report: after binding, BOOTFB has 0x1-0x2 in BAR 3"]' \
		'.remedy | contains("initcall_blacklist=sysfb_init")'
	not_checked bars 'run diagnose as root'
}

@test "a BAR without an address, with the line that tells why" {
	log 'pci 0000:01:00.0: BAR 1: no space for [mem size 0x10000000 64bit pref]'
	resource=$(realpath "$(device 0000:01:00.0)")/resource
	sed -i '2s/.*/0x0000000000000000 0x000000000fffffff 0x000000002014220c/' "$resource"
	item bar-unassigned warning 0000:01:00.0 '.evidence[0] | contains("no space for")' \
		'.remedy | contains("Above 4G")'
}

@test "what the kernel log says since boot" {
	log 'vfio-pci 0000:02:00.0: Unable to change power state from D3cold to D0, device inaccessible'
	item power-state warning 0000:02:00.0 '.remedy | contains("earlybind.power=on") and contains("pcie_aspm=off")' \
		'.evidence | length == 1'
	log 'vfio-pci 0000:02:00.1: not ready 65535ms after FLR; giving up'
	item reset-trouble warning 0000:02:00.1 '.evidence[0] | endswith("giving up")'
	: >"$M/dev/kmsg"
	log 'vfio-pci: probe of 0000:02:00.0 failed with error -22'
	log 'e1000e 0000:00:1f.6: not ready 65535ms after FLR; giving up'
	log 'nvidia 0000:02:00.0: probe with driver nvidia failed with error -22'
	log 'vfio-pci 0000:02:00.0: Refused to change power state from D0 to D3hot'
	log 'vfio-pci 0000:02:00.0: not ready 1023ms after bus reset; waiting'
	log 'pci 0000:02:00.0: VF BAR 0 [mem size 0x02000000 64bit pref]: failed to assign'
	log "vfio-pci 0000:02:00.0: VF BAR 0: can't reserve [mem size 0x02000000]"
	ask diagnose
	says 0 'No problems found in: '
	# Linux 7.2, at each open.
	log "vfio-pci 0000:02:00.0: BAR 5: can't reserve [io  0xe000-0xe07f]"
	log "vfio-pci 0000:02:00.0: BAR 5: can't reserve [io  0xe000-0xe07f]"
	item io-bar info 0000:02:00.0 '.evidence | length == 1' '.text | contains("I/O ports")'
	: >"$M/dev/kmsg"
	# What is no trouble does not hide what is.
	log 'vfio-pci 0000:02:00.0: Refused to change power state, currently in D0'
	log 'vfio-pci 0000:02:00.1: refused to change power state from D0 to D3hot'
	ask diagnose
	says 0 'No problems found in: '
	log 'vfio-pci 0000:02:00.1: Unable to change power state from D3cold to D0, device inaccessible'
	item power-state warning 0000:02:00.1 '.evidence | length == 1' '.evidence[0] | endswith("inaccessible")'
	log 'vfio-pci 0000:02:00.0: Unable to change power state from D0 to D3hot, device inaccessible'
	item power-state warning 0000:02:00.0
	: >"$M/dev/kmsg"
	log 'nvidia 0000:02:00.0: not ready 65535ms after resume; giving up'
	item power-state warning 0000:02:00.0
	no_item reset-trouble
	: >"$M/dev/kmsg"
	log 'vfio-pci 0000:02:00.0: vfio_bar_restore: reset recovery - restoring BARs'
	item reset-trouble warning 0000:02:00.0 '.text | contains("vfio-pci restored them")' \
		'.remedy | startswith("nothing, if the guest can use it; else power")'
	# It hides no failure, before it or after.
	log 'vfio-pci 0000:02:00.0: not ready 65535ms after bus reset; giving up'
	item reset-trouble warning 0000:02:00.0 '.text | contains("did not recover")' '.evidence | length == 2' \
		'.remedy | startswith("power")'
	: >"$M/dev/kmsg"
	# vendor-reset has a reset for some of AMD's cards, if it is not there already.
	log 'vfio-pci 0000:02:00.0: not ready 65535ms after bus reset; giving up'
	item reset-trouble warning 0000:02:00.0 '.remedy | contains("vendor-reset") | not'
	echo 0x1002 >"$(device 0000:02:00.0)/vendor"
	echo 0x67df >"$(device 0000:02:00.0)/device"
	report '.devices[2].id = "1002:67df"'
	item reset-trouble warning 0000:02:00.0 '.remedy | contains("vendor-reset")'
	echo 'device_specific bus' >"$(device 0000:02:00.0)/reset_method"
	item reset-trouble warning 0000:02:00.0 '.remedy | contains("vendor-reset") | not'
	rm "$(device 0000:02:00.0)/reset_method"
	echo 0x10de >"$(device 0000:02:00.0)/vendor"
	echo 0x1b80 >"$(device 0000:02:00.0)/device"
	report '.devices[2].id = "10de:1b80"'
	: >"$M/dev/kmsg"
	log 'amdgpu: probe of 0000:02:00.0 failed with error -22'
	log 'vfio-pci: probe of 0000:02:00.0 failed with error -22'
	on 0000:02:00.0 nouveau
	report '.devices[2] += {result: "failed", reason: "x"}'
	item probe-failed error 0000:02:00.0 '.evidence[0] | endswith("error -22")' \
		'.text | contains("no IOMMU group")'
	rm "$M/dev/kmsg"
	not_checked kernel-log '/dev/kmsg cannot be read: No such file'
}

@test "displays of the host on a claimed card" {
	mkdir -p "$(device 0000:01:00.0)/drm/card1" "$(device 0000:01:00.0)/graphics/fb0"
	item display-in-use warning 0000:01:00.0 \
		'.evidence == ["/sys/bus/pci/devices/0000:01:00.0/graphics/fb0 exists",
		"/sys/bus/pci/devices/0000:01:00.0/drm/card1 exists"]' \
		'.remedy | contains("has not helped")'
	put proc/cmdline vfio.gpus=nvidia
	item display-in-use warning 0000:01:00.0 '.remedy | contains("add earlybind.fb=release")'
}

@test "the firmware's framebuffer and its consoles" {
	fb=$M/sys/devices/platform/efi-framebuffer.0
	mkdir -p "$fb" "$M/sys/bus/platform/devices" "$M/sys/class/vtconsole/vtcon1"
	ln -sfn ../../../devices/platform/efi-framebuffer.0 "$M/sys/bus/platform/devices/efi-framebuffer.0"
	ln -s ../../../bus/platform/drivers/efi-framebuffer "$fb/driver"
	put sys/class/vtconsole/vtcon1/name '(M) frame buffer device'
	put sys/class/vtconsole/vtcon1/bind 1
	item display-in-use warning 0000:01:00.0 '.evidence | length == 2' \
		'.evidence[0] | contains("efi-framebuffer.0, driver efi-framebuffer")' \
		'.evidence[1] | contains("vtcon1")'
	put sys/class/vtconsole/vtcon1/bind 0
	item display-in-use warning 0000:01:00.0 '.evidence | length == 1'
	rm "$fb/driver"
	ask diagnose
	says 0 'No problems found in: '
}

@test "functions without a reset, one item for a card" {
	rm "$(device 0000:02:00.0)/reset" "$(device 0000:02:00.1)/reset"
	item no-reset info 0000:02:00.0 '.evidence | length == 2'
}

@test "the IOMMU is off, and the argument for this CPU" {
	rm -r "$M"/sys/kernel/iommu_groups/* "$M"/sys/bus/pci/devices/*/iommu_group "$M"/sys/class/iommu
	put proc/cmdline 'vfio.gpus=nvidia earlybind.fb=release'
	item no-iommu error '' '.evidence == ["/sys/kernel/iommu_groups is empty"]' \
		'.remedy | contains("intel_iommu=on")'
	put proc/cpuinfo 'vendor_id	: AuthenticAMD'
	item no-iommu error '' '.remedy | contains("intel_iommu") | not'
}

@test "vfio-pci.ids= beside takes another card" {
	put proc/cmdline 'vfio.gpus=nvidia earlybind.fb=release vfio-pci.ids=10de:1b80'
	report '.devices |= .[0:2]'
	on 0000:02:00.0 nouveau
	item ids-take-more warning 0000:02:00.0 '.remedy | contains("vfio-pci.ids=")'
}

@test "no report: what the agent said, and what it would have found" {
	rm "$M/run/earlybind/report.json"
	log 'earlybind: cannot write the report'
	item no-report error '' '.evidence[1:] == ["kernel log: earlybind: cannot write the report"]' \
		'.remedy | contains("update-initramfs -u")'
	not_checked devices 'no report'
	# What is on vfio-pci all the same is looked at as it is now, what is not as it will be.
	cp "$M/proc/iomem" "$M/iomem"
	sed -i 's/^ *c0000000-c1ffffff : 0000:01:00.0/&\n      c0000000-c07e8fff : BOOTFB/' "$M/proc/iomem"
	log 'vfio-pci 0000:02:00.0: Unable to change power state from D3cold to D0, device inaccessible'
	log "vfio-pci 0000:01:00.0: BAR 3: can't reserve [mem 0xc0000000-0xc1ffffff 64bit pref]"
	item power-state warning 0000:02:00.0
	item cant-reserve error 0000:01:00.0 '.text | contains("BOOTFB holds BAR 3")'
	no_item bar-held
	on 0000:01:00.0
	ask diagnose --json
	no_item cant-reserve
	on 0000:01:00.0 vfio-pci
	mv "$M/iomem" "$M/proc/iomem"
	: >"$M/dev/kmsg"
	put proc/cmdline 'vfio.gpus=0f:00'
	item no-match error ''
	put proc/cmdline quiet
	put boot/grub/grub.cfg '	linux /vmlinuz'
	put etc/default/grub
	for f in 0000:01:00.0 0000:01:00.1 0000:02:00.0 0000:02:00.1 0000:03:00.0; do
		on $f
	done
	ask diagnose
	says 0 'No problems found in: image, image-order, next-boot, leftovers.' 'Not checked: report' \
		'Not checked: devices, bars, kernel-log, displays, iommu, groups, reset: there is no report'
}

@test "a report that cannot be read" {
	echo '{' >"$M/run/earlybind/report.json"
	item bad-report error '' '.evidence[0] | endswith("report.json: it ends in the middle")'
	not_checked devices 'cannot be read'
}

@test "the image has no agent, or not all of it" {
	without earlybind-agent
	item image-no-agent error '' '.evidence == ["no usr/lib/earlybind/earlybind-agent in it"]'
	without init-top/earlybind
	item image-no-agent error '' '.evidence | length == 2'
	rm "$M"/boot/*.files
	not_checked image 'captured machine'
}

@test "the image has no vfio modules, or only packed ones" {
	without vfio-pci
	item image-no-vfio error '' '.text | contains("has no vfio-pci")'
	echo lib/modules/5/kernel/vfio-pci.ko.xz >>"$M"/boot/initrd.img-5.15.158-2-pve.files
	item image-no-vfio error '' '.text | contains("only a compressed")' '.remedy | contains("xz-utils")' \
		'.evidence[1] == "/sys/module/compression: not there"'
	put sys/module/compression zstd
	item image-no-vfio error '' '.evidence[1] == "/sys/module/compression: zstd"'
	put sys/module/compression xz
	ask diagnose
	says 0 'No problems found in: '
	rm "$M/sys/module/compression"
	put lib/modules/5.15.158-2-pve/modules.builtin kernel/drivers/vfio/pci/vfio-pci.ko
	ask diagnose
	says 0 'No problems found in: '
	without vfio_iommu_type1
	item image-no-vfio error '' '.text | contains("has no vfio_iommu_type1")'
}

@test "the image runs earlybind after udev, or not at all" {
	image plymouth udev earlybind
	item image-order error '' \
		'.evidence == ["scripts/init-top/ORDER: udev is number 2, earlybind 3"]'
	image udev
	item image-order error '' '.text | contains("does not run it")'
	rm "$M"/boot/*.order
	not_checked image-order 'could not be read'
}

@test "an image of dracut that has all, with systemd and without" {
	for kind in systemd shell; do
		dracut_image $kind
		ask diagnose
		says 0 'No problems found in: '
		ask diagnose --json
		jq -e '.checked | contains(["image", "image-order"])' <<<"$output"
	done
}

@test "dracut's image has no agent, or nothing that runs it" {
	for kind in systemd shell; do
		dracut_image $kind
		without earlybind-agent
		item image-no-agent error '' '.evidence == ["no usr/lib/earlybind/earlybind-agent in it"]' \
			'.remedy | contains("dracut --force") and contains("omit_dracutmodules")'
		without 'earlybind\.s'
		item image-no-agent error '' '.evidence[1] | contains("neither earlybind.service")'
	done
}

@test "dracut's image has no vfio modules, or only packed ones" {
	dracut_image
	without vfio-pci
	item image-no-vfio error '' '.remedy | contains("dracut --force")'
	echo usr/lib/modules/5/kernel/vfio-pci.ko.xz >>"$M"/boot/initrd.img-5.15.158-2-pve.files
	item image-no-vfio error '' '.text | contains("only a compressed")' \
		'.remedy | contains("xz-utils") and contains("dracut --force")'
}

@test "dracut's image need not run earlybind before what loads drivers" {
	dracut_image
	without sysinit.target.wants
	item image-order error '' '.text | contains("does not run it")'
	dracut_image
	sed -i 's/systemd-modules-load.service//' "$M"/boot/*.order
	item image-order error '' \
		'.evidence == ["earlybind.service has no Before=systemd-modules-load.service"]'
	sed -i '/^Before=/d' "$M"/boot/*.order
	item image-order error '' '.evidence == ["earlybind.service has no Before=systemd-udevd.service"]'
	dracut_image shell
	sed -i s/00-earlybind/05-earlybind/ "$M"/boot/*.files
	item image-order error '' \
		'.evidence == ["hooks/cmdline: 01-parse-kernel.sh comes before 05-earlybind.sh"]'
}

@test "dracut's image whose order or contents cannot be seen" {
	dracut_image
	rm "$M"/boot/*.order
	not_checked image-order 'earlybind.service'
	put boot/initrd.img-5.15.158-2-pve.files usr/lib/dracut/build-parameter.txt squashfs-root.img
	not_checked image 'unsquashfs'
}

@test "grub: what was changed and not applied, and what the next boot will have" {
	put etc/default/grub 'GRUB_CMDLINE_LINUX="vfio.gpus=01:00"'
	item not-applied warning '' '.evidence == ["/etc/default/grub: vfio.gpus=01:00",
		"/boot/grub/grub.cfg:2: vfio.gpus=nvidia earlybind.fb=release"]' \
		'.remedy == "run update-grub, then reboot"'
	no_item next-boot
	put boot/grub/grub.cfg '	linux /vmlinuz ro vfio.gpus=01:00'
	item next-boot warning '' '.evidence == [
		"/proc/cmdline: vfio.gpus=nvidia earlybind.fb=release",
		"/boot/grub/grub.cfg:1: vfio.gpus=01:00"]' '.remedy | startswith("if this is intended, reboot")'
	no_item not-applied
	put etc/default/grub.d/vfio.cfg 'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX earlybind.power=on"'
	item not-applied warning '' '.evidence[0] ==
		"/etc/default/grub and grub.d: vfio.gpus=01:00 earlybind.power=on"'
	rm "$M/boot/grub/grub.cfg"
	item next-boot warning '' '.remedy | contains("run update-grub and reboot")'
	not_checked boot-loader '/boot/grub/grub.cfg: No such file'
	put etc/default/grub.d/vfio.cfg 'GRUB_CMDLINE_LINUX="$(cat /etc/args)"'
	not_checked next-boot 'computes its values'
	rm -r "$M"/etc/default
	not_checked next-boot 'no configuration of a boot loader'
}

@test "systemd-boot and Proxmox: the same, with their commands" {
	rm -r "$M/boot/grub" "$M/etc/default"
	put proc/cmdline 'initrd=\EFI\proxmox\initrd.img vfio.gpus=nvidia'
	put etc/kernel/cmdline 'root=ZFS=rpool vfio_gpus=x vfio.gpus=nvidia earlybind.power=on'
	put boot/loader/entries/a.conf 'title x' 'linux /5.15.158-2-pve' 'options root=ZFS=rpool vfio.gpus=nvidia'
	put boot/loader/entries/z.conf 'linux /6.8.12-1-pve' 'options vfio.gpus=01:00'
	put usr/bin/kernel-install x
	put boot/vmlinuz-5.15.158-2-pve x
	put boot/vmlinuz-6.8.12-1-pve x
	put boot/initrd.img-5.15.158-2-pve x
	item not-applied warning '' '.evidence == [
		"/etc/kernel/cmdline: vfio.gpus=nvidia earlybind.power=on",
		"/boot/loader/entries/a.conf: vfio.gpus=nvidia"]' \
		'.remedy | contains("run kernel-install add 5.15.158-2-pve /boot/vmlinuz-5.15.158-2-pve /boot/initrd.img-5.15.158-2-pve,")'
	put etc/kernel/proxmox-boot-uuids X
	mkdir -p "$M/dev/disk/by-uuid/X"
	mv "$M/boot/loader" "$M/dev/disk/by-uuid/X"
	item not-applied warning '' '.remedy | contains("proxmox-boot-tool refresh")'
	rm -r "$M/dev/disk"
	item next-boot warning ''
	not_checked boot-loader 'partition X cannot be read'
	rm "$M/etc/kernel/cmdline"
	not_checked next-boot 'no /etc/default/grub'
	rm "$M/etc/kernel/proxmox-boot-uuids"
	not_checked next-boot 'no configuration of a boot loader'
}

@test "Proxmox with GRUB: the grub.cfg that is to be seen is not the one that boots" {
	put etc/kernel/proxmox-boot-uuids X
	put etc/default/grub 'GRUB_CMDLINE_LINUX_DEFAULT="vfio.gpus=all"'
	item next-boot warning '' '.remedy | contains("run proxmox-boot-tool refresh")'
	no_item not-applied
	not_checked boot-loader 'partition X cannot be read'
}

@test "wrong use is status 2" {
	ask diagnose 05:00
	says 2 'diagnose takes no argument'
	rm -r "$M/sys/bus"
	ask diagnose
	says 2 'sys/bus/pci/devices cannot be read'
}

# --- what an older recipe left behind ---

# The machine has two NVIDIA cards, 01:00 claimed, and 02:00 too; the host keeps one of AMD.
keeps()
{
	report 'del(.devices[] | select(.address | startswith("0000:02:")))'
}

@test "leftovers: a blacklist is needless where no card of its makes stays with the host" {
	put etc/modprobe.d/blacklist.conf '# blacklist amdgpu' 'blacklist nouveau' 'blacklist nvidia' \
		'blacklist pcspkr' 'install nvidia_drm /bin/false'
	item needless-modprobe info '' '.evidence == ["/etc/modprobe.d/blacklist.conf:2: blacklist nouveau",
		"/etc/modprobe.d/blacklist.conf:3: blacklist nvidia",
		"/etc/modprobe.d/blacklist.conf:5: install nvidia_drm /bin/false"]'
	no_item driver-blacklisted
}

@test "leftovers: a blacklist harms a card that stays with the host, which is named" {
	keeps
	put etc/modprobe.d/b.conf 'blacklist \' ' nouveau'
	on 0000:02:00.0
	item driver-blacklisted warning 0000:02:00.0 '.evidence == ["/etc/modprobe.d/b.conf:1: blacklist nouveau"]' \
		'.text | contains("stays with the host and has no driver")'
	# With another driver the blacklist belongs to that one.
	on 0000:02:00.0 nvidia
	ask diagnose --json
	no_item driver-blacklisted
	no_item needless-modprobe
	rm "$M/etc/modprobe.d/b.conf"
	on 0000:02:00.0
	sed -i 's/$/ modprobe.blacklist=pcspkr,nouveau/' "$M/proc/cmdline"
	item driver-blacklisted warning 0000:02:00.0 '.evidence[0] | contains("/proc/cmdline: modprobe.blacklist=")'
}

@test "leftovers: ids of modprobe.d name what they take beside, else they are needless" {
	put etc/modprobe.d/vfio.conf 'options vfio_pci ids=10de:1187,10de:0e0a disable_vga=1'
	ids=$(jq -r '[.devices[].id] | unique | join(",")' "$M/run/earlybind/report.json")
	put etc/modprobe.d/vfio.conf "options vfio-pci ids=$ids disable_vga=1 disable_idle_d3=1" \
		'softdep nouveau pre: vfio-pci'
	item needless-modprobe info '' '.evidence | length == 2'
	no_item ids-in-modprobe
	item vga-disabled info '' '.evidence == ["/etc/modprobe.d/vfio.conf:1: options vfio_pci ids='"$ids"' disable_vga=1 disable_idle_d3=1"]'
	keeps
	id=$(cat "$(device 0000:02:00.0)"/vendor "$(device 0000:02:00.0)"/device | sed 's/0x//' | paste -sd:)
	put etc/modprobe.d/vfio.conf "options vfio-pci ids=$id"
	item ids-in-modprobe warning '' '.evidence | any(contains("0000:02:00.0 ('"$id"') is claimed by it"))'
}

@test "leftovers: a file of /etc stands before one of the same name in /run; links stay below the root" {
	put run/modprobe.d/a.conf 'blacklist nouveau'
	item needless-modprobe info '' '.evidence == ["/run/modprobe.d/a.conf:1: blacklist nouveau"]'
	put etc/modprobe.d/a.conf ''
	ask diagnose --json
	no_item needless-modprobe
	echo 'blacklist nouveau' >"$BATS_TEST_TMPDIR/outside"
	ln -s "$BATS_TEST_TMPDIR/outside" "$M/etc/modprobe.d/b.conf"
	ask diagnose --json
	no_item needless-modprobe
	not_checked leftovers '/etc/modprobe.d/b.conf cannot be read'
	# A link to /dev/null is an empty file that masks another one.
	ln -sf /dev/null "$M/etc/modprobe.d/b.conf"
	put run/modprobe.d/b.conf 'blacklist nouveau'
	ask diagnose --json
	no_item needless-modprobe
	jq -e '.not_checked == []' <<<"$output"
	put etc/nvidia/c.conf 'blacklist nouveau'
	ln -s /etc/nvidia/c.conf "$M/etc/modprobe.d/c.conf"
	item needless-modprobe info '' '.evidence == ["/etc/modprobe.d/c.conf:1: blacklist nouveau"]'
}

@test "leftovers: modules that are listed; vfio_virqfd by what the kernel has" {
	put etc/modules '# vfio' vfio vfio_iommu_type1 'vfio-pci # comment' loop vfio_virqfd
	put etc/modules-load.d/vfio.conf vfio_pci
	ln -s ../modules "$M/etc/modules-load.d/modules.conf"
	put etc/initramfs-tools/modules vfio_pci
	item needless-module info '' '.evidence == ["/etc/modules:2: vfio", "/etc/modules:3: vfio_iommu_type1",
		"/etc/modules:4: vfio_pci", "/etc/modules:6: vfio_virqfd", "/etc/modules-load.d/vfio.conf:1: vfio_pci",
		"/etc/initramfs-tools/modules:1: vfio_pci"]'
	no_item missing-module
	put lib/modules/5.15.158-2-pve/modules.dep 'kernel/drivers/vfio/vfio.ko:'
	item missing-module warning '' '.evidence == ["/etc/modules:6: vfio_virqfd"]'
	put lib/modules/5.15.158-2-pve/modules.builtin 'kernel/drivers/vfio/vfio_virqfd.ko'
	ask diagnose --json
	no_item missing-module
	rm -r "$M/lib/modules"
	for release in 6.1.0-1-x 6.2.0-1-x 7.0.1; do
		put proc/sys/kernel/osrelease $release
		ask diagnose --json
		case $release in
		6.1*) no_item missing-module ;;
		*) jq -e 'any(.items[]; .code == "missing-module")' <<<"$output" ;;
		esac
	done
}

# arguments TEXT: the running command line has these as well
arguments()
{
	put proc/cmdline "BOOT_IMAGE=/boot/vmlinuz root=x vfio.gpus=nvidia earlybind.fb=release $1"
}

@test "leftovers: arguments that are needless, and those that do harm" {
	arguments 'amd_iommu=on vfio-pci.ids=10de:1187 rd.driver.pre=vfio-pci iommu=pt'
	item needless-argument info '' '.evidence | length == 3' '.evidence[0] | contains("no such value")'
	rm "$M/sys/bus/platform/devices/simple-framebuffer.0"
	put boot/config-5.15.158-2-pve CONFIG_FB_EFI=y
	arguments 'video=vesafb:off,efifb:off initcall_blacklist=sysfb_init'
	item framebuffer-off info '' '.evidence | length == 2' '.remedy | contains("earlybind.fb=release")'
	arguments 'video=1024x768'
	ask diagnose --json
	no_item framebuffer-off
	keeps
	arguments nomodeset
	item modeset-off warning '' '.evidence == ["/proc/cmdline: nomodeset"]'
}

@test "leftovers: pcie_acs_override by the kernel's log, and by who built it" {
	arguments pcie_acs_override=downstream,multifunction
	item acs-override warning '' '.text | contains("past the IOMMU")'
	put proc/sys/kernel/osrelease 6.1.0-1-amd64
	item needless-argument info '' '.evidence[0] | contains("does not have that patch")'
	no_item acs-override
	put proc/sys/kernel/osrelease 6.1.0
	item acs-override warning '' '.text | contains("it is not known")'
	log 'Unknown kernel command line parameters "pcie_acs_override=downstream,multifunction", will be passed to user space.'
	item needless-argument info ''
	log 'Warning: PCIe ACS overrides enabled; This may allow non-IOMMU protected peer-to-peer DMA'
	item acs-override warning ''
	no_item needless-argument
}

@test "leftovers: without anything asked of earlybind what claims the cards is left alone" {
	rm "$M/run/earlybind/report.json"
	put proc/cmdline 'BOOT_IMAGE=/boot/vmlinuz vfio-pci.ids=10de:1187 modprobe.blacklist=nouveau'
	put etc/modprobe.d/a.conf 'blacklist nouveau' 'options vfio-pci ids=10de:1b80'
	put etc/modules vfio_pci
	ask diagnose --json
	no_item needless-modprobe
	no_item needless-module
	no_item needless-argument
	no_item ids-in-modprobe
	put proc/cmdline 'BOOT_IMAGE=/boot/vmlinuz nofb nomodeset'
	ask diagnose --json
	jq -e '.items[] | select(.code == "needless-argument") | .evidence ==
		["/proc/cmdline: nofb: does nothing: no driver of graphics reads it"]' <<<"$output"
}

# --- a host on which earlybind has claimed nothing ---

# others: somebody else has bound the four functions of this machine
others()
{
	rm "$M/run/earlybind/report.json"
	put proc/cmdline 'BOOT_IMAGE=/boot/vmlinuz ro'
	put etc/default/grub 'GRUB_CMDLINE_LINUX_DEFAULT=""'
	put boot/grub/grub.cfg 'menuentry x {' '	linux	/boot/vmlinuz ro' '}'
}

@test "others: all that is on vfio-pci is checked, whoever bound it" {
	others
	ask diagnose --json
	[ "$status" = 0 ]
	[ "$(jq -r '.checked | sort | join(" ")' <<<"$output")" = \
		'bars boot-config devices displays groups image iommu kernel-log leftovers next-boot power reset' ] ||
		[ "$(jq -r '.checked | sort | join(" ")' <<<"$output")" = \
		'bars devices displays groups image iommu kernel-log leftovers next-boot power reset' ]
	jq -e '[.items[].code] | unique == ["not-ours"]' <<<"$output"
	jq -e '.items | length == 5' <<<"$output"
	jq -e '[.not_checked[].what] == ["report"]' <<<"$output"
	jq -e '.items[0].text | contains("0000:01:00.0") and contains("no trace")' <<<"$output"
	for f in 0000:01:00.0 0000:01:00.1 0000:02:00.0 0000:02:00.1 0000:03:00.0; do
		on $f
	done
	not_checked bars 'no function is on vfio-pci now'
	no_item not-ours
}

@test "others: who bound it, by what it left" {
	others
	put etc/driverctl.d/0000:01:00.0 vfio-pci
	put etc/pve/qemu-server/100.conf 'hostpci0: 0000:02:00,pcie=1'
	put etc/modprobe.d/vfio.conf 'options vfio-pci ids=10de:10f0'
	put etc/libvirt/qemu/win.xml "<hostdev mode='subsystem' type='pci' managed='yes'>" \
		"<source><address domain='0x0000' bus='0x01' slot='0x00' function='0x1'/></source>" '</hostdev>'
	item not-ours info 0000:01:00.0 '.text | endswith("driverctl")' \
		'.evidence == ["/etc/driverctl.d/0000:01:00.0: driverctl sets a driver for it at every boot"]'
	item not-ours info 0000:02:00.0 '.text | endswith("Proxmox VE")'
	for line in 'hostpci1: host=02:00.0,x-vga=1' 'hostpci0: 0000:01:00.7;0000:02:00.0'; do
		put etc/pve/qemu-server/100.conf 'memory: 8192' "$line"
		item not-ours info 0000:02:00.0 '.text | endswith("Proxmox VE")'
	done
	put etc/pve/mapping/pci.cfg gpu $'\tmap id=10de:1b80,iommugroup=1,node=pve,path=0000:02:00.0'
	# The addresses of network cards are others.
	for line in 'net0: virtio=BC:24:02:00:00:2F,bridge=vmbr0' 'net0: e1000=02:00:5E:10:00:01' \
		'hostpci0: 0001:02:00,pcie=1' 'hostpci0: 02:00.1' 'description: 02:00.0' 'hostpci0: mapping=gpu'; do
		put etc/pve/qemu-server/100.conf "$line"
		item not-ours info 0000:02:00.0 '.evidence | length == 1' '.evidence[0] | contains("pci.cfg")'
	done
	rm -r "$M/etc/pve/mapping"
	item not-ours info 0000:02:00.0 '.text | contains("no trace")'
	put etc/initramfs-tools/scripts/init-top/vfio 'echo vfio-pci > "/sys/bus/pci/devices/$dev/driver_override"'
	item not-ours info 0000:02:00.0 '.text | endswith("a script of the initramfs")'
	put run/nvidia/validations/vfio-pci-ready
	item not-ours info 0000:02:00.0 '.text | endswith("a Kubernetes operator")'
	rm -r "$M/etc/initramfs-tools" "$M/run/nvidia"
	put etc/pve/qemu-server/100.conf 'hostpci0: 0000:02:00,pcie=1'
	item not-ours info 0000:01:00.1 '.text | endswith("ids of vfio-pci")' '.evidence | length == 2'
	put proc/cmdline "vfio-pci.ids=10de:1b80"
	item not-ours info 0000:02:00.0 '.text | endswith("ids of vfio-pci")' '.evidence | length == 2'
}

@test "others: their BARs, log, group, power, displays and image" {
	others
	sed -i 's/^ *c0000000-c1ffffff : 0000:01:00.0/&\n      c1000000-c17e8fff : efifb/' "$M/proc/iomem"
	item bar-held warning 0000:01:00.0 '.remedy ==
		"claim it in the initramfs: earlybind enable '"'vfio.gpus=01:00 earlybind.fb=release'"', and reboot"'
	log "vfio-pci 0000:01:00.0: BAR 3: can't reserve [mem 0xc0000000-0xc1ffffff 64bit pref]"
	item cant-reserve error 0000:01:00.0
	sed -i 's/^ *c1000000-c17e8fff : efifb/      c0000000-c000ffff : pnp 00:05/' "$M/proc/iomem"
	item cant-reserve error 0000:01:00.0 '.text | startswith("pnp 00:05 holds BAR 3")' '.remedy | contains("firmware update")'
	sed -i '/pnp 00:05/d' "$M/proc/iomem"
	: >"$M/dev/kmsg"
	log 'vfio-pci 0000:02:00.0: Unable to change power state from D3cold to D0, device inaccessible'
	item power-state warning 0000:02:00.0 '.remedy | contains("earlybind.power=on")'
	: >"$M/dev/kmsg"
	echo unknown >"$(device 0000:02:00.0)/power_state"
	item power-state warning 0000:02:00.0 '.evidence[0] | endswith("power_state: unknown")'
	# Before 5.19 vfio-pci does not touch a function that it is not to put to sleep.
	put sys/module/vfio_pci/parameters/disable_idle_d3 Y
	ask diagnose --json
	no_item power-state
	put proc/sys/kernel/osrelease 6.8.0-60-generic
	item power-state warning 0000:02:00.0
	put proc/sys/kernel/osrelease 5.15.158-2-pve
	rm "$M/sys/module/vfio_pci/parameters/disable_idle_d3"
	item power-state warning 0000:02:00.0
	put etc/modprobe.d/idle.conf 'options vfio-pci disable_idle_d3=1'
	ask diagnose --json
	no_item power-state
	rm "$M/etc/modprobe.d/idle.conf"
	echo D3cold >"$(device 0000:02:00.0)/power_state"
	mkdir -p "$(device 0000:01:00.0)/drm/card1"
	item display-in-use warning 0000:01:00.0 '.remedy | contains("earlybind enable")'
	rmdir "$(device 0000:01:00.0)/drm/card1"
	on 0000:02:00.1 snd_hda_intel
	item group-not-viable error 0000:01:00.0 '.remedy |
		contains("claim them, too, if the host can do without them: earlybind enable '"'vfio.gpus=02:00'"', and reboot")' \
		'.remedy | contains("slot in another group") | not'
	ask diagnose --json
	jq -e '.items[] | select(.code == "group-not-viable") | .severity == "error" and
		(.evidence[0] | startswith("0000:02:00.1 (10de:10f0): snd_hda_intel"))' <<<"$output"
	on 0000:02:00.1 nvgrace-gpu-vfio-pci
	ask diagnose --json
	no_item group-not-viable
	on 0000:02:00.1 vfio-pci
	on 0000:03:00.0 r8169
	ln -sfn ../../../../kernel/iommu_groups/1 "$(realpath "$(device 0000:03:00.0)")/iommu_group"
	item group-not-viable error 0000:01:00.0 '.remedy | contains("slot in another group")'
	sed -i '7s/.*/0x0000000000000000 0x0000000000000000 0x0000000000000000/' \
		"$(realpath "$(device 0000:01:00.0)")/resource" # integrated
	echo 0x1002 >"$(device 0000:01:00.0)/vendor"
	item group-not-viable error 0000:01:00.0 '.remedy | contains("no other slot")'
	on 0000:03:00.0 vfio-pci
	rm "$(device 0000:02:00.1)/reset"
	item no-reset info 0000:02:00.1
	: >"$(device 0000:02:00.1)/reset"
	without vfio
	without earlybind
	item image-late info '' '.evidence == ["no vfio-pci.ko in it"]'
}

# --- scripts that remove and rescan, and arguments by what they do on this kernel ---

@test "others: what the driver of the host's VGA card would have freed" {
	others
	put proc/sys/kernel/osrelease 6.2.16-1-pve
	echo 0x038000 >"$(device 0000:01:00.0)/class"
	rm "$(device 0000:01:00.0)/boot_vga"
	on 0000:02:00.0
	echo 1 >"$(device 0000:02:00.0)/boot_vga"
	sed -i 's/^ *c0000000-c1ffffff : 0000:01:00.0/&\n      c1000000-c17e8fff : BOOTFB/' "$M/proc/iomem"
	item bar-held warning 0000:01:00.0 '.remedy | contains("boot with initcall_blacklist=sysfb_init")'
	sed -i 's/BOOTFB/efifb/' "$M/proc/iomem"
	item bar-held warning 0000:01:00.0 '.remedy | contains("earlybind.fb=release")'
}

@test "others: what vfio-pci rejected, as where the IOMMU is off" {
	others
	for f in 0000:01:00.0 0000:01:00.1 0000:02:00.0 0000:02:00.1 0000:03:00.0; do
		on $f
	done
	rm -r "$M"/sys/kernel/iommu_groups/* "$M"/sys/bus/pci/devices/*/iommu_group "$M"/sys/class/iommu
	not_checked iommu 'if one is while a guest runs, run it then'
	log 'vfio-pci 0000:01:00.0: probe with driver vfio-pci failed with error -22'
	item no-iommu error '' '.remedy | contains("intel_iommu=on")'
	put proc/xen/capabilities control_d
	item no-iommu error '' '.remedy | startswith("Xen has the IOMMU here") and (contains("intel_iommu") | not)'
	rm "$M/proc/xen/capabilities"
	item probe-failed error 0000:01:00.0 '.text | contains("in no IOMMU group")'
	no_item not-ours
	: >"$M/dev/kmsg"
	log 'vfio-pci 0000:01:00.0: probe with driver vfio-pci failed with error -16'
	item probe-failed error 0000:01:00.0 '.text | contains("virtual functions")' '.remedy | contains("sriov_numvfs")'
}

@test "others: a virtual function, of which there is none in the initramfs" {
	machine sriov
	put proc/cmdline 'quiet intel_iommu=on'
	item not-ours info 0000:00:02.1 '.remedy | contains("no virtual function yet") and (contains("enable") | not)'
}

@test "others: a variant of vfio-pci" {
	others
	on 0000:02:00.0 nvgrace-gpu-vfio-pci
	item not-ours info 0000:02:00.0 '.text | contains("is on nvgrace-gpu-vfio-pci,")' '.remedy | contains("no variant")'
	log 'nvgrace-gpu-vfio-pci 0000:02:00.0: Unable to change power state from D3cold to D0, device inaccessible'
	item power-state warning 0000:02:00.0
}

@test "others: a card that failed on vfio-pci, and that its own driver did not take back" {
	others
	on 0000:02:00.0
	log 'nouveau 0000:02:00.0: Unable to change power state from D3cold to D0, device inaccessible'
	ask diagnose --json
	no_item power-state
	: >"$M/dev/kmsg"
	log 'vfio-pci 0000:02:00.0: not ready 65535ms after bus reset; giving up'
	item reset-trouble warning 0000:02:00.0
	: >"$M/dev/kmsg"
	log 'vfio-pci 0000:02:00.0: Unable to change power state from D3cold to D0, device inaccessible'
	item power-state warning 0000:02:00.0
	jq -e 'all(.items[]; .code != "not-ours" or .address != "0000:02:00.0")' <<<"$output"
}

@test "others: what is advised claims what goes to the guest, and nothing else" {
	others
	log 'vfio-pci 0000:02:00.0: Unable to change power state from D3cold to D0, device inaccessible'
	item power-state warning 0000:02:00.0 '.remedy | contains("\u0027vfio.gpus=02:00 earlybind.power=on\u0027")'
	put proc/cmdline 'quiet pcie_aspm=off'
	item power-state warning 0000:02:00.0 '.remedy | contains("pcie_aspm") | not'
	put proc/cmdline 'quiet pcie_aspm.policy=powersupersave'
	item power-state warning 0000:02:00.0 '.remedy | contains("pcie_aspm=off in the place of pcie_aspm.policy=")'
	# As with integrated graphics, whose slot has controllers of the host in groups of their own.
	on 0000:02:00.1 xhci_hcd
	ln -sfn ../../../../kernel/iommu_groups/77 "$(realpath "$(device 0000:02:00.1)")/iommu_group"
	item power-state warning 0000:02:00.0 '.remedy | contains("\u0027vfio.gpus=02:00.0 earlybind.power=on\u0027")'
	for f in 0000:02:00.0 0000:02:00.1; do
		echo 0x010802 >"$(device $f)/class"
	done
	item power-state warning 0000:02:00.0 \
		'.remedy | contains("\u0027vfio.gpus=02:00.0 earlybind.nongpu=allow earlybind.power=on\u0027")'
}

@test "leftovers: a cron job, a unit or a hook that removes a card and rescans" {
	local script=$'echo 1 > /sys/bus/pci/devices/0000\\:01\\:00.0/remove\necho 1 > /sys/bus/pci/rescan'

	put etc/crontab '@reboot root /root/fix_gpu_pass.sh >/dev/null'
	ask diagnose
	says 0 'No problems found in: '
	put root/fix_gpu_pass.sh '#!/bin/bash' "$script"
	item remove-rescan warning '' '.evidence == ["/root/fix_gpu_pass.sh: removes a PCI device and rescans"]' \
		'.remedy | contains("--with-remedy")'
	rm "$M/etc/crontab"
	put etc/systemd/system/gpu.service '[Service]' 'ExecStart=-/usr/local/sbin/gpu-fix'
	put usr/local/sbin/gpu-fix "$script"
	item remove-rescan warning '' '.evidence[0] | startswith("/usr/local/sbin/gpu-fix")'
	rm "$M/etc/systemd/system/gpu.service"
	put etc/libvirt/hooks/qemu "$script"
	put var/spool/cron/crontabs/root "@reboot echo 1 > /sys/bus/pci/devices/0000:01:00.0/remove; echo 1 > /sys/bus/pci/rescan"
	item remove-rescan warning '' '.evidence | length == 2'
	rm "$M/etc/libvirt/hooks/qemu" "$M/var/spool/cron/crontabs/root"
	# As libvirt's hooks are called, and what they start.
	put etc/libvirt/hooks/qemu.d/win10/release/end/revert.sh '#!/bin/bash' /bin/vfio-teardown.sh
	put bin/vfio-teardown.sh "$script"
	put var/spool/cron/root '@reboot sleep 9' # as Fedora has it
	item remove-rescan warning '' '.evidence | length == 1' '.evidence[0] | startswith("/bin/vfio-teardown.sh:")'
	rm -r "$M/etc/libvirt" "$M/bin"
	put var/spool/cron/root "@reboot echo 1 > /sys/bus/pci/devices/0000:01:00.0/remove; echo 1 > /sys/bus/pci/rescan"
	item remove-rescan warning '' '.evidence[0] | startswith("/var/spool/cron/root:")'
	rm "$M/var/spool/cron/root"
	# Of other devices than cards that does no harm; an address in a variable may be a card's.
	put etc/cron.d/nic "@reboot root echo 1 > /sys/bus/pci/devices/0000\\:00\\:14.0/remove; echo 1 > /sys/bus/pci/rescan"
	ask diagnose
	says 0 'No problems found in: '
	put etc/cron.d/nic '@reboot root echo 1 > "/sys/bus/pci/devices/$CARD/remove"; echo 1 > /sys/bus/pci/rescan'
	item remove-rescan warning ''
	put etc/cron.d/nic '@reboot root echo 1 > "/sys/bus/pci/devices/0000:00:01.0/remove"; echo 1 > /sys/bus/pci/rescan'
	item remove-rescan warning '' # the port above a card
	rm "$M/etc/cron.d/nic"
	put etc/cron.d/other '# echo 1 > /sys/bus/pci/devices/0000:01:00.0/remove; echo 1 > /sys/bus/pci/rescan'
	ask diagnose
	says 0 'No problems found in: '
}

@test "leftovers: what framebuffer arguments do on this kernel" {
	local release=boot/config-5.15.158-2-pve

	arguments 'video=vesafb:off,efifb:off video=simplefb:off nofb vga=off initcall_blacklist=sysfb_init'
	item needless-argument info '' '[.evidence[] | select(contains("does nothing on this kernel: the framebuffer is simple"))] | length == 2' \
		'[.evidence[] | select(contains("only the first counts"))] | length == 1' \
		'[.evidence[] | select(contains("nofb: does nothing") or contains("vga=off: does nothing"))] | length == 2'
	no_item framebuffer-off
	rm "$M/sys/bus/platform/devices/simple-framebuffer.0"
	put $release CONFIG_FB_EFI=y
	item framebuffer-off info '' '.evidence | length == 2'
	arguments 'video=simplefb:off'
	item needless-argument info '' '.evidence[0] | contains("in the place of simplefb")'
	no_item framebuffer-off
	put $release '# CONFIG_FB_EFI is not set' CONFIG_DRM_EFIDRM=m
	arguments 'video=efifb:off'
	item needless-argument info '' '.evidence[0] | contains("efidrm and vesadrm")'
	no_item framebuffer-off
	put $release CONFIG_DRM_EFIDRM=m CONFIG_FB_EFI=y
	item framebuffer-off info '' '.evidence | length == 1'
	put $release CONFIG_FB_EFI=y CONFIG_SYSFB_SIMPLEFB=y
	mkdir -p "$M/sys/devices/platform/platform-framebuffer.0"
	ln -s ../../../devices/platform/platform-framebuffer.0 "$M/sys/bus/platform/devices/"
	item needless-argument info '' '.evidence[0] | contains("the framebuffer is simple")'
	arguments 'initcall_blacklist=sysfb_init'
	ask diagnose --json
	no_item framebuffer-off
	no_item needless-argument
}

@test "what a guest runs into when it opens a card" {
	local groups=sys/kernel/iommu_groups

	put $groups/1/reserved_regions '0x00000000fee00000 0x00000000feefffff msi'
	put sys/kernel/irq/0/chip_name IR-IO-APIC
	ask diagnose
	says 0 'No problems found in: '
	put $groups/1/reserved_regions '0x00000000000e0000 0x00000000000effff direct-relaxable'
	ask diagnose
	says 0 'No problems found in: '
	put $groups/1/reserved_regions '0x000000005c000000 0x000000005dffffff direct' \
		'0x00000000fee00000 0x00000000feefffff msi'
	item rmrr warning 0000:01:00.0 '.text | contains("no guest can open it")' \
		'.evidence == ["/sys/bus/pci/devices/0000:01:00.0/iommu_group/reserved_regions has a direct region"]'
	ask plan vfio.gpus=01:00
	says 1 'firmware uses memory (RMRR): no guest can open it [rmrr]'
	cp "$M/proc/cpuinfo" "$M/cpuinfo"
	put proc/cpuinfo 'vendor_id	: AuthenticAMD'
	ask plan vfio.gpus=01:00
	silent rmrr # before 6.6 AMD maps it, and lets a guest have the rest
	put proc/sys/kernel/osrelease 6.6.13+bpo-amd64
	ask plan vfio.gpus=01:00
	says 1 '[rmrr]'
	put proc/sys/kernel/osrelease 5.15.158-2-pve
	mv "$M/cpuinfo" "$M/proc/cpuinfo"
	rm "$M/$groups/1/reserved_regions"
	log 'vfio-pci 0000:02:00.0: Firmware has requested this device have a 1:1 IOMMU mapping, rejecting configuring the device without a 1:1 mapping. Contact your platform vendor.'
	item rmrr warning 0000:02:00.0 '.evidence[0] | startswith("kernel log: vfio-pci 0000:02:00.0: Firmware")'
	item rmrr warning 0000:02:00.0 '.remedy | contains("relax_rmrr")' # a kernel of Proxmox's
	cp "$M/proc/cmdline" "$M/cmdline.before"
	put proc/cmdline "$(cat "$M/cmdline.before") intel_iommu=on,relax_rmrr"
	ask diagnose
	silent 'add intel_iommu'
	cp "$M/cmdline.before" "$M/proc/cmdline"
	put proc/sys/kernel/osrelease 6.8.0-60-generic
	ask diagnose
	silent relax_rmrr
	put proc/sys/kernel/osrelease 5.15.158-2-pve
	: >"$M/dev/kmsg"
	log 'iommu ivhd0: AMD-Vi: Event logged [IOTLB_INV_TIMEOUT device=0000:02:00.0 address=0x100214840]'
	log 'iommu ivhd0: AMD-Vi: Event logged [IOTLB_INV_TIMEOUT device=0000:0b:00.0 address=0x100214840]'
	item reset-trouble warning 0000:02:00.0 '.text | contains("does not answer the IOMMU")' '.evidence | length == 1'
	: >"$M/dev/kmsg"
	log 'genirq: Flags mismatch irq 16. 00000080 (ehci_hcd:usb3) vs. 00000000 (vfio-intx(0000:02:00.0))'
	log 'genirq: Flags mismatch irq 17. 00000000 (vfio-intx(0000:0b:00.0)) vs. 00000000 (vfio-intx(0000:02:00.0))'
	ask diagnose --json
	no_item interrupt-shared
	log 'genirq: Flags mismatch irq 16. 00000000 (vfio-intx(0000:02:00.0)) vs. 00000080 (ehci_hcd:usb3)'
	item interrupt-shared error 0000:02:00.0 '.evidence | length == 1' '.remedy | contains("/proc/interrupts")'
	: >"$M/dev/kmsg"
	put sys/kernel/irq/0/chip_name IO-APIC
	item no-interrupt-remapping warning '' '.remedy | contains("inject interrupts")'
	log 'DMAR-IR: This system BIOS has enabled interrupt remapping\x0aon a chipset that contains an erratum making that\x0afeature unstable.'
	item no-interrupt-remapping warning '' '.remedy | startswith("interrupt remapping is faulty on this chipset") and (contains("setup") | not)'
	: >"$M/dev/kmsg"
	log 'vfio_iommu_type1_attach_group: No interrupt remapping support.  Use the module param "allow_unsafe_interrupts" to enable VFIO IOMMU support on this platform'
	item no-interrupt-remapping warning '' '.evidence | length == 2'
	ask plan vfio.gpus=01:00
	says 1 'interrupts are not remapped: no guest can open a card without vfio_iommu_type1.allow_unsafe_interrupts=1 [no-interrupt-remapping]'
	item no-interrupt-remapping warning '' '.remedy | contains("firmware setup") and (contains("intremap=off") | not)'
	echo "$(cat "$M/proc/cmdline") intremap=off" >"$M/cmdline"
	cp "$M/proc/cmdline" "$M/cmdline.before"
	cp "$M/cmdline" "$M/proc/cmdline"
	item no-interrupt-remapping warning '' '.remedy | startswith("remove intremap=off")'
	cp "$M/cmdline.before" "$M/proc/cmdline"
	# Where it is allowed it is no problem, and its line is over.
	put sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts Y
	ask diagnose
	says 0 'No problems found in: '
	ask plan vfio.gpus=01:00
	silent interrupts
	put sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts N
	item no-interrupt-remapping warning ''
	rm -r "$M/sys/module/vfio_iommu_type1"
	put etc/modprobe.d/iommu.conf 'options vfio-iommu-type1 allow_unsafe_interrupts=1'
	ask plan vfio.gpus=01:00
	silent interrupts
	put etc/modprobe.d/iommu.conf 'options vfio_iommu_type1 allow_unsafe_interrupts=0'
	ask plan vfio.gpus=01:00
	says 1 '[no-interrupt-remapping]'
	echo "$(cat "$M/proc/cmdline") vfio_iommu_type1.allow_unsafe_interrupts=1" >"$M/proc/cmdline"
	ask plan vfio.gpus=01:00
	silent interrupts
	cp "$M/cmdline.before" "$M/proc/cmdline"
	rm "$M/etc/modprobe.d/iommu.conf"
	rm "$M/sys/kernel/irq/0/chip_name"
	item no-interrupt-remapping warning '' '.evidence | length == 1'
}

@test "a ROM that is not valid: harmless for integrated graphics" {
	log 'vfio-pci 0000:01:00.0: Invalid PCI ROM header signature: expecting 0xaa55, got 0xffff'
	log 'vfio-pci 0000:01:00.0: Invalid PCI ROM header signature: expecting 0xaa55, got 0xffff'
	item rom-signature info 0000:01:00.0 '.evidence | length == 1' '.remedy | contains("romfile")'
	resource=$(realpath "$(device 0000:01:00.0)")/resource
	sed -i '7s/.*/0x0000000000000000 0x0000000000000000 0x0000000000000000/' "$resource"
	item rom-signature info 0000:01:00.0 '.remedy | contains("harmless")'
}

@test "not-posted: an AMD card behind its own switch, which advises" {
	others
	for f in 0000:01:00.0 0000:00:01.0; do
		echo 0x1002 >"$(device $f)/vendor"
	done
	put sys/bus/pci/devices/0000:01:00.0/reset_method bus
	ask plan vfio.gpus=01:00
	silent not-posted # it shows the console
	rm -rf "$M/sys/kernel/boot_params"
	echo 0 >"$(device 0000:01:00.0)/boot_vga"
	item not-posted info 0000:01:00.0 '.text | contains("may need amdgpu once")'
	ask plan vfio.gpus=01:00
	says 0 '[not-posted]'
	log 'amdgpu 0000:01:00.0: amdgpu: initialized'
	ask diagnose --json
	no_item not-posted
	: >"$M/dev/kmsg"
	put sys/bus/pci/devices/0000:01:00.0/reset_method 'flr bus'
	ask diagnose --json
	no_item not-posted
}

@test "a BAR without an address: what fits the machine" {
	local bar1='2s/.*/0x0000000000000000 0x000000000fffffff' resource

	resource=$(realpath "$(device 0000:01:00.0)")/resource
	sed -i "$bar1 0x0000000020040200/" "$resource"
	item bar-unassigned warning 0000:01:00.0 '.remedy == "add pci=realloc"'
	sed -i "$bar1 0x000000002014220c/" "$resource"
	item bar-unassigned warning 0000:01:00.0 '.remedy | contains("Above 4G")'
	put proc/cpuinfo 'vendor_id	: GenuineIntel' 'flags		: fpu hypervisor'
	item bar-unassigned warning 0000:01:00.0 '.remedy == "add pci=realloc"'
	put proc/cpuinfo 'vendor_id	: GenuineIntel' 'flags		: fpu'
	log 'pcieport 0000:00:01.0: pciehp: Slot #0 AttnBtn- PwrCtrl- MRL- AttnInd- PwrInd- HotPlug+ Surprise+'
	item bar-unassigned warning 0000:01:00.0 '.remedy | contains("pci=hpmmiosize=")'
	: >"$M/dev/kmsg"
	mkdir -p "$(device 0000:00:01.0)/0000:00:01.0:pcie004"
	item bar-unassigned warning 0000:01:00.0 '.remedy | contains("pci=hpmmiosize=")'
	ask plan vfio.gpus=01:00
	says 1 'has no address for BAR 1, so a guest cannot use it; add pci=realloc or pci=hpmmiosize=SIZE'
	silent 'Above 4G'
}

@test "efidrm is told from efifb, whose driver has the same name" {
	local device="$M/sys/devices/platform/efi-framebuffer.0"

	rm "$M/sys/bus/platform/devices/simple-framebuffer.0"
	mkdir -p "$device/drm/card0" "$M/sys/bus/platform/drivers/efi-framebuffer"
	ln -s ../../../devices/platform/efi-framebuffer.0 "$M/sys/bus/platform/devices/efi-framebuffer.0"
	ln -s ../../../bus/platform/drivers/efi-framebuffer "$device/driver"
	put boot/config-5.15.158-2-pve CONFIG_FB_EFI=y
	sed -i 's/^ *c0000000-c1ffffff : 0000:01:00.0/&\n      c1000000-c17e8fff : efidrm/' "$M/proc/iomem"
	put proc/cmdline 'vfio.gpus=nvidia video=efifb:off'
	item bar-held warning 0000:01:00.0 '.remedy == "add earlybind.fb=release"'
	jq -e 'any(.items[]; .code == "video-off" and (.text | contains("no effect on efidrm")))' <<<"$output"
	arguments video=vesafb:off
	ask diagnose --json
	jq -e 'any(.items[]; .code == "needless-argument" and (.evidence[0] | contains("efidrm and vesadrm")))' <<<"$output"
	rmdir "$device/drm/card0" "$device/drm"
	sed -i 's/efidrm/efifb/' "$M/proc/iomem"
	arguments video=efifb:off
	ask diagnose --json
	jq -e 'any(.items[]; .code == "framebuffer-off" and (.evidence | length == 1))' <<<"$output"
	no_item needless-argument
	no_item video-off
}

@test "plan tells of the boot that has its arguments" {
	sed -i 's/^ *c0000000-c1ffffff : 0000:01:00.0/&\n      c1000000-c17e8fff : efifb/' "$M/proc/iomem"
	put proc/cmdline quiet
	for off in video=efifb:off initcall_blacklist=sysfb_init; do
		ask plan vfio.gpus=01:00
		says 1 'efifb occupies BAR 3'
		ask plan "vfio.gpus=01:00 $off"
		silent 'occupies BAR'
		put proc/cmdline "$off"
		ask plan "vfio.gpus=01:00 $off"
		says 1 'efifb occupies BAR 3'
		put proc/cmdline quiet
	done
	sed -i 's/efifb/BOOTFB/' "$M/proc/iomem"
	ask plan 'vfio.gpus=01:00 video=efifb:off'
	says 1 'BOOTFB occupies BAR 3'
	ask plan 'vfio.gpus=01:00 initcall_blacklist=sysfb_init'
	silent 'occupies BAR'
}

@test "plan on a running system tells of the boot, not of what drivers hold now" {
	rm -rf "$M"/sys/bus/platform/devices/*-framebuffer.0
	on 0000:01:00.0 bochs-drm
	sed -i '/BOOTFB/d; s/^ *c0000000-c1ffffff : 0000:01:00.0/&\n      c0000000-c1ffffff : bochs-drm/' "$M/proc/iomem"
	put proc/cmdline quiet
	ask plan vfio.gpus=01:00
	silent bochs-drm\ occupies
	says 1 'BOOTFB occupies BAR 3 and stays there' 'boot with initcall_blacklist=sysfb_init' '[bar-held]'
	ask plan 'vfio.gpus=01:00 earlybind.fb=release'
	says 1 'BOOTFB occupies BAR 3 and stays there' 'every screen is then dark until its own driver loads'
	put boot/config-5.15.158-2-pve CONFIG_FB_EFI=y
	put sys/firmware/efi/fw_platform_size 64
	ask plan vfio.gpus=01:00
	says 1 'efifb occupies BAR 3' 'add earlybind.fb=release'
	ask plan 'vfio.gpus=01:00 earlybind.fb=release'
	says 1 'efifb occupies BAR 3; earlybind.fb=release removes it'
	silent bar-held
	put proc/cmdline video=efifb:off
	ask plan vfio.gpus=01:00
	silent 'occupies BAR'
	put boot/config-5.15.158-2-pve CONFIG_DRM_EFIDRM=y
	ask plan vfio.gpus=01:00
	says 1 'efidrm occupies BAR 3' 'still has efidrm despite video=efifb:off'
	put proc/cmdline initcall_blacklist=sysfb_init
	ask plan vfio.gpus=01:00
	silent 'occupies BAR'
	# A kernel that is none of those that are known tells it in its log.
	put proc/cmdline quiet
	rm -r "$M/boot" "$M/sys/firmware"
	put proc/sys/kernel/osrelease 6.9.7-arch1-1
	log 'simple-framebuffer simple-framebuffer.0: [drm] fb0: simpledrmdrmfb frame buffer device'
	ask plan vfio.gpus=01:00
	says 1 'BOOTFB occupies BAR 3; vfio-pci evicts it when it binds'
	: >"$M/dev/kmsg"
	log 'vesafb: framebuffer at 0xc0000000, mapped to 0x0, using 3072k, total 3072k'
	ask plan vfio.gpus=01:00
	says 1 'vesafb occupies BAR 3; vfio-pci evicts it when it binds'
	: >"$M/dev/kmsg"
	# Without a framebuffer of the firmware's there is none to come.
	rm -r "$M/sys/kernel/boot_params"
	put proc/cmdline quiet
	ask plan vfio.gpus=01:00
	silent 'occupies BAR'
}

@test "lost: who took it, by what it left" {
	on 0000:01:00.0 nouveau
	item lost error 0000:01:00.0 '.text | contains("most likely") | not'
	put etc/libvirt/qemu/win.xml "<hostdev mode='subsystem' type='pci' managed='yes'>" \
		"<source><address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></source>" '</hostdev>'
	item lost error 0000:01:00.0 '.text | endswith("most likely by libvirt")' \
		'.evidence[1] | startswith("/etc/libvirt/qemu/win.xml: ")'
	sed -i "s/managed='yes'/managed='no'/" "$M/etc/libvirt/qemu/win.xml"
	put run/nvidia/validations/driver-ready ''
	item lost error 0000:01:00.0 '.text | endswith("most likely by a Kubernetes operator")'
	put etc/libvirt/hooks/qemu 'echo 0000:01:00.0 > /sys/bus/pci/drivers/vfio-pci/unbind'
	item lost error 0000:01:00.0 '.text | endswith("most likely by a hook script of libvirt")'
	rm -r "$M/etc/libvirt/hooks"
	put etc/libvirt/hooks/qemu.d/win10/release/end/revert.sh 'virsh nodedev-reattach pci_0000_01_00_0'
	item lost error 0000:01:00.0 '.text | endswith("most likely by a hook script of libvirt")' \
		'.evidence[1] | startswith("/etc/libvirt/hooks/qemu.d/win10/release/end/revert.sh: ")'
}

# --- files that are not what they should be ---

# Each file and directory that list, plan, status, show or diagnose read, and what diagnose then
# says: a check that is not checked, or =CODE for a problem, or - where nothing depends on it but
# the words.
readables()
{
	cat <<-'END'
		run/earlybind/report.json devices
		proc/cmdline next-boot
		proc/cmdline leftovers
		proc/iomem bars
		proc/cpuinfo -
		proc/sys/kernel/osrelease image
		dev/kmsg kernel-log
		sys/kernel/boot_params/data displays
		sys/kernel/iommu_groups iommu
		sys/class/vtconsole displays
		sys/class/vtconsole/vtcon1/name displays
		sys/class/vtconsole/vtcon1/bind displays
		sys/bus/platform/devices displays
		sys/bus/pci/devices/0000:01:00.0/class =removed
		sys/bus/pci/devices/0000:01:00.0/vendor =removed
		sys/bus/pci/devices/0000:01:00.0/device =removed
		sys/bus/pci/devices/0000:01:00.0/resource bars
		sys/bus/pci/devices/0000:01:00.0/boot_vga -
		sys/bus/pci/devices/0000:01:00.0/subsystem_vendor -
		sys/bus/pci/devices/0000:01:00.0/subsystem_device -
		sys/bus/pci/devices/0000:01:00.0/driver_override -
		sys/bus/pci/devices/0000:01:00.0/reset -
		sys/bus/pci/devices/0000:01:00.0/graphics displays
		sys/bus/pci/devices/0000:01:00.0/drm displays
		boot/initrd.img-5.15.158-2-pve.files image
		boot/initrd.img-5.15.158-2-pve.order image-order
		lib/modules/5.15.158-2-pve/modules.dep -
		lib/modules/5.15.158-2-pve/modules.builtin -
		boot/grub/grub.cfg boot-loader
		etc/default/grub boot-config
		etc/default/grub.d/a.cfg boot-config
		etc/kernel/cmdline -
		etc/modprobe.d leftovers
		etc/modprobe.d/a.conf leftovers
		run/modprobe.d/b.conf leftovers
		usr/local/lib/modprobe.d/c.conf leftovers
		etc/modules leftovers
		etc/modules-load.d leftovers
		etc/modules-load.d/d.conf leftovers
		etc/initramfs-tools/modules leftovers
		var/lib/earlybind/enabled next-boot
	END
}

# A machine that has all of them.
readable_machine()
{
	local vtcon=sys/class/vtconsole/vtcon1

	put $vtcon/name '(M) frame buffer device'
	put $vtcon/bind 0
	put lib/modules/5.15.158-2-pve/modules.dep kernel/drivers/vfio/vfio.ko:
	put lib/modules/5.15.158-2-pve/modules.builtin kernel/fs/ext4/ext4.ko
	put etc/default/grub.d/a.cfg '# nothing'
	put etc/kernel/cmdline 'root=x vfio.gpus=nvidia earlybind.fb=release'
	put etc/modprobe.d/a.conf '# nothing'
	put run/modprobe.d/b.conf '# nothing'
	put usr/local/lib/modprobe.d/c.conf '# nothing'
	put etc/modules loop
	put etc/modules-load.d/d.conf loop
	put etc/initramfs-tools/modules loop
	put var/lib/earlybind/enabled 'earlybind 2' 'words vfio.gpus=nvidia earlybind.fb=release' 'loader grub' \
		'grub new' finished
	mkdir -p "$(device 0000:01:00.0)/graphics" "$(device 0000:01:00.0)/drm"
	printf '%64s' '' >"$M/sys/kernel/boot_params/data"
}

# replaced PATH KIND COMMAND...: run the command with PATH replaced by something else
replaced()
{
	local path=$M/$1 status=0
	local aside=${path%/*}/aside.moved

	mv "$path" "$aside"
	case $2 in
	fifo) mkfifo "$path" ;;
	directory) mkdir "$path" ;;
	device) mknod "$path" c 1 3 ;;
	dangling) ln -s /no/such/file "$path" ;;
	absolute) ln -s "/${1%/*}/aside.moved" "$path" ;;
	esac
	"${@:3}" || status=$?
	rm -r "$path"
	mv "$aside" "$path"
	return "$status"
}

# ends: each command ends in time, and by itself; adds to RUNS
ends()
{
	local command status

	for command in list plan status show 'diagnose --json'; do
		status=0
		# shellcheck disable=SC2086 # words on purpose
		timeout 5 "$EARLYBIND" --root "$M" --pci-ids /dev/null $command \
			>"$BATS_TEST_TMPDIR/said" 2>&1 || status=$?
		[ "$status" -le 2 ] || {
			echo "$command: status $status"
			cat "$BATS_TEST_TMPDIR/said"
			return 1
		}
		RUNS=$((RUNS + 1))
	done
}

# admits WHAT: diagnose says that it did not check WHAT, and has not it among what was checked
admits()
{
	case $1 in
	-) return ;;
	=*) jq -e --arg c "${1#=}" 'any(.items[]; .code == $c)' "$BATS_TEST_TMPDIR/said" ;;
	*)
		jq -e --arg w "$1" '(.checked | index($w) == null) and
			any(.not_checked[]; .what == $w and .why != "")' "$BATS_TEST_TMPDIR/said"
		;;
	esac >/dev/null || {
		cat "$BATS_TEST_TMPDIR/said"
		return 1
	}
}

@test "whatever is in the place of a file, nothing hangs, and what cannot be read is not checked" {
	local path what kind kinds='fifo directory dangling'

	readable_machine
	RUNS=0
	if mknod "$BATS_TEST_TMPDIR/device" c 1 3; then
		kinds+=' device'
	fi
	while read -r path what; do
		for kind in $kinds; do
			test_it()
			{
				ends || return
				case $kind in
				fifo | device) admits "$what" ;;
				esac
			}
			replaced "$path" "$kind" test_it || {
				echo "$path as $kind"
				return 1
			}
		done
	done < <(readables)
	echo "$RUNS runs"
	[ "$RUNS" -ge 600 ]
}

@test "an absolute link leads to the file below the root, and says the same" {
	local path what count=0

	readable_machine
	put etc/default/grub 'GRUB_CMDLINE_LINUX="vfio.gpus=01:00"'
	put etc/modprobe.d/a.conf 'blacklist nouveau'
	ask diagnose --json
	expected=$output
	jq -e '[.items[].code] == ["not-applied", "needless-modprobe"] and .not_checked == []' <<<"$expected"
	while read -r path what; do
		run replaced "$path" absolute "$EARLYBIND" --root "$M" --pci-ids /dev/null diagnose --json
		[ "$output" = "$expected" ] || {
			echo "$path: $output"
			return 1
		}
		count=$((count + 1))
	done < <(readables)
	[ "$count" -ge 40 ]
	# A link that leads out of the root is one to nothing.
	rm -r "$M/etc/default/grub.d"
	mv "$M/etc/default/grub" "$BATS_TEST_TMPDIR/outside"
	ln -s "$BATS_TEST_TMPDIR/outside" "$M/etc/default/grub"
	not_checked boot-config /etc/default/grub
	no_item not-applied
}
