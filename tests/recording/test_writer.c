/* SPDX-License-Identifier: Apache-2.0 */
/* What the file is: where things are, what happens to a file that was there, and what cannot be written. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "made.h"
#include "support/test.h"

static struct made made;

static uint64_t word(const uint8_t *bytes, size_t at, size_t size)
{
	uint64_t value = 0;

	memcpy(&value, bytes + at, size);
	return value;
}

/* Numbers of the layout that CPython's reader stands on: format.h. */
TEST(header_and_footer_are_cpythons)
{
	size_t size;
	uint8_t *bytes;

	made_begin(&made, TY_RECORDING_PLAIN);
	made_sample(&made, 0, 1, "ab");
	made_sample(&made, 0, 2, "ab");
	made_sample(&made, 1, 2, "c");
	made_finish(&made);
	bytes = made_read(made.path, &size);
	ck_assert_mem_eq(bytes, "HCAT\1\0\0\0\3\x0f\0\0", 12);
	ck_assert_uint_eq(word(bytes, 12, 8), MADE_START_NS / 1000);
	ck_assert_uint_eq(word(bytes, 20, 8), 1000);
	ck_assert_uint_eq(word(bytes, 28, 8), 3);
	ck_assert_uint_eq(word(bytes, 36, 4), 2);
	ck_assert_uint_eq(word(bytes, 56, 4), 0);
	ck_assert_uint_eq(word(bytes, 60, 4), 3);
	/* FULL of thread 100, 1 ms after the start, frames b, a; then one REPEAT. */
	ck_assert_mem_eq(bytes + 64, "\x64\0\0\0\0\0\0\0\0\0\0\0\1\xe8\7\1\2\1\0", 19);
	ck_assert_mem_eq(bytes + word(bytes, 40, 8), "\x09/src/a.py\5A.one", 16);
	/* File 0, function 1, line 1 to 2, column 4 to 9, no opcode. */
	ck_assert_mem_eq(bytes + word(bytes, 48, 8), "\0\1\2\2\x8\xa\xff", 7);
	ck_assert_uint_eq(word(bytes, size - 32, 4), 4);
	ck_assert_uint_eq(word(bytes, size - 28, 4), 4);
	ck_assert_uint_eq(word(bytes, size - 24, 8), size);
	ck_assert_mem_eq(bytes + size - 32 - 16, "TACHSTAT", 8);
	free(bytes);
	made_remove(&made);
}

TEST(a_file_that_was_there_stays_until_it_is_begun)
{
	struct ty_recording_writer *writer;
	uint8_t *bytes;
	size_t size;

	made_begin(&made, TY_RECORDING_PLAIN);
	made_finish(&made);
	made_close(&made);
	ck_assert_ok(ty_recording_create(made.path, TY_RECORDING_PLAIN, &writer));
	ty_recording_writer_free(writer);
	bytes = made_read(made.path, &size);
	ck_assert_uint_gt(size, 64);
	free(bytes);
	made_remove(&made);
	ck_assert_ok(ty_recording_create(made.path, TY_RECORDING_PLAIN, &writer));
	ty_recording_writer_free(writer);
	ck_assert_int_eq(access(made.path, F_OK), -1);
}

/* Without compression a file is written twice. */
TEST(a_file_behind_a_link_is_replaced_and_not_the_link)
{
	const struct ty_recording_run run = { .start_time_ns = MADE_START_NS, .interval_ns = MADE_MS };
	struct stat status;
	char link[80];
	uint8_t *bytes;
	size_t size;

	made_begin(&made, TY_RECORDING_PLAIN);
	made_close(&made);
	ck_assert_int_eq(chmod(made.path, 0640), 0);
	snprintf(link, sizeof(link), "%s.link", made.path);
	ck_assert_int_eq(symlink(made.path, link), 0);
	ck_assert_ok(ty_recording_create(link, TY_RECORDING_PLAIN, &made.writer));
	ck_assert_ok(ty_recording_begin(made.writer, &run));
	ck_assert_ok(ty_recording_finish(made.writer, &(struct ty_recording_summary){ 0 }));
	ck_assert_int_eq(lstat(link, &status), 0);
	ck_assert(S_ISLNK(status.st_mode));
	ck_assert_int_eq(stat(link, &status), 0);
	ck_assert_int_eq(status.st_mode & 0777, 0640);
	/* A header that says where the tables are: the file is complete. */
	bytes = made_read(link, &size);
	ck_assert_uint_ge(word(bytes, 40, 8), 64);
	free(bytes);
	unlink(link);
	made_remove(&made);
}

