/* SPDX-License-Identifier: Apache-2.0 */
/* Captures: lib/target/capture.c opens what lib/target/recorder.c has saved, and refuses everything else. */
#include "target/capture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/fake_memory.h"
#include "support/test.h"
#include "util/error.h"

#define RUNTIME_PATH "/usr/bin/python3"

/* Bytes of a file before its segments: magic, two ids, runtime, version, path, count. */
#define HEAD_BYTES (8 + 4 + 4 + 8 + 4 + 4 + sizeof(RUNTIME_PATH) - 1 + 4)

struct file {
	uint8_t bytes[1 << 16];
	size_t count;
};

static const struct ty_capture_facts facts = { .pid = 4242,
	                                       .namespace_pid = 7,
	                                       .runtime_address = 0x555500001000,
	                                       .hexversion = 0x030e00f0,
	                                       .runtime_path = RUNTIME_PATH };

static int append(const void *data, size_t size_bytes, void *user_data)
{
	struct file *file = user_data;

	ck_assert_uint_le(file->count + size_bytes, sizeof(file->bytes));
	memcpy(file->bytes + file->count, data, size_bytes);
	file->count += size_bytes;
	return 0;
}

static void put(struct file *file, uint64_t value, size_t size_bytes)
{
	append(&value, size_bytes, file);
}

static void put_head(struct file *file, uint32_t segments)
{
	file->count = 0;
	append("TYCAP001", 8, file);
	put(file, (uint64_t)facts.pid, 4);
	put(file, (uint64_t)facts.namespace_pid, 4);
	put(file, facts.runtime_address, 8);
	put(file, facts.hexversion, 4);
	put(file, sizeof(RUNTIME_PATH) - 1, 4);
	append(RUNTIME_PATH, sizeof(RUNTIME_PATH) - 1, file);
	put(file, segments, 4);
}

static void put_segment(struct file *file, uint64_t address, const char *text)
{
	put(file, address, 8);
	put(file, strlen(text), 4);
	append(text, strlen(text), file);
}

static int open_bytes(const void *bytes, size_t count, struct ty_memory **memory, struct ty_error_state *error)
{
	char path[] = "/tmp/tachyon-capture-XXXXXX";
	struct ty_capture_facts found;
	int fd = mkstemp(path), result;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, bytes, count), (ssize_t)count);
	close(fd);
	*memory = NULL;
	result = ty_capture_open(path, &found, memory, error);
	unlink(path);
	if (result == 0) {
		ck_assert_int_eq(found.pid, facts.pid);
		ck_assert_int_eq(found.namespace_pid, facts.namespace_pid);
		ck_assert_uint_eq(found.runtime_address, facts.runtime_address);
		ck_assert_uint_eq(found.hexversion, facts.hexversion);
		ck_assert_str_eq(found.runtime_path, facts.runtime_path);
	}
	return result;
}

static struct ty_memory *open_file(const struct file *file)
{
	struct ty_error_state error = { 0 };
	struct ty_memory *memory;

	ck_assert_ok(open_bytes(file->bytes, file->count, &memory, &error));
	return memory;
}

static void check_refused(const struct file *file, size_t count)
{
	struct ty_error_state error = { 0 };
	struct ty_memory *memory;

	ck_assert_int_eq(open_bytes(file->bytes, count, &memory, &error), -TY_ECAPTURE);
	ck_assert_ptr_null(memory);
	ck_assert_int_eq(error.code, -TY_ECAPTURE);
	ck_assert_ptr_nonnull(strstr(error.message, "byte"));
}

/* ---- recording and opening ---- */

