/* SPDX-License-Identifier: Apache-2.0 */
/* The opcode tables: spot checks against the headers of each version, and what must hold for every entry. */
#include "support/test.h"

#include <stdbool.h>
#include <string.h>

#include "python/opcode.h"

static const uint32_t versions[] = { TY_PYTHON_3_11, TY_PYTHON_3_12, TY_PYTHON_3_13, TY_PYTHON_3_14, TY_PYTHON_3_15 };
#define VERSION_COUNT (sizeof(versions) / sizeof(versions[0]))

struct expected {
	uint32_t version;
	uint32_t number;
	const char *name;
	const char *base_name;
	const char *family;
	uint32_t flags;
	uint8_t caches;
	uint8_t argument;
};

#define ARG TY_OPCODE_HAS_ARGUMENT
#define SPECIALIZED TY_OPCODE_SPECIALIZED
#define INSTRUMENTED TY_OPCODE_INSTRUMENTED
#define BOOKKEEPING TY_OPCODE_BOOKKEEPING
#define SPECIALIZABLE TY_OPCODE_SPECIALIZABLE

/* Numbers and caches as opcode.h, opcode_ids.h and pycore_opcode*.h of each version have them. */
static const struct expected spot_checks[] = {
	{ TY_PYTHON_3_11, 0, "CACHE", "CACHE", NULL, TY_OPCODE_CACHE, 0, TY_ARGUMENT_NONE },
	{ TY_PYTHON_3_11, 3, "BINARY_OP_ADAPTIVE", "BINARY_OP", "BINARY_OP", ARG | BOOKKEEPING | SPECIALIZABLE, 1,
	  TY_ARGUMENT_NUMBER },
	{ TY_PYTHON_3_11, 34, "EXTENDED_ARG_QUICK", "EXTENDED_ARG", "EXTENDED_ARG", ARG | BOOKKEEPING, 0,
	  TY_ARGUMENT_NUMBER },
	{ TY_PYTHON_3_11, 44, "LOAD_CONST__LOAD_FAST", "LOAD_CONST", "LOAD_CONST", ARG | TY_OPCODE_SUPER, 0,
	  TY_ARGUMENT_CONSTANT },
	{ TY_PYTHON_3_11, 63, "LOAD_METHOD_WITH_VALUES", "LOAD_METHOD", "LOAD_METHOD", ARG | SPECIALIZED, 10,
	  TY_ARGUMENT_NAME },
	{ TY_PYTHON_3_11, 150, "RESUME_QUICK", "RESUME", "RESUME", ARG | BOOKKEEPING, 0, TY_ARGUMENT_NUMBER },
	{ TY_PYTHON_3_11, 166, "PRECALL", "PRECALL", "PRECALL", ARG | SPECIALIZABLE, 1, TY_ARGUMENT_NUMBER },
	{ TY_PYTHON_3_11, 180, "UNPACK_SEQUENCE_TWO_TUPLE", "UNPACK_SEQUENCE", "UNPACK_SEQUENCE", ARG | SPECIALIZED, 1,
	  TY_ARGUMENT_NUMBER },
	{ TY_PYTHON_3_12, 7, "BINARY_OP_ADD_INT", "BINARY_OP", "BINARY_OP", ARG | SPECIALIZED, 1, TY_ARGUMENT_NUMBER },
	{ TY_PYTHON_3_12, 77, "LOAD_ATTR_PROPERTY", "LOAD_ATTR", "LOAD_ATTR", ARG | SPECIALIZED, 9, TY_ARGUMENT_NAME },
	{ TY_PYTHON_3_12, 141, "LOAD_SUPER_ATTR", "LOAD_SUPER_ATTR", "LOAD_SUPER_ATTR", ARG | SPECIALIZABLE, 1,
	  TY_ARGUMENT_NAME },
	{ TY_PYTHON_3_12, 168, "SEND_GEN", "SEND", "SEND", ARG | SPECIALIZED, 1, TY_ARGUMENT_JUMP },
	{ TY_PYTHON_3_12, 241, "INSTRUMENTED_CALL", "CALL", "CALL", ARG | INSTRUMENTED, 3, TY_ARGUMENT_NUMBER },
	{ TY_PYTHON_3_12, 254, "INSTRUMENTED_LINE", "INSTRUMENTED_LINE", NULL, ARG | INSTRUMENTED, 0,
	  TY_ARGUMENT_NUMBER },
	{ TY_PYTHON_3_13, 17, "RESERVED", "RESERVED", NULL, 0, 0, TY_ARGUMENT_NONE },
	{ TY_PYTHON_3_13, 70, "ENTER_EXECUTOR", "ENTER_EXECUTOR", NULL, ARG | TY_OPCODE_EXECUTOR, 0,
	  TY_ARGUMENT_NUMBER },
	{ TY_PYTHON_3_13, 149, "RESUME", "RESUME", "RESUME", ARG, 0, TY_ARGUMENT_NUMBER },
	{ TY_PYTHON_3_13, 207, "RESUME_CHECK", "RESUME", "RESUME", ARG | BOOKKEEPING, 0, TY_ARGUMENT_NUMBER },
	{ TY_PYTHON_3_13, 240, "INSTRUMENTED_RETURN_CONST", "RETURN_CONST", NULL, ARG | INSTRUMENTED, 0,
	  TY_ARGUMENT_CONSTANT },
	{ TY_PYTHON_3_14, 255, "ENTER_EXECUTOR", "ENTER_EXECUTOR", NULL, ARG | TY_OPCODE_EXECUTOR, 0,
	  TY_ARGUMENT_NUMBER },
	{ TY_PYTHON_3_14, 253, "INSTRUMENTED_JUMP_BACKWARD", "JUMP_BACKWARD", "JUMP_BACKWARD", ARG | INSTRUMENTED, 1,
	  TY_ARGUMENT_JUMP },
	{ TY_PYTHON_3_15, 3, "BINARY_OP_INPLACE_ADD_UNICODE", "BINARY_OP", "BINARY_OP", ARG | SPECIALIZED, 5,
	  TY_ARGUMENT_NUMBER },
	{ TY_PYTHON_3_15, 42, "BINARY_OP", "BINARY_OP", "BINARY_OP", ARG | SPECIALIZABLE, 5, TY_ARGUMENT_NUMBER },
	{ TY_PYTHON_3_15, 54, "COMPARE_OP", "COMPARE_OP", "COMPARE_OP", ARG | SPECIALIZABLE, 1, TY_ARGUMENT_COMPARE },
	{ TY_PYTHON_3_15, 82, "LOAD_DEREF", "LOAD_DEREF", NULL, ARG, 0, TY_ARGUMENT_FREE },
	{ TY_PYTHON_3_15, 86, "LOAD_FAST_BORROW_LOAD_FAST_BORROW", "LOAD_FAST_BORROW_LOAD_FAST_BORROW", NULL,
	  ARG | TY_OPCODE_SUPER, 0, TY_ARGUMENT_LOCAL },
	{ TY_PYTHON_3_15, 182, "JUMP_BACKWARD_NO_JIT", "JUMP_BACKWARD", "JUMP_BACKWARD", ARG | BOOKKEEPING, 1,
	  TY_ARGUMENT_JUMP },
	{ TY_PYTHON_3_15, 201, "RESUME_CHECK_JIT", "RESUME", "RESUME", ARG | BOOKKEEPING, 1, TY_ARGUMENT_NUMBER },
	{ TY_PYTHON_3_15, 255, "TRACE_RECORD", "TRACE_RECORD", NULL, ARG | BOOKKEEPING | TY_OPCODE_EXECUTOR, 0,
	  TY_ARGUMENT_NUMBER },
};
#define SPOT_CHECK_COUNT (sizeof(spot_checks) / sizeof(spot_checks[0]))

