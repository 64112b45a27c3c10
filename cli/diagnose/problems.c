// SPDX-License-Identifier: GPL-2.0-or-later
/* A list of problems, and of what was checked for them. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <earlybind/sysfs.h>

#include "files.h"
#include "problems.h"

static struct eb_problem *add(struct eb_problems *problems, struct eb_problem_kind kind,
			      const char *address)
{
	struct eb_problem *p = &problems->spare;

	if (problems->count < EB_MAX_PROBLEMS)
		p = &problems->list[problems->count++];
	else
		problems->left_out++;
	memset(p, 0, sizeof(*p));
	p->code = kind.name;
	p->severity = kind.severity;
	snprintf(p->address, sizeof(p->address), "%s", address ? address : "");
	snprintf(p->remedy, sizeof(p->remedy), "%s", kind.remedy);
	return p;
}

struct eb_problem *eb_problems_add(struct eb_problems *problems, unsigned int code,
				   const char *address, const char *format, ...)
{
	struct eb_problem *p = add(problems, eb_problem_kind(code), address);
	va_list args;

	va_start(args, format);
	vsnprintf(p->text, sizeof(p->text), format, args);
	va_end(args);
	return p;
}

struct eb_problem *eb_problems_add_reported(struct eb_problems *problems,
					    const char *code, const char *severity,
					    const char *address, const char *text)
{
	struct eb_problem_kind kind = {code, EB_INFO, "see vfio.gpus(7)"};
	struct eb_problem *p;
	unsigned int i;

	while (kind.severity > EB_ERROR &&
	       strcmp(severity, eb_finding_severity_name(kind.severity)) != 0)
		kind.severity--;
	for (i = 0; i < EB_CODES; i++)
		if (strcmp(code, eb_problem_kind(i).name) == 0)
			kind.remedy = eb_problem_kind(i).remedy;
	p = add(problems, kind, address);
	snprintf(p->text, sizeof(p->text), "%s", text);
	return p;
}

struct eb_problem *eb_problems_gather(struct eb_problems *problems, unsigned int code,
				      const char *text, const char *where)
{
	struct eb_problem *p = eb_problems_find(problems, code, NULL);
	unsigned int i;

	if (!p)
		p = eb_problems_add(problems, code, NULL, "%s", text);
	for (i = 0; i < p->evidence; i++)
		if (strcmp(p->seen[i], where) == 0)
			return p;
	eb_problem_seen(p, "%s", where);
	return p;
}

void eb_problem_seen(struct eb_problem *p, const char *format, ...)
{
	va_list args;

	if (p->evidence == EB_MAX_EVIDENCE) {
		p->evidence_left_out++;
		return;
	}
	va_start(args, format);
	vsnprintf(p->seen[p->evidence++], EB_FINDING_TEXT, format, args);
	va_end(args);
}

void eb_problem_remedy(struct eb_problem *p, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(p->remedy, sizeof(p->remedy), format, args);
	va_end(args);
}

struct eb_problem *eb_problems_find(struct eb_problems *problems, unsigned int code,
				    const char *address)
{
	const char *name = eb_problem_kind(code).name;
	unsigned int i;

	for (i = 0; i < problems->count; i++)
		if (strcmp(problems->list[i].code, name) == 0 &&
		    (!address || strcmp(problems->list[i].address, address) == 0))
			return &problems->list[i];
	return NULL;
}

static bool is_noted(const struct eb_problems *problems, const char *what)
{
	unsigned int i;

	for (i = 0; i < problems->not_checked; i++)
		if (strcmp(problems->not_check[i].what, what) == 0)
			return true;
	return false;
}

void eb_problems_not_checked(struct eb_problems *problems, const char *what,
			     const char *format, ...)
{
	struct eb_not_checked *not_checked;
	va_list args;

	if (problems->not_checked == EB_MAX_CHECKS || is_noted(problems, what))
		return;
	not_checked = &problems->not_check[problems->not_checked++];
	not_checked->what = what;
	va_start(args, format);
	vsnprintf(not_checked->why, sizeof(not_checked->why), format, args);
	va_end(args);
}

void eb_problems_unreadable(struct eb_problems *problems, const char *what,
			    const char *path, int err)
{
	eb_problems_not_checked(problems, what, "/%s cannot be read: %s", path,
				eb_files_error(err));
}

void eb_problems_probe(struct eb_problems *problems, int root, const char *what,
		       const char *path, int flags)
{
	int fd = eb_sysfs_open(root, path, flags);

	if (fd >= 0)
		close(fd);
	else if (fd != -ENOENT)
		eb_problems_unreadable(problems, what, path, fd);
}

void eb_problems_checked(struct eb_problems *problems, const char *what)
{
	if (problems->checked < EB_MAX_CHECKS && !is_noted(problems, what))
		problems->check[problems->checked++] = what;
}

void eb_problems_sort(struct eb_problems *problems)
{
	struct eb_problem *list = problems->list, *spare = &problems->spare;
	unsigned int i, j;

	/* An insertion sort: they are few, and equals keep their order. */
	for (i = 1; i < problems->count; i++) {
		*spare = list[i];
		for (j = i; j > 0 && list[j - 1].severity > spare->severity; j--)
			list[j] = list[j - 1];
		list[j] = *spare;
	}
}

unsigned int eb_problems_count(const struct eb_problems *problems,
			       enum eb_severity severity)
{
	unsigned int i, count = 0;

	for (i = 0; i < problems->count; i++)
		count += problems->list[i].severity == severity;
	return count;
}
