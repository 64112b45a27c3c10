// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of the reader and writer of files below a root. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <earlybind/sysfs.h>

#include "files.h"
#include "unit.h"
#include "walk.h"

/* A root of its own for each test, in which "../" and absolute links would lead to FILES.
 */
static char top[64];
static int root;

static int make_root(void **state)
{
	(void)state;
	snprintf(top, sizeof(top), "/tmp/earlybind-files.XXXXXX");
	assert_non_null(mkdtemp(top));
	root = eb_sysfs_root(top);
	assert_true(root >= 0);
	umask(022);
	return 0;
}

static int remove_root(void **state)
{
	char command[96];

	(void)state;
	close(root);
	snprintf(command, sizeof(command), "rm -rf '%s'", top);
	return system(command);
}

static void put_bytes(const char *path, const char *bytes, size_t len)
{
	int fd = openat(root, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
}

static void put(const char *path, const char *text)
{
	put_bytes(path, text, strlen(text));
}

static void has(const char *path, const char *text)
{
	char *there;

	assert_int_equal(eb_files_read_own(root, path, &there), 0);
	assert_string_equal(there, text);
	free(there);
}

static bool is_gone(const char *path)
{
	struct stat st;

	return fstatat(root, path, &st, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT;
}

/* --- reading --- */

static void only_regular_files_are_read(void **state)
{
	static const struct {
		const char *path;
		int err, own;
		const char *words;
	} rows[] = {
		{"file", 0, 0, NULL},
		{"sub/../file", 0, 0, NULL},
		{"none", -ENOENT, -ENOENT, "No such file or directory"},
		{"file/below", -ENOTDIR, -ENOTDIR, "Not a directory"},
		{"fifo", -ENXIO, -ENXIO, "it is not a regular file"},
		{"sub", -EISDIR, -EISDIR, "it is a directory"},
		{"dangling", -ENOENT, -ELOOP, "No such file or directory"},
		{"circle", -ELOOP, -ELOOP, "it is a symbolic link"},
		{"link", 0, -ELOOP, NULL},
		/* of the root, not of the machine */
		{"absolute", 0, -ELOOP, NULL},
		{"climbing", 0, -ELOOP, NULL},
		{"machine", -ENOENT, -ELOOP, "No such file or directory"},
		{"through/file", 0, 0, NULL},
		{"nul", -EILSEQ, -EILSEQ, "it is not text, as it has a NUL byte"},
	};
	size_t i;

	(void)state;
	put("file", "text\n");
	put_bytes("nul", "a\0b", 3);
	assert_int_equal(mkfifoat(root, "fifo", 0600), 0);
	assert_int_equal(mkdirat(root, "sub", 0755), 0);
	symlinkat("/no/such/file", root, "dangling");
	symlinkat("circle", root, "circle");
	symlinkat("file", root, "link");
	symlinkat("/file", root, "absolute");
	symlinkat("../../../../file", root, "climbing");
	symlinkat("/etc/passwd", root, "machine");
	symlinkat("/", root, "through");
	for (i = 0; i < COUNT(rows); i++) {
		char *text;
		int err = eb_files_read(root, rows[i].path, &text);

		ROW(rows[i].path);
		assert_int_equal(err, rows[i].err);
		if (err == 0) {
			assert_string_equal(text, "text\n");
			free(text);
		} else {
			assert_string_equal(eb_files_error(err), rows[i].words);
		}
		err = eb_files_read_own(root, rows[i].path, &text);
		assert_int_equal(err, rows[i].own);
		if (err == 0)
			free(text);
	}
}

static void a_device_is_not_read(void **state)
{
	char *text;

	(void)state;
	if (mknodat(root, "null", S_IFCHR | 0600, makedev(1, 3)) < 0)
		skip();
	assert_int_equal(eb_files_read(root, "null", &text), -ENXIO);
}

/* /proc/self/mem begins with what nobody may read. */
static void an_error_while_reading_is_reported(void **state)
{
	int proc = eb_sysfs_root("/proc/self");
	char *text;

	(void)state;
	assert_int_equal(eb_files_read(proc, "mem", &text), -EIO);
	close(proc);
}

static void a_size_is_the_most(void **state)
{
	char *text, *large = calloc(1, EB_FILES_MOST + 2);
	size_t len;

	(void)state;
	memset(large, 'x', EB_FILES_MOST + 1);
	put("large", large);
	assert_int_equal(eb_files_read(root, "large", &text), -EFBIG);
	assert_int_equal(
		eb_files_read_most(root, "large", EB_FILES_MOST + 1, &text, &len), 0);
	assert_int_equal(len, EB_FILES_MOST + 1);
	assert_int_equal(text[len], 0);
	free(text);
	large[EB_FILES_MOST] = '\0';
	put("large", large);
	assert_int_equal(eb_files_read(root, "large", &text), 0);
	assert_string_equal(text, large);
	free(text);
	free(large);
	put("empty", "");
	assert_int_equal(eb_files_read_most(root, "empty", 0, &text, &len), 0);
	assert_int_equal(len, 0);
	free(text);
}

static void existence_is_known_or_not(void **state)
{
	(void)state;
	put("file", "");
	assert_int_equal(mkdirat(root, "sub", 0755), 0);
	symlinkat("/file", root, "link");
	symlinkat("none", root, "dangling");
	symlinkat("circle", root, "circle");
	assert_int_equal(mkfifoat(root, "fifo", 0600), 0);
	assert_int_equal(eb_files_exists(root, "file"), 1);
	assert_int_equal(eb_files_exists(root, "sub"), 1);
	assert_int_equal(eb_files_exists(root, "link"), 1);
	assert_int_equal(eb_files_exists(root, "fifo"), 1);
	assert_int_equal(eb_files_exists(root, "none"), 0);
	assert_int_equal(eb_files_exists(root, "file/below"), 0);
	assert_int_equal(eb_files_exists(root, "dangling"), 0);
	assert_int_equal(eb_files_exists(root, "circle"), -ELOOP);
	assert_true(eb_files_is_there(root, "link"));
	assert_false(eb_files_is_there(root, "circle"));
}

/* openat2(2) says EAGAIN of a path with ".." when something is renamed meanwhile,
 * wherever that is on the machine. */
static void renames_elsewhere_do_no_harm(void **state)
{
	pid_t child;
	int i, found = 0;

	(void)state;
	put("file", "");
	assert_int_equal(mkdirat(root, "sub", 0755), 0);
	symlinkat("../file", root, "sub/link");
	child = fork();
	if (child == 0)
		for (;;) {
			renameat(root, "a", root, "b");
			mkdirat(root, "a", 0755);
			renameat(root, "b", root, "a");
		}
	for (i = 0; i < 20000; i++)
		found += eb_files_exists(root, "sub/link") == 1;
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	assert_int_equal(found, 20000);
}

static void see(void *ctx, const char *path)
{
	char *list = ctx;

	strcat(list, path);
	strcat(list, " ");
}

static void files_of_a_directory_come_by_name(void **state)
{
	char list[512] = "", name[32];
	int i;

	(void)state;
	assert_int_equal(eb_files_each(root, "d", ".conf", see, list), 0);
	assert_int_equal(mkdirat(root, "d", 0755), 0);
	assert_int_equal(eb_files_each(root, "d", ".conf", see, list), 0);
	put("d/b.conf", "");
	put("d/a.conf", "");
	put("d/.hidden.conf", "");
	put("d/a.conf.old", "");
	put("d/.conf", "");
	assert_int_equal(eb_files_each(root, "d", ".conf", see, list), 2);
	assert_string_equal(list, "d/a.conf d/b.conf ");
	assert_int_equal(eb_files_each(root, "d/a.conf", ".conf", see, list), -ENOTDIR);
	for (i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "d/%d.conf", i);
		put(name, "");
	}
	list[0] = '\0';
	assert_int_equal(eb_files_each(root, "d", ".conf", see, list), -E2BIG);
	assert_string_equal(list, "");
}

static void count(void *ctx, const char *path)
{
	(void)path;
	++*(int *)ctx;
}

static void files_below_a_directory_come_too(void **state)
{
	char list[512] = "", name[32];
	int i, seen = 0;

	(void)state;
	assert_int_equal(eb_walk_files(root, "e", ".sh", see, list), 0);
	assert_int_equal(mkdirat(root, "e", 0755), 0);
	assert_int_equal(mkdirat(root, "e/b", 0755), 0);
	assert_int_equal(mkdirat(root, "e/b/c", 0755), 0);
	put("e/b/c/x.sh", "");
	put("e/b/x.txt", "");
	put("e/a.sh", "");
	assert_int_equal(symlinkat("nowhere", root, "e/n.sh"), 0);
	assert_int_equal(eb_walk_files(root, "e", ".sh", see, list), 3);
	assert_string_equal(list, "e/a.sh e/b/c/x.sh ");
	/* Links that lead around in circles come to an end. */
	for (i = 0; i < 9; i++) {
		snprintf(name, sizeof(name), "e/b/%d", i);
		assert_int_equal(symlinkat(".", root, name), 0);
	}
	assert_int_equal(eb_walk_files(root, "e", ".sh", count, &seen), -E2BIG);
	assert_true(seen < 4096);
}

/* --- writing --- */

static void a_file_is_replaced_whole(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(eb_files_write(root, "new", "one", 0640), 0);
	has("new", "one");
	assert_int_equal(fstatat(root, "new", &st, 0), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_int_equal(fchmodat(root, "new", 0600, 0), 0);
	assert_int_equal(eb_files_write(root, "new", "two", 0644), 0);
	has("new", "two");
	assert_int_equal(fstatat(root, "new", &st, 0), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	/* What a run before it left. */
	put("new.earlybind-new", "half");
	assert_int_equal(eb_files_write(root, "new", "three", 0644), 0);
	has("new", "three");
	assert_true(is_gone("new.earlybind-new"));
	put("new.earlybind-new", "half");
	eb_files_sweep(root, "new");
	assert_true(is_gone("new.earlybind-new"));
}

static void nothing_is_written_through_a_link(void **state)
{
	(void)state;
	put("victim", "safe");
	symlinkat("victim", root, "link");
	assert_int_equal(eb_files_write(root, "link", "bad", 0644), -ELOOP);
	symlinkat("victim", root, "file.earlybind-new");
	assert_int_equal(eb_files_write(root, "file", "good", 0644), 0);
	has("victim", "safe");
	has("file", "good");
	assert_int_equal(mkfifoat(root, "fifo", 0600), 0);
	assert_int_equal(eb_files_write(root, "fifo", "bad", 0644), -EINVAL);
	assert_int_equal(mkdirat(root, "sub", 0755), 0);
	assert_int_equal(eb_files_write(root, "sub", "bad", 0644), -EINVAL);
	assert_int_equal(eb_files_write(root, "none/file", "bad", 0644), -ENOENT);
	/* A directory's link is followed, but not out of the root. */
	symlinkat("/tmp", root, "out");
	assert_int_equal(eb_files_write(root, "out/earlybind-bad", "bad", 0644), -ENOENT);
	symlinkat("/sub", root, "in");
	assert_int_equal(eb_files_write(root, "in/file", "good", 0644), 0);
	has("sub/file", "good");
}

static void each_content_is_kept_under_its_own_name(void **state)
{
	char name[EB_MAX_PATH];

	(void)state;
	assert_int_equal(eb_files_keep(root, "file", "one", 0600, name), 0);
	assert_string_equal(name, "file.1");
	assert_int_equal(eb_files_keep(root, "file", "two", 0644, name), 0);
	assert_string_equal(name, "file.2");
	/* It is there already. */
	assert_int_equal(eb_files_keep(root, "file", "one", 0600, name), 0);
	assert_string_equal(name, "file.1");
	assert_int_equal(mkdirat(root, "file.3", 0755), 0);
	assert_int_equal(symlinkat("file.1", root, "file.4"), 0);
	assert_int_equal(eb_files_keep(root, "file", "three", 0644, name), 0);
	assert_string_equal(name, "file.5");
	/* A link to nothing is somebody's, too. */
	assert_int_equal(symlinkat("none", root, "file.6"), 0);
	assert_int_equal(eb_files_keep(root, "file", "four", 0644, name), 0);
	assert_string_equal(name, "file.7");
	has("file.1", "one");
	has("file.2", "two");
	has("file.5", "three");
	has("file.7", "four");
	assert_int_equal(eb_files_keep(root, "none/file", "five", 0644, name), -ENOENT);
}

static void the_mode_of_a_copy_hides_what_was_hidden(void **state)
{
	(void)state;
	put("open", "");
	put("secret", "");
	fchmodat(root, "secret", 0640, 0);
	assert_int_equal(eb_files_copy_mode(root, "open"), 0644);
	assert_int_equal(eb_files_copy_mode(root, "secret"), 0600);
	assert_int_equal(eb_files_copy_mode(root, "none"), 0644);
	/* The content is that of the file. */
	symlinkat("/secret", root, "link");
	symlinkat("circle", root, "circle");
	assert_int_equal(eb_files_copy_mode(root, "link"), 0600);
	assert_int_equal(eb_files_copy_mode(root, "circle"), 0600);
}

static void removing_what_is_not_there_is_well(void **state)
{
	(void)state;
	put("file", "");
	put("other", "");
	symlinkat("other", root, "link");
	assert_int_equal(eb_files_remove(root, "file"), 0);
	assert_true(is_gone("file"));
	assert_int_equal(eb_files_remove(root, "file"), 0);
	assert_int_equal(eb_files_remove(root, "none/file"), 0);
	assert_int_equal(eb_files_remove(root, "link"), 0);
	has("other", "");
	assert_int_equal(mkdirat(root, "sub", 0755), 0);
	assert_int_equal(eb_files_remove(root, "sub"), -EISDIR);
}

static void directories_are_made_with_those_above(void **state)
{
	struct stat st;

	(void)state;
	umask(077);
	assert_int_equal(eb_files_mkdir(root, "a/b/c"), 1);
	assert_int_equal(eb_files_mkdir(root, "a/b/c"), 0);
	assert_int_equal(fstatat(root, "a/b", &st, 0), 0);
	assert_int_equal(st.st_mode & 07777, 0755);
	put("a/b/c/file", "");
	assert_int_equal(eb_files_mkdir(root, "a/b/c/file/d"), -ENOTDIR);
	eb_files_rmdir(root, "a/b/c");
	has("a/b/c/file", "");
	assert_int_equal(eb_files_remove(root, "a/b/c/file"), 0);
	eb_files_rmdir(root, "a/b/c");
	assert_true(is_gone("a/b/c"));
	/* What is in the place of a directory. */
	put("a/file", "");
	assert_int_equal(eb_files_mkdir(root, "a/file"), -ENOTDIR);
}

static void a_file_gets_another_name(void **state)
{
	(void)state;
	assert_int_equal(eb_files_mkdir(root, "d"), 1);
	put("d/from", "x");
	assert_int_equal(eb_files_rename(root, "d/from", "d/to"), 0);
	has("d/to", "x");
	assert_true(is_gone("d/from"));
	assert_int_equal(eb_files_rename(root, "d/none", "d/to"), -ENOENT);
}

/* --- the lock --- */

/* What another process gets that asks for the lock. */
static int lock_elsewhere(void)
{
	int status, lock;
	pid_t child = fork();

	if (child == 0) {
		lock = eb_files_lock(root);
		if (lock >= 0)
			eb_files_unlock(root, lock);
		_exit(lock < 0 ? -lock : 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void one_process_has_the_lock(void **state)
{
	struct stat st;
	int lock = eb_files_lock(root);

	(void)state;
	assert_true(lock >= 0);
	assert_int_equal(lock_elsewhere(), EWOULDBLOCK);
	assert_int_equal(fstatat(root, "run/earlybind.lock", &st, 0), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	eb_files_unlock(root, lock);
	assert_true(is_gone("run/earlybind.lock"));
	assert_int_equal(lock_elsewhere(), 0);
	/* One that a killed process left is nobody's. */
	put("run/earlybind.lock", "");
	assert_int_equal(lock_elsewhere(), 0);
	/* Not through a link. */
	put("victim", "safe");
	symlinkat("../victim", root, "run/earlybind.lock");
	assert_int_equal(lock_elsewhere(), ELOOP);
	has("victim", "safe");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_root, remove_root)
	static const struct CMUnitTest tests[] = {
		TEST(only_regular_files_are_read),
		TEST(a_device_is_not_read),
		TEST(an_error_while_reading_is_reported),
		TEST(a_size_is_the_most),
		TEST(existence_is_known_or_not),
		TEST(renames_elsewhere_do_no_harm),
		TEST(files_of_a_directory_come_by_name),
		TEST(files_below_a_directory_come_too),
		TEST(a_file_is_replaced_whole),
		TEST(nothing_is_written_through_a_link),
		TEST(each_content_is_kept_under_its_own_name),
		TEST(the_mode_of_a_copy_hides_what_was_hidden),
		TEST(removing_what_is_not_there_is_well),
		TEST(directories_are_made_with_those_above),
		TEST(a_file_gets_another_name),
		TEST(one_process_has_the_lock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
