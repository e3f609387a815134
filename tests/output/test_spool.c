/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>

#include "support/test.h"

#include "output/spool.h"

#define NUMBERS 100000

/* Of every length, and different in every stream. */
static uint64_t number(uint64_t stream, uint64_t index)
{
	return (index + stream + 1) * 0x9e3779b97f4a7c15ULL >> index % 64;
}

TEST(streams_give_back_what_was_put)
{
	struct ty_stream streams[3] = { 0 };
	struct ty_stream_reader reader;
	struct ty_spool spool;
	uint64_t value;

	ty_spool_init(&spool);
	for (uint64_t i = 0; i < NUMBERS; i++)
		for (uint64_t s = 0; s < 3; s++)
			ck_assert_ok(ty_stream_put(&spool, &streams[s], number(s, i)));
	ck_assert_uint_gt(spool.blocks, 100);
	for (uint64_t s = 0; s < 3; s++) {
		ck_assert_ok(ty_stream_read(&reader, &spool, &streams[s]));
		for (uint64_t i = 0; i < NUMBERS; i++) {
			ck_assert(ty_stream_get(&reader, &value));
			ck_assert_uint_eq(value, number(s, i));
		}
		ck_assert(!ty_stream_get(&reader, &value));
		ck_assert(!ty_stream_get(&reader, &value));
		ck_assert_int_eq(reader.error, 0);
		ty_stream_reader_free(&reader);
		ty_stream_free(&streams[s]);
	}
	ty_spool_free(&spool);
}

/* The end of the last block is the end of the stream. */
TEST(full_blocks_and_empty_streams_end)
{
	struct ty_stream stream = { 0 };
	struct ty_stream_reader reader;
	struct ty_spool spool;
	uint64_t value;

	ty_spool_init(&spool);
	for (size_t count = 0; count <= 4097; count++) {
		if (count == 0 || count >= 4095) {
			size_t found = 0;

			ck_assert_ok(ty_stream_read(&reader, &spool, &stream));
			while (ty_stream_get(&reader, &value))
				found++;
			ck_assert_uint_eq(found, count);
			ty_stream_reader_free(&reader);
		}
		ck_assert_ok(ty_stream_put(&spool, &stream, 1));
	}
	ty_stream_free(&stream);
	ty_spool_free(&spool);
}

/* A full disk, as far as a process can make one for itself. */
static void limit_files(rlim_t size_bytes)
{
	struct rlimit limit;

	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = size_bytes;
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

TEST(what_was_put_before_the_disk_was_full_can_be_read)
{
	struct ty_stream streams[2] = { 0 };
	struct ty_stream_reader reader;
	struct ty_spool spool;
	uint64_t count = 0, value;

	ty_spool_init(&spool);
	limit_files(3 * 4096);
	while (ty_stream_put(&spool, &streams[0], number(0, count)) == 0 && count < NUMBERS)
		count++;
	ck_assert_uint_gt(count, 3 * 4096 / 10);
	ck_assert_uint_lt(count, NUMBERS);
	limit_files(RLIM_INFINITY);
	/* There is room again; but a row of which the begin is missing would be taken for another one. */
	ck_assert_int_eq(ty_stream_put(&spool, &streams[0], 1), -EFBIG);
	ck_assert_int_eq(ty_stream_put(&spool, &streams[1], 1), -EFBIG);
	ck_assert_ok(ty_stream_read(&reader, &spool, &streams[0]));
	for (uint64_t i = 0; i < count; i++) {
		ck_assert(ty_stream_get(&reader, &value));
		ck_assert_uint_eq(value, number(0, i));
	}
	ck_assert(!ty_stream_get(&reader, &value));
	ck_assert_int_eq(reader.error, 0);
	ty_stream_reader_free(&reader);
	ty_stream_free(&streams[0]);
	ty_stream_free(&streams[1]);
	ty_spool_free(&spool);
}
