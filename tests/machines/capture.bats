#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# tests/capture of the machine that a tree file makes prints that tree file again.

tests=$BATS_TEST_DIRNAME/..

setup_file()
{
	MKTREE=${MKTREE:-$BATS_FILE_TMPDIR/mktree}
	export MKTREE
	[ -x "$MKTREE" ] || ${CC:-cc} -std=gnu11 -D_GNU_SOURCE -I"$BATS_TEST_DIRNAME"/../support -o "$MKTREE" "$BATS_TEST_DIRNAME"/../mktree.c \
		"$BATS_TEST_DIRNAME"/../support/tree.c "$BATS_TEST_DIRNAME"/../support/tree-line.c
}

# The lines that say something, in an order of their own.
lines()
{
	grep -v -e '^#' -e '^$' "$1" | LC_ALL=C sort
}

@test "every tree file is captured as it was" {
	for tree in "$tests"/machines/*.tree; do
		name=$(basename "$tree" .tree)
		"$MKTREE" "$tree" "$BATS_TEST_TMPDIR/$name"
		"$tests"/capture --root "$BATS_TEST_TMPDIR/$name" >"$BATS_TEST_TMPDIR/$name.tree"
		diff <(lines "$tree") <(lines "$BATS_TEST_TMPDIR/$name.tree")
	done
}

@test "every tree file says what it is, and is short" {
	for tree in "$tests"/machines/*.tree; do
		head -n 1 "$tree" | grep -q "^# $(basename "$tree" .tree): "
		grep -q '^# State: ' "$tree"
		grep -q '^# Sources\?: ' "$tree"
		[ "$(wc -l <"$tree")" -le 600 ]
	done
}

@test "no secret of a command line is captured" {
	mkdir -p "$BATS_TEST_TMPDIR"/proc "$BATS_TEST_TMPDIR"/sys/bus/pci/devices
	cat >"$BATS_TEST_TMPDIR"/proc/cmdline <<-'END'
	BOOT_IMAGE=/0123456789abcdef0123456789abcdef/linux root=UUID=4a1c ip=10.1.2.3 quiet "pw=a b"  vfio.gpus=05:00,10de:1187:1458:3612 rd.vfio.gpus="0b:00, 05:00.1" console=ttyS0,aa:bb:cc:dd:ee:ff vfio-pci.ids=10de:1187 -- secret key=secret
	END
	"$tests"/capture --root "$BATS_TEST_TMPDIR" | grep '^f proc/cmdline' >"$BATS_TEST_TMPDIR/out"
	diff - "$BATS_TEST_TMPDIR/out" <<-'END'
	f proc/cmdline BOOT_IMAGE=/masked/linux root=masked ip=masked quiet "pw=masked"  vfio.gpus=05:00,10de:1187:1458:3612 rd.vfio.gpus="0b:00, 05:00.1" console=ttyS0,masked vfio-pci.ids=10de:1187 -- masked key=masked\n
	END
}

@test "what is known of the initramfs is captured, and not what else was built in" {
	cat >"$BATS_TEST_TMPDIR/image.tree" <<-'END'
	d sys/bus/pci/devices
	f proc/sys/kernel/osrelease 6.1.0-1\n
	f boot/initrd.img-6.1.0-1.files usr/lib/earlybind/earlybind-agent\n
	f boot/initrd.img-6.1.0-1.files scripts/init-top/ORDER\n
	f boot/initrd.img-6.1.0-1.order /scripts/init-top/earlybind "$@"\n
	f lib/modules/6.1.0-1/modules.builtin kernel/drivers/vfio/vfio.ko\n
	END
	cp "$BATS_TEST_TMPDIR/image.tree" "$BATS_TEST_TMPDIR/more.tree"
	echo 'f lib/modules/6.1.0-1/modules.builtin kernel/fs/ext4.ko\n' >>"$BATS_TEST_TMPDIR/more.tree"
	"$MKTREE" "$BATS_TEST_TMPDIR/more.tree" "$BATS_TEST_TMPDIR/image"
	"$tests"/capture --root "$BATS_TEST_TMPDIR/image" | grep -E '^f (boot|lib|proc)' |
		diff <(grep '^f' "$BATS_TEST_TMPDIR/image.tree" | sort) <(sort)
}

@test "a directory without PCI devices is refused" {
	run "$tests"/capture --root "$BATS_TEST_TMPDIR/nothing"
	[ "$status" -eq 2 ]
	run "$tests"/capture --rot
	[ "$status" -eq 2 ]
}
