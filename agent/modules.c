// SPDX-License-Identifier: GPL-2.0-or-later
/* Loads kernel modules through libkmod; the only file that knows libkmod. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <libkmod/libkmod.h>

#include "modules.h"

static int in_kernel(const struct kmod_module *mod)
{
	int state = kmod_module_get_initstate(mod);

	return state == KMOD_MODULE_LIVE || state == KMOD_MODULE_BUILTIN;
}

static int insert_one(struct kmod_module *mod)
{
	int err;

	if (in_kernel(mod))
		return 0;
	err = kmod_module_insert_module(mod, 0, kmod_module_get_options(mod));
	/* Another process was faster; the kernel answers once that load has ended. */
	if (err == -EEXIST)
		return 0;
	/* The file is there, so this is simplify_symbols() in kernel/module/main.c. */
	if (err == -ENOENT)
		return -ELIBACC;
	return err;
}

/*
 * kmod_module_probe_insert_module() would do all of this, but its flag
 * KMOD_PROBE_IGNORE_COMMAND covers only the module itself: the install lines of its
 * dependencies would still be run.
 */
static int insert_chain(struct kmod_module *mod, struct kmod_module **failed)
{
	struct kmod_list *deps = kmod_module_get_dependencies(mod);
	struct kmod_list *entry;
	int err = 0;

	for (entry = deps; entry; entry = kmod_list_next(deps, entry)) {
		*failed = kmod_module_get_module(entry);
		err = insert_one(*failed);
		if (err < 0)
			goto out;
		kmod_module_unref(*failed);
	}
	*failed = kmod_module_ref(mod);
	err = insert_one(mod);
out:
	kmod_module_unref_list(deps);
	return err;
}

static int load(struct kmod_ctx *ctx, const char *name, char *culprit)
{
	struct kmod_module *mod, *failed = NULL;
	const char *path;
	int err;

	err = kmod_module_new_from_name(ctx, name, &mod);
	if (err < 0)
		return err;
	path = kmod_module_get_path(mod);
	if (path && access(path, F_OK) == 0)
		err = insert_chain(mod, &failed);
	/* No file: built in, perhaps, even where the image lacks modules.builtin. */
	else if (kmod_module_get_initstate(mod) < 0)
		err = -ENOENT;
	if (err < 0 && failed)
		snprintf(culprit, EB_MODULE_NAME_LEN, "%s", kmod_module_get_name(failed));
	kmod_module_unref(failed);
	kmod_module_unref(mod);
	return err;
}

int eb_modules_load(struct eb_modules *modules, const char *name,
		    char culprit[EB_MODULE_NAME_LEN])
{
	char failed[EB_MODULE_NAME_LEN];
	int err = -ENOMEM;

	snprintf(failed, sizeof(failed), "%s", name);
	if (!modules->ctx)
		modules->ctx = kmod_new(NULL, NULL);
	if (modules->ctx)
		err = load(modules->ctx, name, failed);
	if (err < 0)
		memcpy(culprit, failed, sizeof(failed));
	return err;
}
