/* SPDX-License-Identifier: Apache-2.0 */
#include "python/code.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <tachyon/base.h>

#include "python/instrumentation.h"
#include "python/unicode.h"
#include "util/bytes.h"
#include "util/cleanup.h"

#define WORD_BYTES 8
#define TYPE_NAME_BYTES 5 /* "code" */
#define UNIT_BYTES 2

/* One entry of a location table with all its numbers at their longest, for one unit. */
#define LINETABLE_ENTRY_BYTES_MAX 25

static const struct ty_bytecode NO_BYTECODE;

int ty_codes_init(struct py_codes *codes, struct ty_memory *memory)
{
	*codes = (struct py_codes){ .memory = memory };
	codes->text = malloc(PY_STRING_BYTES_MAX);
	return codes->text ? 0 : -ENOMEM;
}

static bool has_room(const struct py_codes *codes, size_t size_bytes)
{
	return size_bytes <= PY_CODES_BYTES_MAX && codes->bytes <= PY_CODES_BYTES_MAX - size_bytes;
}

/* Empties a code object, but keeps the struct: others point to it. */
static void clear_code(struct py_codes *codes, struct py_code *code)
{
	struct py_function *function = code->function ? codes->functions.items[code->function - 1] : NULL;

	if (function && function->code == code)
		function->code = NULL;
	codes->bytes -= code->adaptive ? (size_t)code->units * UNIT_BYTES : 0;
	free(code->adaptive);
	ty_array_free(&code->copies);
	*code = (struct py_code){ .address = code->address, .bytecode = &NO_BYTECODE };
}

static void free_function(struct py_function *function)
{
	if (!function)
		return;
	ty_linetable_free(&function->lines);
	ty_bytecode_free(&function->bytecode);
	free(function->linetable);
	free(function);
}

static void free_code(struct py_codes *codes, struct py_code *code)
{
	clear_code(codes, code);
	free(code);
}

static void forget_codes(struct py_codes *codes)
{
	for (size_t i = 0; codes->by_address.slots && i <= codes->by_address.mask; i++)
		if (codes->by_address.slots[i].key)
			free_code(codes, (struct py_code *)(uintptr_t)codes->by_address.slots[i].value);
	ty_map_clear(&codes->by_address);
}

void ty_codes_free(struct py_codes *codes)
{
	forget_codes(codes);
	for (size_t i = 0; i < codes->functions.count; i++)
		free_function(codes->functions.items[i]);
	ty_array_free(&codes->functions);
	ty_map_free(&codes->by_address);
	ty_map_free(&codes->by_content);
	ty_strtab_free(&codes->strings);
	free(codes->text);
}

void ty_codes_bind(struct py_codes *codes, const struct py_version *version, const struct py_offsets *offsets,
                   const struct py_opcode *opcodes)
{
	forget_codes(codes);
	codes->version = version;
	codes->offsets = offsets;
	codes->opcodes = opcodes;
	codes->code_type = 0;
	codes->epoch = 1;
}

void ty_codes_identity(const struct py_offsets *offsets, const uint8_t *header, const uint8_t *name_header,
                       struct py_identity *identity)
{
	uint64_t *words = identity->words;

	memset(identity, 0, sizeof(*identity));
	words[0] = ty_load_u64(header + offsets->code.type);
	words[1] = ty_load_u64(header + offsets->code.units);
	words[2] = ty_load_u64(header + offsets->code.filename);
	words[3] = ty_load_u64(header + offsets->code.name);
	words[4] = ty_load_u64(header + offsets->code.qualname);
	words[5] = ty_load_u64(header + offsets->code.linetable);
	words[6] = ty_load_u64(header + offsets->code.consts);
	words[7] = ty_load_u64(header + offsets->code.names);
	words[8] = (uint64_t)ty_load_u32(header + offsets->code.firstlineno) << 32 |
	           ty_load_u32(header + offsets->code.nlocalsplus);
	words[9] = py_has(offsets->code.version) ? ty_load_u32(header + offsets->code.version) : 0;
	words[10] = name_header ? ty_load_u64(name_header + offsets->unicode.length) : 0;
	words[11] = name_header ? ty_load_u64(name_header + offsets->unicode.hash) : 0;
}

/* Reads header and, where it is needed, name; as one call each time, so that both belong together. */
static int read_identity(struct py_codes *codes, uint64_t address, uint8_t *header, struct py_identity *identity)
{
	const struct py_offsets *offsets = codes->offsets;
	uint8_t name_header[PY_NAME_HEADER_BYTES];
	bool need_name = ty_codes_need_name(offsets);
	int result = ty_memory_read(codes->memory, address, header, offsets->code.size);

	if (result == 0 && need_name)
		result = ty_memory_read(codes->memory, ty_load_u64(header + offsets->code.qualname), name_header,
		                        sizeof(name_header));
	if (result < 0)
		return result;
	ty_codes_identity(offsets, header, need_name ? name_header : NULL, identity);
	return 0;
}