/* Reads three ranges through a recorder, one of them over the border of a page, and saves them. */
static void record(struct file *file)
{
	struct ty_memory *inner = fake_memory_new(), *recorder;
	const struct iovec remote[] = { { (void *)0x5000, 8 }, { (void *)0x1ffc, 8 }, { (void *)0x7fff0000, 16 } };
	char into[32];

	fake_write(inner, 0x5000, "fivefive", 8);
	fake_write(inner, 0x1ffc, "12345678", 8);
	fake_fill(inner, 0x7fff0000, 'z', 16);
	ck_assert_ok(ty_recorder_open(inner, &recorder));
	ck_assert_int_eq(ty_memory_read_ranges(recorder, remote, 3, into, NULL), 0);
	ck_assert_mem_eq(into, "fivefive12345678zzzzzzzzzzzzzzzz", 32);
	ck_assert_uint_eq(recorder->syscalls, inner->syscalls);
	ck_assert_uint_eq(recorder->bytes_read, 32);
	file->count = 0;
	ck_assert_ok(ty_recorder_save(recorder, &facts, append, file));
	ty_memory_close(recorder);
}

TEST(what_was_read_can_be_read_again)
{
	static struct file file;
	struct ty_memory *memory;
	char into[17] = "";

	record(&file);
	memory = open_file(&file);
	ck_assert_ok(ty_memory_read(memory, 0x1ffc, into, 8));
	ck_assert_str_eq(into, "12345678");
	ck_assert_ok(ty_memory_read(memory, 0x2000, into, 4));
	ck_assert_mem_eq(into, "5678", 4);
	ck_assert_ok(ty_memory_read(memory, 0x5000, into, 8));
	ck_assert_str_eq(into, "fivefive");
	ck_assert_ok(ty_memory_read(memory, 0x7fff0000, into, 16));
	ck_assert_int_eq(ty_memory_read(memory, 0x4000, into, 8), -EFAULT);
	ck_assert_int_eq(ty_memory_read(memory, 0x1ff8, into, 8), -EFAULT);
	ty_memory_close(memory);
}

TEST(of_bytes_that_were_read_twice_the_last_reading_is_kept)
{
	struct ty_memory *inner = fake_memory_new(), *recorder, *memory;
	static struct file file;
	char into[9] = "";

	ck_assert_ok(ty_recorder_open(inner, &recorder));
	fake_write(inner, 0x1000, "aaaaaaaa", 8);
	ck_assert_ok(ty_memory_read(recorder, 0x1000, into, 8));
	fake_write(inner, 0x1000, "bbbbbbbb", 8);
	ck_assert_ok(ty_memory_read(recorder, 0x1002, into, 4));
	file.count = 0;
	ck_assert_ok(ty_recorder_save(recorder, &facts, append, &file));
	ty_memory_close(recorder);
	memory = open_file(&file);
	ck_assert_ok(ty_memory_read(memory, 0x1000, into, 8));
	ck_assert_str_eq(into, "aabbbbaa");
	ty_memory_close(memory);
}

TEST(what_could_not_be_read_is_not_recorded)
{
	struct ty_memory *inner = fake_memory_new(), *recorder, *memory;
	static struct file file;
	char into[8];

	ck_assert_ok(ty_recorder_open(inner, &recorder));
	fake_write(inner, 0x1000, "aaaa", 4);
	ck_assert_int_eq(ty_memory_read(recorder, 0x1000, into, 8), -EFAULT);
	file.count = 0;
	ck_assert_ok(ty_recorder_save(recorder, &facts, append, &file));
	ck_assert_uint_eq(file.count, HEAD_BYTES);
	ty_memory_close(recorder);
	memory = open_file(&file);
	ck_assert_int_eq(ty_memory_read(memory, 0x1000, into, 4), -EFAULT);
	ty_memory_close(memory);
}

static int refuse(const void *data, size_t size_bytes, void *user_data)
{
	int *left = user_data;

	(void)data, (void)size_bytes;
	return --*left ? 0 : -ENOSPC;
}

