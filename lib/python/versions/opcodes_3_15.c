/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The opcodes of CPython 3.15. Generated, do not edit:
 * python3.15 generate_opcodes.py >opcodes_3_15.c
 */
#include <stddef.h>

#include "python/versions/opcodes.h"

/* clang-format off */
const struct py_opcode ty_opcodes_3_15[PY_OPCODE_COUNT] = {
	[0] = { .name = "CACHE", .base = 0, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_CACHE | PY_OPCODE_QUIET },
	[1] = { .name = "BINARY_SLICE", .base = 1, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[2] = { .name = "BUILD_TEMPLATE", .base = 2, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[3] = { .name = "BINARY_OP_INPLACE_ADD_UNICODE", .base = 42, .caches = 5,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[4] = { .name = "CALL_FUNCTION_EX", .base = 4, .caches = 1,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZABLE | PY_OPCODE_PUSHES
		| PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[5] = { .name = "CHECK_EG_MATCH", .base = 5, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[6] = { .name = "CHECK_EXC_MATCH", .base = 6, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[7] = { .name = "CLEANUP_THROW", .base = 7, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = PY_OPCODE_RAISES },
	[8] = { .name = "DELETE_SUBSCR", .base = 8, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[9] = { .name = "END_FOR", .base = 9, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[10] = { .name = "END_SEND", .base = 10, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[11] = { .name = "EXIT_INIT_CHECK", .base = 11, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = PY_OPCODE_PUSHES },
	[12] = { .name = "FORMAT_SIMPLE", .base = 12, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[13] = { .name = "FORMAT_WITH_SPEC", .base = 13, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[14] = { .name = "GET_AITER", .base = 14, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[15] = { .name = "GET_ANEXT", .base = 15, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[16] = { .name = "GET_LEN", .base = 16, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[17] = { .name = "RESERVED", .base = 17, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[18] = { .name = "INTERPRETER_EXIT", .base = 18, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = PY_OPCODE_RETURNS },
	[19] = { .name = "LOAD_BUILD_CLASS", .base = 19, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[20] = { .name = "LOAD_LOCALS", .base = 20, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[21] = { .name = "MAKE_FUNCTION", .base = 21, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[22] = { .name = "MATCH_KEYS", .base = 22, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[23] = { .name = "MATCH_MAPPING", .base = 23, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[24] = { .name = "MATCH_SEQUENCE", .base = 24, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[25] = { .name = "NOP", .base = 25, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = PY_OPCODE_QUIET },
	[26] = { .name = "NOT_TAKEN", .base = 26, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[27] = { .name = "POP_EXCEPT", .base = 27, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[28] = { .name = "POP_ITER", .base = 28, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[29] = { .name = "POP_TOP", .base = 29, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[30] = { .name = "PUSH_EXC_INFO", .base = 30, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[31] = { .name = "PUSH_NULL", .base = 31, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = PY_OPCODE_QUIET },
	[32] = { .name = "RETURN_GENERATOR", .base = 32, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = PY_OPCODE_QUIET | PY_OPCODE_CREATES |
		PY_OPCODE_RETURNS },
	[33] = { .name = "RETURN_VALUE", .base = 33, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = PY_OPCODE_RETURNS },
	[34] = { .name = "SETUP_ANNOTATIONS", .base = 34, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[35] = { .name = "STORE_SLICE", .base = 35, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[36] = { .name = "STORE_SUBSCR", .base = 36, .caches = 1,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZABLE | PY_OPCODE_FAMILY
		},
	[37] = { .name = "TO_BOOL", .base = 37, .caches = 3,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZABLE | PY_OPCODE_FAMILY
		},
	[38] = { .name = "UNARY_INVERT", .base = 38, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[39] = { .name = "UNARY_NEGATIVE", .base = 39, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[40] = { .name = "UNARY_NOT", .base = 40, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[41] = { .name = "WITH_EXCEPT_START", .base = 41, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = 0 },
	[42] = { .name = "BINARY_OP", .base = 42, .caches = 5,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZABLE | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[43] = { .name = "BUILD_INTERPOLATION", .base = 43, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[44] = { .name = "BUILD_LIST", .base = 44, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[45] = { .name = "BUILD_MAP", .base = 45, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[46] = { .name = "BUILD_SET", .base = 46, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[47] = { .name = "BUILD_SLICE", .base = 47, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[48] = { .name = "BUILD_STRING", .base = 48, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[49] = { .name = "BUILD_TUPLE", .base = 49, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[50] = { .name = "CALL", .base = 50, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZABLE | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[51] = { .name = "CALL_INTRINSIC_1", .base = 51, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_INTRINSIC_1, .flags = TY_OPCODE_HAS_ARGUMENT |
		PY_OPCODE_ITERATES },
	[52] = { .name = "CALL_INTRINSIC_2", .base = 52, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_INTRINSIC_2, .flags = TY_OPCODE_HAS_ARGUMENT },
	[53] = { .name = "CALL_KW", .base = 53, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZABLE | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[54] = { .name = "COMPARE_OP", .base = 54, .caches = 1,
		.argument = TY_ARGUMENT_COMPARE, .text = PY_TEXT_COMPARE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZABLE | PY_OPCODE_FAMILY },
	[55] = { .name = "CONTAINS_OP", .base = 55, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_CONTAINS, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZABLE | PY_OPCODE_FAMILY },
	[56] = { .name = "CONVERT_VALUE", .base = 56, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_CONVERSION, .flags = TY_OPCODE_HAS_ARGUMENT },
	[57] = { .name = "COPY", .base = 57, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_QUIET
		},
	[58] = { .name = "COPY_FREE_VARS", .base = 58, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_QUIET
		},
	[59] = { .name = "DELETE_ATTR", .base = 59, .caches = 0,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT },
	[60] = { .name = "DELETE_DEREF", .base = 60, .caches = 0,
		.argument = TY_ARGUMENT_FREE, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT },
	[61] = { .name = "DELETE_FAST", .base = 61, .caches = 0,
		.argument = TY_ARGUMENT_LOCAL, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT },
	[62] = { .name = "DELETE_GLOBAL", .base = 62, .caches = 0,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT },
	[63] = { .name = "DELETE_NAME", .base = 63, .caches = 0,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT },
	[64] = { .name = "DICT_MERGE", .base = 64, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[65] = { .name = "DICT_UPDATE", .base = 65, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[66] = { .name = "END_ASYNC_FOR", .base = 66, .caches = 0,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FROM, .flags = TY_OPCODE_HAS_ARGUMENT |
		PY_OPCODE_RAISES },
	[67] = { .name = "EXTENDED_ARG", .base = 67, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_QUIET
		| PY_OPCODE_EXTENDS },
	[68] = { .name = "FOR_ITER", .base = 68, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZABLE | PY_OPCODE_PUSHES | PY_OPCODE_RESUMES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY
		},
	[69] = { .name = "GET_AWAITABLE", .base = 69, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[70] = { .name = "GET_ITER", .base = 70, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZABLE | PY_OPCODE_FAMILY },
	[71] = { .name = "IMPORT_FROM", .base = 71, .caches = 0,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT },
	[72] = { .name = "IMPORT_NAME", .base = 72, .caches = 0,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_IMPORT, .flags = TY_OPCODE_HAS_ARGUMENT },
	[73] = { .name = "IS_OP", .base = 73, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_IS, .flags = TY_OPCODE_HAS_ARGUMENT },
	[74] = { .name = "JUMP_BACKWARD", .base = 74, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_BACKWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		PY_OPCODE_FAMILY },
	[75] = { .name = "JUMP_BACKWARD_NO_INTERRUPT", .base = 75, .caches = 0,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_BACKWARD, .flags = TY_OPCODE_HAS_ARGUMENT },
	[76] = { .name = "JUMP_FORWARD", .base = 76, .caches = 0,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		PY_OPCODE_QUIET },
	[77] = { .name = "LIST_APPEND", .base = 77, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[78] = { .name = "LIST_EXTEND", .base = 78, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		PY_OPCODE_ITERATES },
	[79] = { .name = "LOAD_ATTR", .base = 79, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZABLE | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[80] = { .name = "LOAD_COMMON_CONSTANT", .base = 80, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_COMMON, .flags = TY_OPCODE_HAS_ARGUMENT |
		PY_OPCODE_QUIET },
	[81] = { .name = "LOAD_CONST", .base = 81, .caches = 0,
		.argument = TY_ARGUMENT_CONSTANT, .text = PY_TEXT_CONSTANT, .flags = TY_OPCODE_HAS_ARGUMENT |
		PY_OPCODE_QUIET },
	[82] = { .name = "LOAD_DEREF", .base = 82, .caches = 0,
		.argument = TY_ARGUMENT_FREE, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT },
	[83] = { .name = "LOAD_FAST", .base = 83, .caches = 0,
		.argument = TY_ARGUMENT_LOCAL, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_QUIET
		},
	[84] = { .name = "LOAD_FAST_AND_CLEAR", .base = 84, .caches = 0,
		.argument = TY_ARGUMENT_LOCAL, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_QUIET
		},
	[85] = { .name = "LOAD_FAST_BORROW", .base = 85, .caches = 0,
		.argument = TY_ARGUMENT_LOCAL, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_QUIET
		},
	[86] = { .name = "LOAD_FAST_BORROW_LOAD_FAST_BORROW", .base = 86, .caches = 0,
		.argument = TY_ARGUMENT_LOCAL, .text = PY_TEXT_LOCAL_PAIR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SUPER | PY_OPCODE_QUIET },
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
	[93] = { .name = "LOAD_SMALL_INT", .base = 93, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_QUIET
		},
	[94] = { .name = "LOAD_SPECIAL", .base = 94, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_SPECIAL, .flags = TY_OPCODE_HAS_ARGUMENT },
	[95] = { .name = "LOAD_SUPER_ATTR", .base = 95, .caches = 1,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_SUPER_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZABLE | PY_OPCODE_FAMILY },
	[96] = { .name = "MAKE_CELL", .base = 96, .caches = 0,
		.argument = TY_ARGUMENT_FREE, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_QUIET
		},
	[97] = { .name = "MAP_ADD", .base = 97, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[98] = { .name = "MATCH_CLASS", .base = 98, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[99] = { .name = "POP_JUMP_IF_FALSE", .base = 99, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT },
	[100] = { .name = "POP_JUMP_IF_NONE", .base = 100, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT },
	[101] = { .name = "POP_JUMP_IF_NOT_NONE", .base = 101, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT },
	[102] = { .name = "POP_JUMP_IF_TRUE", .base = 102, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT },
	[103] = { .name = "RAISE_VARARGS", .base = 103, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_RAISES
		},
	[104] = { .name = "RERAISE", .base = 104, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_RAISES
		},
	[105] = { .name = "SEND", .base = 105, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZABLE | PY_OPCODE_PUSHES | PY_OPCODE_RESUMES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY
		},
	[106] = { .name = "SET_ADD", .base = 106, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT },
	[107] = { .name = "SET_FUNCTION_ATTRIBUTE", .base = 107, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_FUNCTION_FLAGS, .flags = TY_OPCODE_HAS_ARGUMENT },
	[108] = { .name = "SET_UPDATE", .base = 108, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		PY_OPCODE_ITERATES },
	[109] = { .name = "STORE_ATTR", .base = 109, .caches = 4,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZABLE | PY_OPCODE_FAMILY },
	[110] = { .name = "STORE_DEREF", .base = 110, .caches = 0,
		.argument = TY_ARGUMENT_FREE, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT },
	[111] = { .name = "STORE_FAST", .base = 111, .caches = 0,
		.argument = TY_ARGUMENT_LOCAL, .text = PY_TEXT_LOCAL, .flags = TY_OPCODE_HAS_ARGUMENT },
	[112] = { .name = "STORE_FAST_LOAD_FAST", .base = 112, .caches = 0,
		.argument = TY_ARGUMENT_LOCAL, .text = PY_TEXT_LOCAL_PAIR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SUPER },
	[113] = { .name = "STORE_FAST_STORE_FAST", .base = 113, .caches = 0,
		.argument = TY_ARGUMENT_LOCAL, .text = PY_TEXT_LOCAL_PAIR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SUPER },
	[114] = { .name = "STORE_GLOBAL", .base = 114, .caches = 0,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT },
	[115] = { .name = "STORE_NAME", .base = 115, .caches = 0,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT },
	[116] = { .name = "SWAP", .base = 116, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_QUIET
		},
	[117] = { .name = "UNPACK_EX", .base = 117, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		PY_OPCODE_ITERATES },
	[118] = { .name = "UNPACK_SEQUENCE", .base = 118, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZABLE | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[119] = { .name = "YIELD_VALUE", .base = 119, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		PY_OPCODE_RETURNS },
	[128] = { .name = "RESUME", .base = 128, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT | PY_OPCODE_FAMILY
		},
	[129] = { .name = "BINARY_OP_ADD_FLOAT", .base = 42, .caches = 5,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[130] = { .name = "BINARY_OP_ADD_INT", .base = 42, .caches = 5,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[131] = { .name = "BINARY_OP_ADD_UNICODE", .base = 42, .caches = 5,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[132] = { .name = "BINARY_OP_EXTEND", .base = 42, .caches = 5,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[133] = { .name = "BINARY_OP_MULTIPLY_FLOAT", .base = 42, .caches = 5,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[134] = { .name = "BINARY_OP_MULTIPLY_INT", .base = 42, .caches = 5,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[135] = { .name = "BINARY_OP_SUBSCR_DICT", .base = 42, .caches = 5,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[136] = { .name = "BINARY_OP_SUBSCR_GETITEM", .base = 42, .caches = 5,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[137] = { .name = "BINARY_OP_SUBSCR_LIST_INT", .base = 42, .caches = 5,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[138] = { .name = "BINARY_OP_SUBSCR_LIST_SLICE", .base = 42, .caches = 5,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[139] = { .name = "BINARY_OP_SUBSCR_STR_INT", .base = 42, .caches = 5,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[140] = { .name = "BINARY_OP_SUBSCR_TUPLE_INT", .base = 42, .caches = 5,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[141] = { .name = "BINARY_OP_SUBSCR_USTR_INT", .base = 42, .caches = 5,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[142] = { .name = "BINARY_OP_SUBTRACT_FLOAT", .base = 42, .caches = 5,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[143] = { .name = "BINARY_OP_SUBTRACT_INT", .base = 42, .caches = 5,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_OPERATOR, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[144] = { .name = "CALL_ALLOC_AND_ENTER_INIT", .base = 50, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[145] = { .name = "CALL_BOUND_METHOD_EXACT_ARGS", .base = 50, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[146] = { .name = "CALL_BOUND_METHOD_GENERAL", .base = 50, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[147] = { .name = "CALL_BUILTIN_CLASS", .base = 50, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[148] = { .name = "CALL_BUILTIN_FAST", .base = 50, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[149] = { .name = "CALL_BUILTIN_FAST_WITH_KEYWORDS", .base = 50, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[150] = { .name = "CALL_BUILTIN_O", .base = 50, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[151] = { .name = "CALL_EX_NON_PY_GENERAL", .base = 4, .caches = 1,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES |
		PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[152] = { .name = "CALL_EX_PY", .base = 4, .caches = 1,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES |
		PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[153] = { .name = "CALL_ISINSTANCE", .base = 50, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[154] = { .name = "CALL_KW_BOUND_METHOD", .base = 53, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[155] = { .name = "CALL_KW_NON_PY", .base = 53, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[156] = { .name = "CALL_KW_PY", .base = 53, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[157] = { .name = "CALL_LEN", .base = 50, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[158] = { .name = "CALL_LIST_APPEND", .base = 50, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[159] = { .name = "CALL_METHOD_DESCRIPTOR_FAST", .base = 50, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[160] = { .name = "CALL_METHOD_DESCRIPTOR_FAST_WITH_KEYWORDS", .base = 50, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[161] = { .name = "CALL_METHOD_DESCRIPTOR_NOARGS", .base = 50, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[162] = { .name = "CALL_METHOD_DESCRIPTOR_O", .base = 50, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[163] = { .name = "CALL_NON_PY_GENERAL", .base = 50, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[164] = { .name = "CALL_PY_EXACT_ARGS", .base = 50, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[165] = { .name = "CALL_PY_GENERAL", .base = 50, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[166] = { .name = "CALL_STR_1", .base = 50, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[167] = { .name = "CALL_TUPLE_1", .base = 50, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[168] = { .name = "CALL_TYPE_1", .base = 50, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[169] = { .name = "COMPARE_OP_FLOAT", .base = 54, .caches = 1,
		.argument = TY_ARGUMENT_COMPARE, .text = PY_TEXT_COMPARE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[170] = { .name = "COMPARE_OP_INT", .base = 54, .caches = 1,
		.argument = TY_ARGUMENT_COMPARE, .text = PY_TEXT_COMPARE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[171] = { .name = "COMPARE_OP_STR", .base = 54, .caches = 1,
		.argument = TY_ARGUMENT_COMPARE, .text = PY_TEXT_COMPARE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[172] = { .name = "CONTAINS_OP_DICT", .base = 55, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_CONTAINS, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[173] = { .name = "CONTAINS_OP_SET", .base = 55, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_CONTAINS, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[174] = { .name = "FOR_ITER_GEN", .base = 68, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_RESUMES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[175] = { .name = "FOR_ITER_LIST", .base = 68, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_RESUMES | PY_OPCODE_CONTAINER | PY_OPCODE_ITERATES
		| PY_OPCODE_FAMILY },
	[176] = { .name = "FOR_ITER_RANGE", .base = 68, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_RESUMES | PY_OPCODE_CONTAINER | PY_OPCODE_ITERATES
		| PY_OPCODE_FAMILY },
	[177] = { .name = "FOR_ITER_TUPLE", .base = 68, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_RESUMES | PY_OPCODE_CONTAINER | PY_OPCODE_ITERATES
		| PY_OPCODE_FAMILY },
	[178] = { .name = "FOR_ITER_VIRTUAL", .base = 68, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_RESUMES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[179] = { .name = "GET_ITER_SELF", .base = 70, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[180] = { .name = "GET_ITER_VIRTUAL", .base = 70, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[181] = { .name = "JUMP_BACKWARD_JIT", .base = 74, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_BACKWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_BOOKKEEPING | PY_OPCODE_FAMILY },
	[182] = { .name = "JUMP_BACKWARD_NO_JIT", .base = 74, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_BACKWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_BOOKKEEPING | PY_OPCODE_FAMILY },
	[183] = { .name = "LOAD_ATTR_CLASS", .base = 79, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[184] = { .name = "LOAD_ATTR_CLASS_WITH_METACLASS_CHECK", .base = 79, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[185] = { .name = "LOAD_ATTR_GETATTRIBUTE_OVERRIDDEN", .base = 79, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[186] = { .name = "LOAD_ATTR_INSTANCE_VALUE", .base = 79, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[187] = { .name = "LOAD_ATTR_METHOD_LAZY_DICT", .base = 79, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[188] = { .name = "LOAD_ATTR_METHOD_NO_DICT", .base = 79, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[189] = { .name = "LOAD_ATTR_METHOD_WITH_VALUES", .base = 79, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[190] = { .name = "LOAD_ATTR_MODULE", .base = 79, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[191] = { .name = "LOAD_ATTR_NONDESCRIPTOR_NO_DICT", .base = 79, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[192] = { .name = "LOAD_ATTR_NONDESCRIPTOR_WITH_VALUES", .base = 79, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[193] = { .name = "LOAD_ATTR_PROPERTY", .base = 79, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[194] = { .name = "LOAD_ATTR_SLOT", .base = 79, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[195] = { .name = "LOAD_ATTR_WITH_HINT", .base = 79, .caches = 9,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_FAMILY },
	[196] = { .name = "LOAD_GLOBAL_BUILTIN", .base = 91, .caches = 4,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_GLOBAL, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[197] = { .name = "LOAD_GLOBAL_MODULE", .base = 91, .caches = 4,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_GLOBAL, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[198] = { .name = "LOAD_SUPER_ATTR_ATTR", .base = 95, .caches = 1,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_SUPER_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[199] = { .name = "LOAD_SUPER_ATTR_METHOD", .base = 95, .caches = 1,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_SUPER_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[200] = { .name = "RESUME_CHECK", .base = 128, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_BOOKKEEPING | PY_OPCODE_FAMILY },
	[201] = { .name = "RESUME_CHECK_JIT", .base = 128, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_BOOKKEEPING | PY_OPCODE_FAMILY },
	[202] = { .name = "SEND_ASYNC_GEN", .base = 105, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_RESUMES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[203] = { .name = "SEND_GEN", .base = 105, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_RESUMES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[204] = { .name = "SEND_VIRTUAL", .base = 105, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_PUSHES | PY_OPCODE_RESUMES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[205] = { .name = "STORE_ATTR_INSTANCE_VALUE", .base = 109, .caches = 4,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[206] = { .name = "STORE_ATTR_SLOT", .base = 109, .caches = 4,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[207] = { .name = "STORE_ATTR_WITH_HINT", .base = 109, .caches = 4,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_NAME, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[208] = { .name = "STORE_SUBSCR_DICT", .base = 36, .caches = 1,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[209] = { .name = "STORE_SUBSCR_LIST_INT", .base = 36, .caches = 1,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[210] = { .name = "TO_BOOL_ALWAYS_TRUE", .base = 37, .caches = 3,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[211] = { .name = "TO_BOOL_BOOL", .base = 37, .caches = 3,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[212] = { .name = "TO_BOOL_INT", .base = 37, .caches = 3,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[213] = { .name = "TO_BOOL_LIST", .base = 37, .caches = 3,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[214] = { .name = "TO_BOOL_NONE", .base = 37, .caches = 3,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[215] = { .name = "TO_BOOL_STR", .base = 37, .caches = 3,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_SPECIALIZED | PY_OPCODE_FAMILY },
	[216] = { .name = "UNPACK_SEQUENCE_LIST", .base = 118, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[217] = { .name = "UNPACK_SEQUENCE_TUPLE", .base = 118, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[218] = { .name = "UNPACK_SEQUENCE_TWO_TUPLE", .base = 118, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_SPECIALIZED | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[233] = { .name = "INSTRUMENTED_END_FOR", .base = 9, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_INSTRUMENTED },
	[234] = { .name = "INSTRUMENTED_POP_ITER", .base = 28, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_INSTRUMENTED },
	[235] = { .name = "INSTRUMENTED_END_SEND", .base = 10, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_INSTRUMENTED },
	[236] = { .name = "INSTRUMENTED_FOR_ITER", .base = 68, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED | PY_OPCODE_PUSHES | PY_OPCODE_RESUMES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[237] = { .name = "INSTRUMENTED_INSTRUCTION", .base = 237, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_INSTRUMENTED | PY_OPCODE_PUSHES |
		PY_OPCODE_RESUMES | PY_OPCODE_ITERATES | PY_OPCODE_HIDDEN },
	[238] = { .name = "INSTRUMENTED_JUMP_FORWARD", .base = 76, .caches = 0,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED | PY_OPCODE_QUIET },
	[239] = { .name = "INSTRUMENTED_NOT_TAKEN", .base = 26, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_INSTRUMENTED },
	[240] = { .name = "INSTRUMENTED_POP_JUMP_IF_TRUE", .base = 102, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED },
	[241] = { .name = "INSTRUMENTED_POP_JUMP_IF_FALSE", .base = 99, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED },
	[242] = { .name = "INSTRUMENTED_POP_JUMP_IF_NONE", .base = 100, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED },
	[243] = { .name = "INSTRUMENTED_POP_JUMP_IF_NOT_NONE", .base = 101, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FORWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED },
	[244] = { .name = "INSTRUMENTED_RESUME", .base = 128, .caches = 1,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED | PY_OPCODE_FAMILY },
	[245] = { .name = "INSTRUMENTED_RETURN_VALUE", .base = 33, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_INSTRUMENTED | PY_OPCODE_RETURNS
		},
	[246] = { .name = "INSTRUMENTED_YIELD_VALUE", .base = 119, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED | PY_OPCODE_RETURNS },
	[247] = { .name = "INSTRUMENTED_END_ASYNC_FOR", .base = 66, .caches = 0,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_FROM, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED | PY_OPCODE_RAISES },
	[248] = { .name = "INSTRUMENTED_LOAD_SUPER_ATTR", .base = 95, .caches = 1,
		.argument = TY_ARGUMENT_NAME, .text = PY_TEXT_SUPER_ATTRIBUTE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED | PY_OPCODE_FAMILY },
	[249] = { .name = "INSTRUMENTED_CALL", .base = 50, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[250] = { .name = "INSTRUMENTED_CALL_KW", .base = 53, .caches = 3,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED | PY_OPCODE_PUSHES | PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[251] = { .name = "INSTRUMENTED_CALL_FUNCTION_EX", .base = 4, .caches = 1,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_INSTRUMENTED | PY_OPCODE_PUSHES |
		PY_OPCODE_ITERATES | PY_OPCODE_FAMILY },
	[252] = { .name = "INSTRUMENTED_JUMP_BACKWARD", .base = 74, .caches = 1,
		.argument = TY_ARGUMENT_JUMP, .text = PY_TEXT_JUMP_BACKWARD, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_INSTRUMENTED | PY_OPCODE_FAMILY },
	[253] = { .name = "INSTRUMENTED_LINE", .base = 253, .caches = 0,
		.argument = TY_ARGUMENT_NONE, .text = PY_TEXT_NONE, .flags = TY_OPCODE_INSTRUMENTED | PY_OPCODE_PUSHES |
		PY_OPCODE_RESUMES | PY_OPCODE_ITERATES | PY_OPCODE_HIDDEN | PY_OPCODE_LINE },
	[254] = { .name = "ENTER_EXECUTOR", .base = 254, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_EXECUTOR | PY_OPCODE_PUSHES | PY_OPCODE_RESUMES | PY_OPCODE_ITERATES | PY_OPCODE_HIDDEN },
	[255] = { .name = "TRACE_RECORD", .base = 255, .caches = 0,
		.argument = TY_ARGUMENT_NUMBER, .text = PY_TEXT_NONE, .flags = TY_OPCODE_HAS_ARGUMENT |
		TY_OPCODE_BOOKKEEPING | TY_OPCODE_EXECUTOR },
};

static const char *const OPERATOR[] = {
	"+", "&", "//", "<<", "@", "*", "%", "|", "**", ">>", "-", "/", "^", "+=", "&=", "//=", "<<=", "@=",
	"*=", "%=", "|=", "**=", ">>=", "-=", "/=", "^=", "[]", NULL
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

static const char *const CONTAINS[] = {
	"in", "not in", NULL
};

static const char *const CONVERSION[] = {
	"", "str", "repr", "ascii", NULL
};

static const char *const IS[] = {
	"is", "is not", NULL
};

static const char *const COMMON[] = {
	"AssertionError", "NotImplementedError", "tuple", "<built-in function all>", "<built-in function any>",
	"list", "set", "None", "''", "True", "False", "-1", NULL
};

static const char *const SPECIAL[] = {
	"__enter__", "__exit__", "__aenter__", "__aexit__", NULL
};

static const char *const FUNCTION_FLAGS[] = {
	"defaults", "kwdefaults", "annotations", "closure", "annotate", NULL
};

const struct py_dialect ty_dialect_3_15 = {
	.null_first = false,
	.labels = true,
	.compare_shift = 5,
	.compare_bool = 16,
	.tagged_int = true,
	.tuple_items = 16,
	.unprintable = &ty_unprintable_3_15,
	.words = {
		[PY_TEXT_OPERATOR] = OPERATOR,
		[PY_TEXT_INTRINSIC_1] = INTRINSIC_1,
		[PY_TEXT_INTRINSIC_2] = INTRINSIC_2,
		[PY_TEXT_COMPARE] = COMPARE,
		[PY_TEXT_CONTAINS] = CONTAINS,
		[PY_TEXT_CONVERSION] = CONVERSION,
		[PY_TEXT_IS] = IS,
		[PY_TEXT_COMMON] = COMMON,
		[PY_TEXT_SPECIAL] = SPECIAL,
		[PY_TEXT_FUNCTION_FLAGS] = FUNCTION_FLAGS,
	},
};