/* A code object is an instance of PyCode_Type: known by its name once, by its address from then on. */
static int check_type(struct py_codes *codes, uint64_t type)
{
	char name[TYPE_NAME_BYTES];
	uint64_t name_address;
	int result;

	if (type && type == codes->code_type)
		return 0;
	if (codes->code_type || !type)
		return -TY_ECORRUPT;
	result = ty_memory_read_u64(codes->memory, type + codes->offsets->type.name, &name_address);
	if (result == 0)
		result = ty_memory_read(codes->memory, name_address, name, sizeof(name));
	if (result < 0)
		return result;
	if (memcmp(name, "code", sizeof(name)) != 0)
		return -TY_ECORRUPT;
	codes->code_type = type;
	return 0;
}

static int read_string(struct py_codes *codes, uint64_t address, uint32_t *id)
{
	int result = ty_unicode_read(codes->memory, codes->offsets, address, codes->text);

	if (result < 0)
		return result;
	*id = ty_strtab_add(&codes->strings, codes->text, strlen(codes->text));
	return *id ? 0 : -ENOMEM;
}

static int read_linetable(struct py_codes *codes, uint64_t address, struct py_function *function)
{
	uint64_t size;
	int result = ty_memory_read_u64(codes->memory, address + codes->offsets->bytes.size, &size);

	if (result < 0)
		return result;
	/* What is longer than the longest entry for every unit says nothing about this code object. */
	if (size > (uint64_t)function->units * LINETABLE_ENTRY_BYTES_MAX)
		size = (uint64_t)function->units * LINETABLE_ENTRY_BYTES_MAX;
	if (size > PY_LINETABLE_BYTES_MAX || !has_room(codes, size + (size_t)function->units * UNIT_BYTES))
		return -TY_ELIMIT;
	function->linetable = malloc(size ? size : 1);
	if (!function->linetable)
		return -ENOMEM;
	function->linetable_bytes = size;
	return size ? ty_memory_read(codes->memory, address + codes->offsets->bytes.data, function->linetable, size)
	            : 0;
}

static int read_function(struct py_codes *codes, const uint8_t *header, struct py_function *function)
{
	const struct py_offsets *offsets = codes->offsets;
	int result = read_string(codes, ty_load_u64(header + offsets->code.filename), &function->filename);

	if (result == 0)
		result = read_string(codes, ty_load_u64(header + offsets->code.name), &function->name);
	if (result == 0)
		result = read_string(codes, ty_load_u64(header + offsets->code.qualname), &function->qualname);
	if (result == 0)
		result = read_linetable(codes, ty_load_u64(header + offsets->code.linetable), function);
	function->first_line = ty_load_u32(header + offsets->code.firstlineno);
	return result;
}

static bool is_known(const struct py_function *function)
{
	return function->bytecode.known_count == function->units;
}

static bool same_bytecode(const struct py_function *a, const struct py_function *b)
{
	const struct ty_bytecode *x = &a->bytecode, *y = &b->bytecode;

	/* Units have no padding. After an exec() the same bytes may be another version's. */
	return is_known(a) && is_known(b) && a->units == b->units && x->table == y->table &&
	       (!a->units || memcmp(x->units, y->units, a->units * sizeof(*x->units)) == 0);
}

static bool same_content(const struct py_function *a, const struct py_function *b)
{
	return a->filename == b->filename && a->name == b->name && a->qualname == b->qualname &&
	       a->first_line == b->first_line && a->linetable_bytes == b->linetable_bytes &&
	       (!a->linetable_bytes || memcmp(a->linetable, b->linetable, a->linetable_bytes) == 0) &&
	       same_bytecode(a, b);
}

/*
 * The trampoline that CALL_ALLOC_AND_ENTER_INIT puts below __init__: its code object has no lines (at most one entry
 * that says so) and one string for all its names. Code that somebody has stripped of its lines still has a file.
 */
static bool is_internal(const struct py_function *function)
{
	return function->linetable_bytes <= 1 && function->filename == function->qualname &&
	       function->filename == function->name;
}

