#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The package as its release builds it: what it holds and names, and that lintian and a second
# build have nothing to say.
load lib

setup_file()
{
	DEB=$("$TOP/qemu-test/package")
	AGAIN=$("$TOP/qemu-test/package" --elsewhere)
	export DEB AGAIN
}

@test "built once more elsewhere it is the same, byte for byte" {
	[ "$DEB" != "$AGAIN" ]
	for file in "${DEB%/*}"/*.deb; do
		cmp "$file" "${AGAIN%/*}/${file##*/}"
	done
	grep -q /home/someone/elsewhere "${AGAIN%/*}/build.log"
}

@test "it has the Makefile's version, and the agent is within its limit" {
	[ "$(dpkg-deb -f "$DEB" Version)" = "$(sed -n 's/^VERSION := //p' "$TOP/Makefile")" ]
	dpkg-deb --fsys-tarfile "$DEB" | tar -C "$BATS_TEST_TMPDIR" -x
	agent="$BATS_TEST_TMPDIR/usr/lib/earlybind/earlybind-agent"
	"$TOP/agent/klibc/check-agent" "$agent" 63488
	readelf -lW "$BATS_TEST_TMPDIR/usr/bin/earlybind" | grep -q 'GNU_RELRO'
	readelf -dW "$BATS_TEST_TMPDIR/usr/bin/earlybind" | grep -q 'FLAGS.*NOW.*PIE'
}

@test "it names what is linked into the agent, with the versions of this release" {
	run -0 dpkg-deb -f "$DEB" Built-Using
	[[ "$output" =~ ^'klibc (= 2.0.'[0-9.]+-[^\ ]+'), kmod (= '([^\ ]+)')'$ ]]
	grep -qxF "${BASH_REMATCH[1]}" "${DEB%/*}"/../kmod-*/source/debian-version
	dpkg-deb --ctrl-tarfile "$DEB" | tar -xO ./triggers | grep -qx 'activate-noawait update-initramfs'
}

@test "lintian has no error and no warning" {
	lintian --fail-on error,warning "${DEB%/*}"/*.changes
}
