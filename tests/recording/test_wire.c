/* SPDX-License-Identifier: Apache-2.0 */
#include "recording/wire.h"

#include "support/test.h"

TEST(numbers_come_back)
{
	static const uint64_t UNSIGNED[] = { 0, 1, 127, 128, 300, UINT32_MAX, 1ULL << 63, UINT64_MAX };
	static const int64_t SIGNED[] = { 0, -1, 1, -64, 64, INT32_MIN, INT64_MAX, INT64_MIN };
	struct ty_wire_out out = { 0 };
	struct ty_wire_in in;

	for (size_t i = 0; i < 8; i++) {
		ty_wire_put_uint(&out, UNSIGNED[i]);
		ty_wire_put_int(&out, SIGNED[i]);
		ty_wire_put_u64(&out, UNSIGNED[i]);
	}
	ty_wire_put_double(&out, -2.5);
	in = ty_wire_in(out.items, out.count);
	for (size_t i = 0; i < 8; i++) {
		ck_assert_uint_eq(ty_wire_get_uint(&in), UNSIGNED[i]);
		ck_assert_int_eq(ty_wire_get_int(&in), SIGNED[i]);
		ck_assert_uint_eq(ty_wire_get_u64(&in), UNSIGNED[i]);
	}
	ck_assert(ty_wire_get_double(&in) == -2.5);
	ck_assert(!in.failed);
	ck_assert_uint_eq(ty_wire_left(&in), 0);
	ty_wire_out_free(&out);
}

TEST(small_numbers_take_one_byte)
{
	struct ty_wire_out out = { 0 };

	ty_wire_put_uint(&out, 127);
	ty_wire_put_int(&out, -64);
	ck_assert_uint_eq(out.count, 2);
	ty_wire_out_free(&out);
}

TEST(reading_past_the_end_is_noticed_and_harmless)
{
	struct ty_wire_in in = ty_wire_in("\x80\x80", 2);

	ck_assert_uint_eq(ty_wire_get_uint(&in), 0);
	ck_assert(in.failed);
	ck_assert_uint_eq(ty_wire_get_byte(&in), 0);
	ck_assert_uint_eq(ty_wire_get_u32(&in), 0);
	ck_assert_ptr_null(ty_wire_get_bytes(&in, UINT64_MAX));
}

TEST(numbers_that_are_too_long_or_too_large_are_refused)
{
	static const char *const TOO_LONG[] = { "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01",
		                                "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02" };
	struct ty_wire_in in;

	for (size_t i = 0; i < 2; i++) {
		in = ty_wire_in(TOO_LONG[i], 11 - i);
		ty_wire_get_uint(&in);
		ck_assert(in.failed);
	}
	in = ty_wire_in("\x80\x80\x80\x80\x10", 5);
	ty_wire_get_uint32(&in);
	ck_assert(in.failed);
	in = ty_wire_in("\x80\x80\x80\x80\x10", 5);
	ty_wire_get_int32(&in);
	ck_assert(in.failed);
}
