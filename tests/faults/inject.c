// SPDX-License-Identifier: GPL-2.0-or-later
/* The one system call that meets a fault, and what hangs with a lock held. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>

#include "traced.h"

const char *const fault_name[FAULT_KINDS] = {
	"none", "ENOMEM", "EINTR", "EIO", "kill-before", "kill-after", "hang", "late"};

static bool lock_is_held(const struct tracer *tracer, int function)
{
	int i;

	for (i = 0; i < tracer->tasks; i++)
		if (tracer->task[i].held && tracer->task[i].locks == function)
			return true;
	return tracer->fault->stuck &&
	       strstr(tracer->fault->stuck, tracer->live->function[function].addr);
}

static bool is_faulted(struct tracer *tracer, const struct task *task)
{
	const struct fault *fault = tracer->fault;

	return fault->kind != FAULT_NONE && !tracer->trace->faulted &&
	       fault->task == task_number(tracer, task) && fault->call == task->calls;
}

/* Act on the fault at the entry of its call. Is the call dealt with? */
static bool meet(struct tracer *tracer, struct task *task, const struct emulated *e)
{
	static const int errors[FAULT_KINDS] = {
		[FAULT_ENOMEM] = ENOMEM, [FAULT_EINTR] = EINTR, [FAULT_EIO] = EIO};

	tracer->trace->faulted = true;
	switch (tracer->fault->kind) {
	case FAULT_ENOMEM:
	case FAULT_EINTR:
	case FAULT_EIO:
		task_replace(task, -errors[tracer->fault->kind]);
		return true;
	case FAULT_KILL_BEFORE:
		kill(task->pid, SIGKILL);
		return true;
	case FAULT_KILL_AFTER:
		task->kill_after = true;
		return false;
	case FAULT_HANG:
		tracer->trace->locked = task->locks = e->locks;
		task_hold(task, e->may_wait);
		return true;
	case FAULT_LATE:
		tracer->trace->locked = task->locks = e->locks;
		task->hold_after = true;
		task->immortal = e->may_wait;
		return false;
	case FAULT_NONE:
	case FAULT_KINDS:
		break;
	}
	return false;
}

/* kill() of what hangs in the kernel does nothing yet. */
static bool kills_immortal(struct tracer *tracer, struct task *task)
{
	int i;

	if (task->regs.orig_rax != SYS_kill)
		return false;
	for (i = 0; i < tracer->tasks; i++)
		if (tracer->task[i].pid == (pid_t)task->regs.rdi &&
		    tracer->task[i].held && tracer->task[i].immortal)
			return true;
	return false;
}

bool inject(struct tracer *tracer, struct task *task, const struct emulated *e)
{
	if (is_faulted(tracer, task)) {
		if (meet(tracer, task, e))
			return true;
	} else if (e->may_wait && e->locks >= 0 && lock_is_held(tracer, e->locks)) {
		task_hold(task, true);
		return true;
	}
	if (!kills_immortal(tracer, task))
		return false;
	task_replace(task, 0);
	return true;
}
