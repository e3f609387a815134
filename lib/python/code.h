/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_PYTHON_CODE_H
#define TY_PYTHON_CODE_H

/*
 * Code objects and functions of a target.
 *
 * A *code object* is an address: it is fetched once, with its bytecode, and may be destroyed while its address is used
 * again for another one. A *function* is what a code object says about itself: names, lines, the location table, the
 * instructions in their generic form. It has a dense id that stays valid as long as the target is attached, and code
 * objects of equal content share it, so that a program which compiles the same source again and again does not grow us.
 * Instructions count: nothing else tells eval("x + 1") from eval("x - 1"). Those that could not be told when the code
 * object was fetched (instrumentation that changed meanwhile) equal nothing, and are asked for again by
 * ty_codes_refresh().
 *
 * Whether a cached code object still is what it was is told by its identity: the words of its header that do not change
 * while it lives. From 3.12 on one of them is unique for every code object; before, the hash and length of its
 * qualified name stand in for it, because a fresh object may have every pointer in common with the one it replaced.
 */

#include "python/bytecode.h"
#include "python/linetable.h"
#include "python/offsets.h"
#include "python/opcode.h"
#include "python/version.h"
#include "target/memory.h"
#include "util/array.h"
#include "util/map.h"
#include "util/strtab.h"

/* Bounds on one code object: larger ones are given a placeholder. CPython's own compiler stays far below. */
#define PY_CODE_UNITS_MAX (8u << 20)
#define PY_LINETABLE_BYTES_MAX (64u << 20)

/* Bytecode and location tables of all code objects together: what does not fit is given a placeholder as well. */
#define PY_CODES_BYTES_MAX (512u << 20)

/* Length of the header and of the part of a str that identity looks at. */
#define PY_CODE_HEADER_BYTES_MAX 512
#define PY_NAME_HEADER_BYTES 32

struct py_identity {
	uint64_t words[12];
};

struct py_function {
	uint32_t id;
	uint32_t first_line;
	uint32_t name; /* ids in py_codes.strings */
	uint32_t qualname;
	uint32_t filename;
	uint32_t units;
	uint8_t *linetable;
	size_t linetable_bytes;
	bool linetable_decoded;
	bool internal; /* runs nothing of the program: frames that the interpreter makes for itself */
	struct ty_linetable lines;
	struct ty_bytecode bytecode; /* generic forms; outlives the code objects */
	struct py_code *code;        /* a code object that has it now; NULL when all are gone */
};

struct py_code {
	uint64_t address;
	uint64_t bytecode_address;
	uint32_t units;
	uint32_t frame_bytes; /* of the data stack that one of its frames takes */
	uint32_t nlocalsplus;
	uint32_t function; /* id; 0: what was here is gone, see ty_codes_cached() */
	struct py_identity identity;
	uint64_t qualname_address;
	uint64_t confirmed_epoch;  /* of py_codes, when it was last known to be this one */
	uint8_t *adaptive;         /* bytecode, 2 bytes a unit, as it was when fetched or refreshed */
	TY_ARRAY(uint64_t) copies; /* addresses of the threads' own bytecode, by index; 0: not known (copies.h) */
	const struct ty_bytecode *bytecode; /* of its function; an empty one when there is none */
};

struct py_codes {
	struct ty_memory *memory;
	const struct py_version *version;
	const struct py_offsets *offsets;
	const struct py_opcode *opcodes;
	struct ty_strtab strings;
	TY_ARRAY(struct py_function *) functions; /* by id - 1 */
	struct ty_map by_address;                 /* address -> struct py_code * */
	struct ty_map by_content;                 /* hash -> id of the first function with it */
	uint64_t code_type;                       /* address of PyCode_Type, once seen */
	uint64_t epoch;                           /* moves when code objects may have been destroyed */
	size_t bytes;                             /* of bytecode and location tables that are kept */
	uint32_t unreadable_function;             /* id of the placeholder, 0: not made yet */
	uint64_t fetched;                         /* counters */
	uint64_t checked;
	char *text; /* PY_STRING_BYTES_MAX of scratch */
};

int ty_codes_init(struct py_codes *codes, struct ty_memory *memory);
void ty_codes_free(struct py_codes *codes);

/* Sets (or after exec() changes) the runtime whose code objects are read. Functions stay, code objects are forgotten.
 */
void ty_codes_bind(struct py_codes *codes, const struct py_version *version, const struct py_offsets *offsets,
                   const struct py_opcode *opcodes);

/* The cached code object of an address, or NULL. It may be stale: see confirmed_epoch. */
static inline struct py_code *ty_codes_cached(const struct py_codes *codes, uint64_t address)
{
	uint64_t *slot = ty_map_get(&codes->by_address, address);
	struct py_code *code = slot ? (struct py_code *)(uintptr_t)*slot : NULL;

	return code && code->function ? code : NULL;
}

/*
 * Fetches a code object anew. A cached one is replaced in place: pointers to it stay valid as long as the runtime does.
 * 0, -TY_ECORRUPT, -TY_ELIMIT, -EFAULT, -ENOMEM, -ESRCH.
 */
int ty_codes_fetch(struct py_codes *codes, uint64_t address, struct py_code **code);

/* Identity out of a copy of the header; name_header is the start of the qualified name's str, NULL where not needed. */
void ty_codes_identity(const struct py_offsets *offsets, const uint8_t *header, const uint8_t *name_header,
                       struct py_identity *identity);

/* true when identity needs the header of the qualified name's str as well. */
static inline bool ty_codes_need_name(const struct py_offsets *offsets)
{
	return !py_has(offsets->code.version);
}

/*
 * Reads the bytecode again: instructions are specialized and instrumented while the program runs. 0, -TY_ESTALE when
 * another code object stands there (asked only where instructions were not known), or a negative errno.
 */
int ty_codes_refresh(struct py_codes *codes, struct py_code *code);

/* Id of the function "<unreadable>", or 0 when memory is out. */
uint32_t ty_codes_unreadable(struct py_codes *codes);

/* Id of an artificial function with that name and the file name "~", or 0 when memory is out. */
uint32_t ty_codes_artificial(struct py_codes *codes, const char *name);

/*
 * Copies a function that another target knows: the id it has here, the same for all of equal content. "<unreadable>"
 * for one that is not known, or for which there is no room. 0 when memory is out.
 */
uint32_t ty_codes_import(struct py_codes *codes, const struct py_codes *from, uint32_t id);

const struct py_function *ty_codes_function(const struct py_codes *codes, uint32_t id);

/* Position of a unit of a function. All -1 when it is not known. */
void ty_codes_position(struct py_codes *codes, uint32_t id, size_t unit, struct ty_position *position);

#endif
