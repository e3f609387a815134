/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TACHYON_OPCODE_H
#define TACHYON_OPCODE_H

/**
 * @file opcode.h
 * Opcodes of CPython 3.11 to 3.15, by number. Needs no target and no Python.
 */

#include <tachyon/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Versions of CPython: major << 8 | minor.
 * @since 0.1
 */
enum ty_python_version {
	TY_PYTHON_3_11 = 0x030b, /**< CPython 3.11 */
	TY_PYTHON_3_12 = 0x030c, /**< CPython 3.12 */
	TY_PYTHON_3_13 = 0x030d, /**< CPython 3.13 */
	TY_PYTHON_3_14 = 0x030e, /**< CPython 3.14 */
	TY_PYTHON_3_15 = 0x030f  /**< CPython 3.15 */
};

/**
 * Properties of an opcode, or-ed together.
 * @since 0.1
 */
enum ty_opcode_flag {
	TY_OPCODE_HAS_ARGUMENT = 1 << 0, /**< its argument byte means something */
	TY_OPCODE_SPECIALIZED = 1 << 1,  /**< an adaptive form for certain types; bookkeeping forms are not counted */
	TY_OPCODE_INSTRUMENTED = 1 << 2, /**< put there by sys.monitoring or sys.settrace */
	TY_OPCODE_BOOKKEEPING = 1 << 3,  /**< a variant that says nothing about types: RESUME_CHECK, JUMP_BACKWARD_NO_JIT, … */
	TY_OPCODE_SUPER = 1 << 4,        /**< a superinstruction: two instructions in one, e.g. LOAD_FAST_LOAD_FAST */
	TY_OPCODE_EXECUTOR = 1 << 5,     /**< entry of a JIT or tier-2 trace */
	TY_OPCODE_SPECIALIZABLE = 1 << 6, /**< the generic form of a family that has specialized forms */
	TY_OPCODE_CACHE = 1 << 7         /**< the inline-cache placeholder, never executed */
};

/**
 * What the argument of an opcode refers to.
 * @since 0.1
 */
enum ty_opcode_argument {
	TY_ARGUMENT_NONE = 0,     /**< no argument */
	TY_ARGUMENT_NUMBER = 1,   /**< a count, a flag word or an oparg with a meaning of its own */
	TY_ARGUMENT_CONSTANT = 2, /**< index into co_consts */
	TY_ARGUMENT_NAME = 3,     /**< index into co_names (possibly shifted by flag bits) */
	TY_ARGUMENT_LOCAL = 4,    /**< index of a local variable */
	TY_ARGUMENT_FREE = 5,     /**< index of a cell or free variable */
	TY_ARGUMENT_JUMP = 6,     /**< relative or absolute jump */
	TY_ARGUMENT_COMPARE = 7   /**< comparison operator */
};

/**
 * One opcode of one version.
 * @since 0.1
 */
typedef struct ty_opcode {
	size_t size;             /**< in: sizeof(ty_opcode) */
	uint32_t version;        /**< enum ty_python_version */
	uint16_t number;         /**< as found in the bytecode */
	uint16_t base;           /**< number of the opcode it is a form of; itself if it is none. An instrumented opcode's
	                              base is what it stands for; for INSTRUMENTED_LINE and INSTRUMENTED_INSTRUCTION, and for
	                              ENTER_EXECUTOR, only the target knows (ty_instruction()) and base is number */
	const char *name;        /**< e.g. "BINARY_OP_ADD_INT" */
	const char *base_name;   /**< e.g. "BINARY_OP" */
	const char *family;      /**< name of the specialization family, e.g. "BINARY_OP"; NULL if it has none */
	uint32_t flags;          /**< enum ty_opcode_flag */
	uint8_t caches;          /**< inline-cache code units (of 2 bytes) that follow it */
	uint8_t argument;        /**< enum ty_opcode_argument */
	uint16_t reserved;
} ty_opcode;

/**
 * Decodes one opcode number.
 * @param version enum ty_python_version
 * @param number the opcode byte, 0 to 255
 * @param[in,out] opcode set its size before; its strings are static
 * @return 0; -TY_EVERSION for a version this library does not know; -TY_EOPCODE for a number that version does not have
 * @note Any thread. @since 0.1
 */
TY_API int ty_decode_opcode(uint32_t version, uint32_t number, ty_opcode *opcode);

#ifdef __cplusplus
}
#endif

#endif
