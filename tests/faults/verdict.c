// SPDX-License-Identifier: GPL-2.0-or-later
/* Is what a run left on the machine what its report says? */
#include <dirent.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <json-c/json.h>

#include "ops.h"
#include "verdict.h"

struct judge {
	const struct scenario *scenario;
	const struct live *live;
	const struct fault *fault;
	const struct trace *trace;
	struct json_object *report; /* NULL for none */
	char *why;
};

/* The first thing that is wrong stays. */
static void __attribute__((format(printf, 2, 3)))
wrong(const struct judge *judge, const char *format, ...)
{
	va_list args;

	if (judge->why[0])
		return;
	va_start(args, format);
	vsnprintf(judge->why, VERDICT_TEXT, format, args);
	va_end(args);
}

static bool hangs(const struct judge *judge)
{
	return judge->fault->kind == FAULT_HANG || judge->fault->kind == FAULT_LATE ||
	       judge->fault->stuck;
}

static bool agent_was_killed(const struct judge *judge)
{
	return judge->fault->task == 0 && (judge->fault->kind == FAULT_KILL_BEFORE ||
					   judge->fault->kind == FAULT_KILL_AFTER);
}

static bool is_asked(const struct judge *judge, unsigned int function)
{
	return strstr(judge->scenario->asked, judge->live->function[function].addr);
}

static const char *text_of(struct json_object *object, const char *key)
{
	const char *text = json_object_get_string(json_object_object_get(object, key));

	return text ? text : "";
}

static struct json_object *device_of(const struct judge *judge, const char *addr)
{
	struct json_object *list = json_object_object_get(judge->report, "devices");
	size_t i;

	for (i = 0; list && i < json_object_array_length(list); i++)
		if (strcmp(text_of(json_object_array_get_idx(list, i), "address"),
			   addr) == 0)
			return json_object_array_get_idx(list, i);
	return NULL;
}

/* The finding CODE on ADDR, whose text has PART. */
static bool has_finding(const struct judge *judge, const char *code, const char *addr,
			const char *part)
{
	struct json_object *list = json_object_object_get(judge->report, "findings");
	size_t i;

	for (i = 0; list && i < json_object_array_length(list); i++) {
		struct json_object *finding = json_object_array_get_idx(list, i);

		if ((!code || strcmp(text_of(finding, "code"), code) == 0) &&
		    strcmp(text_of(finding, "address"), addr) == 0 &&
		    strstr(text_of(finding, "text"), part))
			return true;
	}
	return false;
}

/* --- the run --- */

static void judge_end(const struct judge *judge)
{
	const struct trace *trace = judge->trace;
	long bound = EB_MAX_LATE * VERDICT_TIMEOUT * 1000L;

	if (trace->endless)
		wrong(judge, "the agent does not end");
	else if (agent_was_killed(judge))
		return;
	else if (!WIFEXITED(trace->status) || WEXITSTATUS(trace->status) != 0)
		wrong(judge, "the agent ended with status %#x",
		      (unsigned int)trace->status);
	if (trace->waited > bound)
		wrong(judge, "the boot waited %ld ms of at most %ld", trace->waited,
		      bound);
	if (trace->unbounded)
		wrong(judge, "the agent itself may wait for a lock at %s",
		      trace->unbounded);
}

static void judge_files(const struct judge *judge, const char *before)
{
	char but[LIVE_PATH * 2], *after;
	size_t i;

	snprintf(but, sizeof(but), "%s %s", judge->scenario->asked,
		 judge->scenario->may ? judge->scenario->may : "");
	after = live_state(judge->live, but);
	for (i = 0; before[i] && before[i] == after[i]; i++)
		;
	if (before[i] || after[i]) {
		while (i > 0 && before[i - 1] != '\n')
			i--;
		wrong(judge, "something else was changed: %.*s became %.*s",
		      (int)strcspn(before + i, "\n"), before + i,
		      (int)strcspn(after + i, "\n"), after + i);
	}
	free(after);
}

/* Neither half a report nor what it is made of; a process that was killed cannot tidy. */
static void judge_run(const struct judge *judge)
{
	char path[LIVE_PATH + 32];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/run/earlybind", judge->live->root);
	dir = opendir(path);
	while (dir && (entry = readdir(dir)) != NULL)
		if (strstr(entry->d_name, ".new") && !agent_was_killed(judge))
			wrong(judge, "%s was left", entry->d_name);
	if (dir)
		closedir(dir);
}

static bool is_as_before(const struct judge *judge, unsigned int function)
{
	char driver[LIVE_NAME], override[LIVE_NAME];

	live_driver(judge->live, function, driver);
	live_override(judge->live, function, override);
	return !override[0] &&
	       (strcmp(driver, judge->live->function[function].own) == 0 ||
		(!driver[0] && judge->scenario->unbound));
}

/* Without a report, nothing was done and that is said, or what happened to it is. */
static void judge_no_report(const struct judge *judge)
{
	const struct trace *trace = judge->trace;
	unsigned int i;

	if (agent_was_killed(judge))
		return;
	if (!trace->kmsg[0] && !trace->said[0])
		wrong(judge, "there is no report, and nobody says so");
	if (strstr(trace->kmsg, "report"))
		return;
	for (i = 0; i < judge->live->count; i++)
		if (!is_as_before(judge, i))
			wrong(judge, "%s was changed without a report",
			      judge->live->function[i].addr);
}

