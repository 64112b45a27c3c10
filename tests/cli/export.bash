# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests of earlybind export: machines whose cards are claimed, and what reads the text.

# claim NAME ARG: machine NAME after a boot with ARG, with all claimed that was to be; M
claim()
{
	local address

	machine "$1"
	mkdir -p "$M/run/earlybind"
	ask_names plan --json "$2" >"$M/plan" || [ $? = 1 ]
	jq '.devices |= map(if .result == "planned" then .result = "claimed" else . end) |
		.findings = [] | .conflicts = []' "$M/plan" >"$M/run/earlybind/report.json"
	for address in $(jq -r '.devices[] | select(.result == "planned") | .address' "$M/plan"); do
		on "$address" vfio-pci
	done
	printf '%s\n' "$2" >"$M/proc/cmdline"
}

# The command on M, with the names that tests/pci.ids has.
ask_names()
{
	"$EARLYBIND" --root "$M" --pci-ids "$BATS_TEST_DIRNAME/../support/pci.ids" "$@"
}

# text FORMAT [ADDRESS...]: what is exported, in TEXT
text()
{
	TEXT=$BATS_TEST_TMPDIR/$1
	run -0 ask_names export --format "$@"
	printf '%s\n' "$output" >"$TEXT"
}

# each COMMAND: on machines of all kinds, each claimed
each()
{
	local name argument

	while read -r name argument; do
		claim "$name" "$argument"
		"$@" "$name" || {
			echo "on $name with $argument"
			return 1
		}
	done <<-'END'
		seed vfio.gpus=05:00
		nvidia-twins vfio.gpus=all
		intel-arc vfio.gpus=03:00,04:00
		amd-switch vfio.gpus=amd,-0b:00.0
		server-8-accel vfio.gpus=nvidia
		sriov vfio.gpus=00:02.1,00:02.3
		vmd-domains vfio.gpus=all
		already-claimed vfio.gpus=nvidia
	END
}

# guest FILE: the guest XML with the elements of FILE in it
guest()
{
	cat <<-'END'
		<domain type='qemu'>
		  <name>guest</name>
		  <memory unit='MiB'>256</memory>
		  <os><type arch='x86_64' machine='q35'>hvm</type></os>
		  <devices>
		    <emulator>/usr/bin/qemu-system-x86_64</emulator>
		    <disk type='file' device='disk'>
		      <source file='/nowhere/disk'/>
		      <target dev='vda' bus='virtio'/>
		    </disk>
	END
	cat "$1"
	echo '</devices></domain>'
}

# A libvirtd of nobody's own, with all that it writes below LIBVIRT. As root it would be the
# machine's.
start_libvirtd()
{
	LIBVIRT=$(mktemp -d /tmp/earlybind-libvirt.XXXXXX)
	chmod 711 "$LIBVIRT"
	mkdir -m 700 "$LIBVIRT/home" "$LIBVIRT/run"
	AS=()
	if [ "$(id -u)" = 0 ]; then
		chown nobody "$LIBVIRT"/*
		AS=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
	fi
	AS+=(env HOME="$LIBVIRT/home" XDG_RUNTIME_DIR="$LIBVIRT/run"
		XDG_CONFIG_HOME="$LIBVIRT/home" XDG_CACHE_HOME="$LIBVIRT/home"
		XDG_DATA_HOME="$LIBVIRT/home")
	"${AS[@]}" /usr/sbin/libvirtd --timeout 120 >"$LIBVIRT/log" 2>&1 3>&- &
	LIBVIRTD=$!
	for _ in $(seq 100); do
		[ ! -S "$LIBVIRT/run/libvirt/libvirt-sock" ] || return 0
		sleep 0.1
	done
	cat "$LIBVIRT/log"
	return 1
}

stop_libvirtd()
{
	[ -n "${LIBVIRTD:-}" ] || return 0
	kill "$LIBVIRTD"
	wait "$LIBVIRTD" || :
	rm -rf "$LIBVIRT"
}

virsh()
{
	"${AS[@]}" virsh -q -c qemu:///session "$@"
}

# placed FILE: "0x0000 0x05 0x00 0x0 at 0x10 0x00 0x0", host and guest, of each hostdev of FILE
placed()
{
	python3 - "$1" <<-'END'
		import sys
		from xml.etree import ElementTree

		for dev in ElementTree.parse(sys.argv[1]).iter("hostdev"):
		    assert dev.get("managed") == "no"
		    host, guest = dev.find("source/address"), dev.find("address")
		    print(*(host.get(k) for k in ("domain", "bus", "slot", "function")), "at",
		          *(guest.get(k) for k in ("bus", "slot", "function")),
		          "multifunction" if guest.get("multifunction") == "on" else "")
	END
}
