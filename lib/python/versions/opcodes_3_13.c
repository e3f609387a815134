/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The opcodes of CPython 3.13. Generated, do not edit:
 * python3.13 generate_opcodes.py >opcodes_3_13.c
 */
#include <stddef.h>

#include "python/versions/opcodes.h"

/* clang-format off */
const struct py_opcode ty_opcodes_3_13[PY_OPCODE_COUNT] = {
	[0] = { .name = "CACHE", .base = 0, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_CACHE | PY_OPCODE_QUIET },
	[1] = { .name = "BEFORE_ASYNC_WITH", .base = 1, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[2] = { .name = "BEFORE_WITH", .base = 2, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[3] = { .name = "BINARY_OP_INPLACE_ADD_UNICODE", .base = 45, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[4] = { .name = "BINARY_SLICE", .base = 4, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[5] = { .name = "BINARY_SUBSCR", .base = 5, .caches = 1,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZABLE | PY_OPCODE_PUSHES
		| PY_OPCODE_FAMILY },
	[6] = { .name = "CHECK_EG_MATCH", .base = 6, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[7] = { .name = "CHECK_EXC_MATCH", .base = 7, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[8] = { .name = "CLEANUP_THROW", .base = 8, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = PY_OPCODE_RAISES },
	[9] = { .name = "DELETE_SUBSCR", .base = 9, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[10] = { .name = "END_ASYNC_FOR", .base = 10, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = PY_OPCODE_RAISES },
	[11] = { .name = "END_FOR", .base = 11, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[12] = { .name = "END_SEND", .base = 12, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[13] = { .name = "EXIT_INIT_CHECK", .base = 13, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = PY_OPCODE_PUSHES },
	[14] = { .name = "FORMAT_SIMPLE", .base = 14, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[15] = { .name = "FORMAT_WITH_SPEC", .base = 15, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[16] = { .name = "GET_AITER", .base = 16, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[17] = { .name = "RESERVED", .base = 17, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[18] = { .name = "GET_ANEXT", .base = 18, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[19] = { .name = "GET_ITER", .base = 19, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[20] = { .name = "GET_LEN", .base = 20, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[21] = { .name = "GET_YIELD_FROM_ITER", .base = 21, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[22] = { .name = "INTERPRETER_EXIT", .base = 22, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = PY_OPCODE_RETURNS },
	[23] = { .name = "LOAD_ASSERTION_ERROR", .base = 23, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[24] = { .name = "LOAD_BUILD_CLASS", .base = 24, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[25] = { .name = "LOAD_LOCALS", .base = 25, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[26] = { .name = "MAKE_FUNCTION", .base = 26, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[27] = { .name = "MATCH_KEYS", .base = 27, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[28] = { .name = "MATCH_MAPPING", .base = 28, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[29] = { .name = "MATCH_SEQUENCE", .base = 29, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[30] = { .name = "NOP", .base = 30, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = PY_OPCODE_QUIET },
	[31] = { .name = "POP_EXCEPT", .base = 31, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[32] = { .name = "POP_TOP", .base = 32, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[33] = { .name = "PUSH_EXC_INFO", .base = 33, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[34] = { .name = "PUSH_NULL", .base = 34, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = PY_OPCODE_QUIET },
	[35] = { .name = "RETURN_GENERATOR", .base = 35, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = PY_OPCODE_QUIET | PY_OPCODE_CREATES |
		PY_OPCODE_RETURNS },
	[36] = { .name = "RETURN_VALUE", .base = 36, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = PY_OPCODE_RETURNS },
	[37] = { .name = "SETUP_ANNOTATIONS", .base = 37, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[38] = { .name = "STORE_SLICE", .base = 38, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[39] = { .name = "STORE_SUBSCR", .base = 39, .caches = 1,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZABLE | PY_OPCODE_FAMILY
		},
	[40] = { .name = "TO_BOOL", .base = 40, .caches = 3,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZABLE | PY_OPCODE_FAMILY
		},
	[41] = { .name = "UNARY_INVERT", .base = 41, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[42] = { .name = "UNARY_NEGATIVE", .base = 42, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[43] = { .name = "UNARY_NOT", .base = 43, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[44] = { .name = "WITH_EXCEPT_START", .base = 44, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[45] = { .name = "BINARY_OP", .base = 45, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZABLE | PY_OPCODE_FAMILY },
	[46] = { .name = "BUILD_CONST_KEY_MAP", .base = 46, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[47] = { .name = "BUILD_LIST", .base = 47, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[48] = { .name = "BUILD_MAP", .base = 48, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[49] = { .name = "BUILD_SET", .base = 49, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[50] = { .name = "BUILD_SLICE", .base = 50, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[51] = { .name = "BUILD_STRING", .base = 51, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[52] = { .name = "BUILD_TUPLE", .base = 52, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[53] = { .name = "CALL", .base = 53, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZABLE | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[54] = { .name = "CALL_FUNCTION_EX", .base = 54, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_PUSHES
		| PY_OPCODE_ITERATES },
	[55] = { .name = "CALL_INTRINSIC_1", .base = 55, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_INTRINSIC_1, .flags = TY_OPCODE_HAS_ARGUMENT |
		PY_OPCODE_ITERATES },
	[56] = { .name = "CALL_INTRINSIC_2", .base = 56, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_INTRINSIC_2, .flags = TY_OPCODE_HAS_ARGUMENT },
	[57] = { .name = "CALL_KW", .base = 57, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_PUSHES
		| PY_OPCODE_ITERATES },
	[58] = { .name = "COMPARE_OP", .base = 58, .caches = 1,
		.argument = TY_ARGUMENT_COMPARE, .text = PY_TEXT_COMPARE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZABLE | PY_OPCODE_FAMILY },
	[59] = { .name = "CONTAINS_OP", .base = 59, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZABLE | PY_OPCODE_FAMILY },
	[60] = { .name = "CONVERT_VALUE", .base = 60, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_CONVERSION, .flags = TY_OPCODE_HAS_ARGUMENT },
	[61] = { .name = "COPY", .base = 61, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_QUIET
		},
	[62] = { .name = "COPY_FREE_VARS", .base = 62, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_QUIET
		},
	[63] = { .name = "DELETE_ATTR", .base = 63, .caches = 0,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT },
	[64] = { .name = "DELETE_DEREF", .base = 64, .caches = 0,
		.argument = TY_ARGUMENT_FREE, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT },
	[65] = { .name = "DELETE_FAST", .base = 65, .caches = 0,
		.argument = TY_ARGUMENT_LOCAL, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT },
	[66] = { .name = "DELETE_GLOBAL", .base = 66, .caches = 0,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT },
	[67] = { .name = "DELETE_NAME", .base = 67, .caches = 0,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT },
	[68] = { .name = "DICT_MERGE", .base = 68, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[69] = { .name = "DICT_UPDATE", .base = 69, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[70] = { .name = "ENTER_EXECUTOR", .base = 70, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_EXECUTOR | PY_OPCODE_PUSHES | PY_OPCODE_RESUMES | PY_OPCODE_ITERATES | PY_OPCODE_HIDDEN },
	[71] = { .name = "EXTENDED_ARG", .base = 71, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_QUIET
		| PY_OPCODE_EXTENDS },
	[72] = { .name = "FOR_ITER", .base = 72, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZABLE | PY_OPCODE_PUSHES | PY_OPCODE_RESUMES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY
		},
	[73] = { .name = "GET_AWAITABLE", .base = 73, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[74] = { .name = "IMPORT_FROM", .base = 74, .caches = 0,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT },
	[75] = { .name = "IMPORT_NAME", .base = 75, .caches = 0,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT },
	[76] = { .name = "IS_OP", .base = 76, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[77] = { .name = "JUMP_BACKWARD", .base = 77, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_BACKWARD, .flags = TY_OPCODE_HAS_ARGUMENT },
	[78] = { .name = "JUMP_BACKWARD_NO_INTERRUPT", .base = 78, .caches = 0,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_BACKWARD, .flags = TY_OPCODE_HAS_ARGUMENT },
	[79] = { .name = "JUMP_FORWARD", .base = 79, .caches = 0,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		PY_OPCODE_QUIET },
	[80] = { .name = "LIST_APPEND", .base = 80, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[81] = { .name = "LIST_EXTEND", .base = 81, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		PY_OPCODE_ITERATES },
	[82] = { .name = "LOAD_ATTR", .base = 82, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZABLE | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[83] = { .name = "LOAD_CONST", .base = 83, .caches = 0,
		.argument = TY_ARGUMENT_CONSTANT, .text = PY_TEXT_CONSTANT, .flags = TY_OPCODE_HAS_ARGUMENT |
		PY_OPCODE_QUIET },
	[84] = { .name = "LOAD_DEREF", .base = 84, .caches = 0,
		.argument = TY_ARGUMENT_FREE, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT },
	[85] = { .name = "LOAD_FAST", .base = 85, .caches = 0,
		.argument = TY_ARGUMENT_LOCAL, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_QUIET
		},
	[86] = { .name = "LOAD_FAST_AND_CLEAR", .base = 86, .caches = 0,
		.argument = TY_ARGUMENT_LOCAL, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_QUIET
		},
	[87] = { .name = "LOAD_FAST_CHECK", .base = 87, .caches = 0,
		.argument = TY_ARGUMENT_LOCAL, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_QUIET
		},
	[88] = { .name = "LOAD_FAST_LOAD_FAST", .base = 88, .caches = 0,
		.argument = TY_ARGUMENT_LOCAL, .text = PY_TEXT_LOCAL_PAIR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SUPER | PY_OPCODE_QUIET },
	[89] = { .name = "LOAD_FROM_DICT_OR_DEREF", .base = 89, .caches = 0,
		.argument = TY_ARGUMENT_FREE, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT },
	[90] = { .name = "LOAD_FROM_DICT_OR_GLOBALS", .base = 90, .caches = 0,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT },
	[91] = { .name = "LOAD_GLOBAL", .base = 91, .caches = 4,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_GLOBAL, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZABLE | PY_OPCODE_FAMILY },
	[92] = { .name = "LOAD_NAME", .base = 92, .caches = 0,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT },
	[93] = { .name = "LOAD_SUPER_ATTR", .base = 93, .caches = 1,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_SUPER_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZABLE | PY_OPCODE_FAMILY },
	[94] = { .name = "MAKE_CELL", .base = 94, .caches = 0,
		.argument = TY_ARGUMENT_FREE, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_QUIET
		},
	[95] = { .name = "MAP_ADD", .base = 95, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[96] = { .name = "MATCH_CLASS", .base = 96, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[97] = { .name = "POP_JUMP_IF_FALSE", .base = 97, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT },
	[98] = { .name = "POP_JUMP_IF_NONE", .base = 98, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT },
	[99] = { .name = "POP_JUMP_IF_NOT_NONE", .base = 99, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT },
	[100] = { .name = "POP_JUMP_IF_TRUE", .base = 100, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT },
	[101] = { .name = "RAISE_VARARGS", .base = 101, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_RAISES
		},
	[102] = { .name = "RERAISE", .base = 102, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_RAISES
		},
	[103] = { .name = "RETURN_CONST", .base = 103, .caches = 0,
		.argument = TY_ARGUMENT_CONSTANT, .text = PY_TEXT_CONSTANT, .flags = TY_OPCODE_HAS_ARGUMENT |
		PY_OPCODE_RETURNS },
	[104] = { .name = "SEND", .base = 104, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZABLE | PY_OPCODE_PUSHES | PY_OPCODE_RESUMES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY
		},
	[105] = { .name = "SET_ADD", .base = 105, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[106] = { .name = "SET_FUNCTION_ATTRIBUTE", .base = 106, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_FUNCTION_FLAGS, .flags = TY_OPCODE_HAS_ARGUMENT },
	[107] = { .name = "SET_UPDATE", .base = 107, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		PY_OPCODE_ITERATES },
	[108] = { .name = "STORE_ATTR", .base = 108, .caches = 4,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZABLE | PY_OPCODE_FAMILY },
	[109] = { .name = "STORE_DEREF", .base = 109, .caches = 0,
		.argument = TY_ARGUMENT_FREE, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT },
	[110] = { .name = "STORE_FAST", .base = 110, .caches = 0,
		.argument = TY_ARGUMENT_LOCAL, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT },
	[111] = { .name = "STORE_FAST_LOAD_FAST", .base = 111, .caches = 0,
		.argument = TY_ARGUMENT_LOCAL, .text = PY_TEXT_LOCAL_PAIR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SUPER },
	[112] = { .name = "STORE_FAST_STORE_FAST", .base = 112, .caches = 0,
		.argument = TY_ARGUMENT_LOCAL, .text = PY_TEXT_LOCAL_PAIR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SUPER },
	[113] = { .name = "STORE_GLOBAL", .base = 113, .caches = 0,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT },
	[114] = { .name = "STORE_NAME", .base = 114, .caches = 0,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT },
	[115] = { .name = "SWAP", .base = 115, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_QUIET
		},
	[116] = { .name = "UNPACK_EX", .base = 116, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		PY_OPCODE_ITERATES },
	[117] = { .name = "UNPACK_SEQUENCE", .base = 117, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZABLE | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[118] = { .name = "YIELD_VALUE", .base = 118, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		PY_OPCODE_RETURNS },
	[149] = { .name = "RESUME", .base = 149, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_FAMILY
		},
	[150] = { .name = "BINARY_OP_ADD_FLOAT", .base = 45, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[151] = { .name = "BINARY_OP_ADD_INT", .base = 45, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[152] = { .name = "BINARY_OP_ADD_UNICODE", .base = 45, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[153] = { .name = "BINARY_OP_MULTIPLY_FLOAT", .base = 45, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[154] = { .name = "BINARY_OP_MULTIPLY_INT", .base = 45, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[155] = { .name = "BINARY_OP_SUBTRACT_FLOAT", .base = 45, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[156] = { .name = "BINARY_OP_SUBTRACT_INT", .base = 45, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[157] = { .name = "BINARY_SUBSCR_DICT", .base = 5, .caches = 1,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES |
		PY_OPCODE_FAMILY },
	[158] = { .name = "BINARY_SUBSCR_GETITEM", .base = 5, .caches = 1,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES |
		PY_OPCODE_FAMILY },
	[159] = { .name = "BINARY_SUBSCR_LIST_INT", .base = 5, .caches = 1,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES |
		PY_OPCODE_FAMILY },
	[160] = { .name = "BINARY_SUBSCR_STR_INT", .base = 5, .caches = 1,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES |
		PY_OPCODE_FAMILY },
	[161] = { .name = "BINARY_SUBSCR_TUPLE_INT", .base = 5, .caches = 1,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES |
		PY_OPCODE_FAMILY },
	[162] = { .name = "CALL_ALLOC_AND_ENTER_INIT", .base = 53, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[163] = { .name = "CALL_BOUND_METHOD_EXACT_ARGS", .base = 53, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[164] = { .name = "CALL_BOUND_METHOD_GENERAL", .base = 53, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[165] = { .name = "CALL_BUILTIN_CLASS", .base = 53, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[166] = { .name = "CALL_BUILTIN_FAST", .base = 53, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[167] = { .name = "CALL_BUILTIN_FAST_WITH_KEYWORDS", .base = 53, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[168] = { .name = "CALL_BUILTIN_O", .base = 53, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[169] = { .name = "CALL_ISINSTANCE", .base = 53, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[170] = { .name = "CALL_LEN", .base = 53, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[171] = { .name = "CALL_LIST_APPEND", .base = 53, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[172] = { .name = "CALL_METHOD_DESCRIPTOR_FAST", .base = 53, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[173] = { .name = "CALL_METHOD_DESCRIPTOR_FAST_WITH_KEYWORDS", .base = 53, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[174] = { .name = "CALL_METHOD_DESCRIPTOR_NOARGS", .base = 53, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[175] = { .name = "CALL_METHOD_DESCRIPTOR_O", .base = 53, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[176] = { .name = "CALL_NON_PY_GENERAL", .base = 53, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[177] = { .name = "CALL_PY_EXACT_ARGS", .base = 53, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[178] = { .name = "CALL_PY_GENERAL", .base = 53, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[179] = { .name = "CALL_STR_1", .base = 53, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[180] = { .name = "CALL_TUPLE_1", .base = 53, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[181] = { .name = "CALL_TYPE_1", .base = 53, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[182] = { .name = "COMPARE_OP_FLOAT", .base = 58, .caches = 1,
		.argument = TY_ARGUMENT_COMPARE, .text = PY_TEXT_COMPARE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[183] = { .name = "COMPARE_OP_INT", .base = 58, .caches = 1,
		.argument = TY_ARGUMENT_COMPARE, .text = PY_TEXT_COMPARE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[184] = { .name = "COMPARE_OP_STR", .base = 58, .caches = 1,
		.argument = TY_ARGUMENT_COMPARE, .text = PY_TEXT_COMPARE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[185] = { .name = "CONTAINS_OP_DICT", .base = 59, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[186] = { .name = "CONTAINS_OP_SET", .base = 59, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[187] = { .name = "FOR_ITER_GEN", .base = 72, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_RESUMES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[188] = { .name = "FOR_ITER_LIST", .base = 72, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_RESUMES | PY_OPCODE_CONTAINER | PY_OPCODE_ITERATES
		| PY_OPCODE_FAMILY },
	[189] = { .name = "FOR_ITER_RANGE", .base = 72, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_RESUMES | PY_OPCODE_CONTAINER | PY_OPCODE_ITERATES
		| PY_OPCODE_FAMILY },
	[190] = { .name = "FOR_ITER_TUPLE", .base = 72, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_RESUMES | PY_OPCODE_CONTAINER | PY_OPCODE_ITERATES
		| PY_OPCODE_FAMILY },
	[191] = { .name = "LOAD_ATTR_CLASS", .base = 82, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[192] = { .name = "LOAD_ATTR_GETATTRIBUTE_OVERRIDDEN", .base = 82, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[193] = { .name = "LOAD_ATTR_INSTANCE_VALUE", .base = 82, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[194] = { .name = "LOAD_ATTR_METHOD_LAZY_DICT", .base = 82, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[195] = { .name = "LOAD_ATTR_METHOD_NO_DICT", .base = 82, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[196] = { .name = "LOAD_ATTR_METHOD_WITH_VALUES", .base = 82, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[197] = { .name = "LOAD_ATTR_MODULE", .base = 82, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[198] = { .name = "LOAD_ATTR_NONDESCRIPTOR_NO_DICT", .base = 82, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[199] = { .name = "LOAD_ATTR_NONDESCRIPTOR_WITH_VALUES", .base = 82, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[200] = { .name = "LOAD_ATTR_PROPERTY", .base = 82, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[201] = { .name = "LOAD_ATTR_SLOT", .base = 82, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[202] = { .name = "LOAD_ATTR_WITH_HINT", .base = 82, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[203] = { .name = "LOAD_GLOBAL_BUILTIN", .base = 91, .caches = 4,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_GLOBAL, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[204] = { .name = "LOAD_GLOBAL_MODULE", .base = 91, .caches = 4,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_GLOBAL, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[205] = { .name = "LOAD_SUPER_ATTR_ATTR", .base = 93, .caches = 1,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_SUPER_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[206] = { .name = "LOAD_SUPER_ATTR_METHOD", .base = 93, .caches = 1,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_SUPER_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[207] = { .name = "RESUME_CHECK", .base = 149, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_BOOKKEEPING | PY_OPCODE_FAMILY },
	[208] = { .name = "SEND_GEN", .base = 104, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_RESUMES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[209] = { .name = "STORE_ATTR_INSTANCE_VALUE", .base = 108, .caches = 4,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[210] = { .name = "STORE_ATTR_SLOT", .base = 108, .caches = 4,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[211] = { .name = "STORE_ATTR_WITH_HINT", .base = 108, .caches = 4,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[212] = { .name = "STORE_SUBSCR_DICT", .base = 39, .caches = 1,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[213] = { .name = "STORE_SUBSCR_LIST_INT", .base = 39, .caches = 1,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[214] = { .name = "TO_BOOL_ALWAYS_TRUE", .base = 40, .caches = 3,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[215] = { .name = "TO_BOOL_BOOL", .base = 40, .caches = 3,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[216] = { .name = "TO_BOOL_INT", .base = 40, .caches = 3,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[217] = { .name = "TO_BOOL_LIST", .base = 40, .caches = 3,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[218] = { .name = "TO_BOOL_NONE", .base = 40, .caches = 3,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[219] = { .name = "TO_BOOL_STR", .base = 40, .caches = 3,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[220] = { .name = "UNPACK_SEQUENCE_LIST", .base = 117, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[221] = { .name = "UNPACK_SEQUENCE_TUPLE", .base = 117, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[222] = { .name = "UNPACK_SEQUENCE_TWO_TUPLE", .base = 117, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[236] = { .name = "INSTRUMENTED_RESUME", .base = 149, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED | PY_OPCODE_FAMILY },
	[237] = { .name = "INSTRUMENTED_END_FOR", .base = 11, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_INSTRUMENTED },
	[238] = { .name = "INSTRUMENTED_END_SEND", .base = 12, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_INSTRUMENTED },
	[239] = { .name = "INSTRUMENTED_RETURN_VALUE", .base = 36, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_INSTRUMENTED | PY_OPCODE_RETURNS
		},
	[240] = { .name = "INSTRUMENTED_RETURN_CONST", .base = 103, .caches = 0,
		.argument = TY_ARGUMENT_CONSTANT, .text = PY_TEXT_CONSTANT, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED | PY_OPCODE_RETURNS },
	[241] = { .name = "INSTRUMENTED_YIELD_VALUE", .base = 118, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED | PY_OPCODE_RETURNS },
	[242] = { .name = "INSTRUMENTED_LOAD_SUPER_ATTR", .base = 93, .caches = 1,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_SUPER_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED | PY_OPCODE_FAMILY },
	[243] = { .name = "INSTRUMENTED_FOR_ITER", .base = 72, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED | PY_OPCODE_PUSHES | PY_OPCODE_RESUMES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[244] = { .name = "INSTRUMENTED_CALL", .base = 53, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[245] = { .name = "INSTRUMENTED_CALL_KW", .base = 57, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES },
	[246] = { .name = "INSTRUMENTED_CALL_FUNCTION_EX", .base = 54, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES },
	[247] = { .name = "INSTRUMENTED_INSTRUCTION", .base = 247, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_INSTRUMENTED | PY_OPCODE_PUSHES |
		PY_OPCODE_RESUMES | PY_OPCODE_ITERATES | PY_OPCODE_HIDDEN },
	[248] = { .name = "INSTRUMENTED_JUMP_FORWARD", .base = 79, .caches = 0,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED | PY_OPCODE_QUIET },
	[249] = { .name = "INSTRUMENTED_JUMP_BACKWARD", .base = 77, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_BACKWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED },
	[250] = { .name = "INSTRUMENTED_POP_JUMP_IF_TRUE", .base = 100, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED },
	[251] = { .name = "INSTRUMENTED_POP_JUMP_IF_FALSE", .base = 97, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED },
	[252] = { .name = "INSTRUMENTED_POP_JUMP_IF_NONE", .base = 98, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED },
	[253] = { .name = "INSTRUMENTED_POP_JUMP_IF_NOT_NONE", .base = 99, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED },
	[254] = { .name = "INSTRUMENTED_LINE", .base = 254, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_INSTRUMENTED | PY_OPCODE_PUSHES |
		PY_OPCODE_RESUMES | PY_OPCODE_ITERATES | PY_OPCODE_HIDDEN | PY_OPCODE_LINE },
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
	"INTRINSIC_TYPEVAR_WITH_CONSTRAINTS", "INTRINSIC_SET_FUNCTION_TYPE_PARAMS",
	"INTRINSIC_SET_TYPEPARAM_DEFAULT", NULL
};

static const char *const COMPARE[] = {
	"<", "<=", "==", "!=", ">", ">=", NULL
};

static const char *const CONVERSION[] = {
	"", "str", "repr", "ascii", NULL
};

static const char *const FUNCTION_FLAGS[] = {
	"defaults", "kwdefaults", "annotations", "closure", NULL
};

const struct py_dialect ty_dialect_3_13 = {
	.null_first = false,
	.labels = true,
	.compare_shift = 5,
	.compare_bool = 16,
	.tagged_int = true,
	.tuple_items = 8,
	.unprintable = &ty_unprintable_3_13,
	.words = {
		[PY_TEXT_OPERATOR] = OPERATOR,
		[PY_TEXT_INTRINSIC_1] = INTRINSIC_1,
		[PY_TEXT_INTRINSIC_2] = INTRINSIC_2,
		[PY_TEXT_COMPARE] = COMPARE,
		[PY_TEXT_CONVERSION] = CONVERSION,
		[PY_TEXT_FUNCTION_FLAGS] = FUNCTION_FLAGS,
	},
};
