// SPDX-License-Identifier: GPL-2.0-or-later
/* The effects of a plan on the live machine, each in its time. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <earlybind/sysfs.h>
#include <earlybind/text.h>

#include "modules.h"
#include "ops.h"
#include "worker.h"
#include "write.h"

/* What a child needs to know. */
struct job {
	int root;
	const char *path;
	const char *text;
	size_t size;
};

static int do_write(void *ctx, void *reply)
{
	const struct job *job = ctx;

	(void)reply;
	return eb_write_text(job->root, job->path, job->text, strlen(job->text));
}

/* Call a job in its time; after EB_MAX_LATE that were late, not at all. */
static int call(struct eb_real *real, int (*do_job)(void *ctx, void *reply),
		struct job *job, void *reply, size_t size)
{
	int err;

	if (real->late == EB_MAX_LATE)
		return -ETIMEDOUT;
	err = eb_worker_call(do_job, job, real->timeout, reply, size);
	if (err == -ETIMEDOUT)
		real->late++;
	return err;
}

static int real_write(void *ctx, const char *path, const char *text)
{
	struct eb_real *real = ctx;
	struct job job = {.root = real->root, .path = path, .text = text};

	return call(real, do_write, &job, NULL, 0);
}

static int do_read(void *ctx, void *reply)
{
	const struct job *job = ctx;

	return (int)eb_sysfs_read(job->root, job->path, reply, job->size);
}

static int real_read(void *ctx, const char *path, char *buf, size_t size)
{
	struct eb_real *real = ctx;
	struct job job = {.root = real->root, .path = path, .size = size};

	if (size > EB_MAX_REPLY)
		return -EINVAL;
	/* Reading driver_override takes the device lock (drivers/pci/pci-sysfs.c,
	 * driver_override_show), so it can wait behind a stuck probe. */
	return call(real, do_read, &job, buf, size);
}

static int real_link(void *ctx, const char *path, char *name, size_t size)
{
	const struct eb_real *real = ctx;

	return (int)eb_sysfs_link_name(real->root, path, name, size);
}

static bool real_exists(void *ctx, const char *path)
{
	const struct eb_real *real = ctx;

	return eb_sysfs_exists(real->root, path);
}

static int do_load(void *ctx, void *reply)
{
	const struct job *job = ctx;

	return eb_modules_load_named(job->text, reply);
}

static int real_load(void *ctx, const char *module, char *culprit, size_t size)
{
	struct eb_real *real = ctx;
	struct job job = {.text = module};
	char name[EB_MODULE_NAME_LEN];
	int err = call(real, do_load, &job, name, sizeof(name));

	snprintf(culprit, size, "%s",
		 err && err != -ETIMEDOUT && name[0] ? name : module);
	return err;
}

void eb_ops_say(struct eb_real *real, enum eb_level level, const char *text)
{
	char line[EB_LINE_TEXT];
	struct eb_text out = eb_text_on(line, sizeof(line) - 1);

	if (real->kmsg < 0 || real->said == EB_MAX_LINES)
		return;
	real->said++;
	eb_text_add(&out, "<%d>earlybind: %s", (int)level, text);
	line[out.len++] = '\n';
	/* Nothing is to be done about a kernel log that takes no line. */
	if (write(real->kmsg, line, out.len) < 0)
		real->said--;
}

static void real_say(void *ctx, enum eb_level level, const char *text)
{
	eb_ops_say(ctx, level, text);
}

struct eb_locked eb_ops_locked(struct eb_real *real)
{
	return (struct eb_locked){.ctx = real, .read = real_read};
}

struct eb_ops eb_ops_real(struct eb_real *real)
{
	return (struct eb_ops){.ctx = real,
			       .write = real_write,
			       .read = real_read,
			       .link = real_link,
			       .exists = real_exists,
			       .load = real_load,
			       .say = real_say};
}
