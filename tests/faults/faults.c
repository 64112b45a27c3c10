// SPDX-License-Identifier: GPL-2.0-or-later
/* Every system call of the agent and its processes, one at a time, fails, is interrupted,
 * is the last of its process, or never comes back: the boot goes on and the report is
 * true.
 *
 *   faults AGENT TREES MODULES [N]                        all of it, or each Nth call
 *   faults AGENT TREES MODULES SCENARIO:TASK:CALL:FAULT   one, and what it did
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tree.h"
#include "verdict.h"

#define JOBS 2

/* The exit status of a job that may not trace. */
#define CANNOT 77

/* Of two-cards.tree. */
#define GEFORCE "0000:01:00.0 0000:01:00.1"
#define RADEON	"0000:02:00.0 0000:02:00.1"
#define CONSOLE                                          \
	"sys/devices/platform/efi-framebuffer.0/driver " \
	"sys/class/vtconsole/vtcon1/bind"
/* Of twelve-cards.tree. */
#define SIX_CARDS                                                           \
	"0000:00:02.0 0000:00:03.0 0000:00:04.0 0000:00:05.0 0000:00:06.0 " \
	"0000:00:07.0"
#define OTHER_CARDS                                                         \
	"0000:00:08.0 0000:00:09.0 0000:00:0a.0 0000:00:0b.0 0000:00:0c.0 " \
	"0000:00:0d.0"
#define BEFORE_UDEV "nouveau amdgpu snd_hda_intel"

static const struct scenario scenarios[] = {
	{.name = "bound",
	 .cmdline = "vfio.gpus=01:00,02:00",
	 .asked = GEFORCE " " RADEON,
	 .claimed = 4},
	{.name = "options",
	 .cmdline = "vfio.gpus=all earlybind.power=on "
		    "earlybind.fb=release",
	 .asked = GEFORCE " " RADEON,
	 .unbound = BEFORE_UDEV,
	 .claimed = 4,
	 .may = CONSOLE},
	{.name = "returned",
	 .cmdline = "vfio.gpus=01:00",
	 .asked = GEFORCE,
	 .refuses = GEFORCE},
	{.name = "no-vfio",
	 .cmdline = "vfio.gpus=02:00 earlybind.fb=release",
	 .asked = RADEON,
	 .no_modules = true,
	 .unbound = BEFORE_UDEV,
	 .may = CONSOLE},
	{.name = "kept",
	 .cmdline = "vfio.gpus=01:00 earlybind.on_failure=hold",
	 .asked = GEFORCE,
	 .refuses = "0000:01:00.1",
	 .keeps_held = true,
	 .claimed = 1},
	{.name = "stuck",
	 .cmdline = "vfio.gpus=01:00,02:00",
	 .asked = GEFORCE " " RADEON,
	 .stuck = "0000:01:00.0",
	 .claimed = 2},
	{.name = "half-stuck",
	 .tree = "twelve-cards",
	 .every = 20,
	 .cmdline = "vfio.gpus=all",
	 .asked = SIX_CARDS " " OTHER_CARDS,
	 .stuck = SIX_CARDS,
	 .claimed = 6},
	{.name = "all-stuck",
	 .tree = "twelve-cards",
	 .every = 20,
	 .cmdline = "vfio.gpus=amd",
	 .asked = SIX_CARDS " " OTHER_CARDS,
	 .stuck = SIX_CARDS " " OTHER_CARDS},
};

#define SCENARIOS (sizeof(scenarios) / sizeof(scenarios[0]))

/* What both jobs count. */
struct counts {
	unsigned int passed[SCENARIOS], failed[SCENARIOS], kind[FAULT_KINDS];
};

struct run {
	const struct scenario *scenario;
	const char *trees, *modules;
	unsigned int every; /* each such call meets faults */
	int agent;
	struct live live;
	struct trace trace;
	char *before;
};

