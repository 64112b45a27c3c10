// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's part of a system call: what the call is, and live-sysfs.c's answer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "traced.h"

#define CALL(name)                \
	{                         \
		SYS_##name, #name \
	}

static const struct {
	int nr;
	const char *name;
} names[] = {
	CALL(read),	    CALL(write),   CALL(open),	       CALL(close),
	CALL(openat),	    CALL(fstat),   CALL(stat),	       CALL(poll),
	CALL(mmap),	    CALL(munmap),  CALL(brk),	       CALL(pipe),
	CALL(pipe2),	    CALL(fork),	   CALL(vfork),	       CALL(clone),
	CALL(wait4),	    CALL(kill),	   CALL(getdents64),   CALL(readlinkat),
	CALL(faccessat),    CALL(access),  CALL(renameat),     CALL(unlinkat),
	CALL(mkdirat),	    CALL(umask),   CALL(finit_module), CALL(gettimeofday),
	CALL(exit_group),   CALL(exit),	   CALL(socketpair),   CALL(fchmod),
	CALL(lseek),	    CALL(pread64), CALL(newfstatat),   CALL(uname),
	CALL(rt_sigaction),
};

static const char *call_name(int nr, char text[16])
{
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].nr == nr)
			return names[i].name;
	snprintf(text, 16, "call %d", nr);
	return text;
}

static void note(struct tracer *tracer, const struct task *task, const char *path,
		 const char *extra)
{
	struct trace *trace = tracer->trace;
	struct trace_call *call;
	char name[16];

	if (trace->calls == TRACE_CALLS) {
		fprintf(stderr, "faults: more than %d calls in one run\n", TRACE_CALLS);
		abort();
	}
	call = &trace->call[trace->calls++];
	*call = (struct trace_call){.task = (short)task_number(tracer, task),
				    .call = (short)task->calls,
				    .nr = (int)task->regs.orig_rax};
	snprintf(call->what, sizeof(call->what), "%s %.80s%s%.20s",
		 call_name(call->nr, name), path, extra[0] ? " " : "", extra);
	call->what[strcspn(call->what, "\n")] = '\0';
}

/* A call of the agent itself for which the boot would wait. */
static void may_wait(struct tracer *tracer, const struct task *task, const char *path)
{
	struct trace *trace = tracer->trace;

	if (task_number(tracer, task) != 0 || trace->unbounded)
		return;
	snprintf(trace->unbounded_text, sizeof(trace->unbounded_text), "%.150s", path);
	trace->unbounded = trace->unbounded_text;
}

static void append(char *to, size_t size, const char *text, size_t len)
{
	size_t used = strlen(to);

	if (used + len < size)
		snprintf(to + used, size - used, "%.*s", (int)len, text);
}

static struct emulated read_call(struct tracer *tracer, struct task *task)
{
	const struct user_regs_struct *regs = &task->regs;
	struct emulated e = {.locks = -1};
	ssize_t n;

	switch (regs->orig_rax) {
	case SYS_finit_module:
		task_path(tracer, task, (long)regs->rdi, e.path);
		e.is = e.module = e.may_wait = true;
		break;
	case SYS_write:
		task_path(tracer, task, (long)regs->rdi, e.path);
		e.log = strcmp(e.path, "dev/kmsg") == 0;
		e.out = regs->rdi == STDOUT_FILENO && !e.path[0];
		e.is = e.log || e.out || strncmp(e.path, "sys/", 4) == 0;
		e.may_wait = e.is && !e.log && !e.out;
		e.len = regs->rdx < sizeof(e.text) ? regs->rdx : sizeof(e.text) - 1;
		n = task_memory(task->pid, regs->rsi, e.text, e.len, false);
		e.text[n < 0 ? 0 : n] = '\0';
		if (e.may_wait)
			e.locks = live_locks(tracer->live, e.path, e.text);
		break;
	case SYS_read:
	case SYS_pread64:
		task_path(tracer, task, (long)regs->rdi, e.path);
		e.may_wait = live_may_wait(e.path);
		if (e.may_wait)
			e.locks = live_locks(tracer->live, e.path, NULL);
		break;
	case SYS_openat:
	case SYS_readlinkat:
	case SYS_faccessat:
	case SYS_unlinkat:
	case SYS_mkdirat:
	case SYS_newfstatat:
		task_string(task->pid, regs->rsi, e.path, sizeof(e.path));
		break;
	case SYS_renameat:
		task_string(task->pid, regs->r10, e.path, sizeof(e.path));
		break;
	case SYS_open:
	case SYS_access:
	case SYS_stat:
		task_string(task->pid, regs->rdi, e.path, sizeof(e.path));
		break;
	default:
		task_path(tracer, task, (long)regs->rdi, e.path);
	}
	return e;
}

/* Some calls matter only where they are listed. */
static bool can_matter(const struct tracer *tracer, const struct task *task)
{
	switch (task->regs.orig_rax) {
	case SYS_finit_module:
	case SYS_write:
	case SYS_read:
	case SYS_pread64:
	case SYS_kill:
		return true;
	}
	return tracer->trace->list;
}

struct emulated call_look(struct tracer *tracer, struct task *task)
{
	struct emulated e = {.locks = -1};

	if (can_matter(tracer, task))
		e = read_call(tracer, task);
	if (tracer->trace->list)
		note(tracer, task, e.path, e.may_wait ? e.text : "");
	if (e.may_wait)
		may_wait(tracer, task, e.path);
	return e;
}

void call_answer(struct tracer *tracer, struct task *task, const struct emulated *e)
{
	struct trace *trace = tracer->trace;
	long result;

	if (e->module)
		result = live_load(tracer->live, e->path);
	else if (e->log || e->out) {
		append(e->log ? trace->kmsg : trace->said,
		       e->log ? sizeof(trace->kmsg) : sizeof(trace->said), e->text,
		       e->len);
		result = (long)e->len;
	} else
		result = live_write(tracer->live, e->path, e->text, e->len);
	task_replace(task, result);
}
