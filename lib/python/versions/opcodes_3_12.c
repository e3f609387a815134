/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The opcodes of CPython 3.12. Generated, do not edit:
 * python3.12 generate_opcodes.py >opcodes_3_12.c
 */
#include <stddef.h>

#include "python/versions/opcodes.h"

/* clang-format off */
const struct py_opcode ty_opcodes_3_12[PY_OPCODE_COUNT] = {
	[0] = { .name = "CACHE", .base = 0, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_CACHE | PY_OPCODE_QUIET },
	[1] = { .name = "POP_TOP", .base = 1, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[2] = { .name = "PUSH_NULL", .base = 2, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = PY_OPCODE_QUIET },
	[3] = { .name = "INTERPRETER_EXIT", .base = 3, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = PY_OPCODE_RETURNS },
	[4] = { .name = "END_FOR", .base = 4, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[5] = { .name = "END_SEND", .base = 5, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[6] = { .name = "BINARY_OP_ADD_FLOAT", .base = 122, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[7] = { .name = "BINARY_OP_ADD_INT", .base = 122, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[8] = { .name = "BINARY_OP_ADD_UNICODE", .base = 122, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[9] = { .name = "NOP", .base = 9, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = PY_OPCODE_QUIET },
	[10] = { .name = "BINARY_OP_INPLACE_ADD_UNICODE", .base = 122, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[11] = { .name = "UNARY_NEGATIVE", .base = 11, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[12] = { .name = "UNARY_NOT", .base = 12, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[13] = { .name = "BINARY_OP_MULTIPLY_FLOAT", .base = 122, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[14] = { .name = "BINARY_OP_MULTIPLY_INT", .base = 122, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[15] = { .name = "UNARY_INVERT", .base = 15, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[16] = { .name = "BINARY_OP_SUBTRACT_FLOAT", .base = 122, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[17] = { .name = "RESERVED", .base = 17, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[18] = { .name = "BINARY_OP_SUBTRACT_INT", .base = 122, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[19] = { .name = "BINARY_SUBSCR_DICT", .base = 25, .caches = 1,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES |
		PY_OPCODE_FAMILY },
	[20] = { .name = "BINARY_SUBSCR_GETITEM", .base = 25, .caches = 1,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES |
		PY_OPCODE_FAMILY },
	[21] = { .name = "BINARY_SUBSCR_LIST_INT", .base = 25, .caches = 1,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES |
		PY_OPCODE_FAMILY },
	[22] = { .name = "BINARY_SUBSCR_TUPLE_INT", .base = 25, .caches = 1,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES |
		PY_OPCODE_FAMILY },
	[23] = { .name = "CALL_PY_EXACT_ARGS", .base = 171, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[24] = { .name = "CALL_PY_WITH_DEFAULTS", .base = 171, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[25] = { .name = "BINARY_SUBSCR", .base = 25, .caches = 1,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZABLE | PY_OPCODE_PUSHES
		| PY_OPCODE_FAMILY },
	[26] = { .name = "BINARY_SLICE", .base = 26, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[27] = { .name = "STORE_SLICE", .base = 27, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[28] = { .name = "CALL_BOUND_METHOD_EXACT_ARGS", .base = 171, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[29] = { .name = "CALL_BUILTIN_CLASS", .base = 171, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[30] = { .name = "GET_LEN", .base = 30, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[31] = { .name = "MATCH_MAPPING", .base = 31, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[32] = { .name = "MATCH_SEQUENCE", .base = 32, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[33] = { .name = "MATCH_KEYS", .base = 33, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[34] = { .name = "CALL_BUILTIN_FAST_WITH_KEYWORDS", .base = 171, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[35] = { .name = "PUSH_EXC_INFO", .base = 35, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[36] = { .name = "CHECK_EXC_MATCH", .base = 36, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[37] = { .name = "CHECK_EG_MATCH", .base = 37, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[38] = { .name = "CALL_METHOD_DESCRIPTOR_FAST_WITH_KEYWORDS", .base = 171, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[39] = { .name = "CALL_NO_KW_BUILTIN_FAST", .base = 171, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[40] = { .name = "CALL_NO_KW_BUILTIN_O", .base = 171, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[41] = { .name = "CALL_NO_KW_ISINSTANCE", .base = 171, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[42] = { .name = "CALL_NO_KW_LEN", .base = 171, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[43] = { .name = "CALL_NO_KW_LIST_APPEND", .base = 171, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[44] = { .name = "CALL_NO_KW_METHOD_DESCRIPTOR_FAST", .base = 171, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[45] = { .name = "CALL_NO_KW_METHOD_DESCRIPTOR_NOARGS", .base = 171, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[46] = { .name = "CALL_NO_KW_METHOD_DESCRIPTOR_O", .base = 171, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[47] = { .name = "CALL_NO_KW_STR_1", .base = 171, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[48] = { .name = "CALL_NO_KW_TUPLE_1", .base = 171, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[49] = { .name = "WITH_EXCEPT_START", .base = 49, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[50] = { .name = "GET_AITER", .base = 50, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[51] = { .name = "GET_ANEXT", .base = 51, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[52] = { .name = "BEFORE_ASYNC_WITH", .base = 52, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[53] = { .name = "BEFORE_WITH", .base = 53, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[54] = { .name = "END_ASYNC_FOR", .base = 54, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = PY_OPCODE_RAISES },
	[55] = { .name = "CLEANUP_THROW", .base = 55, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = PY_OPCODE_RAISES },
	[56] = { .name = "CALL_NO_KW_TYPE_1", .base = 171, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[57] = { .name = "COMPARE_OP_FLOAT", .base = 107, .caches = 1,
		.argument = TY_ARGUMENT_COMPARE, .text = PY_TEXT_COMPARE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[58] = { .name = "COMPARE_OP_INT", .base = 107, .caches = 1,
		.argument = TY_ARGUMENT_COMPARE, .text = PY_TEXT_COMPARE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[59] = { .name = "COMPARE_OP_STR", .base = 107, .caches = 1,
		.argument = TY_ARGUMENT_COMPARE, .text = PY_TEXT_COMPARE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[60] = { .name = "STORE_SUBSCR", .base = 60, .caches = 1,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZABLE | PY_OPCODE_FAMILY
		},
	[61] = { .name = "DELETE_SUBSCR", .base = 61, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[62] = { .name = "FOR_ITER_LIST", .base = 93, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_RESUMES | PY_OPCODE_CONTAINER | PY_OPCODE_ITERATES
		| PY_OPCODE_FAMILY },
	[63] = { .name = "FOR_ITER_TUPLE", .base = 93, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_RESUMES | PY_OPCODE_CONTAINER | PY_OPCODE_ITERATES
		| PY_OPCODE_FAMILY },
	[64] = { .name = "FOR_ITER_RANGE", .base = 93, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_RESUMES | PY_OPCODE_CONTAINER | PY_OPCODE_ITERATES
		| PY_OPCODE_FAMILY },
	[65] = { .name = "FOR_ITER_GEN", .base = 93, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_RESUMES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[66] = { .name = "LOAD_SUPER_ATTR_ATTR", .base = 141, .caches = 1,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_SUPER_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[67] = { .name = "LOAD_SUPER_ATTR_METHOD", .base = 141, .caches = 1,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_SUPER_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[68] = { .name = "GET_ITER", .base = 68, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[69] = { .name = "GET_YIELD_FROM_ITER", .base = 69, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[70] = { .name = "LOAD_ATTR_CLASS", .base = 106, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[71] = { .name = "LOAD_BUILD_CLASS", .base = 71, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[72] = { .name = "LOAD_ATTR_GETATTRIBUTE_OVERRIDDEN", .base = 106, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[73] = { .name = "LOAD_ATTR_INSTANCE_VALUE", .base = 106, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[74] = { .name = "LOAD_ASSERTION_ERROR", .base = 74, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[75] = { .name = "RETURN_GENERATOR", .base = 75, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = PY_OPCODE_QUIET | PY_OPCODE_CREATES |
		PY_OPCODE_RETURNS },
	[76] = { .name = "LOAD_ATTR_MODULE", .base = 106, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[77] = { .name = "LOAD_ATTR_PROPERTY", .base = 106, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[78] = { .name = "LOAD_ATTR_SLOT", .base = 106, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[79] = { .name = "LOAD_ATTR_WITH_HINT", .base = 106, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[80] = { .name = "LOAD_ATTR_METHOD_LAZY_DICT", .base = 106, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[81] = { .name = "LOAD_ATTR_METHOD_NO_DICT", .base = 106, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[82] = { .name = "LOAD_ATTR_METHOD_WITH_VALUES", .base = 106, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[83] = { .name = "RETURN_VALUE", .base = 83, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = PY_OPCODE_RETURNS },
	[84] = { .name = "LOAD_CONST__LOAD_FAST", .base = 100, .caches = 0,
		.argument = TY_ARGUMENT_CONSTANT, .text = PY_TEXT_CONSTANT, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SUPER | PY_OPCODE_QUIET | PY_OPCODE_FAMILY },
	[85] = { .name = "SETUP_ANNOTATIONS", .base = 85, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[86] = { .name = "LOAD_FAST__LOAD_CONST", .base = 124, .caches = 0,
		.argument = TY_ARGUMENT_LOCAL, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT | TY_OPCODE_SUPER
		| PY_OPCODE_QUIET | PY_OPCODE_FAMILY },
	[87] = { .name = "LOAD_LOCALS", .base = 87, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[88] = { .name = "LOAD_FAST__LOAD_FAST", .base = 124, .caches = 0,
		.argument = TY_ARGUMENT_LOCAL, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT | TY_OPCODE_SUPER
		| PY_OPCODE_QUIET | PY_OPCODE_FAMILY },
	[89] = { .name = "POP_EXCEPT", .base = 89, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[90] = { .name = "STORE_NAME", .base = 90, .caches = 0,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT },
	[91] = { .name = "DELETE_NAME", .base = 91, .caches = 0,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT },
	[92] = { .name = "UNPACK_SEQUENCE", .base = 92, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZABLE | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[93] = { .name = "FOR_ITER", .base = 93, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZABLE | PY_OPCODE_PUSHES | PY_OPCODE_RESUMES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY
		},
	[94] = { .name = "UNPACK_EX", .base = 94, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		PY_OPCODE_ITERATES },
	[95] = { .name = "STORE_ATTR", .base = 95, .caches = 4,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZABLE | PY_OPCODE_FAMILY },
	[96] = { .name = "DELETE_ATTR", .base = 96, .caches = 0,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT },
	[97] = { .name = "STORE_GLOBAL", .base = 97, .caches = 0,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT },
	[98] = { .name = "DELETE_GLOBAL", .base = 98, .caches = 0,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT },
	[99] = { .name = "SWAP", .base = 99, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_QUIET
		},
	[100] = { .name = "LOAD_CONST", .base = 100, .caches = 0,
		.argument = TY_ARGUMENT_CONSTANT, .text = PY_TEXT_CONSTANT, .flags = TY_OPCODE_HAS_ARGUMENT |
		PY_OPCODE_QUIET | PY_OPCODE_FAMILY },
	[101] = { .name = "LOAD_NAME", .base = 101, .caches = 0,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT },
	[102] = { .name = "BUILD_TUPLE", .base = 102, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[103] = { .name = "BUILD_LIST", .base = 103, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[104] = { .name = "BUILD_SET", .base = 104, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[105] = { .name = "BUILD_MAP", .base = 105, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[106] = { .name = "LOAD_ATTR", .base = 106, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZABLE | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[107] = { .name = "COMPARE_OP", .base = 107, .caches = 1,
		.argument = TY_ARGUMENT_COMPARE, .text = PY_TEXT_COMPARE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZABLE | PY_OPCODE_FAMILY },
	[108] = { .name = "IMPORT_NAME", .base = 108, .caches = 0,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT },
	[109] = { .name = "IMPORT_FROM", .base = 109, .caches = 0,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT },
	[110] = { .name = "JUMP_FORWARD", .base = 110, .caches = 0,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		PY_OPCODE_QUIET },
	[111] = { .name = "LOAD_GLOBAL_BUILTIN", .base = 116, .caches = 4,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_GLOBAL, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[112] = { .name = "LOAD_GLOBAL_MODULE", .base = 116, .caches = 4,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_GLOBAL, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[113] = { .name = "STORE_ATTR_INSTANCE_VALUE", .base = 95, .caches = 4,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[114] = { .name = "POP_JUMP_IF_FALSE", .base = 114, .caches = 0,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT },
	[115] = { .name = "POP_JUMP_IF_TRUE", .base = 115, .caches = 0,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT },
	[116] = { .name = "LOAD_GLOBAL", .base = 116, .caches = 4,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_GLOBAL, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZABLE | PY_OPCODE_FAMILY },
	[117] = { .name = "IS_OP", .base = 117, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[118] = { .name = "CONTAINS_OP", .base = 118, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[119] = { .name = "RERAISE", .base = 119, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_RAISES
		},
	[120] = { .name = "COPY", .base = 120, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_QUIET
		},
	[121] = { .name = "RETURN_CONST", .base = 121, .caches = 0,
		.argument = TY_ARGUMENT_CONSTANT, .text = PY_TEXT_CONSTANT, .flags = TY_OPCODE_HAS_ARGUMENT |
		PY_OPCODE_RETURNS },
	[122] = { .name = "BINARY_OP", .base = 122, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZABLE | PY_OPCODE_FAMILY },
	[123] = { .name = "SEND", .base = 123, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZABLE | PY_OPCODE_PUSHES | PY_OPCODE_RESUMES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY
		},
	[124] = { .name = "LOAD_FAST", .base = 124, .caches = 0,
		.argument = TY_ARGUMENT_LOCAL, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_QUIET
		| PY_OPCODE_FAMILY },
	[125] = { .name = "STORE_FAST", .base = 125, .caches = 0,
		.argument = TY_ARGUMENT_LOCAL, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_FAMILY
		},
	[126] = { .name = "DELETE_FAST", .base = 126, .caches = 0,
		.argument = TY_ARGUMENT_LOCAL, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT },
	[127] = { .name = "LOAD_FAST_CHECK", .base = 127, .caches = 0,
		.argument = TY_ARGUMENT_LOCAL, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_QUIET
		},
	[128] = { .name = "POP_JUMP_IF_NOT_NONE", .base = 128, .caches = 0,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT },
	[129] = { .name = "POP_JUMP_IF_NONE", .base = 129, .caches = 0,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT },
	[130] = { .name = "RAISE_VARARGS", .base = 130, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_RAISES
		},
	[131] = { .name = "GET_AWAITABLE", .base = 131, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[132] = { .name = "MAKE_FUNCTION", .base = 132, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_FUNCTION_FLAGS, .flags = TY_OPCODE_HAS_ARGUMENT },
	[133] = { .name = "BUILD_SLICE", .base = 133, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[134] = { .name = "JUMP_BACKWARD_NO_INTERRUPT", .base = 134, .caches = 0,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_BACKWARD, .flags = TY_OPCODE_HAS_ARGUMENT },
	[135] = { .name = "MAKE_CELL", .base = 135, .caches = 0,
		.argument = TY_ARGUMENT_FREE, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_QUIET
		},
	[136] = { .name = "LOAD_CLOSURE", .base = 136, .caches = 0,
		.argument = TY_ARGUMENT_FREE, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_QUIET
		},
	[137] = { .name = "LOAD_DEREF", .base = 137, .caches = 0,
		.argument = TY_ARGUMENT_FREE, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT },
	[138] = { .name = "STORE_DEREF", .base = 138, .caches = 0,
		.argument = TY_ARGUMENT_FREE, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT },
	[139] = { .name = "DELETE_DEREF", .base = 139, .caches = 0,
		.argument = TY_ARGUMENT_FREE, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT },
	[140] = { .name = "JUMP_BACKWARD", .base = 140, .caches = 0,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_BACKWARD, .flags = TY_OPCODE_HAS_ARGUMENT },
	[141] = { .name = "LOAD_SUPER_ATTR", .base = 141, .caches = 1,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_SUPER_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZABLE | PY_OPCODE_FAMILY },
	[142] = { .name = "CALL_FUNCTION_EX", .base = 142, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_PUSHES
		| PY_OPCODE_ITERATES },
	[143] = { .name = "LOAD_FAST_AND_CLEAR", .base = 143, .caches = 0,
		.argument = TY_ARGUMENT_LOCAL, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_QUIET
		},
	[144] = { .name = "EXTENDED_ARG", .base = 144, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_QUIET
		| PY_OPCODE_EXTENDS },
	[145] = { .name = "LIST_APPEND", .base = 145, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[146] = { .name = "SET_ADD", .base = 146, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[147] = { .name = "MAP_ADD", .base = 147, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[148] = { .name = "STORE_ATTR_SLOT", .base = 95, .caches = 4,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[149] = { .name = "COPY_FREE_VARS", .base = 149, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_QUIET
		},
	[150] = { .name = "YIELD_VALUE", .base = 150, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		PY_OPCODE_RETURNS },
	[151] = { .name = "RESUME", .base = 151, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[152] = { .name = "MATCH_CLASS", .base = 152, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[153] = { .name = "STORE_ATTR_WITH_HINT", .base = 95, .caches = 4,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[154] = { .name = "STORE_FAST__LOAD_FAST", .base = 125, .caches = 0,
		.argument = TY_ARGUMENT_LOCAL, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT | TY_OPCODE_SUPER
		| PY_OPCODE_FAMILY },
	[155] = { .name = "FORMAT_VALUE", .base = 155, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_FORMAT, .flags = TY_OPCODE_HAS_ARGUMENT },
	[156] = { .name = "BUILD_CONST_KEY_MAP", .base = 156, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[157] = { .name = "BUILD_STRING", .base = 157, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[158] = { .name = "STORE_FAST__STORE_FAST", .base = 125, .caches = 0,
		.argument = TY_ARGUMENT_LOCAL, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT | TY_OPCODE_SUPER
		| PY_OPCODE_FAMILY },
	[159] = { .name = "STORE_SUBSCR_DICT", .base = 60, .caches = 1,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[160] = { .name = "STORE_SUBSCR_LIST_INT", .base = 60, .caches = 1,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[161] = { .name = "UNPACK_SEQUENCE_LIST", .base = 92, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[162] = { .name = "LIST_EXTEND", .base = 162, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		PY_OPCODE_ITERATES },
	[163] = { .name = "SET_UPDATE", .base = 163, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		PY_OPCODE_ITERATES },
	[164] = { .name = "DICT_MERGE", .base = 164, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[165] = { .name = "DICT_UPDATE", .base = 165, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[166] = { .name = "UNPACK_SEQUENCE_TUPLE", .base = 92, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[167] = { .name = "UNPACK_SEQUENCE_TWO_TUPLE", .base = 92, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[168] = { .name = "SEND_GEN", .base = 123, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_RESUMES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[171] = { .name = "CALL", .base = 171, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZABLE | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[172] = { .name = "KW_NAMES", .base = 172, .caches = 0,
		.argument = TY_ARGUMENT_CONSTANT, .text = PY_TEXT_CONSTANT, .flags = TY_OPCODE_HAS_ARGUMENT |
		PY_OPCODE_QUIET },
	[173] = { .name = "CALL_INTRINSIC_1", .base = 173, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_INTRINSIC_1, .flags = TY_OPCODE_HAS_ARGUMENT |
		PY_OPCODE_ITERATES },
	[174] = { .name = "CALL_INTRINSIC_2", .base = 174, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_INTRINSIC_2, .flags = TY_OPCODE_HAS_ARGUMENT },
	[175] = { .name = "LOAD_FROM_DICT_OR_GLOBALS", .base = 175, .caches = 0,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT },
	[176] = { .name = "LOAD_FROM_DICT_OR_DEREF", .base = 176, .caches = 0,
		.argument = TY_ARGUMENT_FREE, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT },
	[237] = { .name = "INSTRUMENTED_LOAD_SUPER_ATTR", .base = 141, .caches = 1,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_SUPER_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED | PY_OPCODE_FAMILY },
	[238] = { .name = "INSTRUMENTED_POP_JUMP_IF_NONE", .base = 129, .caches = 0,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED },
	[239] = { .name = "INSTRUMENTED_POP_JUMP_IF_NOT_NONE", .base = 128, .caches = 0,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED },
	[240] = { .name = "INSTRUMENTED_RESUME", .base = 151, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED },
	[241] = { .name = "INSTRUMENTED_CALL", .base = 171, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[242] = { .name = "INSTRUMENTED_RETURN_VALUE", .base = 83, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_INSTRUMENTED | PY_OPCODE_RETURNS
		},
	[243] = { .name = "INSTRUMENTED_YIELD_VALUE", .base = 150, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED | PY_OPCODE_RETURNS },
	[244] = { .name = "INSTRUMENTED_CALL_FUNCTION_EX", .base = 142, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES },
	[245] = { .name = "INSTRUMENTED_JUMP_FORWARD", .base = 110, .caches = 0,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED | PY_OPCODE_QUIET },
	[246] = { .name = "INSTRUMENTED_JUMP_BACKWARD", .base = 140, .caches = 0,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_BACKWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED },
	[247] = { .name = "INSTRUMENTED_RETURN_CONST", .base = 121, .caches = 0,
		.argument = TY_ARGUMENT_CONSTANT, .text = PY_TEXT_CONSTANT, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED | PY_OPCODE_RETURNS },
	[248] = { .name = "INSTRUMENTED_FOR_ITER", .base = 93, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED | PY_OPCODE_PUSHES | PY_OPCODE_RESUMES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[249] = { .name = "INSTRUMENTED_POP_JUMP_IF_FALSE", .base = 114, .caches = 0,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED },
	[250] = { .name = "INSTRUMENTED_POP_JUMP_IF_TRUE", .base = 115, .caches = 0,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED },
	[251] = { .name = "INSTRUMENTED_END_FOR", .base = 4, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_INSTRUMENTED },
	[252] = { .name = "INSTRUMENTED_END_SEND", .base = 5, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_INSTRUMENTED },
	[253] = { .name = "INSTRUMENTED_INSTRUCTION", .base = 253, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED | PY_OPCODE_PUSHES | PY_OPCODE_RESUMES | PY_OPCODE_ITERATES | PY_OPCODE_HIDDEN },
	[254] = { .name = "INSTRUMENTED_LINE", .base = 254, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED | PY_OPCODE_PUSHES | PY_OPCODE_RESUMES | PY_OPCODE_ITERATES | PY_OPCODE_HIDDEN |
		PY_OPCODE_LINE },
};

static const char *const OPERATOR[] = {
	"+", "&", "//", "<<", "@", "*", "%", "|", "**", ">>", "-", "/", "^", "+=", "&=", "//=", "<<=", "@=",
	"*=", "%=", "|=", "**=", ">>=", "-=", "/=", "^=", NULL
};

static const char *const INTRINSIC_1[] = {
	"INTRINSIC_1_INVALID", "INTRINSIC_PRINT", "INTRINSIC_IMPORT_STAR", "INTRINSIC_STOPITERATION_ERROR",
	"INTRINSIC_ASYNC_GEN_WRAP", "INTRINSIC_UNARY_POSITIVE", "INTRINSIC_LIST_TO_TUPLE", "INTRINSIC_TYPEVAR",
	"INTRINSIC_PARAMSPEC", "INTRINSIC_TYPEVARTUPLE", "INTRINSIC_SUBSCRIPT_GENERIC", "INTRINSIC_TYPEALIAS",
	NULL
};

static const char *const INTRINSIC_2[] = {
	"INTRINSIC_2_INVALID", "INTRINSIC_PREP_RERAISE_STAR", "INTRINSIC_TYPEVAR_WITH_BOUND",
	"INTRINSIC_TYPEVAR_WITH_CONSTRAINTS", "INTRINSIC_SET_FUNCTION_TYPE_PARAMS", NULL
};

static const char *const COMPARE[] = {
	"<", "<=", "==", "!=", ">", ">=", NULL
};

static const char *const FORMAT[] = {
	"", "str", "repr", "ascii", NULL
};

static const char *const FUNCTION_FLAGS[] = {
	"defaults", "kwdefaults", "annotations", "closure", NULL
};

const struct py_dialect ty_dialect_3_12 = {
	.null_first = true,
	.labels = false,
	.compare_shift = 4,
	.compare_bool = 0,
	.tagged_int = true,
	.tuple_items = 8,
	.unprintable = &ty_unprintable_3_12,
	.words = {
		[PY_TEXT_OPERATOR] = OPERATOR,
		[PY_TEXT_INTRINSIC_1] = INTRINSIC_1,
		[PY_TEXT_INTRINSIC_2] = INTRINSIC_2,
		[PY_TEXT_COMPARE] = COMPARE,
		[PY_TEXT_FORMAT] = FORMAT,
		[PY_TEXT_FUNCTION_FLAGS] = FUNCTION_FLAGS,
	},
};
