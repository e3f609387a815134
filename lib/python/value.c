/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Containers and the rest. Layouts are the same from CPython 3.11 to 3.15 (Include/cpython/setobject.h, code.h,
 * Objects/sliceobject.c), counted from the end of PyObject, where ob_size is in objects that have one; tuple items move
 * with the version (dialect).
 *
 * A constant may be nested, and hostile memory may nest without end: depth and the number of objects are bounded.
 */
#include "python/value.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <tachyon/base.h>

#include "python/unicode.h"
#include "util/bytes.h"
#include "util/cleanup.h"

#define DEPTH_MAX 32
#define OBJECTS_MAX 65536u
#define TYPE_NAME_BYTES 64

/* PySetObject, from the end of PyObject: fill, used, mask, table; an entry is a pointer and a hash. */
#define SET_USED 8
#define SET_MASK 16
#define SET_TABLE 24
#define SET_HEADER_BYTES 32
#define SET_ENTRY_BYTES 16

enum value_kind {
	KIND_UNKNOWN, /* 0 is what a map has for no entry */
	KIND_OTHER,
	KIND_NONE,
	KIND_BOOL,
	KIND_INT,
	KIND_FLOAT,
	KIND_COMPLEX,
	KIND_STR,
	KIND_BYTES,
	KIND_TUPLE,
	KIND_FROZENSET,
	KIND_SLICE,
	KIND_ELLIPSIS,
	KIND_CODE,
};

static const struct {
	const char *name;
	enum value_kind kind;
} KINDS[] = {
	{ "NoneType", KIND_NONE }, { "bool", KIND_BOOL },       { "int", KIND_INT },
	{ "float", KIND_FLOAT },   { "complex", KIND_COMPLEX }, { "str", KIND_STR },
	{ "bytes", KIND_BYTES },   { "tuple", KIND_TUPLE },     { "frozenset", KIND_FROZENSET },
	{ "slice", KIND_SLICE },   { "code", KIND_CODE },       { "ellipsis", KIND_ELLIPSIS },
};

static int add_value(struct ty_values *values, uint64_t address, int depth, struct ty_text *text);

void ty_values_init(struct ty_values *values, struct ty_memory *memory, const struct py_offsets *offsets,
                    const struct py_dialect *dialect)
{
	*values = (struct ty_values){ .memory = memory, .offsets = offsets, .dialect = dialect };
}

void ty_values_free(struct ty_values *values)
{
	ty_map_free(&values->kinds);
}

/* tp_name of a type; byte by byte, as what lies behind it may not be readable. It happens once a type. */
static int read_type_name(struct ty_values *values, uint64_t type, char *name)
{
	uint64_t address;
	int result = ty_memory_read_u64(values->memory, type + values->offsets->type.name, &address);

	memset(name, 0, TYPE_NAME_BYTES);
	for (size_t at = 0; !result && at + 1 < TYPE_NAME_BYTES; at++) {
		result = ty_memory_read(values->memory, address + at, name + at, 1);
		if (!name[at])
			break;
	}
	return result;
}

static int find_kind(struct ty_values *values, uint64_t type, enum value_kind *kind)
{
	const uint64_t *known = type ? ty_map_get(&values->kinds, type) : NULL;
	char name[TYPE_NAME_BYTES];
	int result;

	if (known) {
		*kind = (enum value_kind) * known;
		return 0;
	}
	result = read_type_name(values, type, name);
	if (result)
		return result;
	*kind = KIND_OTHER;
	for (size_t i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++)
		if (strcmp(KINDS[i].name, name) == 0)
			*kind = KINDS[i].kind;
	return ty_map_put(&values->kinds, type, *kind) ? 0 : -ENOMEM;
}

static int add_other(struct ty_values *values, uint64_t address, uint64_t type, struct ty_text *text)
{
	char name[TYPE_NAME_BYTES];
	int result = read_type_name(values, type, name);

	if (!result)
		ty_text_printf(text, "<%s object at 0x%" PRIx64 ">", name, address);
	return result;
}

/* Values of pointers that lie one behind the other in the target. */
static int add_row(struct ty_values *values, uint64_t address, uint64_t count, int depth, struct ty_text *text)
{
	int result = 0;

	for (uint64_t i = 0; i < count && !result && !text->cut; i++) {
		uint64_t item;

		if (i)
			ty_text_puts(text, ", ");
		result = ty_memory_read_u64(values->memory, address + 8 * i, &item);
		if (!result)
			result = add_value(values, item, depth, text);
	}
	return result;
}

static int add_tuple(struct ty_values *values, uint64_t address, int depth, struct ty_text *text)
{
	uint64_t ob_size = address + values->offsets->bytes.size;
	uint64_t count;
	int result = ty_memory_read_u64(values->memory, ob_size, &count);

	if (result)
		return result;
	ty_text_puts(text, "(");
	result = add_row(values, ob_size + values->dialect->tuple_items, count, depth, text);
	ty_text_puts(text, count == 1 ? ",)" : ")");
	return result;
}

