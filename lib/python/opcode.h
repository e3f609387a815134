/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_PYTHON_OPCODE_H
#define TY_PYTHON_OPCODE_H

/*
 * The opcodes of one version of CPython as a table that the sampler can index with any byte of a target's bytecode.
 *
 * The tables are data, generated from the interpreters themselves (versions/generate_opcodes.py); what depends on the
 * version is decided there and never here. ty_decode_opcode() is the same knowledge in the form of the public ABI.
 */

#include <stdint.h>

#include <tachyon/opcode.h>

#define PY_OPCODE_COUNT 256

/*
 * Flags beside those of enum ty_opcode_flag, in the upper half. What a frame's instruction testifies about the frames
 * around it holds for every form of a base opcode alike, but for the container: because another thread may specialize
 * or de-specialize an instruction while this one is inside the call it made.
 */
enum py_opcode_flag {
	PY_OPCODE_PUSHES = 1 << 16,  /* a live frame may stand directly above it without leaving the interpreter loop */
	PY_OPCODE_RETURNS = 1 << 17, /* its frame is popped or detached by it, and may already be dead */
	PY_OPCODE_RAISES = 1 << 18,  /* raises by its nature: its frame may be about to be unwound */
	PY_OPCODE_HIDDEN = 1 << 19,  /* stands for another opcode that only the target knows */
	PY_OPCODE_FAMILY = 1 << 20,  /* belongs to the family that is named like its base */
	PY_OPCODE_EXTENDS = 1 << 21, /* carries the upper bits of the next instruction's argument */
	PY_OPCODE_RESUMES = 1 << 23, /* of those that push: the frame above is a generator's or coroutine's */
	PY_OPCODE_QUIET = 1 << 25,   /* never runs any other Python code, through C either */
	PY_OPCODE_ITERATES = 1 << 26,  /* what C code that runs generators is usually called by */
	PY_OPCODE_CREATES = 1 << 24,   /* turns its frame into a generator or coroutine */
	PY_OPCODE_CONTAINER = 1 << 27, /* of those that resume: this form was made for a list, a tuple or a range */
	PY_OPCODE_LINE = 1 << 22,      /* hidden, and kept with the lines of the monitoring data */
};

/* The part of the flags that the public ABI knows. */
#define PY_OPCODE_PUBLIC_FLAGS 0xffffu

struct py_opcode {
	const char *name; /* NULL: this version has no such opcode */
	uint32_t flags;   /* enum ty_opcode_flag and enum py_opcode_flag */
	uint8_t base;     /* number of its generic form; its own if it has none */
	uint8_t caches;   /* inline-cache code units that follow it; 0 where PY_OPCODE_HIDDEN */
	uint8_t argument; /* enum ty_opcode_argument */
	uint8_t text;     /* enum py_text of dialect.h */
};

/* Table of PY_OPCODE_COUNT opcodes, or NULL for a version (enum ty_python_version) that is not known. */
const struct py_opcode *ty_opcode_table(uint32_t version);

#endif
