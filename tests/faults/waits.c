// SPDX-License-Identifier: GPL-2.0-or-later
/* Time passes only where something hangs, and then at once. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/time.h>

#include "traced.h"

/* A wait is made of short ones, until what is waited for is there, or nothing else can
 * happen: then the rest of its time passes at once, and counts. */
#define SHORT_WAIT 2

void wait_shorten(struct task *task)
{
	if (task->regs.orig_rax != SYS_poll || (int)task->regs.rdx <= 0)
		return;
	task->wait = (int)task->regs.rdx;
	task->all_slept = false;
	task->regs.rdx = SHORT_WAIT;
	ptrace(PTRACE_SETREGS, task->pid, NULL, &task->regs);
}

/* Does the process sleep? One that is stopped or has ended has news for us. */
static bool sleeps(pid_t pid)
{
	char path[32], text[256] = "";
	const char *end;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "r");
	if (!file)
		return false;
	if (!fgets(text, sizeof(text), file))
		text[0] = '\0';
	fclose(file);
	end = strrchr(text, ')');
	return end && end[2] == 'S';
}

static bool nothing_happens(const struct tracer *tracer, const struct task *but)
{
	int i;

	for (i = 0; i < tracer->tasks; i++)
		if (&tracer->task[i] != but && !tracer->task[i].gone &&
		    !tracer->task[i].held && !sleeps(tracer->task[i].pid))
			return false;
	return true;
}

/* The end of a short wait. */
static void wait_on(struct tracer *tracer, struct task *task)
{
	struct user_regs_struct *regs = &task->regs;
	long result = (long)regs->rax;

	if (result < 0 && result != -EINTR)
		return;
	regs->rdx = (unsigned long long)task->wait;
	/* What happened before all were asleep is seen by one more short wait. */
	if (result == 0 && (!task->all_slept || !nothing_happens(tracer, task))) {
		task->all_slept = nothing_happens(tracer, task);
		/* Back to the instruction, which has two bytes. */
		regs->rip -= 2;
		regs->rax = SYS_poll;
		regs->rdx = SHORT_WAIT;
		task->again = true;
	} else {
		/* What was ready was not waited for. */
		tracer->trace->waited += result == 0 ? task->wait : 0;
		task->wait = 0;
	}
	ptrace(PTRACE_SETREGS, task->pid, NULL, regs);
}

/* The time of day has the time that passed at once. */
static void pass_time(struct tracer *tracer, struct task *task)
{
	struct timeval now = {0, 0};

	if (task_memory(task->pid, task->regs.rdi, &now, sizeof(now), false) < 0)
		return;
	now.tv_usec += tracer->trace->waited * 1000;
	now.tv_sec += now.tv_usec / 1000000;
	now.tv_usec %= 1000000;
	task_memory(task->pid, task->regs.rdi, &now, sizeof(now), true);
}

void wait_end(struct tracer *tracer, struct task *task)
{
	if (task->wait > 0)
		wait_on(tracer, task);
	else if (task->regs.orig_rax == SYS_gettimeofday)
		pass_time(tracer, task);
}