static void check_spot(const struct expected *expected)
{
	ty_opcode opcode = { .size = sizeof(opcode) };

	ck_assert_int_eq(ty_decode_opcode(expected->version, expected->number, &opcode), 0);
	ck_assert_uint_eq(opcode.size, sizeof(opcode));
	ck_assert_uint_eq(opcode.version, expected->version);
	ck_assert_uint_eq(opcode.number, expected->number);
	ck_assert_str_eq(opcode.name, expected->name);
	ck_assert_str_eq(opcode.base_name, expected->base_name);
	ck_assert_pstr_eq(opcode.family, expected->family);
	ck_assert_uint_eq(opcode.flags, expected->flags);
	ck_assert_uint_eq(opcode.caches, expected->caches);
	ck_assert_uint_eq(opcode.argument, expected->argument);
}

TEST(agrees_with_the_headers_of_each_version)
{
	for (size_t i = 0; i < SPOT_CHECK_COUNT; i++)
		check_spot(&spot_checks[i]);
}

/* Every form has its base's caches, argument and testimony, and no number stands for two names. */
static void check_entry(const struct py_opcode *table, unsigned int number)
{
	const uint32_t testimony =
	        PY_OPCODE_PUSHES | PY_OPCODE_RETURNS | PY_OPCODE_RAISES | PY_OPCODE_FAMILY | PY_OPCODE_EXTENDS;
	const struct py_opcode *entry = &table[number];
	const struct py_opcode *base = &table[entry->base];

	ck_assert_ptr_nonnull(base->name);
	ck_assert_uint_eq(base->base, entry->base);
	ck_assert_uint_eq(base->caches, entry->caches);
	ck_assert_uint_eq(base->argument, entry->argument);
	ck_assert_uint_eq(base->flags & testimony, entry->flags & testimony);
	ck_assert_int_eq(entry->argument != TY_ARGUMENT_NONE, !!(entry->flags & TY_OPCODE_HAS_ARGUMENT));
	for (unsigned int other = 0; other < number; other++)
		if (table[other].name)
			ck_assert_str_ne(table[other].name, entry->name);
}

