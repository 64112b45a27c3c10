// SPDX-License-Identifier: GPL-2.0-or-later
/* The processes that are traced: which they are, and what is in their memory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <unistd.h>

#include "traced.h"

struct task *task_of(struct tracer *tracer, pid_t pid)
{
	int i;

	for (i = 0; i < tracer->tasks; i++)
		if (tracer->task[i].pid == pid && !tracer->task[i].gone)
			return &tracer->task[i];
	if (tracer->tasks == TASKS) {
		fprintf(stderr, "faults: more than %d processes in one run\n", TASKS);
		abort();
	}
	tracer->task[tracer->tasks] = (struct task){.pid = pid, .locks = -1};
	return &tracer->task[tracer->tasks++];
}

int task_number(const struct tracer *tracer, const struct task *task)
{
	return (int)(task - tracer->task);
}

void task_hold(struct task *task, bool immortal)
{
	task->held = true;
	task->immortal = immortal;
}

/* A call without a number is not made (kernel/seccomp.c, __seccomp_filter), and its
 * result is what stands in RAX. */
void task_replace(struct task *task, long result)
{
	task->regs.orig_rax = (unsigned long long)-1;
	task->regs.rax = (unsigned long long)result;
	ptrace(PTRACE_SETREGS, task->pid, NULL, &task->regs);
}

ssize_t task_memory(pid_t pid, unsigned long at, void *data, size_t size, bool to)
{
	struct iovec here = {data, size}, there = {(void *)at, size};

	return to ? process_vm_writev(pid, &here, 1, &there, 1, 0)
		  : process_vm_readv(pid, &here, 1, &there, 1, 0);
}

void task_string(pid_t pid, unsigned long at, char *text, size_t size)
{
	size_t len = 0, part;
	ssize_t n;

	while (len < size - 1) {
		part = 4096 - ((at + len) & 4095);
		n = task_memory(pid, at + len, text + len,
				part < size - 1 - len ? part : size - 1 - len, false);
		if (n <= 0)
			break;
		if (memchr(text + len, '\0', (size_t)n))
			return;
		len += (size_t)n;
	}
	text[len] = '\0';
}

void task_path(const struct tracer *tracer, const struct task *task, long fd,
	       char path[LIVE_PATH])
{
	char link[64], target[LIVE_PATH * 2];
	size_t len = strlen(tracer->live->root);
	ssize_t n;

	path[0] = '\0';
	snprintf(link, sizeof(link), "/proc/%d/fd/%ld", task->pid, fd);
	n = readlink(link, target, sizeof(target) - 1);
	target[n < 0 ? 0 : n] = '\0';
	if (strncmp(target, tracer->live->root, len) == 0 && target[len] == '/')
		snprintf(path, LIVE_PATH, "%.*s", LIVE_PATH - 1, target + len + 1);
}
