/* SPDX-License-Identifier: Apache-2.0 */
/* An instruction from a sampled code unit and its function's bytecode. */
#include "support/test.h"

#include <string.h>

#include "python/instruction.h"

/* CPython 3.15 */
enum {
	RETURN_VALUE = 33,
	BINARY_OP = 42,
	EXTENDED_ARG = 67,
	JUMP_BACKWARD = 74,
	LOAD_CONST = 81,
	LOAD_FAST = 83,
	BINARY_OP_ADD_INT = 130,
	INSTRUMENTED_INSTRUCTION = 237,
	INSTRUMENTED_RETURN_VALUE = 245,
	INSTRUMENTED_LINE = 253,
	ENTER_EXECUTOR = 254,
};

static const uint8_t code[] = {
	EXTENDED_ARG,      1, LOAD_CONST,   2, BINARY_OP, 13, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, JUMP_BACKWARD, 9, 0, 0,
	INSTRUMENTED_LINE, 0, RETURN_VALUE, 0
};

static bool unresolved(void *context, uint32_t unit, struct ty_code_unit executing, struct ty_code_unit *real)
{
	(void)context, (void)unit, (void)executing, (void)real;
	return false;
}

static int fill(uint32_t unit, uint8_t opcode, uint8_t argument, ty_instruction_info *info)
{
	struct ty_bytecode bytecode;
	int result;

	memset(info, 0xa5, sizeof(*info));
	ck_assert_ok(ty_bytecode_decode(ty_opcode_table(TY_PYTHON_3_15), code, sizeof(code) / 2, unresolved, NULL,
	                                &bytecode));
	result = ty_instruction_fill(&bytecode, unit, (struct ty_code_unit){ opcode, argument }, info);
	ty_bytecode_free(&bytecode);
	return result;
}

TEST(keeps_the_specialization)
{
	ty_instruction_info info;

	ck_assert_ok(fill(2, BINARY_OP_ADD_INT, 13, &info));
	ck_assert_int_eq(info.offset, 4);
	ck_assert_uint_eq(info.executing, BINARY_OP_ADD_INT);
	ck_assert_uint_eq(info.opcode, BINARY_OP_ADD_INT);
	ck_assert_uint_eq(info.base, BINARY_OP);
	ck_assert_uint_eq(info.flags, 0);
	ck_assert_uint_eq(info.argument, 13);
	ck_assert_str_eq(info.name, "BINARY_OP_ADD_INT");
	ck_assert_str_eq(info.base_name, "BINARY_OP");
	ck_assert_uint_eq(info.opcode_flags, TY_OPCODE_HAS_ARGUMENT | TY_OPCODE_SPECIALIZED);
	ck_assert_uint_eq(info.reserved, 0);
}

TEST(folds_the_argument)
{
	ty_instruction_info info;

	ck_assert_ok(fill(1, LOAD_CONST, 2, &info));
	ck_assert_uint_eq(info.argument, 0x102);
}

TEST(takes_the_real_opcode_from_the_bytecode)
{
	static const struct {
		uint32_t unit;
		uint8_t executing, real;
		uint16_t flags;
	} rows[] = {
		{ 2, INSTRUMENTED_LINE, BINARY_OP, TY_INSTRUCTION_INSTRUMENTED },
		{ 1, INSTRUMENTED_INSTRUCTION, LOAD_CONST, TY_INSTRUCTION_INSTRUMENTED },
		{ 8, ENTER_EXECUTOR, JUMP_BACKWARD, TY_INSTRUCTION_TRACE },
	};
	ty_instruction_info info;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_ok(fill(rows[i].unit, rows[i].executing, 77, &info));
		ck_assert_uint_eq(info.executing, rows[i].executing);
		ck_assert_uint_eq(info.opcode, rows[i].real);
		ck_assert_uint_eq(info.base, rows[i].real);
		ck_assert_uint_eq(info.flags, rows[i].flags);
		ck_assert_uint_ne(info.argument, 77);
	}
}

TEST(says_so_where_it_is_not_known)
{
	ty_instruction_info info;

	ck_assert_ok(fill(10, INSTRUMENTED_LINE, 3, &info));
	ck_assert_uint_eq(info.flags, TY_INSTRUCTION_INSTRUMENTED | TY_INSTRUCTION_UNRESOLVED);
	ck_assert_uint_eq(info.opcode, INSTRUMENTED_LINE);
	ck_assert_str_eq(info.name, "INSTRUMENTED_LINE");
	ck_assert_ok(fill(11, RETURN_VALUE, 3, &info));
	ck_assert_uint_eq(info.flags, TY_INSTRUCTION_UNRESOLVED);
	ck_assert_str_eq(info.name, "RETURN_VALUE");
	ck_assert_uint_eq(info.argument, 0);
}

TEST(gives_no_wrong_name)
{
	ty_instruction_info info;

	ck_assert_int_eq(fill(3, LOAD_FAST, 0, &info), -TY_ENOTFOUND);
	ck_assert_int_eq(fill(12, LOAD_FAST, 0, &info), -TY_ENOTFOUND);
	ck_assert_int_eq(fill(UINT32_MAX, LOAD_FAST, 0, &info), -TY_ENOTFOUND);
	ck_assert_int_eq(fill(2, 120, 0, &info), -TY_EOPCODE);
	ck_assert_int_eq(fill(2, 0, 0, &info), -TY_EOPCODE);
	ck_assert_int_eq(fill(2, LOAD_FAST, 0, &info), -TY_ESTALE);
	ck_assert_int_eq(fill(2, INSTRUMENTED_RETURN_VALUE, 0, &info), -TY_ESTALE);
}