static void check_flags(const struct py_opcode *table, unsigned int number)
{
	const struct py_opcode *entry = &table[number];
	const uint32_t kinds = TY_OPCODE_SPECIALIZED | TY_OPCODE_INSTRUMENTED | TY_OPCODE_BOOKKEEPING;
	uint32_t kind = entry->flags & kinds;

	ck_assert_uint_eq(kind & (kind - 1), 0);
	if (kind == TY_OPCODE_SPECIALIZED) {
		ck_assert_uint_ne(entry->base, number);
		ck_assert(table[entry->base].flags & TY_OPCODE_SPECIALIZABLE);
	}
	ck_assert_int_eq(!strncmp(entry->name, "INSTRUMENTED_", 13), kind == TY_OPCODE_INSTRUMENTED);
	if (entry->base == number && kind == TY_OPCODE_INSTRUMENTED)
		ck_assert(entry->flags & PY_OPCODE_HIDDEN);
	if (entry->base != number)
		ck_assert(kind || entry->flags & TY_OPCODE_SUPER);
}

static void check_table(const struct py_opcode *table)
{
	unsigned int count = 0;

	ck_assert_ptr_nonnull(table);
	for (unsigned int number = 0; number < PY_OPCODE_COUNT; number++) {
		if (!table[number].name)
			continue;
		check_entry(table, number);
		check_flags(table, number);
		count++;
	}
	ck_assert_uint_gt(count, 180);
}

TEST(every_form_is_like_its_base)
{
	for (size_t i = 0; i < VERSION_COUNT; i++)
		check_table(ty_opcode_table(versions[i]));
}

static void check_heads(const struct py_opcode *table)
{
	for (unsigned int head = 0; head < PY_OPCODE_COUNT; head++) {
		bool found = false;

		if (!table[head].name || table[head].base != head)
			continue;
		for (unsigned int number = 0; number < PY_OPCODE_COUNT; number++)
			found |= table[number].base == head && table[number].flags & TY_OPCODE_SPECIALIZED;
		ck_assert_msg(found == !!(table[head].flags & TY_OPCODE_SPECIALIZABLE), "%s", table[head].name);
	}
}

TEST(what_says_it_specializes_has_a_specialized_form)
{
	for (size_t i = 0; i < VERSION_COUNT; i++)
		check_heads(ty_opcode_table(versions[i]));
}

static const struct py_opcode *by_name(uint32_t version, const char *name)
{
	const struct py_opcode *table = ty_opcode_table(version);

	for (unsigned int number = 0; number < PY_OPCODE_COUNT; number++)
		if (table[number].name && !strcmp(table[number].name, name))
			return &table[number];
	ck_abort_msg("%x has no %s", version, name);
}

