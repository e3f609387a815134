/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <string.h>

#include "util/bytes.h"

/* One byte of padding makes every load below an unaligned one. */
static const struct __attribute__((packed)) {
	uint8_t padding;
	uint64_t value;
} UNALIGNED = { 0xee, 0x8877665544332211ULL };

TEST(loads_unaligned_values_in_native_order)
{
	const void *at = &UNALIGNED.padding + 1;
	uint16_t half;
	uint32_t word;

	memcpy(&half, at, sizeof(half));
	memcpy(&word, at, sizeof(word));
	ck_assert_uint_eq(ty_load_u16(at), half);
	ck_assert_uint_eq(ty_load_u32(at), word);
	ck_assert_uint_eq(ty_load_u64(at), 0x8877665544332211ULL);
	ck_assert_uint_eq(ty_load_u8(&UNALIGNED), 0xee);
}

TEST(keeps_the_sign)
{
	int32_t minus_two = -2;

	ck_assert_int_eq(ty_load_i32(&minus_two), -2);
}
