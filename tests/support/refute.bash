# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What must not be in a file. In a test of bats a line `! grep ...` cannot fail, and `run` with
# `! grep` passes where the file is missing: tests/docs.bats finds both.

# refute_in FILE [OPTION ...] PATTERN: FILE is there and not empty, and grep finds no such line in
# it. FILE may be a directory: then in no file below it.
refute_in()
{
	local file=$1 status=0 recursive=()

	shift
	if [ -d "$file" ]; then
		recursive=(-r)
		[ -n "$(find "$file" -type f -size +0 -print -quit)" ] || {
			echo "no file below $file has anything in it"
			return 1
		}
	elif [ ! -s "$file" ]; then
		echo "$file is missing or empty"
		return 1
	fi
	grep "${recursive[@]}" "$@" "$file" || status=$?
	case $status in
	0) echo "unwanted in $file: ${*: -1}" ;;
	1) return 0 ;;
	esac
	return 1
}
