# SPDX-License-Identifier: GPL-2.0-or-later
# A stand-in for mkinitcpio, which Debian does not have: the functions that install hooks call,
# with what their documentation and version 39 say of them, and the order in which its /init
# runs early hooks. It shares no code with it.
#
# Of the caller: R, a directory below which are the modules (modules/lib/modules), and image/,
# the image that is built; HOOK_DIRS, where install/ and hooks/ are.

shopt -s extglob

warning() { printf "==> WARNING: $1\n" "${@:2}" >&2; }

# An add_ function that fails makes the status of mkinitcpio 1, though there is an image.
error()
{
	printf "==> ERROR: $1\n" "${@:2}" >&2
	[[ ${FUNCNAME[1]} != add_* ]] || errors=$((errors + 1))
	return 1
}

add_dir() { mkdir -p "$BUILDROOT$1"; }

# add_file SOURCE [DESTINATION [MODE]]
add_file() {
	local target=$BUILDROOT${2:-$1}

	[[ -f $1 ]] || { error 'file not found: %s' "$1"; return 1; }
	install -D "$1" "$target"
	[[ -z ${3:-} ]] || chmod "$3" "$target"
}

add_symlink() {
	add_dir "${1%/*}"
	ln -sfn "$2" "$BUILDROOT$1"
}

# With a question mark at its end a module that is not there is no error. What a module needs
# comes with it.
add_module() {
	local name=${1%\?} file need found=

	name=${name//-/_}
	[[ -z ${added[$name]:-} ]] || return 0
	while read -r file; do
		[[ $file == /* ]] && paths[$file]=1 found=1 added[$name]=1
	done < <(modinfo -b "$R/modules" -k "$KERNELVERSION" -F filename "$name" 2>/dev/null)
	if [[ -z $found ]]; then
		[[ $1 == *\? ]] || error 'module not found: %s' "$name"
		return
	fi
	for need in $(modinfo -b "$R/modules" -k "$KERNELVERSION" -F depends "$name" | tr , ' '); do
		add_module "$need"
	done
	return 0
}

# The runtime hook has the name of the install hook that calls.
add_runscript() {
	local name=${BASH_SOURCE[1]##*/} dir

	for dir in "${HOOK_DIRS[@]}"; do
		[[ -f $dir/hooks/$name ]] || continue
		add_file "$dir/hooks/$name" "/hooks/$name" 755
		if grep -q '^run_earlyhook *()' "$dir/hooks/$name"; then _runhooks[early]+=" $name"; fi
		if grep -q '^run_hook *()' "$dir/hooks/$name"; then _runhooks[hooks]+=" $name"; fi
		return 0
	done
	error 'runtime script for %s not found' "$name"
}

# What mkinitcpio does with modules when all hooks have run. It removes the indexes as text.
install_modules() {
	local file to=$BUILDROOT/usr/lib/modules/$KERNELVERSION

	for file in "${!paths[@]}"; do
		add_file "$file" "/usr/lib/modules/$KERNELVERSION/${file##*"/$KERNELVERSION/"}"
	done
	if [[ ${MODULES_DECOMPRESS:-no} == yes ]]; then
		find "$to/kernel" -name '*.ko.zst' -exec zstd -q -d --rm {} +
	fi
	mkdir -p "$to"
	cp "$R/modules/lib/modules/$KERNELVERSION"/modules.{builtin,builtin.modinfo,order} "$to"
	depmod -b "$BUILDROOT" "$KERNELVERSION"
	rm -f "$to"/modules.!(*.bin|devname|softdep)
}

# mkinitcpio HOOK...: the image of these hooks. Its status is 1 when an add_ function failed.
mkinitcpio() {
	local BUILDROOT=$R/image KERNELVERSION=6.9.1-arch _optmoduleroot=$R/modules
	local -A _runhooks=() added=() paths=()
	local hook dir errors=0

	rm -rf "$BUILDROOT"
	mkdir -p "$BUILDROOT"/{dev,proc,sys,run,etc,usr/lib,usr/bin}
	ln -s usr/lib "$BUILDROOT/lib"
	for hook; do
		for dir in "${HOOK_DIRS[@]}"; do
			[[ -f $dir/install/$hook ]] && break
		done
		unset -f build help
		. "$dir/install/$hook"
		build
	done
	install_modules
	printf "EARLYHOOKS='%s'\nHOOKS='%s'\n" "${_runhooks[early]:-}" "${_runhooks[hooks]:-}" \
		>"$BUILDROOT/config"
	return $((errors > 0))
}

# The part of mkinitcpio's /init up to the loading of MODULES, for busybox.
init_script() {
	cat <<'END'
. /config
for hook in $EARLYHOOKS; do
	[ -x "/hooks/$hook" ] || continue
	unset run_earlyhook
	. "/hooks/$hook"
	type run_earlyhook >/dev/null || continue
	run_earlyhook
done
echo MODULES >>/run/steps
END
}