TEST(knows_what_pushes_and_pops_frames)
{
	const uint32_t testimony = PY_OPCODE_PUSHES | PY_OPCODE_RETURNS | PY_OPCODE_RAISES | PY_OPCODE_HIDDEN;
	static const struct {
		uint32_t version;
		const char *name;
		uint32_t flags;
	} rows[] = {
		{ TY_PYTHON_3_11, "CALL_ADAPTIVE", PY_OPCODE_PUSHES },
		{ TY_PYTHON_3_11, "PRECALL_PYFUNC", 0 },
		{ TY_PYTHON_3_11, "BINARY_SUBSCR_GETITEM", PY_OPCODE_PUSHES },
		{ TY_PYTHON_3_11, "FOR_ITER", 0 },
		{ TY_PYTHON_3_11, "ASYNC_GEN_WRAP", 0 },
		{ TY_PYTHON_3_12, "FOR_ITER_GEN", PY_OPCODE_PUSHES },
		{ TY_PYTHON_3_12, "SEND", PY_OPCODE_PUSHES },
		{ TY_PYTHON_3_12, "INSTRUMENTED_CALL_FUNCTION_EX", PY_OPCODE_PUSHES },
		{ TY_PYTHON_3_12, "INSTRUMENTED_RETURN_CONST", PY_OPCODE_RETURNS },
		{ TY_PYTHON_3_13, "EXIT_INIT_CHECK", PY_OPCODE_PUSHES },
		{ TY_PYTHON_3_13, "BINARY_OP", 0 },
		{ TY_PYTHON_3_14, "BINARY_OP_SUBSCR_GETITEM", PY_OPCODE_PUSHES },
		{ TY_PYTHON_3_14, "ENTER_EXECUTOR", PY_OPCODE_PUSHES | PY_OPCODE_HIDDEN },
		{ TY_PYTHON_3_15, "LOAD_ATTR_GETATTRIBUTE_OVERRIDDEN", PY_OPCODE_PUSHES },
		{ TY_PYTHON_3_15, "CALL_EX_PY", PY_OPCODE_PUSHES },
		{ TY_PYTHON_3_15, "RETURN_GENERATOR", PY_OPCODE_RETURNS },
		{ TY_PYTHON_3_15, "RERAISE", PY_OPCODE_RAISES },
		{ TY_PYTHON_3_15, "STORE_FAST", 0 },
		{ TY_PYTHON_3_15, "INSTRUMENTED_LINE", PY_OPCODE_PUSHES | PY_OPCODE_HIDDEN },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_msg((by_name(rows[i].version, rows[i].name)->flags & testimony) == rows[i].flags, "%s",
		              rows[i].name);
}

TEST(refuses_what_no_version_has)
{
	ty_opcode opcode = { .size = sizeof(opcode) };

	ck_assert_int_eq(ty_decode_opcode(0, 0, &opcode), -TY_EVERSION);
	ck_assert_int_eq(ty_decode_opcode(0x030a, 0, &opcode), -TY_EVERSION);
	ck_assert_int_eq(ty_decode_opcode(0x0310, 0, &opcode), -TY_EVERSION);
	ck_assert_int_eq(ty_decode_opcode(TY_PYTHON_3_11, 255, &opcode), -TY_EOPCODE);
	ck_assert_int_eq(ty_decode_opcode(TY_PYTHON_3_15, 120, &opcode), -TY_EOPCODE);
	ck_assert_int_eq(ty_decode_opcode(TY_PYTHON_3_15, 256, &opcode), -TY_EOPCODE);
	ck_assert_int_eq(ty_decode_opcode(TY_PYTHON_3_15, UINT32_MAX, &opcode), -TY_EOPCODE);
	ck_assert_int_eq(ty_decode_opcode(TY_PYTHON_3_15, 0, NULL), -TY_EOPTION);
	opcode.size = 0;
	ck_assert_int_eq(ty_decode_opcode(TY_PYTHON_3_15, 0, &opcode), -TY_EOPTION);
}

/* A program built against an older header. */
TEST(touches_nothing_behind_a_short_struct)
{
	ty_opcode opcode;

	memset(&opcode, 0xa5, sizeof(opcode));
	opcode.size = offsetof(ty_opcode, base_name);
	ck_assert_int_eq(ty_decode_opcode(TY_PYTHON_3_15, 130, &opcode), 0);
	ck_assert_uint_eq(opcode.size, offsetof(ty_opcode, base_name));
	ck_assert_str_eq(opcode.name, "BINARY_OP_ADD_INT");
	for (size_t at = opcode.size; at < sizeof(opcode); at++)
		ck_assert_uint_eq(((unsigned char *)&opcode)[at], 0xa5);
}

/* A program built against a newer header. */
static void check_long_struct(unsigned char filler)
{
	struct {
		ty_opcode opcode;
		unsigned char tail[24];
	} newer;

	memset(&newer, filler, sizeof(newer));
	newer.opcode.size = sizeof(newer);
	ck_assert_int_eq(ty_decode_opcode(TY_PYTHON_3_13, 70, &newer.opcode), 0);
	ck_assert_uint_eq(newer.opcode.size, sizeof(newer));
	ck_assert_str_eq(newer.opcode.name, "ENTER_EXECUTOR");
	for (size_t at = 0; at < sizeof(newer.tail); at++)
		ck_assert_uint_eq(newer.tail[at], 0);
}

TEST(zeroes_the_tail_of_a_long_struct)
{
	check_long_struct(0);
	check_long_struct(0xa5);
}
