/* SPDX-License-Identifier: Apache-2.0 */
/* Bytecode: where instructions begin, their generic forms and arguments, and code that nobody compiled. */
#include "support/test.h"

#include <stdlib.h>
#include <string.h>

#include "python/bytecode.h"

/* CPython 3.15 */
enum {
	CACHE = 0,
	NOP = 25,
	RETURN_VALUE = 33,
	BINARY_OP = 42,
	EXTENDED_ARG = 67,
	LOAD_CONST = 81,
	LOAD_FAST = 83,
	BINARY_OP_ADD_INT = 130,
	INSTRUMENTED_RETURN_VALUE = 245,
	INSTRUMENTED_LINE = 253,
	ENTER_EXECUTOR = 254,
};

/* Stands in for the target: what is hidden at unit N is `context[N]`; 0: cannot be told. */
static bool resolve(void *context, uint32_t unit, struct ty_code_unit executing, struct ty_code_unit *real)
{
	const uint8_t *hidden = context;

	real->opcode = hidden[unit];
	real->argument = executing.argument;
	return hidden[unit];
}

static struct ty_bytecode decode(const uint8_t *code, size_t size_bytes, uint8_t *hidden)
{
	struct ty_bytecode bytecode;

	ck_assert_ok(ty_bytecode_decode(ty_opcode_table(TY_PYTHON_3_15), code, (uint32_t)(size_bytes / 2), resolve,
	                                hidden, &bytecode));
	ck_assert_uint_eq(bytecode.unit_count, size_bytes / 2);
	return bytecode;
}

TEST(finds_heads_behind_cache_units)
{
	/* What looks like instructions inside the caches is data. */
	const uint8_t code[] = { LOAD_FAST, 1, BINARY_OP_ADD_INT, 13, 67, 67, 1, 2, 42, 0, 255, 255,
		                 33,        0, RETURN_VALUE,      0 };
	struct ty_bytecode bytecode = decode(code, sizeof(code), NULL);

	ck_assert_uint_eq(bytecode.known_count, 8);
	ck_assert(ty_bytecode_begins(&bytecode, 0));
	ck_assert(ty_bytecode_begins(&bytecode, 1));
	ck_assert_uint_eq(bytecode.units[1].opcode, BINARY_OP);
	ck_assert_uint_eq(bytecode.units[1].argument, 13);
	for (uint32_t unit = 2; unit < 7; unit++) {
		ck_assert(!ty_bytecode_begins(&bytecode, unit));
		ck_assert_uint_eq(ty_bytecode_head(&bytecode, unit), 1);
	}
	ck_assert_uint_eq(ty_bytecode_head(&bytecode, 1), 1);
	ck_assert_uint_eq(ty_bytecode_head(&bytecode, 7), 7);
	ck_assert(!ty_bytecode_begins(&bytecode, 8));
	ty_bytecode_free(&bytecode);
}

TEST(folds_extended_arguments)
{
	const uint8_t code[] = { EXTENDED_ARG, 1, EXTENDED_ARG, 2, EXTENDED_ARG, 3, LOAD_CONST,   4,
		                 EXTENDED_ARG, 9, NOP,          5, LOAD_CONST,   6, RETURN_VALUE, 7 };
	struct ty_bytecode bytecode = decode(code, sizeof(code), NULL);

	ck_assert_uint_eq(ty_bytecode_argument(&bytecode, 0), 1);
	ck_assert_uint_eq(ty_bytecode_argument(&bytecode, 1), 0x0102);
	ck_assert_uint_eq(ty_bytecode_argument(&bytecode, 2), 0x010203);
	ck_assert_uint_eq(ty_bytecode_argument(&bytecode, 3), 0x01020304);
	ck_assert_uint_eq(ty_bytecode_argument(&bytecode, 5), 0);
	ck_assert_uint_eq(ty_bytecode_argument(&bytecode, 6), 6);
	ck_assert_uint_eq(ty_bytecode_argument(&bytecode, 7), 0);
	ty_bytecode_free(&bytecode);
}

TEST(folds_no_more_than_an_argument_holds)
{
	const uint8_t code[] = { EXTENDED_ARG, 9, EXTENDED_ARG, 1, EXTENDED_ARG, 2, EXTENDED_ARG, 3, LOAD_CONST, 4 };
	struct ty_bytecode bytecode = decode(code, sizeof(code), NULL);

	ck_assert_uint_eq(ty_bytecode_argument(&bytecode, 4), 0x01020304);
	ty_bytecode_free(&bytecode);
}

