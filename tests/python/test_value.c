/* SPDX-License-Identifier: Apache-2.0 */
/* Constants as repr() shows them; the expected texts are what CPython printed. Then objects that nobody made. */
#include "support/test.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tachyon/opcode.h>

#include "python/value.h"

/* ---- pure parts ---- */

static void check_float(double value, const char *expected)
{
	struct ty_text text = { 0 };

	ty_text_float(&text, value);
	ck_assert_str_eq(ty_text_end(&text), expected);
	ty_text_free(&text);
}

TEST(shows_the_shortest_float)
{
	check_float(0.0, "0.0");
	check_float(-0.0, "-0.0");
	check_float(1.0, "1.0");
	check_float(-2.5, "-2.5");
	check_float(0.1, "0.1");
	check_float(0.1 + 0.2, "0.30000000000000004");
	check_float(100.0, "100.0");
	check_float(123456.789, "123456.789");
	check_float(0.0001, "0.0001");
	check_float(0.00001, "1e-05");
	check_float(1.5e-7, "1.5e-07");
	check_float(1e15, "1000000000000000.0");
	check_float(9999999999999998.0, "9999999999999998.0");
	check_float(1e16, "1e+16");
	check_float(1.25e100, "1.25e+100");
	check_float(DBL_MAX, "1.7976931348623157e+308");
	check_float(5e-324, "5e-324");
	check_float(5.9604644775390625e-08, "5.960464477539063e-08");
	check_float(9007199254740992.0, "9007199254740992.0");
	check_float(9.5e22, "9.5e+22");
	check_float((double)INFINITY, "inf");
	check_float(-(double)INFINITY, "-inf");
	check_float((double)NAN, "nan");
	check_float(-(double)NAN, "nan");
}

static void check_str(const void *data, size_t count, unsigned int width_bytes, const char *expected)
{
	struct ty_text text = { 0 };

	ty_text_str(&text, ty_dialect(TY_PYTHON_3_15)->unprintable, data, count, width_bytes);
	ck_assert_str_eq(ty_text_end(&text), expected);
	ty_text_free(&text);
}

TEST(quotes_and_escapes_a_str)
{
	check_str("", 0, 1, "''");
	check_str("it's", 4, 1, "\"it's\"");
	check_str("say \"it's\"", 10, 1, "'say \"it\\'s\"'");
	check_str("a\tb\nc\rd\\e\x01\x7f\0z", 13, 1, "'a\\tb\\nc\\rd\\\\e\\x01\\x7f\\x00z'");
	check_str("\xe9\xa0\xad", 3, 1, "'\xc3\xa9\\xa0\\xad'");
	check_str((uint16_t[]){ 0x20ac, 0x2028, 0xd800, 0xfeff }, 4, 2, "'\xe2\x82\xac\\u2028\\ud800\\ufeff'");
	check_str((uint32_t[]){ 0x1f600, 0xe0001, 0x10ffff, 0x110000 }, 4, 4,
	          "'\xf0\x9f\x98\x80\\U000e0001\\U0010ffff\\U00110000'");
}

TEST(knows_what_each_version_can_print)
{
	/* New in Unicode 15.1 (3.13) and 17 (3.15). */
	ck_assert(!ty_is_printable(ty_dialect(TY_PYTHON_3_12)->unprintable, 0x2ffc));
	ck_assert(ty_is_printable(ty_dialect(TY_PYTHON_3_13)->unprintable, 0x2ffc));
	ck_assert(!ty_is_printable(ty_dialect(TY_PYTHON_3_14)->unprintable, 0x20c1));
	ck_assert(ty_is_printable(ty_dialect(TY_PYTHON_3_15)->unprintable, 0x20c1));
}

TEST(quotes_and_escapes_bytes)
{
	struct ty_text text = { 0 };

	ty_text_bytes(&text, (const uint8_t *)"a'\n\xff\\\0", 6);
	ck_assert_str_eq(ty_text_end(&text), "b\"a'\\n\\xff\\\\\\x00\"");
	ty_text_clear(&text);
	ty_text_bytes(&text, (const uint8_t *)"'\"", 2);
	ck_assert_str_eq(ty_text_end(&text), "b'\\'\"'");
	ty_text_free(&text);
}

/* ---- objects in a memory of their own ---- */

#define BASE 0x10000u
#define OB_SIZE 16 /* the end of PyObject */
#define TYPE_NAME 24

struct fake {
	struct ty_memory memory;
	uint64_t used;
	uint8_t bytes[0x20000];
};

