# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# For tests that need root's powers over a directory of theirs, and a busybox in it.

# An ordinary user's login shell has no sbin, where chroot and depmod are.
export PATH="$PATH:/usr/sbin:/sbin"

# as_root_in DIRECTORY COMMAND...: as root, who owns DIRECTORY while it runs: in a namespace of its
# own, or by sudo where there are no namespaces, as in a chroot. Afterwards all in DIRECTORY and
# in the test's own directory is this user's again, who has to read and to remove it.
as_root_in()
{
	local directory=$1

	shift
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif unshare -r true 2>/dev/null; then
		unshare -r "$@"
	elif sudo -n true 2>/dev/null; then
		# shellcheck disable=SC2016 # for that shell
		sudo -n env PATH="$PATH" LC_ALL="${LC_ALL:-C}" TERM="${TERM:-dumb}" \
			ASAN_OPTIONS="${ASAN_OPTIONS:-}" UBSAN_OPTIONS="${UBSAN_OPTIONS:-}" \
			sh -c 'user=$1 directory=$2 own=$3 status=0
				shift 3
				chown -R 0:0 "$directory"
				"$@" || status=$?
				chown -R "$user" "$directory" "$own"
				exit "$status"' sh \
			"$(id -u):$(id -g)" "$directory" "$BATS_TEST_TMPDIR" "$@"
	else
		skip "no root, no user namespaces, and no sudo without a password"
	fi
}

# add_busybox DIRECTORY: /bin/busybox below it, with what it needs. Debian has it static or not,
# and only one of them can be installed.
add_busybox()
{
	local busybox

	busybox=$(command -v busybox) || skip 'busybox is not installed; run qemu-test/setup unit'
	mkdir -p "$1/bin"
	cp "$busybox" "$1/bin/busybox"
	ldd "$busybox" 2>/dev/null | grep -o '/[^ :]*' | xargs -r cp -L --parents -t "$1"
}