TEST(sees_through_instrumentation)
{
	const uint8_t code[] = { INSTRUMENTED_LINE,         1, INSTRUMENTED_LINE, 13, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5,
		                 INSTRUMENTED_RETURN_VALUE, 0 };
	uint8_t hidden[8] = { [0] = LOAD_FAST, [1] = BINARY_OP };
	struct ty_bytecode bytecode = decode(code, sizeof(code), hidden);

	ck_assert_uint_eq(bytecode.known_count, 8);
	ck_assert_uint_eq(bytecode.units[0].opcode, LOAD_FAST);
	ck_assert_uint_eq(bytecode.units[1].opcode, BINARY_OP);
	ck_assert_uint_eq(ty_bytecode_head(&bytecode, 6), 1);
	ck_assert_uint_eq(bytecode.units[7].opcode, RETURN_VALUE);
	ty_bytecode_free(&bytecode);
}

/* Without the hidden opcode the number of its caches is not known either: nothing behind it can be told. */
TEST(stops_at_what_it_cannot_tell)
{
	const uint8_t code[] = { LOAD_FAST, 1, INSTRUMENTED_LINE, 13, RETURN_VALUE, 0 };
	uint8_t hidden[][3] = { { 0 }, { 0, INSTRUMENTED_LINE }, { 0, ENTER_EXECUTOR }, { 0, 120 } };

	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
		struct ty_bytecode bytecode = decode(code, sizeof(code), hidden[i]);

		ck_assert_uint_eq(bytecode.known_count, 1);
		ck_assert(!ty_bytecode_begins(&bytecode, 1));
		ck_assert(!ty_bytecode_begins(&bytecode, 2));
		ck_assert_uint_eq(ty_bytecode_head(&bytecode, 2), 2);
		ty_bytecode_free(&bytecode);
	}
}

TEST(stops_at_what_is_no_code)
{
	const uint8_t cache[] = { LOAD_FAST, 1, CACHE, 0, RETURN_VALUE, 0 };
	const uint8_t unknown[] = { LOAD_FAST, 1, 120, 0, RETURN_VALUE, 0 };
	const uint8_t cut[] = { LOAD_FAST, 1, BINARY_OP, 0, 0, 0, 0, 0, 0, 0, 0, 0 };
	struct ty_bytecode bytecode = decode(cache, sizeof(cache), NULL);

	ck_assert_uint_eq(bytecode.known_count, 1);
	ty_bytecode_free(&bytecode);
	bytecode = decode(unknown, sizeof(unknown), NULL);
	ck_assert_uint_eq(bytecode.known_count, 1);
	ty_bytecode_free(&bytecode);
	bytecode = decode(cut, sizeof(cut), NULL);
	ck_assert_uint_eq(bytecode.known_count, 1);
	ty_bytecode_free(&bytecode);
	bytecode = decode(cut, 0, NULL);
	ck_assert_uint_eq(bytecode.known_count, 0);
	ty_bytecode_free(&bytecode);
}

TEST(survives_noise_in_every_version)
{
	uint8_t code[64], hidden[32] = { 0 };
	uint32_t state = 20260102;

	for (unsigned int round = 0; round < 4000; round++) {
		struct ty_bytecode bytecode;
		uint32_t unit_count = round % 33;

		for (size_t i = 0; i < sizeof(code); i++) {
			state = state * 1664525 + 1013904223;
			code[i] = (uint8_t)(state >> 24);
			hidden[i / 2] = (uint8_t)(state >> 16);
		}
		ck_assert_ok(ty_bytecode_decode(ty_opcode_table(TY_PYTHON_3_11 + round % 5), code, unit_count, resolve,
		                                hidden, &bytecode));
		ck_assert_uint_le(bytecode.known_count, unit_count);
		for (uint32_t unit = 0; unit < unit_count; unit++) {
			ck_assert_uint_le(ty_bytecode_head(&bytecode, unit), unit);
			if (ty_bytecode_begins(&bytecode, unit))
				(void)ty_bytecode_argument(&bytecode, unit);
		}
		ty_bytecode_free(&bytecode);
	}
}