TEST(saving_ends_with_the_first_error_of_the_sink)
{
	struct ty_memory *inner = fake_memory_new(), *recorder;
	char into[8];

	fake_write(inner, 0x1000, "aaaaaaaa", 8);
	ck_assert_ok(ty_recorder_open(inner, &recorder));
	ck_assert_ok(ty_memory_read(recorder, 0x1000, into, 8));
	for (int writes = 1; writes <= 11; writes++) {
		int left = writes;

		ck_assert_int_eq(ty_recorder_save(recorder, &facts, refuse, &left), -ENOSPC);
		ck_assert_int_eq(left, 0);
	}
	ty_memory_close(recorder);
}

/* ---- reading what was not recorded ---- */

TEST(bytes_that_were_not_recorded_are_zero_behind_a_word_that_was)
{
	static struct file file;
	struct ty_memory *memory;
	uint8_t into[64];

	put_head(&file, 3);
	put_segment(&file, 0x1000, "abcdefgh");
	put_segment(&file, 0x1010, "ij");
	put_segment(&file, 0x1030, "klmnopqr");
	memory = open_file(&file);
	memset(into, 0xee, sizeof(into));
	ck_assert_ok(ty_memory_read(memory, 0x1000, into, 0x34));
	ck_assert_mem_eq(into, "abcdefgh\0\0\0\0\0\0\0\0ij\0\0", 20);
	ck_assert_mem_eq(into + 0x30, "klmn", 4);
	ck_assert_uint_eq(into[0x34], 0xee);
	ck_assert_ok(ty_memory_read(memory, 0x1010, into, 2));
	ck_assert_int_eq(ty_memory_read(memory, 0x1010, into, 3), -EFAULT);
	ck_assert_int_eq(ty_memory_read(memory, 0x1001, into, 8), -EFAULT);
	ck_assert_int_eq(ty_memory_read(memory, 0x0fff, into, 8), -EFAULT);
	ck_assert_int_eq(ty_memory_read(memory, 0x1038, into, 1), -EFAULT);
	ty_memory_close(memory);
}

TEST(ranges_at_the_end_of_the_address_space_do_not_wrap)
{
	static struct file file;
	struct ty_memory *memory;
	uint8_t into[64];

	put_head(&file, 2);
	put_segment(&file, 0, "abcdefgh");
	put_segment(&file, UINT64_MAX - 15, "ijklmnop");
	memory = open_file(&file);
	ck_assert_ok(ty_memory_read(memory, UINT64_MAX - 15, into, 15));
	ck_assert_mem_eq(into, "ijklmnop\0\0\0\0\0\0\0", 15);
	ck_assert_int_eq(ty_memory_read(memory, UINT64_MAX - 15, into, 16), -EFAULT);
	ck_assert_int_eq(ty_memory_read(memory, UINT64_MAX - 15, into, 32), -EFAULT);
	ck_assert_int_eq(ty_memory_read(memory, UINT64_MAX, into, 8), -EFAULT);
	ck_assert_ok(ty_memory_read(memory, 0, into, 8));
	ty_memory_close(memory);
}

TEST(a_vector_stops_at_what_is_missing)
{
	static struct file file;
	struct ty_memory *memory;
	const struct iovec remote[] = { { (void *)0x1000, 4 }, { (void *)0x3000, 4 }, { (void *)0x1004, 4 } };
	bool failed[3];
	char into[12];

	put_head(&file, 1);
	put_segment(&file, 0x1000, "abcdefgh");
	memory = open_file(&file);
	ck_assert_int_eq(ty_memory_read_ranges(memory, remote, 3, into, failed), 1);
	ck_assert(!failed[0] && failed[1] && !failed[2]);
	ck_assert_mem_eq(into, "abcd", 4);
	ck_assert_mem_eq(into + 8, "efgh", 4);
	ty_memory_close(memory);
}

/* ---- damaged files ---- */

TEST(a_file_cut_off_at_any_byte_is_refused)
{
	static struct file file;

	record(&file);
	for (size_t count = 0; count < file.count; count++)
		check_refused(&file, count);
}

