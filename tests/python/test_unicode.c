/* SPDX-License-Identifier: Apache-2.0 */
#include "python/unicode.h"

#include <errno.h>
#include <string.h>

#include <tachyon/base.h>

#include "support/fake_python.h"
#include "support/test.h"

#define AT 0x7f0000001000

enum { NOT_COMPACT = 0, COMPACT = 1 << 3, ASCII = 1 << 4 };

static char text[PY_STRING_BYTES_MAX];

/* A str with `count` characters of `kind` bytes, as its state says. */
static struct ty_memory *make(const struct py_offsets *offsets, uint32_t state, uint64_t count, const void *data,
                              size_t size_bytes)
{
	struct ty_memory *memory = fake_memory_new();

	fake_fill(memory, AT, 0, offsets->unicode.compact_data);
	fake_write_u64(memory, AT + offsets->unicode.length, count);
	/* The bits around kind, compact and ascii are others' and may be set. */
	fake_write_u32(memory, AT + offsets->unicode.state,
	               state << offsets->unicode.kind_shift | ((1u << offsets->unicode.kind_shift) - 1) | 0xff000000);
	fake_write(memory, AT + (state & ASCII ? offsets->unicode.ascii_data : offsets->unicode.compact_data), data,
	           size_bytes);
	return memory;
}

static int read_as(uint32_t state, uint64_t count, const void *data, size_t size_bytes)
{
	int result = 0;

	fake_each_version(version)
	{
		const struct py_offsets *offsets = fake_offsets(version);
		struct ty_memory *memory = make(offsets, state, count, data, size_bytes);

		memset(text, 0x5a, sizeof(text));
		result = ty_unicode_read(memory, offsets, AT, text);
		ty_memory_close(memory);
		if (result < 0)
			return result;
	}
	return result;
}

TEST(ascii)
{
	ck_assert_ok(read_as(1 | COMPACT | ASCII, 5, "hello", 5));
	ck_assert_str_eq(text, "hello");
}

TEST(an_empty_string)
{
	ck_assert_ok(read_as(1 | COMPACT | ASCII, 0, "", 0));
	ck_assert_str_eq(text, "");
}

TEST(latin_1)
{
	ck_assert_ok(read_as(1 | COMPACT, 4,
	                     "\xe4\xff"
	                     "A\x80",
	                     4));
	ck_assert_str_eq(text, "äÿA\xc2\x80");
}

TEST(two_bytes_a_character)
{
	static const uint16_t data[] = { 'a', 0x7ff, 0x800, 0x5206, 0xffff };

	ck_assert_ok(read_as(2 | COMPACT, 5, data, sizeof(data)));
	ck_assert_str_eq(text, "a\xdf\xbf\xe0\xa0\x80分\xef\xbf\xbf");
}

TEST(four_bytes_a_character)
{
	static const uint32_t data[] = { 'a', 0x1f600, 0x10ffff, 0x10000, 0xe9 };

	ck_assert_ok(read_as(4 | COMPACT, 5, data, sizeof(data)));
	ck_assert_str_eq(text, "a😀\xf4\x8f\xbf\xbf\xf0\x90\x80\x80é");
}

TEST(what_is_no_character_is_replaced)
{
	static const uint16_t lone[] = { 'a', 0xd800, 'b', 0xdfff, 0xdc80, 'c' };
	static const uint32_t beyond[] = { 0x110000, 0xffffffff, 0xd800, 'x' };

	ck_assert_ok(read_as(2 | COMPACT, 6, lone, sizeof(lone)));
	ck_assert_str_eq(text, "a\xef\xbf\xbd"
	                       "b\xef\xbf\xbd\xef\xbf\xbd"
	                       "c");
	ck_assert_ok(read_as(4 | COMPACT, 4, beyond, sizeof(beyond)));
	ck_assert_str_eq(text, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdx");
}

TEST(a_nul_does_not_end_the_string)
{
	ck_assert_ok(read_as(1 | COMPACT | ASCII, 3, "a\0b", 3));
	ck_assert_str_eq(text, "a\xe2\x90\x80"
	                       "b");
}

TEST(a_long_string_is_cut)
{
	static uint32_t data[PY_STRING_CHARACTERS_MAX + 10];
	size_t end = PY_STRING_CHARACTERS_MAX * 4;

	for (size_t i = 0; i < sizeof(data) / sizeof(*data); i++)
		data[i] = 0x1f600;
	ck_assert_ok(read_as(4 | COMPACT, PY_STRING_CHARACTERS_MAX, data, sizeof(data)));
	ck_assert_uint_eq(strlen(text), end);
	ck_assert_ok(read_as(4 | COMPACT, PY_STRING_CHARACTERS_MAX + 1, data, sizeof(data)));
	ck_assert_uint_eq(strlen(text), end + 3);
	ck_assert_str_eq(text + end, "…");
	ck_assert_uint_lt(strlen(text), sizeof(text));
}

TEST(lengths_that_lie)
{
	ck_assert_int_eq(read_as(1 | COMPACT | ASCII, 60, "hello", 5), -EFAULT);
	ck_assert_int_eq(read_as(4 | COMPACT, 3, "hello", 5), -EFAULT);
	ck_assert_int_eq(read_as(1 | COMPACT | ASCII, INT64_MAX, "hello", 5), -EFAULT);
	ck_assert_int_eq(read_as(1 | COMPACT | ASCII, 1ULL << 63, "hello", 5), -TY_ECORRUPT);
	ck_assert_int_eq(read_as(1 | COMPACT | ASCII, UINT64_MAX, "hello", 5), -TY_ECORRUPT);
}

TEST(what_is_no_compact_string_is_refused)
{
	static const uint32_t kinds[] = { 0, 3, 5, 6, 7 };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		ck_assert_int_eq(read_as(kinds[i] | COMPACT, 1, "hello", 5), -TY_ECORRUPT);
	ck_assert_int_eq(read_as(1 | NOT_COMPACT, 1, "hello", 5), -TY_ECORRUPT);
	ck_assert_int_eq(read_as(1 | NOT_COMPACT | ASCII, 1, "hello", 5), -TY_ECORRUPT);
}

TEST(what_cannot_be_read_is_told)
{
	struct ty_memory *memory = fake_memory_new();
	const struct py_offsets *offsets = fake_offsets(TY_PYTHON_3_14);

	ck_assert_int_eq(ty_unicode_read(memory, offsets, AT, text), -EFAULT);
	ck_assert_int_eq(ty_unicode_read(memory, offsets, 0, text), -EFAULT);
	ck_assert_int_eq(ty_unicode_read(memory, offsets, UINT64_MAX - 3, text), -EFAULT);
	fake_fail(memory, -ESRCH);
	ck_assert_int_eq(ty_unicode_read(memory, offsets, AT, text), -ESRCH);
	ty_memory_close(memory);
}
