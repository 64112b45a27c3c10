// SPDX-License-Identifier: GPL-2.0-or-later
/* The entries of a boot menu, read from grub.cfg or from systemd-boot's files. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <earlybind/cmdline.h>
#include <earlybind/text.h>

#include "entries.h"
#include "files.h"

void eb_entries_unknown(struct eb_entries *entries, const char *format, ...)
{
	va_list args;

	entries->known = false;
	if (entries->why[0])
		return;
	va_start(args, format);
	vsnprintf(entries->why, sizeof(entries->why), format, args);
	va_end(args);
}

static void *grow(void *list, unsigned int count, size_t size)
{
	return realloc(list, (size_t)(count + 1) * size);
}

static struct eb_entry *add_entry(struct eb_entries *entries, char *cmdline)
{
	struct eb_entry *list = grow(entries->entry, entries->count, sizeof(*list));

	if (list)
		entries->entry = list;
	if (!list || !cmdline) {
		free(cmdline);
		eb_entries_unknown(entries, "out of memory");
		return NULL;
	}
	list[entries->count] = (struct eb_entry){.cmdline = cmdline};
	return &list[entries->count++];
}

/* Read the file, and keep it for eb_entries_write_back(). NULL, with a reason, where it
 * cannot be read. */
static const char *read_file(struct eb_entries *entries, int root, const char *name,
			     const char *path)
{
	struct eb_entry_file *list = grow(entries->file, entries->files, sizeof(*list));
	char *text, *copy = strdup(path);
	int err = eb_files_read(root, path, &text);

	if (list)
		entries->file = list;
	if (err == 0 && list && copy) {
		list[entries->files] = (struct eb_entry_file){
			.root = root, .path = copy, .text = text};
		entries->files++;
		return text;
	}
	if (err == 0)
		free(text);
	free(copy);
	eb_entries_unknown(entries, "%.80s/%.80s: %s", name, path,
			   eb_files_error(err < 0 ? err : -ENOMEM));
	return NULL;
}

static void add_where(struct eb_entries *entries, const char *name, const char *path)
{
	size_t len = strlen(entries->where);

	snprintf(entries->where + len, sizeof(entries->where) - len, "%s%.60s/%.80s",
		 len ? " and " : "", name, path);
}

/* --- grub.cfg --- */

/* Is WORD the first of LINE? */
static bool begins(const char *line, const char *word)
{
	size_t len = strlen(word);

	return strncmp(line, word, len) == 0 && (line[len] == ' ' || line[len] == '\t');
}

/* A line that starts Linux, or that Xen starts it by: not memtest86+'s. */
static bool starts_linux(const char *line, size_t len)
{
	static const char *const commands[] = {"linux", "linuxefi", "linux16", "module",
					       "module2"};
	static const char *const marks[] = {" root=", "/vmlinu"};
	bool command = false, mark = false;
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		command |= begins(line, commands[i]);
	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		const char *at = strstr(line, marks[i]);

		mark |= at && at < line + len;
	}
	return command && mark;
}

#define BOOT_IMAGE "BOOT_IMAGE="

/* What the kernel is given by LINE: the command goes, and GRUB puts BOOT_IMAGE= in front.
 */
static char *grub_cmdline(const char *line, size_t len)
{
	size_t skip = strcspn(line, " \t");
	char *out;

	skip += strspn(line + skip, " \t");
	out = malloc(sizeof(BOOT_IMAGE) + len - skip);
	if (out)
		snprintf(out, sizeof(BOOT_IMAGE) + len - skip, BOOT_IMAGE "%.*s",
			 (int)(len - skip), line + skip);
	return out;
}

/* The script of a trial in TEXT, from what it gives to each boot but one; NULL where
 * there is none. */
static const char *find_script(const char *text)
{
	static const char set[] = "set " EB_TRIAL_WORDS "=\"";
	const char *at = strstr(text, set);

	while (at && at > text && at[-1] != '\n')
		at = strstr(at + 1, set);
	return at ? at + strlen(set) : NULL;
}

/* Take what SCRIPT sets, or nothing, as GRUB does, for the variable of a trial in ENTRY's
 * command line. */
static void expand(struct eb_entries *entries, struct eb_entry *entry, const char *script)
{
	static const char name[] = "$" EB_TRIAL_WORDS;
	char *at = strstr(entry->cmdline, name), *out = NULL;

	if (!at)
		return;
	entry->trial = script != NULL;
	script = script ? script : "";
	if (asprintf(&out, "%.*s%.*s%s", (int)(at - entry->cmdline), entry->cmdline,
		     (int)strcspn(script, "\"\n"), script, at + strlen(name)) >= 0) {
		free(entry->cmdline);
		entry->cmdline = out;
	} else {
		eb_entries_unknown(entries, "out of memory");
	}
}

