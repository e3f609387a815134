/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "output/marshal.h"

static ty_sink *sink;

static void begin(void)
{
	ck_assert_ok(ty_sink_memory(&sink));
}

/* The expected bytes are what marshal.dumps(object, 2) of CPython gives, but for its short and interned strings. */
static void check_bytes(const char *bytes, size_t size_bytes)
{
	size_t size;
	const char *data = ty_sink_data(sink, &size);

	ck_assert_uint_eq(size, size_bytes);
	ck_assert_mem_eq(data, bytes, size_bytes);
	ty_sink_free(sink);
}

#define CHECK_BYTES(literal) check_bytes(literal, sizeof(literal) - 1)

TEST(small_integers)
{
	begin();
	ty_marshal_int(sink, 0);
	ty_marshal_int(sink, -2);
	ty_marshal_int(sink, INT32_MAX);
	CHECK_BYTES("i\0\0\0\0i\xfe\xff\xff\xffi\xff\xff\xff\x7f");
}

TEST(large_integers_are_15_bit_digits)
{
	begin();
	ty_marshal_int(sink, (int64_t)INT32_MAX + 1);
	ty_marshal_int(sink, -10000000000);
	ty_marshal_int(sink, INT64_MIN);
	CHECK_BYTES("l\x03\0\0\0\0\0\0\0\x02\0"
	            "l\xfd\xff\xff\xff\0\x64\x17\x28\x09\0"
	            "l\xfb\xff\xff\xff\0\0\0\0\0\0\0\0\x08\0");
}

TEST(floats_are_little_endian_doubles)
{
	begin();
	ty_marshal_float(sink, 0.5);
	CHECK_BYTES("g\0\0\0\0\0\0\xe0\x3f");
}

TEST(containers_hold_what_follows)
{
	begin();
	ty_marshal_dict_begin(sink);
	ty_marshal_tuple(sink, 2);
	ty_marshal_string(sink, "é");
	ty_marshal_int(sink, 1);
	ty_marshal_true(sink);
	ty_marshal_dict_end(sink);
	CHECK_BYTES("{)\x02u\x02\0\0\0\xc3\xa9i\x01\0\0\0T0");
}
