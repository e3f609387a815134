/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TY_PYTHON_VERSION_H
#define TY_PYTHON_VERSION_H

/*
 * What differs from one CPython to the next. Nothing outside lib/python/versions/ knows a version number: code asks
 * this struct, or asks the offsets what a build has (py_has()).
 *
 * To add CPython 3.16:
 *  1. lib/python/versions/3_16.c: copy the newest one; list where its _Py_DebugOffsets keeps each member (the order of
 *     the members is the declaration in Include/internal/pycore_debug_offsets.h), and check every line of `derived`
 *     against Include/cpython/code.h and Include/internal/pycore_interpframe_structs.h;
 *  2. opcodes_3_16.c and printable_3_16.c beside it: opcodes.h there says how they are generated and what has to be
 *     looked through;
 *  3. versions.h and versions.c, meson.build, lib/README.md: a row each; <tachyon/opcode.h>: TY_PYTHON_3_16;
 *  4. monitoring.c and tasks.c beside it: what changed in Include/cpython/code.h's monitoring data, in
 *     Modules/_asynciomodule.c and in how an await is suspended;
 *  5. tests/support: interpreters.sh (where to get one), fake_python.c (fake_versions); a capture, by
 *     tests/data/captures/record.py; the lists of versions that `grep -r 3_15 tests` finds;
 *  6. run tests/run.sh: the live tests compare names, lines, columns and instructions with what the interpreter says of
 *     itself, the oracle shows whether the rules of evidence below still hold.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "python/offsets.h"

/* One member: at which byte of _Py_DebugOffsets its value stands, and where it goes in struct py_offsets. */
struct py_published_offset {
	uint16_t slot;
	uint16_t member;
};

/* A member that is not published: at a fixed distance from one that is, in every build of the version. */
struct py_derived_offset {
	uint16_t member;
	uint16_t from;
	int16_t distance_bytes;
};

#define PY_PUBLISHED(slot_, member_)                                                                                   \
	{                                                                                                              \
		.slot = (slot_), .member = offsetof(struct py_offsets, member_)                                        \
	}
#define PY_DERIVED(member_, from_, distance_)                                                                          \
	{                                                                                                              \
		.member = offsetof(struct py_offsets, member_), .from = offsetof(struct py_offsets, from_),            \
		.distance_bytes = (distance_)                                                                          \
	}

struct py_task_version;

/* How many collections of a generation are kept; see collections.h. 0: none. */
struct py_gc_slots {
	uint8_t young;
	uint8_t old;
};

/* Where instances keep the values of their attributes; see object.h. */
enum py_attributes { PY_ATTRIBUTES_POINTERS, PY_ATTRIBUTES_TAGGED, PY_ATTRIBUTES_INLINE };

struct py_version {
	uint32_t number; /* enum ty_python_version */

	/* Offsets: either `fixed`, or published in a table of table_bytes. */
	const struct py_offsets *fixed;
	size_t table_bytes;
	const struct py_published_offset *published;
	size_t published_count;
	const struct py_derived_offset *derived;
	size_t derived_count;
	/* PyInterpreterState's counter of code objects where it is not published, GIL builds; else PY_ABSENT. */
	uint32_t code_counter;
	/* Slots of frame.tlbc_index and code.tlbc, which only free-threaded builds have; 0: none. */
	uint16_t tlbc_index_slot;
	uint16_t tlbc_slot;
	/* Where a GIL has its holder, its lock and its counter, in builds that have one. */
	uint32_t gil_holder;
	uint32_t gil_locked;
	uint32_t gil_switches;
	uint32_t gil_waiters;
	/* Bits of thread.status: attached to the interpreter, and holding the GIL; 0: where that is an int of its own.
	 */
	uint32_t status_attached;
	uint32_t status_holds_gil;
	uint32_t unicode_kind_shift;
	uint32_t unicode_kind_shift_free_threaded;

	struct py_gc_slots gc_slots;
	struct py_gc_slots gc_slots_free_threaded;

	/* Attributes of instances: where, and what stands before the values; position of an int's number of digits. */
	enum py_attributes attributes;
	uint32_t values_header_bytes;
	uint32_t int_size_shift;

	/* What is handled is None, not NULL, once a first exception was handled. */
	bool handled_is_none;

	/* frame.instr_ptr is prev_instr: the code unit that was begun last, not the one that runs next. */
	bool points_to_previous;
	/* Frames are addressed by tagged references: low bits to clear in pointers, and the frame's reference to its
	   code is cleared when it is popped. */
	uint64_t reference_tag_mask;
	bool popped_code_is_cleared;
	/* Values of a generator's frame state: while it runs, and the lowest of those once it has ended. */
	int8_t generator_executing;
	int8_t generator_ended;
	/* Lowest value of frame.owner that is no Python frame but the interpreter's entry. 255: none. */
	uint8_t entry_owner;
	/* asyncio: python/tasks.h */
	const struct py_task_version *tasks;
};

/* Values of frame.owner, the same in all versions. */
enum py_frame_owner { PY_OWNER_THREAD = 0, PY_OWNER_GENERATOR = 1, PY_OWNER_FRAME_OBJECT = 2 };

/* The version of a PY_VERSION_HEX, or NULL when it is not known. */
const struct py_version *ty_version_find(uint32_t hexversion);

/* "3.14.0rc2" of a PY_VERSION_HEX. */
void ty_version_text(uint32_t hexversion, char *text, size_t size_bytes);

/* First and last version that is known, for messages. */
const char *ty_versions_known(void);

#endif