static int add_slice(struct ty_values *values, uint64_t address, int depth, struct ty_text *text)
{
	int result;

	ty_text_puts(text, "slice(");
	result = add_row(values, address + values->offsets->bytes.size, 3, depth, text);
	ty_text_puts(text, ")");
	return result;
}

/* The members in the order of the hash table, which is the order repr() has them in. */
static int add_members(struct ty_values *values, const uint8_t *header, int depth, struct ty_text *text)
{
	uint64_t table = ty_load_u64(header + SET_TABLE);
	uint64_t mask = ty_load_u64(header + SET_MASK);
	uint64_t left = ty_load_u64(header + SET_USED);
	uint64_t member;
	int result = 0;

	for (uint64_t i = 0; i <= mask && left && !result && !text->cut; i++) {
		if (!values->budget--)
			return -TY_ELIMIT;
		result = ty_memory_read_u64(values->memory, table + SET_ENTRY_BYTES * i, &member);
		if (result || !member)
			continue;
		result = add_value(values, member, depth, text);
		if (--left)
			ty_text_puts(text, ", ");
	}
	return result;
}

static int add_frozenset(struct ty_values *values, uint64_t address, int depth, struct ty_text *text)
{
	uint8_t header[SET_HEADER_BYTES];
	int result = ty_memory_read(values->memory, address + values->offsets->bytes.size, header, sizeof(header));

	if (result)
		return result;
	if (!ty_load_u64(header + SET_USED)) {
		ty_text_puts(text, "frozenset()");
		return 0;
	}
	ty_text_puts(text, "frozenset({");
	result = add_members(values, header, depth, text);
	ty_text_puts(text, "})");
	return result;
}

static int add_member_str(struct ty_values *values, uint64_t member, struct ty_text *text)
{
	_cleanup_free_ char *utf8 = malloc(PY_STRING_BYTES_MAX);
	uint64_t string;
	int result = utf8 ? ty_memory_read_u64(values->memory, member, &string) : -ENOMEM;

	if (!result)
		result = ty_unicode_read(values->memory, values->offsets, string, utf8);
	if (!result)
		ty_text_puts(text, utf8);
	return result;
}

static int add_code(struct ty_values *values, uint64_t address, struct ty_text *text)
{
	int32_t line;
	int result = ty_memory_read(values->memory, address + values->offsets->code.firstlineno, &line, sizeof(line));

	ty_text_puts(text, "<code object ");
	if (!result)
		result = add_member_str(values, address + values->offsets->code.name, text);
	ty_text_printf(text, " at 0x%" PRIx64 ", file \"", address);
	if (!result)
		result = add_member_str(values, address + values->offsets->code.filename, text);
	ty_text_printf(text, "\", line %d>", line ? line : -1);
	return result;
}

static int add_container(struct ty_values *values, enum value_kind kind, uint64_t address, int depth,
                         struct ty_text *text)
{
	if (depth > DEPTH_MAX)
		return -TY_ELIMIT;
	if (kind == KIND_TUPLE)
		return add_tuple(values, address, depth, text);
	if (kind == KIND_SLICE)
		return add_slice(values, address, depth, text);
	return add_frozenset(values, address, depth, text);
}

static int add_kind(struct ty_values *values, enum value_kind kind, uint64_t address, struct ty_text *text)
{
	switch (kind) {
	case KIND_NONE:
		ty_text_puts(text, "None");
		return 0;
	case KIND_ELLIPSIS:
		ty_text_puts(text, "Ellipsis");
		return 0;
	case KIND_BOOL:
		return ty_value_bool(values, address, text);
	case KIND_INT:
		return ty_value_int(values, address, text);
	case KIND_FLOAT:
		return ty_value_float(values, address, text);
	case KIND_COMPLEX:
		return ty_value_complex(values, address, text);
	case KIND_STR:
		return ty_value_str(values, address, text);
	case KIND_BYTES:
		return ty_value_bytes(values, address, text);
	default:
		return add_code(values, address, text);
	}
}

static int add_value(struct ty_values *values, uint64_t address, int depth, struct ty_text *text)
{
	enum value_kind kind = KIND_OTHER;
	uint64_t type;
	int result;

	if (!values->budget--)
		return -TY_ELIMIT;
	result = ty_memory_read_u64(values->memory, address + values->offsets->object_type, &type);
	if (!result)
		result = find_kind(values, type, &kind);
	if (result)
		return result;
	if (kind == KIND_OTHER)
		return add_other(values, address, type, text);
	if (kind == KIND_TUPLE || kind == KIND_SLICE || kind == KIND_FROZENSET)
		return add_container(values, kind, address, depth + 1, text);
	return add_kind(values, kind, address, text);
}

int ty_value_text(struct ty_values *values, uint64_t address, struct ty_text *text)
{
	values->budget = OBJECTS_MAX;
	return add_value(values, address, 0, text);
}
