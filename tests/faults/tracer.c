// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs the agent under ptrace: the kernel's part is played by live-sysfs.c, time passes
 * only where something hangs, and one system call meets a fault. For x86-64. */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tracer.h"

#define TASKS 256
/* Exit statuses of what did not become the agent. */
#define NO_RIGHTS  126
#define NO_PROGRAM 127
/* A run takes milliseconds. */
#define SECONDS 20

const char *const fault_name[FAULT_KINDS] = {
	"none", "ENOMEM", "EINTR", "EIO", "kill-before", "kill-after", "hang", "late"};

struct task {
	pid_t pid;
	int calls;
	bool again; /* its next call is the kernel's, after a signal */
	bool kill_after, hold_after;
	bool held;     /* never goes on */
	bool immortal; /* held in the kernel, where no signal reaches it */
	bool gone;
	int locks;	/* the function whose lock it holds, or -1 */
	int wait;	/* milliseconds that it waits for, in short waits */
	bool all_slept; /* at the end of the last of these */
	struct user_regs_struct regs;
};

struct tracer {
	struct live *live;
	const struct fault *fault;
	struct trace *trace;
	struct task task[TASKS];
	int tasks;
};

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

/* Copy from or to the memory of PID. How many bytes. */
static ssize_t memory(pid_t pid, unsigned long at, void *data, size_t size, bool to)
{
	struct iovec here = {data, size}, there = {(void *)at, size};

	return to ? process_vm_writev(pid, &here, 1, &there, 1, 0)
		  : process_vm_readv(pid, &here, 1, &there, 1, 0);
}

/* A string, which may end just before a page that is not there. */
static void read_string(pid_t pid, unsigned long at, char *text, size_t size)
{
	size_t len = 0, part;
	ssize_t n;

	while (len < size - 1) {
		part = 4096 - ((at + len) & 4095);
		n = memory(pid, at + len, text + len,
			   part < size - 1 - len ? part : size - 1 - len, false);
		if (n <= 0)
			break;
		if (memchr(text + len, '\0', (size_t)n))
			return;
		len += (size_t)n;
	}
	text[len] = '\0';
}

