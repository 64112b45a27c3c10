// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs the agent under ptrace: the kernel's part is played by live-sysfs.c, time passes
 * only where something hangs, and one system call meets a fault. For x86-64. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "traced.h"

/* Exit statuses of what did not become the agent. */
#define NO_RIGHTS  126
#define NO_PROGRAM 127
/* A run takes milliseconds. */
#define SECONDS 20

/* Must the end of this call be seen? */
static bool matters_at_its_end(const struct tracer *tracer, const struct task *task)
{
	return task->kill_after || task->hold_after || task->wait > 0 ||
	       (task->regs.orig_rax == SYS_gettimeofday && tracer->trace->waited > 0);
}

static void enter(struct tracer *tracer, struct task *task)
{
	struct emulated e;

	task->kill_after = task->hold_after = false;
	task->wait = 0;
	task->calls++;
	e = call_look(tracer, task);
	if (inject(tracer, task, &e))
		return;
	if (e.is)
		call_answer(tracer, task, &e);
	else
		wait_shorten(task);
}

static void leave(struct tracer *tracer, struct task *task)
{
	wait_end(tracer, task);
	if (task->kill_after)
		kill(task->pid, SIGKILL);
	if (task->hold_after)
		task_hold(task, task->immortal);
}

static void see_call(struct tracer *tracer, struct task *task)
{
	bool again = task->again;

	if (ptrace(PTRACE_GETREGS, task->pid, NULL, &task->regs) < 0)
		return;
	task->again = false;
	if (!again && task->regs.orig_rax != SYS_restart_syscall)
		enter(tracer, task);
	if (!task->held)
		ptrace(matters_at_its_end(tracer, task) ? PTRACE_SYSCALL : PTRACE_CONT,
		       task->pid, NULL, 0);
}

static void see_end(struct tracer *tracer, struct task *task)
{
	if (ptrace(PTRACE_GETREGS, task->pid, NULL, &task->regs) < 0)
		return;
	leave(tracer, task);
	if (!task->held)
		ptrace(PTRACE_CONT, task->pid, NULL, 0);
}

/* Results that user space never sees: the call is made again (include/linux/errno.h). */
#define ERESTARTSYS	      512
#define ERESTART_RESTARTBLOCK 516

static void see_signal(struct task *task, int sig)
{
	struct user_regs_struct regs;

	if (ptrace(PTRACE_GETREGS, task->pid, NULL, &regs) == 0)
		task->again = (long)regs.rax <= -ERESTARTSYS &&
			      (long)regs.rax >= -ERESTART_RESTARTBLOCK;
	ptrace(PTRACE_CONT, task->pid, NULL, sig);
}

/* A process that was forked is known from here on, not from its own first stop on. */
static void see_fork(struct tracer *tracer, pid_t pid)
{
	unsigned long child;

	if (ptrace(PTRACE_GETEVENTMSG, pid, NULL, &child) == 0)
		task_of(tracer, (pid_t)child);
}

static void see_stop(struct tracer *tracer, pid_t pid, int status)
{
	struct task *task = task_of(tracer, pid);
	int sig = WSTOPSIG(status), event = status >> 16;

	if (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK ||
	    event == PTRACE_EVENT_CLONE)
		see_fork(tracer, pid);

	if (event == PTRACE_EVENT_SECCOMP)
		see_call(tracer, task);
	else if (sig == (SIGTRAP | 0x80))
		see_end(tracer, task);
	else if (event || sig == SIGSTOP || sig == SIGTRAP)
		/* An event of ours, or the first stop of a process that was forked. */
		ptrace(PTRACE_CONT, pid, NULL, 0);
	else
		see_signal(task, sig);
}

static volatile sig_atomic_t too_long;

static void on_alarm(int sig)
{
	(void)sig;
	too_long = 1;
}

static void end_all(struct tracer *tracer)
{
	int i, status;

	for (i = 0; i < tracer->tasks; i++)
		if (!tracer->task[i].gone)
			kill(tracer->task[i].pid, SIGKILL);
	while (waitpid(-1, &status, __WALL) > 0 || errno == EINTR)
		;
}

/* Follow all processes until the agent itself has ended. */
static void follow(struct tracer *tracer)
{
	struct sigaction action = {.sa_handler = on_alarm};
	int status;
	pid_t pid;

	too_long = 0;
	sigaction(SIGALRM, &action, NULL);
	alarm(SECONDS);
	while (!tracer->task[0].gone && !too_long) {
		pid = waitpid(-1, &status, __WALL);
		if (pid < 0)
			continue;
		if (WIFSTOPPED(status)) {
			see_stop(tracer, pid, status);
			continue;
		}
		if (pid == tracer->task[0].pid)
			tracer->trace->status = status;
		task_of(tracer, pid)->held = false;
		task_of(tracer, pid)->gone = true;
	}
	alarm(0);
	tracer->trace->endless = !tracer->task[0].gone;
	end_all(tracer);
}

/* Only root may chroot(2), or the root of a namespace of its own. A filter that asks the
 * tracer about each call costs one stop a call, PTRACE_SYSCALL two. */
static void be_agent(const struct live *live, int agent)
{
	char *argv[] = {(char *)"earlybind-agent", NULL}, *envp[] = {NULL};
	struct sock_filter trace = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
	struct sock_fprog filter = {.len = 1, .filter = &trace};

	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0 ||
	    (geteuid() != 0 && unshare(CLONE_NEWUSER) < 0) || chdir(live->root) < 0 ||
	    chroot(".") < 0 || raise(SIGSTOP) != 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) < 0)
		_exit(NO_RIGHTS);
	fexecve(agent, argv, envp);
	_exit(NO_PROGRAM);
}

bool trace_run(struct live *live, int agent, const struct fault *fault,
	       struct trace *trace)
{
	struct tracer tracer = {.live = live, .fault = fault, .trace = trace};
	const long options = PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD |
			     PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
			     PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC |
			     PTRACE_O_TRACESECCOMP;
	pid_t pid = fork();
	int status;

	if (pid == 0)
		be_agent(live, agent);
	trace->faulted = trace->endless = false;
	trace->locked = -1;
	trace->waited = 0;
	trace->unbounded = NULL;
	trace->kmsg[0] = trace->said[0] = '\0';
	trace->calls = 0;
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return false;
	if (!WIFSTOPPED(status)) {
		errno = EPERM;
		return false;
	}
	if (ptrace(PTRACE_SETOPTIONS, pid, NULL, options) < 0)
		return false;
	/* On to the new program: its first stop is that of exec. */
	do {
		ptrace(PTRACE_CONT, pid, NULL, 0);
		if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status)) {
			errno = WIFEXITED(status) && WEXITSTATUS(status) == NO_PROGRAM
					? ENOEXEC
					: EPERM;
			return false;
		}
	} while (status >> 16 != PTRACE_EVENT_EXEC);
	task_of(&tracer, pid);
	ptrace(PTRACE_CONT, pid, NULL, 0);
	follow(&tracer);
	return true;
}
