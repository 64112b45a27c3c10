// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of what libkmod reads files with. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "klibc/stream.h"

#include "fake-place.h"
#include "unit.h"

static void reads_bytes_and_records(void **state)
{
	struct place *place = *state;
	struct kmod_stream *stream;
	char data[8] = "";

	place_write(place, "index", "\xff\0abcdefgh", 10);
	stream = kmod_stream_open(place_path(place, "index"));
	assert_non_null(stream);
	assert_int_equal(kmod_stream_getc(stream), 0xff);
	assert_int_equal(kmod_stream_getc(stream), 0);
	assert_int_equal(kmod_stream_read(data, 3, 2, stream), 2);
	assert_memory_equal(data, "abcdef", 6);
	/* Two bytes are no record of three, and stay. */
	assert_int_equal(kmod_stream_read(data, 3, 1, stream), 0);
	assert_int_equal(kmod_stream_getc(stream), 'g');
	assert_int_equal(kmod_stream_getc(stream), 'h');
	assert_int_equal(kmod_stream_getc(stream), -1);
	assert_int_equal(kmod_stream_getc(stream), -1);
	assert_int_equal(kmod_stream_seek(stream, 3), 0);
	assert_int_equal(kmod_stream_getc(stream), 'b');
	assert_int_equal(kmod_stream_seek(stream, 10), 0);
	assert_int_equal(kmod_stream_getc(stream), -1);
	assert_int_equal(kmod_stream_seek(stream, 11), -1);
	assert_int_equal(kmod_stream_seek(stream, (size_t)-1), -1);
	assert_int_equal(kmod_stream_close(stream), 0);
}

static void reads_nothing_of_an_empty_file(void **state)
{
	struct place *place = *state;
	struct kmod_stream *stream;
	char data[4];

	place_write(place, "empty", "", 0);
	stream = kmod_stream_open(place_path(place, "empty"));
	assert_non_null(stream);
	assert_int_equal(kmod_stream_getc(stream), -1);
	assert_int_equal(kmod_stream_read(data, 4, 1, stream), 0);
	kmod_stream_close(stream);
}

/* A descriptor that makes no stream stays the caller's. */
static void says_what_cannot_be_read(void **state)
{
	struct place *place = *state;
	int fd;

	assert_null(kmod_stream_open(place_path(place, "none")));
	assert_int_equal(errno, ENOENT);
	assert_null(kmod_stream_open(place_path(place, "")));
	fd = openat(place->root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_null(kmod_stream_on(fd));
	assert_int_equal(close(fd), 0);
	place_write(place, "file", "x", 1);
	fd = openat(place->root, "file", O_RDONLY | O_CLOEXEC);
	kmod_stream_close(kmod_stream_on(fd));
	assert_int_equal(fcntl(fd, F_GETFD), -1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_setup, place_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(reads_bytes_and_records),
		TEST(reads_nothing_of_an_empty_file),
		TEST(says_what_cannot_be_read),
	};

	return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
