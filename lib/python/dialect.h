/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_PYTHON_DIALECT_H
#define TY_PYTHON_DIALECT_H

/*
 * How the dis module of a version shows arguments, and the layout of the constants it shows. Generated together with
 * the opcodes (versions/generate_opcodes.py).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How the argument of an opcode is shown. */
enum py_text {
	PY_TEXT_NONE,
	PY_TEXT_CONSTANT,
	PY_TEXT_NAME,
	PY_TEXT_GLOBAL,          /* name index << 1 | NULL is pushed as well */
	PY_TEXT_ATTRIBUTE,       /* name index << 1 | method call */
	PY_TEXT_SUPER_ATTRIBUTE, /* name index << 2 | flags, bit 0: method call */
	PY_TEXT_IMPORT,          /* name index << 2 | eager << 1 | lazy */
	PY_TEXT_LOCAL,
	PY_TEXT_LOCAL_PAIR, /* two indices of 4 bits */
	PY_TEXT_JUMP_FORWARD,
	PY_TEXT_JUMP_BACKWARD,
	PY_TEXT_JUMP_FROM, /* the distance back to an instruction, but no jump */
	PY_TEXT_COMPARE,   /* the remaining ones have words */
	PY_TEXT_OPERATOR,
	PY_TEXT_INTRINSIC_1,
	PY_TEXT_INTRINSIC_2,
	PY_TEXT_CONVERSION,
	PY_TEXT_FORMAT, /* conversion in bits 0 and 1, bit 2: with format */
	PY_TEXT_COMMON,
	PY_TEXT_SPECIAL,
	PY_TEXT_FUNCTION_FLAGS, /* a word for every bit */
	PY_TEXT_IS,
	PY_TEXT_CONTAINS,
	PY_TEXT_COUNT,
};

/* Characters that repr() escapes, in ascending order. */
struct py_range {
	uint32_t first;
	uint32_t last;
};

struct py_unprintable {
	const struct py_range *ranges;
	size_t count;
};

struct py_dialect {
	bool null_first;       /* "NULL + name", not "name + NULL" */
	bool labels;           /* "to L1", not "to 24" */
	uint8_t compare_shift; /* flag bits below the comparison */
	uint8_t compare_bool;  /* the flag bit that says that the result is converted to bool; 0: none */
	bool tagged_int;       /* an int has lv_tag, not ob_size */
	uint8_t tuple_items;   /* offset of the first item from ob_size */
	const struct py_unprintable *unprintable;
	const char *const *words[PY_TEXT_COUNT]; /* NULL-terminated */
};

/* Whether str.isprintable() holds for a character. */
bool ty_is_printable(const struct py_unprintable *unprintable, uint32_t character);

/* The dialect of a version (enum ty_python_version), or NULL when it is not known. */
const struct py_dialect *ty_dialect(uint32_t version);

#endif
