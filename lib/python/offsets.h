/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_PYTHON_OFFSETS_H
#define TY_PYTHON_OFFSETS_H

/*
 * Where the members of CPython's structs are, in bytes, the same for every version. CPython 3.13 and newer publish a
 * table
 * (_Py_DebugOffsets at the start of _PyRuntime); for 3.11 and 3.12 the values are compiled in. Which members a build
 * has is asked here (py_has()), never by its version number.
 *
 * The values come from the target and are hostile: ty_offsets_validate() bounds every one of them once, after that the
 * reading code uses them as they are.
 */

#include <stdbool.h>
#include <stdint.h>

#define PY_ABSENT UINT32_MAX

static inline bool py_has(uint32_t offset)
{
	return offset != PY_ABSENT;
}

struct py_offsets {
	uint32_t free_threaded; /* 0 or 1 */

	struct {
		uint32_t interpreters_head;
		uint32_t gil; /* the GIL itself, 3.11 */
	} runtime;

	struct {
		uint32_t id;
		uint32_t next;
		uint32_t threads_head;
		uint32_t threads_main;
		/* A counter that moves whenever a code object is destroyed (3.14+) or created (3.12, 3.13). */
		uint32_t code_counter;
		uint32_t gil;     /* pointer to its GIL; 3.12+ */
		uint32_t gc;      /* state of its garbage collector */
		uint32_t modules; /* sys.modules */
	} interpreter;

	struct {
		uint32_t collecting;       /* int */
		uint32_t frame;            /* that it interrupts; 3.15 */
		uint32_t statistics;       /* pointer to what it did last; 3.15 */
		uint32_t statistics_bytes; /* size of that */
	} gc;

	struct {
		uint32_t holder;   /* the thread state that had it last */
		uint32_t locked;   /* int: 1 while it is held */
		uint32_t switches; /* unsigned long: how often another thread state took it than had it last */
		uint32_t waiters;  /* pthread_cond_t that threads wait on for it */
	} gil;

	struct {
		uint32_t next;
		uint32_t interpreter;
		uint32_t current_frame; /* pointer to the frame, or to a _PyCFrame when cframe_current is there */
		uint32_t base_frame;
		uint32_t thread_id;
		uint32_t native_thread_id;
		uint32_t datastack_chunk;
		uint32_t datastack_top;
		uint32_t status;            /* unsigned int of flags; 3.13+ */
		uint32_t holds_gil;         /* unsigned int of which holds_gil_mask says whether it holds the GIL, or is
		                               attached to a free-threaded interpreter; 3.13+ */
		uint32_t holds_gil_mask;    /* no offset */
		uint32_t state;             /* int: whether it may use its interpreter; 3.13+ */
		uint32_t gil_requested;     /* int; 3.15 */
		uint32_t executor;          /* pointer to the compiled trace that runs; 3.14+ */
		uint32_t current_exception; /* being raised */
		uint32_t exc_info;          /* pointer to the innermost item of what is being handled */
		uint32_t exc_state;         /* the outermost of these items */
	} thread;

	uint32_t cframe_current; /* _PyCFrame.current_frame, 3.11 and 3.12 */
	uint32_t cframe_tracing; /* _PyCFrame.use_tracing: uint8_t, 0 while the thread is not traced; 3.11 */

	struct {
		uint32_t size; /* bytes before localsplus */
		uint32_t executable;
		uint32_t previous;
		uint32_t function;
		uint32_t instr_ptr;
		uint32_t owner;
		uint32_t is_entry;     /* 3.11 */
		uint32_t stacktop;     /* int32 index from localsplus, -1 while executing; before 3.14 */
		uint32_t stackpointer; /* address; 3.14+ */
		uint32_t tlbc_index;   /* int32; free-threaded 3.14+ */
	} frame;

	struct {
		uint32_t size; /* bytes before the bytecode, which is code_adaptive */
		uint32_t type;
		uint32_t units; /* ob_size: bytecode length in code units */
		uint32_t consts;
		uint32_t names;
		uint32_t exceptiontable;
		uint32_t stacksize;
		uint32_t firstlineno;
		uint32_t nlocalsplus;
		uint32_t version; /* unique number of a code object; 3.12+ */
		uint32_t localsplusnames;
		uint32_t filename;
		uint32_t name;
		uint32_t qualname;
		uint32_t linetable;
		uint32_t executors;
		uint32_t monitoring;
		uint32_t tlbc;
		uint32_t adaptive; /* first code unit */
	} code;

	struct {
		uint32_t iframe;      /* of a generator, coroutine or async generator */
		uint32_t frame_state; /* int8 */
	} generator;

	struct {
		uint32_t length;
		uint32_t hash;
		uint32_t state;
		uint32_t kind_shift;   /* position of the 3 bits of kind in state; compact and ascii follow */
		uint32_t ascii_data;   /* size of PyASCIIObject */
		uint32_t compact_data; /* size of PyCompactUnicodeObject */
	} unicode;

	struct {
		uint32_t size;
		uint32_t data;
	} bytes;

	struct {
		uint32_t name;        /* tp_name */
		uint32_t cached_keys; /* ht_cached_keys, of types made in Python */
	} type;

	uint32_t object_type; /* ob_type */
};

struct ty_error_state;

/* Bounds every offset. 0 or -TY_EOFFSETS with the name of the one that is wrong. */
int ty_offsets_validate(const struct py_offsets *offsets, struct ty_error_state *error);

#endif
