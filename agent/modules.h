/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Load kernel modules by name, with their dependencies and the user's options. */
#ifndef EARLYBIND_AGENT_MODULES_H
#define EARLYBIND_AGENT_MODULES_H

/* MODULE_NAME_LEN of include/linux/module.h on 64-bit machines: with the NUL. */
#define EB_MODULE_NAME_LEN 56

/* What loading keeps from one module to the next, zeroed at first: libkmod with its
 * configuration, which is read once. */
struct eb_modules {
	struct kmod_ctx *ctx;
};

/*
 * Load the module @name ('-' and '_' are the same) and what modules.dep says that it
 * needs, each with the options that modprobe.d and the kernel command line give it.
 *
 * Exactly the named module is meant: alias, blacklist, install and softdep lines of
 * modprobe.d are ignored, so no command of a modprobe.d file can ever run.
 *
 * The call blocks for as long as the module's init function takes.
 *
 * Returns 0 when the module is in the kernel: loaded now, loaded before, or built in.
 * -ENOENT: there is no such module for the running kernel.
 * -ELIBACC: it, or a module that it needs, lacks a symbol: a dependency is missing in the
 * image. Otherwise the errno of libkmod or of finit_module(2), negated: -EINVAL (an
 * option, a version or a compressed file that the kernel refuses), -ENOEXEC (not for this
 * kernel, or compressed), -ENOSYS (compressed, and the kernel does not decompress that
 * format), -EPERM, -ENOMEM, ...
 * On failure @culprit is the name of the module that failed, @name or one of its
 * dependencies; otherwise it is left alone.
 */
int eb_modules_load(struct eb_modules *modules, const char *name,
		    char culprit[EB_MODULE_NAME_LEN]);

#endif