static void must(bool right, const char *what)
{
	if (right)
		return;
	fprintf(stderr, "faults: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void copy_modules(const struct run *run)
{
	char text[2 * LIVE_PATH + 64];

	snprintf(text, sizeof(text), "cp -r '%s/lib' '%s/'", run->modules,
		 run->live.root);
	must(system(text) == 0, text);
}

static void remove_driver(const struct live *live, const char *name)
{
	char path[2 * LIVE_PATH], driver[LIVE_NAME];
	unsigned int i;

	snprintf(path, sizeof(path), "%s/sys/bus/pci/drivers/%s", live->root, name);
	eb_tree_remove(path);
	for (i = 0; i < live->count; i++) {
		live_driver(live, i, driver);
		if (strcmp(driver, name) != 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s/driver", live->root,
			 live->function[i].dir);
		must(unlink(path) == 0, path);
	}
}

/* The machine as it is before the agent runs. The modules stay from run to run. */
static void make_machine(struct run *run)
{
	static const char *const parts[] = {"sys", "proc", "dev", "run"};
	char path[LIVE_PATH + 32], list[128], *name, err[EB_TREE_ERR_MAX];
	size_t i;
	FILE *file;

	for (i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "%s/%s", run->live.root, parts[i]);
		eb_tree_remove(path);
	}
	snprintf(path, sizeof(path), "%s/%s.tree", run->trees,
		 run->scenario->tree ? run->scenario->tree : "two-cards");
	if (eb_tree_make(path, run->live.root, err, sizeof(err)) < 0) {
		fprintf(stderr, "faults: %s\n", err);
		exit(1);
	}
	snprintf(path, sizeof(path), "%s/proc/cmdline", run->live.root);
	file = fopen(path, "w");
	must(file &&
		     fprintf(file, "quiet earlybind.timeout=%d %s\n", VERDICT_TIMEOUT,
			     run->scenario->cmdline) > 0 &&
		     fclose(file) == 0,
	     path);
	run->live.refuses = run->scenario->refuses;
	live_read(&run->live);
	snprintf(list, sizeof(list), "%s",
		 run->scenario->unbound ? run->scenario->unbound : "");
	for (name = strtok(list, " "); name; name = strtok(NULL, " "))
		remove_driver(&run->live, name);
}

static void begin(struct run *run, const struct scenario *scenario)
{
	char but[2 * LIVE_PATH];

	run->scenario = scenario;
	strcpy(run->live.root, "/dev/shm/faults-XXXXXX");
	if (!mkdtemp(run->live.root)) {
		strcpy(run->live.root, "/tmp/faults-XXXXXX");
		must(mkdtemp(run->live.root) != NULL, run->live.root);
	}
	must(chmod(run->live.root, 0755) == 0, run->live.root);
	if (!scenario->no_modules)
		copy_modules(run);
	make_machine(run);
	snprintf(but, sizeof(but), "%s %s", scenario->asked,
		 scenario->may ? scenario->may : "");
	run->before = live_state(&run->live, but);
}

static void end(struct run *run)
{
	eb_tree_remove(run->live.root);
	free(run->before);
}

static void be_run(struct run *run, struct fault *fault)
{
	int status;

	fault->stuck = run->scenario->stuck;
	if (trace_run(&run->live, run->agent, fault, &run->trace))
		return;
	status = errno == ENOEXEC ? 1 : CANNOT;
	printf("faults: the agent cannot be traced here: %s\n", strerror(errno));
	end(run);
	exit(status);
}

/* Where the agent was killed, a second run ends as the first would have. */
static bool second_run(struct run *run, char why[VERDICT_TEXT])
{
	struct fault none = {.kind = FAULT_NONE};

	be_run(run, &none);
	if (verdict(run->scenario, &run->live, &none, &run->trace, run->before, why))
		return true;
	if (verdict_claimed(&run->live) == run->scenario->claimed)
		return false;
	snprintf(why, VERDICT_TEXT, "%u functions on vfio-pci after a second run, not %u",
		 verdict_claimed(&run->live), run->scenario->claimed);
	return true;
}

/* A wait that ends a little earlier or later may be a call more or less of it. */
#define TRIES 3

/* Is a run with FAULT wrong? */
static bool try(struct run *run, struct fault *fault, char why[VERDICT_TEXT])
{
	bool bad, killed = fault->task == 0 && (fault->kind == FAULT_KILL_BEFORE ||
						fault->kind == FAULT_KILL_AFTER);
	int tries = TRIES;

	do {
		make_machine(run);
		be_run(run, fault);
		bad = verdict(run->scenario, &run->live, fault, &run->trace, run->before,
			      why);
		if (bad || run->trace.faulted || fault->kind == FAULT_NONE)
			return bad || (killed && second_run(run, why));
	} while (--tries);
	snprintf(why, VERDICT_TEXT, "there was no such call");
	return true;
}

/* Which faults can CALL meet? What is already the last call of a process does not fail,
 * and what the boot itself waits for is not made to hang: see "unbounded". */
static bool can_meet(const struct trace_call *call, enum fault_kind kind)
{
	if (call->nr == SYS_exit_group || call->nr == SYS_exit)
		return kind == FAULT_KILL_BEFORE;
	if (kind == FAULT_HANG || kind == FAULT_LATE)
		return call->task > 0;
	return true;
}

static void try_all(struct run *run, const struct trace_call *call, unsigned int calls,
		    unsigned int job, struct counts *counts)
{
	size_t s = (size_t)(run->scenario - scenarios);
	char why[VERDICT_TEXT];
	struct fault fault;
	unsigned int i, every = run->every;
	int kind;

	if (run->scenario->every)
		every *= run->scenario->every;
	for (i = 0; i < calls; i += every)
		for (kind = FAULT_NONE + 1; kind < FAULT_KINDS; kind++) {
			if ((i / every + (unsigned int)kind) % JOBS != job ||
			    !can_meet(&call[i], kind))
				continue;
			fault = (struct fault){
				.kind = kind, .task = call[i].task, .call = call[i].call};
			__atomic_add_fetch(&counts->kind[kind], 1, __ATOMIC_RELAXED);
			if (!try(run, &fault, why)) {
				__atomic_add_fetch(&counts->passed[s], 1,
						   __ATOMIC_RELAXED);
				continue;
			}
			__atomic_add_fetch(&counts->failed[s], 1, __ATOMIC_RELAXED);
			printf("faults: not ok: %s:%d:%d:%s (%s): %s\n",
			       run->scenario->name, fault.task, fault.call,
			       fault_name[kind], call[i].what, why);
			fflush(stdout);
		}
}

/* The tracer and what it traces wait for each other: on one processor that takes a third
 * of the time. */
static void stay_on_one_processor(unsigned int job)
{
	unsigned int i, left = job % (unsigned int)get_nprocs();
	cpu_set_t may, one;

	if (sched_getaffinity(0, sizeof(may), &may) < 0)
		return;
	CPU_ZERO(&one);
	for (i = 0; i < CPU_SETSIZE; i++)
		if (CPU_ISSET(i, &may) && left-- == 0)
			CPU_SET(i, &one);
	if (CPU_COUNT(&one) == 1)
		sched_setaffinity(0, sizeof(one), &one);
}

/* One scenario without a fault: what must come out, and which calls there are. */
static bool undisturbed(struct run *run)
{
	struct fault none = {.kind = FAULT_NONE};
	char why[VERDICT_TEXT];
	bool bad;

	run->trace.list = true;
	bad = try(run, &none, why);
	run->trace.list = false;
	if (!bad && verdict_claimed(&run->live) == run->scenario->claimed)
		return true;
	printf("faults: not ok: %s without a fault: %s, %u functions on vfio-pci\n%s",
	       run->scenario->name, why, verdict_claimed(&run->live), run->trace.kmsg);
	return false;
}

static void do_scenario(struct run *run, const struct scenario *scenario,
			struct counts *counts)
{
	size_t s = (size_t)(scenario - scenarios);
	static struct trace_call call[TRACE_CALLS];
	unsigned int calls, job;
	int status;

	for (job = 0; job < JOBS; job++) {
		fflush(stdout);
		if (fork() != 0)
			continue;
		stay_on_one_processor(job);
		begin(run, scenario);
		if (undisturbed(run)) {
			calls = run->trace.calls;
			memcpy(call, run->trace.call, sizeof(call));
			try_all(run, call, calls, job, counts);
		} else
			counts->failed[s]++;
		end(run);
		fflush(stdout);
		_exit(0);
	}
	for (job = 0; job < JOBS; job++)
		if (wait(&status) > 0 &&
		    (!WIFEXITED(status) || WEXITSTATUS(status) != 0)) {
			if (WIFEXITED(status) && WEXITSTATUS(status) == CANNOT) {
				puts("faults: 0 passed, 0 failed, 1 skipped");
				exit(0);
			}
			counts->failed[s]++;
		}
	printf("faults: %s: %u faults, %u of them wrong\n", scenario->name,
	       counts->passed[s] + counts->failed[s], counts->failed[s]);
}

static int all(struct run *run)
{
	struct counts *counts = mmap(NULL, sizeof(*counts), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	unsigned int passed = 0, failed = 0;
	size_t i;

	must(counts != MAP_FAILED, "mmap");
	for (i = 0; i < SCENARIOS; i++) {
		do_scenario(run, &scenarios[i], counts);
		passed += counts->passed[i];
		failed += counts->failed[i];
	}
	for (i = 1; i < FAULT_KINDS; i++)
		printf("faults: %s: %u\n", fault_name[i], counts->kind[i]);
	printf("faults: %u passed, %u failed, 0 skipped\n", passed, failed);
	return failed || !passed;
}

static int one(struct run *run, const char *text)
{
	char name[32] = "", kind[32] = "none", why[VERDICT_TEXT] = "", *json;
	struct fault fault = {.kind = FAULT_NONE};
	unsigned int i, s;

	sscanf(text, "%31[^:]:%d:%d:%31s", name, &fault.task, &fault.call, kind);
	for (i = 0; i < FAULT_KINDS; i++)
		if (strcmp(fault_name[i], kind) == 0)
			fault.kind = (enum fault_kind)i;
	for (s = 0; s < SCENARIOS && strcmp(scenarios[s].name, name) != 0; s++)
		;
	must(s < SCENARIOS, "no such scenario");
	begin(run, &scenarios[s]);
	run->trace.list = true;
	try(run, &fault, why);
	for (i = 0; i < run->trace.calls; i++)
		printf("%d:%d %s\n", run->trace.call[i].task, run->trace.call[i].call,
		       run->trace.call[i].what);
	printf("status %#x, waited %ld ms\n%s%s", (unsigned int)run->trace.status,
	       run->trace.waited, run->trace.kmsg, run->trace.said);
	fflush(stdout);
	if (asprintf(&json, "jq . %s/run/earlybind/report.json", run->live.root) > 0)
		must(system(json) >= 0, json);
	printf("%s\n", why[0] ? why : "all is well");
	end(run);
	return why[0] != '\0';
}

int main(int argc, char **argv)
{
	static struct run run;

	if (argc < 4) {
		fputs("usage: faults AGENT TREES MODULES [N | SCENARIO:TASK:CALL:FAULT]\n",
		      stderr);
		return 2;
	}
	run.agent = open(argv[1], O_RDONLY | O_CLOEXEC);
	must(run.agent >= 0, argv[1]);
	run.trees = argv[2];
	run.modules = argv[3];
	if (argc > 4 && atoi(argv[4]) == 0)
		return one(&run, argv[4]);
	run.every = argc > 4 && atoi(argv[4]) > 0 ? (unsigned int)atoi(argv[4]) : 1;
	return all(&run);
}
