// SPDX-License-Identifier: GPL-2.0-or-later
/* The effects of a plan on the live machine, each in its time. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <earlybind/sysfs.h>
#include <earlybind/text.h>

#include "ops.h"
#include "write.h"

/* What the worker is to do. */
struct task {
	enum { WRITE, READ, CLEAR, LOAD } kind;
	unsigned int size; /* of what is read, with its NUL */
	char text[64];	   /* that is written, or a module's name */
	char path[160];
};
_Static_assert(sizeof(struct task) <= EB_MAX_TASK, "a task fits");
_Static_assert(EB_MODULE_NAME_LEN <= EB_MAX_REPLY, "the name of a module fits");

/* Only what is read counts, whatever the write said. */
static int clear(int root, const char *path)
{
	char text[EB_MAX_REPLY];
	int err = eb_write_text(root, path, "\n", 1);
	ssize_t n = eb_sysfs_read(root, path, text, sizeof(text));

	if (n >= 0 && strcmp(text, "(null)") == 0)
		return 0;
	return err ? err : n < 0 ? (int)n : -EIO;
}

static int work(void *ctx, const void *data, void *reply)
{
	struct eb_real *real = ctx;
	const struct task *task = data;

	switch (task->kind) {
	case WRITE:
		return eb_write_text(real->root, task->path, task->text,
				     strlen(task->text));
	case READ:
		/* Reading driver_override takes the device lock (drivers/pci/pci-sysfs.c,
		 * driver_override_show), so it can wait behind a stuck probe. */
		return (int)eb_sysfs_read(real->root, task->path, reply, task->size);
	case CLEAR:
		return clear(real->root, task->path);
	case LOAD:
		return eb_modules_load(&real->modules, task->text, reply);
	}
	return -EINVAL;
}

/* Might it go better with another worker, or a moment later? */
static bool passes(const struct eb_real *real, int err)
{
	return err == -ENOMEM || err == -EAGAIN ||
	       (real->worker.pid == 0 && err != -ETIMEDOUT);
}

/* Have a task done in its time, at most twice; after EB_MAX_LATE that were late, not at
 * all. */
static int call(struct eb_real *real, struct task *task, const char *path,
		const char *text, void *reply)
{
	const size_t path_size = strlen(path) + 1, text_size = strlen(text) + 1;
	bool lost = false;
	int err, tries = 2;

	if (path_size > sizeof(task->path) || text_size > sizeof(task->text))
		return -ENAMETOOLONG;
	memcpy(task->path, path, path_size);
	memcpy(task->text, text, text_size);
	real->worker.work = work;
	real->worker.ctx = real;
	do {
		if (real->late == EB_MAX_LATE)
			return -ECANCELED;
		err = eb_worker_call(&real->worker, task, sizeof(*task), real->timeout,
				     reply, task->size);
		lost |= err == -ECHILD;
	} while (passes(real, err) && --tries);
	if (err == -ETIMEDOUT)
		real->late++;
	else if (lost && !real->worker.pid)
		return -ECHILD;
	return err;
}

static int real_write(void *ctx, const char *path, const char *text)
{
	struct task task = {.kind = WRITE};

	return call(ctx, &task, path, text, NULL);
}

static int real_read(void *ctx, const char *path, char *buf, size_t size)
{
	struct task task = {.kind = READ, .size = (unsigned int)size};

	if (size > EB_MAX_REPLY)
		return -EINVAL;
	return call(ctx, &task, path, "", buf);
}

static int real_clear(void *ctx, const char *path)
{
	struct eb_real *real = ctx;
	struct task task = {.kind = CLEAR};
	int err = call(real, &task, path, "", NULL);

	if (err && !real->worker.pid && !real->late)
		err = clear(real->root, path);
	return err;
}

static int read_locked(void *ctx, const char *path, char *buf, size_t size)
{
	int n = real_read(ctx, path, buf, size);

	return n == -ECANCELED ? -ETIMEDOUT : n;
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

static int real_load(void *ctx, const char *module, char *culprit, size_t size)
{
	char name[EB_MODULE_NAME_LEN] = "";
	struct task task = {.kind = LOAD, .size = sizeof(name)};
	int err = call(ctx, &task, "", module, name);

	snprintf(culprit, size, "%s", name[0] ? name : module);
	return err;
}

void eb_ops_say(struct eb_real *real, enum eb_level level, const char *text)
{
	char line[EB_LINE_TEXT];
	struct eb_text out = eb_text_on(line, sizeof(line) - 1);
	ssize_t n;

	if (real->kmsg < 0 || real->said == EB_MAX_LINES)
		return;
	eb_text_add(&out, "<%d>earlybind: %s", (int)level, text);
	line[out.len++] = '\n';
	do {
		n = write(real->kmsg, line, out.len);
	} while (n < 0 && errno == EINTR);
	/* Nothing is to be done about a kernel log that takes no line. */
	real->said += n >= 0;
}

static void real_say(void *ctx, enum eb_level level, const char *text)
{
	eb_ops_say(ctx, level, text);
}

struct eb_locked eb_ops_locked(struct eb_real *real)
{
	return (struct eb_locked){.ctx = real, .read = read_locked};
}

struct eb_ops eb_ops_real(struct eb_real *real)
{
	return (struct eb_ops){.ctx = real,
			       .write = real_write,
			       .read = real_read,
			       .clear = real_clear,
			       .link = real_link,
			       .exists = real_exists,
			       .load = real_load,
			       .say = real_say};
}