static ssize_t fake_read(struct ty_memory *memory, const struct iovec *remote, size_t count, void *into)
{
	struct fake *fake = (struct fake *)memory;
	size_t i;

	for (i = 0; i < count; i++) {
		uint64_t at = (uint64_t)(uintptr_t)remote[i].iov_base - BASE;

		if (at > sizeof(fake->bytes) || remote[i].iov_len > sizeof(fake->bytes) - at)
			break;
		memcpy(into, fake->bytes + at, remote[i].iov_len);
		into = (char *)into + remote[i].iov_len;
	}
	return (ssize_t)i;
}

static const struct ty_memory_ops fake_ops = { .read_vector = fake_read };

static const struct py_offsets offsets = {
	.bytes = { .size = OB_SIZE, .data = 32 },
	.unicode = { .length = 16, .state = 32, .kind_shift = 0, .ascii_data = 40, .compact_data = 56 },
	.type = { .name = TYPE_NAME },
	.object_type = 8,
};

static struct fake *new_fake(void)
{
	struct fake *fake = calloc(1, sizeof(*fake));

	ck_assert_ptr_nonnull(fake);
	fake->memory.ops = &fake_ops;
	fake->used = 16;
	return fake;
}

static uint64_t place(struct fake *fake, const void *data, size_t size_bytes)
{
	uint64_t address = BASE + fake->used;

	ck_assert_uint_le(fake->used + size_bytes, sizeof(fake->bytes));
	memcpy(fake->bytes + fake->used, data, size_bytes);
	fake->used += (size_bytes + 15) / 16 * 16;
	return address;
}

static uint64_t make_type(struct fake *fake, const char *name)
{
	uint64_t type[5] = { 0 };

	type[TYPE_NAME / 8] = place(fake, name, strlen(name) + 1);
	return place(fake, type, sizeof(type));
}

/* An object of a type of that name whose words behind PyObject are given. */
static uint64_t make(struct fake *fake, const char *type, const void *body, size_t size_bytes)
{
	uint64_t object[64] = { 1, make_type(fake, type) };

	ck_assert_uint_le(OB_SIZE + size_bytes, sizeof(object));
	memcpy(&object[2], body, size_bytes);
	return place(fake, object, OB_SIZE + size_bytes);
}

#define MAKE(fake, type, ...) make(fake, type, (uint64_t[]){ __VA_ARGS__ }, sizeof((uint64_t[]){ __VA_ARGS__ }))

static int value_text(struct fake *fake, uint32_t version, uint64_t address, struct ty_text *text)
{
	struct ty_values values;
	int result;

	ty_values_init(&values, &fake->memory, &offsets, ty_dialect(version));
	ty_text_clear(text);
	result = ty_value_text(&values, address, text);
	ty_values_free(&values);
	return result;
}

static void check_value(struct fake *fake, uint32_t version, uint64_t address, const char *expected)
{
	struct ty_text text = { 0 };

	ck_assert_ok(value_text(fake, version, address, &text));
	ck_assert_str_eq(ty_text_end(&text), expected);
	ty_text_free(&text);
}

static void check_refused(struct fake *fake, uint64_t address)
{
	struct ty_text text = { 0 };

	ck_assert_int_lt(value_text(fake, TY_PYTHON_3_15, address, &text), 0);
	ty_text_free(&text);
}

TEST(shows_singletons)
{
	struct fake *fake = new_fake();

	check_value(fake, TY_PYTHON_3_15, MAKE(fake, "NoneType", 0), "None");
	check_value(fake, TY_PYTHON_3_15, MAKE(fake, "ellipsis", 0), "Ellipsis");
	check_value(fake, TY_PYTHON_3_15, MAKE(fake, "bool", 1 << 3, 1), "True");
	check_value(fake, TY_PYTHON_3_15, MAKE(fake, "bool", 1, 0), "False");
	check_value(fake, TY_PYTHON_3_11, MAKE(fake, "bool", 0, 0), "False");
	free(fake);
}