/* --- one function --- */

static void judge_override(const struct judge *judge, const char *addr,
			   const char *result, const char *override)
{
	bool held = has_finding(judge, "still-held", addr, "");

	if (!override[0]) {
		/* Behind what hangs nothing can be read. */
		if (held && !(hangs(judge) &&
			      has_finding(judge, "still-held", addr, "may still be")))
			wrong(judge, "%s: still-held, and it is not", addr);
		return;
	}
	if (strcmp(result, "timeout") != 0 && !held)
		wrong(judge, "%s has our override, and the report does not say so", addr);
	if (has_finding(judge, NULL, addr, "keeps its driver"))
		wrong(judge, "%s has our override and 'keeps its driver'", addr);
	if (!hangs(judge) && !judge->scenario->keeps_held)
		wrong(judge, "%s could be returned, and was not", addr);
}

static void judge_returned(const struct judge *judge, const char *addr, const char *own,
			   const char *driver)
{
	if (!has_finding(judge, "handed-back", addr, "") || judge->scenario->unbound)
		return;
	if (strcmp(driver, own) != 0)
		wrong(judge, "%s: 'returned', and %s does not have it", addr, own);
}

static void judge_function(const struct judge *judge, unsigned int function)
{
	const char *addr = judge->live->function[function].addr;
	struct json_object *device = device_of(judge, addr);
	const char *result = device ? text_of(device, "result") : "";
	char driver[LIVE_NAME], override[LIVE_NAME];
	bool late = hangs(judge) && strcmp(result, "timeout") == 0;

	live_driver(judge->live, function, driver);
	live_override(judge->live, function, override);
	if (!device && !is_as_before(judge, function))
		wrong(judge, "%s was changed and is not in the report", addr);
	if (strcmp(result, "planned") == 0)
		wrong(judge, "%s is still 'planned'", addr);
	if (strcmp(result, "timeout") == 0 && !hangs(judge))
		wrong(judge, "%s: 'timeout', and nothing hung", addr);
	if (strcmp(driver, "vfio-pci") == 0) {
		if (strcmp(result, "claimed") != 0 && !late)
			wrong(judge, "%s is on vfio-pci and '%s'", addr, result);
		return;
	}
	if (strcmp(result, "claimed") == 0)
		wrong(judge, "%s is 'claimed' and on '%s'", addr, driver);
	judge_override(judge, addr, result, override);
	judge_returned(judge, addr, judge->live->function[function].own, driver);
	if (device && !late && strcmp(text_of(device, "driver_after"), driver) != 0)
		wrong(judge, "%s: driver_after is '%s', not '%s'", addr,
		      text_of(device, "driver_after"), driver);
}

/* What hangs on one card must not cost another. */
static void judge_others(const struct judge *judge)
{
	unsigned int i;
	const char *stuck;
	char driver[LIVE_NAME];

	if (!hangs(judge) || judge->trace->locked < 0)
		return;
	stuck = judge->live->function[judge->trace->locked].addr;
	for (i = 0; i < judge->live->count; i++) {
		const char *addr = judge->live->function[i].addr;

		if (!is_asked(judge, i) || strncmp(addr, stuck, 10) == 0 ||
		    (judge->fault->stuck && strstr(judge->fault->stuck, addr)))
			continue;
		live_driver(judge->live, i, driver);
		if (strcmp(driver, "vfio-pci") != 0)
			wrong(judge, "%s hangs, and %s was not claimed", stuck, addr);
	}
}

static void judge_report(const struct judge *judge)
{
	unsigned int i;

	for (i = 0; i < judge->live->count; i++)
		if (is_asked(judge, i))
			judge_function(judge, i);
	if (judge->scenario->claimed > 2)
		judge_others(judge);
}

bool verdict(const struct scenario *scenario, const struct live *live,
	     const struct fault *fault, const struct trace *trace, const char *before,
	     char why[VERDICT_TEXT])
{
	struct judge judge = {.scenario = scenario,
			      .live = live,
			      .fault = fault,
			      .trace = trace,
			      .why = why};
	char path[LIVE_PATH + 32];
	FILE *file;

	why[0] = '\0';
	judge_end(&judge);
	judge_files(&judge, before);
	judge_run(&judge);
	snprintf(path, sizeof(path), "%s/run/earlybind/report.json", live->root);
	file = fopen(path, "r");
	if (file) {
		fclose(file);
		judge.report = json_object_from_file(path);
		if (!judge.report)
			wrong(&judge, "report.json is not whole");
		else
			judge_report(&judge);
		json_object_put(judge.report);
	} else
		judge_no_report(&judge);
	return why[0] != '\0';
}

unsigned int verdict_claimed(const struct live *live)
{
	unsigned int i, claimed = 0;
	char driver[LIVE_NAME];

	for (i = 0; i < live->count; i++) {
		live_driver(live, i, driver);
		claimed += strcmp(driver, "vfio-pci") == 0;
	}
	return claimed;
}