TEST(a_file_that_is_something_else_is_refused)
{
	static struct file file;

	for (size_t i = 0; i < 8; i++) {
		put_head(&file, 0);
		file.bytes[i] ^= 0x20;
		check_refused(&file, file.count);
	}
}

TEST(segments_that_overlap_or_are_out_of_order_are_refused)
{
	static struct file file;

	put_head(&file, 2);
	put_segment(&file, 0x1000, "abcdefgh");
	put_segment(&file, 0x1007, "x");
	check_refused(&file, file.count);
	put_head(&file, 2);
	put_segment(&file, 0x1000, "abcdefgh");
	put_segment(&file, 0x0800, "x");
	check_refused(&file, file.count);
	put_head(&file, 2);
	put_segment(&file, 0x1000, "abcdefgh");
	put_segment(&file, 0x1000, "abcdefgh");
	check_refused(&file, file.count);
	put_head(&file, 1);
	put_segment(&file, UINT64_MAX - 2, "over the end");
	check_refused(&file, file.count);
}

TEST(neighbouring_and_empty_segments_are_read_as_one)
{
	static struct file file;
	struct ty_memory *memory;
	char into[9] = "";

	put_head(&file, 4);
	put_segment(&file, 0x1000, "abcd");
	put_segment(&file, 0x1004, "");
	put_segment(&file, 0x1004, "");
	put_segment(&file, 0x1004, "efgh");
	memory = open_file(&file);
	ck_assert_ok(ty_memory_read(memory, 0x1004, into, 4));
	ck_assert_mem_eq(into, "efgh", 4);
	ck_assert_ok(ty_memory_read(memory, 0x1000, into, 8));
	ck_assert_str_eq(into, "abcdefgh");
	ty_memory_close(memory);
}

/* Numbers in the file that claim more than there is must cost nothing. */
TEST(huge_counts_are_refused)
{
	static const uint32_t counts[] = { 2, 1000, 1u << 24, (1u << 24) + 1, UINT32_MAX };
	static struct file file;

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		put_head(&file, counts[i]);
		put_segment(&file, 0x1000, "a");
		check_refused(&file, file.count);
	}
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		put_head(&file, 1);
		put(&file, 0x1000, 8);
		put(&file, counts[i], 4);
		append("a", 1, &file);
		check_refused(&file, file.count);
	}
}

TEST(a_path_that_is_too_long_is_refused)
{
	static const uint32_t lengths[] = { PATH_MAX, PATH_MAX + 1, 30000, INT32_MAX, UINT32_MAX };
	static struct file file;

	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		memset(&file, 'x', sizeof(file.bytes));
		put_head(&file, 0);
		memcpy(file.bytes + 28, &lengths[i], 4);
		check_refused(&file, 60000);
	}
}

TEST(what_is_no_file_is_told)
{
	struct ty_error_state error = { 0 };
	struct ty_capture_facts found;
	struct ty_memory *memory = NULL;
	char pipe[64];

	ck_assert_int_eq(ty_capture_open("/tmp/there/is/none", &found, &memory, &error), -ENOENT);
	ck_assert_ptr_nonnull(strstr(error.message, "/tmp/there/is/none"));
	ck_assert_int_eq(ty_capture_open("/dev/zero", &found, &memory, &error), -TY_ECAPTURE);
	ck_assert_int_eq(ty_capture_open("/tmp", &found, &memory, &error), -TY_ECAPTURE);
	/* A pipe that nobody writes to is not waited for. */
	snprintf(pipe, sizeof(pipe), "/tmp/tachyon-capture-pipe-%d", (int)getpid());
	ck_assert_int_eq(mkfifo(pipe, 0600), 0);
	ck_assert_int_eq(ty_capture_open(pipe, &found, &memory, &error), -TY_ECAPTURE);
	unlink(pipe);
	ck_assert_ptr_null(memory);
}
