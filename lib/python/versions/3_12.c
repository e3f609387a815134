/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CPython 3.12. No table of offsets: these are offsetof() of the headers of 3.12.1 (Include/internal/pycore_frame.h,
 * pycore_interp.h, pycore_runtime.h, Include/cpython/code.h, pystate.h) of a release build for x86-64; all members are
 * pointers, ints and size_t, so that aarch64, LP64 as well, lays them out alike.
 *
 * As in 3.11 the running frame is found through the _PyCFrame; new is the entry frame (owner CSTACK, 3) that every
 * interpreter loop puts below its first frame.
 */
#include "python/versions/versions.h"

static const struct py_offsets OFFSETS = {
	.free_threaded = 0,
	.runtime = { .interpreters_head = 40 },
	.interpreter = { .id = 8,
	                 .next = 0,
	                 .threads_head = 72,
	                 .threads_main = PY_ABSENT,
	                 .code_counter = 269816,
	                 .modules = 944 },
	.thread = { .next = 8,
	            .interpreter = 16,
	            .current_frame = 56,
	            .base_frame = PY_ABSENT,
	            .thread_id = 136,
	            .native_thread_id = 144,
	            .datastack_chunk = 232,
	            .datastack_top = 240 },
	.cframe_current = 0,
	.frame = { .size = 72,
	           .executable = 0,
	           .previous = 8,
	           .function = 16,
	           .instr_ptr = 56,
	           .owner = 70,
	           .is_entry = PY_ABSENT,
	           .stacktop = 64,
	           .stackpointer = PY_ABSENT,
	           .tlbc_index = PY_ABSENT },
	.code = { .size = 192,
	          .type = 8,
	          .units = 16,
	          .consts = 24,
	          .names = 32,
	          .exceptiontable = 40,
	          .stacksize = 64,
	          .firstlineno = 68,
	          .nlocalsplus = 72,
	          .version = 92,
	          .localsplusnames = 96,
	          .filename = 112,
	          .name = 120,
	          .qualname = 128,
	          .linetable = 136,
	          .executors = PY_ABSENT,
	          .monitoring = 168,
	          .tlbc = PY_ABSENT,
	          .adaptive = 192 },
	.generator = { .iframe = 72, .frame_state = 67 },
	.unicode = { .length = 16, .hash = 24, .state = 32, .kind_shift = 2, .ascii_data = 40, .compact_data = 56 },
	.bytes = { .size = 16, .data = 32 },
	.type = { .name = 24 },
	.object_type = 8,
};

const struct py_version ty_python_3_12 = {
	.number = TY_PYTHON_3_12,
	.fixed = &OFFSETS,
	.code_counter = PY_ABSENT,
	.points_to_previous = true,
	.reference_tag_mask = 0,
	.popped_code_is_cleared = false,
	.generator_executing = 0,
	.generator_ended = 1,
	.entry_owner = 3,
	.tasks = &ty_tasks_3_12,
};