/* Gives the function an id, or the id of one with equal content; owns `function` from now on. 0: out of memory. */
static uint32_t add_function(struct py_codes *codes, struct py_function *function)
{
	uint64_t hash = ty_hash_bytes(function->linetable, function->linetable_bytes) ^
	                ((uint64_t)function->qualname << 32 | function->first_line);
	struct py_function **slot;
	uint64_t *id;

	for (hash = hash ? hash : 1; (id = ty_map_get(&codes->by_content, hash)); hash = hash + 1 ? hash + 1 : 1) {
		if (same_content(codes->functions.items[*id - 1], function)) {
			free_function(function);
			return (uint32_t)*id;
		}
	}
	slot = ty_array_push(&codes->functions);
	if (!slot || !ty_map_put(&codes->by_content, hash, codes->functions.count)) {
		codes->functions.count -= slot != NULL;
		free_function(function);
		return 0;
	}
	*slot = function;
	codes->bytes += function->linetable_bytes + (size_t)function->units * UNIT_BYTES;
	function->id = (uint32_t)codes->functions.count;
	function->internal = is_internal(function);
	return function->id;
}

static int read_adaptive(struct py_codes *codes, struct py_code *code)
{
	return ty_memory_read(codes->memory, code->bytecode_address, code->adaptive, (size_t)code->units * 2);
}

static int decode(struct py_codes *codes, const struct py_code *code, struct ty_bytecode *bytecode)
{
	return ty_bytecode_read(codes->memory, codes->version->number, codes->offsets, code->address, code->adaptive,
	                        code->units, bytecode);
}

/* What was not known may be by now; the code object must still be the one that was fetched. */
static int decode_again(struct py_codes *codes, struct py_code *code, struct ty_bytecode *known)
{
	uint8_t header[PY_CODE_HEADER_BYTES_MAX];
	struct py_identity identity;
	struct ty_bytecode again;
	int result = decode(codes, code, &again);

	if (result == 0)
		result = read_identity(codes, code->address, header, &identity);
	if (result == 0 && memcmp(&identity, &code->identity, sizeof(identity)) != 0)
		result = -TY_ESTALE;
	if (result == 0 && again.known_count > known->known_count) {
		ty_bytecode_free(known);
		*known = again;
	} else {
		ty_bytecode_free(&again);
	}
	return result;
}

int ty_codes_refresh(struct py_codes *codes, struct py_code *code)
{
	int result = read_adaptive(codes, code);

	if (result == 0 && code->function && code->bytecode->known_count < code->units)
		result = decode_again(codes, code, &codes->functions.items[code->function - 1]->bytecode);
	return result;
}

static int read_code(struct py_codes *codes, uint64_t address, const uint8_t *header, struct py_code *code,
                     struct ty_bytecode *bytecode)
{
	const struct py_offsets *offsets = codes->offsets;
	uint64_t units = ty_load_u64(header + offsets->code.units);
	uint32_t stacksize = ty_load_u32(header + offsets->code.stacksize);
	int result;

	code->address = address;
	code->bytecode_address = address + offsets->code.adaptive;
	code->qualname_address = ty_load_u64(header + offsets->code.qualname);
	code->nlocalsplus = ty_load_u32(header + offsets->code.nlocalsplus);
	if (!units || units > PY_CODE_UNITS_MAX || !has_room(codes, (size_t)units * 2 * UNIT_BYTES) ||
	    stacksize > PY_CODE_UNITS_MAX || code->nlocalsplus > PY_CODE_UNITS_MAX)
		return -TY_ELIMIT;
	code->units = (uint32_t)units;
	code->frame_bytes = offsets->frame.size + (code->nlocalsplus + stacksize) * WORD_BYTES;
	code->adaptive = malloc((size_t)units * 2);
	if (!code->adaptive)
		return -ENOMEM;
	codes->bytes += (size_t)units * UNIT_BYTES;
	result = read_adaptive(codes, code);
	return result < 0 ? result : decode(codes, code, bytecode);
}

static int fetch(struct py_codes *codes, uint64_t address, struct py_code *code, struct py_function *function)
{
	uint8_t header[PY_CODE_HEADER_BYTES_MAX];
	struct py_identity again;
	int result;

	if (codes->offsets->code.size > sizeof(header))
		return -TY_ELIMIT;
	result = read_identity(codes, address, header, &code->identity);
	if (result == 0)
		result = check_type(codes, code->identity.words[0]);
	if (result == 0)
		result = read_code(codes, address, header, code, &function->bytecode);
	function->units = code->units;
	if (result == 0)
		result = read_function(codes, header, function);
	/* What was read belongs to one code object only if that object is still there. */
	if (result == 0)
		result = read_identity(codes, address, header, &again);
	if (result == 0 && memcmp(&again, &code->identity, sizeof(again)) != 0)
		result = -TY_ECORRUPT;
	return result;
}

/* The struct for an address: the one it has, or a new one. */
static struct py_code *slot_for(struct py_codes *codes, uint64_t address)
{
	uint64_t *slot = ty_map_get(&codes->by_address, address);
	struct py_code *code = slot ? (struct py_code *)(uintptr_t)*slot : calloc(1, sizeof(*code));