/* What the descriptor is open on, below the root of the tree; "" for anything else. */
static void path_of(const struct tracer *tracer, const struct task *task, long fd,
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

/* --- tasks --- */

static struct task *task_of(struct tracer *tracer, pid_t pid)
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

static int number_of(const struct tracer *tracer, const struct task *task)
{
	return (int)(task - tracer->task);
}

static bool lock_is_held(const struct tracer *tracer, int function)
{
	int i;

	for (i = 0; i < tracer->tasks; i++)
		if (tracer->task[i].held && tracer->task[i].locks == function)
			return true;
	return tracer->fault->stuck &&
	       strstr(tracer->fault->stuck, tracer->live->function[function].addr);
}

static void hold(struct task *task, bool immortal)
{
	task->held = true;
	task->immortal = immortal;
}

/* --- the kernel's part --- */

/* A call without a number is not made (kernel/seccomp.c, __seccomp_filter), and its
 * result is what stands in RAX. */
static void replace(struct task *task, long result)
{
	task->regs.orig_rax = (unsigned long long)-1;
	task->regs.rax = (unsigned long long)result;
	ptrace(PTRACE_SETREGS, task->pid, NULL, &task->regs);
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
	*call = (struct trace_call){.task = (short)number_of(tracer, task),
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

	if (number_of(tracer, task) != 0 || trace->unbounded)
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

struct emulated {
	bool is; /* one that live-sysfs.c answers */
	bool module;
	bool log, out; /* the kernel log, standard output */
	int locks;     /* the function whose lock it takes, or -1 */
	bool may_wait;
	char path[LIVE_PATH], text[2048];
	size_t len;
};

static struct emulated look_at(struct tracer *tracer, struct task *task)
{
	const struct user_regs_struct *regs = &task->regs;
	struct emulated e = {.locks = -1};
	ssize_t n;

	switch (regs->orig_rax) {
	case SYS_finit_module:
		path_of(tracer, task, (long)regs->rdi, e.path);
		e.is = e.module = e.may_wait = true;
		break;
	case SYS_write:
		path_of(tracer, task, (long)regs->rdi, e.path);
		e.log = strcmp(e.path, "dev/kmsg") == 0;
		e.out = regs->rdi == STDOUT_FILENO && !e.path[0];
		e.is = e.log || e.out || strncmp(e.path, "sys/", 4) == 0;
		e.may_wait = e.is && !e.log && !e.out;
		e.len = regs->rdx < sizeof(e.text) ? regs->rdx : sizeof(e.text) - 1;
		n = memory(task->pid, regs->rsi, e.text, e.len, false);
		e.text[n < 0 ? 0 : n] = '\0';
		if (e.may_wait)
			e.locks = live_locks(tracer->live, e.path, e.text);
		break;
	case SYS_read:
	case SYS_pread64:
		path_of(tracer, task, (long)regs->rdi, e.path);
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
		read_string(task->pid, regs->rsi, e.path, sizeof(e.path));
		break;
	case SYS_renameat:
		read_string(task->pid, regs->r10, e.path, sizeof(e.path));
		break;
	case SYS_open:
	case SYS_access:
	case SYS_stat:
		read_string(task->pid, regs->rdi, e.path, sizeof(e.path));
		break;
	default:
		path_of(tracer, task, (long)regs->rdi, e.path);
	}
	return e;
}

static void answer(struct tracer *tracer, struct task *task, const struct emulated *e)
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
	replace(task, result);
}

/* A wait is made of short ones, until what is waited for is there, or nothing else can
 * happen: then the rest of its time passes at once, and counts. */
#define SHORT_WAIT 2

static void shorten(struct task *task)
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

	if (memory(task->pid, task->regs.rdi, &now, sizeof(now), false) < 0)
		return;
	now.tv_usec += tracer->trace->waited * 1000;
	now.tv_sec += now.tv_usec / 1000000;
	now.tv_usec %= 1000000;
	memory(task->pid, task->regs.rdi, &now, sizeof(now), true);
}

/* --- stops --- */

static bool is_faulted(struct tracer *tracer, const struct task *task)
{
	const struct fault *fault = tracer->fault;

	return fault->kind != FAULT_NONE && !tracer->trace->faulted &&
	       fault->task == number_of(tracer, task) && fault->call == task->calls;
}

/* Act on the fault at the entry of its call. Is the call dealt with? */
static bool inject(struct tracer *tracer, struct task *task, const struct emulated *e)
{
	static const int errors[FAULT_KINDS] = {
		[FAULT_ENOMEM] = ENOMEM, [FAULT_EINTR] = EINTR, [FAULT_EIO] = EIO};

	tracer->trace->faulted = true;
	switch (tracer->fault->kind) {
	case FAULT_ENOMEM:
	case FAULT_EINTR:
	case FAULT_EIO:
		replace(task, -errors[tracer->fault->kind]);
		return true;
	case FAULT_KILL_BEFORE:
		kill(task->pid, SIGKILL);
		return true;
	case FAULT_KILL_AFTER:
		task->kill_after = true;
		return false;
	case FAULT_HANG:
		tracer->trace->locked = task->locks = e->locks;
		hold(task, e->may_wait);
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

/* Must the end of this call be seen? */
static bool matters_at_its_end(const struct tracer *tracer, const struct task *task)
{
	return task->kill_after || task->hold_after || task->wait > 0 ||
	       (task->regs.orig_rax == SYS_gettimeofday && tracer->trace->waited > 0);
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

static void enter(struct tracer *tracer, struct task *task)
{
	struct emulated e = {.locks = -1};

	task->kill_after = task->hold_after = false;
	task->wait = 0;
	task->calls++;
	if (can_matter(tracer, task))
		e = look_at(tracer, task);
	if (tracer->trace->list)
		note(tracer, task, e.path, e.may_wait ? e.text : "");
	if (e.may_wait)
		may_wait(tracer, task, e.path);
	if (is_faulted(tracer, task)) {
		if (inject(tracer, task, &e))
			return;
	} else if (e.may_wait && e.locks >= 0 && lock_is_held(tracer, e.locks)) {
		hold(task, true);
		return;
	}
	if (kills_immortal(tracer, task))
		replace(task, 0);
	else if (e.is)
		answer(tracer, task, &e);
	else
		shorten(task);
}

static void leave(struct tracer *tracer, struct task *task)
{
	if (task->wait > 0)
		wait_on(tracer, task);
	else if (task->regs.orig_rax == SYS_gettimeofday)
		pass_time(tracer, task);
	if (task->kill_after)
		kill(task->pid, SIGKILL);
	if (task->hold_after)
		hold(task, task->immortal);
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