void eb_entries_read_grub(struct eb_entries *entries, int root, const char *name,
			  const char *path)
{
	const char *text = read_file(entries, root, name, path);
	unsigned int number, before = entries->count;
	struct eb_entry *entry = NULL;
	const char *script;

	if (!text)
		return;
	script = find_script(text);
	for (number = 1; *text; number++) {
		const char *line = text + strspn(text, " \t");
		size_t len = strcspn(line, "\n");

		if (starts_linux(line, len)) {
			entry = add_entry(entries, grub_cmdline(line, len));
			if (entry) {
				const char *kernel = entry->cmdline + strlen(BOOT_IMAGE);

				snprintf(entry->where, sizeof(entry->where),
					 "%.60s/%.80s:%u", name, path, number);
				snprintf(entry->kernel, sizeof(entry->kernel), "%.*s",
					 (int)strcspn(kernel, " \t"), kernel);
				expand(entries, entry, script);
			}
		} else if (entry && strncmp(line, "initrd", 6) == 0) {
			entry->initrd = true;
		}
		if (*line == '}')
			entry = NULL;
		text = line + len + (line[len] == '\n');
	}
	if (entries->count == before)
		eb_entries_unknown(entries, "%.80s/%.80s has no line that starts Linux",
				   name, path);
	add_where(entries, name, path);
}

/* --- systemd-boot --- */

struct bls {
	struct eb_entries *entries;
	int root;
	const char *name;
};

/* Add the value of LINE, behind its key, to TEXT. */
static void add_value(struct eb_text *text, const char *line)
{
	size_t skip = strcspn(line, " \t");

	skip += strspn(line + skip, " \t");
	eb_text_add(text, "%s%.*s", text->len ? " " : "",
		    (int)strcspn(line + skip, "\r\n"), line + skip);
}

static void see_bls(void *ctx, const char *path)
{
	struct bls *bls = ctx;
	const char *line = strcmp(strrchr(path, '/') + 1, EB_TRIAL_ENTRY) == 0
				   ? NULL
				   : read_file(bls->entries, bls->root, bls->name, path);
	char options[EB_CMDLINE_KEPT + 512];
	struct eb_text text = eb_text_on(options, sizeof(options));
	char kernel[128];
	struct eb_text linux_path = eb_text_on(kernel, sizeof(kernel));
	bool initrd = false;
	struct eb_entry *entry;
	size_t added = 0;

	if (!line)
		return;
	for (; *line; line += strcspn(line, "\n"), line += *line != '\0') {
		/* As systemd-boot does (line_get_key_value()). */
		line += strspn(line, " \t");
		if (begins(line, "options"))
			add_value(&text, line);
		if (begins(line, "linux"))
			add_value(&linux_path, line);
		/* Handed on as initrd=PATH, where the kernel takes it no other way. */
		if (begins(line, "initrd")) {
			initrd = true;
			added += strcspn(line, "\n") + 1;
		}
	}
	if (!kernel[0])
		return;
	if (text.cut)
		eb_entries_unknown(bls->entries, "%.60s/%.100s has very long options",
				   bls->name, path);
	entry = add_entry(bls->entries, strdup(options));
	if (!entry)
		return;
	memcpy(entry->kernel, kernel, sizeof(kernel));
	entry->initrd = initrd;
	entry->own_file = true;
	entry->added = added;
	snprintf(entry->where, sizeof(entry->where), "%.60s/%.120s", bls->name, path);
}

unsigned int eb_entries_read_bls(struct eb_entries *entries, int root, const char *name,
				 const char *dir)
{
	struct bls bls = {.entries = entries, .root = root, .name = name};
	unsigned int before = entries->count;
	int n = eb_files_each(root, dir, ".conf", see_bls, &bls);

	if (n < 0)
		eb_entries_unknown(entries, "%.60s/%.80s: %s", name, dir,
				   eb_files_error(n));
	if (entries->count > before)
		add_where(entries, name, dir);
	return entries->count - before;
}

void eb_entries_add_unified(struct eb_entries *entries, int root, const char *where,
			    const char *cmdline, bool initrd)
{
	struct eb_entry_file *list = grow(entries->file, entries->files, sizeof(*list));
	char *path = strdup(where + 1);
	struct eb_entry *entry;

	if (list)
		entries->file = list;
	entry = list && path ? add_entry(entries, strdup(cmdline)) : NULL;
	if (!entry) {
		free(path);
		eb_entries_unknown(entries, "out of memory");
		return;
	}
	list[entries->files++] = (struct eb_entry_file){.root = root, .path = path};
	snprintf(entry->kernel, sizeof(entry->kernel), "%s", where);
	snprintf(entry->where, sizeof(entry->where), "%s", where);
	entry->initrd = initrd;
	entry->unified = true;
}

/* --- what they say --- */

struct eb_verdict eb_entries_judge(const struct eb_entries *entries, const char *words)
{
	struct eb_verdict verdict = {.with = 0};
	bool first = false;
	unsigned int i;