TEST(shows_ints)
{
	struct fake *fake = new_fake();
	/* 2**64 = 16 * 2**60; 10**18 - 1 = 931322574 * 2**30 + 660865023 */
	const uint64_t low = 660865023, high = 931322574;

	check_value(fake, TY_PYTHON_3_12, MAKE(fake, "int", 1, 0), "0");
	check_value(fake, TY_PYTHON_3_12, MAKE(fake, "int", 1 << 3, 7), "7");
	check_value(fake, TY_PYTHON_3_12, MAKE(fake, "int", 1 << 3 | 2, 7), "-7");
	check_value(fake, TY_PYTHON_3_12, MAKE(fake, "int", 3 << 3, 0, 16), "18446744073709551616");
	check_value(fake, TY_PYTHON_3_12, MAKE(fake, "int", 2 << 3, high << 32 | low), "999999999999999999");
	check_value(fake, TY_PYTHON_3_11, MAKE(fake, "int", 2, high << 32 | low), "999999999999999999");
	check_value(fake, TY_PYTHON_3_11, MAKE(fake, "int", (uint64_t)-2, high << 32 | low), "-999999999999999999");
	check_value(fake, TY_PYTHON_3_11, MAKE(fake, "int", 0, 0), "0");
	check_value(fake, TY_PYTHON_3_12, MAKE(fake, "int", 5000 << 3, 0), "<int of 5000 digits of 30 bits>");
	free(fake);
}

static uint64_t make_complex(struct fake *fake, double real, double imaginary)
{
	const double parts[] = { real, imaginary };

	return make(fake, "complex", parts, sizeof(parts));
}

TEST(shows_complex_numbers)
{
	struct fake *fake = new_fake();

	check_value(fake, TY_PYTHON_3_15, make_complex(fake, 0, 2), "2j");
	check_value(fake, TY_PYTHON_3_15, make_complex(fake, 0, -2.5), "-2.5j");
	check_value(fake, TY_PYTHON_3_15, make_complex(fake, 1, 2), "(1+2j)");
	check_value(fake, TY_PYTHON_3_15, make_complex(fake, -1.5, -1e20), "(-1.5-1e+20j)");
	check_value(fake, TY_PYTHON_3_15, make_complex(fake, -0.0, 2), "(-0+2j)");
	check_value(fake, TY_PYTHON_3_15, make_complex(fake, 1, (double)NAN), "(1+nanj)");
	free(fake);
}

TEST(shows_containers)
{
	struct fake *fake = new_fake();
	uint64_t one = MAKE(fake, "int", 1 << 3, 1), none = MAKE(fake, "NoneType", 0);
	uint64_t pair, table;

	check_value(fake, TY_PYTHON_3_13, MAKE(fake, "tuple", 0), "()");
	check_value(fake, TY_PYTHON_3_13, MAKE(fake, "tuple", 1, one), "(1,)");
	check_value(fake, TY_PYTHON_3_14, MAKE(fake, "tuple", 1, 0, one), "(1,)");
	pair = MAKE(fake, "tuple", 2, 0, none, one);
	check_value(fake, TY_PYTHON_3_14, MAKE(fake, "tuple", 2, 0, pair, one), "((None, 1), 1)");
	check_value(fake, TY_PYTHON_3_14, MAKE(fake, "slice", none, one, pair), "slice(None, 1, (None, 1))");
	table = place(fake, (uint64_t[]){ 0, 0, one, 1, 0, 0, none, 2 }, 64);
	check_value(fake, TY_PYTHON_3_14, MAKE(fake, "frozenset", 2, 2, 3, table), "frozenset({1, None})");
	check_value(fake, TY_PYTHON_3_14, MAKE(fake, "frozenset", 0, 0, 7, table), "frozenset()");
	free(fake);
}

TEST(shows_what_it_does_not_know)
{
	struct fake *fake = new_fake();
	uint64_t address = MAKE(fake, "module.thing", 0);
	char expected[64];

	snprintf(expected, sizeof(expected), "<module.thing object at 0x%llx>", (unsigned long long)address);
	check_value(fake, TY_PYTHON_3_15, address, expected);
	free(fake);
}

TEST(ends_where_objects_nest_without_end)
{
	struct fake *fake = new_fake();
	uint64_t tuple = MAKE(fake, "tuple", 1, 0, 0);
	uint64_t wide = MAKE(fake, "tuple", UINT64_MAX, 0, 0);
	uint64_t set = MAKE(fake, "frozenset", 0, UINT64_MAX, UINT64_MAX, BASE);

	memcpy(fake->bytes + (tuple - BASE) + 32, &tuple, sizeof(tuple));
	check_refused(fake, tuple);
	check_refused(fake, wide);
	check_refused(fake, set);
	check_refused(fake, 0);
	check_refused(fake, UINT64_MAX - 4);
	check_refused(fake, BASE);
	free(fake);
}