TEST(a_name_may_be_as_long_as_names_can_be)
{
	const struct ty_recording_run run = { .start_time_ns = MADE_START_NS, .interval_ns = MADE_MS };
	char path[NAME_MAX + 6] = "/tmp/";

	memset(path + 5, 'x', NAME_MAX);
	unlink(path);
	ck_assert_ok(ty_recording_create(path, TY_RECORDING_PLAIN, &made.writer));
	ck_assert_ok(ty_recording_begin(made.writer, &run));
	ck_assert_ok(ty_recording_finish(made.writer, &(struct ty_recording_summary){ 0 }));
	made_close(&made);
	ck_assert_int_eq(unlink(path), 0);
}

TEST(only_regular_files)
{
	struct ty_recording_writer *writer;

	ck_assert_int_eq(ty_recording_create("/dev/null", TY_RECORDING_PLAIN, &writer), -ESPIPE);
	ck_assert_int_eq(ty_recording_create("/tmp", TY_RECORDING_PLAIN, &writer), -EISDIR);
	ck_assert_int_eq(ty_recording_create("/no/such/directory", TY_RECORDING_PLAIN, &writer), -ENOENT);
}

/* A chunk a second, and not before. */
TEST(what_was_sampled_reaches_the_file_within_a_second)
{
	size_t before, after;

	made_begin(&made, TY_RECORDING_PLAIN);
	made_sample(&made, 0, 1, "ab");
	ck_assert_ok(ty_recording_pause(made.writer, MADE_START_NS + 999 * MADE_MS));
	free(made_read(made.path, &before));
	ck_assert_uint_eq(before, 64);
	ck_assert_ok(ty_recording_pause(made.writer, MADE_START_NS + 1000 * MADE_MS));
	free(made_read(made.path, &after));
	ck_assert_uint_gt(after, before + 19);
	made_remove(&made);
}

/* To CPython's reader an id is a thread: what its stack was must not go on under the one that comes after. */
TEST(a_thread_without_frames_that_takes_an_id_says_so)
{
	const struct ty_recording_thread heir = { .id = 100, .key = 9 };
	uint8_t *bytes;
	size_t size;

	made_begin(&made, TY_RECORDING_PLAIN);
	made_sample(&made, 0, 1, "ab");
	ck_assert_int_eq(ty_recording_add_thread(made.writer, &heir), 0);
	made_sample(&made, 0, 2, "");
	made_finish(&made);
	bytes = made_read(made.path, &size);
	/* Behind the first record, of 19 bytes: FULL, 1 ms later, the status, no frames. */
	ck_assert_mem_eq(bytes + 64 + 19, "\x64\0\0\0\0\0\0\0\0\0\0\0\1\xe8\7\1\0", 17);
	free(bytes);
	made_remove(&made);
}

TEST(an_error_sticks)
{
	made_begin(&made, TY_RECORDING_PLAIN);
	ck_assert_int_eq(ty_recording_add_frame(made.writer, &(struct ty_recording_frame){ .function = 99 }),
	                 -TY_ENOTFOUND);
	ck_assert_int_lt(ty_recording_finish(made.writer, &(struct ty_recording_summary){ 0 }), 0);
	made_remove(&made);
}