	if (code)
		clear_code(codes, code);
	if (!slot && code && !ty_map_put(&codes->by_address, address, (uintptr_t)code)) {
		free(code);
		return NULL;
	}
	return code;
}

int ty_codes_fetch(struct py_codes *codes, uint64_t address, struct py_code **out)
{
	struct py_function *function = address ? calloc(1, sizeof(*function)) : NULL;
	struct py_code *code = function ? slot_for(codes, address) : NULL;
	int result = !address ? -EFAULT : code ? fetch(codes, address, code, function) : -ENOMEM;

	*out = NULL;
	codes->fetched++;
	if (result == 0) {
		code->function = add_function(codes, ty_steal_ptr(function));
		result = code->function ? 0 : -ENOMEM;
	}
	free_function(function);
	if (result < 0) {
		if (code)
			clear_code(codes, code);
		return result;
	}
	code->confirmed_epoch = codes->epoch;
	code->bytecode = &codes->functions.items[code->function - 1]->bytecode;
	codes->functions.items[code->function - 1]->code = code;
	*out = code;
	return 0;
}

uint32_t ty_codes_artificial(struct py_codes *codes, const char *name)
{
	struct py_function *function = calloc(1, sizeof(*function));

	if (!function)
		return 0;
	function->name = function->qualname = ty_strtab_add(&codes->strings, name, strlen(name));
	function->filename = ty_strtab_add(&codes->strings, "~", 1);
	if (!function->name || !function->filename) {
		free_function(function);
		return 0;
	}
	return add_function(codes, function);
}

uint32_t ty_codes_unreadable(struct py_codes *codes)
{
	if (!codes->unreadable_function)
		codes->unreadable_function = ty_codes_artificial(codes, "<unreadable>");
	return codes->unreadable_function;
}

/* Sets *failed when memory is out. What is not there has no copy. */
static void *copy_bytes(const void *bytes, size_t size_bytes, bool *failed)
{
	void *copy = bytes ? malloc(size_bytes ? size_bytes : 1) : NULL;

	*failed |= bytes && !copy;
	return copy && size_bytes ? memcpy(copy, bytes, size_bytes) : copy;
}

static uint32_t import_string(struct py_codes *codes, const struct py_codes *from, uint32_t id)
{
	const char *string = ty_strtab_get(&from->strings, id);

	return ty_strtab_add(&codes->strings, string, strlen(string));
}

/* false: out of memory. */
static bool copy_function(struct py_codes *codes, const struct py_codes *from, const struct py_function *function,
                          struct py_function *copy)
{
	size_t units_bytes = function->bytecode.unit_count * sizeof(*function->bytecode.units);
	bool failed = false;

	copy->first_line = function->first_line;
	copy->units = function->units;
	copy->name = import_string(codes, from, function->name);
	copy->qualname = import_string(codes, from, function->qualname);
	copy->filename = import_string(codes, from, function->filename);
	copy->linetable_bytes = function->linetable_bytes;
	copy->linetable = copy_bytes(function->linetable, function->linetable_bytes, &failed);
	copy->bytecode = function->bytecode;
	copy->bytecode.units = copy_bytes(function->bytecode.units, units_bytes, &failed);
	return !failed && copy->name && copy->qualname && copy->filename;
}

uint32_t ty_codes_import(struct py_codes *codes, const struct py_codes *from, uint32_t id)
{
	const struct py_function *function = ty_codes_function(from, id);
	struct py_function *copy;

	if (!function || !has_room(codes, function->linetable_bytes + (size_t)function->units * UNIT_BYTES))
		return ty_codes_unreadable(codes);
	copy = calloc(1, sizeof(*copy));
	if (!copy)
		return 0;
	if (!copy_function(codes, from, function, copy)) {
		free_function(copy);
		return 0;
	}
	return add_function(codes, copy);
}

const struct py_function *ty_codes_function(const struct py_codes *codes, uint32_t id)
{
	return id && id <= codes->functions.count ? codes->functions.items[id - 1] : NULL;
}

void ty_codes_position(struct py_codes *codes, uint32_t id, size_t unit, struct ty_position *position)
{
	struct py_function *function = id && id <= codes->functions.count ? codes->functions.items[id - 1] : NULL;

	*position = (struct ty_position){ -1, -1, -1, -1 };
	if (!function || !function->linetable)
		return;
	/* Where memory is out it is decoded the next time. */
	if (!function->linetable_decoded)
		function->linetable_decoded =
		        ty_linetable_decode(function->linetable, function->linetable_bytes,
		                            (int32_t)function->first_line, &function->lines) != -ENOMEM;
	ty_linetable_lookup(&function->lines, unit, position);
}