	for (i = 0; i < entries->count; i++) {
		const struct eb_entry *entry = &entries->entry[i];
		size_t len = strlen(entry->cmdline) + entry->added;

		verdict.longest = len > verdict.longest ? len : verdict.longest;
		if (eb_edit_same_ours(entry->cmdline, "")) {
			verdict.without++;
		} else if (eb_edit_same_ours(entry->cmdline, words) &&
			   eb_edit_have_all(entry->cmdline, words)) {
			verdict.with++;
			first |= i == 0;
		} else if (verdict.wrong++ == 0) {
			verdict.first_wrong = entry;
		}
	}
	verdict.enabled = entries->known && verdict.wrong == 0 && verdict.with > 0 &&
			  verdict.with >= entries->least && (first || !entries->first);
	return verdict;
}

const struct eb_entry *eb_entries_next(const struct eb_entries *entries,
				       const char *release)
{
	unsigned int i;

	for (i = 0; i < entries->count && !entries->first && release[0]; i++)
		if (strstr(entries->entry[i].kernel, release))
			return &entries->entry[i];
	return entries->count ? &entries->entry[0] : NULL;
}

const struct eb_entry *eb_entries_foreign(const struct eb_entries *entries,
					  const char *words, const char *older)
{
	unsigned int i;

	for (i = 0; i < entries->count; i++) {
		const char *cmdline = entries->entry[i].cmdline;

		if (!eb_edit_ours_within(cmdline, words) &&
		    !eb_edit_ours_within(cmdline, older))
			return &entries->entry[i];
	}
	return NULL;
}

static const struct eb_entry *find_entry(const struct eb_entries *entries,
					 const struct eb_entry *like)
{
	unsigned int i;

	for (i = 0; i < entries->count; i++)
		if (strcmp(entries->entry[i].where, like->where) == 0)
			return &entries->entry[i];
	return NULL;
}

bool eb_entries_same(const struct eb_entries *a, const struct eb_entries *b)
{
	unsigned int i;

	if (!a->known || !b->known || a->count != b->count)
		return false;
	for (i = 0; i < a->count; i++) {
		const struct eb_entry *other = find_entry(b, &a->entry[i]);

		if (!other || strcmp(other->cmdline, a->entry[i].cmdline) != 0 ||
		    other->initrd != a->entry[i].initrd)
			return false;
	}
	return true;
}

static unsigned int count_initrds(const struct eb_entries *entries)
{
	unsigned int i, count = 0;

	for (i = 0; i < entries->count; i++)
		count += entries->entry[i].initrd;
	return count;
}

const char *eb_entries_lost(const struct eb_entries *before,
			    const struct eb_entries *after)
{
	if (before->count > 0 && after->count < before->count)
		return "it has fewer entries than before";
	if (count_initrds(after) < count_initrds(before))
		return "an entry has lost its initrd, without which it does not boot";
	return NULL;
}

/* The value of root= in CMDLINE, the last, which counts; or none. */
static struct eb_slice root_of(const char *cmdline)
{
	struct eb_cmdline line = {.text = cmdline, .len = strlen(cmdline)};
	struct eb_slice root = {"", 0};
	struct eb_cmdline_arg arg;

	while (eb_cmdline_next(&line, &arg))
		if (arg.value && eb_cmdline_named(&arg, "root"))
			root = (struct eb_slice){arg.value, arg.value_len};
	return root;
}

const char *eb_entries_moved(const struct eb_entries *before,
			     const struct eb_entries *after)
{
	unsigned int i, j;

	for (i = 0; i < after->count && before->count; i++) {
		struct eb_slice root = root_of(after->entry[i].cmdline), had;

		for (j = 0; j < before->count; j++) {
			had = root_of(before->entry[j].cmdline);
			if (had.len == root.len && memcmp(had.at, root.at, root.len) == 0)
				break;
		}
		if (j == before->count)
			return "an entry has a root= that none had before";
	}
	return NULL;
}

int eb_entries_write_back(const struct eb_entries *entries)
{
	int err, failed = 0;
	unsigned int i;

	for (i = 0; i < entries->files; i++) {
		const struct eb_entry_file *file = &entries->file[i];
		char *text = NULL;

		if (!file->text)
			failed = failed ? failed : -ENOTSUP;
		else if (eb_files_read(file->root, file->path, &text) < 0 ||
			 strcmp(text, file->text) != 0) {
			err = eb_files_write(file->root, file->path, file->text, 0644);
			if (err == -ELOOP)
				err = eb_files_refill(file->root, file->path, file->text);
			failed = failed ? failed : err;
		}
		free(text);
	}
	return failed;
}

void eb_entries_free(struct eb_entries *entries)
{
	unsigned int i;

	for (i = 0; i < entries->count; i++)
		free(entries->entry[i].cmdline);
	for (i = 0; i < entries->files; i++) {
		free(entries->file[i].path);
		free(entries->file[i].text);
	}
	for (i = 0; i < entries->opened; i++)
		close(entries->roots[i]);
	free(entries->entry);
	free(entries->file);
	*entries = (struct eb_entries){.known = false};
}
